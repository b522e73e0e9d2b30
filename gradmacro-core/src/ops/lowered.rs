//! Rows that only the planner makes: ways to evaluate a product, not further things to write.
//!
//! Nothing is differentiated after planning, so these rows have no derivative; the law they obey is that their value is
//! that of the product they stand for (tests/lowered.rs).

use super::matrix::Matrix;
use super::structure::exchanged;
use super::{
    Derivative, Extra, Form, Notation, OpDef, Value, Written, any, as_wanted, entrywise, on, scalar, whole,
    within,
};
use crate::ir::{Data, Dim, Shape};

/// AᵀB
pub static TR_MUL: OpDef = OpDef {
    shape: |s, _| Some(Shape::of(s[0].columns, s[1].columns)),
    example: on(&[any(3, 2), any(3, 4)]),
    ..lowered("tr_mul", Written::Method("tr_mul"), |x| x[0].transposed().product(x[1]))
};

/// ABᵀ
pub static MUL_TR: OpDef = OpDef {
    shape: |s, _| Some(Shape::of(s[0].rows, s[1].rows)),
    example: on(&[any(3, 2), any(4, 2)]),
    ..lowered("mul_tr", Written::Form(Form::MulTr), |x| x[0].product(&x[1].transposed()))
};

/// ⟨A, B⟩
pub static INNER: OpDef = OpDef {
    shape: scalar,
    example: on(&[any(3, 2), any(3, 2)]),
    ..lowered("inner", Written::Method("dot"), |x| Matrix::scalar(x[0].inner(x[1])))
};

/// tr(AB) = ⟨Aᵀ, B⟩
pub static TR_INNER: OpDef = OpDef {
    shape: scalar,
    example: on(&[any(3, 2), any(2, 3)]),
    ..lowered("tr_inner", Written::Method("tr_dot"), |x| Matrix::scalar(x[0].transposed().inner(x[1])))
};

/// ⟨A, A⟩
pub static NORM_SQUARED: OpDef = OpDef {
    shape: scalar,
    example: on(&[any(3, 2)]),
    ..lowered("norm_squared", Written::Method("norm_squared"), |x| Matrix::scalar(x[0].inner(x[0])))
};

/// √⟨A, A⟩
pub static NORM: OpDef = OpDef {
    shape: scalar,
    example: on(&[any(3, 2)]),
    ..lowered("norm", Written::Method("norm"), |x| Matrix::scalar(x[0].inner(x[0]).sqrt()))
};

/// 1ᵀX1
pub static TOTAL: OpDef = OpDef {
    shape: scalar,
    example: on(&[any(3, 2)]),
    ..lowered("total", Written::Method("sum"), |x| Matrix::scalar(x[0].sum()))
};

/// 1ᵀX
pub static ROW_SUM: OpDef = OpDef {
    shape: |s, _| Some(Shape::of(Dim::ONE, s[0].columns)),
    example: on(&[any(3, 2)]),
    ..lowered("row_sum", Written::Method("row_sum"), |x| Matrix::filled((1, x[0].rows), 1.0).product(x[0]))
};

/// X1
pub static COLUMN_SUM: OpDef = OpDef {
    shape: |s, _| Some(Shape::column(s[0].rows)),
    example: on(&[any(3, 2)]),
    ..lowered("column_sum", Written::Method("column_sum"), |x| {
        x[0].product(&Matrix::filled((x[0].columns, 1), 1.0))
    })
};

/// diag(u) A
pub static SCALE_ROWS: OpDef = OpDef {
    shape: |s, _| Some(s[1]),
    example: on(&[any(3, 1), any(3, 2)]),
    ..lowered("scale_rows", Written::Form(Form::ScaleRows), |x| {
        Matrix::build(x[1].shape(), |i, j| x[0].entries[i] * x[1].at(i, j))
    })
};

/// A diag(u)
pub static SCALE_COLUMNS: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    example: on(&[any(3, 2), any(2, 1)]),
    ..lowered("scale_columns", Written::Form(Form::ScaleColumns), |x| {
        Matrix::build(x[0].shape(), |i, j| x[1].entries[j] * x[0].at(i, j))
    })
};

/// The scalar s in every entry
pub static FILL: OpDef = OpDef {
    shape: as_wanted,
    example: super::Example { wanted: (3, 2), ..on(&[any(1, 1)]) },
    value: Value::Whole(|call| Matrix::filled(call.shape, call.operands[0].value())),
    ..lowered("fill", Written::Form(Form::Fill), |x| x[0].clone())
};

