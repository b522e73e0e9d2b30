//! Plain `f64` matrices for reference values, column-major as nalgebra stores its own.

/// Rows × columns of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Entries, column by column.
    pub entries: Vec<f64>,
}

impl Matrix {
    /// A matrix whose entry at (i, j) is `f(i, j)`.
    pub fn build((rows, columns): (usize, usize), mut f: impl FnMut(usize, usize) -> f64) -> Matrix {
        let mut entries = Vec::with_capacity(rows * columns);
        for j in 0..columns {
            for i in 0..rows {
                entries.push(f(i, j));
            }
        }
        Matrix { rows, columns, entries }
    }

    /// A 1×1 matrix.
    pub fn scalar(value: f64) -> Matrix {
        Matrix { rows: 1, columns: 1, entries: vec![value] }
    }

    /// Every entry the same.
    pub fn filled((rows, columns): (usize, usize), value: f64) -> Matrix {
        Matrix { rows, columns, entries: vec![value; rows * columns] }
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The entry at (i, j).
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[j * self.rows + i]
    }

    /// The only entry of a 1×1 matrix.
    pub fn value(&self) -> f64 {
        self.entries.first().copied().unwrap_or(f64::NAN)
    }

    /// Every entry through `f`.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Matrix {
        Matrix { entries: self.entries.iter().map(|x| f(*x)).collect(), ..*self }
    }

    /// Entries of two matrices through `f`; NaN everywhere if their shapes differ.
    pub fn zip(&self, other: &Matrix, f: impl Fn(f64, f64) -> f64) -> Matrix {
        if self.shape() != other.shape() {
            return Matrix::filled(self.shape(), f64::NAN);
        }
        let entries = self.entries.iter().zip(&other.entries).map(|(a, b)| f(*a, *b)).collect();
        Matrix { entries, ..*self }
    }

    /// Transpose.
    pub fn transposed(&self) -> Matrix {
        Matrix::build((self.columns, self.rows), |i, j| self.at(j, i))
    }

    /// Matrix product; NaN if the inner dimensions differ.
    pub fn product(&self, other: &Matrix) -> Matrix {
        let shape = (self.rows, other.columns);
        if self.columns != other.rows {
            return Matrix::filled(shape, f64::NAN);
        }
        let mut out = Matrix::filled(shape, 0.0);
        for (target, right) in
            out.entries.chunks_mut(self.rows.max(1)).zip(other.entries.chunks(other.rows.max(1)))
        {
            for (left, factor) in self.entries.chunks(self.rows.max(1)).zip(right) {
                target.iter_mut().zip(left).for_each(|(t, l)| *t += l * factor);
            }
        }
        out
    }

    /// Σ entries
    pub fn sum(&self) -> f64 {
        self.entries.iter().sum()
    }

    /// ⟨A, B⟩
    pub fn inner(&self, other: &Matrix) -> f64 {
        self.zip(other, |a, b| a * b).sum()
    }

    /// Largest absolute entry.
    pub fn largest(&self) -> f64 {
        self.entries.iter().fold(0.0, |m, x| x.abs().max(m))
    }

    /// Is every entry finite?
    pub fn is_finite(&self) -> bool {
        self.entries.iter().all(|x| x.is_finite())
    }

    /// Does the block of this shape at (row, column) lie within?
    pub fn holds(&self, (row, column): (usize, usize), (rows, columns): (usize, usize)) -> bool {
        row + rows <= self.rows && column + columns <= self.columns
    }
}
