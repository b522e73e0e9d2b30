//! Mistakes in modules, and in functions that functions call.

use gradmacro::derive_grad;

#[derive_grad]
mod recursive {
    use super::derive_grad;

    #[derive_grad]
    pub fn f(x: f64) -> f64 {
        halved(x)
    }

    fn halved(x: f64) -> f64 {
        if x < 1.0 { x } else { halved(0.5 * x) }
    }
}

#[derive_grad(hessian)]
mod shared {
    use super::derive_grad;

    #[derive_grad]
    pub fn f(x: f64) -> f64 {
        x * x
    }
}

#[derive_grad]
mod nothing {
    pub fn f(x: f64) -> f64 {
        x
    }
}

fn main() {
    let _ = (recursive::f_grad(1.0), shared::f_grad(1.0), nothing::f(1.0));
}
