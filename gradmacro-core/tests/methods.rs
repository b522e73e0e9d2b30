//! The tables of methods and constructors against nalgebra itself.
//!
//! Every body below is compiled twice: by rustc with nalgebra, and by the front into a plain graph that the reference
//! evaluator computes. Both must agree; and the certificate must not find a derivative that is wrong.

use gradmacro_core::certify::Certificate;
use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::ir::Leaf;
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::{Expansion, read};
use nalgebra::*;

/// What the reference evaluator can be given.
trait Entries {
    fn entries(&self) -> Matrix;
}

impl Entries for f64 {
    fn entries(&self) -> Matrix {
        Matrix::scalar(*self)
    }
}

impl<const R: usize, const C: usize> Entries for SMatrix<f64, R, C> {
    fn entries(&self) -> Matrix {
        Matrix::build((R, C), |i, j| self[(i, j)])
    }
}

fn expansion(text: &str) -> Result<Expansion, String> {
    let item = text.parse().map_err(|error| format!("{error}"))?;
    read("wrt(x, a, m, t)".parse().unwrap(), item).map_err(|failure| {
        let errors: Vec<String> = failure.errors().iter().map(|error| error.text()).collect();
        errors.join("\n\n")
    })
}

fn compare(name: &str, text: &str, inputs: &[Matrix], want: &Matrix) {
    let expansion = expansion(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
    let mut environment = Environment::default();
    for (k, input) in (0..).zip(inputs) {
        environment.bind(Leaf::Input(k), input.clone());
    }
    let program = &expansion.program;
    let found = Evaluator::new(&program.graph, &environment).value(program.value);
    assert_eq!(found.shape(), want.shape(), "{name}: shape");
    let distance = found.zip(want, |a, b| a - b).largest();
    assert!(distance <= 1e-12 * want.largest().max(1.0), "{name}: {found:?} instead of {want:?}");
    assert!(!matches!(expansion.certificate, Certificate::Mismatch(_)), "{name}: the derivative is wrong");
}

macro_rules! agree {
    ($($name:ident: $out:ty = $body:expr;)*) => {$(
        #[test]
        fn $name() {
            #[allow(unused_variables, clippy::all)]
            fn f(x: &Vector3<f64>, y: &Vector3<f64>, a: &Matrix3<f64>, m: &SMatrix<f64, 3, 2>, t: f64, n: usize) -> $out {
                $body
            }
            let (x, y) = (Vector3::new(0.3, -0.7, 1.2), Vector3::new(0.4, 0.9, -0.2));
            let a = Matrix3::new(1.1, 0.2, -0.3, 0.4, 0.9, 0.6, -0.5, 0.8, 1.3);
            let m = SMatrix::<f64, 3, 2>::new(0.5, -0.1, 0.7, 0.25, -0.6, 0.35);
            let (t, n) = (0.65, 2);
            let text = concat!(
                "fn f(x: &Vector3<f64>, y: &Vector3<f64>, a: &Matrix3<f64>, m: &SMatrix<f64, 3, 2>, t: f64, n: usize) -> ",
                stringify!($out), " { ", stringify!($body), " }"
            );
            let inputs = [x.entries(), y.entries(), a.entries(), m.entries(), t.entries(), (n as f64).entries()];
            compare(stringify!($name), text, &inputs, &f(&x, &y, &a, &m, t, n).entries());
        }
    )*};
}

mod products {
    use super::*;
    agree! {
        transpose: SMatrix<f64, 2, 3> = m.transpose();
        adjoint: SMatrix<f64, 2, 3> = m.adjoint();
        dot: f64 = x.dot(y);
        dotc: f64 = x.dotc(&y);
        dot_of_matrices: f64 = a.dot(&(a * 2.0));
        tr_dot: f64 = x.transpose().tr_dot(y);
        tr_mul: SVector<f64, 2> = m.tr_mul(x);
        ad_mul: SMatrix<f64, 2, 2> = m.ad_mul(m);
        component_mul: Vector3<f64> = x.component_mul(y);
        component_div: Vector3<f64> = x.component_div(y);
        scale: Matrix3<f64> = a.scale(t);
        unscale: Matrix3<f64> = a.unscale(t);
        add_scalar: Matrix3<f64> = a.add_scalar(t);
        lerp: Vector3<f64> = x.lerp(y, t);
        kronecker: SMatrix<f64, 9, 6> = a.kronecker(m);
        pow: Matrix3<f64> = a.pow(3);
        pow_zero: Matrix3<f64> = a.pow(0) * t;
        cross: Vector3<f64> = x.cross(y);
        cross_of_rows: RowVector3<f64> = x.transpose().cross(&y.transpose());
        perp: f64 = x.xy().perp(&y.yz());
        cross_matrix: Matrix3<f64> = x.cross_matrix();
        by_path: f64 = Vector3::dot(&x, &y);
    }
}

mod elementwise {
    use super::*;
    agree! {
        sqrt: f64 = t.sqrt();
        recip: f64 = t.recip();
        powi: f64 = t.powi(3);
        powi_negative: f64 = t.powi(-2);
        powi_zero: f64 = t.powi(0) * t;
        powi_at_run_time: f64 = t.powi(n as i32);
        powf: f64 = t.powf(-0.5);
        powf_of_a_quotient: f64 = t.powf(1.0 / 3.0);
        powf_active: f64 = t.powf(x[0]);
        log: f64 = t.log(10.0);
        sin_cos: f64 = { let (s, c) = t.sin_cos(); s * 2.0 - c };
        mul_add: f64 = t.mul_add(x[0], x[1]);
        clamp: f64 = t.clamp(-0.5, 0.5) + x[0].clamp(-0.5, 0.5);
        to_radians: f64 = t.to_radians();
        to_degrees: f64 = t.to_degrees();
        rem_euclid: f64 = x[1].rem_euclid(t);
        many: f64 = t.exp() + t.ln() + t.tanh() + t.atan2(x[0]) + t.hypot(x[1]) + t.cbrt() + t.log2() + t.exp_m1();
        rounding: f64 = t.floor() + t.ceil() + t.round() + t.trunc() + t.fract() + x[1].signum() + t;
        larger: f64 = t.max(x[2]).min(x[0]).copysign(x[1]);
        abs: Vector3<f64> = x.abs();
        inf_and_sup: Vector3<f64> = x.inf(y) * 2.0 + x.sup(&y);
        inf_sup: Vector3<f64> = { let (low, high) = x.inf_sup(y); high - low };
        paths: f64 = f64::exp(t) + f64::max(t, x[0]) + nalgebra::ComplexField::powi(t, 2) + f64::atan2(t, 0.3);
        from_integer: f64 = f64::from(3) * t;
        lifted_log: Vector3<f64> = x.map(|v| (v * v).log(t) + v.mul_add(t, 1.0) + t.max(v) + v.clamp(-0.5, t));
        lifted_sin_cos: Vector3<f64> = x.map(|v| { let (s, c) = v.sin_cos(); s * c });
    }
}

mod closures {
    use super::*;
    agree! {
        map: SMatrix<f64, 3, 2> = m.map(|v| v.exp() * t);
        map_by_name: Vector3<f64> = x.map(f64::tanh);
        map_with_location: SMatrix<f64, 3, 2> = m.map_with_location(|i, j, v| v * v * (i as f64 + 2.0 * j as f64));
        map_diagonal: Vector3<f64> = a.map_diagonal(|v| v.sin());
        zip_map: Vector3<f64> = x.zip_map(y, |p, q| p * q.exp());
        zip_map_by_name: Vector3<f64> = x.zip_map(&y, f64::max);
        zip_zip_map: Vector3<f64> = x.zip_zip_map(y, &(x * 2.0), |p, q, r| p * q - r);
    }
}

mod reductions {
    use super::*;
    agree! {
        trace: f64 = a.trace();
        sum: f64 = m.sum();
        mean: f64 = m.mean();
        variance: f64 = m.variance();
        product: f64 = m.product();
        row_sum: RowVector2<f64> = m.row_sum();
        row_sum_tr: Vector2<f64> = m.row_sum_tr();
        column_sum: Vector3<f64> = m.column_sum();
        row_mean: RowVector2<f64> = m.row_mean();
        row_mean_tr: Vector2<f64> = m.row_mean_tr();
        column_mean: Vector3<f64> = m.column_mean();
        row_variance: RowVector2<f64> = m.row_variance();
        row_variance_tr: Vector2<f64> = m.row_variance_tr();
        column_variance: Vector3<f64> = m.column_variance();
        of_a_row: RowVector3<f64> = x.transpose().row_mean() + x.transpose().row_variance();
        of_a_column: Vector3<f64> = x.column_mean() + x.column_variance() + x.column_sum();
        extrema: f64 = a.max() + 2.0 * a.min() + 3.0 * a.amax() + 4.0 * a.amin() + a.camax() + a.camin();
    }
}

mod norms {
    use super::*;
    agree! {
        norm: f64 = m.norm() + x.magnitude();
        norm_squared: f64 = m.norm_squared() + x.magnitude_squared();
        normalize: Vector3<f64> = x.normalize();
        metric_distance: f64 = x.metric_distance(y);
        lp_norm: f64 = x.lp_norm(3) + x.lp_norm(1) + x.lp_norm(2) + x.lp_norm(-1);
        apply_norm: f64 = m.apply_norm(&EuclideanNorm) + m.apply_norm(&UniformNorm) + m.apply_norm(&LpNorm(4));
        apply_metric_distance: f64 = x.apply_metric_distance(y, &UniformNorm);
        one_norm: f64 = m.one_norm();
    }
}

mod structure {
    use super::*;
    agree! {
        diagonal: Vector3<f64> = a.diagonal();
        triangles: Matrix3<f64> = a.upper_triangle() * 2.0 + a.lower_triangle();
        symmetric_part: Matrix3<f64> = a.symmetric_part();
        push: Vector4<f64> = x.push(t);
        to_homogeneous: Vector4<f64> = x.to_homogeneous();
        square_to_homogeneous: Matrix4<f64> = a.to_homogeneous();
        insert_row: SMatrix<f64, 4, 2> = m.insert_row(1, t);
        insert_row_at_the_end: SMatrix<f64, 4, 2> = m.insert_row(3, t);
        insert_column: Matrix3<f64> = m.insert_column(0, t);
        remove_row: SMatrix<f64, 2, 2> = m.remove_row(1);
        remove_last_row: SMatrix<f64, 2, 2> = m.remove_row(2);
        remove_column: Vector3<f64> = m.remove_column(0);
        fixed_resize: SMatrix<f64, 2, 4> = m.fixed_resize::<2, 4>(t);
        fixed_resize_smaller: SMatrix<f64, 2, 1> = m.fixed_resize::<2, 1>(0.0);
        to_scalar: f64 = (x.transpose() * y).to_scalar() + (y.transpose() * x).into_scalar();
        copies: Vector3<f64> = x.clone() + x.clone_owned() + x.into_owned();
        sizes: f64 = m.sum() / m.len() as f64 * m.nrows() as f64 - m.ncols() as f64 * t;
        shape: f64 = { let (rows, columns) = m.shape(); t * (rows * 10 + columns) as f64 };
    }
}

mod views {
    use super::*;
    agree! {
        row: RowVector2<f64> = m.row(1).into_owned();
        column: Vector3<f64> = m.column(1).into_owned();
        rows: f64 = x.rows(1, 2).norm();
        columns: f64 = a.columns(1, 2).norm_squared();
        fixed_rows: Vector2<f64> = x.fixed_rows::<2>(1).into_owned();
        fixed_columns: SMatrix<f64, 3, 2> = a.fixed_columns::<2>(1).into_owned();
        fixed_view: Matrix2<f64> = a.fixed_view::<2, 2>(1, 0).into_owned();
        view: f64 = a.view((0, 1), (2, 2)).sum();
        swizzles: f64 = x.xy().norm() + x.zyx().dot(y) + x.xxz().norm() + x.yz().sum();
        row_that_runs: f64 = (0..3).map(|i| a.row(i).norm() * a.column(i).sum()).sum::<f64>();
        view_that_runs: f64 = (0..2).map(|i| x.fixed_rows::<2>(i).norm()).sum::<f64>();
    }
}

mod constructors {
    use super::*;
    agree! {
        zeros: Vector3<f64> = SVector::<f64, 3>::zeros() + Vector3::zeros() + x;
        zeros_expected: Vector3<f64> = { let z: SVector<f64, 3> = SVector::zeros(); z + x };
        identity: Matrix3<f64> = Matrix3::identity() * t + SMatrix::<f64, 3, 3>::identity();
        rectangular_identity: SMatrix<f64, 3, 2> = SMatrix::<f64, 3, 2>::identity() * t;
        from_element: Matrix2<f64> = Matrix2::from_element(t) + Matrix2::repeat(2.0 * t);
        from_fn: SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_fn(|i, j| x[i] * t + j as f64);
        new_vector: Vector2<f64> = Vector2::new(t, x[0]);
        new_matrix: Matrix2x3<f64> = Matrix2x3::new(t, 1.0, 2.0, x[0], x[1], x[2]);
        new_sized: SVector<f64, 2> = SVector::<f64, 2>::new(t, t * t);
        new_row: RowVector3<f64> = RowVector3::new(t, 0.0, 1.0);
        from_array: Vector3<f64> = Vector3::from([t, x[0], 1.0]);
        from_nested_array: SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from([[t, 1.0], [2.0, x[0]], [x[1], 3.0]]);
        array_into: Vector3<f64> = { let v: Vector3<f64> = [t, x[0], 1.0].into(); v * 2.0 };
        from_rows: SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_rows(&[x.transpose(), y.transpose()]);
        from_columns: SMatrix<f64, 3, 2> = SMatrix::<f64, 3, 2>::from_columns(&[*x, *y * t]);
        from_row_slice: Matrix2<f64> = Matrix2::from_row_slice(&[t, 1.0, 2.0, x[0]]);
        from_column_slice: Matrix2<f64> = Matrix2::from_column_slice(&[t, 1.0, 2.0, x[0]]);
        from_diagonal: Matrix3<f64> = Matrix3::from_diagonal(x);
        from_diagonal_open: Matrix3<f64> = SMatrix::from_diagonal(&(x * t));
        from_diagonal_element: Matrix3<f64> = Matrix3::from_diagonal_element(t);
        units: Vector3<f64> = Vector3::x() * t + Vector3::y() * x[0] + Vector3::z();
        ith: Vector3<f64> = Vector3::ith(1, t);
        axes: Vector3<f64> = Vector3::x_axis().into_inner() * t;
    }
}

/// Misuse: the body, the error it must end in, and the fragments of its text.
const MISUSE: &[(&str, &[&str])] = &[
    ("x.powi(2).sum()", &["`powi` is a function of a scalar", "`x` is 3×1", "x.map(|v| v.powi(2))", "x.norm_squared()"]),
    ("x.max(y)", &["`max` is a function of a scalar", "x.sup(y)"]),
    ("x.exp().sum()", &["matrix exponential", "`x` is 3×1", "x.map(|v| v.exp())"]),
    ("m.trace()", &["`trace` needs a square matrix", "`m` is 3×2", "m.norm_squared()"]),
    ("m.determinant().abs()", &["`determinant` needs a square matrix", "`m` is 3×2", "m.transpose() * m"]),
    ("a.determinant()", &["`determinant`", "not yet available", "later version"]),
    ("x.xy().cross(&y.xy()).norm()", &["`cross` needs vectors of 3 entries", "2×1", "x.xy().perp(y.xy())"]),
    ("x.fixed_rows::<3>(4).norm()", &["rows 4..7 are out of range for `x`, which has 3 rows", "did you mean `x.fixed_rows::<3>(0)`?"]),
    ("a.fixed_view::<2, 2>(2, 3).sum()", &["view of rows 2..4 and columns 3..5 is out of range for `a`, which is 3×3", "(1, 1)"]),
    ("x.rows(0, n).norm_squared()", &["the size of this view is known only at run time", "fixed_rows::<K>(0)", "`n` is a parameter"]),
    ("a.row(3).sum()", &["row 3 is out of range for `a`, which has 3 rows", "a.row(2)"]),
    ("(0..3).map(|i| a.row(i + 1).sum()).sum::<f64>()", &["index `i + 1` reaches 3"]),
    ("x[x.imax()]", &["`imax` is an index that depends on `x`", "x.max()"]),
    ("a.rank(1e-9) as f64 * t", &["`rank` is an integer that depends on `a`"]),
    ("f64::from_bits(t.to_bits())", &["`to_bits` of a value that depends on `t`", "t.sqrt().recip()"]),
    ("Matrix2::new(t, 1.0, 2.0).sum()", &["`Matrix2::new` takes 4 entries, row by row; 3 were given", "2 rows of 2 entries", "add the missing entry"]),
    ("x.dot(&m.column(0).transpose())", &["`dot` needs two matrices of one shape: left is 3×1, right is 1×3"]),
    ("x.dot()", &["`dot` takes 1 argument; 0 were given"]),
    ("t.norm()", &["`norm` is a method of matrices, but `t` is a scalar", "t.abs()"]),
    ("t.atan2()", &["`atan2` takes 1 argument; 0 were given"]),
    ("(m.tr_mul(&x.xy())).sum()", &["left is 3×2, right is 2×1", "3 against 2"]),
    ("(SVector::zeros() + x).sum()", &["the size of `SVector::zeros` is not known here"]),
    ("a.pow(n as u32).trace()", &["known only at run time"]),
    ("x.map(|v| Vector2::new(v, 1.0).norm()).sum()", &["closure over entries"]),
    ("m.to_scalar()", &["`to_scalar` needs a 1×1 matrix, but `m` is 3×2"]),
    ("x.xy().xyz().sum()", &["`xyz` needs a vector of at least 3 entries"]),
];

#[test]
fn misuse_is_explained_once() {
    for (body, fragments) in MISUSE {
        let text = format!(
            "fn f(x: &Vector3<f64>, y: &Vector3<f64>, a: &Matrix3<f64>, m: &SMatrix<f64, 3, 2>, t: f64, n: usize) -> f64 {{ {body} }}"
        );
        let Err(errors) = expansion(&text) else { panic!("`{body}` is accepted") };
        assert!(!errors.contains("\n\n"), "`{body}` gives several errors:\n{errors}");
        for fragment in *fragments {
            assert!(errors.contains(fragment), "`{body}`: no `{fragment}` in\n{errors}");
        }
    }
}
