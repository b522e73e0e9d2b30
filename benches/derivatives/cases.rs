//! What one case expands to: the annotated function, its data, and a row for each derivative.

use nalgebra::{SMatrix, SVector};

/// Numbers between -1 and 1 that are the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn number(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub(crate) fn matrix<const R: usize, const C: usize>(&mut self) -> SMatrix<f64, R, C> {
        SMatrix::from_fn(|_, _| self.number())
    }

    pub(crate) fn definite<const N: usize>(&mut self) -> SMatrix<f64, N, N> {
        let root = self.matrix::<N, N>();
        root * root.transpose() + SMatrix::<f64, N, N>::identity() * 1.5
    }

    pub(crate) fn signs<const N: usize>(&mut self) -> SVector<f64, N> {
        SVector::from_fn(|_, _| self.number().signum())
    }
}

/// Central differences of a gradient, one column for each variable.
pub(crate) fn differences<const R: usize, const C: usize, const V: usize>(
    x: &SMatrix<f64, R, C>,
    gradient: impl Fn(&SMatrix<f64, R, C>) -> SMatrix<f64, R, C>,
) -> SMatrix<f64, V, V> {
    let mut hessian = SMatrix::<f64, V, V>::zeros();
    let mut at = *x;
    for (j, mut column) in hessian.column_iter_mut().enumerate() {
        let step = 6e-6 * x[j].abs().max(1.0);
        at[j] = x[j] + step;
        let above = gradient(&at);
        at[j] = x[j] - step;
        let below = gradient(&at);
        at[j] = x[j];
        column.copy_from_slice(((above - below) * (0.5 / step)).as_slice());
    }
    hessian
}

/// A difference of gradients along a direction.
pub(crate) fn difference_along<const R: usize, const C: usize>(
    x: &SMatrix<f64, R, C>,
    v: &SMatrix<f64, R, C>,
    gradient: impl Fn(&SMatrix<f64, R, C>) -> SMatrix<f64, R, C>,
) -> SMatrix<f64, R, C> {
    let step = v * 6e-6;
    (gradient(&(x + step)) - gradient(&(x - step))) * (0.5 / 6e-6)
}

/// Central differences of a function with many results.
pub(crate) fn vector_differences<const M: usize, const V: usize>(
    x: &SVector<f64, V>,
    function: impl Fn(&SVector<f64, V>) -> SVector<f64, M>,
) -> SMatrix<f64, M, V> {
    let mut jacobian = SMatrix::<f64, M, V>::zeros();
    let mut at = *x;
    for (j, mut column) in jacobian.column_iter_mut().enumerate() {
        let step = 6e-6 * x[j].abs().max(1.0);
        at[j] = x[j] + step;
        let above = function(&at);
        at[j] = x[j] - step;
        let below = function(&at);
        at[j] = x[j];
        column.copy_from(&((above - below) * (0.5 / step)));
    }
    jacobian
}

