//! From a node to its formula.

use super::Names;
use super::constants::constant;
use super::loops::{Around, Loops};
use super::parts::{Parts, powers_of};
use super::tree::{Connective, Formula, Infix, Raise, Relation};
use crate::ir::shape::intern;
use crate::ir::walk::needed;
use crate::ir::{Data, Expr, Leaf, Node, Ratio};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::exponential::{POWF, POWI};
use crate::ops::foreign::{CALL, FOREIGN};
use crate::ops::index::{AFFINE, AS_REAL, KEPT_AT};
use crate::ops::piecewise::ABS;
use crate::ops::predicates::{AND, AT_MOST, EQUAL, IS_ZERO, LESS, NOT, NOT_NEGATIVE, OR};
use crate::ops::products::{CROSS, KRONECKER, PRODUCT};
use crate::ops::structure::{COMMUTATION, ENTRIES, IDENTITY, ONES, RESHAPE, SCATTER, SLICE, TRANSPOSE};
use crate::ops::systems::{
    COFACTOR, DEMAND, DETERMINANT, INVERSE, LN_ABS_DETERMINANT, LN_DETERMINANT, PSEUDO_INVERSE, REQUIRE,
};
use crate::ops::writing::UPDATE;
use crate::ops::{Notation, OpDef};

/// How many nodes a formula shows before it ends in an ellipsis.
const LONGEST: usize = 400;

/// Reads nodes of one graph.
pub(super) struct Reader<'n, 'g> {
    pub(super) names: &'n dyn Names,
    /// Names of parameters: no index and no state gets one that it is not given by the user.
    pub(super) taken: Vec<String>,
    /// Indices of the sums and loops that are being read, outermost first.
    pub(super) around: Vec<Around<'g>>,
    pub(super) loops: Loops<'g>,
    /// What is about to be written out, though a state has this value.
    pub(super) defined: Option<Expr<'g>>,
    left: usize,
}

/// How an operation that has a form of its own is read.
type Reading = for<'g> fn(&mut Reader<'_, 'g>, Expr<'g>) -> Formula;

/// The operations that are not written as f(x, y).
static FORMS: &[(&OpDef, Reading)] = &[
    (&SUM, |r, x| r.sum(&x.weighted(), x.shape())),
    (&SCALE, |r, x| r.term(Ratio::ONE, &powers_of(x.operand(0)), Some(x.operand(1)))),
    (&POWERS, |r, x| r.powers(x)),
    (&PRODUCT, |r, x| r.product(&x.operands())),
    (&CROSS, |r, x| r.infix(Infix::Cross, x)),
    (&KRONECKER, |r, x| r.infix(Infix::Kronecker, x)),
    (&ONES, |_, x| if x.is_scalar() { Formula::int(1) } else { Formula::Sized('1', x.shape()) }),
    (&IDENTITY, |_, x| Formula::Sized('I', x.shape())),
    (&COMMUTATION, |r, x| r.commutation(x)),
    (&TRANSPOSE, |r, x| r.transposed(x)),
    (&INVERSE, |r, x| r.raised(x, Raise::Inverse)),
    (&PSEUDO_INVERSE, |r, x| r.raised(x, Raise::PseudoInverse)),
    (&DETERMINANT, |r, x| r.determinant(x)),
    (&LN_DETERMINANT, |r, x| r.ln_determinant(x, false)),
    (&LN_ABS_DETERMINANT, |r, x| r.ln_determinant(x, true)),
    (&COFACTOR, |r, x| r.cofactor(x)),
    (&RESHAPE, |r, x| r.reshape(x)),
    // It says that something may fail, and has no value.
    (&DEMAND, |_, _| Formula::int(0)),
    (&REQUIRE, |_, _| Formula::int(0)),
    (&ABS, |r, x| Formula::Absolute(Box::new(r.read(x.operand(0))))),
    (&POWF, |r, x| r.raised_by(x)),
    (&POWI, |r, x| r.raised_by(x)),
    (&SLICE, |r, x| r.slice(x)),
    (&SCATTER, |r, x| r.scatter(x)),
    (&ENTRIES, |r, x| r.entries(x)),
    (&AFFINE, |r, x| r.affine(x)),
    (&AS_REAL, |r, x| r.read(x.operand(0))),
    (&KEPT_AT, |r, x| r.kept_at(x)),
    (&FOREIGN, |r, x| r.foreign(x, x.operands().len() / 2)),
    (&CALL, |r, x| r.foreign(x, x.operands().len())),
    (&UPDATE, |r, x| r.update(x)),
    (&LESS, |r, x| r.relation(Relation::Less, x)),
    (&AT_MOST, |r, x| r.relation(Relation::AtMost, x)),
    (&EQUAL, |r, x| r.relation(Relation::Equal, x)),
    (&NOT_NEGATIVE, |r, x| r.not_negative(x)),
    (&IS_ZERO, |r, x| r.is_zero(x)),
    (&NOT, |r, x| r.not(x)),
    (&AND, |r, x| r.logic(Connective::And, x)),
    (&OR, |r, x| r.logic(Connective::Or, x)),
];

