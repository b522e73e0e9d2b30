//! What a kept expression says about its own type, before its uses are looked at.
//!
//! Example: with `y: &[f64]` both `Vector3::new(y[0], y[1], y[2])` and `if robust { 1.0 } else { y[0].sqrt() }` are kept
//! as they are; the first is 3×1, the second a float.

use super::call::PathCall;
use super::constructors;
use super::geometry;
use super::kept::KeptType;
use super::macros;
use super::methods;
use super::reader::Reader;
use super::text;

impl<'g> Reader<'g> {
    /// The type of an inactive expression, as far as it follows from the expression itself.
    pub(super) fn stated_type(&self, expr: &syn::Expr) -> Option<KeptType> {
        match text::peel(expr) {
            syn::Expr::Cast(cast) => self.kept_as(&self.type_of(&cast.ty)?),
            syn::Expr::MethodCall(call) => self.stated_by_method(call),
            syn::Expr::Call(call) => self.stated_by_constructor(call),
            syn::Expr::Macro(call) => macros::stated_shape(&call.mac).map(KeptType::Matrix),
            syn::Expr::If(choice) => self.stated_by_block(&choice.then_branch),
            syn::Expr::Match(choice) => choice.arms.iter().find_map(|arm| self.stated_by_value(&arm.body)),
            syn::Expr::Unary(negation) => self.stated_by_value(&negation.expr),
            syn::Expr::Binary(binary) => self.stated_by_operator(binary),
            syn::Expr::Path(_) | syn::Expr::Index(_) => self.parameter_type(expr),
            syn::Expr::Field(_) => self.parameter_type(expr).or_else(|| {
                let ty = self.request.types.get(&crate::diagnostics::source(text::peel(expr)))?;
                self.kept_as(&self.type_of(ty)?)
            }),
            _ => None,
        }
    }

    fn stated_by_constructor(&self, call: &syn::ExprCall) -> Option<KeptType> {
        let call = self.as_path_call(call)?;
        let number = constructors::is_number(&call).then_some(KeptType::Scalar);
        let shape = || constructors::stated_shape(&call).map(KeptType::Matrix);
        number.or_else(|| geometry::stated(&call)).or_else(shape)
    }

    /// The call of a path, its arguments unread.
    fn as_path_call<'a>(&'a self, call: &'a syn::ExprCall) -> Option<PathCall<'a, 'g>> {
        let syn::Expr::Path(path) = text::peel(&call.func) else { return None };
        Some(PathCall { reader: self, expr: call, path: &path.path, arguments: Vec::new(), expected: None })
    }

    fn stated_by_method(&self, call: &syn::ExprMethodCall) -> Option<KeptType> {
        let name = call.method.to_string();
        if name == "len" {
            return Some(KeptType::Integer);
        }
        if let (syn::Expr::Call(call), "unwrap" | "expect") = (text::peel(&call.receiver), name.as_str()) {
            let number = self.as_path_call(call).is_some_and(|call| constructors::is_optional_number(&call));
            return number.then_some(KeptType::Scalar);
        }
        let of_scalars = methods::is_function_of_scalars(&name, call.args.len() + 1);
        self.stated_by_value(&call.receiver).filter(|ty| of_scalars && *ty == KeptType::Scalar)
    }

    fn stated_by_operator(&self, binary: &syn::ExprBinary) -> Option<KeptType> {
        use syn::BinOp::{Add, Div, Mul, Sub};
        let sides = (self.stated_by_value(&binary.left)?, self.stated_by_value(&binary.right)?);
        match (sides, &binary.op) {
            ((KeptType::Scalar, KeptType::Scalar), Add(_) | Sub(_) | Mul(_) | Div(_)) => {
                Some(KeptType::Scalar)
            }
            ((KeptType::Integer, KeptType::Integer), Add(_) | Sub(_) | Mul(_)) => Some(KeptType::Integer),
            ((KeptType::Matrix(a), KeptType::Matrix(b)), Add(_) | Sub(_)) => a.agree(b).map(KeptType::Matrix),
            ((KeptType::Matrix(a), KeptType::Scalar), Mul(_) | Div(_)) => Some(KeptType::Matrix(a)),
            ((KeptType::Scalar, KeptType::Matrix(b)), Mul(_)) => Some(KeptType::Matrix(b)),
            _ => None,
        }
    }

    fn stated_by_block(&self, block: &syn::Block) -> Option<KeptType> {
        match &block.stmts[..] {
            [syn::Stmt::Expr(end, None)] => self.stated_by_value(end),
            _ => None,
        }
    }

    /// What a part is that may be understood, though the whole is not.
    fn stated_by_value(&self, expr: &syn::Expr) -> Option<KeptType> {
        let trial = |reader: &Reader<'g>| KeptType::of_value(&reader.as_trial().read(expr));
        let demands = self.demands_so_far();
        let ty = self.attempt(trial);
        self.restore_demands(demands);
        ty.or_else(|| self.stated_type(expr))
    }
}
