//! By Jacobi rotations: eigenvalues of symmetric matrices, singular values, pseudo-inverse.

use super::{Matrix, dot};

/// Sweeps over all pairs; convergence is quadratic, and ten are many.
const SWEEPS: usize = 60;

/// tan of the angle that makes a symmetric 2×2 matrix diagonal, given ½ (a₂₂ − a₁₁) / a₁₂; the smaller of the two.
fn tangent(ratio: f64) -> f64 {
    1f64.copysign(ratio) / (ratio.abs() + ratio.hypot(1.0))
}

/// (x, y) ← (c x − s y, s x + c y), for columns p < q.
fn rotate_columns(a: &mut Matrix, (p, q): (usize, usize), (c, s): (f64, f64)) {
    for i in 0..a.rows {
        let (x, y) = (a.at(i, p), a.at(i, q));
        *a.at_mut(i, p) = c * x - s * y;
        *a.at_mut(i, q) = s * x + c * y;
    }
}

fn rotate_rows(a: &mut Matrix, (p, q): (usize, usize), (c, s): (f64, f64)) {
    for j in 0..a.columns {
        let (x, y) = (a.at(p, j), a.at(q, j));
        *a.at_mut(p, j) = c * x - s * y;
        *a.at_mut(q, j) = s * x + c * y;
    }
}

/// cos and sin, given tan.
fn rotation(t: f64) -> (f64, f64) {
    let c = 1.0 / t.hypot(1.0);
    (c, t * c)
}

/// Applies `step` to all pairs of 0..n, again and again until it has nothing to do.
fn sweep(n: usize, mut step: impl FnMut((usize, usize)) -> bool) {
    for _ in 0..SWEEPS {
        let mut moved = false;
        for p in 0..n {
            for q in p + 1..n {
                moved |= step((p, q));
            }
        }
        if !moved {
            return;
        }
    }
}

/// One rotation of A ← JᵀAJ, V ← VJ that makes the entry at `pair` 0, unless that is so small already that it cannot
/// be seen in an eigenvalue.
fn diagonalize(a: &mut Matrix, v: &mut Matrix, (p, q): (usize, usize), negligible: f64) -> bool {
    if a.at(p, q).abs() <= negligible {
        return false;
    }
    let turn = rotation(tangent(0.5 * (a.at(q, q) - a.at(p, p)) / a.at(p, q)));
    rotate_columns(a, (p, q), turn);
    rotate_rows(a, (p, q), turn);
    (*a.at_mut(p, q), *a.at_mut(q, p)) = (0.0, 0.0);
    rotate_columns(v, (p, q), turn);
    true
}

/// One rotation of W ← WJ, V ← VJ that makes the columns of a pair orthogonal, unless they are.
fn orthogonalize(w: &mut Matrix, v: &mut Matrix, (p, q): (usize, usize)) -> bool {
    let (x, y) = (w.column(p), w.column(q));
    let (xx, xy, yy) = (dot(x, x), dot(x, y), dot(y, y));
    if xy.abs() <= f64::EPSILON * (w.rows as f64).sqrt() * xx.sqrt() * yy.sqrt() {
        return false;
    }
    let turn = rotation(tangent(0.5 * (yy - xx) / xy));
    rotate_columns(w, (p, q), turn);
    rotate_columns(v, (p, q), turn);
    true
}

/// The columns divided by their lengths. One that is 0 or nothing but rounding becomes a unit vector orthogonal to
/// those before it, so that the result has orthonormal columns whatever the rank.
fn orthonormal(w: &Matrix, lengths: &[f64]) -> Matrix {
    let m = w.rows;
    let mut u = Matrix { rows: m, columns: 0, entries: vec![] };
    // Of the unit vectors at least one keeps a length of m^-½.
    let least = 0.5 / (m as f64).sqrt();
    for (k, length) in lengths.iter().enumerate() {
        let own = w.column(k).iter().map(|x| x / length).collect();
        let units = (0..m).map(|i| (0..m).map(|j| f64::from(u8::from(i == j))).collect());
        let next = std::iter::once(own).chain(units).find_map(|x| remainder(&u, x, least));
        u.entries.extend(next.unwrap_or_else(|| vec![f64::NAN; m]));
        u.columns += 1;
    }
    u
}

/// The unit vector along what is left of x outside the span of u's columns, if that is of some length.
fn remainder(u: &Matrix, mut x: Vec<f64>, least: f64) -> Option<Vec<f64>> {
    let length = |x: &[f64]| dot(x, x).sqrt();
    // The second time removes what rounding left of the first.
    for _ in 0..2 {
        for k in 0..u.columns {
            let part = dot(u.column(k), &x);
            x.iter_mut().zip(u.column(k)).for_each(|(x, u)| *x -= part * u);
        }
        let size = length(&x);
        if size.is_nan() || size <= least {
            return None;
        }
        x.iter_mut().for_each(|x| *x /= size);
    }
    Some(x)
}

