//! Methods that write to the matrix they are called on.
//!
//! Each says what the matrix, or the view, is afterwards; the assignment is that of [`super::assignment`].
//!
//! Example: `y.gemv(2.0, &a, &x, 1.0)` is `y = 2.0 * a * x + 1.0 * y`, and `m.column_mut(j).fill(0.0)` overwrites a
//! column of m.

use syn::{Expr as Source, Pat};

use super::arithmetic::{Operand, Operator};
use super::bounds::Use;
use super::kept::Source as Reading;
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::value::Value;
use crate::ir::{Dim, Expr, Ratio, Shape};
use crate::ops::writing::update;

/// A method that writes.
struct Writer {
    name: &'static str,
    arguments: usize,
    /// What the matrix is afterwards; `None` if a mistake was reported.
    read: for<'g> fn(&Write<'_, 'g>, Expr<'g>) -> Option<Expr<'g>>,
}

/// A call of one.
struct Write<'a, 'g> {
    reader: &'a Reader<'g>,
    call: &'a syn::ExprMethodCall,
}

const fn writer(
    name: &'static str,
    arguments: usize,
    read: for<'g> fn(&Write<'_, 'g>, Expr<'g>) -> Option<Expr<'g>>,
) -> Writer {
    Writer { name, arguments, read }
}

static WRITERS: &[Writer] = &[
    writer("copy_from", 1, |w, y| w.matrix(0, y.shape())),
    writer("tr_copy_from", 1, |w, y| Some(w.matrix(0, y.shape().transposed())?.t())),
    writer("fill", 1, |w, y| Some(w.scalar(0)?.fill(y.shape()))),
    writer("fill_with_identity", 0, |w, y| w.identity(y)),
    writer("fill_diagonal", 1, |w, y| {
        let entry = w.scalar(0)?;
        w.with_diagonal(y, |_| entry)
    }),
    writer("fill_row", 2, |w, y| {
        let line = Shape::of(Dim::ONE, y.shape().columns);
        w.with_line(y, Axis::Row, w.scalar(1)?.fill(line))
    }),
    writer("fill_column", 2, |w, y| {
        w.with_line(y, Axis::Column, w.scalar(1)?.fill(Shape::column(y.shape().rows)))
    }),
    writer("set_row", 2, |w, y| {
        let line = Shape::of(Dim::ONE, y.shape().columns);
        w.with_line(y, Axis::Row, w.matrix(1, line)?)
    }),
    writer("set_column", 2, |w, y| w.with_line(y, Axis::Column, w.matrix(1, Shape::column(y.shape().rows))?)),
    writer("set_diagonal", 1, |w, y| {
        let diagonal = w.matrix(0, Shape::column(y.shape().rows))?;
        w.with_diagonal(y, |k| diagonal.entry(k, 0))
    }),
    writer("swap", 2, |w, y| w.swapped_entries(y)),
    writer("swap_rows", 2, |w, y| w.swapped(y, Axis::Row)),
    writer("swap_columns", 2, |w, y| w.swapped(y, Axis::Column)),
    writer("gemv", 4, |w, y| w.product(y, [false, false])),
    writer("gemv_tr", 4, |w, y| w.product(y, [true, false])),
    writer("gemm", 4, |w, y| w.product(y, [false, false])),
    writer("gemm_tr", 4, |w, y| w.product(y, [true, false])),
    writer("ger", 4, |w, y| w.product(y, [false, true])),
    writer("axpy", 3, |w, y| w.mixed(y, w.scalar(0)? * w.matrix(1, y.shape())?, 2)),
    writer("cmpy", 4, |w, y| {
        let product = w.matrix(1, y.shape())?.hadamard(w.matrix(2, y.shape())?);
        w.mixed(y, w.scalar(0)? * product, 3)
    }),
    writer("scale_mut", 1, |w, y| Some(w.scalar(0)? * y)),
    writer("unscale_mut", 1, |w, y| Some(y / w.scalar(0)?)),
    writer("add_scalar_mut", 1, |w, y| Some(y + w.scalar(0)?.fill(y.shape()))),
    writer("neg_mut", 0, |_, y| Some(-y)),
    writer("normalize_mut", 0, |_, y| Some(y / y.inner(y).power(Ratio::HALF))),
    writer("transpose_mut", 0, |_, y| Some(y.t())),
    writer("component_mul_assign", 1, |w, y| Some(y.hadamard(w.matrix(0, y.shape())?))),
    writer("component_div_assign", 1, |w, y| Some(y.over(w.matrix(0, y.shape())?))),
    writer("add_assign", 1, |w, y| w.operator(y, Operator::Add)),
    writer("sub_assign", 1, |w, y| w.operator(y, Operator::Sub)),
    writer("mul_assign", 1, |w, y| w.operator(y, Operator::Mul)),
    writer("div_assign", 1, |w, y| w.operator(y, Operator::Div)),
    writer("apply", 1, |w, y| w.applied(y)),
];

