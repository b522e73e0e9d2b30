//! Foreign functions: `rule(erf(x: f64) -> f64 = slope(x))` says what the derivative of `erf` is.
//!
//! A rule is read where its function is called, its parameters bound to the arguments, so it is lifted with the call
//! and may use whatever a body may. A rule may call functions that have rules: these are read for as many derivatives
//! as are asked for. A function without a rule may stand in a rule where its own derivative is not needed.
//!
//! Example: under the rule above, `x.map(erf).sum()` is the sum of a node of `erf`, whose slope is a node of `slope`.

use quote::ToTokens;
use syn::Expr as Source;

use super::invoke::Argument;
use super::kept::Source as Reading;
use super::reader::Reader;
use super::request::Rule;
use super::scope::Binding;
use super::types::Type;
use super::value::Value;
use crate::diagnostics::source;
use crate::ir::{Data, Expr, Shape, shape::intern};
use crate::ops::foreign::{CALL, FOREIGN};

impl<'g> Reader<'g> {
    /// The rule for the function that a path names.
    pub(super) fn rule_of(&self, path: &syn::Path) -> Option<&'g Rule> {
        let name = source(path);
        self.request.rules.iter().find(|rule| source(&rule.function) == name)
    }

    /// Is it a function of the module for which there is a rule? The rule is what is meant.
    pub(super) fn is_ruled(&self, binding: &Binding<'g>) -> bool {
        let of_module = binding.item && matches!(binding.source, Reading::Given);
        of_module && self.rule_of(&binding.name.clone().into()).is_some()
    }

    /// A call of a function for which there is a rule.
    pub(super) fn read_foreign(
        &self,
        path: &syn::Path,
        arguments: &[Value<'g>],
        at: &dyn ToTokens,
    ) -> Option<Value<'g>> {
        let rule = self.rule_of(path)?;
        let (takes, given) = (rule.parameters.len(), arguments.len());
        if takes != given {
            let arguments = if takes == 1 { "argument" } else { "arguments" };
            self.error(
                at,
                format!("the rule for `{}` takes {takes} {arguments}, but {given} are given", source(path)),
            )
            .as_rustc_would();
            return Some(Value::Poison);
        }
        Some(self.foreign(rule, arguments, at).map_or(Value::Poison, Value::Scalar))
    }

    fn foreign(&self, rule: &'g Rule, arguments: &[Value<'g>], at: &dyn ToTokens) -> Option<Expr<'g>> {
        let scalar = self.signature.scalar;
        if rule.types().any(|ty| self.type_of(ty) != Some(Type::Scalar(scalar))) {
            let name = source(&rule.function);
            self.error(at, format!("the rule for `{name}` is not one of {} numbers", scalar.name()))
                .note("a rule is for functions of floats of the type that the function computes with")
                .help(format!("write it so: `rule({name}(x: {0}) -> {0} = ..)`", scalar.name()));
            return None;
        }
        let arguments = self.floats(arguments, at)?;
        let moves = arguments.iter().any(|x| self.is_active(*x));
        let slopes = match moves && self.state.functions.rules.get() < self.request.order() {
            true => self.slopes(rule, &arguments)?,
            false => return Some(self.called(&rule.function, &arguments)),
        };
        let operands = self.alike(&[arguments, slopes].concat(), at)?;
        let shape = operands.first().map_or(Shape::SCALAR, |x| x.shape());
        Some(self.graph.apply(&FOREIGN, data(&rule.function), &operands, shape))
    }

    /// What the rule says of these arguments: one slope for each.
    fn slopes(&self, rule: &'g Rule, arguments: &[Expr<'g>]) -> Option<Vec<Expr<'g>>> {
        let (rules, calls) = (&self.state.functions.rules, &self.state.calls);
        rules.set(rules.get() + 1);
        calls.set(calls.get() + 1);
        let items = self.state.functions.frames.borrow().first().cloned().unwrap_or_default();
        let slopes: Option<Vec<Expr<'g>>> = self.within(items, || {
            for ((name, _), x) in rule.parameters.iter().zip(arguments) {
                let argument = Argument::of(Value::Scalar(*x));
                self.add(Binding {
                    lift: self.state.lift.get(),
                    ..Binding::of(name.clone(), Some(argument.value), argument.source)
                });
            }
            let written = rule.slopes();
            let values: Vec<Value<'g>> = written.iter().map(|slope| self.read(slope)).collect();
            values.iter().zip(written).map(|(value, slope)| self.scalar_of(value, slope)).collect()
        });
        calls.set(calls.get() - 1);
        rules.set(rules.get() - 1);
        let slopes = slopes?;
        if slopes.len() != arguments.len() {
            let (name, count) = (source(&rule.function), arguments.len());
            self.error(
                &rule.derivative,
                format!("the rule for `{name}` needs {count} derivatives, one for each argument"),
            )
            .help("write them as a tuple: `rule(f(x: f64, y: f64) -> f64 = (dx(x, y), dy(x, y)))`");
            return None;
        }
        Some(slopes)
    }

    /// A function without a rule, in a rule.
    pub(super) fn read_in_rule(
        &self,
        path: &syn::Path,
        arguments: &[Value<'g>],
        at: &dyn ToTokens,
    ) -> Option<Value<'g>> {
        let depth = self.state.functions.rules.get();
        let moves = arguments.iter().any(|argument| self.is_active_value(argument));
        if depth == 0 || !moves || !arguments.iter().all(|argument| matches!(argument, Value::Scalar(_))) {
            return None;
        }
        if depth >= self.request.order() {
            let arguments = self.floats(arguments, at)?;
            return Some(Value::Scalar(self.called(path, &arguments)));
        }
        let name = source(path);
        self.error(at, format!("the derivative of `{name}` is not known"))
            .note("second derivatives need the derivative of what a rule says")
            .help(format!("add a rule: `rule({name}(x: f64) -> f64 = ..)`"));
        Some(Value::Poison)
    }

    /// A call of which no derivative is needed.
    fn called(&self, path: &syn::Path, arguments: &[Expr<'g>]) -> Expr<'g> {
        let shape = arguments.first().map_or(Shape::SCALAR, |x| x.shape());
        self.graph.apply(&CALL, data(path), arguments, shape)
    }

    fn floats(&self, arguments: &[Value<'g>], at: &dyn ToTokens) -> Option<Vec<Expr<'g>>> {
        let floats: Option<Vec<Expr<'g>>> =
            arguments.iter().map(|argument| self.scalar_of(argument, at)).collect();
        self.alike(&floats?, at)
    }

    /// Floats brought to the shape of one that stands for all entries of a matrix.
    fn alike(&self, list: &[Expr<'g>], at: &dyn ToTokens) -> Option<Vec<Expr<'g>>> {
        let Some(lifted) = list.iter().find(|x| !x.is_scalar()) else { return Some(list.to_vec()) };
        list.iter().map(|x| self.broadcast([*x, *lifted], at).map(|[x, _]| x)).collect()
    }
}

impl Rule {
    fn types(&self) -> impl Iterator<Item = &syn::Type> {
        self.parameters.iter().map(|(_, ty)| ty).chain([&self.result])
    }

    /// The derivatives as written, one for each argument.
    fn slopes(&self) -> Vec<&Source> {
        match &self.derivative {
            Source::Tuple(tuple) if self.parameters.len() > 1 => tuple.elems.iter().collect(),
            single => vec![single],
        }
    }
}

fn data(path: &syn::Path) -> Data {
    Data::Foreign(intern(&source(path)))
}
