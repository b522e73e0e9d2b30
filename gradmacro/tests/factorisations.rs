//! The factorisations of the kernels against nalgebra's, which they replace in generated code.

use gradmacro::kernels::{
    Cholesky, ClosedForm, Cofactors, CompleteLu, DefiniteForm, DefiniteInverse, Ldlt, Lu, SymmetricCofactors,
};
use nalgebra::{Const, DimMin, RealField, SMatrix};

/// A linear congruential generator (Knuth, MMIX), whose upper bits are good enough here.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// In [−1, 1).
    fn unit(&mut self) -> f64 {
        self.bits() as f64 / (1_u64 << 30) as f64 - 1.0
    }

    /// −2, −1, 0, 1 or 2.
    fn small(&mut self) -> f64 {
        (self.bits() % 5) as f64 - 2.0
    }

    fn matrix<const N: usize>(&mut self) -> SMatrix<f64, N, N> {
        SMatrix::from_fn(|_, _| self.unit())
    }

    /// Far from singular, with rows out of order so that there is something to pivot.
    fn regular<const N: usize>(&mut self) -> SMatrix<f64, N, N> {
        let shift = self.bits() as usize % N;
        SMatrix::from_fn(|i, j| self.unit() + if (i + shift) % N == j { N as f64 } else { 0.0 })
    }

    fn definite<const N: usize>(&mut self) -> SMatrix<f64, N, N> {
        let a = self.matrix::<N>();
        a * a.transpose() + SMatrix::identity()
    }
}

/// Whether `got` is `want` up to `tolerance`, relative to the largest entry.
#[track_caller]
fn close<T: RealField + Copy, const R: usize, const C: usize>(
    got: [[T; R]; C],
    want: SMatrix<T, R, C>,
    tolerance: T,
) {
    let got: SMatrix<T, R, C> = got.into();
    let error = (got - want).amax();
    assert!(error <= tolerance * want.amax(), "off by {error}:{got}{want}");
}

fn is_symmetric<const N: usize>(a: [[f64; N]; N]) -> bool {
    let a = SMatrix::<f64, N, N>::from(a);
    a == a.transpose()
}

/// A relative error of a number.
#[track_caller]
fn near<T: RealField + Copy>(got: T, want: T, tolerance: T) {
    close([[got]], SMatrix::from([[want]]), tolerance);
}

/// The cofactors from their definition, each minor by complete pivoting.
fn minors<const N: usize>(a: &SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    SMatrix::from_fn(|i, j| {
        let minor = nalgebra::DMatrix::from_iterator(N, N, a.iter().copied()).remove_row(i).remove_column(j);
        let value = if N == 1 { 1.0 } else { minor.full_piv_lu().determinant() };
        if (i + j) % 2 == 0 { value } else { -value }
    })
}

/// Checks the part of the interface that all factorisations share, for the matrix `$a` behind `$f`.
macro_rules! check_against {
    ($f:expr, $a:expr, $b:expr, $tolerance:expr, $ln:expr) => {{
        let (f, a, b, tolerance) = ($f, $a, $b, $tolerance);
        let (inverse, det) = (a.try_inverse().unwrap(), a.determinant());
        near(f.determinant(), det, tolerance);
        close(f.inverse(), inverse, tolerance);
        close(f.cofactors(), inverse.transpose() * det, tolerance);
        close(f.solve(b.data.0), a.lu().solve(&b).unwrap(), tolerance);
        close(f.solve(b.data.0), a.full_piv_lu().solve(&b).unwrap(), tolerance);
        close(f.tr_solve(b.data.0), a.transpose().lu().solve(&b).unwrap(), tolerance);
        let ln_determinant = f.ln_determinant($ln);
        if det > det - det {
            assert!((ln_determinant - det.ln()).abs() <= tolerance * (det.ln().abs() + 1.0));
        } else {
            assert!(ln_determinant.is_nan());
        }
    }};
}

/// Likewise where the determinant may be negative.
macro_rules! check_signed {
    ($f:expr, $a:expr, $b:expr, $tolerance:expr, $ln:expr) => {{
        let f = $f.invertible().unwrap();
        let ln_abs = f.ln_abs_determinant($ln);
        let want = $a.determinant().abs().ln();
        assert!((ln_abs - want).abs() <= $tolerance * (want.abs() + 1.0));
        check_against!(f, $a, $b, $tolerance, $ln);
    }};
}

