//! Results as rows of numbers, compared with references.

use nalgebra::SMatrix;

use crate::Real;

/// What has a fixed number of entries, or none.
pub trait Entries {
    /// Shows every entry to `visit`, matrices by columns.
    fn visit(&self, visit: &mut impl FnMut(Real));
}

impl Entries for Real {
    fn visit(&self, visit: &mut impl FnMut(Real)) {
        visit(*self);
    }
}

impl<const R: usize, const C: usize> Entries for SMatrix<Real, R, C> {
    fn visit(&self, visit: &mut impl FnMut(Real)) {
        self.iter().copied().for_each(visit);
    }
}

impl<A: Entries, B: Entries> Entries for (A, B) {
    fn visit(&self, visit: &mut impl FnMut(Real)) {
        self.0.visit(visit);
        self.1.visit(visit);
    }
}

impl<R: Entries> Entries for Option<R> {
    fn visit(&self, visit: &mut impl FnMut(Real)) {
        if let Some(entries) = self {
            entries.visit(visit);
        }
    }
}

/// Whether `result` has the entries `wanted` up to 64 units of rounding of the largest of them.
pub fn agrees(result: &impl Entries, wanted: &[Real]) -> bool {
    let largest = wanted.iter().fold(0.0, |largest: Real, v| largest.max(v.abs()));
    let bound = 64.0 * Real::EPSILON * largest;
    let (mut rest, mut close) = (wanted.iter(), true);
    result.visit(&mut |v| close &= rest.next().is_some_and(|w| (v - w).abs() <= bound));
    close && rest.len() == 0
}