/// Is there a method of this name that writes to what it is called on?
pub(super) fn is_writer_named(name: &str) -> bool {
    WRITERS.iter().any(|writer| writer.name == name)
}

/// Rows or columns.
#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Row,
    Column,
}

impl<'g> Reader<'g> {
    /// A statement that writes to a matrix; false if it is none.
    pub(super) fn read_write(&self, call: &syn::ExprMethodCall) -> bool {
        let writer = WRITERS.iter().find(|w| call.method == w.name && call.args.len() == w.arguments);
        let Some(writer) = writer else { return self.refuse_push(call) };
        let Some(target) = self.target(&call.receiver, call) else { return true };
        let Some(Value::Matrix(y)) = target.value() else {
            let found = target.value().map_or("of unknown type".to_owned(), |value| value.describe());
            self.error(&call.method, format!("`{}` is called on a value that is {found}", writer.name))
                .note("it writes to a matrix");
            return true;
        };
        let written = (writer.read)(&Write { reader: self, call }, y);
        let value = written.map_or(Value::Poison, Value::Matrix);
        self.write(target, value, (&call.receiver, &call.receiver, call));
        true
    }

    /// Reports a list that differentiated values are added to; false if it is none.
    fn refuse_push(&self, call: &syn::ExprMethodCall) -> bool {
        let Some(names) = self.active_names(&call.args).filter(|_| call.method == "push") else {
            return false;
        };
        self.error(call, format!("`push` of a value that depends on {names} is not supported"))
            .note("generated code uses no heap, so the number of entries must be known")
            .help("write a vector: `let mut v = SVector::<f64, N>::zeros();`, and assign its entries");
        true
    }

    /// `mem::swap(&mut a, &mut b)`; false if it is anything else.
    pub(super) fn read_swap(&self, call: &syn::ExprCall) -> bool {
        let named = matches!(text::peel(&call.func), Source::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "swap"));
        let mut places = call.args.iter().map(|argument| match argument {
            Source::Reference(place) if place.mutability.is_some() => Some(&*place.expr),
            _ => None,
        });
        let (true, 2, Some(Some(a)), Some(Some(b))) = (named, call.args.len(), places.next(), places.next())
        else {
            return false;
        };
        let (Some(first), Some(second)) = (self.target(a, call), self.target(b, call)) else { return true };
        let (x, y) = (first.value().unwrap_or(Value::Poison), second.value().unwrap_or(Value::Poison));
        self.write(first, y, (a, b, call));
        // The second place is looked up again: both may be parts of one variable.
        if let Some(second) = self.target(b, call) {
            self.write(second, x, (b, a, call));
        }
        true
    }

    /// Reports a method that writes where its value is asked for.
    pub(super) fn refuse_write(&self, call: &syn::ExprMethodCall) -> Option<Value<'g>> {
        let name = call.method.to_string();
        let view = super::target::is_view(call);
        if !view && !is_writer_named(&name) {
            return None;
        }
        match view {
            true => self
                .error(call, format!("`{name}` is understood where it is written to"))
                .help(format!("write `{}.copy_from(&..)`", text::of(&Source::MethodCall(call.clone())))),
            false => self
                .error(call, format!("`{name}` is understood as a statement"))
                .note("it changes what it is called on")
                .help(format!("write `{};` by itself", text::of(&Source::MethodCall(call.clone())))),
        };
        Some(Value::Poison)
    }
}

