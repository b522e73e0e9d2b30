//! Arithmetic of sizes: what is stacked, multiplied, or written entry by entry in one column.
//!
//! Numbers are computed, constants become constant expressions, and a const parameter may be used only alone.

use super::shape::{Dim, Shape, intern};

impl Dim {
    /// The product of two sizes, or how it would have to be written.
    pub fn times(self, other: Dim) -> Result<Dim, String> {
        match (self, other) {
            (Dim::Known(a), Dim::Known(b)) => {
                a.checked_mul(b).map(Dim::Known).ok_or_else(|| format!("{a}·{b}"))
            }
            (Dim::ONE, dim) | (dim, Dim::ONE) => Ok(dim),
            (Dim::Parameter(_), _) | (_, Dim::Parameter(_)) => Err(format!("{}·{}", bare(self), bare(other))),
            _ => Ok(constant(format!("{} * {}", grouped(self), grouped(other)))),
        }
    }

    /// The size with so many entries more.
    pub fn plus(self, more: usize) -> Result<Dim, String> {
        match self {
            Dim::Known(n) => n.checked_add(more).map(Dim::Known).ok_or_else(|| format!("{n} + {more}")),
            Dim::Parameter(name) => Err(format!("{name} + {more}")),
            Dim::Constant(_) => Ok(constant(format!("{} + {more}", grouped(self)))),
        }
    }
}

impl Shape {
    /// Number of entries, or how it would have to be written.
    pub fn entries(self) -> Result<Dim, String> {
        self.rows.times(self.columns)
    }
}

fn constant(text: String) -> Dim {
    Dim::Constant(intern(&format!("{{ {text} }}")))
}

/// The text of a size without the braces of a constant expression.
fn bare(dim: Dim) -> String {
    let text = dim.to_string();
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.map_or(text.clone(), |inner| inner.trim().to_owned())
}

fn grouped(dim: Dim) -> String {
    let text = bare(dim);
    if text.contains(' ') { format!("({text})") } else { text }
}
