//! What generated functions return, part by part: `f_value_grad_hessian` returns the value, gradients and Hessians.

use super::Output;

/// A part of a result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// y
    Value,
    /// ∇y by each parameter.
    Gradient,
    /// ∂²y by each pair of parameters, row by row.
    Hessian,
    /// Σ_b ∂²y/∂a∂b v_b by each parameter.
    HessianProduct,
    /// dy for the changes d of the parameters.
    Pushforward,
    /// Jᵀ ȳ by each parameter.
    Pullback,
    /// J by each parameter.
    Jacobian,
    /// ½‖y‖²
    HalfSquare,
    /// Jᵀy by each parameter.
    NormalRight,
    /// JᵀJ by each pair of parameters, row by row.
    NormalMatrix,
}

/// How many results a part consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arity {
    /// One.
    Once,
    /// One for each differentiated parameter.
    PerParameter,
    /// One for each pair of them.
    PerPair,
}

impl Part {
    /// The order of the derivatives that it holds.
    pub fn order(self) -> usize {
        match self {
            Part::Value | Part::HalfSquare => 0,
            Part::Gradient
            | Part::Pushforward
            | Part::Pullback
            | Part::Jacobian
            | Part::NormalRight
            | Part::NormalMatrix => 1,
            Part::Hessian | Part::HessianProduct => 2,
        }
    }

    /// How many results it consists of.
    pub fn arity(self) -> Arity {
        match self {
            Part::Value | Part::Pushforward | Part::HalfSquare => Arity::Once,
            Part::Gradient | Part::HessianProduct | Part::Pullback | Part::Jacobian | Part::NormalRight => {
                Arity::PerParameter
            }
            Part::Hessian | Part::NormalMatrix => Arity::PerPair,
        }
    }

    /// How many results it consists of for so many differentiated parameters.
    pub fn count(self, parameters: usize) -> usize {
        match self.arity() {
            Arity::Once => 1,
            Arity::PerParameter => parameters,
            Arity::PerPair => parameters * parameters,
        }
    }
}

/// Parameters that a generated function has besides those of the user's function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Further {
    /// None.
    None,
    /// A direction for each differentiated parameter, with what its name begins with.
    Directions(&'static str),
    /// The cotangent of the result, `ybar`.
    Cotangent,
}

impl Output {
    /// The parameters that come after those of the user's function.
    pub fn further(self) -> Further {
        match self {
            Output::Hvp => Further::Directions("v"),
            Output::Jvp => Further::Directions("d"),
            Output::Vjp => Further::Cotangent,
            _ => Further::None,
        }
    }

    /// What the direction of a parameter is called.
    pub fn direction(self, parameter: &str) -> String {
        let parameter = parameter.trim_start_matches("r#");
        match self.further() {
            Further::Directions(prefix) => format!("{prefix}_{parameter}"),
            _ => format!("d_{parameter}"),
        }
    }

    /// What the generated function returns, in order.
    pub fn parts(self) -> &'static [Part] {
        use Part::*;
        match self {
            Output::Grad => &[Gradient],
            Output::ValueAndGrad => &[Value, Gradient],
            Output::Hessian => &[Hessian],
            Output::ValueGradHessian => &[Value, Gradient, Hessian],
            Output::Hvp => &[HessianProduct],
            Output::Jvp => &[Value, Pushforward],
            Output::Vjp => &[Value, Pullback],
            Output::Jacobian => &[Jacobian],
            Output::ValueAndJacobian => &[Value, Jacobian],
            Output::GaussNewton => &[HalfSquare, NormalRight, NormalMatrix],
        }
    }
}