/// A scalar function of `x`, whose variables num-dual gets as one vector: Hessian, all three, Hessian times a vector.
macro_rules! hessians {
    ($report:ident, $name:literal [$n:literal] ($($option:tt)*), num-dual: $dual:path,
     ($x:ident, $v:ident: $X:ty = $at:expr $(, $p:ident: $P:ty = $data:expr)*) $body:block
     $(, $derivative:ident by hand: $hand:expr)*) => {
        if $report.wants($name) {
            #[derive_grad(hessian, hvp $($option)*)]
            fn f($x: &$X $(, $p: &$P)*) -> f64 $body

            let random = &mut Random::new();
            let $x: $X = $at(random);
            $(let $p: $P = $data(random);)*
            let $v: $X = Random::matrix(random);
            let flat = SVector::<f64, $n>::from_column_slice($x.as_slice());
            let along = flat.zip_map(&SVector::from_column_slice($v.as_slice()), Dual64::new);
            #[allow(unused_mut)]
            let mut by_hand: Vec<(&str, Subject<'_>)> = vec![$((stringify!($derivative), Subject::new(|| $hand))),*];
            let mut hand = |name: &str| {
                let found = by_hand.iter().position(|(of, _)| *of == name)?;
                Some((Rival::Hand, by_hand.remove(found).1))
            };

            let dual = || hessian(|x| $dual(&x $(, black_box(&$p))*), black_box(&flat));
            let gradient = |x: &$X| f_grad(x $(, black_box(&$p))*);
            $report.compare($name, $n, "hessian",
                Subject::new(|| f_hessian(black_box(&$x) $(, black_box(&$p))*)),
                [
                    Some((Rival::NumDual, Subject::new(|| dual().2))),
                    Some((Rival::Differences,
                        Subject::new(|| differences::<_, _, $n>(black_box(&$x), gradient)))),
                    hand("hessian"),
                ].into_iter().flatten().collect());
            $report.compare($name, $n, "value_grad_hessian",
                Subject::new(|| f_value_grad_hessian(black_box(&$x) $(, black_box(&$p))*)),
                [Some((Rival::NumDual, Subject::new(dual))), hand("value_grad_hessian")]
                    .into_iter().flatten().collect());
            $report.compare($name, $n, "hvp",
                Subject::new(|| f_hvp(black_box(&$x) $(, black_box(&$p))*, black_box(&$v))),
                [
                    Some((Rival::NumDual, Subject::new(|| {
                        gradient_of(|x| $dual(&x $(, black_box(&$p))*), black_box(&along)).1.map(|d| d.eps)
                    }))),
                    Some((Rival::Differences,
                        Subject::new(|| difference_along(black_box(&$x), black_box(&$v), gradient)))),
                    hand("hvp"),
                ].into_iter().flatten().collect());
        }
    };
}

/// A function with `m` results of one vector: Jacobian, value and Jacobian, `gauss_newton`.
macro_rules! jacobians {
    ($report:ident, $name:literal [$m:literal x $n:literal] ($($option:tt)*), num-dual: $dual:path,
     ($x:ident: $X:ty = $at:expr $(, $p:ident: $P:ty = $data:expr)*) $body:block
     $(, $derivative:ident by hand: $hand:expr)*) => {
        if $report.wants($name) {
            #[derive_grad(gauss_newton $($option)*)]
            fn f($x: &$X $(, $p: &$P)*) -> SVector<f64, $m> $body

            let random = &mut Random::new();
            let $x: $X = $at(random);
            $(let $p: $P = $data(random);)*
            #[allow(unused_mut)]
            let mut by_hand: Vec<(&str, Subject<'_>)> = vec![$((stringify!($derivative), Subject::new(|| $hand))),*];
            let mut hand = |name: &str| {
                let found = by_hand.iter().position(|(of, _)| *of == name)?;
                Some((Rival::Hand, by_hand.remove(found).1))
            };

            let dual = || jacobian(|x| $dual(&x $(, black_box(&$p))*), black_box(&$x));
            $report.compare($name, $n, "jacobian",
                Subject::new(|| f_jacobian(black_box(&$x) $(, black_box(&$p))*)),
                [
                    Some((Rival::NumDual, Subject::new(|| dual().1))),
                    Some((Rival::Differences, Subject::new(|| {
                        vector_differences(black_box(&$x), |x| f(x $(, black_box(&$p))*))
                    }))),
                    hand("jacobian"),
                ].into_iter().flatten().collect());
            $report.compare($name, $n, "value_and_jacobian",
                Subject::new(|| f_value_and_jacobian(black_box(&$x) $(, black_box(&$p))*)),
                vec![(Rival::NumDual, Subject::new(dual))]);
            $report.compare($name, $n, "gauss_newton",
                Subject::new(|| f_gauss_newton(black_box(&$x) $(, black_box(&$p))*)),
                [
                    Some((Rival::NumDual, Subject::new(|| {
                        let (r, j) = dual();
                        (r.norm_squared() * 0.5, j.tr_mul(&r), j.tr_mul(&j))
                    }))),
                    hand("gauss_newton"),
                ].into_iter().flatten().collect());
        }
    };
}
