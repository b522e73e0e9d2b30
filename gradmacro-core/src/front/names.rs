//! Literals and names.
//!
//! Decimal literals are exact rationals; what does not fit 128 bits is the `f64` that it denotes.
//!
//! Example: `0.1` is 1/10, `1e-300` a constant leaf, `5f64` is 5, `5` an integer, and `PI` that of core if a `use` of
//! the body or the path says so.

use quote::ToTokens;
use syn::{Expr as Source, Lit};

use super::closure::{Callee, Closure};
use super::hygiene::are_apart;
use super::reader::Reader;
use super::scope::Binding;
use super::types::{Scalar, mixture};
use super::value::Value;
use crate::diagnostics::source;
use crate::ir::node::NAMED;
use crate::ir::{Constant, Dim, Expr, Leaf, Ratio, Shape};

/// Associated constants of floats, and their values.
const LIMITS: &[(&str, f64, f32)] = &[
    ("EPSILON", f64::EPSILON, f32::EPSILON),
    ("MAX", f64::MAX, f32::MAX),
    ("MIN", f64::MIN, f32::MIN),
    ("MIN_POSITIVE", f64::MIN_POSITIVE, f32::MIN_POSITIVE),
    ("INFINITY", f64::INFINITY, f32::INFINITY),
    ("NEG_INFINITY", f64::NEG_INFINITY, f32::NEG_INFINITY),
];

