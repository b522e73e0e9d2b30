//! By elimination: inverse, determinant, cofactors, Cholesky factor.

use super::Matrix;

/// A(rows\[i\], columns\[j\]) = (L U)(i, j): complete pivoting. L has ones on its diagonal, and the pivots on that of U
/// are as large as they can be, so that all that is singular is in the last rows of U.
struct Elimination {
    lower: Matrix,
    upper: Matrix,
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// Determinant of the two permutations.
    sign: f64,
}

impl Elimination {
    /// Of a square matrix.
    fn of(a: &Matrix) -> Elimination {
        let n = a.rows;
        let order: Vec<usize> = (0..n).collect();
        let (lower, upper) = (Matrix::identity(n), a.clone());
        let mut state = Elimination { lower, upper, rows: order.clone(), columns: order, sign: 1.0 };
        for k in 0..n {
            state.bring_pivot(k);
            if state.upper.at(k, k) == 0.0 {
                break;
            }
            state.eliminate(k);
        }
        state
    }

    /// Exchanges rows and columns so that the largest remaining entry is at (k, k).
    fn bring_pivot(&mut self, k: usize) {
        let n = self.upper.rows;
        let places = (k..n).flat_map(|j| (k..n).map(move |i| (i, j)));
        let size = |(i, j): &(usize, usize)| self.upper.at(*i, *j).abs();
        let Some((row, column)) = places.max_by(|x, y| size(x).total_cmp(&size(y))) else { return };
        for j in 0..n {
            let factor = if j < k { &mut self.lower } else { &mut self.upper };
            factor.entries.swap(j * n + k, j * n + row);
        }
        for i in 0..n {
            self.upper.entries.swap(k * n + i, column * n + i);
        }
        self.rows.swap(k, row);
        self.columns.swap(k, column);
        if (row == k) != (column == k) {
            self.sign = -self.sign;
        }
    }

    /// Zeros below the pivot.
    fn eliminate(&mut self, k: usize) {
        let n = self.upper.rows;
        for i in k + 1..n {
            let factor = self.upper.at(i, k) / self.upper.at(k, k);
            *self.lower.at_mut(i, k) = factor;
            *self.upper.at_mut(i, k) = 0.0;
            for j in k + 1..n {
                *self.upper.at_mut(i, j) -= factor * self.upper.at(k, j);
            }
        }
    }

    fn determinant(&self) -> f64 {
        (0..self.upper.rows).map(|k| self.upper.at(k, k)).fold(self.sign, |product, x| product * x)
    }

    fn is_singular(&self) -> bool {
        (0..self.upper.rows).any(|k| self.upper.at(k, k) == 0.0)
    }
}

/// Inverse of a lower triangular matrix.
fn lower_inverse(l: &Matrix) -> Matrix {
    let mut inverse = Matrix::identity(l.rows);
    for j in 0..l.rows {
        for i in j..l.rows {
            let known: f64 = (j..i).map(|k| l.at(i, k) * inverse.at(k, j)).sum();
            *inverse.at_mut(i, j) = (inverse.at(i, j) - known) / l.at(i, i);
        }
    }
    inverse
}

/// adj(U) = det(U) U⁻¹ of an upper triangular matrix, without division and so right at singular ones: with a further
/// column (u, d), adj [U u; 0 d] = [d adj(U), −adj(U) u; 0, det U].
fn upper_adjugate(upper: &Matrix) -> Matrix {
    let n = upper.rows;
    let mut adjugate = Matrix::filled((n, n), 0.0);
    let mut determinant = 1.0;
    for k in 0..n {
        for i in 0..k {
            *adjugate.at_mut(i, k) = -(i..k).map(|j| adjugate.at(i, j) * upper.at(j, k)).sum::<f64>();
        }
        let d = upper.at(k, k);
        adjugate.entries[..k * n].iter_mut().for_each(|x| *x *= d);
        *adjugate.at_mut(k, k) = determinant;
        determinant *= d;
    }
    adjugate
}

impl Matrix {
    /// A⁻¹; NaN if A is singular or not square.
    pub fn inverse(&self) -> Matrix {
        if !self.is_usable() {
            return Matrix::undefined((self.columns, self.rows));
        }
        let e = Elimination::of(self);
        if e.is_singular() {
            return Matrix::undefined(self.shape());
        }
        let upper = lower_inverse(&e.upper.transposed()).transposed();
        let permuted = upper.product(&lower_inverse(&e.lower));
        let mut out = permuted.clone();
        for j in 0..self.rows {
            for i in 0..self.rows {
                *out.at_mut(e.columns[i], e.rows[j]) = permuted.at(i, j);
            }
        }
        out
    }

