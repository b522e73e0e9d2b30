//! Functions of every kind: free, methods, associated; generic sizes; values and references; every name of a type.

use gradmacro::derive_grad;
use nalgebra as na;
use nalgebra::{
    Const, Matrix1, Matrix3, OMatrix, OVector, RowVector3, SMatrix, SVector, U3, Vector2, Vector3,
};

use crate::common::{agree, check, definite, dominant, point};

struct Model {
    weights: Vector3<f64>,
    scale: f64,
}

impl Model {
    const OFFSET: f64 = 0.25;

    /// A method: `x` is the first parameter after `self`.
    #[derive_grad(types(self.weights = Vector3<f64>, self.scale = f64))]
    fn predict(&self, x: &Vector3<f64>) -> f64 {
        (self.weights.dot(x) * self.scale + Self::OFFSET).tanh()
    }

    #[derive_grad(wrt(scale))]
    fn penalty(x: &Vector3<f64>, scale: f64) -> f64 {
        scale * scale * x.norm_squared() + Self::OFFSET * scale
    }
}

#[test]
fn methods_and_associated_functions() {
    let model = Model { weights: point(1), scale: 0.5 };
    let (x, m) = (point(2), &model);
    agree(&x, |x| m.predict(x), |x| m.predict_grad(x), |x| m.predict_value_and_grad(x));
    agree(
        &0.7,
        |s| Model::penalty(&x, *s),
        |s| Model::penalty_grad(&x, *s),
        |s| Model::penalty_value_and_grad(&x, *s),
    );
}

mod visible {
    use gradmacro::derive_grad;

    /// Generated functions are as visible as the function.
    #[derive_grad]
    pub(crate) fn square(x: f64) -> f64 {
        x * x
    }

    #[derive_grad]
    #[inline]
    #[deprecated(note = "for the test")]
    pub(super) fn cube(x: f64) -> f64 {
        x.powi(3)
    }
}

#[test]
#[expect(deprecated, reason = "the mark is copied to generated functions")]
fn visibility_and_marks_are_copied() {
    assert_eq!(visible::square_grad(3.0), 6.0);
    assert_eq!(visible::cube_value_and_grad(2.0), (8.0, 12.0));
}

#[derive_grad(wrt(a, x))]
fn generic<'a, const R: usize, const C: usize, const UNUSED: usize>(
    a: &'a SMatrix<f64, R, C>,
    x: &SVector<f64, C>,
    b: &'a SVector<f64, R>,
    _tag: &[u8; UNUSED],
) -> f64 {
    let r = a * x - b;
    r.norm_squared() / R as f64 + a.row_sum().dot(&x.transpose()) + x.map(f64::sin).sum()
}

#[test]
fn generic_sizes() {
    let (b, tag) = (point::<4, 1>(3), [0; 2]);
    agree(
        &(point::<4, 3>(1), point::<3, 1>(2)),
        |(a, x)| generic(a, x, &b, &tag),
        |(a, x)| generic_grad(a, x, &b, &tag),
        |(a, x)| generic_value_and_grad(a, x, &b, &tag),
    );
}

#[derive_grad(wrt(x, a), spd(s))]
fn generic_systems<const N: usize>(
    x: &SVector<f64, N>,
    a: &SMatrix<f64, N, N>,
    s: &SMatrix<f64, N, N>,
) -> Option<f64> {
    let c = s.cholesky()?;
    let solution = a.try_inverse()? * x;
    Some(
        x.dot(&c.solve(&solution)) + c.ln_determinant() + (c.l() * x).norm() + a.cholesky()?.ln_determinant(),
    )
}

#[test]
fn factorisations_of_generic_sizes() {
    fn at<const N: usize>() {
        let s = definite::<N>(3);
        agree(
            &(point::<N, 1>(1), dominant::<N>(2)),
            |(x, a)| generic_systems(x, a, &s).expect("definite"),
            |(x, a)| generic_systems_grad(x, a, &s).expect("definite"),
            |(x, a)| generic_systems_value_and_grad(x, a, &s).expect("definite"),
        );
        assert_eq!(generic_systems_grad(&point(1), &SMatrix::<f64, N, N>::zeros(), &s), None);
        assert_eq!(generic_systems_value_and_grad(&point(1), &s, &-s), None);
    }
    at::<1>();
    at::<2>();
    at::<4>();
    at::<7>();
}

struct Filter {
    noise: Matrix3<f64>,
}

impl Filter {
    /// Factorises a field, once by a `let` with a type.
    #[derive_grad(wrt(x, p), symmetric(p), types(self.noise = Matrix3<f64>))]
    fn distance(&self, x: Vector3<f64>, p: Matrix3<f64>) -> Option<f64> {
        let noise: Matrix3<f64> = self.noise;
        let total = (p + self.noise).cholesky()?;
        let own = noise.lu().solve(&x).expect("noise in every direction");
        Some(total.solve(&x).dot(&own) + total.ln_determinant())
    }
}

