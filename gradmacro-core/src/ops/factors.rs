//! Rows that only the planner makes: factorisations, and what is computed from one.
//!
//! The reference value of a factorisation is the matrix that was factorised. One that may fail carries the demand
//! that says how ([`crate::ir::Data::Demand`]).

use super::matrix::Matrix;
use super::{Derivative, Extra, Form, Notation, OpDef, Value, Written, whole};

type Operands = fn(&[&Matrix]) -> Matrix;

/// What a factorisation with square roots takes after the matrix.
const ROOTS: &[Extra] = &[Extra::One, Extra::Complex("sqrt")];

const fn row(name: &'static str, written: Written, value: Operands) -> OpDef {
    OpDef {
        value: Value::Operands(value),
        derivative: Derivative::Flat,
        written,
        notation: Notation::Form,
        ..whole(name, |call| call.operands[0].clone())
    }
}

const fn factorisation(name: &'static str, extras: &'static [Extra]) -> OpDef {
    row(name, Written::Factors(name, extras), |x| x[0].clone())
}

/// A factorisation of the symmetric matrix with the operand's lower triangle.
const fn of_lower(name: &'static str, extras: &'static [Extra]) -> OpDef {
    let mirrored: Operands = |x| Matrix::build(x[0].shape(), |i, j| x[0].at(i.max(j), i.min(j)));
    row(name, Written::Factors(name, extras), mirrored)
}

const fn part(name: &'static str, extras: &'static [Extra], value: Operands) -> OpDef {
    row(name, Written::OfFactors(name, extras), value)
}

/// PA = LU with partial pivoting.
pub static LU: OpDef = factorisation("Lu", &[Extra::One]);
/// PAQ = LU with complete pivoting.
pub static COMPLETE_LU: OpDef = factorisation("CompleteLu", &[Extra::One]);
/// Cofactors and determinant in closed form, to size 4.
pub static COFACTORS: OpDef = factorisation("Cofactors", &[Extra::One]);
/// Cofactors and determinant of a symmetric matrix in closed form, to size 4; reads the lower triangle.
pub static SYMMETRIC_COFACTORS: OpDef = of_lower("SymmetricCofactors", &[Extra::One]);
/// The inverse of a positive definite matrix in closed form, to size 4; reads the lower triangle.
pub static DEFINITE_INVERSE: OpDef = of_lower("DefiniteInverse", ROOTS);
/// A = LLᵀ; reads the lower triangle.
pub static CHOLESKY_FACTORS: OpDef = of_lower("Cholesky", ROOTS);
/// A = LDLᵀ; reads the lower triangle.
pub static LDLT: OpDef = of_lower("Ldlt", &[Extra::One]);
/// A = QR.
pub static QR: OpDef = factorisation("Qr", ROOTS);
/// A lower triangular matrix, which is its own factorisation.
pub static LOWER_FACTORS: OpDef = row("lower", Written::Form(Form::Triangular), |x| {
    Matrix::build(x[0].shape(), |i, j| if i >= j { x[0].at(i, j) } else { 0.0 })
});
/// An upper triangular matrix, which is its own factorisation.
pub static UPPER_FACTORS: OpDef = row("upper", Written::Form(Form::Triangular), |x| {
    Matrix::build(x[0].shape(), |i, j| if i <= j { x[0].at(i, j) } else { 0.0 })
});

/// A⁻¹
pub static FACTOR_INVERSE: OpDef = part("inverse", &[], |x| x[0].inverse());
/// A⁻¹B
pub static SOLVE: OpDef = part("solve", &[], |x| x[0].inverse().product(x[1]));
/// A⁻ᵀB
pub static TR_SOLVE: OpDef = part("tr_solve", &[], |x| x[0].inverse().transposed().product(x[1]));
/// |A|
pub static FACTOR_DETERMINANT: OpDef = part("determinant", &[], |x| Matrix::scalar(x[0].determinant()));
/// ln |A|
pub static FACTOR_LN_DETERMINANT: OpDef =
    part("ln_determinant", &[Extra::Complex("ln")], |x| Matrix::scalar(x[0].determinant().ln()));
/// ln |det A|
pub static FACTOR_LN_ABS_DETERMINANT: OpDef =
    part("ln_abs_determinant", &[Extra::Complex("ln")], |x| Matrix::scalar(x[0].determinant().abs().ln()));
/// cof A
pub static FACTOR_COFACTORS: OpDef = part("cofactors", &[], |x| x[0].cofactors());
/// L of A = LLᵀ
pub static FACTOR_L: OpDef = part("l", &[], |x| x[0].cholesky());
/// Nothing: that the factorisation was computed. The value is 0.
pub static TESTED: OpDef = row("tested", Written::Form(Form::Tested), |_| Matrix::scalar(0.0));
/// Nothing: that a predicate holds, or else the function has no value.
pub static REQUIRED: OpDef = row("required", Written::Form(Form::Required), |x| x[0].clone());
/// S = V diag(λ) Vᵀ; reads the lower triangle.
pub static EIGEN: OpDef = of_lower("SymmetricEigen", ROOTS);
/// The same without V.
pub static EIGENVALUES_ALONE: OpDef = of_lower("SymmetricEigenvalues", ROOTS);
/// λ
pub static EIGEN_VALUES: OpDef = part("eigenvalues", &[], |x| x[0].symmetric_eigen().0);
/// V
pub static EIGEN_VECTORS: OpDef = part("eigenvectors", &[], |x| x[0].symmetric_eigen().1);
/// X = U diag(σ) Vᵀ of an X that is not wide.
pub static SVD: OpDef = factorisation("Svd", ROOTS);
/// The same without U and V.
pub static SINGULAR_VALUES_ALONE: OpDef = factorisation("SingularValues", ROOTS);
/// σ
pub static SVD_VALUES: OpDef = part("singular_values", &[], |x| x[0].svd().1);
/// U
pub static SVD_LEFT: OpDef = part("left", &[], |x| x[0].svd().0);
/// V
pub static SVD_RIGHT: OpDef = part("right", &[], |x| x[0].svd().2);

/// Every factorisation: what gets a name wherever it stands.
pub static FACTORISATIONS: &[&OpDef] = &[
    &LU,
    &COMPLETE_LU,
    &COFACTORS,
    &SYMMETRIC_COFACTORS,
    &DEFINITE_INVERSE,
    &CHOLESKY_FACTORS,
    &LDLT,
    &QR,
    &EIGEN,
    &SVD,
];

/// Factorisations of which only the lower triangle of a symmetric matrix is read.
pub static OF_LOWER: &[&OpDef] =
    &[&SYMMETRIC_COFACTORS, &DEFINITE_INVERSE, &CHOLESKY_FACTORS, &LDLT, &EIGEN, &EIGENVALUES_ALONE];