/// X with the second operand, a scalar or a column, added on its diagonal
pub static ADD_DIAGONAL: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    example: on(&[any(3, 3), any(3, 1)]),
    ..lowered("add_diagonal", Written::Form(Form::AddDiagonal), |x| {
        let added = |i: usize| x[1].entries.get(i).copied().unwrap_or(x[1].value());
        Matrix::build(x[0].shape(), |i, j| x[0].at(i, j) + if i == j { added(i) } else { 0.0 })
    })
};

/// σ(x) σ(−x), the slope of the logistic function
pub static LOGISTIC_SLOPE: OpDef = OpDef {
    example: on(&[any(3, 2)]),
    ..of_entries("logistic_slope", &[Extra::One, Extra::Complex("exp")], |x| {
        let e = (-x[0].abs()).exp();
        e / (1.0 + e).powi(2)
    })
};

/// e^(−|x|), from which σ and softplus of ±x and the slope of σ are computed where several are needed
pub static DECAY: OpDef = OpDef {
    example: on(&[any(3, 2)]),
    ..of_entries("decay", &[Extra::Complex("exp")], |x| (-x[0].abs()).exp())
};

/// σ(x) given e^(−|x|), the second operand
pub static LOGISTIC_FROM: OpDef = OpDef {
    work: 3,
    example: on(&[any(3, 2), within(3, 2, 0.4, 1.0)]),
    ..of_entries("logistic_from", &[Extra::One], |x| {
        if x[0] > 0.0 { 1.0 / (1.0 + x[1]) } else { x[1] / (1.0 + x[1]) }
    })
};

/// softplus(x) given e^(−|x|), the second operand
pub static SOFTPLUS_FROM: OpDef = OpDef {
    work: 12,
    example: on(&[any(3, 2), within(3, 2, 0.4, 1.0)]),
    ..of_entries("softplus_from", &[Extra::One, Extra::Complex("ln_1p")], |x| x[0].max(0.0) + x[1].ln_1p())
};

/// σ(x) σ(−x) given e^(−|x|)
pub static LOGISTIC_SLOPE_FROM: OpDef = OpDef {
    work: 3,
    example: on(&[within(3, 2, 0.4, 1.0)]),
    ..of_entries("logistic_slope_from", &[Extra::One], |x| x[0] / (1.0 + x[0]).powi(2))
};

/// K X for the K of the given shape: entries of columns exchanged
pub static COMMUTE_ROWS: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    example: super::Example { data: || Data::Shape(Shape::new(3, 2)), ..on(&[any(6, 2)]) },
    value: Value::Whole(|call| {
        let places = exchanged(call.data, call.shape.0);
        Matrix::build(call.shape, |i, j| call.operands[0].at(places[i], j))
    }),
    ..lowered("commute_rows", Written::Form(Form::CommuteRows), |x| x[0].clone())
};

/// X K for the K of the given shape
pub static COMMUTE_COLUMNS: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    example: super::Example { data: || Data::Shape(Shape::new(3, 2)), ..on(&[any(2, 6)]) },
    value: Value::Whole(|call| {
        let places = exchanged(call.data, call.shape.1);
        let mut out = call.operands[0].clone();
        for (p, q) in places.into_iter().enumerate() {
            for i in 0..call.shape.0 {
                out.entries[q * call.shape.0 + i] = call.operands[0].at(i, p);
            }
        }
        out
    }),
    ..lowered("commute_columns", Written::Form(Form::CommuteColumns), |x| x[0].clone())
};

/// Every row that only the planner makes.
pub static ALL: &[&OpDef] = &[
    &TR_MUL,
    &MUL_TR,
    &INNER,
    &TR_INNER,
    &NORM_SQUARED,
    &NORM,
    &TOTAL,
    &ROW_SUM,
    &COLUMN_SUM,
    &SCALE_ROWS,
    &SCALE_COLUMNS,
    &FILL,
    &ADD_DIAGONAL,
    &LOGISTIC_SLOPE,
    &DECAY,
    &LOGISTIC_FROM,
    &SOFTPLUS_FROM,
    &LOGISTIC_SLOPE_FROM,
    &COMMUTE_ROWS,
    &COMMUTE_COLUMNS,
];

/// An entrywise function by the kernel of its name.
const fn of_entries(name: &'static str, extras: &'static [Extra], value: fn(&[f64]) -> f64) -> OpDef {
    OpDef { written: Written::Kernel(name, extras), notation: Notation::Form, ..entrywise(name, value) }
}

type Operands = fn(&[&Matrix]) -> Matrix;

const fn lowered(name: &'static str, written: Written, value: Operands) -> OpDef {
    let row = whole(name, |call| call.operands[0].clone());
    OpDef {
        value: Value::Operands(value),
        derivative: Derivative::Flat,
        written,
        notation: Notation::Form,
        ..row
    }
}