#[test]
fn factorisations_in_methods_and_of_parameters_by_value() {
    let (filter, x, p) = (Filter { noise: definite(1) }, point(2), definite(3));
    agree(
        &x,
        |x| filter.distance(*x, p).expect("definite"),
        |x| filter.distance_grad(*x, p).expect("definite").0,
        |x| {
            let (value, (slope, _)) = filter.distance_value_and_grad(*x, p).expect("definite");
            (value, slope)
        },
    );
    let (_, by_p) = filter.distance_grad(x, p).expect("definite");
    let total = (p + filter.noise).try_inverse().expect("definite");
    let (solved, own) = (total * x, filter.noise.try_inverse().expect("definite") * x);
    let by_hand = total - (total * own * solved.transpose()).symmetric_part();
    assert!((by_p - by_hand).norm() < 1e-12, "{by_p} {by_hand}");
    assert_eq!(filter.distance_grad(x, p * -9.0), None);
}

const STATES: usize = 3;

#[derive_grad(wrt(p, q, r, s))]
#[expect(unused_qualifications, reason = "the paths are what is tested")]
fn by_any_name(
    p: na::Vector3<f64>,
    q: &nalgebra::RowVector3<f64>,
    r: &OVector<f64, Const<3>>,
    s: OMatrix<f64, Const<3>, Const<STATES>>,
    t: &na::base::SMatrix<f64, { STATES }, 3>,
    u: &OVector<f64, U3>,
) -> f64 {
    (q * s * t * p)[0] + r.dot(&p) * r.dot(u) + (s * r).norm_squared()
}

#[test]
fn every_name_of_a_type_by_value_and_by_reference() {
    let (t, u): (Matrix3<f64>, Vector3<f64>) = (point(5), point(6));
    agree(
        &(point::<3, 1>(1), point::<1, 3>(2), point::<3, 1>(3), point::<3, 3>(4)),
        |(p, q, r, s)| by_any_name(*p, q, r, *s, &t, &u),
        |(p, q, r, s)| by_any_name_grad(*p, q, r, *s, &t, &u),
        |(p, q, r, s)| by_any_name_value_and_grad(*p, q, r, *s, &t, &u),
    );
    let (_, row, _, _): (Vector3<f64>, RowVector3<f64>, Vector3<f64>, Matrix3<f64>) =
        by_any_name_grad(point(1), &point(2), &point(3), point(4), &t, &u);
    assert_eq!(row.shape(), (1, 3));
}

#[derive_grad(wrt(m, t))]
fn ones_by_ones(m: &Matrix1<f64>, t: f64, x: &Vector2<f64>) -> f64 {
    let n: Matrix1<f64> = x.transpose() * x * t;
    (m * n + m * 3.0).sum() + m.x.exp() + (m.transpose() * m)[(0, 0)]
}

#[test]
fn a_matrix_of_one_entry_gets_a_matrix_of_one_entry() {
    check!(ones_by_ones, ones_by_ones_grad, ones_by_ones_value_and_grad;
        (point::<1, 1>(1), 0.5) => |(m, t)| (m, *t, &point(2)));
    let (gradient, _): (Matrix1<f64>, f64) = ones_by_ones_grad(&Matrix1::new(1.0), 0.5, &Vector2::zeros());
    assert_eq!(gradient.shape(), (1, 1));
}

#[derive_grad(wrt(w, b))]
fn in_single_precision(w: &SVector<f32, 3>, b: f32, x: &SMatrix<f32, 5, 3>, y: &SVector<f32, 5>) -> f32 {
    let z = (x * w).add_scalar(b);
    let loss = z.zip_map(y, |z, y| (1.0 + (-y * z).exp()).ln()).sum() / 5.0;
    loss + 0.1 * w.norm()
        + z.map(|v| v.max(0.1).sqrt()).sum() * std::f32::consts::PI
        + (0..5).map(|i| y[i] * b).sum::<f32>()
}

#[test]
fn single_precision() {
    let (x, y) = (point::<5, 3>(2).cast::<f32>(), point::<5, 1>(3).cast::<f32>());
    agree(
        &(point::<3, 1>(1).cast::<f32>(), 0.3),
        |(w, b)| in_single_precision(w, *b, &x, &y),
        |(w, b)| in_single_precision_grad(w, *b, &x, &y),
        |(w, b)| in_single_precision_value_and_grad(w, *b, &x, &y),
    );
    let (_, slope): (SVector<f32, 3>, f32) = in_single_precision_grad(&SVector::zeros(), 0.3, &x, &y);
    assert!(slope.is_finite());
}

#[derive_grad]
fn of_one_number(x: f64) -> f64 {
    let y = x.sin();
    y * y + x
}

#[test]
fn a_function_of_one_number() {
    check!(of_one_number, of_one_number_grad, of_one_number_value_and_grad; 0.4 => |x| (*x));
}