fn agrees_with_nalgebra<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let random = &mut Random(N as u64);
    for _ in 0..50 {
        let b = SMatrix::<f64, N, 3>::from_fn(|_, _| random.unit());
        let b32 = b.map(|v| v as f32);

        let a = random.regular::<N>();
        check_signed!(Lu::new(&a.data.0, 1.0), a, b, 1e-12, f64::ln);
        assert_eq!(Lu::new(&a.data.0, 1.0).determinant(), a.lu().determinant(), "the same pivots");
        assert_eq!(
            CompleteLu::new(&a.data.0, 1.0).determinant(),
            a.full_piv_lu().determinant(),
            "the same pivots"
        );
        check_signed!(CompleteLu::new(&a.data.0, 1.0), a, b, 1e-12, f64::ln);
        let a = a.map(|v| v as f32);
        check_signed!(Lu::new(&a.data.0, 1.0), a, b32, 1e-4, f32::ln);
        check_signed!(CompleteLu::new(&a.data.0, 1.0), a, b32, 1e-4, f32::ln);

        let a = random.definite::<N>();
        let f = Cholesky::new(&a.data.0, 1.0, f64::sqrt).positive_definite().unwrap();
        check_against!(f, a, b, 1e-12, f64::ln);
        let mut lower = a;
        lower.fill_upper_triangle(f64::NAN, 1);
        let f = Cholesky::new(&lower.data.0, 1.0, f64::sqrt).positive_definite().unwrap();
        let g = a.cholesky().unwrap();
        assert_eq!(SMatrix::from(f.l()), g.l(), "only the lower triangle is read");
        assert_eq!(f.determinant(), g.determinant(), "the same pivots");
        close(f.inverse(), g.inverse(), 1e-12);
        close(f.solve(b.data.0), g.solve(&b), 1e-12);
        assert!((f.ln_determinant(f64::ln) - g.ln_determinant()).abs() <= 1e-12 * N as f64);
        let f = Ldlt::new(&lower.data.0, 1.0).positive_definite().unwrap();
        assert!(is_symmetric(f.inverse()), "exactly");
        check_against!(f, a, b, 1e-12, f64::ln);
        let a = a.map(|v| v as f32);
        let f = Cholesky::new(&a.data.0, 1.0, f32::sqrt).positive_definite().unwrap();
        check_against!(f, a, b32, 1e-4, f32::ln);
        check_against!(Ldlt::new(&a.data.0, 1.0).positive_definite().unwrap(), a, b32, 1e-4, f32::ln);
    }
}

fn closed_form_agrees_with_nalgebra<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
    [[f64; N]; N]: DefiniteForm<f64>,
    [[f32; N]; N]: DefiniteForm<f32>,
{
    let random = &mut Random(N as u64);
    for _ in 0..200 {
        let b = SMatrix::<f64, N, 2>::from_fn(|_, _| random.unit());
        let a = random.definite::<N>();
        let mut lower = a;
        lower.fill_upper_triangle(f64::NAN, 1);
        let f = SymmetricCofactors::new(&lower.data.0, 1.0);
        assert!(is_symmetric(f.inverse()), "exactly");
        assert_eq!(f.determinant(), Cofactors::new(&a.data.0, 1.0).determinant(), "expanded alike");
        check_signed!(f, a, b, 1e-12, f64::ln);
        let f = DefiniteInverse::new(&lower.data.0, 1.0, f64::sqrt);
        assert!(is_symmetric(f.inverse()), "exactly");
        check_signed!(f, a, b, 1e-12, f64::ln);
        let mut a = random.regular::<N>();
        a += a.transpose();
        if a.determinant().abs() > 0.1 {
            check_signed!(SymmetricCofactors::new(&a.data.0, 1.0), a, b, 1e-11, f64::ln);
        }
        let (a, b) = (random.definite::<N>().map(|v| v as f32), b.map(|v| v as f32));
        check_signed!(SymmetricCofactors::new(&a.data.0, 1.0), a, b, 1e-4, f32::ln);
        check_signed!(DefiniteInverse::new(&a.data.0, 1.0, f32::sqrt), a, b, 1e-4, f32::ln);
        let b = SMatrix::<f64, N, 2>::from_fn(|_, _| random.unit());
        let a = random.regular::<N>();
        check_signed!(Cofactors::new(&a.data.0, 1.0), a, b, 1e-12, f64::ln);
        let (a, b) = (a.map(|v| v as f32), b.map(|v| v as f32));
        check_signed!(Cofactors::new(&a.data.0, 1.0), a, b, 1e-4, f32::ln);
        // No structure at all; exact cofactors need no well-conditioned matrix.
        let a = random.matrix::<N>();
        close(Cofactors::new(&a.data.0, 1.0).cofactors(), minors(&a), 1e-12);
    }
}

