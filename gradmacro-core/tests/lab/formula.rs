//! Reads the language of formulas, as the printer writes it in Unicode: `2 (X a - b) aᵀ`.
//!
//! sum: `a + b`; infix: `a ⊙ b`, `a ⊘ b`, `a ⊗ b`, `a / b`; product: side by side; behind a factor: `ᵀ ² ³ [i] [i,j]`.

use std::collections::BTreeMap;

use gradmacro_core::ir::{Constant, Data, Expr, Graph, Leaf, Ratio, Shape};
use gradmacro_core::ops::products::KRONECKER;
use gradmacro_core::ops::reductions::{LOG_SUM_EXP, SOFTMAX};
use gradmacro_core::ops::spectral::EXPONENTIAL;
use gradmacro_core::ops::structure::commutation;
use gradmacro_core::ops::systems::{DETERMINANT, LN_DETERMINANT};
use gradmacro_core::ops::{ALL, Notation, OpDef};

/// Names in scope.
pub type Scope<'g> = BTreeMap<String, Expr<'g>>;

/// The expression that a text means, or `None` if it is not in the language.
pub fn parse<'g>(graph: &'g Graph, names: &Scope<'g>, text: &str) -> Option<Expr<'g>> {
    let mut parser = Parser { graph, names, text: text.chars().collect(), at: 0, bars: 0 };
    let x = parser.sum()?;
    (parser.peek() == '\0').then_some(x)
}

struct Parser<'g, 'n> {
    graph: &'g Graph,
    names: &'n Scope<'g>,
    text: Vec<char>,
    at: usize,
    /// Norms that are open: the next bar closes one.
    bars: usize,
}

