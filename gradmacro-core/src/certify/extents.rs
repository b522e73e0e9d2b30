//! Numbers for sizes that are names: distinct small ones, and what arithmetic makes of them, so that `{ ROWS * COLS }`
//! is the number of entries of a matrix of `ROWS` rows and `COLS` columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Dim, Graph, Id, Leaf, Node};

/// A number for every size in these graphs that is a name.
pub(super) fn extents(graphs: &[&Graph]) -> Vec<(Dim, usize)> {
    let names: BTreeSet<Dim> = graphs.iter().flat_map(|graph| named(graph)).collect();
    let mut numbers = Numbers::default();
    names.into_iter().map(|dim| (dim, numbers.of(&dim.to_string()))).collect()
}

/// The sizes in a graph that are no numbers.
fn named(graph: &Graph) -> Vec<Dim> {
    let mut names = vec![];
    for id in (0..graph.len()).map(|k| Id(k as u32)) {
        let shape = graph.shape(id);
        if shape.known().is_none() {
            names.extend([shape.rows, shape.columns]);
        }
        if let Node::Leaf(Leaf::Extent(dim)) = &*graph.node(id) {
            names.push(*dim);
        }
    }
    names.retain(|dim| dim.known().is_none());
    names
}

/// The smallest number that a name gets: below, products and powers look alike.
const SMALLEST: usize = 3;

/// Numbers by name, as they were first needed.
#[derive(Default)]
struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    /// What the size comes to; what is not understood gets a number of its own, as a name does.
    fn of(&mut self, text: &str) -> usize {
        let mut size = Size { rest: text, numbers: self };
        let number = size.sum().filter(|n| *n > 0 && size.is_done());
        number.unwrap_or_else(|| self.named(text))
    }

    fn named(&mut self, name: &str) -> usize {
        let next = SMALLEST + self.0.len();
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

/// A size that is being read: sums of products of names and numbers.
struct Size<'t, 'n> {
    rest: &'t str,
    numbers: &'n mut Numbers,
}

impl<'t> Size<'t, '_> {
    fn sum(&mut self) -> Option<usize> {
        let mut sum = self.product()?;
        loop {
            sum = match () {
                () if self.takes("+") => sum.checked_add(self.product()?)?,
                () if self.takes("-") => sum.checked_sub(self.product()?)?,
                () => return Some(sum),
            };
        }
    }

    fn product(&mut self) -> Option<usize> {
        let mut product = self.factor()?;
        loop {
            product = match () {
                () if self.takes("*") => product.checked_mul(self.factor()?)?,
                () if self.takes("/") => product.checked_div(self.factor()?)?,
                () => return Some(product),
            };
        }
    }

    fn factor(&mut self) -> Option<usize> {
        for (open, close) in [("(", ")"), ("{", "}")] {
            if self.takes(open) {
                let inner = self.sum()?;
                return self.takes(close).then_some(inner);
            }
        }
        let word = self.word()?;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.trim_end_matches("usize").replace('_', "").parse().ok();
        }
        Some(self.numbers.named(word))
    }

    fn word(&mut self) -> Option<&'t str> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn is_done(&self) -> bool {
        self.rest.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn sizes_are_computed_from_names() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.of("ROWS"), 3);
        assert_eq!(numbers.of("COLS"), 4);
        assert_eq!(numbers.of("{ ROWS * COLS }"), 12);
        assert_eq!(numbers.of("{ (ROWS + 1) * COLS - 2usize }"), 14);
        assert_eq!(numbers.of("{ COLS / 2 }"), 2);
    }

    #[test]
    fn what_is_not_understood_is_a_name() {
        let mut numbers = Numbers::default();
        let (path, call) = (numbers.of("model::STATES"), numbers.of("{ size(3) }"));
        assert_eq!((path, call), (numbers.of("model::STATES"), numbers.of("{ size(3) }")));
        assert_ne!(path, call);
        assert!(numbers.of("{ ROWS - 1000 }") > 0);
    }
}