/// Small integers, and thirds, whose products round: many of these matrices are singular, some only in exact arithmetic.
fn maybe_singular<const N: usize>(random: &mut Random, step: usize) -> SMatrix<f64, N, N> {
    let mut a = SMatrix::<f64, N, N>::from_fn(|_, _| random.small());
    if step.is_multiple_of(3) && N > 1 {
        let row = a.row(0) * random.small() + a.row(N - 2);
        a.set_row(N - 1, &row);
    }
    if step.is_multiple_of(5) {
        let column = a.column(0) * random.small();
        a.set_column(N - 1, &column);
    }
    if step.is_multiple_of(2) { a / 3.0 } else { a }
}

fn singular_where_nalgebra_says_so<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let random = &mut Random(100 + N as u64);
    let (mut singular, mut indefinite) = (0, 0);
    for step in 0..300 {
        let a = maybe_singular::<N>(random, step);
        let lu = Lu::new(&a.data.0, 1.0).invertible();
        assert_eq!(lu.is_some(), a.lu().is_invertible(), "{a}");
        assert_eq!(lu.is_some(), a.lu().solve(&a).is_some(), "{a}");
        if N > 4 {
            assert_eq!(lu.is_some(), a.try_inverse().is_some(), "{a}");
        }
        let complete = CompleteLu::new(&a.data.0, 1.0).invertible();
        assert_eq!(complete.is_some(), a.full_piv_lu().is_invertible(), "{a}");
        let square = if step.is_multiple_of(4) { a + a.transpose() } else { a * a.transpose() };
        let cholesky = Cholesky::new(&square.data.0, 1.0, f64::sqrt).positive_definite();
        assert_eq!(cholesky.is_some(), square.cholesky().is_some(), "{square}");
        let a = a.map(|v| v as f32);
        assert_eq!(Lu::new(&a.data.0, 1.0).invertible().is_some(), a.lu().is_invertible(), "{a}");
        singular += usize::from(lu.is_none());
        indefinite += usize::from(cholesky.is_none());
    }
    assert!((30..=270).contains(&singular), "{singular} of 300 are singular");
    assert!((30..=270).contains(&indefinite), "{indefinite} of 300 are not positive definite");
}

fn closed_form_is_singular_where_nalgebra_says_so<const N: usize>()
where
    [[f64; N]; N]: DefiniteForm<f64>,
    [[f32; N]; N]: DefiniteForm<f32>,
{
    let random = &mut Random(200 + N as u64);
    for step in 0..1000 {
        let a = maybe_singular::<N>(random, step);
        let f = Cofactors::new(&a.data.0, 1.0);
        assert_eq!(f.invertible().is_some(), a.try_inverse().is_some(), "{a}");
        let ln = f.ln_abs_determinant(f64::ln);
        assert_eq!(ln == f64::NEG_INFINITY, f.determinant() == 0.0, "{a}");
        let s = a + a.transpose();
        let f = SymmetricCofactors::new(&s.data.0, 1.0);
        assert_eq!(f.invertible().is_some(), s.try_inverse().is_some(), "{s}");
        let f = DefiniteInverse::new(&s.data.0, 1.0, f64::sqrt);
        assert_eq!(f.invertible().is_some(), s.try_inverse().is_some(), "{s}");
        let a = a.map(|v| v as f32);
        assert_eq!(Cofactors::new(&a.data.0, 1.0).invertible().is_some(), a.try_inverse().is_some(), "{a}");
    }
}

fn cofactors_at_every_rank<const N: usize>() {
    let random = &mut Random(300 + N as u64);
    for rank in 0..=N {
        for _ in 0..20 {
            // Products of small integers: the matrix has exactly this rank or less.
            let (mut u, v) = (
                SMatrix::<f64, N, N>::from_fn(|_, _| random.small()),
                SMatrix::from_fn(|_, _| random.small()),
            );
            u.columns_range_mut(rank..).fill(0.0);
            let a: SMatrix<f64, N, N> = u * v;
            let f = CompleteLu::new(&a.data.0, 1.0);
            let error = (SMatrix::from(f.cofactors()) - minors(&a)).amax();
            let scale = a.amax().max(1.0).powi(N as i32 - 1);
            assert!(error <= 1e-13 * scale, "off by {error} at rank {rank}:{a}");
            if rank < N {
                assert!(f.determinant().abs() <= 1e-13 * scale * a.amax(), "{a}");
            }
        }
    }
    let zero = CompleteLu::new(&[[0.0; N]; N], 1.0);
    assert_eq!(zero.determinant(), 0.0);
    assert_eq!(zero.cofactors(), [[if N == 1 { 1.0 } else { 0.0 }; N]; N]);
    assert_eq!(zero.ln_determinant(f64::ln), f64::NEG_INFINITY);
}