impl<'n, 'g> Reader<'n, 'g> {
    /// A reader for this root; no index gets the name of a parameter.
    pub(super) fn new(root: Expr<'g>, names: &'n dyn Names) -> Self {
        let graph = root.graph;
        let inputs = needed(graph, &[root.id]).into_iter().filter_map(|id| match &*graph.node(id) {
            Node::Leaf(Leaf::Input(k)) => Some(names.input(*k)),
            _ => None,
        });
        let taken = inputs.collect();
        Reader { names, taken, around: vec![], loops: Loops::of(graph, names), defined: None, left: LONGEST }
    }

    /// Is the page full? What else there is is left out.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// The formula of a node.
    pub(super) fn read(&mut self, x: Expr<'g>) -> Formula {
        if self.is_full() {
            return Formula::Symbol("…", "\\dots");
        }
        self.left -= 1;
        if let Some(state) = self.next_state(x) {
            return state;
        }
        if let Some(norm) = self.as_norm(x) {
            return norm;
        }
        match &*x.node() {
            Node::Leaf(leaf) => self.leaf(leaf, x),
            Node::IndexSum(_) => self.index_sum(x),
            Node::Result(k, [region]) => self.result(*k as usize, x.graph.expr(*region)),
            // They have no value: their results have.
            Node::Scan(_) | Node::Branch(_) => Formula::Symbol("…", "\\dots"),
            Node::Apply(op, ..) => match FORMS.iter().find(|form| x.is(form.0)) {
                Some((_, reading)) => reading(self, x),
                None => self.call(op.0, x),
            },
        }
    }

    fn leaf(&mut self, leaf: &Leaf, x: Expr<'g>) -> Formula {
        match leaf {
            Leaf::Input(k) => Formula::Name(self.names.input(*k)),
            Leaf::Direction(k) => Formula::Name(self.names.direction(*k)),
            Leaf::Cotangent => Formula::Name("ybar".to_owned()),
            Leaf::Kept(k) => Formula::Source(self.names.kept(*k)),
            Leaf::Constant(own) => constant(*own),
            Leaf::Extent(dim) => Formula::Text(dim.to_string()),
            Leaf::Variable(serial) => self.variable(x).unwrap_or_else(|| Formula::Text(format!("d{serial}"))),
            Leaf::Parameter(k) => Formula::Text(format!("p{k}")),
        }
    }

    fn call(&mut self, op: &OpDef, x: Expr<'g>) -> Formula {
        let operands = x.operands().into_iter().map(|y| self.read(y)).collect();
        match op.notation {
            Notation::Function(unicode, latex) => Formula::Call(unicode, latex, operands),
            Notation::Form => Formula::Call(op.name, op.name, operands),
        }
    }

