//! What is surveyed of each function. The name of a function is that of the symbol which keeps what is generated for it:
//! an array of pointers, so that every generated function is compiled by itself and with nothing known of its caller.

/// Functions with a module of their own, and the generated functions that are kept of each.
macro_rules! survey {
    ($generated:tt: $($(#[$attribute:meta])* fn $name:ident $parameters:tt -> $result:ty { $($body:tt)* })*) => { $(
        #[allow(dead_code)]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$attribute])*
            pub fn f $parameters -> $result { $($body)* }

            kept! { $name $generated }
        }
    )* };
}

/// The symbol of one function.
macro_rules! kept {
    ($name:ident [$($generated:ident)*]) => {
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals)]
        static $name: [core::sync::atomic::AtomicPtr<()>; [$(stringify!($generated)),*].len()] =
            [$(core::sync::atomic::AtomicPtr::new($generated as *mut ())),*];
    };
}

/// Functions that return a number.
macro_rules! gradients {
    ($($functions:tt)*) => { survey! { [f_grad f_value_and_grad]: $($functions)* } };
}

/// Functions that return a vector or a matrix.
macro_rules! jacobians {
    ($($functions:tt)*) => { survey! { [f_jacobian f_value_and_jacobian]: $($functions)* } };
}