fn logarithm_is_in_range<const N: usize>() {
    for scale in [1e200, 1e-200, 1e-300, 1e300] {
        let random = &mut Random(400 + N as u64);
        let a = random.definite::<N>();
        let want = a.cholesky().unwrap().ln_determinant() + N as f64 * f64::ln(scale);
        let scaled = a * scale;
        let tolerance = 1e-14 * want.abs();
        let got = Lu::new(&scaled.data.0, 1.0).ln_determinant(f64::ln);
        assert!((got - want).abs() <= tolerance, "{got} is not {want}");
        let got = CompleteLu::new(&scaled.data.0, 1.0).ln_determinant(f64::ln);
        assert!((got - want).abs() <= tolerance, "{got} is not {want}");
        let got = Cholesky::new(&scaled.data.0, 1.0, f64::sqrt).ln_determinant(f64::ln);
        assert!((got - want).abs() <= tolerance, "{got} is not {want}");
    }
}

fn closed_form_logarithm_is_in_range<const N: usize>()
where
    [[f64; N]; N]: ClosedForm<f64>,
{
    for scale in [1e200, 1e-200, 1e-300, 1e300] {
        let random = &mut Random(500 + N as u64);
        let a = random.definite::<N>();
        let want = a.cholesky().unwrap().ln_determinant() + N as f64 * f64::ln(scale);
        let got = Cofactors::new(&(a * scale).data.0, 1.0).ln_determinant(f64::ln);
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got} is not {want}");
        let mut flipped = a * scale;
        flipped.column_mut(0).neg_mut();
        let f = Cofactors::new(&flipped.data.0, 1.0);
        assert!(f.ln_determinant(f64::ln).is_nan());
        assert!((f.ln_abs_determinant(f64::ln) - want).abs() <= 1e-14 * want.abs());
    }
}

/// Whether a symmetric matrix is positive definite, `None` where rounding decides: within 1e-13 of a singular matrix.
fn is_definite<const N: usize>(a: &SMatrix<f64, N, N>) -> Option<bool> {
    let (mut least, mut largest) = (f64::INFINITY, 0.0);
    let a = nalgebra::DMatrix::from_iterator(N, N, a.iter().copied());
    for value in a.symmetric_eigenvalues().iter() {
        (least, largest) = (value.min(least), value.abs().max(largest));
    }
    (least.abs() > 1e-13 * largest).then_some(least > 0.0)
}

fn definite_where_nalgebra_says_so<const N: usize>() {
    let random = &mut Random(600 + N as u64);
    let mut counts = [0, 0];
    for step in 0..600 {
        let a = maybe_singular::<N>(random, step);
        let a = if step.is_multiple_of(2) { a + a.transpose() } else { a * a.transpose() };
        let a = (a + SMatrix::identity() * random.small()) * [1.0, 1e-3, 1e5][step % 3];
        let Some(definite) = is_definite(&a) else { continue };
        counts[usize::from(definite)] += 1;
        assert_eq!(a.cholesky().is_some(), definite, "{a}");
        assert_eq!(Ldlt::new(&a.data.0, 1.0).positive_definite().is_some(), definite, "{a}");
        if !definite {
            assert!(Ldlt::new(&a.data.0, 1.0).ln_determinant(f64::ln).is_nan(), "{a}");
        }
    }
    assert!(counts.iter().all(|count| *count >= 60), "{counts:?}");
}

/// In every case, also where rounding decides, and at scales at which minors leave the range of numbers.
fn closed_form_is_definite_where_nalgebra_says_so<const N: usize>()
where
    [[f64; N]; N]: DefiniteForm<f64>,
    [[f32; N]; N]: DefiniteForm<f32>,
{
    let random = &mut Random(700 + N as u64);
    let mut counts = [0, 0];
    let mut check = |a: SMatrix<f64, N, N>| {
        let f = DefiniteInverse::positive_definite(&a.data.0, 1.0, f64::sqrt);
        assert_eq!(f.is_some(), a.cholesky().is_some(), "{a}");
        counts[usize::from(f.is_some())] += 1;
        if let Some(f) = f {
            let inverse = SMatrix::<f64, N, N>::from(f.inverse());
            let error = (a * inverse - SMatrix::identity()).amax();
            let condition = (a / a.amax()).norm() * (inverse * a.amax()).norm();
            assert!(
                inverse.amax().is_finite() && error <= 1e-13 * condition,
                "off by {error:e} at {condition:e}:{a}"
            );
        }
        let a = a.map(|v| v as f32);
        let f = DefiniteInverse::positive_definite(&a.data.0, 1.0, f32::sqrt);
        assert_eq!(f.is_some(), a.cholesky().is_some(), "{a}");
    };
    for step in 0..600 {
        let a = maybe_singular::<N>(random, step);
        let a = if step.is_multiple_of(2) { a + a.transpose() } else { a * a.transpose() };
        check((a + SMatrix::identity() * random.small()) * [1.0, 1e-3, 1e120, 1e-120, 1e-200][step % 5]);
    }
    for _ in 0..20_000 {
        let u = random.matrix::<N>();
        let d = SMatrix::<f64, N, 1>::from_fn(|_, _| {
            let size = (20.0 * (random.unit() - 1.0)).exp();
            if random.unit() < -0.7 { -size } else { size }
        });
        let a = u * SMatrix::from_diagonal(&d) * u.transpose();
        let scale = SMatrix::from_fn(|i, j| if i == j { (3.0 * random.unit()).exp() } else { 0.0 });
        check(scale * a * scale);
    }
    assert!(counts.iter().all(|count| *count >= 1000), "{counts:?}");
}

