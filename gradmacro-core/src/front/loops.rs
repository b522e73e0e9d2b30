//! `for` loops, and `for_each`.
//!
//! A loop over an index is one scan, whatever it runs over; one over an array of values that are known one by one is
//! written out.
//!
//! Example: `for (k, v) in x.iter().enumerate().skip(1) { s = s * v + k as f64; }` runs over 0..n-1, and binds `k` to
//! the index plus 1 and `v` to that entry of x.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr as Source, Pat};

use super::active::Mask;
use super::bounds::Loop;
use super::carried::{Header, Start};
use super::invoke::names_in;
use super::kept::Source as Reading;
use super::leaves::is_same;
use super::reader::Reader;
use super::scope::Binding;
use super::sequence::{Run, Sequence, Steps};
use super::text;
use super::value::Value;
use crate::ir::Shape;

/// A loop as it is written.
struct Written<'a> {
    pattern: &'a Pat,
    body: &'a Source,
    /// Where to report.
    head: &'a dyn ToTokens,
}

impl<'g> Reader<'g> {
    /// `for pattern in iterable { .. }`
    pub(super) fn read_for(&self, repeat: &syn::ExprForLoop) {
        let body = Source::Block(syn::ExprBlock { attrs: vec![], label: None, block: repeat.body.clone() });
        let is_refused = self.refuse_exits(repeat.label.as_ref(), &body) || self.refuse_steps(&repeat.expr);
        let sequence = if is_refused { None } else { self.steps_of(&repeat.expr) };
        let head = text::together(&[&repeat.for_token, &repeat.pat, &repeat.in_token, &repeat.expr]);
        self.read_loop(sequence, &Written { pattern: &repeat.pat, body: &body, head: &head });
    }

    /// `iterator.for_each(|pattern| ..)` is the loop that it stands for; false if it is anything else.
    pub(super) fn read_for_each(&self, call: &syn::ExprMethodCall) -> bool {
        let Some(Source::Closure(closure)) = call.args.first().map(text::peel) else { return false };
        let (true, Some(pattern), 1) = (call.method == "for_each", closure.inputs.first(), call.args.len())
        else {
            return false;
        };
        let is_refused = self.refuse_exits(None, &closure.body);
        let sequence = if is_refused { None } else { self.steps_of(&call.receiver) };
        self.read_loop(sequence, &Written { pattern, body: &closure.body, head: call });
        true
    }

    fn read_loop(&self, sequence: Option<Sequence<'g>>, written: &Written<'_>) {
        let variables = self.assigned_in(written.body);
        let read = sequence.and_then(|sequence| self.read_steps(&sequence, &variables, written));
        if read.is_none() {
            for binding in variables {
                self.add(Binding { value: Some(Value::Poison), ..binding });
            }
        }
    }