impl<'g> Reader<'g> {
    pub(super) fn read_literal(&self, literal: &syn::ExprLit) -> Value<'g> {
        let value = match &literal.lit {
            Lit::Float(number) => Some(self.float_literal(number.base10_digits(), number.suffix(), literal)),
            Lit::Int(number) if matches!(number.suffix(), "f64" | "f32") => {
                Some(self.float_literal(number.base10_digits(), number.suffix(), literal))
            }
            Lit::Bool(truth) => Some(Value::Truth(self.certain(truth.value))),
            Lit::Int(number) => number.base10_parse().ok().map(|n| Value::Integer(self.graph.index(n))),
            _ => None,
        };
        value.unwrap_or_else(|| {
            let expr = Source::Lit(literal.clone());
            if self.trial { self.refuse(&expr) } else { self.keep(&expr, None) }
        })
    }

    fn float_literal(&self, digits: &str, suffix: &str, literal: &syn::ExprLit) -> Value<'g> {
        match self.is_of_other_precision(suffix) {
            true => self.refuse_precision(literal, suffix, self.as_ours(source(literal).replace(suffix, ""))),
            // What an `f32` rounds to is not what a type parameter would.
            false if self.trial && suffix == "f32" && self.signature.scalar.is_parameter() => {
                self.refuse(&Source::Lit(literal.clone()))
            }
            false => self.decimal(digits),
        }
    }

    /// How a float is written in this function, for a message.
    fn as_ours(&self, float: String) -> String {
        match self.signature.scalar {
            Scalar::Parameter(name) => format!("nalgebra::convert::<f64, {name}>({float})"),
            _ => float,
        }
    }

    /// Is it the name of the float type that the function does not compute with? What a trial reads may be cast.
    fn is_of_other_precision(&self, float: &str) -> bool {
        !self.trial && self.is_other_float(float)
    }

    fn is_other_float(&self, name: &str) -> bool {
        match name {
            "f64" => !self.signature.scalar.takes(Scalar::F64),
            "f32" => !self.signature.scalar.takes(Scalar::F32),
            _ => false,
        }
    }

    /// Reports a float of the other type than that of the function.
    pub(super) fn refuse_precision(&self, at: &dyn ToTokens, found: &str, instead: String) -> Value<'g> {
        let scalar = self.signature.scalar;
        let other = if found == "f32" { Scalar::F32 } else { Scalar::F64 };
        let message = mixture(other, scalar);
        self.definite_error(at, message)
            .note(format!("`{}` is `{found}`, the function computes with `{}`", source(at), scalar.name()))
            .help(format!("write `{instead}`"));
        Value::Poison
    }

    fn decimal(&self, digits: &str) -> Value<'g> {
        let exact = Ratio::parse(digits).map(|k| self.graph.number(k));
        Value::Scalar(exact.unwrap_or_else(|| self.float(digits.parse().unwrap_or(f64::NAN))))
    }

    /// A number that is no rational of 128 bits.
    pub fn float(&self, value: f64) -> Expr<'g> {
        self.graph.leaf(Leaf::Constant(Constant::Float(value.to_bits())), Shape::SCALAR)
    }

    pub(super) fn read_path(&self, path: &syn::ExprPath) -> Value<'g> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none());
        let scope = self.scope();
        let binding = name.and_then(|name| scope.find(&name.to_string()));
        if let Some(binding) = binding.filter(|binding| !self.is_ruled(binding)) {
            return self.read_binding(binding, path);
        }
        self.read_constant(&path.path).unwrap_or_else(|| self.read_unbound(path))
    }

    fn read_binding(&self, binding: &Binding<'g>, path: &syn::ExprPath) -> Value<'g> {
        let expr = || Source::Path(path.clone());
        match &binding.value {
            _ if self.is_of_other_context(binding, path) => {
                self.error(path, format!("`{}` names two different variables here", binding.name))
                    .note("one of them comes out of a `macro_rules` macro")
                    .help("rename one of the two");
                Value::Poison
            }
            Some(value) if self.is_of_other_lift(binding, value) => {
                self.error(path, format!("`{}` is an entry in an outer closure", binding.name))
                    .note("a closure over entries inside another one cannot be read")
                    .help("write one of the two as a sum over `(0..n)`");
                Value::Poison
            }
            Some(value) => value.clone(),
            None if self.trial => self.refuse(&expr()),
            None => self.keep(&expr(), None),
        }
    }

    /// Is the name spelled like the binding, but another variable? Items are not hygienic.
    fn is_of_other_context(&self, binding: &Binding<'g>, path: &syn::ExprPath) -> bool {
        let name = path.path.get_ident();
        !binding.item && name.is_some_and(|name| are_apart(&binding.name, name))
    }

    /// Does a value that stands for all entries at once belong to another closure than the one being read?
    fn is_of_other_lift(&self, binding: &Binding<'g>, value: &Value<'g>) -> bool {
        binding.lift != 0 && binding.lift != self.state.lift.get() && value.is_lifted()
    }

    /// A constant of core: `PI`, `f64::EPSILON`.
    fn read_constant(&self, path: &syn::Path) -> Option<Value<'g>> {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (name, front) = segments.split_last()?;
        if let Some(float) = front.iter().find(|float| self.is_of_other_precision(float)) {
            let scalar =
                if self.signature.scalar.is_parameter() { "f64" } else { self.signature.scalar.name() };
            let known = NAMED.iter().any(|(known, _)| known == name)
                || LIMITS.iter().any(|(known, ..)| known == name);
            let instead = || self.as_ours(source(path).replace(float.as_str(), scalar));
            return known.then(|| self.refuse_precision(path, float, instead()));
        }
        match front.last()?.as_str() {
            // f64's π is not f32's: the attempt fails, and the expression around it is kept.
            "consts" if front.iter().any(|float| self.is_other_float(float)) => None,
            "consts" => self.named_constant(name),
            float @ ("f64" | "f32") => self.limit(name, float),
            _ => None,
        }
    }

    /// A constant of `core::f64::consts`.
    pub(super) fn named_constant(&self, name: &str) -> Option<Value<'g>> {
        let (name, _) = NAMED.iter().find(|(known, _)| *known == name)?;
        Some(Value::Scalar(self.graph.leaf(Leaf::Constant(Constant::Named(name)), Shape::SCALAR)))
    }

    fn limit(&self, name: &str, float: &str) -> Option<Value<'g>> {
        let (_, double, single) = LIMITS.iter().find(|(known, ..)| *known == name)?;
        let value = if float == "f32" { f64::from(*single) } else { *double };
        Some(Value::Scalar(self.float(value)))
    }

    /// A name that the body does not bind: a const parameter, a function, or something that is kept.
    fn read_unbound(&self, path: &syn::ExprPath) -> Value<'g> {
        if let Some(parameter) = self.const_parameter(&path.path) {
            return Value::Integer(self.graph.index_extent(parameter));
        }
        if is_function_like(path) || self.rule_of(&path.path).is_some() {
            let callee = Callee::Path(path.path.clone());
            return Value::Closure(std::rc::Rc::new(Closure { callee, name: None }));
        }
        let expr = Source::Path(path.clone());
        if self.trial { self.refuse(&expr) } else { self.keep(&expr, None) }
    }

    fn const_parameter(&self, path: &syn::Path) -> Option<Dim> {
        let name = path.get_ident()?;
        let known = self.signature.const_parameters.iter().any(|parameter| parameter == name);
        known.then(|| Dim::Parameter(crate::ir::shape::intern(&name.to_string())))
    }
}

impl Value<'_> {
    /// Does it stand for all entries of a matrix at once?
    pub(super) fn is_lifted(&self) -> bool {
        match self {
            Value::Scalar(x) => !x.is_scalar(),
            Value::Tuple(entries) | Value::Array(entries) => entries.iter().any(Value::is_lifted),
            _ => false,
        }
    }
}

/// Is it a path in lower case with a type or module before it, such as `f64::sin`?
fn is_function_like(path: &syn::ExprPath) -> bool {
    let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    path.path.segments.len() > 1 && last.starts_with(|c: char| c.is_lowercase())
}