/// n over k.
fn choose(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

/// The Hilbert matrix, scaled to integers, and its inverse, which is known in integers.
/// (Choi, Tricks or treats with the Hilbert matrix, 1983)
fn hilbert<const N: usize>() -> (SMatrix<f64, N, N>, SMatrix<f64, N, N>) {
    let inverse = SMatrix::from_fn(|i, j| {
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        let factors = choose(N + i, N - j - 1) * choose(N + j, N - i - 1) * choose(i + j, i).powi(2);
        sign * (i + j + 1) as f64 * factors
    });
    (SMatrix::from_fn(|i, j| 360_360.0 / (i + j + 1) as f64), inverse / 360_360.0)
}

/// The error of an inverse relative to its largest entry.
fn error<const N: usize>(got: [[f64; N]; N], want: &SMatrix<f64, N, N>) -> f64 {
    (SMatrix::from(got) - want).amax() / want.amax()
}

fn inverse_of_hilbert_is_no_worse<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let (a, want) = hilbert::<N>();
    // The bound in the condition number, which grows as e^(3.5 N). (Higham, Accuracy and Stability of Numerical
    // Algorithms, 2nd ed., § 28.1)
    let bound = (3.5 * N as f64).exp() * f64::EPSILON;
    let no_worse = |ours: f64, theirs: f64| {
        assert!(ours <= (2.0 * theirs).max(bound), "N = {N}: {ours:e} against {theirs:e}, bound {bound:e}");
    };
    let theirs = error(a.cholesky().unwrap().inverse().data.0, &want);
    no_worse(error(Cholesky::new(&a.data.0, 1.0, f64::sqrt).inverse(), &want), theirs);
    no_worse(error(Ldlt::new(&a.data.0, 1.0).inverse(), &want), theirs);
    let theirs = error(a.lu().try_inverse().unwrap().data.0, &want);
    no_worse(error(Lu::new(&a.data.0, 1.0).inverse(), &want), theirs);
    let theirs = error(a.full_piv_lu().try_inverse().unwrap().data.0, &want);
    no_worse(error(CompleteLu::new(&a.data.0, 1.0).inverse(), &want), theirs);
}

/// The Hilbert matrix, and its multiples by numbers that round their entries, each against its own inverse in double-double
/// arithmetic.
fn closed_form_of_hilbert_is_no_worse<const N: usize>()
where
    [[f64; N]; N]: DefiniteForm<f64>,
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let random = &mut Random(800 + N as u64);
    let mut worst = [0.0_f64; 5];
    for step in 0..200 {
        let factor = if step == 0 { 1.0 / 360_360.0 } else { 1.0 + 0.5 * random.unit() };
        let a = hilbert::<N>().0 * factor;
        let want = double::inverse(&a);
        let errors = [
            error(DefiniteInverse::new(&a.data.0, 1.0, f64::sqrt).inverse(), &want),
            error(SymmetricCofactors::new(&a.data.0, 1.0).inverse(), &want),
            error(Cofactors::new(&a.data.0, 1.0).inverse(), &want),
            error(a.cholesky().unwrap().inverse().data.0, &want),
            error(a.try_inverse().unwrap().data.0, &want),
        ];
        worst = core::array::from_fn(|k| worst[k].max(errors[k]));
    }
    let [definite, symmetric, general, cholesky, closed] = worst;
    let limit = 1.1 * closed.max(f64::EPSILON);
    assert!(general <= limit && symmetric <= limit && definite <= limit, "{worst:?}");
    // The planner takes the closed form for a matrix that must be positive definite up to this size.
    assert!(N > 3 || definite <= 2.0 * cholesky, "{worst:?}");
}

