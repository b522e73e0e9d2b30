//! The picture of the crate, stage by stage.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use quote::quote;

use crate::certify::{Candidate, Certificate, Mismatch, TOO_LARGE, certify, shortened};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::diff::{Derived, NoStorage, NotDifferentiable, Storage, differentiate};
use crate::emit::documentation::Documentation;
use crate::emit::nalgebra::{Generated, Style};
use crate::emit::{fallback, nalgebra};
use crate::front::item::{Function, read_item};
use crate::front::module::{Annotated, Module, read_module};
use crate::front::no_panic::check_kept;
use crate::front::request::{
    Options, Output, Request, check_options, has_matrix, into_name, read_options, read_shared_options,
    refuse_derivative,
};
use crate::front::signature::{Signature, read_signature};
use crate::front::storage::{Stored, refuse_storage};
use crate::front::surroundings::Surroundings;
use crate::front::{Program, read_program};
use crate::ir::Id;
use crate::plan::{Schedule, Wanted, plan, unrolled};

/// Everything that is known about one function.
pub struct Expansion {
    /// The user's function.
    pub function: Function,
    /// Its head.
    pub signature: Signature,
    /// What is asked for.
    pub request: Request,
    /// The body as it was read.
    pub program: Program,
    /// Its value and derivatives in canonical form.
    pub derived: Derived,
    /// One schedule for each generated function.
    pub schedules: Vec<Schedule>,
    /// What the reference evaluator says about them.
    pub certificate: Certificate,
}

/// Expands `#[derive_grad(attribute)] item`. Never panics: a panic of ours becomes an error that asks to report it.
pub fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    caught(&item, || match read_module(item.clone()) {
        Some(module) => expand_module(attribute, &module),
        None => written(read(attribute, item.clone()), &item),
    })
}

/// The module with what its annotated functions expand to, each by itself.
fn expand_module(attribute: TokenStream, module: &Module) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let shared = read_shared_options(attribute, &diagnostics);
    module.check(&diagnostics);
    let module = module.expanded(&mut |annotated| {
        let function = annotated.function.clone();
        caught(&function, || written(read_within(annotated, &shared), &function))
    });
    let errors = fallback::errors(&diagnostics.finish());
    quote!(#errors #module)
}

/// Everything that is wrong with an item: a function, or a module with annotated functions.
pub fn mistakes(attribute: TokenStream, item: TokenStream) -> Vec<Diagnostic> {
    let errors = |read: Result<Expansion, Box<Failure>>| read.err().map_or(vec![], |failure| failure.errors);
    let Some(module) = read_module(item.clone()) else { return errors(read(attribute, item)) };
    let diagnostics = Diagnostics::new();
    let shared = read_shared_options(attribute, &diagnostics);
    module.check(&diagnostics);
    let mut found = vec![];
    module.expanded(&mut |annotated| {
        found.extend(errors(read_within(annotated, &shared)));
        TokenStream::new()
    });
    diagnostics.finish().into_iter().chain(found).collect()
}

fn written(expansion: Result<Expansion, Box<Failure>>, item: &TokenStream) -> TokenStream {
    match expansion {
        Ok(expansion) => write(&expansion),
        Err(failure) => failure.tokens(item),
    }
}

/// What `expand` gives, or, if it panics, the item and an error that asks to report the panic.
fn caught(item: &TokenStream, expand: impl FnOnce() -> TokenStream) -> TokenStream {
    catch_unwind(AssertUnwindSafe(expand)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        bug(&format!("the compiler panicked: {text}"), item)
    })
}

/// Reads, differentiates, plans and certifies a function.
pub fn read(attribute: TokenStream, item: TokenStream) -> Result<Expansion, Box<Failure>> {
    let surroundings = Surroundings::default();
    read_within(Annotated { options: attribute, function: item, surroundings }, &Options::default())
}

/// The same for a function in its surroundings, with the options of its module.
fn read_within(annotated: Annotated, shared: &Options) -> Result<Expansion, Box<Failure>> {
    let diagnostics = Diagnostics::new();
    let Annotated { options, function, surroundings } = annotated;
    let options = read_options(options, &diagnostics).within(shared);
    let options = Options { types: surroundings.name_in(options.types), ..options };
    let Some(function) = read_item(function, &diagnostics) else {
        return Err(Box::new(Failure { function: None, errors: diagnostics.finish() }));
    };
    let signature = read_signature(&function, &options.types, &diagnostics);
    let request = check_options(&options, &signature, &function, &diagnostics);
    let program = match diagnostics.is_empty() {
        true => read_program(&signature, &request, &surroundings, &function.body, &diagnostics),
        false => None,
    };
    let derived = program.as_ref().filter(|_| diagnostics.is_empty()).and_then(|program| {
        let storage = Storage::of(request.stack as u64 / signature.scalar.bytes());
        let refuse = |why| match why {
            NotDifferentiable::Unknown(part, row) => {
                refuse_derivative(part, row, &options, &signature, &diagnostics);
            }
            NotDifferentiable::Storage(NoStorage { trips, numbers }) => {
                refuse_storage(program, Stored { trips, numbers }, &signature, &request, &diagnostics);
            }
        };
        let written_out = unrolled(program);
        let program = written_out.as_ref().unwrap_or(program);
        differentiate(program, &request.parts(), request.layout, storage).map_err(refuse).ok()
    });
    let (Some(program), Some(derived), true) = (program, derived, diagnostics.is_empty()) else {
        return Err(Box::new(Failure { function: Some((function, request)), errors: diagnostics.finish() }));
    };
    let outputs: Vec<Output> = request.outputs.iter().map(|(output, _)| *output).collect();
    // What is certified with shorter loops must be the same code, so loops stay loops in both.
    let short = shortened(&program);
    let schedules = schedules(&derived, &outputs, short.is_none());
    if request.no_panic {
        check_kept(&program, &schedules.iter().flat_map(Schedule::kept).collect(), &diagnostics);
    }
    let errors = diagnostics.finish();
    if !errors.is_empty() {
        return Err(Box::new(Failure { function: Some((function, request)), errors }));
    }
    let certificate = match short {
        Some(short) => of_shortened(&short, &request, &outputs),
        None => certified(&program, &request, &outputs, &schedules),
    };
    Ok(Expansion { function, signature, request, program, derived, schedules, certificate })
}

