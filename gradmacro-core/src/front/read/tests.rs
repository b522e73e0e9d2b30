//! Results of every kind, and what is recorded about them.

use proc_macro2::TokenStream;

use crate::front::{InputKind, Program};
use crate::ir::Shape;

fn read(item: &str) -> Program {
    let tokens: TokenStream = item.parse().unwrap();
    match crate::read(TokenStream::new(), tokens) {
        Ok(expansion) => expansion.program,
        Err(failure) => panic!("{item}: {}", failure.errors().iter().map(|e| e.text()).collect::<String>()),
    }
}

#[test]
fn results_are_of_every_kind() {
    let matrix = |rows, columns| InputKind::Matrix(Shape::new(rows, columns));
    for (item, result, optional) in [
        ("fn f(x: &SVector<f64, 3>) -> f64 { x.norm() }", InputKind::Scalar, false),
        ("fn f(x: &SVector<f64, 3>) -> SVector<f64, 3> { x * 2.0 }", matrix(3, 1), false),
        ("fn f(x: &SVector<f64, 3>) -> RowVector3<f64> { x.transpose() }", matrix(1, 3), false),
        ("fn f(x: &SVector<f64, 3>) -> Matrix3<f64> { x * x.transpose() }", matrix(3, 3), false),
        ("fn f(x: &SVector<f64, 3>) -> SMatrix<f64, 1, 1> { x.transpose() * x }", matrix(1, 1), false),
        ("fn f(x: f64) -> Vector2<f64> { Vector2::new(x, 1.0) }", matrix(2, 1), false),
        ("fn f(x: f64) -> Option<f64> { Some(x * x) }", InputKind::Scalar, true),
        ("fn f(a: &Matrix2<f64>) -> Option<Matrix2<f64>> { a.try_inverse() }", matrix(2, 2), true),
    ] {
        let program = read(item);
        assert_eq!((program.result, program.optional), (result, optional), "{item}");
        assert_eq!(program.graph.expr(program.value).shape(), result.shape(), "{item}");
    }
}

#[test]
fn a_question_mark_in_a_vector_function_is_a_demand() {
    let program = read(
        "fn f(a: &Matrix3<f64>, b: &Vector3<f64>, unused: f64) -> Option<Vector3<f64>> {
            let c = a.cholesky()?;
            let y = c.solve(b);
            Some(y + a.try_inverse()? * b)
        }",
    );
    assert_eq!(program.demands.len(), 2);
    assert!(program.demands.iter().all(|demand| demand.is_required()));
}

#[test]
fn numbers_of_a_type_parameter_are_exact() {
    let value = |number: &str| {
        let program = read(&format!("fn f<T: RealField + Copy>(x: T) -> T {{ {number} }}"));
        program.graph.expr(program.value).number().map(|k| k.value())
    };
    for (number, meant) in [
        ("nalgebra::convert(0.1)", Some(0.1)),
        ("na::convert::<f64, T>(0.25)", Some(0.25)),
        ("convert::<_, T>(2.5_f64)", Some(2.5)),
        ("T::from_f64(0.5).unwrap()", Some(0.5)),
        ("T::from_usize(7).expect(\"seven\")", Some(7.0)),
        ("T::from_subset(&0.75)", Some(0.75)),
        ("T::one()", Some(1.0)),
        ("<T as RealField>::from_real(T::one())", Some(1.0)),
        ("nalgebra::one::<T>()", Some(1.0)),
        // Kept: its value is that of the type.
        ("T::default_epsilon()", None),
        ("nalgebra::convert(0.1f32)", None),
        ("T::from_f32(0.1).unwrap()", None),
        ("T::max_value().unwrap()", None),
    ] {
        assert_eq!(value(number), meant, "{number}");
    }
}
