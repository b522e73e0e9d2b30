//! Numbers of a type parameter, which has no literals: `T::pi()`, `nalgebra::convert(0.5)`, `T::from_f64(0.5).unwrap()`.
//!
//! A number that is known here is the exact one: `nalgebra::convert(0.1)` is 1/10, whatever `T` will be.

use syn::{GenericArgument, PathArguments};

use crate::front::attempt::Attempt;
use crate::front::call::PathCall;
use crate::front::types::Type;
use crate::front::value::Value;
use crate::ir::Ratio;

/// Constants of `RealField`, and what core calls them.
const CONSTANTS: [(&str, &str); 15] = [
    ("pi", "PI"),
    ("two_pi", "TAU"),
    ("frac_pi_2", "FRAC_PI_2"),
    ("frac_pi_3", "FRAC_PI_3"),
    ("frac_pi_4", "FRAC_PI_4"),
    ("frac_pi_6", "FRAC_PI_6"),
    ("frac_pi_8", "FRAC_PI_8"),
    ("frac_1_pi", "FRAC_1_PI"),
    ("frac_2_pi", "FRAC_2_PI"),
    ("frac_2_sqrt_pi", "FRAC_2_SQRT_PI"),
    ("e", "E"),
    ("log2_e", "LOG2_E"),
    ("log10_e", "LOG10_E"),
    ("ln_2", "LN_2"),
    ("ln_10", "LN_10"),
];

/// Functions of numeric traits that answer with an `Option` of a number, given an integer.
const OF_INTEGERS: [&str; 12] = [
    "from_usize",
    "from_isize",
    "from_u8",
    "from_u16",
    "from_u32",
    "from_u64",
    "from_u128",
    "from_i8",
    "from_i16",
    "from_i32",
    "from_i64",
    "from_i128",
];

/// The number that a call makes, if it is known here.
pub(super) fn number<'g>(call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    let reader = call.reader;
    let name = call.name();
    match &call.arguments[..] {
        [] if is_of_scalar(call) => constant(call, &name),
        [] if is_of_crate(call) && makes_scalar(call, 0) => constant(call, &name),
        [value @ (Value::Scalar(_) | Value::Matrix(_))] if is_conversion(call) => Some(value.clone()),
        [Value::Scalar(x)] if is_of_scalar(call) => match name.as_str() {
            "from_subset" | "from_real" | "from_superset_unchecked" => Some(Value::Scalar(*x)),
            "from_f64" => Some(Attempt::certain(Value::Scalar(*x))),
            _ => None,
        },
        [Value::Integer(n)] if is_of_scalar(call) && OF_INTEGERS.contains(&name.as_str()) => {
            Some(Attempt::certain(Value::Scalar(reader.as_real(*n))))
        }
        _ => None,
    }
}

/// Does the call make a number of the function's type parameter, though it may not be known which?
pub(in crate::front) fn is_number(call: &PathCall<'_, '_>) -> bool {
    let name = call.name();
    let nullary = call.expr.args.is_empty() && !is_optional(&name);
    is_of_parameter(call) && (nullary || matches!(name.as_str(), "from" | "from_subset" | "from_real"))
        || is_conversion(call) && makes_scalar(call, 1)
}

/// Does it make an `Option` of one?
pub(in crate::front) fn is_optional_number(call: &PathCall<'_, '_>) -> bool {
    is_of_parameter(call) && is_optional(&call.name())
}

fn is_optional(name: &str) -> bool {
    matches!(name, "max_value" | "min_value" | "from_f64" | "from_f32") || OF_INTEGERS.contains(&name)
}

fn is_of_parameter(call: &PathCall<'_, '_>) -> bool {
    let scalar = call.reader.signature.scalar;
    scalar.is_parameter() && front(call).is_some_and(|front| front == scalar.name())
}

fn constant<'g>(call: &PathCall<'_, 'g>, name: &str) -> Option<Value<'g>> {
    match name {
        "zero" => Some(Value::Scalar(call.reader.graph.number(Ratio::ZERO))),
        "one" => Some(Value::Scalar(call.reader.graph.number(Ratio::ONE))),
        _ => {
            let (_, core) = CONSTANTS.iter().find(|(ours, _)| *ours == name)?;
            call.reader.named_constant(core)
        }
    }
}

/// `nalgebra::convert(..)` to the type parameter.
fn is_conversion(call: &PathCall<'_, '_>) -> bool {
    let parameter = call.reader.signature.scalar.is_parameter();
    let named = call.name() == "convert" && (call.path.segments.len() == 1 || is_of_crate(call));
    parameter && named && generic(call, 1).is_none_or(|ty| is_open(ty) || is_scalar(call, ty))
}

/// Is the generic argument at this place the function's scalar type?
fn makes_scalar(call: &PathCall<'_, '_>, place: usize) -> bool {
    let expected =
        || matches!(&call.expected, Some(Type::Scalar(scalar)) if *scalar == call.reader.signature.scalar);
    match generic(call, place) {
        Some(ty) if !is_open(ty) => is_scalar(call, ty),
        _ => expected(),
    }
}

fn is_open(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Infer(_))
}

fn is_scalar(call: &PathCall<'_, '_>, ty: &syn::Type) -> bool {
    call.reader.type_of(ty) == Some(Type::Scalar(call.reader.signature.scalar))
}

/// The generic argument of the function at this place, if it is a type.
fn generic<'a>(call: &PathCall<'a, '_>, place: usize) -> Option<&'a syn::Type> {
    match &call.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(list) => match list.args.iter().nth(place)? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// Is it a function of the scalar type, or of a trait that it has?
fn is_of_scalar(call: &PathCall<'_, '_>) -> bool {
    let traits = ["RealField", "ComplexField", "FromPrimitive", "SupersetOf", "Zero", "One"];
    front(call)
        .is_some_and(|front| front == call.reader.signature.scalar.name() || traits.contains(&front.as_str()))
}

fn is_of_crate(call: &PathCall<'_, '_>) -> bool {
    front(call).is_some_and(|front| matches!(front.as_str(), "nalgebra" | "na" | "num_traits" | "num"))
}

/// What stands before the last `::`.
fn front(call: &PathCall<'_, '_>) -> Option<String> {
    Some(call.path.segments.iter().rev().nth(1)?.ident.to_string())
}
