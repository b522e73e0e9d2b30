//! A generated gradient against central differences, for a user's own tests.

use core::{error, fmt};

/// Checks a gradient at `x` against central differences of the function.
///
/// `x` is a number, an array, any nalgebra vector or matrix of numbers (of any nalgebra version), or a tuple of two to
/// four of these for a gradient with respect to several parameters; `grad` returns the same type. Numbers are `f64` or
/// `f32`.
///
/// Each entry xᵢ is moved by ∛ε·max(1, |xᵢ|) to either side, so the error of a difference is about 1e-10 times the size of
/// the function and of its third derivative in `f64`, 1e-4 times in `f32`. A `tol` of 1e-6 (1e-2) suits functions of
/// ordinary size.
///
/// # Errors
/// The first entry, in column-major order, where gradient and difference are further apart than
/// `tol * max(1, |difference|)`, or where one of them is NaN. At a kink (|x| at 0, a tie of a maximum) the differences
/// mean nothing; choose another point.
///
/// # Examples
/// ```rust
/// use nalgebra::{Matrix2, Vector2};
///
/// let a = Matrix2::new(2.0, 1.0, 0.0, 3.0);
/// let x = Vector2::new(0.3, -1.2);
/// let f = |x: &Vector2<f64>| x.dot(&(a * x));
///
/// gradmacro::check_gradient(f, |x| (a + a.transpose()) * x, &x, 1e-6)?;
///
/// let wrong = gradmacro::check_gradient(f, |x| 2.0 * a * x, &x, 1e-6).unwrap_err();
/// assert_eq!(wrong.entry, 0);
/// # Ok::<(), gradmacro::GradientMismatch>(())
/// ```
///
/// Several parameters, as `wrt(w, b)` generates them:
/// ```rust
/// use nalgebra::Vector2;
///
/// let point = (Vector2::new(1.0, 2.0), 0.5);
/// let f = |(w, b): &(Vector2<f64>, f64)| w.norm_squared() * b;
/// gradmacro::check_gradient(f, |(w, b)| (w * (2.0 * b), w.norm_squared()), &point, 1e-6)?;
/// # Ok::<(), gradmacro::GradientMismatch>(())
/// ```
pub fn check_gradient<X, Y, Kind>(
    f: impl Fn(&X) -> Y,
    grad: impl Fn(&X) -> X,
    x: &X,
    tol: f64,
) -> Result<(), GradientMismatch>
where
    X: Clone + Entries<Kind>,
    Y: Into<f64>,
{
    let mut gradient = grad(x);
    for entry in 0..x.clone().count().max(gradient.count()) {
        let got = gradient.entry(entry).map_or(f64::NAN, |entry| entry.read());
        let want = central_difference(&f, x, entry);
        let close = (got - want).abs() <= tol * want.abs().max(1.0);
        if !close {
            return Err(GradientMismatch { entry, gradient: got, difference: want });
        }
    }
    Ok(())
}

/// The slope of `f` along one entry of `x`; NaN where `x` has no such entry.
fn central_difference<X, Y, Kind>(f: &impl Fn(&X) -> Y, x: &X, index: usize) -> f64
where
    X: Clone + Entries<Kind>,
    Y: Into<f64>,
{
    let (above, below) = (moved(x, index, 1.0), moved(x, index, -1.0));
    match (above, below) {
        (Some((above, high)), Some((below, low))) => (f(&above).into() - f(&below).into()) / (high - low),
        _ => f64::NAN,
    }
}

/// `x` with one entry a step aside, and that entry as it was rounded.
fn moved<X: Clone + Entries<Kind>, Kind>(x: &X, index: usize, direction: f64) -> Option<(X, f64)> {
    let mut aside = x.clone();
    let entry = aside.entry(index)?;
    let here = entry.read();
    entry.write(here + direction * entry.relative_step() * here.abs().max(1.0));
    let there = entry.read();
    Some((aside, there))
}

/// An entry at which [`check_gradient`] found a gradient that is not the slope of its function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientMismatch {
    /// Which entry, counted from 0 in column-major order, and through a tuple from left to right.
    pub entry: usize,
    /// What the gradient says; NaN where it has no such entry.
    pub gradient: f64,
    /// What central differences say; NaN where `x` has no such entry.
    pub difference: f64,
}

impl fmt::Display for GradientMismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, gradient, difference } = self;
        write!(out, "entry {entry} of the gradient is {gradient}, central differences say {difference}")
    }
}

impl error::Error for GradientMismatch {}

/// What [`check_gradient`] can move one entry at a time. Implemented for all that it accepts; there is nothing to write.
///
/// `Kind` only tells the implementations apart: a number is not a collection, a collection is not a tuple.
pub trait Entries<Kind> {
    /// The entry at `index` in column-major order, if there is one.
    fn entry(&mut self, index: usize) -> Option<&mut dyn Number>;

    /// How many entries there are.
    fn count(&mut self) -> usize;
}

/// A floating-point number, read and written through `f64`.
pub trait Number {
    /// The number as `f64`.
    fn read(&self) -> f64;

    /// Sets the number, rounded to its own type.
    fn write(&mut self, value: f64);

    /// ∛ε of its own type: the step at which truncation and rounding of a central difference balance.
    fn relative_step(&self) -> f64;
}

impl Number for f64 {
    fn read(&self) -> f64 {
        *self
    }

    fn write(&mut self, value: f64) {
        *self = value;
    }

    fn relative_step(&self) -> f64 {
        6.0e-6
    }
}