/// Positive definite matrices of all conditions: the errors relative to that of Cholesky, in the geometric mean, and relative to
/// the condition number in every case.
fn definite_is_as_accurate_as_cholesky<const N: usize>()
where
    [[f64; N]; N]: DefiniteForm<f64>,
{
    let random = &mut Random(1100 + N as u64);
    let (mut logarithms, mut count) = (0.0, 0.0);
    for _ in 0..2000 {
        let a = random.matrix::<N>();
        let mut a = a * a.transpose();
        a.fill_lower_triangle_with_upper_triangle();
        let Some(cholesky) = a.cholesky() else { continue };
        let want = double::inverse(&a);
        let ours = error(DefiniteInverse::new(&a.data.0, 1.0, f64::sqrt).inverse(), &want).max(f64::EPSILON);
        let theirs = error(cholesky.inverse().data.0, &want).max(f64::EPSILON);
        (logarithms, count) = (logarithms + (ours / theirs).ln(), count + 1.0);
        let condition = a.norm() * want.norm();
        assert!(ours <= 2.0 * N as f64 * f64::EPSILON * condition, "{ours:e} at {condition:e}");
    }
    let mean = (logarithms / count).exp();
    assert!(mean <= 1.1, "{mean}");
}

/// Every kernel within 1e-13 of double-double arithmetic on well-conditioned matrices.
fn accurate<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let random = &mut Random(900 + N as u64);
    for _ in 0..100 {
        let a = random.regular::<N>() + SMatrix::identity() * (4 * N) as f64;
        let want = double::inverse(&a);
        assert!(error(Lu::new(&a.data.0, 1.0).inverse(), &want) <= 1e-13);
        assert!(error(CompleteLu::new(&a.data.0, 1.0).inverse(), &want) <= 1e-13);
        let a = random.definite::<N>();
        let want = double::inverse(&a);
        assert!(error(Cholesky::new(&a.data.0, 1.0, f64::sqrt).inverse(), &want) <= 1e-13);
        assert!(error(Ldlt::new(&a.data.0, 1.0).inverse(), &want) <= 1e-13);
        let b = SMatrix::<f64, N, 1>::from_fn(|_, _| random.unit());
        close(Ldlt::new(&a.data.0, 1.0).solve(b.data.0), want * b, 1e-13);
    }
}

fn closed_form_is_accurate<const N: usize>()
where
    [[f64; N]; N]: DefiniteForm<f64>,
{
    let random = &mut Random(1000 + N as u64);
    for _ in 0..100 {
        let a = random.definite::<N>();
        let want = double::inverse(&a);
        assert!(error(Cofactors::new(&a.data.0, 1.0).inverse(), &want) <= 1e-13);
        assert!(error(SymmetricCofactors::new(&a.data.0, 1.0).inverse(), &want) <= 1e-13);
        assert!(error(DefiniteInverse::new(&a.data.0, 1.0, f64::sqrt).inverse(), &want) <= 1e-13);
    }
}

/// Numbers of twice the digits, as sums of two. (Dekker, A floating-point technique for extending the available precision,
/// 1971)
mod double {
    use nalgebra::SMatrix;

    #[derive(Clone, Copy)]
    struct Double(f64, f64);

    fn sum(a: f64, b: f64) -> Double {
        let s = a + b;
        let part = s - a;
        Double(s, (a - (s - part)) + (b - part))
    }

    impl Double {
        /// self − c·x.
        fn minus(self, c: Double, x: Double) -> Double {
            let high = c.0 * x.0;
            let low = c.0.mul_add(x.0, -high) + (c.0 * x.1 + c.1 * x.0);
            let Double(head, tail) = sum(self.0, -high);
            sum(head, tail + (self.1 - low))
        }

        fn over(self, divisor: Double) -> Double {
            let first = self.0 / divisor.0;
            let rest = self.minus(Double(first, 0.0), divisor);
            sum(first, rest.0 / divisor.0)
        }
    }

    /// The inverse by Gauss-Jordan elimination with partial pivoting.
    pub(super) fn inverse<const N: usize>(a: &SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
        let mut rows: Vec<Vec<Double>> = (0..N)
            .map(|i| {
                let unit = (0..N).map(|j| Double(if i == j { 1.0 } else { 0.0 }, 0.0));
                (0..N).map(|j| Double(a[(i, j)], 0.0)).chain(unit).collect()
            })
            .collect();
        for k in 0..N {
            let pivot = (k..N).max_by(|i, j| rows[*i][k].0.abs().total_cmp(&rows[*j][k].0.abs()));
            rows.swap(k, pivot.unwrap());
            let divisor = rows[k][k];
            let row: Vec<Double> = rows[k].iter().map(|v| v.over(divisor)).collect();
            for (_, other) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
                let c = other[k];
                other.iter_mut().zip(&row).for_each(|(v, x)| *v = v.minus(c, *x));
            }
            rows[k] = row;
        }
        SMatrix::from_fn(|i, j| rows[i][N + j].0)
    }
}

