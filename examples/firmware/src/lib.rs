//! The functions of the firmware in one precision, and how each is called and checked.
#![no_std]

mod entries;
pub mod measured;

use functions::{losses, plan, references, sight};

pub use entries::{Entries, agrees};

/// The precision of this build.
#[cfg(not(feature = "f64"))]
pub type Real = f32;
/// The precision of this build.
#[cfg(feature = "f64")]
pub type Real = f64;

/// What an image does with each function.
pub trait Observer {
    /// Calls `function`, whose result should have the entries `wanted`.
    fn observe<R: Entries>(&mut self, name: &str, wanted: &[Real], function: impl FnOnce() -> R);
}

/// `wanted` in this precision. While compiling: on the target this would be arithmetic in double precision.
const fn rounded<const N: usize>(wanted: [f64; N]) -> [Real; N] {
    let (mut all, mut i) = ([0.0; N], 0);
    while i < N {
        all[i] = wanted[i] as Real;
        i += 1;
    }
    all
}

/// Of [`functions::quadratic`]: value and gradient.
pub static QUADRATIC: [Real; 4] = rounded(references::QUADRATIC);
/// Of [`functions::gaussian`]: value and gradients.
pub static GAUSSIAN: [Real; 13] = rounded(references::GAUSSIAN);
/// Of [`functions::logistic`]: value and gradient.
pub static LOGISTIC: [Real; 4] = rounded(references::LOGISTIC);
static FILTER: [Real; 20] = rounded(references::FILTER);
static ROLLOUT: [Real; 17] = rounded(references::ROLLOUT);

/// Shows all functions to `observer`.
pub fn run(observer: &mut impl Observer) {
    run_losses(observer);
    let (plan, sight) = (plan(), sight());
    observer.observe("filter", &FILTER, || measured::filter(&sight.belief, &sight.seen, &sight.model));
    observer.observe("rollout", &ROLLOUT, || measured::rollout(&plan.forces, &plan.start, plan.dt));
}

/// Shows the three losses to `observer`.
pub fn run_losses(observer: &mut impl Observer) {
    let on = losses();
    observer.observe("quadratic", &QUADRATIC, || measured::quadratic(&on.x, &on.a, &on.b));
    observer.observe("gaussian", &GAUSSIAN, || measured::gaussian(&on.x, &on.b, &on.covariance));
    observer.observe("logistic", &LOGISTIC, || measured::logistic(&on.b, &on.x, on.y));
}

/// Whether all results so far agree.
pub struct Verdict(pub bool);

impl Observer for Verdict {
    fn observe<R: Entries>(&mut self, _: &str, wanted: &[Real], function: impl FnOnce() -> R) {
        self.0 &= agrees(&function(), wanted);
    }
}