impl<'g> Write<'_, 'g> {
    fn argument(&self, k: usize) -> Option<(&Source, Value<'g>)> {
        let source = self.call.args.iter().nth(k)?;
        Some((source, self.reader.read(source)))
    }

    fn scalar(&self, k: usize) -> Option<Expr<'g>> {
        let (source, value) = self.argument(k)?;
        let x = self.reader.scalar_of(&value, source)?;
        match x.is_scalar() {
            true => Some(x),
            false => {
                self.reader.refuse_lifted(source);
                None
            }
        }
    }

    fn index(&self, k: usize) -> Option<Expr<'g>> {
        let (source, value) = self.argument(k)?;
        self.reader.integer_of(&value, source)
    }

    fn matrix(&self, k: usize, wanted: Shape) -> Option<Expr<'g>> {
        let (source, value) = self.argument(k)?;
        let x = self.reader.matrix_of(&value, source, Some(wanted))?;
        match x.shape().agree(wanted) {
            Some(_) => Some(x),
            None => {
                let (name, found) = (&self.call.method, x.shape());
                self.reader
                    .error(
                        self.call,
                        format!("`{name}` needs {wanted} here, but `{}` is {found}", text::of(source)),
                    )
                    .note("nalgebra panics at run time if the shapes differ");
                None
            }
        }
    }

    fn inside(&self, k: usize, index: Expr<'g>, extent: Dim, unit: &'static str) -> Option<()> {
        let source = self.call.args.iter().nth(k)?;
        let base = text::of(&self.call.receiver);
        let used = Use { at: self.call, index: text::of(source), base, unit };
        self.reader.check_index(index, extent, &used).then_some(())
    }

    fn identity(&self, y: Expr<'g>) -> Option<Expr<'g>> {
        let (graph, shape) = (self.reader.graph, y.shape());
        if shape.rows == shape.columns {
            return Some(graph.identity(shape.rows));
        }
        self.with_diagonal(graph.zeros(shape), |_| graph.int(1))
    }

    fn with_diagonal(&self, y: Expr<'g>, entry: impl Fn(usize) -> Expr<'g>) -> Option<Expr<'g>> {
        let size = y.shape().known().map(|(rows, columns)| rows.min(columns)).filter(|size| *size <= 64);
        let Some(size) = size else {
            let name = &self.call.method;
            self.reader
                .error(self.call, format!("`{name}` is read entry by entry, for at most 64 entries"))
                .help("write a `for` loop over the diagonal");
            return None;
        };
        let index = |k: usize| self.reader.graph.index(k as i64);
        Some((0..size).fold(y, |y, k| update(y, entry(k), index(k), index(k))))
    }

    /// The matrix with another row or column at the first argument.
    fn with_line(&self, y: Expr<'g>, axis: Axis, line: Expr<'g>) -> Option<Expr<'g>> {
        let (k, zero) = (self.index(0)?, self.reader.graph.index(0));
        match axis {
            Axis::Row => {
                self.inside(0, k, y.shape().rows, "rows")?;
                Some(update(y, line, k, zero))
            }
            Axis::Column => {
                self.inside(0, k, y.shape().columns, "columns")?;
                Some(update(y, line, zero, k))
            }
        }
    }

    fn swapped(&self, y: Expr<'g>, axis: Axis) -> Option<Expr<'g>> {
        let (i, j, zero) = (self.index(0)?, self.index(1)?, self.reader.graph.index(0));
        let (extent, unit) = match axis {
            Axis::Row => (y.shape().rows, "rows"),
            Axis::Column => (y.shape().columns, "columns"),
        };
        self.inside(0, i, extent, unit)?;
        self.inside(1, j, extent, unit)?;
        Some(match axis {
            Axis::Row => exchanged(y, Shape::of(Dim::ONE, y.shape().columns), [(i, zero), (j, zero)]),
            Axis::Column => exchanged(y, Shape::column(y.shape().rows), [(zero, i), (zero, j)]),
        })
    }

    /// `y.swap((i, j), (k, l))`
    fn swapped_entries(&self, y: Expr<'g>) -> Option<Expr<'g>> {
        let (a, b) = (self.pair(0, y.shape())?, self.pair(1, y.shape())?);
        Some(exchanged(y, Shape::SCALAR, [a, b]))
    }

    fn pair(&self, k: usize, shape: Shape) -> Option<(Expr<'g>, Expr<'g>)> {
        let (source, value) = self.argument(k)?;
        let Value::Tuple(entries) = value else {
            self.reader.error(source, "row and column are needed here: `(i, j)`").as_rustc_would();
            return None;
        };
        let [i, j] = &entries[..] else { return None };
        let (i, j) = (self.reader.integer_of(i, source)?, self.reader.integer_of(j, source)?);
        self.inside(k, i, shape.rows, "rows")?;
        self.inside(k, j, shape.columns, "columns")?;
        Some((i, j))
    }

    /// α A B + β y, where A or B may be transposed.
    fn product(&self, y: Expr<'g>, transposed: [bool; 2]) -> Option<Expr<'g>> {
        let alpha = self.scalar(0)?;
        let [a, b] = [(1, transposed[0]), (2, transposed[1])].map(|(k, transposed)| {
            let (source, value) = self.argument(k)?;
            let x = self.reader.matrix_of(&value, source, None)?;
            Some(if transposed { x.t() } else { x })
        });
        let (a, b, wanted) = (a?, b?, y.shape());
        let fits = a.shape().columns.agree(b.shape().rows).is_some()
            && Shape::of(a.shape().rows, b.shape().columns).agree(wanted).is_some();
        if !fits {
            let name = &self.call.method;
            self.reader
                .error(
                    self.call,
                    format!("`{name}` adds a product of {} and {} to {wanted}", a.shape(), b.shape()),
                )
                .note("nalgebra panics at run time if the shapes differ");
            return None;
        }
        let product =
            self.reader.graph.apply(&crate::ops::products::PRODUCT, crate::ir::Data::None, &[a, b], wanted);
        let product = if a.is_scalar() || b.is_scalar() { a * b } else { product };
        self.mixed(y, alpha * product, 3)
    }

    /// new + β y. Where β is 0 nalgebra does not look at y.
    fn mixed(&self, y: Expr<'g>, new: Expr<'g>, beta: usize) -> Option<Expr<'g>> {
        let beta = self.scalar(beta)?;
        Some(if beta.is_zero() { new } else { new + beta * y })
    }

    fn operator(&self, y: Expr<'g>, op: Operator) -> Option<Expr<'g>> {
        let (source, value) = self.argument(0)?;
        let left = Operand { value: Value::Matrix(y), source: &self.call.receiver };
        self.reader.combine(op, left, Operand { value, source }, self.call).matrix()
    }

    /// `y.apply(|e| *e = ..)`: of all entries at once if that can be read, else of one after the other.
    fn applied(&self, y: Expr<'g>) -> Option<Expr<'g>> {
        let closure = match self.call.args.first().map(text::peel) {
            Some(Source::Closure(closure)) if closure.inputs.len() == 1 => closure,
            _ => {
                self.reader
                    .error(self.call, "`apply` needs a closure that is written here")
                    .help("write `x.apply(|e| *e = ..)`");
                return None;
            }
        };
        let at_once = |reader: &Reader<'g>| {
            let entry = reader.lifted(|| reader.changed_by(closure, y))?;
            reader.entries_of(&entry, y.shape(), self.call)
        };
        let one_by_one = |reader: &Reader<'g>| {
            reader.each_entry(y.shape(), self.call, |i, j| {
                let entry = reader.changed_by(closure, y.entry(i, j))?;
                reader.scalar_of(&entry, self.call)
            })
        };
        let read = self.reader.attempt(at_once).or_else(|| self.reader.attempt(one_by_one));
        read.or_else(|| at_once(self.reader))
    }
}

impl<'g> Reader<'g> {
    /// What a closure makes of an entry that it is given to change.
    fn changed_by(&self, closure: &syn::ExprClosure, entry: Expr<'g>) -> Option<Value<'g>> {
        let Some(Pat::Ident(name)) = closure.inputs.first() else {
            self.error(closure, "the parameter of this closure must be a name");
            return None;
        };
        let calls = &self.state.calls;
        calls.set(calls.get() + 1);
        let (variable, level) = (self.fresh_variable(), calls.get());
        let value = self.within(self.scope(), || {
            let binding = Binding::of(name.ident.clone(), Some(Value::Scalar(entry)), Reading::Missing);
            let lift = self.state.lift.get();
            self.add(Binding { variable: Some(variable), mutable: true, level, lift, ..binding });
            self.framed(None, || {
                match &*closure.body {
                    Source::Block(block) => drop(self.read_block(&block.block, None)),
                    body => self.read_effect(body),
                }
                Value::Tuple(Vec::new())
            });
            let scope = self.scope();
            scope
                .iter()
                .find(|binding| binding.variable == Some(variable))
                .and_then(|found| found.value.clone())
        });
        calls.set(calls.get() - 1);
        value
    }
}

/// Two blocks of a matrix change places.
fn exchanged<'g>(y: Expr<'g>, shape: Shape, [a, b]: [(Expr<'g>, Expr<'g>); 2]) -> Expr<'g> {
    let (x, z) = (y.slice(a.0, a.1, shape), y.slice(b.0, b.1, shape));
    update(update(y, z, a.0, a.1), x, b.0, b.1)
}
