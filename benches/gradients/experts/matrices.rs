//! Functions of matrices.

use nalgebra::{LU, SMatrix, SVector};

type Square<const N: usize> = SMatrix<f64, N, N>;

#[inline(never)]
pub(crate) fn inverse_trace(a: &Square<5>) -> Square<5> {
    let inverse = a.try_inverse().expect("regular");
    -(inverse * inverse).transpose()
}

#[inline(never)]
pub(crate) fn inverse_trace_transposed(a: &Square<5>) -> Square<5> {
    let inverse = a.transpose().try_inverse().expect("regular");
    let mut g = Square::<5>::zeros();
    g.gemm(-1.0, &inverse, &inverse, 0.0);
    g
}

#[inline(never)]
pub(crate) fn sylvester(x: &Square<5>, a: &Square<5>, b: &Square<5>) -> Square<5> {
    let e = (a * x - x * b) * 2.0;
    a.tr_mul(&e) - e * b.transpose()
}

#[inline(never)]
pub(crate) fn sylvester_in_place(x: &Square<5>, a: &Square<5>, b: &Square<5>) -> Square<5> {
    let mut e = a * x;
    e.gemm(-2.0, x, b, 2.0);
    let mut g = a.transpose() * e;
    g.gemm(-1.0, &e, &b.transpose(), 1.0);
    g
}

#[inline(never)]
pub(crate) fn rayleigh(x: &SVector<f64, 6>, a: &Square<6>) -> SVector<f64, 6> {
    let ax = a * x;
    let scale = 1.0 / x.norm_squared();
    (ax - x * (x.dot(&ax) * scale)) * (2.0 * scale)
}

#[inline(never)]
pub(crate) fn design(w: &SVector<f64, 12>, x: &SMatrix<f64, 12, 3>) -> SVector<f64, 12> {
    let mut weighed = *x;
    for mut column in weighed.column_iter_mut() {
        column.component_mul_assign(w);
    }
    let inverse = x.tr_mul(&weighed).try_inverse().expect("regular");
    let q = x * inverse;
    SVector::from_fn(|i, _| -(q[(i, 0)] * x[(i, 0)] + q[(i, 1)] * x[(i, 1)] + q[(i, 2)] * x[(i, 2)]))
}

/// The six different entries of the information matrix, and of its inverse.
#[inline(never)]
pub(crate) fn design_by_columns(w: &SVector<f64, 12>, x: &SMatrix<f64, 12, 3>) -> SVector<f64, 12> {
    let (a, b, c) = (x.column(0), x.column(1), x.column(2));
    let (wa, wb, wc) = (w.component_mul(&a), w.component_mul(&b), w.component_mul(&c));
    let (ab, ac, bc) = (wa.dot(&b), wa.dot(&c), wb.dot(&c));
    let information = Square::<3>::new(wa.dot(&a), ab, ac, ab, wb.dot(&b), bc, ac, bc, wc.dot(&c));
    let i = information.try_inverse().expect("regular");
    SVector::from_fn(|k, _| {
        let (a, b, c) = (a[k], b[k], c[k]);
        let off = a * (b * i.m12 + c * i.m13) + b * c * i.m23;
        -(a * a * i.m11 + b * b * i.m22 + c * c * i.m33 + 2.0 * off)
    })
}

#[inline(never)]
pub(crate) fn barrier(
    x: &SVector<f64, 4>,
    c: &SVector<f64, 4>,
    a: &SMatrix<f64, 12, 4>,
    b: &SVector<f64, 12>,
) -> SVector<f64, 4> {
    let mut s = *b;
    s.gemv(-1.0, a, x, 1.0);
    s.apply(|s| *s = 0.1 / *s);
    let mut g = *c;
    g.gemv_tr(1.0, a, &s, 1.0);
    g
}

#[inline(never)]
pub(crate) fn barrier_products(
    x: &SVector<f64, 4>,
    c: &SVector<f64, 4>,
    a: &SMatrix<f64, 12, 4>,
    b: &SVector<f64, 12>,
) -> SVector<f64, 4> {
    c + a.tr_mul(&(b - a * x).map(|s| 0.1 / s))
}

#[inline(never)]
pub(crate) fn solution(a: &Square<4>, b: &SVector<f64, 4>, q: &Square<4>) -> Square<4> {
    let inverse = a.try_inverse().expect("regular");
    let x = inverse * b;
    inverse.tr_mul(&(q * x + q.tr_mul(&x))) * -x.transpose()
}

#[inline(never)]
pub(crate) fn solution_lu(a: &Square<4>, b: &SVector<f64, 4>, q: &Square<4>) -> Square<4> {
    let x = LU::new(*a).solve(b).expect("regular");
    let adjoint = LU::new(a.transpose()).solve(&(q * x + q.tr_mul(&x))).expect("regular");
    adjoint * -x.transpose()
}
