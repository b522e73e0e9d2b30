//! The products of the kernels on many shapes: against nalgebra's, which they replace in generated code, and against
//! the bound on rounding errors that the kernels state.

use gradmacro::kernels::{
    add_product, add_product_tr, add_tr_product, gram, inner, product, product_tr, tr_product,
};
use nalgebra::{RealField, SMatrix};

/// A number of the tests: what is exact for products of it in twice the precision.
trait Number: RealField + Copy {
    /// The unit roundoff.
    const UNIT: f64;
    fn rounded(v: f64) -> Self;
    fn wide(self) -> f64;
}

impl Number for f64 {
    const UNIT: f64 = f64::EPSILON / 2.0;
    fn rounded(v: f64) -> f64 {
        v
    }
    fn wide(self) -> f64 {
        self
    }
}

impl Number for f32 {
    const UNIT: f64 = f32::EPSILON as f64 / 2.0;
    fn rounded(v: f64) -> f32 {
        v as f32
    }
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

/// A sum with its rounding errors beside it, as exact as one of twice the precision.
/// (Ogita, Rump and Oishi, Accurate sum and dot product, 2005)
#[derive(Clone, Copy, Default)]
struct Careful {
    sum: f64,
    error: f64,
}

impl Careful {
    fn add(&mut self, v: f64) {
        let sum = self.sum + v;
        let part = sum - self.sum;
        self.error += (self.sum - (sum - part)) + (v - part);
        self.sum = sum;
    }

    fn add_product(&mut self, a: f64, b: f64) {
        let p = a * b;
        self.add(p);
        self.add(a.mul_add(b, -p));
    }

    /// |computed − exact|.
    fn distance(mut self, computed: f64) -> f64 {
        self.add(-computed);
        (self.sum + self.error).abs()
    }
}

/// A linear congruential generator (Knuth, MMIX), of which the upper bits are used.
struct Random(u64);

impl Random {
    /// Of either sign and of very different magnitudes, so that sums cancel.
    fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let unit = (self.0 >> 33) as f64 / (1_u64 << 30) as f64 - 1.0;
        unit * f64::powi(2.0, (self.0 >> 29) as i32 % 8)
    }

    fn matrix<T: Number, const R: usize, const C: usize>(&mut self) -> SMatrix<T, R, C> {
        SMatrix::from_fn(|_, _| T::rounded(self.number()))
    }
}

/// Checks |computed − (C + Σ aₖ bₖ)| ≤ γₙ (|C| + Σ |aₖ| |bₖ|) for n roundings.
#[track_caller]
fn within_bound<T: Number>(computed: T, start: T, terms: impl Iterator<Item = (T, T)>, roundings: usize) {
    let (mut exact, mut size) = (Careful::default(), start.wide().abs());
    exact.add(start.wide());
    for (a, b) in terms {
        exact.add_product(a.wide(), b.wide());
        size += (a.wide() * b.wide()).abs();
    }
    let n = roundings as f64 * T::UNIT;
    let error = exact.distance(computed.wide());
    assert!(
        error <= n / (1.0 - n) * size * (1.0 + 1e-6),
        "{error:e} of {size:e} after {roundings} roundings"
    );
}

/// Every product of an M×K and a K×N matrix.
fn check_products<T: Number, const M: usize, const K: usize, const N: usize>() {
    let random = &mut Random((M * 10_000 + K * 100 + N) as u64);
    let (a, b, c) = (random.matrix::<T, M, K>(), random.matrix::<T, K, N>(), random.matrix::<T, M, N>());
    let (at, bt) = (a.transpose(), b.transpose());
    let fresh = [
        product(&a.data.0, &b.data.0, T::mul_add),
        tr_product(&at.data.0, &b.data.0, T::mul_add),
        product_tr(&a.data.0, &bt.data.0, T::mul_add),
    ];
    let mut sums = [c.data.0; 3];
    add_product(&mut sums[0], &a.data.0, &b.data.0, T::mul_add);
    add_tr_product(&mut sums[1], &at.data.0, &b.data.0, T::mul_add);
    add_product_tr(&mut sums[2], &a.data.0, &bt.data.0, T::mul_add);
    for (i, j) in (0..M).flat_map(|i| (0..N).map(move |j| (i, j))) {
        let terms = || (0..K).map(|k| (a[(i, k)], b[(k, j)]));
        for result in &fresh {
            within_bound(result[j][i], T::zero(), terms(), K);
        }
        for result in &sums {
            within_bound(result[j][i], c[(i, j)], terms(), K + 1);
        }
    }
    let (want, got) = (a * b, SMatrix::<T, M, N>::from(fresh[0]));
    assert!(
        (got - want).amax().wide()
            <= 4.0 * (K as f64) * T::UNIT * a.amax().wide() * b.amax().wide() * K as f64
    );
}