impl Expansion {
    /// Operations of the function's value alone.
    pub fn value_operations(&self) -> u64 {
        planned(&self.derived, &[self.derived.value], true).flops
    }

    /// Is there a form of this function that writes to places of the caller's?
    fn writes_into(&self, output: Output) -> bool {
        let program = &self.program;
        self.request.into && has_matrix(output, &program.differentiated_kinds(), program.result)
    }
}

fn schedules(derived: &Derived, outputs: &[Output], written_out: bool) -> Vec<Schedule> {
    outputs.iter().map(|output| planned(derived, &derived.roots(*output), written_out)).collect()
}

fn certified(
    program: &Program,
    request: &Request,
    outputs: &[Output],
    schedules: &[Schedule],
) -> Certificate {
    let pairs = schedules.iter().zip(outputs);
    let candidates: Vec<Candidate<'_>> =
        pairs.map(|(schedule, output)| Candidate { schedule, output: *output }).collect();
    certify(program, request.layout, &candidates)
}

/// The certificate of a program whose loops were made shorter.
fn of_shortened(program: &Program, request: &Request, outputs: &[Output]) -> Certificate {
    let derived = differentiate(program, &request.parts(), request.layout, Storage::default());
    let Ok(derived) = derived else {
        return TOO_LARGE;
    };
    match certified(program, request, outputs, &schedules(&derived, outputs, false)) {
        Certificate::Certified(points) => Certificate::Shortened(points),
        other => other,
    }
}

/// How these roots are computed together. In a program whose loops were made shorter they stay loops.
pub(crate) fn planned(derived: &Derived, roots: &[Id], written_out: bool) -> Schedule {
    plan(&Wanted {
        graph: &derived.graph,
        value: derived.value,
        roots,
        others: &derived.others,
        demands: &derived.demands,
        labels: &derived.labels,
        index_labels: &derived.index_labels,
        written_out,
    })
}

/// The user's function and everything generated from it.
fn write(expansion: &Expansion) -> TokenStream {
    if let Certificate::Mismatch(mismatch) = &expansion.certificate {
        return bug(&describe(mismatch), &fallback::quoted(&expansion.function));
    }
    let style = Style {
        signature: &expansion.signature,
        program: &expansion.program,
        labels: &expansion.derived.names,
        nalgebra: &expansion.request.nalgebra,
        gradmacro: &expansion.request.gradmacro,
    };
    let documentation = Documentation::of(expansion);
    let outputs = expansion.request.outputs.iter().zip(&expansion.schedules);
    let functions = outputs.flat_map(|((output, name), schedule)| {
        let also = expansion.writes_into(*output).then(|| (into_name(name), true));
        let forms = [(name.clone(), false)].into_iter().chain(also);
        let written = forms.map(|(name, into)| {
            let documentation = match into {
                true => documentation.lines_into(*output, schedule),
                false => documentation.lines(*output, schedule),
            };
            let layout = expansion.request.layout;
            let generated = Generated {
                name: &name,
                schedule,
                output: *output,
                layout,
                into,
                documentation: &documentation,
            };
            nalgebra::function(&style, &generated)
        });
        written.collect::<Vec<_>>()
    });
    let own = fallback::quoted(&expansion.function);
    quote!(#own #(#functions)*)
}

/// Why there is no expansion.
pub struct Failure {
    function: Option<(Function, Request)>,
    errors: Vec<Diagnostic>,
}

impl Failure {
    /// What the user did wrong, all at once.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    fn tokens(&self, item: &TokenStream) -> TokenStream {
        match &self.function {
            Some((function, request)) => fallback::function(function, &self.errors, request),
            None => {
                let errors = fallback::errors(&self.errors);
                quote!(#errors #item)
            }
        }
    }
}

fn describe(mismatch: &Mismatch) -> String {
    let Mismatch { what, generated, wanted } = mismatch;
    format!("{what} would be {generated:e}, but ought to be {wanted:e}")
}

/// A bug of ours: the item as it is, and an error that says where to report it.
fn bug(text: &str, item: &TokenStream) -> TokenStream {
    let message = format!(
        "gradmacro has a bug here, please report it: {text}\n\
         note: nothing was generated; your function is unchanged\n\
         help: report it with the function at {}/issues",
        env!("CARGO_PKG_REPOSITORY")
    );
    quote!(::core::compile_error!(#message); #item)
}