/// `‖AX − B‖ / (‖A‖ ‖X‖)`, largest entries.
fn residual<const N: usize>(a: &SMatrix<f64, N, N>, x: SMatrix<f64, N, 1>, b: &SMatrix<f64, N, 1>) -> f64 {
    (a * x - b).amax() / (a.amax() * x.amax())
}

fn hilbert_is_no_worse<const N: usize>()
where
    Const<N>: DimMin<Const<N>, Output = Const<N>>,
{
    let a = SMatrix::<f64, N, N>::from_fn(|i, j| 1.0 / (i + j + 1) as f64);
    let b = SMatrix::<f64, N, 1>::from_fn(|i, _| 1.0 - i as f64);
    let theirs = [
        residual(&a, a.lu().solve(&b).unwrap(), &b),
        residual(&a, a.full_piv_lu().solve(&b).unwrap(), &b),
        residual(&a, a.cholesky().unwrap().solve(&b), &b),
    ];
    let f =
        (Lu::new(&a.data.0, 1.0), CompleteLu::new(&a.data.0, 1.0), Cholesky::new(&a.data.0, 1.0, f64::sqrt));
    let solved = [f.0.solve(b.data.0), f.1.solve(b.data.0), f.2.solve(b.data.0)];
    let tr_solved = [f.0.tr_solve(b.data.0), f.1.tr_solve(b.data.0), f.2.tr_solve(b.data.0)];
    for (ours, theirs) in solved.into_iter().chain(tr_solved).zip(theirs.into_iter().cycle()) {
        let ours = residual(&a, ours.into(), &b);
        assert!(ours <= theirs.max(2.0 * f64::EPSILON), "{ours:e} against {theirs:e}");
    }
    let theirs = (a * a.try_inverse().unwrap() - SMatrix::identity()).amax();
    for inverse in [f.0.inverse(), f.1.inverse(), f.2.inverse()] {
        let ours = (a * SMatrix::from(inverse) - SMatrix::identity()).amax();
        assert!(ours <= theirs.max(1e-14) * 10.0, "{ours:e} against {theirs:e}");
    }
}

macro_rules! for_sizes {
    ($($name:ident: $check:ident [$($n:literal)*];)*) => {
        $(#[test]
        fn $name() {
            $($check::<$n>();)*
        })*
    };
}

for_sizes! {
    general: agrees_with_nalgebra [1 2 3 4 5 6 7 8 12];
    closed_form: closed_form_agrees_with_nalgebra [1 2 3 4];
    singular: singular_where_nalgebra_says_so [2 3 4 5 6 7 8 12];
    closed_form_singular: closed_form_is_singular_where_nalgebra_says_so [1 2 3 4];
    ranks: cofactors_at_every_rank [1 2 3 4 5 6 7 8];
    logarithms: logarithm_is_in_range [1 2 3 4 5 6 7 8 12];
    closed_form_logarithms: closed_form_logarithm_is_in_range [1 2 3 4];
    residuals: hilbert_is_no_worse [1 2 3 4 5 6 7 8];
    definite: definite_where_nalgebra_says_so [1 2 3 4 5 6 7 8 12];
    closed_form_definite: closed_form_is_definite_where_nalgebra_says_so [1 2 3];
    hilbert_inverses: inverse_of_hilbert_is_no_worse [1 2 3 4 5 6 7 8];
    closed_form_hilbert: closed_form_of_hilbert_is_no_worse [1 2 3 4];
    closed_form_means: definite_is_as_accurate_as_cholesky [1 2 3 4];
    accuracy: accurate [1 2 3 4 5 6 7 8 12];
    closed_form_accuracy: closed_form_is_accurate [1 2 3 4];
}

#[test]
fn logarithm_of_mixed_scales() {
    let a = [[1e-200, 0.0, 0.0], [0.0, 0.0, 1e300], [0.0, -1e-150, 0.0]];
    let want = f64::ln(1e-50);
    let got = [
        Lu::new(&a, 1.0).ln_determinant(f64::ln),
        CompleteLu::new(&a, 1.0).ln_determinant(f64::ln),
        Cofactors::new(&a, 1.0).ln_determinant(f64::ln),
    ];
    assert!(got.iter().all(|got| (got - want).abs() <= 1e-12), "{got:?}");
    let a = [[1e200, 0.0], [0.0, 1e-200_f64]];
    assert_eq!(Cofactors::new(&a, 1.0).ln_determinant(f64::ln), 0.0);
    let a = [[1e30_f32, 0.0], [0.0, 1e30]];
    assert!((Cofactors::new(&a, 1.0).ln_determinant(f32::ln) - 2.0 * f32::ln(1e30)).abs() < 1e-4);
}

