//! Numbers from a fixed seed, so that every run is the same run.

use gradmacro_core::ops::matrix::Matrix;

/// An xorshift generator.
pub struct Random(u64);

impl Random {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..8).for_each(|_| _ = random.next());
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// A number in a range.
    pub fn within(&mut self, (from, to): (f64, f64)) -> f64 {
        from + (to - from) * (self.next() as f64 / (1u64 << 53) as f64)
    }

    /// A matrix with entries in a range.
    pub fn matrix(&mut self, shape: (usize, usize), range: (f64, f64)) -> Matrix {
        Matrix::build(shape, |_, _| self.within(range))
    }
}
