//! The tables of methods and constructors against nalgebra itself.
//!
//! Every body below is compiled twice: by rustc with nalgebra, and by the front into a plain graph that the reference
//! evaluator computes. Both must agree; and the certificate must not find a derivative that is wrong.

#![expect(clippy::clone_on_copy, reason = "the bodies are what users write")]
#![expect(clippy::toplevel_ref_arg, reason = "nalgebra's `stack!` expands to it")]

use gradmacro_core::certify::Certificate;
use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::ir::{Dim, Leaf};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::{Expansion, read};
use nalgebra::*;

/// What the reference evaluator can be given.
trait Entries {
    fn entries(&self) -> Matrix;
}

impl Entries for usize {
    fn entries(&self) -> Matrix {
        Matrix::scalar(*self as f64)
    }
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

/// The parameters that a body may read: their types and values.
macro_rules! parameter {
    (type x) => { &Vector3<f64> };
    (type y) => { &Vector3<f64> };
    (type a) => { &Matrix3<f64> };
    (type m) => { &SMatrix<f64, 3, 2> };
    (type t) => { f64 };
    (type n) => { usize };
    (x) => { Vector3::new(0.3, -0.7, 1.2) };
    (y) => { Vector3::new(0.4, 0.9, -0.2) };
    (a) => { Matrix3::new(1.1, 0.2, -0.3, 0.4, 0.9, 0.6, -0.5, 0.8, 1.3) };
    (m) => { SMatrix::<f64, 3, 2>::new(0.5, -0.1, 0.7, 0.25, -0.6, 0.35) };
    (t) => { 0.65 };
    (n) => { 2 };
    (pass t) => { parameter!(t) };
    (pass n) => { parameter!(n) };
    (pass $name:ident) => { &parameter!($name) };
}

macro_rules! agree {
    ($($name:ident($($p:ident),*) -> $out:ty = $body:expr;)*) => {$(
        #[test]
        fn $name() {
            fn f($($p: parameter!(type $p)),*) -> $out {
                $body
            }
            let parameters = [$((stringify!($p), parameter!($p).entries())),*];
            let want = f($(parameter!(pass $p)),*).entries();
            compare(stringify!($name), &weighed(stringify!($out), stringify!($body)), &parameters, weigh(&want));
        }
    )*};
}

/// The types of the parameters in the text that the front reads.
const TYPES: &[(&str, &str)] = &[
    ("x", "&Vector3<f64>"),
    ("y", "&Vector3<f64>"),
    ("a", "&Matrix3<f64>"),
    ("m", "&SMatrix<f64, 3, 2>"),
    ("t", "f64"),
    ("n", "usize"),
];

/// A function with these parameters.
fn function(names: &[&str], body: &str) -> String {
    let typed = TYPES.iter().filter(|(name, _)| names.contains(name));
    let parameters: Vec<String> = typed.map(|(name, ty)| format!("{name}: {ty}")).collect();
    format!("fn f({}) {body}", parameters.join(", "))
}

fn expansion(names: &[&str], body: &str) -> Result<Expansion, String> {
    let differentiated: Vec<&str> = names.iter().copied().filter(|name| *name != "n").collect();
    let attribute = format!("wrt({})", differentiated.join(", "));
    let (attribute, item) = (attribute.parse().unwrap(), function(names, body).parse().unwrap());
    read(attribute, item).map_err(|failure| {
        let errors: Vec<String> = failure.errors().iter().map(|error| error.text()).collect();
        errors.join("\n\n")
    })
}

fn compare(name: &str, body: &str, parameters: &[(&str, Matrix)], want: f64) {
    let names: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
    let expansion = expansion(&names, body).unwrap_or_else(|errors| panic!("{name}: {errors}"));
    let mut environment = Environment::default();
    for (k, (_, value)) in (0..).zip(parameters) {
        environment.bind(Leaf::Input(k), value.clone());
    }
    let program = &expansion.program;
    let found = Evaluator::new(&program.graph, &environment).value(program.value).value();
    assert!((found - want).abs() <= 1e-12 * want.abs().max(1.0), "{name}: {found} instead of {want}");
    assert!(!matches!(expansion.certificate, Certificate::Mismatch(_)), "{name}: the derivative is wrong");
}

/// A body with a scalar result: a matrix is weighed, so that no two entries can be exchanged.
fn weighed(output: &str, body: &str) -> String {
    match output {
        "f64" => format!("-> f64 {{ {body} }}"),
        _ => format!(
            "-> f64 {{ let value: {output} = {body}; \
             value.map_with_location(|i, j, v| v * (1.0 + i as f64 + 10.0 * j as f64)).sum() }}"
        ),
    }
}

fn weigh(value: &Matrix) -> f64 {
    Matrix::build(value.shape(), |i, j| value.at(i, j) * (1.0 + i as f64 + 10.0 * j as f64)).sum()
}

mod products {
    use super::*;
    agree! {
        transpose(m) -> SMatrix<f64, 2, 3> = m.transpose();
        adjoint(m) -> SMatrix<f64, 2, 3> = m.adjoint();
        dot(x, y) -> f64 = x.dot(y);
        dotc(x, y) -> f64 = x.dotc(y);
        dot_of_matrices(a) -> f64 = a.dot(&(a * 2.0));
        tr_dot(x, y) -> f64 = x.transpose().tr_dot(y);
        tr_mul(x, m) -> SVector<f64, 2> = m.tr_mul(x);
        ad_mul(m) -> SMatrix<f64, 2, 2> = m.ad_mul(m);
        component_mul(x, y) -> Vector3<f64> = x.component_mul(y);
        component_div(x, y) -> Vector3<f64> = x.component_div(y);
        scale(a, t) -> Matrix3<f64> = a.scale(t);
        unscale(a, t) -> Matrix3<f64> = a.unscale(t);
        add_scalar(a, t) -> Matrix3<f64> = a.add_scalar(t);
        lerp(x, y, t) -> Vector3<f64> = x.lerp(y, t);
        kronecker(a, m) -> SMatrix<f64, 9, 6> = a.kronecker(m);
        pow(a) -> Matrix3<f64> = a.pow(3);
        pow_zero(a, t) -> Matrix3<f64> = a.pow(0) * t;
        cross(x, y) -> Vector3<f64> = x.cross(y);
        cross_of_rows(x, y) -> RowVector3<f64> = x.transpose().cross(&y.transpose());
        perp(x, y) -> f64 = x.xy().perp(&y.yz());
        cross_matrix(x) -> Matrix3<f64> = x.cross_matrix();
        by_path(x, y) -> f64 = Vector3::dot(x, y);
    }
}

mod elementwise {
    use super::*;
    agree! {
        sqrt(t) -> f64 = t.sqrt();
        recip(t) -> f64 = t.recip();
        powi(t) -> f64 = t.powi(3);
        powi_negative(t) -> f64 = t.powi(-2);
        powi_zero(t) -> f64 = t.powi(0) * t;
        powi_at_run_time(t, n) -> f64 = t.powi(n as i32);
        powf(t) -> f64 = t.powf(-0.5);
        powf_of_a_quotient(t) -> f64 = t.powf(1.0 / 3.0);
        powf_active(x, t) -> f64 = t.powf(x[0]);
        log(t) -> f64 = t.log(10.0);
        sin_cos(t) -> f64 = { let (s, c) = t.sin_cos(); s * 2.0 - c };
        mul_add(x, t) -> f64 = t.mul_add(x[0], x[1]);
        clamp(x, t) -> f64 = t.clamp(-0.5, 0.5) + x[0].clamp(-0.5, 0.5);
        to_radians(t) -> f64 = t.to_radians();
        to_degrees(t) -> f64 = t.to_degrees();
        rem_euclid(x, t) -> f64 = x[1].rem_euclid(t);
        many(x, t) -> f64 = t.exp() + t.ln() + t.tanh() + t.atan2(x[0]) + t.hypot(x[1]) + t.cbrt() + t.log2() + t.exp_m1();
        rounding(x, t) -> f64 = t.floor() + t.ceil() + t.round() + t.trunc() + t.fract() + x[1].signum() + t;
        larger(x, t) -> f64 = t.max(x[2]).min(x[0]).copysign(x[1]);
        abs(x) -> Vector3<f64> = x.abs();
        inf_and_sup(x, y) -> Vector3<f64> = x.inf(y) * 2.0 + x.sup(y);
        inf_sup(x, y) -> Vector3<f64> = { let (low, high) = x.inf_sup(y); high - low };
        paths(x, t) -> f64 = f64::exp(t) + f64::max(t, x[0]) + ComplexField::powi(t, 2) + f64::atan2(t, 0.3);
        from_integer(t) -> f64 = f64::from(3) * t;
        lifted_log(x, t) -> Vector3<f64> = x.map(|v| (v * v).log(t) + v.mul_add(t, 1.0) + t.max(v) + v.clamp(-0.5, t));
        lifted_sin_cos(x) -> Vector3<f64> = x.map(|v| { let (s, c) = v.sin_cos(); s * c });
    }
}

mod closures {
    use super::*;
    agree! {
        map(m, t) -> SMatrix<f64, 3, 2> = m.map(|v| v.exp() * t);
        map_by_name(x) -> Vector3<f64> = x.map(f64::tanh);
        map_with_location(m) -> SMatrix<f64, 3, 2> = m.map_with_location(|i, j, v| v * v * (i as f64 + 2.0 * j as f64));
        map_diagonal(a) -> Vector3<f64> = a.map_diagonal(|v| v.sin());
        zip_map(x, y) -> Vector3<f64> = x.zip_map(y, |p, q| p * q.exp());
        zip_map_by_name(x, y) -> Vector3<f64> = x.zip_map(y, f64::max);
        zip_zip_map(x, y) -> Vector3<f64> = x.zip_zip_map(y, &(x * 2.0), |p, q, r| p * q - r);
    }
}

mod reductions {
    use super::*;
    agree! {
        trace(a) -> f64 = a.trace();
        sum(m) -> f64 = m.sum();
        mean(m) -> f64 = m.mean();
        variance(m) -> f64 = m.variance();
        product(m) -> f64 = m.product();
        row_sum(m) -> RowVector2<f64> = m.row_sum();
        row_sum_tr(m) -> Vector2<f64> = m.row_sum_tr();
        column_sum(m) -> Vector3<f64> = m.column_sum();
        row_mean(m) -> RowVector2<f64> = m.row_mean();
        row_mean_tr(m) -> Vector2<f64> = m.row_mean_tr();
        column_mean(m) -> Vector3<f64> = m.column_mean();
        row_variance(m) -> RowVector2<f64> = m.row_variance();
        row_variance_tr(m) -> Vector2<f64> = m.row_variance_tr();
        column_variance(m) -> Vector3<f64> = m.column_variance();
        of_a_row(x) -> RowVector3<f64> = x.transpose().row_mean() + x.transpose().row_variance();
        of_a_column(x) -> Vector3<f64> = x.column_mean() + x.column_variance() + x.column_sum();
        extrema(a) -> f64 = a.max() + 2.0 * a.min() + 3.0 * a.amax() + 4.0 * a.amin() + a.camax() + a.camin();
    }
}

mod norms {
    use super::*;
    agree! {
        norm(x, m) -> f64 = m.norm() + x.magnitude();
        norm_squared(x, m) -> f64 = m.norm_squared() + x.magnitude_squared();
        normalize(x) -> Vector3<f64> = x.normalize();
        metric_distance(x, y) -> f64 = x.metric_distance(y);
        lp_norm(x) -> f64 = x.lp_norm(3) + x.lp_norm(1) + x.lp_norm(2) + x.lp_norm(-1);
        apply_norm(m) -> f64 = m.apply_norm(&EuclideanNorm) + m.apply_norm(&UniformNorm) + m.apply_norm(&LpNorm(4));
        apply_metric_distance(x, y) -> f64 = x.apply_metric_distance(y, &UniformNorm);
        one_norm(m) -> f64 = m.one_norm();
    }
}

mod structure {
    use super::*;
    agree! {
        diagonal(a) -> Vector3<f64> = a.diagonal();
        triangles(a) -> Matrix3<f64> = a.upper_triangle() * 2.0 + a.lower_triangle();
        symmetric_part(a) -> Matrix3<f64> = a.symmetric_part();
        push(x, t) -> Vector4<f64> = x.push(t);
        to_homogeneous(x) -> Vector4<f64> = x.to_homogeneous();
        square_to_homogeneous(a) -> Matrix4<f64> = a.to_homogeneous();
        insert_row(m, t) -> SMatrix<f64, 4, 2> = m.insert_row(1, t);
        insert_row_at_the_end(m, t) -> SMatrix<f64, 4, 2> = m.insert_row(3, t);
        insert_column(m, t) -> Matrix3<f64> = m.insert_column(0, t);
        remove_row(m) -> SMatrix<f64, 2, 2> = m.remove_row(1);
        remove_last_row(m) -> SMatrix<f64, 2, 2> = m.remove_row(2);
        remove_column(m) -> Vector3<f64> = m.remove_column(0);
        fixed_resize(m, t) -> SMatrix<f64, 2, 4> = m.fixed_resize::<2, 4>(t);
        fixed_resize_smaller(m) -> SMatrix<f64, 2, 1> = m.fixed_resize::<2, 1>(0.0);
        to_scalar(x, y) -> f64 = (x.transpose() * y).to_scalar() + (y.transpose() * x).into_scalar();
        copies(x) -> Vector3<f64> = x.clone() + x.clone_owned() + x.into_owned();
        sizes(m, t) -> f64 = m.sum() / m.len() as f64 * m.nrows() as f64 - m.ncols() as f64 * t;
        shape(m, t) -> f64 = { let (rows, columns) = m.shape(); t * (rows * 10 + columns) as f64 };
    }
}

mod views {
    use super::*;
    agree! {
        row(m) -> RowVector2<f64> = m.row(1).into_owned();
        column(m) -> Vector3<f64> = m.column(1).into_owned();
        rows(x) -> f64 = x.rows(1, 2).norm();
        columns(a) -> f64 = a.columns(1, 2).norm_squared();
        fixed_rows(x) -> Vector2<f64> = x.fixed_rows::<2>(1).into_owned();
        fixed_columns(a) -> SMatrix<f64, 3, 2> = a.fixed_columns::<2>(1).into_owned();
        fixed_view(a) -> Matrix2<f64> = a.fixed_view::<2, 2>(1, 0).into_owned();
        view(a) -> f64 = a.view((0, 1), (2, 2)).sum();
        swizzles(x, y) -> f64 = x.xy().norm() + x.zyx().dot(y) + x.xxz().norm() + x.yz().sum();
        row_that_runs(a) -> f64 = (0..3).map(|i| a.row(i).norm() * a.column(i).sum()).sum::<f64>();
        view_that_runs(x) -> f64 = (0..2).map(|i| x.fixed_rows::<2>(i).norm()).sum::<f64>();
    }
}

mod systems {
    use super::*;
    agree! {
        determinant(a) -> f64 = a.determinant();
        try_inverse(a) -> Matrix3<f64> = a.try_inverse().unwrap();
        inverse_of_a_number(t) -> SMatrix<f64, 1, 1> = SMatrix::<f64, 1, 1>::new(t).try_inverse().unwrap();
        expected_inverse(a) -> Matrix3<f64> = a.try_inverse().expect("it has one");
        inverse_twice(x, a) -> f64 = a.try_inverse().unwrap().norm() + (a.try_inverse().unwrap() * x).norm();
        lu(x, a) -> Vector3<f64> = a.lu().solve(x).unwrap();
        lu_of_matrices(a, m) -> SMatrix<f64, 3, 2> = a.lu().solve(m).expect("solved");
        lu_inverse(a) -> Matrix3<f64> = a.lu().try_inverse().unwrap() * a.lu().determinant();
        full_piv_lu(x, a) -> Vector3<f64> = { let lu = a.full_piv_lu(); lu.solve(x).unwrap() * lu.determinant() };
        full_piv_lu_inverse(a) -> Matrix3<f64> = a.full_piv_lu().try_inverse().unwrap();
        qr(x, a) -> Vector3<f64> = a.qr().solve(x).unwrap() + a.qr().try_inverse().unwrap() * x;
        cholesky(x, a) -> Vector3<f64> = (a * a.transpose() + Matrix3::identity()).cholesky().unwrap().solve(x);
        cholesky_of_matrices(a, m) -> SMatrix<f64, 3, 2> = (a * a.transpose() + Matrix3::identity()).cholesky().expect("definite").solve(m);
        cholesky_inverse(a) -> Matrix3<f64> = (a * a.transpose() + Matrix3::identity()).cholesky().unwrap().inverse();
        cholesky_determinants(a) -> f64 = { let c = (a * a.transpose() + Matrix3::identity()).cholesky().unwrap(); c.determinant() + c.ln_determinant() };
        cholesky_factor(a) -> Matrix3<f64> = { let c = (a * a.transpose() + Matrix3::identity()).cholesky().unwrap(); c.l() + c.clone().unpack() };
        cholesky_reads_the_lower_triangle(x, a) -> Vector3<f64> = (a + Matrix3::identity() * 3.0).cholesky().unwrap().solve(x);
        lower(x, a) -> Vector3<f64> = a.solve_lower_triangular(x).unwrap();
        upper(x, a) -> Vector3<f64> = a.solve_upper_triangular(x).unwrap();
        transposed_lower(x, a) -> Vector3<f64> = a.tr_solve_lower_triangular(x).unwrap() + a.ad_solve_lower_triangular(x).unwrap();
        transposed_upper(a, m) -> SMatrix<f64, 3, 2> = a.tr_solve_upper_triangular(m).unwrap() + a.ad_solve_upper_triangular(m).unwrap();
        unchecked(x, a) -> Vector3<f64> = a.solve_lower_triangular_unchecked(x) + a.solve_upper_triangular_unchecked(x);
        unchecked_transposed(x, a) -> Vector3<f64> = a.tr_solve_lower_triangular_unchecked(x) + a.tr_solve_upper_triangular_unchecked(x);
        unchecked_adjoint(x, a) -> Vector3<f64> = a.ad_solve_lower_triangular_unchecked(x) + a.ad_solve_upper_triangular_unchecked(x);
        pseudo_inverse(m) -> SMatrix<f64, 2, 3> = m.pseudo_inverse(1e-9).unwrap() + m.pseudo_inverse(1e-9).ok().unwrap();
        singular_values(m) -> Vector2<f64> = m.singular_values() + m.svd(true, true).singular_values;
        singular_values_unordered(m) -> f64 = m.singular_values_unordered().sum() + m.svd_unordered(false, false).singular_values.norm();
        exponential(a) -> Matrix3<f64> = (a * 0.3).exp();
        eigenvalues(a) -> f64 = a.symmetric_eigenvalues().map(|v| v.exp()).sum() + a.symmetric_eigen().eigenvalues.product();
        extreme_eigenvalues(a) -> f64 = { let l = a.symmetric_eigenvalues(); l.max() + 2.0 * l.min() + l.dot(&l) + (l * 2.0).norm() };
        iterated_eigenvalues(a) -> f64 = a.symmetric_eigenvalues().iter().map(|v| v * v * v).sum::<f64>();
        folded_eigenvalues(a) -> f64 = a.symmetric_eigenvalues().iter().fold(0.0, |s, v| s + v.powi(2));
        largest_folded(a) -> f64 = a.symmetric_eigenvalues().iter().copied().fold(f64::NEG_INFINITY, f64::max);
        declared_eigenvalues(a, t) -> f64 = { let l: Vector3<f64> = -a.symmetric_eigenvalues().abs(); (l / t).component_mul(&(l / t)).mean() };
        summed(x, a) -> f64 = (0..3).map(|i| ((a + Matrix3::identity() * (i as f64)).try_inverse().unwrap() * x).norm()).sum::<f64>();
        zipped(x, y, a) -> f64 = (0..3).map(|i| (a * (1.0 + i as f64)).lu().solve(x).unwrap()).zip(y.iter()).map(|(v, w)| v.norm() * w).sum::<f64>();
        from_a_function(x, a) -> Vector3<f64> = { fn solve(a: &Matrix3<f64>, x: &Vector3<f64>) -> Option<Vector3<f64>> { a.lu().solve(x) } solve(a, x).unwrap() };
        by_type(x, a) -> f64 = LU::new(*a).solve(x).unwrap().norm() + QR::new(a + a).try_inverse().unwrap().trace();
        by_type_of_symmetric(a) -> f64 = Cholesky::new(a * a.transpose()).unwrap().ln_determinant() + SymmetricEigen::new(*a).eigenvalues.max();
        some(t) -> f64 = { fn twice(t: f64) -> Option<f64> { Some(2.0 * t) } twice(t).unwrap() };
    }
}

mod constructors {
    use super::*;
    agree! {
        zeros(x) -> Vector3<f64> = SVector::<f64, 3>::zeros() + Vector3::zeros() + x;
        zeros_expected(x) -> Vector3<f64> = { let z: SVector<f64, 3> = SVector::zeros(); z + x };
        identity(t) -> Matrix3<f64> = Matrix3::identity() * t + SMatrix::<f64, 3, 3>::identity();
        rectangular_identity(t) -> SMatrix<f64, 3, 2> = SMatrix::<f64, 3, 2>::identity() * t;
        from_element(t) -> Matrix2<f64> = Matrix2::from_element(t) + Matrix2::repeat(2.0 * t);
        from_fn(x, t) -> SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_fn(|i, j| x[i] * t + j as f64);
        new_vector(x, t) -> Vector2<f64> = Vector2::new(t, x[0]);
        new_matrix(x, t) -> Matrix2x3<f64> = Matrix2x3::new(t, 1.0, 2.0, x[0], x[1], x[2]);
        new_sized(t) -> SVector<f64, 2> = SVector::<f64, 2>::new(t, t * t);
        new_row(t) -> RowVector3<f64> = RowVector3::new(t, 0.0, 1.0);
        from_array(x, t) -> Vector3<f64> = Vector3::from([t, x[0], 1.0]);
        from_nested_array(x, t) -> SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from([[t, 1.0], [2.0, x[0]], [x[1], 3.0]]);
        array_into(x, t) -> Vector3<f64> = { let v: Vector3<f64> = [t, x[0], 1.0].into(); v * 2.0 };
        from_rows(x, y) -> SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_rows(&[x.transpose(), y.transpose()]);
        from_columns(x, y, t) -> SMatrix<f64, 3, 2> = SMatrix::<f64, 3, 2>::from_columns(&[*x, *y * t]);
        from_row_slice(x, t) -> Matrix2<f64> = Matrix2::from_row_slice(&[t, 1.0, 2.0, x[0]]);
        from_column_slice(x, t) -> Matrix2<f64> = Matrix2::from_column_slice(&[t, 1.0, 2.0, x[0]]);
        from_slice_of_entries(m) -> SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_row_slice(m.as_slice());
        from_iterator(m) -> Matrix2<f64> = Matrix2::from_iterator(m.iter().map(|v| v * v));
        from_row_iterator(m) -> SMatrix<f64, 2, 3> = SMatrix::<f64, 2, 3>::from_row_iterator(m.iter().copied());
        fold(m) -> f64 = m.fold(0.5, |s, v| s + v.sin());
        from_diagonal(x) -> Matrix3<f64> = Matrix3::from_diagonal(x);
        from_diagonal_open(x, t) -> Matrix3<f64> = SMatrix::from_diagonal(&(x * t));
        from_diagonal_element(t) -> Matrix3<f64> = Matrix3::from_diagonal_element(t);
        units(x, t) -> Vector3<f64> = Vector3::x() * t + Vector3::y() * x[0] + Vector3::z();
        ith(t) -> Vector3<f64> = Vector3::ith(1, t);
        stacked_in_a_row(x, y) -> SMatrix<f64, 3, 2> = stack![x, y];
        stacked(x, a, m) -> SMatrix<f64, 4, 3> = stack![a; x.transpose()] + stack![m, x; 0, matrix![x.y]];
        stacked_with_zeros(a, m) -> SMatrix<f64, 6, 5> = stack![a, 0; 0, m];
        axes(t) -> Vector3<f64> = Vector3::x_axis().into_inner() * t;
    }
}

/// Misuse: the body, the error it must end in, and the fragments of its text.
const MISUSE: &[(&str, &[&str])] = &[
    (
        "x.powi(2).sum()",
        &["`powi` is a function of a scalar", "`x` is 3×1", "x.map(|v| v.powi(2))", "x.norm_squared()"],
    ),
    ("x.max(y)", &["`max` is a function of a scalar", "x.sup(y)"]),
    ("x.exp().sum()", &["matrix exponential", "`x` is 3×1", "x.map(|v| v.exp())"]),
    ("m.trace()", &["`trace` needs a square matrix", "`m` is 3×2", "m.norm_squared()"]),
    ("m.determinant().abs()", &["`determinant` needs a square matrix", "`m` is 3×2", "m.transpose() * m"]),
    (
        "a.schur().eigenvalues().unwrap().sum()",
        &["`schur` of a value that depends on `a`", "a.symmetric_eigenvalues()"],
    ),
    ("x.xy().cross(&y.xy()).norm()", &["`cross` needs vectors of 3 entries", "2×1", "x.xy().perp(y.xy())"]),
    (
        "x.fixed_rows::<3>(4).norm()",
        &["rows 4..7 are out of range for `x`, which has 3 rows", "did you mean `x.fixed_rows::<3>(0)`?"],
    ),
    (
        "a.fixed_view::<2, 2>(2, 3).sum()",
        &["view of rows 2..4 and columns 3..5 is out of range for `a`, which is 3×3", "(1, 1)"],
    ),
    (
        "x.rows(0, n).norm_squared()",
        &["the size of this view is known only at run time", "fixed_rows::<K>(0)", "`n` is a parameter"],
    ),
    ("a.row(3).sum()", &["row 3 is out of range for `a`, which has 3 rows", "a.row(2)"]),
    ("(0..3).map(|i| a.row(i + 1).sum()).sum::<f64>()", &["index `i + 1` reaches 3"]),
    ("x[x.imax()]", &["`imax` is an index that depends on `x`", "x.max()"]),
    ("a.rank(1e-9) as f64 * t", &["`rank` is an integer that depends on `a`"]),
    ("f64::from_bits(t.to_bits())", &["`to_bits` of a value that depends on `t`", "t.sqrt().recip()"]),
    (
        "Matrix2::new(t, 1.0, 2.0).sum()",
        &[
            "`Matrix2::new` takes 4 entries, row by row; 3 were given",
            "2 rows of 2 entries",
            "add the missing entry",
        ],
    ),
    (
        "x.dot(&m.column(0).transpose())",
        &["`dot` needs two matrices of one shape: left is 3×1, right is 1×3"],
    ),
    ("x.dot()", &["`dot` takes 1 argument; 0 were given"]),
    ("t.norm()", &["`norm` is a method of matrices, but `t` is a scalar", "t.abs()"]),
    ("t.atan2()", &["`atan2` takes 1 argument; 0 were given"]),
    ("(m.tr_mul(&x.xy())).sum()", &["left is 3×2, right is 2×1", "3 against 2"]),
    (
        "SVector::repeat(t).sum()",
        &["the size of `SVector::repeat` is not known here", "SVector::<f64, 3>::repeat(..)"],
    ),
    ("a.pow(n as u32).trace()", &["known only at run time"]),
    ("m.to_scalar()", &["`to_scalar` needs a 1×1 matrix, but `m` is 3×2"]),
    ("SMatrix::<f64, 3, 2>::from_diagonal(x).sum()", &["makes a square matrix, but this is 3×2"]),
    (
        "Matrix2::from_diagonal(x).sum()",
        &["`Matrix2::from_diagonal` makes 2×2, but its arguments are for 3×3"],
    ),
    ("x.xy().xyz().sum()", &["`xyz` needs a vector of at least 3 entries"]),
];

#[test]
fn misuse_is_explained_once() {
    for (body, fragments) in MISUSE {
        let body_text = format!("-> f64 {{ {body} }}");
        let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        let Err(errors) = expansion(&names, &body_text) else { panic!("`{body}` is accepted") };
        assert!(!errors.contains("\n\n"), "`{body}` gives several errors:\n{errors}");
        for fragment in *fragments {
            assert!(errors.contains(fragment), "`{body}`: no `{fragment}` in\n{errors}");
        }
    }
}

/// Bodies over a vector of N entries, and the same computed by nalgebra for N = 3.
#[test]
fn sizes_may_be_names() {
    let x = Vector3::new(0.3, -0.7, 1.2);
    let table: &[(&str, f64)] = &[
        ("x.mean() + x.len() as f64", x.mean() + 3.0),
        ("x.variance()", x.variance()),
        ("x.normalize().sum()", x.normalize().sum()),
        ("(x * x.transpose()).row_mean().norm()", (x * x.transpose()).row_mean().norm()),
        ("x.add_scalar(2.0).fixed_rows::<2>(0).sum()", x.add_scalar(2.0).fixed_rows::<2>(0).sum()),
        ("(x + SVector::<f64, N>::repeat(0.5)).lp_norm(3)", (x + Vector3::repeat(0.5)).lp_norm(3)),
        ("SMatrix::<f64, N, N>::identity().trace() * x.max()", 3.0 * x.max()),
    ];
    for (body, want) in table {
        let item = format!("fn f<const N: usize>(x: &SVector<f64, N>) -> f64 {{ {body} }}");
        let expansion = read("".parse().unwrap(), item.parse().unwrap());
        let Ok(expansion) = expansion else { panic!("`{body}` is refused") };
        let mut environment = Environment::default();
        environment.bind(Leaf::Input(0), x.entries());
        environment.extents.insert(Dim::Parameter("N"), 3);
        let program = &expansion.program;
        let found = Evaluator::new(&program.graph, &environment).value(program.value).value();
        assert!((found - want).abs() <= 1e-12, "`{body}`: {found} instead of {want}");
        assert!(
            !matches!(expansion.certificate, Certificate::Mismatch(_)),
            "`{body}`: the derivative is wrong"
        );
    }
}

/// What is kept gets its type from the method it is used with.
#[test]
fn receivers_of_unknown_type_follow_their_arguments() {
    for body in [
        "c.target.dot(x)",
        "c.limit.min(x[0])",
        "c.limit.powf(x[1]) * x.sum()",
        "c.target.component_mul(x).norm()",
    ] {
        let item = format!("fn f(x: &Vector3<f64>, c: &Config) -> f64 {{ {body} }}");
        let expansion = read("".parse().unwrap(), item.parse().unwrap());
        assert!(expansion.is_ok_and(|expansion| expansion.program.kept.len() == 1), "`{body}`");
    }
}

#[test]
fn aliases_are_constructed() {
    let item =
        "fn f(x: &State) -> f64 { let z: State = State::zeros(); (x - State::repeat(2.0) - z).norm() }";
    let expansion = read("types(State = SVector<f64, 3>)".parse().unwrap(), item.parse().unwrap());
    assert!(expansion.is_ok());
}

#[test]
fn a_receiver_that_may_be_anything_is_asked_for() {
    let item = "fn f(t: f64, c: &Config) -> f64 { c.gain.scale(t).norm() }";
    let Err(failure) = read("".parse().unwrap(), item.parse().unwrap()) else { panic!("accepted") };
    let texts: Vec<String> = failure.errors().iter().map(|error| error.text()).collect();
    assert!(texts.len() == 1 && texts[0].contains("the type of `c.gain` is not known here"), "{texts:?}");
}