    /// A foreign function by its name, of so many arguments.
    fn foreign(&mut self, x: Expr<'g>, arguments: usize) -> Formula {
        let node = x.node();
        let Data::Foreign(path) = node.data() else { return Formula::Text("?".to_owned()) };
        let name = path.rsplit(':').next().unwrap_or(path).trim();
        let latex = format!("\\operatorname{{{}}}", name.replace('_', "\\_"));
        let operands = x.operands().into_iter().take(arguments).map(|y| self.read(y)).collect();
        Formula::Call(intern(name), intern(&latex), operands)
    }

    fn index_sum(&mut self, x: Expr<'g>) -> Formula {
        let Some(open) = x.open() else { return Formula::Text("?".to_owned()) };
        self.over(Around { name: self.index_name(None), ..Around::of_sum(&open) }, open.body)
    }

    /// K, by the shape of the matrices whose entries it moves.
    fn commutation(&self, x: Expr<'g>) -> Formula {
        match x.node().data() {
            Data::Shape(of) => Formula::Sized('K', *of),
            _ => Formula::Sized('K', x.shape()),
        }
    }

    fn raised_by(&mut self, x: Expr<'g>) -> Formula {
        let (base, exponent) = (self.read(x.operand(0)), self.read(x.operand(1)));
        Formula::Raised(Box::new(base), Raise::By(Box::new(exponent)))
    }

    /// A matrix product: runs of one factor as a power, 1ᵀ A 1 as the sum of the entries.
    pub(super) fn product(&mut self, f: &[Expr<'g>]) -> Formula {
        if let [a, x, b] = *f
            && a.is_ones()
            && b.is_ones()
        {
            return Formula::Call("sum", "\\operatorname{sum}", vec![self.read(x)]);
        }
        let mut factors = vec![];
        let mut rest = f;
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|x| *x == first).count();
            let base = self.read(*first);
            let is_power = run > 1 && matches!(&*first.node(), Node::Leaf(_));
            rest = &rest[if is_power { run } else { 1 }..];
            factors.push(match is_power {
                true => Formula::Raised(Box::new(base), Raise::Whole(run as i128)),
                false => base,
            });
        }
        Formula::Product(factors)
    }

    fn powers(&mut self, x: Expr<'g>) -> Formula {
        let list = x.weighted();
        if x.is_scalar() {
            self.pieces(Parts::of_scalars(Ratio::ONE, &list))
        } else {
            self.entrywise(&list, x)
        }
    }

    /// X ⊙ Y ⊘ Z
    fn entrywise(&mut self, list: &[(Expr<'g>, Ratio)], x: Expr<'g>) -> Formula {
        let mut written = vec![];
        for (factor, p) in list.iter().filter(|f| !f.1.is_negative()) {
            self.repeat(Infix::Times, *factor, *p, &mut written);
        }
        if written.is_empty() {
            written.push((Infix::Times, Formula::Sized('1', x.shape())));
        }
        for (factor, p) in list.iter().filter(|f| f.1.is_negative()) {
            self.repeat(Infix::Over, *factor, p.negated(), &mut written);
        }
        match written.len() {
            1 => written.remove(0).1,
            _ => Formula::Infix(written),
        }
    }

    /// A small whole power is written out: X ⊙ X.
    fn repeat(&mut self, op: Infix, x: Expr<'g>, p: Ratio, written: &mut Vec<(Infix, Formula)>) {
        if let Some(n @ 1..=3) = p.integer() {
            written.extend((0..n).map(|_| (op, self.read(x))));
            return;
        }
        let base = self.read(x);
        let power = match p {
            Ratio::HALF => Formula::Call("sqrt", "\\operatorname{sqrt}", vec![base]),
            _ => Formula::Call("pow", "\\operatorname{pow}", vec![base, Formula::Number(p)]),
        };
        written.push((op, power));
    }
}
