//! The matrix exponential and its derivative.

use super::Matrix;

/// Terms of the series; ½ⁿ / n! is far below rounding by then.
const TERMS: usize = 20;

impl Matrix {
    /// exp A = Σ Aᵏ / k!; NaN if A is not square.
    pub fn exponential(&self) -> Matrix {
        let norm =
            (0..self.columns).map(|j| self.column(j).iter().map(|x| x.abs()).sum()).fold(0.0, f64::max);
        if !self.is_usable() || !f64::is_finite(norm) {
            return Matrix::undefined(self.shape());
        }
        // exp A = (exp A/2ˢ)^(2ˢ), with a norm of at most ½ within.
        let halvings = if norm > 0.5 { norm.log2().ceil() as i32 + 1 } else { 0 };
        let scaled = self.map(|x| x * 0.5f64.powi(halvings));
        let mut power = series(&scaled);
        for _ in 0..halvings {
            power = power.product(&power);
        }
        power
    }

    /// The derivative of exp at A in direction E: the upper right block of exp [A E; 0 A]. NaN if shapes do not fit.
    pub fn exponential_direction(&self, e: &Matrix) -> Matrix {
        let n = self.rows;
        let size = e.largest();
        if self.shape() != (n, n) || e.shape() != (n, n) || !e.is_finite() {
            return Matrix::undefined(self.shape());
        }
        // Linear in E, whose size shall not matter for the number of halvings.
        let unit = if size > 0.0 { size } else { 1.0 };
        let blocks = Matrix::build((2 * n, 2 * n), |i, j| match (i < n, j < n) {
            (true, true) => self.at(i, j),
            (true, false) => e.at(i, j - n) / unit,
            (false, true) => 0.0,
            (false, false) => self.at(i - n, j - n),
        });
        let power = blocks.exponential();
        Matrix::build((n, n), |i, j| unit * power.at(i, j + n))
    }
}

/// I + A (I + A/2 (I + A/3 (…)))
fn series(a: &Matrix) -> Matrix {
    let one = Matrix::identity(a.rows);
    (1..=TERMS).rev().fold(one.clone(), |sum, k| a.product(&sum).zip(&one, |x, i| x / k as f64 + i))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{assert_close, assert_undefined, random, sum};
    use super::Matrix;

    #[test]
    fn exponential_of_known_matrices() {
        assert_close(&Matrix::scalar(3.0).exponential(), &Matrix::scalar(3f64.exp()));
        assert_close(&Matrix::filled((2, 2), 0.0).exponential(), &Matrix::identity(2));
        let turn = Matrix::build((2, 2), |i, j| (i as f64 - j as f64) * 2.0);
        let wanted = Matrix::build((2, 2), |i, j| if i == j { 2f64.cos() } else { turn.at(i, j).sin() });
        assert_close(&turn.exponential(), &wanted);
        assert_undefined(&random(2, 3).exponential(), (2, 3));
        assert_eq!(Matrix::identity(0).exponential().shape(), (0, 0));
    }

    #[test]
    fn exponential_of_the_negative_is_the_inverse() {
        for n in 1..=6 {
            let a = random(n, n).map(|x| 3.0 * x);
            let product = a.exponential().product(&a.map(|x| -x).exponential());
            assert!(sum(&product, &Matrix::identity(n).map(|x| -x)).largest() < 1e-10);
        }
    }

    #[test]
    fn direction_is_the_derivative() {
        for n in 1..=5 {
            let (a, e) = (random(n, n), random(n, n + 1).with_columns(&(0..n).collect::<Vec<_>>()));
            let step = 1e-4;
            let at = |t: f64| sum(&a, &e.map(|x| t * x)).exponential();
            let central = |h: f64| at(h).zip(&at(-h), |x, y| (x - y) / (2.0 * h));
            let wanted = central(step).zip(&central(2.0 * step), |x, y| (4.0 * x - y) / 3.0);
            let difference = a.exponential_direction(&e).zip(&wanted, |x, y| x - y);
            assert!(difference.is_finite() && difference.largest() < 1e-10);
            let large = e.map(|x| 1e6 * x);
            assert_close(&a.exponential_direction(&large).map(|x| 1e-6 * x), &a.exponential_direction(&e));
        }
        assert_undefined(&random(2, 2).exponential_direction(&random(2, 3)), (2, 2));
    }
}
