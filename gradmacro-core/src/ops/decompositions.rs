//! Reference numerics of square and rectangular matrices: plain `f64`, accuracy before speed.
//!
//! Nothing here panics. Where a result is undefined (a singular inverse, a matrix that is not square, an entry that is
//! not finite) it has the shape it ought to have and NaN everywhere.

mod direct;
mod exponential;
mod spectral;

use super::matrix::Matrix;

impl Matrix {
    fn at_mut(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.entries[j * self.rows + i]
    }

    fn column(&self, j: usize) -> &[f64] {
        &self.entries[j * self.rows..(j + 1) * self.rows]
    }

    fn undefined(shape: (usize, usize)) -> Matrix {
        Matrix::filled(shape, f64::NAN)
    }

    fn identity(n: usize) -> Matrix {
        Matrix::build((n, n), |i, j| f64::from(u8::from(i == j)))
    }

    /// Square, and every entry finite.
    fn is_usable(&self) -> bool {
        self.rows == self.columns && self.is_finite()
    }

    /// The symmetric matrix with the same lower triangle.
    fn mirrored(&self) -> Matrix {
        if self.rows != self.columns {
            return Matrix::undefined(self.shape());
        }
        Matrix::build(self.shape(), |i, j| self.at(i.max(j), i.min(j)))
    }

    /// The columns in this order.
    fn with_columns(&self, order: &[usize]) -> Matrix {
        Matrix::build((self.rows, order.len()), |i, j| self.at(i, order[j]))
    }
}

/// Σ xᵢ yᵢ
fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod samples {
    use super::Matrix;

    /// Entries in (−1, 1), the same each time.
    pub(super) fn random(rows: usize, columns: usize) -> Matrix {
        let mut state = 0x9E37_79B9_7F4A_7C15u64 ^ ((rows * 64 + columns) as u64);
        Matrix::build((rows, columns), |_, _| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
    }

    /// RRᵀ + I
    pub(super) fn positive(n: usize) -> Matrix {
        let r = random(n, n);
        sum(&r.product(&r.transposed()), &Matrix::identity(n))
    }

    pub(super) fn sum(a: &Matrix, b: &Matrix) -> Matrix {
        a.zip(b, |x, y| x + y)
    }

    /// Equal up to rounding.
    #[track_caller]
    pub(super) fn assert_close(a: &Matrix, b: &Matrix) {
        assert_eq!(a.shape(), b.shape());
        let error = a.zip(b, |x, y| x - y);
        assert!(error.is_finite(), "{a:?} ≠ {b:?}");
        assert!(error.largest() <= 1e-12 * b.largest().max(1.0), "{a:?} ≠ {b:?}");
    }

    /// Of this shape, and nothing but NaN.
    #[track_caller]
    pub(super) fn assert_undefined(a: &Matrix, shape: (usize, usize)) {
        assert_eq!(a.shape(), shape);
        assert!(a.entries.iter().all(|x| x.is_nan()), "{a:?}");
    }
}