impl<'g> Parser<'g, '_> {
    fn raw(&self) -> char {
        self.text.get(self.at).copied().unwrap_or('\0')
    }

    fn peek(&mut self) -> char {
        while self.raw() == ' ' {
            self.at += 1;
        }
        self.raw()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == c;
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, c: char) -> Option<()> {
        self.eat(c).then_some(())
    }

    fn sum(&mut self) -> Option<Expr<'g>> {
        let minus = self.eat('-');
        let first = self.infix()?;
        let mut terms = vec![(first, minus)];
        while let '+' | '-' = self.peek() {
            let minus = self.eat('-');
            self.at += usize::from(!minus);
            terms.push((self.infix()?, minus));
        }
        let shape = terms.iter().map(|(x, _)| x.shape()).find(|s| !s.is_scalar()).unwrap_or(Shape::SCALAR);
        let sign = |minus| if minus { Ratio::MINUS_ONE } else { Ratio::ONE };
        let terms: Vec<_> = terms.into_iter().map(|(x, minus)| (filled(x, shape), sign(minus))).collect();
        Some(if terms == [(first, Ratio::ONE)] { first } else { self.graph.combination(&terms, shape) })
    }

    fn infix(&mut self) -> Option<Expr<'g>> {
        let mut x = self.product()?;
        loop {
            let op = self.peek();
            if !matches!(op, '⊙' | '⊘' | '⊗' | '/') {
                return Some(x);
            }
            self.at += 1;
            let y = if op == '/' { self.factor()? } else { self.product()? };
            let shape = if x.is_scalar() { y.shape() } else { x.shape() };
            x = match op {
                '⊙' => filled(x, shape).hadamard(filled(y, shape)),
                '⊘' => filled(x, shape).over(filled(y, shape)),
                '/' => x / y,
                _ => kronecker(x, y)?,
            };
        }
    }

    fn product(&mut self) -> Option<Expr<'g>> {
        let mut x = self.factor()?;
        loop {
            let c = self.peek();
            let opens = matches!(c, '(' | '[' | '√') || c.is_alphanumeric() || (c == '‖' && self.bars == 0);
            if !opens {
                return Some(x);
            }
            x = x * self.factor()?;
        }
    }

    fn factor(&mut self) -> Option<Expr<'g>> {
        let mut x = self.atom()?;
        loop {
            let c = self.raw();
            self.at += 1;
            x = match c {
                'ᵀ' => x.t(),
                '⁻' if self.raw() == 'ᵀ' => self.skip_to(x.inverse().t()),
                '⁻' if self.raw() == '¹' => self.skip_to(x.inverse()),
                '²' | '³' if x.is_scalar() => x.power(Ratio::int(if c == '²' { 2 } else { 3 })),
                '²' => x * x,
                '³' => x * x * x,
                '^' => x.power(self.rational()?),
                '[' => self.part(x)?,
                _ => {
                    self.at -= 1;
                    return Some(x);
                }
            };
        }
    }

    /// One entry: `x[i]` of a vector, `A[i,j]` of a matrix.
    fn part(&mut self, x: Expr<'g>) -> Option<Expr<'g>> {
        let first = self.digits()?;
        let second = if self.eat(',') { Some(self.digits()?) } else { None };
        self.need(']')?;
        Some(match second {
            Some(column) => x.entry(first, column),
            None if x.shape().is_row() => x.entry(0, first),
            None => x.entry(first, 0),
        })
    }

    fn digits(&mut self) -> Option<usize> {
        self.peek();
        let start = self.at;
        while self.raw().is_ascii_digit() {
            self.at += 1;
        }
        self.text[start..self.at].iter().collect::<String>().parse().ok()
    }

    fn low_digits(&mut self) -> Option<usize> {
        let start = self.at;
        while ('₀'..='₉').contains(&self.raw()) {
            self.at += 1;
        }
        let digit = |c: &char| char::from_digit(*c as u32 - '₀' as u32, 10);
        self.text[start..self.at].iter().filter_map(digit).collect::<String>().parse().ok()
    }

    /// `3`, `2/3`, `0.5`
    fn rational(&mut self) -> Option<Ratio> {
        let bracket = self.raw() == '(' && self.eat('(');
        let whole = self.digits()?;
        let mut k = Ratio::int(whole as i64);
        let next_is_digit = self.text.get(self.at + 1).is_some_and(char::is_ascii_digit);
        if self.raw() == '.' && next_is_digit {
            self.at += 1;
            let start = self.at;
            let part = self.digits()?;
            k = k.plus(Ratio::new(part as i128, 10i128.pow((self.at - start) as u32)));
        } else if self.raw() == '/' && next_is_digit {
            self.at += 1;
            k = k.times(Ratio::new(1, self.digits()? as i128));
        }
        if bracket {
            self.need(')')?;
        }
        Some(k)
    }

    fn atom(&mut self) -> Option<Expr<'g>> {
        match self.peek() {
            '(' => {
                let bars = std::mem::take(&mut self.bars);
                self.at += 1;
                let x = self.sum()?;
                self.bars = bars;
                self.need(')')?;
                Some(x)
            }
            '‖' => {
                self.at += 1;
                self.bars += 1;
                let x = self.sum()?;
                self.bars -= 1;
                self.need('‖')?;
                Some(x.inner(x).power(Ratio::HALF))
            }
            '√' => {
                self.at += 1;
                Some(self.atom()?.power(Ratio::HALF))
            }
            '[' => self.grid(),
            c if c.is_ascii_digit() => self.number(),
            _ => self.name(),
        }
    }

    /// `[a, b; c, d]`, of scalars or of blocks.
    fn grid(&mut self) -> Option<Expr<'g>> {
        self.need('[')?;
        let mut rows = vec![vec![self.sum()?]];
        loop {
            match () {
                () if self.eat(',') => {
                    let next = self.sum()?;
                    rows.last_mut()?.push(next);
                }
                () if self.eat(';') => rows.push(vec![self.sum()?]),
                () => break,
            }
        }
        self.need(']')?;
        if rows.iter().flatten().all(|x| x.is_scalar()) { self.literal(&rows) } else { self.blocks(&rows) }
    }

    fn literal(&self, rows: &[Vec<Expr<'g>>]) -> Option<Expr<'g>> {
        let row = |(i, row): (usize, &Vec<Expr<'g>>)| {
            row.iter().enumerate().map(|(j, x)| ((i as u32, j as u32), *x)).collect::<Vec<_>>()
        };
        let entries: Vec<_> = rows.iter().enumerate().flat_map(row).collect();
        Some(self.graph.entries(&entries, Shape::new(rows.len(), rows.first()?.len())))
    }

    fn blocks(&self, rows: &[Vec<Expr<'g>>]) -> Option<Expr<'g>> {
        let size = |x: &Expr<'g>| x.shape().known();
        let height = rows.iter().map(|row| Some(size(row.first()?)?.0)).sum::<Option<usize>>()?;
        let width = rows.first()?.iter().map(|x| Some(size(x)?.1)).sum::<Option<usize>>()?;
        let (whole, mut top) = (Shape::new(height, width), 0);
        let mut terms = vec![];
        for row in rows {
            let mut left = 0;
            for x in row {
                let corner = (self.graph.index(top), self.graph.index(left));
                terms.push((x.scatter(corner.0, corner.1, whole), Ratio::ONE));
                left += size(x)?.1 as i64;
            }
            top += size(row.first()?)?.0 as i64;
        }
        Some(self.graph.combination(&terms, whole))
    }

    /// A rational, or zeros or ones of a size.
    fn number(&mut self) -> Option<Expr<'g>> {
        let k = self.rational()?;
        let Some(rows) = self.low_digits() else { return Some(self.graph.number(k)) };
        let columns = if self.raw() == 'ₓ' { self.skip().low_digits()? } else { 1 };
        let shape = Shape::new(rows, columns);
        Some(if k.is_zero() { self.graph.zeros(shape) } else { self.graph.ones(shape) })
    }

    fn skip_to(&mut self, x: Expr<'g>) -> Expr<'g> {
        self.at += 1;
        x
    }

    fn skip(&mut self) -> &mut Self {
        self.at += 1;
        self
    }

    fn name(&mut self) -> Option<Expr<'g>> {
        let start = self.at;
        let ends = |c: char| !c.is_alphanumeric() || "²³⁴ᵀ¹ₓ⁻".contains(c) || ('₀'..='₉').contains(&c);
        while !ends(self.raw()) {
            self.at += 1;
        }
        let name: String = self.text[start..self.at].iter().collect();
        match name.as_str() {
            "I" => Some(self.graph.identity(Shape::new(self.low_digits()?, 1).rows)),
            "K" => self.commutation(),
            "π" => Some(self.graph.leaf(Leaf::Constant(Constant::Named("PI")), Shape::SCALAR)),
            _ if self.raw() == '(' && !self.names.contains_key(&name) => self.call(&name),
            _ => self.names.get(&name).copied(),
        }
    }

    /// `K₃ₓ₂`
    fn commutation(&mut self) -> Option<Expr<'g>> {
        let rows = self.low_digits()?;
        let columns = (self.raw() == 'ₓ').then(|| self.skip().low_digits())??;
        let of = Shape::new(rows, columns);
        Some(commutation(self.graph, of, of.entries().ok()?))
    }

    fn call(&mut self, name: &str) -> Option<Expr<'g>> {
        self.need('(')?;
        let bars = std::mem::take(&mut self.bars);
        let x = self.sum()?;
        self.bars = bars;
        let exponent = if self.eat(',') { Some(self.peek()).and_then(|_| self.rational()) } else { None };
        self.need(')')?;
        Some(match (name, exponent) {
            ("pow", Some(p)) => x.power(p),
            ("sqrt", None) => x.power(Ratio::HALF),
            ("sum", None) => x.sum(),
            ("tr", None) => x.trace(),
            ("vec", None) => x.vec(),
            ("diag", None) => x.diagonal_matrix(),
            ("diagonal", None) => x.diagonal(),
            ("det", None) => x.reduce(&DETERMINANT),
            ("logdet", None) => x.reduce(&LN_DETERMINANT),
            ("expm", None) => x.apply(&EXPONENTIAL),
            ("lse", None) => x.reduce(&LOG_SUM_EXP),
            ("softmax", None) => x.apply(&SOFTMAX),
            _ => x.apply(entrywise(name)?),
        })
    }
}

/// A scalar beside a matrix stands for all entries.
fn filled<'g>(x: Expr<'g>, shape: Shape) -> Expr<'g> {
    if x.shape() == shape { x } else { x.fill(shape) }
}

fn entrywise(name: &str) -> Option<&'static OpDef> {
    let reads = |op: &&&OpDef| matches!(op.notation, Notation::Function(own, _) if own == name);
    ALL.iter().filter(|op| op.entrywise && op.example.operands.len() == 1).find(reads).copied()
}

fn kronecker<'g>(x: Expr<'g>, y: Expr<'g>) -> Option<Expr<'g>> {
    let ((a, b), (c, d)) = (x.shape().known()?, y.shape().known()?);
    Some(x.graph.apply(&KRONECKER, Data::None, &[x, y], Shape::new(a * c, b * d)))
}