/// ⟨A, B⟩ and AᵀA of K×N matrices.
fn check_sums<T: Number, const K: usize, const N: usize>() {
    let random = &mut Random((K * 100 + N) as u64);
    let (a, b) = (random.matrix::<T, K, N>(), random.matrix::<T, K, N>());
    let terms = a.iter().copied().zip(b.iter().copied());
    within_bound(inner(&a.data.0, &b.data.0, T::mul_add), T::zero(), terms, K * N);
    let g = SMatrix::<T, N, N>::from(gram(&a.data.0, T::mul_add));
    assert_eq!(g, g.transpose());
    for (i, j) in (0..N).flat_map(|i| (0..N).map(move |j| (i, j))) {
        within_bound(g[(i, j)], T::zero(), (0..K).map(|k| (a[(k, i)], a[(k, j)])), K);
    }
}

/// Checks the listed shapes in double precision, and those behind the bar in single precision as well.
macro_rules! check {
    ($check:ident: $(<$($n:literal),*>)* | $(<$($both:literal),*>)*) => {
        $($check::<f64, $($n),*>();)*
        $($check::<f64, $($both),*>(); $check::<f32, $($both),*>();)*
    };
}

#[test]
fn products_are_as_exact_as_stated() {
    check!(check_products: <1, 1, 1> <1, 9, 1> <9, 1, 1> <2, 2, 2> <4, 4, 4> <5, 1, 8> <6, 5, 1> <8, 7, 6> <8, 33, 5>
        <17, 4, 1> <33, 9, 3> <67, 13, 1> <3, 67, 2> <100, 3, 1> | <3, 3, 3> <7, 8, 9> <13, 13, 13> <17, 1, 33>
        <33, 17, 1> <33, 33, 33>);
}

#[test]
fn sums_of_products_are_as_exact_as_stated() {
    check!(check_sums: <1, 1> <2, 1> <3, 1> <4, 1> <6, 1> <7, 1> <8, 1> <9, 1> <1, 13> <2, 3> <4, 4> <5, 7> <3, 33>
        <67, 3> <17, 17> | <5, 1> <13, 1> <33, 1> <3, 2> <6, 6> <9, 8> <33, 33>);
}

/// A product of every size with one NaN or infinity in A: it reaches its row of the result, and no other.
fn check_propagation<const M: usize, const K: usize, const N: usize>(bad: f64) {
    let b = SMatrix::<f64, K, N>::from_fn(|i, j| 1.0 + (i + 2 * j) as f64);
    for (row, k) in (0..M).flat_map(|i| (0..K).map(move |k| (i, k))) {
        let mut a = SMatrix::<f64, M, K>::from_fn(|i, j| 2.0 + (2 * i + j) as f64);
        a[(row, k)] = bad;
        let (at, bt) = (a.transpose(), b.transpose());
        let mut sum = [[1.0; M]; N];
        add_product(&mut sum, &a.data.0, &b.data.0, f64::mul_add);
        for result in [
            product(&a.data.0, &b.data.0, f64::mul_add),
            tr_product(&at.data.0, &b.data.0, f64::mul_add),
            product_tr(&a.data.0, &bt.data.0, f64::mul_add),
            sum,
        ] {
            for (i, v) in result.iter().flat_map(|column| column.iter().enumerate()) {
                assert_eq!(i == row, !v.is_finite());
                assert!(i != row || v.is_nan() == bad.is_nan());
            }
        }
        let found = inner(&a.data.0, &a.data.0, f64::mul_add);
        assert!(!found.is_finite() && found.is_nan() == bad.is_nan());
        assert!(!gram(&a.data.0, f64::mul_add)[k][k].is_finite());
    }
}

#[test]
fn nan_and_infinity_come_out() {
    for bad in [f64::NAN, f64::INFINITY] {
        check_propagation::<1, 1, 1>(bad);
        check_propagation::<3, 2, 4>(bad);
        check_propagation::<9, 13, 1>(bad);
        check_propagation::<17, 9, 5>(bad);
        check_propagation::<33, 33, 3>(bad);
    }
}