#[test]
fn subnormal_and_infinite_entries_have_a_logarithm() {
    let (small, large) = (f64::from_bits(1), f64::MAX);
    for a in [small, large] {
        let want = 2.0 * a.ln();
        let got = Cofactors::new(&[[a, 0.0], [0.0, a]], 1.0).ln_determinant(f64::ln);
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got} is not {want}");
    }
    assert_eq!(Cofactors::new(&[[f64::INFINITY]], 1.0).ln_determinant(f64::ln), f64::INFINITY);
}

#[test]
fn nan_comes_out() {
    for k in 0..9 {
        let mut a = SMatrix::<f64, 3, 3>::identity();
        a[k] = f64::NAN;
        let (lu, complete, closed) =
            (Lu::new(&a.data.0, 1.0), CompleteLu::new(&a.data.0, 1.0), Cofactors::new(&a.data.0, 1.0));
        for x in [lu.cofactors(), complete.cofactors(), closed.cofactors()] {
            assert!(x.iter().flatten().any(|v| v.is_nan()), "{a}");
        }
        assert!(
            [lu.determinant(), complete.determinant(), closed.determinant()].iter().all(|v| v.is_nan()),
            "{a}"
        );
        assert!(closed.ln_determinant(f64::ln).is_nan(), "{a}");
    }
    let mut a = [[0.0; 3]; 3];
    a[1][2] = f64::NAN;
    assert!(CompleteLu::new(&a, 1.0).cofactors().iter().flatten().all(|v| v.is_nan()));
    assert!(Cholesky::new(&[[f64::NAN]], 1.0, f64::sqrt).positive_definite().is_none());
    assert!(Ldlt::new(&[[f64::NAN]], 1.0).positive_definite().is_none());
    assert!(DefiniteInverse::positive_definite(&[[f64::NAN]], 1.0, f64::sqrt).is_none());
}

#[test]
fn singular_matrices_do_not_panic() {
    let a = [[0.0_f64; 3]; 3];
    let b = [[1.0, 2.0, 3.0]];
    let (lu, complete, closed) = (Lu::new(&a, 1.0), CompleteLu::new(&a, 1.0), Cofactors::new(&a, 1.0));
    for x in [lu.inverse(), complete.inverse(), closed.inverse()] {
        assert!(x.iter().flatten().all(|v| !v.is_finite()), "{x:?}");
    }
    for x in [
        lu.solve(b),
        complete.solve(b),
        closed.solve(b),
        lu.tr_solve(b),
        complete.tr_solve(b),
        closed.tr_solve(b),
    ] {
        assert!(x.iter().flatten().any(|v| !v.is_finite()), "{x:?}");
    }
    assert!(Lu::new(&[[0.0_f64; 0]; 0], 1.0).invertible().is_some());
    assert!(CompleteLu::new(&[[0.0_f64; 0]; 0], 1.0).invertible().is_some());
    assert_eq!(Cholesky::new(&[[0.0; 0]; 0], 1.0, f64::sqrt).determinant(), 1.0);
}

/// Products of two entries leave the range of numbers here, and the determinant does not.
#[test]
fn closed_form_is_left_where_a_cofactor_is_out_of_range() {
    let check = |d: [f64; 3]| {
        let a = SMatrix::<f64, 3, 3>::from_diagonal(&d.into());
        for f in [
            Some(DefiniteInverse::new(&a.data.0, 1.0, f64::sqrt)),
            DefiniteInverse::positive_definite(&a.data.0, 1.0, f64::sqrt),
        ] {
            let f = f.expect("positive definite");
            for (i, v) in d.iter().enumerate() {
                assert!((f.inverse()[i][i] * v - 1.0).abs() <= 1e-15, "{d:?}");
            }
            let want: f64 = d.iter().map(|v| v.ln()).sum();
            assert!((f.ln_determinant(f64::ln) - want).abs() <= 1e-14 * want.abs(), "{d:?}");
        }
    };
    for d in [[1e90, 1e-165, 1e-163], [1e-163, 1e90, 1e-165], [1e-165, 1e-163, 1e90], [1e160, 1e-100, 1e-210]]
    {
        check(d);
    }
    let d = [1e10_f32, 1e-18, 1e-22];
    let a = SMatrix::<f32, 3, 3>::from_diagonal(&d.into());
    let f = DefiniteInverse::positive_definite(&a.data.0, 1.0, f32::sqrt).expect("positive definite");
    for (i, v) in d.iter().enumerate() {
        assert!((f.inverse()[i][i] * v - 1.0).abs() <= 1e-6, "{i}");
    }
}