impl Matrix {
    /// Eigenvalues, ascending, as a column, and orthonormal eigenvectors as columns, of the symmetric matrix with the
    /// lower triangle of this one; NaN if it is not square.
    pub fn symmetric_eigen(&self) -> (Matrix, Matrix) {
        let n = self.rows;
        let mut a = self.mirrored();
        if !a.is_finite() {
            return (Matrix::undefined((n, 1)), Matrix::undefined((n, n)));
        }
        let negligible = f64::EPSILON * f64::EPSILON * a.largest();
        let mut v = Matrix::identity(n);
        sweep(n, |pair| diagonalize(&mut a, &mut v, pair, negligible));
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|i, j| a.at(*i, *i).total_cmp(&a.at(*j, *j)));
        (Matrix::build((n, 1), |i, _| a.at(order[i], order[i])), v.with_columns(&order))
    }

    /// Thin singular value decomposition A = U diag(σ) Vᵀ: U, σ descending as a column, V. U and V have orthonormal
    /// columns, also where σ is 0.
    pub fn svd(&self) -> (Matrix, Matrix, Matrix) {
        let (m, n) = self.shape();
        if m < n {
            let (v, singular, u) = self.transposed().svd();
            return (u, singular, v);
        }
        if !self.is_finite() {
            return (Matrix::undefined((m, n)), Matrix::undefined((n, 1)), Matrix::undefined((n, n)));
        }
        // Scaled, so that no square of an entry overflows or vanishes.
        let scale = if self.largest() > 0.0 { self.largest() } else { 1.0 };
        let (mut w, mut v) = (self.map(|x| x / scale), Matrix::identity(n));
        sweep(n, |pair| orthogonalize(&mut w, &mut v, pair));
        let lengths: Vec<f64> = (0..n).map(|j| dot(w.column(j), w.column(j)).sqrt()).collect();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|i, j| lengths[*j].total_cmp(&lengths[*i]));
        let sorted: Vec<f64> = order.iter().map(|k| lengths[*k]).collect();
        let u = orthonormal(&w.with_columns(&order), &sorted);
        (u, Matrix::build((n, 1), |i, _| scale * sorted[i]), v.with_columns(&order))
    }

    /// Moore–Penrose inverse; singular values up to `eps` count as 0. NaN if `eps` is negative.
    pub fn pseudo_inverse(&self, eps: f64) -> Matrix {
        if eps.is_nan() || eps < 0.0 || !self.is_finite() {
            return Matrix::undefined((self.columns, self.rows));
        }
        let (u, singular, v) = self.svd();
        let reciprocal = singular.map(|s| if s > eps { 1.0 / s } else { 0.0 });
        let scaled = Matrix::build(v.shape(), |i, j| v.at(i, j) * reciprocal.at(j, 0));
        scaled.product(&u.transposed())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{assert_close, assert_undefined, positive, random};
    use super::Matrix;

    fn diagonal(x: &Matrix) -> Matrix {
        Matrix::build((x.rows, x.rows), |i, j| if i == j { x.at(i, 0) } else { 0.0 })
    }

    fn assert_orthonormal(a: &Matrix) {
        assert_close(&a.transposed().product(a), &Matrix::identity(a.columns));
    }

    #[test]
    fn eigenvalues_and_eigenvectors() {
        for n in 0..=7 {
            let repeated = Matrix::identity(n).map(|x| x - 1.0);
            for a in [random(n, n).mirrored(), positive(n), repeated] {
                let (values, vectors) = a.symmetric_eigen();
                assert_close(&vectors.product(&diagonal(&values)).product(&vectors.transposed()), &a);
                assert_orthonormal(&vectors);
                assert!(values.entries.is_sorted());
            }
        }
        let (values, vectors) = random(2, 3).symmetric_eigen();
        assert_undefined(&values, (2, 1));
        assert_undefined(&vectors, (2, 2));
    }

    #[test]
    fn only_the_lower_triangle_counts() {
        let a = random(4, 4);
        assert_eq!(a.symmetric_eigen(), a.mirrored().symmetric_eigen());
    }

    #[test]
    fn singular_values_of_every_rank() {
        for (m, n) in [(1, 1), (4, 4), (6, 3), (3, 6), (7, 7), (5, 1), (0, 2)] {
            for rank in 0..=m.min(n) {
                let a = random(m, rank).product(&random(rank, n));
                let (u, singular, v) = a.svd();
                assert_eq!((u.shape(), v.shape()), ((m, m.min(n)), (n, m.min(n))));
                assert_close(&u.product(&diagonal(&singular)).product(&v.transposed()), &a);
                assert_orthonormal(&u);
                assert_orthonormal(&v);
                assert!(singular.entries.is_sorted_by(|x, y| x >= y));
            }
        }
    }

    #[test]
    fn small_singular_values_are_accurate() {
        let wanted = Matrix::build((3, 1), |i, _| [1e3, 1e-3, 1e-9][i]);
        let (rotation, _, _) = random(3, 3).svd();
        let (_, singular, _) = rotation.product(&diagonal(&wanted)).svd();
        assert_close(&singular.zip(&wanted, |x, y| x / y), &Matrix::filled((3, 1), 1.0));
        let tiny = random(3, 3).map(|x| 1e-200 * x);
        assert_close(&tiny.svd().1.map(|x| 1e200 * x), &random(3, 3).svd().1);
    }

    #[test]
    fn pseudo_inverse_obeys_moore_and_penrose() {
        for (m, n, rank) in [(4, 4, 4), (5, 3, 3), (3, 5, 3), (5, 4, 2), (2, 2, 0)] {
            let a = random(m, rank).product(&random(rank, n));
            let p = a.pseudo_inverse(1e-10);
            let (left, right) = (a.product(&p), p.product(&a));
            assert_close(&left.product(&a), &a);
            assert_close(&right.product(&p), &p);
            assert_close(&left, &left.transposed());
            assert_close(&right, &right.transposed());
        }
        assert_undefined(&random(2, 3).pseudo_inverse(-1.0), (3, 2));
        assert_close(&Matrix::scalar(0.5).pseudo_inverse(0.5), &Matrix::scalar(0.0));
    }
}
