//! A row of what is read of geometry: a name, how many arguments it takes, and of which kinds.

use super::kinds::Kind;

/// A function or a method of some of the kinds.
pub(super) struct Row<R> {
    pub(super) name: &'static str,
    pub(super) arguments: usize,
    pub(super) of: fn(Kind) -> bool,
    pub(super) read: R,
}

pub(super) const fn row<R: Copy>(
    of: fn(Kind) -> bool,
    name: &'static str,
    arguments: usize,
    read: R,
) -> Row<R> {
    Row { name, arguments, of, read }
}