    /// det A; NaN if A is not square.
    pub fn determinant(&self) -> f64 {
        if self.is_usable() { Elimination::of(self).determinant() } else { f64::NAN }
    }

    /// cof(A), which is det(A) A⁻ᵀ where that exists, and the derivative of det A everywhere; NaN if A is not square.
    pub fn cofactors(&self) -> Matrix {
        if !self.is_usable() {
            return Matrix::undefined(self.shape());
        }
        // cof(L U) = cof(L) cof(U), and det L = 1.
        let e = Elimination::of(self);
        let lower = lower_inverse(&e.lower).transposed();
        let permuted = lower.product(&upper_adjugate(&e.upper).transposed());
        let mut out = permuted.clone();
        for j in 0..self.rows {
            for i in 0..self.rows {
                *out.at_mut(e.rows[i], e.columns[j]) = e.sign * permuted.at(i, j);
            }
        }
        out
    }

    /// Lower L with L Lᵀ = A, for the symmetric A with the lower triangle of this matrix; NaN if A is not positive
    /// definite.
    pub fn cholesky(&self) -> Matrix {
        let a = self.mirrored();
        if !a.is_usable() {
            return Matrix::undefined(self.shape());
        }
        let mut l = Matrix::filled(self.shape(), 0.0);
        for j in 0..self.rows {
            for i in j..self.rows {
                let rest = a.at(i, j) - (0..j).map(|k| l.at(i, k) * l.at(j, k)).sum::<f64>();
                if i == j && rest <= 0.0 {
                    return Matrix::undefined(self.shape());
                }
                *l.at_mut(i, j) = if i == j { rest.sqrt() } else { rest / l.at(j, j) };
            }
        }
        l
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{assert_close, assert_undefined, positive, random};
    use super::Matrix;

    /// By expansion along minors.
    fn minors(a: &Matrix) -> Matrix {
        let n = a.rows;
        Matrix::build((n, n), |i, j| {
            let skip = |k: usize, gone: usize| if k < gone { k } else { k + 1 };
            let minor = Matrix::build((n - 1, n - 1), |r, c| a.at(skip(r, i), skip(c, j)));
            let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
            sign * if n == 1 { 1.0 } else { expanded(&minor) }
        })
    }

    fn expanded(a: &Matrix) -> f64 {
        let cofactors = minors(a);
        (0..a.rows).map(|i| a.at(i, 0) * cofactors.at(i, 0)).sum()
    }

    #[test]
    fn inverse_and_determinant() {
        for n in 1..=8 {
            let a = random(n, n);
            assert_close(&a.product(&a.inverse()), &Matrix::identity(n));
            assert_close(&a.inverse().product(&a), &Matrix::identity(n));
        }
        for n in 1..=5 {
            let a = random(n, n);
            assert_close(&Matrix::scalar(a.determinant()), &Matrix::scalar(expanded(&a)));
        }
        assert_undefined(&random(2, 3).inverse(), (3, 2));
        assert_undefined(&Matrix::filled((3, 3), 1.0).inverse(), (3, 3));
        assert!(random(2, 3).determinant().is_nan());
        assert_eq!(Matrix::filled((3, 3), 1.0).determinant(), 0.0);
        assert_eq!(Matrix::identity(0).determinant(), 1.0);
    }

    #[test]
    fn cofactors_of_every_rank() {
        for n in 1..=5 {
            for rank in 0..=n {
                let a = random(n, rank).product(&random(rank, n));
                assert_close(&a.cofactors(), &minors(&a));
            }
        }
        assert_eq!(Matrix::filled((1, 1), 0.0).cofactors(), Matrix::scalar(1.0));
        assert_undefined(&random(2, 3).cofactors(), (2, 3));
    }

    #[test]
    fn cofactors_are_the_determinant_times_the_inverse() {
        let a = random(9, 9);
        let wanted = a.inverse().transposed().map(|x| x * a.determinant());
        assert_close(&a.cofactors(), &wanted);
    }

    #[test]
    fn cholesky_reads_the_lower_triangle() {
        for n in 0..=6 {
            let a = positive(n);
            let lower = Matrix::build((n, n), |i, j| if i < j { f64::NAN } else { a.at(i, j) });
            let l = lower.cholesky();
            assert_close(&l.product(&l.transposed()), &a);
        }
        assert_undefined(&Matrix::filled((2, 2), 1.0).cholesky(), (2, 2));
        assert_undefined(&Matrix::identity(3).map(|x| -x).cholesky(), (3, 3));
        assert_undefined(&random(2, 3).cholesky(), (2, 3));
    }
}
