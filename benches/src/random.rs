//! Data that are the same in every run.

use nalgebra::{SMatrix, SVector};

/// Numbers between -1 and 1 that are the same in every run.
pub struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Random {
    /// The beginning of the sequence.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next number.
    pub fn number(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// A matrix of such numbers.
    pub fn matrix<const R: usize, const C: usize>(&mut self) -> SMatrix<f64, R, C> {
        SMatrix::from_fn(|_, _| self.number())
    }

    /// A matrix of numbers between 0.5 and 1.5.
    pub fn positive<const R: usize, const C: usize>(&mut self) -> SMatrix<f64, R, C> {
        self.matrix::<R, C>().map(|v| v.abs() + 0.5)
    }

    /// A positive definite matrix.
    pub fn definite<const N: usize>(&mut self) -> SMatrix<f64, N, N> {
        let root = self.matrix::<N, N>();
        root * root.transpose() + SMatrix::<f64, N, N>::identity() * 1.5
    }

    /// A vector of 1 and -1.
    pub fn signs<const N: usize>(&mut self) -> SVector<f64, N> {
        SVector::from_fn(|_, _| self.number().signum())
    }
}
