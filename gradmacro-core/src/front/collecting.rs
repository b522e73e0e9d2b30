//! What iterators and conversions cannot be: lists of unknown length, selections, values of unknown type.
//!
//! Example: `let v: Vec<f64> = x.iter().map(|a| a * a).collect();` is answered by "write `let v = x.map(|a| a * a);`".

use syn::Expr as Source;

use super::call::MethodCall;
use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::diagnostics::source;

impl<'g> Reader<'g> {
    /// Reports a method of an iterator that is not read.
    pub(super) fn refuse_adapter(&self, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let Some(names) = self.active_names(call.expr) else {
            self.error(call.expr, "not understood");
            return Value::Poison;
        };
        match call.name().as_str() {
            "filter" => self.refuse_filter(call, &names),
            "collect" => {
                self.error(call.method(), "`collect` allocates or needs a type that cannot be seen")
                    .note(format!("the collected values depend on {names}"))
                    .maybe_help(collected(call.expr).map(|map| format!("write `{map}`")));
            }
            name => {
                let place = text::together(&[call.method(), &call.expr.args]);
                self.error(&place, format!("the iterator method `{name}` is not supported"))
                    .note(format!("it sees values that depend on {names}"))
                    .help("write it with `map`, `zip`, `enumerate`, `sum` or `fold`");
            }
        }
        Value::Poison
    }

    fn refuse_filter(&self, call: &MethodCall<'_, 'g>, names: &str) {
        let arguments = &call.expr.args;
        let place = text::together(&[call.method(), arguments]);
        let help = arguments.first().and_then(|argument| match argument {
            Source::Closure(closure) => {
                let (parameter, body) = (closure.inputs.first()?, source(&closure.body).replace("**", "*"));
                let name = source(parameter);
                Some(format!("write `.map(|{name}| if {body} {{ *{name} }} else {{ 0.0 }})`"))
            }
            _ => None,
        });
        self.error(&place, "`filter` on differentiated values is not supported")
            .note(format!("which entries remain depends on {names}"))
            .maybe_help(help);
    }

    /// Reports `let v: Vec<f64> = ..` of differentiated values.
    pub(super) fn refuse_vector_type(&self, ty: &syn::Type, init: &Source) -> bool {
        let syn::Type::Path(path) = ty else { return false };
        let is_vector = path.path.segments.last().is_some_and(|last| last.ident == "Vec");
        let Some(names) = self.active_names(init).filter(|_| is_vector) else { return false };
        let help = match text::peel(init) {
            Source::MethodCall(call) => collected(call),
            _ => None,
        };
        self.error(ty, "`Vec` allocates and has no size at compile time")
            .note(format!("the collected values depend on {names}"))
            .help(match help {
                Some(map) => format!("write `let v = {map};`"),
                None => "use a vector of static size".to_owned(),
            });
        true
    }

    /// `into()`, whose meaning is the type that the context asks for.
    pub(super) fn read_conversion(&self, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        if call.name() != "into" || !call.arguments.is_empty() || call.expected.is_some() {
            return None;
        }
        let names = self.active_names_of(&call.receiver)?;
        self.error(
            call.expr,
            format!("the result of `into()` depends on {names} and its type is not known here"),
        )
        .note("an attribute cannot see which `From` is chosen")
        .help("write the type: `let p: Vector3<f64> = ..`, or call a constructor: `Vector3::new(..)`");
        Some(Value::Poison)
    }
}

/// `x.map(f)` for `x.iter().map(f).collect()`.
fn collected(call: &syn::ExprMethodCall) -> Option<String> {
    let Source::MethodCall(map) = text::peel(&call.receiver) else { return None };
    let Source::MethodCall(iter) = text::peel(&map.receiver) else { return None };
    let function = map.args.first().filter(|_| map.method == "map" && iter.method == "iter")?;
    Some(format!("{}.map({})", text::as_receiver(&iter.receiver), source(function)))
}