    /// What a loop runs over.
    fn steps_of(&self, iterable: &Source) -> Option<Sequence<'g>> {
        match self.read(iterable) {
            Value::Sequence(sequence) => Some((*sequence).clone()),
            Value::Matrix(x) => Some(Sequence::lifted(x.shape(), Value::Scalar(x))),
            Value::Array(entries) => Some(Sequence::listed(entries)),
            Value::Unordered(unordered) => Some(unordered.sequence()),
            Value::Unknown(_) if !self.trial => self.data_in(iterable),
            Value::Poison => None,
            other => {
                let found = other.describe();
                self.error(iterable, format!("a loop needs an iterator, but this is {found}"))
                    .help("write `for i in 0..n`, or loop over `x.iter()`");
                None
            }
        }
    }

    /// Reads all steps; `None` if a mistake was reported.
    fn read_steps(
        &self,
        sequence: &Sequence<'g>,
        variables: &[Binding<'g>],
        written: &Written<'_>,
    ) -> Option<()> {
        if let Some(what) = sequence.unordered {
            let values = Value::Sequence(std::rc::Rc::new(sequence.clone()));
            self.refuse_order_of(what, "a `for` loop", &values, &written.head);
            return None;
        }
        if let Steps::Listed = sequence.steps {
            sequence.elements().iter().for_each(|element| self.read_alone(element, written));
            return Some(());
        }
        let indexed = self.indexed(sequence, &written.head)?;
        let Steps::Indexed(run) = indexed.steps else { return None };
        if run.is_endless() {
            self.refuse_endless(&written.head);
            return None;
        }
        match Value::Integer(run.trips).constant() {
            Some(..=0) => Some(()),
            Some(1) => {
                let first = self.graph.index(0);
                let element = self.replaced(&indexed.element, &run, first);
                self.replace_in_demands(&run, first);
                self.read_alone(&element, written);
                Some(())
            }
            _ => self.read_scan(run, &indexed, variables, written),
        }
    }

    /// A step that is written out: a loop of one step.
    fn read_alone(&self, element: &Value<'g>, written: &Written<'_>) {
        let (index, trips) = (self.graph.variable(Shape::SCALAR), self.graph.index(1));
        self.inside(Loop { index, trips, written: None }, || self.read_iteration(element, written));
    }

    /// One step.
    fn read_iteration(&self, element: &Value<'g>, written: &Written<'_>) {
        self.within_block(|| {
            self.bind(written.pattern, element.clone(), &reading_of(element), None);
            self.read_body_of_loop(written.body);
        });
    }

    fn read_body_of_loop(&self, body: &Source) {
        match body {
            Source::Block(block) => {
                self.read_block(&block.block, None);
            }
            expr => self.read_effect(expr),
        }
    }

    fn read_scan(
        &self,
        run: Run<'g>,
        sequence: &Sequence<'g>,
        variables: &[Binding<'g>],
        written: &Written<'_>,
    ) -> Option<()> {
        let variables: Vec<&Binding<'g>> =
            variables.iter().filter(|binding| binding.value.is_some()).collect();
        let starts: Vec<Start<'g>> = variables
            .iter()
            .map(|binding| Start {
                name: Some(binding.name.clone()),
                is_whole: true,
                value: binding.value.clone().unwrap_or(Value::Poison),
            })
            .collect();
        let header = Header {
            run,
            element: &sequence.element,
            name: sequence.name.clone().or_else(|| index_in(written.pattern, &sequence.element)),
            statement: true,
            mask: self.mask_of_loop(&starts, sequence, written),
            at: &written.head,
        };
        let after = self.carried_over(&header, &starts, &|reader, element, values| {
            Some(reader.within(reader.scope(), || reader.values_after(&variables, element, values, written)))
        })?;
        for (binding, value) in variables.iter().zip(after) {
            self.change(binding, value);
        }
        Some(())
    }

    /// What the variables are after a step in which they were `values` at first.
    fn values_after(
        &self,
        variables: &[&Binding<'g>],
        element: &Value<'g>,
        values: &[Value<'g>],
        written: &Written<'_>,
    ) -> Vec<Value<'g>> {
        for (binding, value) in variables.iter().zip(values) {
            self.change(binding, value.clone());
        }
        self.read_iteration(element, written);
        let scope = self.scope();
        let newest = |binding: &&Binding<'g>| {
            let newest = scope.iter().find(|known| known.variable == binding.variable);
            newest.and_then(|known| known.value.clone()).unwrap_or(Value::Poison)
        };
        variables.iter().map(newest).collect()
    }

    /// Gives a variable another value, if it is another.
    fn change(&self, binding: &Binding<'g>, value: Value<'g>) {
        if binding.value.as_ref().is_some_and(|old| is_same(old, &value)) {
            return;
        }
        let source = reading_of(&value);
        self.add(Binding { value: Some(value), source, ..binding.clone() });
    }

    /// What the variables of a loop may depend on.
    fn mask_of_loop(&self, starts: &[Start<'g>], sequence: &Sequence<'g>, written: &Written<'_>) -> Mask {
        let values = starts.iter().map(|start| &start.value).chain([&sequence.element]);
        let body = self.mask_of_tokens(written.body, &self.scope());
        values.fold(body, |all, value| all | self.mask_of(value))
    }

    /// Reports what leaves a loop or a step of it.
    fn refuse_exits(&self, label: Option<&syn::Label>, body: &Source) -> bool {
        if let Some(label) = label {
            self.error(label, "a label of a loop is not supported").help("remove the label");
            return true;
        }
        let mut exits = Exits::default();
        exits.visit_expr(body);
        let Some(exit) = exits.0 else { return false };
        let (message, help) = match exit {
            Source::Break(_) => {
                ("`break` is not supported", "run all steps, and do the work of a step in an `if`")
            }
            Source::Continue(_) => ("`continue` is not supported", "put the rest of the step into an `if`"),
            _ => (
                "`return` inside a loop is not supported",
                "carry the result in a variable, and do the work of a step in an `if`",
            ),
        };
        self.error(&exit, message)
            .note(
                "a generated function runs through the steps backwards, so their number must be known before",
            )
            .help(help);
        true
    }
}

/// How a kept expression reads a variable of a loop.
fn reading_of<'g>(value: &Value<'g>) -> Reading<'g> {
    if let Value::Integer(x) = value { Reading::Index(*x) } else { Reading::Missing }
}

/// The name that a pattern gives to the integer in what it binds.
pub(super) fn index_in(pattern: &Pat, element: &Value<'_>) -> Option<Ident> {
    let pattern = match (pattern, element) {
        (Pat::Tuple(tuple), Value::Tuple(entries)) => {
            let k = entries.iter().position(|entry| matches!(entry, Value::Integer(_)))?;
            tuple.elems.iter().nth(k)?
        }
        (pattern, Value::Integer(_)) => pattern,
        _ => return None,
    };
    names_in(pattern).into_iter().next()
}

/// The first expression that leaves a loop or a step of it.
#[derive(Default)]
struct Exits(Option<Source>);

impl<'ast> Visit<'ast> for Exits {
    fn visit_expr(&mut self, expr: &'ast Source) {
        match expr {
            Source::Closure(_) => {}
            Source::Break(_) | Source::Continue(_) | Source::Return(_) => {
                self.0.get_or_insert_with(|| expr.clone());
            }
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