impl Number for f32 {
    fn read(&self) -> f64 {
        f64::from(*self)
    }

    fn write(&mut self, value: f64) {
        *self = value as f32;
    }

    fn relative_step(&self) -> f64 {
        4.9e-3
    }
}

/// Names the implementation of [`Entries`] for single numbers.
pub enum Scalar {}

/// Names the implementation of [`Entries`] for arrays, vectors and matrices of `T`.
pub struct Collection<T>(core::marker::PhantomData<T>);

impl<T: Number> Entries<Scalar> for T {
    fn entry(&mut self, index: usize) -> Option<&mut dyn Number> {
        (index == 0).then_some(self)
    }

    fn count(&mut self) -> usize {
        1
    }
}

impl<T: Number + 'static, X> Entries<Collection<T>> for X
where
    for<'a> &'a mut X: IntoIterator<Item = &'a mut T>,
{
    fn entry(&mut self, index: usize) -> Option<&mut dyn Number> {
        self.into_iter().nth(index).map(|entry| entry as &mut dyn Number)
    }

    fn count(&mut self) -> usize {
        self.into_iter().count()
    }
}

/// A tuple is its head followed by the rest.
macro_rules! tuple_entries {
    ($($part:ident: $kind:ident),+) => {
        impl<$($part: Entries<$kind>, $kind),+> Entries<($($kind,)+)> for ($($part,)+) {
            fn entry(&mut self, index: usize) -> Option<&mut dyn Number> {
                #[expect(non_snake_case, reason = "the parts are named after their types")]
                let ($($part,)+) = self;
                let mut left = index;
                $(
                    let count = $part.count();
                    if left < count {
                        return $part.entry(left);
                    }
                    left -= count;
                )+
                let _ = left;
                None
            }

            fn count(&mut self) -> usize {
                #[expect(non_snake_case, reason = "the parts are named after their types")]
                let ($($part,)+) = self;
                0 $(+ $part.count())+
            }
        }
    };
}

tuple_entries!(A: KindA, B: KindB);
tuple_entries!(A: KindA, B: KindB, C: KindC);
tuple_entries!(A: KindA, B: KindB, C: KindC, D: KindD);

#[cfg(test)]
mod tests {
    use std::{string::ToString, vec, vec::Vec};

    use nalgebra::{Matrix2x3, RowVector2, Vector2, Vector3};

    use super::*;

    type Checked = Result<(), GradientMismatch>;

    #[test]
    fn accepts_numbers_arrays_vectors_and_matrices() -> Checked {
        check_gradient(|x: &f64| x.sin(), |x| x.cos(), &0.7, 1e-8)?;
        check_gradient(|[x, y]: &[f64; 2]| x * y * y, |[x, y]| [y * y, 2.0 * x * y], &[1.5, -2.0], 1e-8)?;
        check_gradient(|x: &Vec<f64>| x[0] * x[1], |x| vec![x[1], x[0]], &vec![3.0, 4.0], 1e-8)?;
        check_gradient(|x: &RowVector2<f64>| x.norm(), |x| x.normalize(), &RowVector2::new(3.0, 4.0), 1e-8)?;
        let m = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        check_gradient(|m: &Matrix2x3<f64>| m.norm_squared(), |m| m * 2.0, &m, 1e-8)
    }

    #[test]
    fn accepts_single_precision() -> Checked {
        let x = Vector3::new(0.3_f32, -1.0, 2.0);
        check_gradient(|x: &Vector3<f32>| x.norm_squared(), |x| x * 2.0, &x, 1e-2)
    }

    #[test]
    fn walks_through_tuples() -> Checked {
        let point = (Vector2::new(1.0, 2.0), 3.0, [4.0]);
        let f = |(x, s, [t]): &(Vector2<f64>, f64, [f64; 1])| x.norm_squared() * s * t;
        check_gradient(
            f,
            |(x, s, [t])| (x * (2.0 * s * t), x.norm_squared() * t, [x.norm_squared() * s]),
            &point,
            1e-8,
        )?;
        let wrong =
            check_gradient(f, |(x, s, [t])| (x * (2.0 * s * t), x.norm_squared() * t, [0.0]), &point, 1e-8);
        assert_eq!(wrong.unwrap_err().entry, 3);
        Ok(())
    }

    #[test]
    fn reports_the_entry_and_both_numbers() {
        let wrong =
            check_gradient(|x: &[f64; 2]| x[0] + 3.0 * x[1], |_| [1.0, 2.0], &[0.0, 0.0], 1e-6).unwrap_err();
        assert_eq!((wrong.entry, wrong.gradient), (1, 2.0));
        assert!((wrong.difference - 3.0).abs() < 1e-9);
        assert!(wrong.to_string().starts_with("entry 1 of the gradient is 2, central differences say "));
    }

    #[test]
    fn reports_nan_and_missing_entries() {
        assert!(check_gradient(|x: &f64| x * x, |_| f64::NAN, &1.0, 1e9).is_err());
        assert!(check_gradient(|_: &f64| f64::NAN, |_| 0.0, &1.0, 1e9).is_err());
        let short = check_gradient(|x: &Vec<f64>| x[1], |_| vec![0.0], &vec![1.0, 1.0], 1e-6).unwrap_err();
        assert!(short.entry == 1 && short.gradient.is_nan());
        let long = check_gradient(|x: &Vec<f64>| x[0], |_| vec![1.0, 1.0], &vec![1.0], 1e-6).unwrap_err();
        assert!(long.entry == 1 && long.difference.is_nan());
    }
}
