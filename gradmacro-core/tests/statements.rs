//! Assignments, branches and early returns: small functions, their values, their messages.

#[path = "lab/reading.rs"]
mod lab;

use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::diagnostics::Diagnostic;
use gradmacro_core::front::{Demand, Input, InputKind};
use gradmacro_core::ir::{Leaf, Node};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::structure::SLICE;
use lab::read;

/// Its value where the k-th entry of the first parameter is sin(k + 1), integers are `n`, other scalars 2, and kept
/// conditions hold or not.
fn value(function: &str, n: i64, kept: bool) -> Matrix {
    let program = read(function).unwrap_or_else(|errors| panic!("{function}\n{}", errors[0].text()));
    let mut environment = Environment::default();
    for (k, input) in program.inputs.iter().enumerate() {
        environment.bind(Leaf::Input(k as u32), argument(input, n));
    }
    for (serial, entry) in program.kept.iter().enumerate() {
        let value = if entry.truth { f64::from(u8::from(kept)) } else { 2.0 };
        environment.bind(Leaf::Kept(serial as u32), Matrix::scalar(value));
    }
    let value = Evaluator::new(&program.graph, &environment).value(program.value);
    (*value).clone()
}

fn argument(input: &Input, n: i64) -> Matrix {
    match input.kind {
        InputKind::Matrix(shape) => {
            let (rows, columns) = shape.known().unwrap();
            Matrix::build((rows, columns), |i, j| x(i + rows * j))
        }
        InputKind::Integer => Matrix::scalar(n as f64),
        _ => Matrix::scalar(2.0),
    }
}

/// The entries of the first parameter: 0.84, 0.91, 0.14, -0.76, -0.96, ..
fn x(k: usize) -> f64 {
    ((k + 1) as f64).sin()
}

const VECTOR: &str = "fn f(x: &SVector<f64, 4>) -> f64";
const NUMBERED: &str = "fn f(x: &SVector<f64, 4>, n: usize) -> f64";
const FLAGGED: &str = "fn f(x: &SVector<f64, 4>, flag: bool) -> f64";
const MATRIX: &str = "fn f(m: &SMatrix<f64, 2, 3>) -> SMatrix<f64, 2, 3>";
const MODE: &str = "fn f(x: &SVector<f64, 4>, mode: Mode) -> f64";

#[track_caller]
fn expect_with(head: &str, body: &str, (n, kept): (i64, bool), wanted: f64) {
    let found = value(&format!("{head} {{ {body} }}"), n, kept).value();
    assert!((found - wanted).abs() < 1e-12, "{body}: {found} instead of {wanted}");
}

#[track_caller]
fn expect(body: &str, wanted: f64) {
    expect_with(VECTOR, body, (0, true), wanted);
}

#[track_caller]
fn expect_matrix(body: &str, wanted: impl Fn(usize, usize) -> f64) {
    let found = value(&format!("{MATRIX} {{ {body} }}"), 0, true);
    let wanted = Matrix::build((2, 3), wanted);
    let error = found.zip(&wanted, |a, b| (a - b).abs()).entries.iter().fold(0.0_f64, |a, b| a.max(*b));
    assert!(error < 1e-12, "{body}: {:?} instead of {:?}", found.entries, wanted.entries);
}

/// The entries of the matrix.
fn m(i: usize, j: usize) -> f64 {
    x(i + 2 * j)
}

#[track_caller]
fn refuses(head: &str, body: &str, wanted: &[&str]) {
    let Err(errors) = read(&format!("{head} {{ {body} }}")) else { panic!("{body} was read") };
    let texts: Vec<String> = errors.iter().map(Diagnostic::text).collect();
    assert_eq!(texts.len(), 1, "{body}\n{}", texts.join("\n\n"));
    for part in wanted {
        assert!(texts[0].contains(part), "{body}\n{}\nhas no {part}", texts[0]);
    }
}

#[test]
fn variables_change() {
    expect("let mut s = 0.0; s += x[0]; s *= 2.0; s -= x[1]; s /= 4.0; s", (2.0 * x(0) - x(1)) / 4.0);
    expect("let mut s = x[0]; { s = s * x[1]; let mut s = 1.0; s += x[2]; } s", x(0) * x(1));
    expect("let s; let t = 2.0; s = x[0] * t; s", 2.0 * x(0));
    expect("let (mut a, mut b) = (x[0], x[1]); (a, b) = (b, a + b); a * 10.0 + b", 11.0 * x(1) + x(0));
    expect(
        "let mut a = x[0]; let mut b = x[1]; std::mem::swap(&mut a, &mut b); a - 2.0 * b",
        x(1) - 2.0 * x(0),
    );
    expect("let mut p = (x[0], 1.0); p.1 += x[1]; p.0 * p.1", x(0) * (1.0 + x(1)));
    expect("let mut p = [x[0], 1.0]; p[1] += x[1]; p[0] * p[1]", x(0) * (1.0 + x(1)));
    expect("let mut v = *x; v = 2.0 * v; v += x; v.sum()", 3.0 * (0..4).map(x).sum::<f64>());
}

#[test]
fn entries_and_views_change() {
    expect(
        "let mut v = *x; v[1] = 3.0; v[2] -= 1.0; v.x *= 2.0; v.sum()",
        2.0 * x(0) + 3.0 + x(2) - 1.0 + x(3),
    );
    expect_matrix("let mut a = *m; a[(1, 2)] = 5.0; a[3] += 1.0; a", |i, j| match (i, j) {
        (1, 2) => 5.0,
        (1, 1) => m(1, 1) + 1.0,
        _ => m(i, j),
    });
    expect_matrix("let mut a = *m; a.fill(2.0); a.row_mut(1).copy_from(&m.row(0)); a", |i, j| {
        if i == 1 { m(0, j) } else { 2.0 }
    });
    expect_matrix("let mut a = *m; a.set_column(1, &m.column(0)); a.swap((0, 0), (1, 2)); a", |i, j| match (
        i, j,
    ) {
        (0, 0) => m(1, 2),
        (1, 2) => m(0, 0),
        (i, 1) => m(i, 0),
        _ => m(i, j),
    });
    expect_matrix(
        "let mut a = *m; a.fixed_view_mut::<1, 2>(1, 1).fill(0.0); *a.row_mut(0) *= 3.0; a",
        |i, j| {
            if i == 0 {
                3.0 * m(i, j)
            } else if j > 0 {
                0.0
            } else {
                m(i, j)
            }
        },
    );
    expect_matrix("let mut a = *m; a.column_mut(2)[1] = 7.0; a.swap_rows(0, 1); a", |i, j| {
        if (i, j) == (0, 2) { 7.0 } else { m(1 - i, j) }
    });
    expect_matrix("let mut a = *m; a.apply(|e| *e = *e * *e + 1.0); a.scale_mut(2.0); a", |i, j| {
        2.0 * (m(i, j) * m(i, j) + 1.0)
    });
    expect_matrix(
        "let mut a = *m; a.component_mul_assign(m); a.neg_mut(); a.add_scalar_mut(1.0); a",
        |i, j| 1.0 - m(i, j) * m(i, j),
    );
    expect_matrix("let mut a = *m; a.gemm(2.0, &(m * m.transpose()), m, -1.0); a", |i, j| {
        let gram = |i: usize, k: usize| (0..3).map(|j| m(i, j) * m(k, j)).sum::<f64>();
        2.0 * (0..2).map(|k| gram(i, k) * m(k, j)).sum::<f64>() - m(i, j)
    });
    expect_matrix(
        "let mut a = SMatrix::<f64, 2, 3>::zeros(); a.ger(2.0, &m.column(0).into_owned(), &m.row(1).transpose(), 0.0); a",
        |i, j| 2.0 * m(i, 0) * m(1, j),
    );
    expect(
        "let mut v = SVector::<f64, 4>::zeros(); v.axpy(2.0, x, 1.0); v.normalize_mut(); v.norm_squared()",
        1.0,
    );
}

#[test]
fn conditions_choose() {
    expect("if x[0] > 0.5 { x[0] } else { x[1] }", x(0));
    expect("if x[2] > 0.5 { x[0] } else if x[3] < 0.0 && x[0] > 0.0 { x[1] } else { x[2] }", x(1));
    expect("let mut s = x[0]; if x[3] < 0.0 { s += x[1]; } if x[3] > 0.0 { s = 0.0; } s", x(0) + x(1));
    expect("let s; if x[0] < x[1] || x[0].is_nan() { s = x[0]; } else { s = x[1]; } s", x(0));
    expect("let big = !(x[0] <= x[1]); if big { 1.0 } else { x[0] }", x(0));
    expect("let (a, b) = if x[3] >= 0.0 { (x[0], 1.0) } else { (x[1], x[2]) }; a * b", x(1) * x(2));
    expect("let mut found = false; if x[0] > 0.0 { found = true; } if found { x[0] } else { 0.0 }", x(0));
    expect(
        "if x[0] == x[0] && x[0] != x[1] && x[0].is_finite() && x[3].is_sign_negative() { x[0] } else { 0.0 }",
        x(0),
    );
    expect("x.map(|v| if v > 0.0 { v } else { 0.1 * v }).sum()", x(0) + x(1) + x(2) + 0.1 * x(3));
    expect("let v = if x[0] > 0.0 { 2.0 * x } else { *x }; v.sum()", 2.0 * (0..4).map(x).sum::<f64>());
}

#[test]
fn arms_are_lazy() {
    expect("let y = if x[3] > 0.0 { x[3].ln() } else { 1.0 }; y * x[0]", x(0));
    let guarded = "let mut s = 0.0; if n > 0 && x[n - 1] > 0.0 { s += x[n - 1]; } s + x[0]";
    expect_with(NUMBERED, guarded, (0, true), x(0));
    expect_with(NUMBERED, guarded, (2, true), x(1) + x(0));
    expect_with(NUMBERED, guarded, (4, true), x(0));
    let table = "let t = table(); if n > 0 { x[0] * t[n - 1] } else { x[1] }";
    let program = read(&format!("{NUMBERED} {{ {table} }}")).ok().unwrap();
    let lazy = program.kept.iter().find(|kept| kept.written.to_string().contains("n - 1")).unwrap();
    assert_eq!(lazy.indices.len(), 1, "evaluated where the arm is taken");
}

#[test]
fn indices_are_checked_where_they_are_reached() {
    let sum = |body: &str| format!("(0..4).map(|i| {{ {body} }}).sum::<f64>()");
    expect(&sum("if i > 0 { x[i - 1] } else { 0.0 }"), x(0) + x(1) + x(2));
    expect(&sum("if i + 1 < 4 { x[i + 1] } else { 1.0 }"), x(1) + x(2) + x(3) + 1.0);
    expect(&sum("if i == 0 || i == 3 { return 0.0; } x[i + 1] - x[i - 1]"), x(2) - x(0) + x(3) - x(1));
    refuses(VECTOR, &sum("if i > 0 { x[i + 1] } else { 0.0 }"), &["`i + 1` reaches 4"]);
}

#[test]
fn inactive_conditions() {
    expect_with(FLAGGED, "if flag { x[0] } else { x[1] }", (0, true), x(0));
    expect_with(FLAGGED, "if flag { x[0] } else { x[1] }", (0, false), x(1));
    expect_with(FLAGGED, "let mut k = 1.0; if flag { k = 2.0; } k * x[0]", (0, true), 2.0 * x(0));
    expect_with(FLAGGED, "if x[0] > 0.0 && !flag { x[0] } else { x[1] }", (0, false), x(1));
    expect_with(FLAGGED, "if let Some(k) = flag.gain() { k * x[0] } else { x[1] }", (0, false), x(1));
    expect_with(NUMBERED, "if n == 2 { x[0] } else { x[1] }", (2, true), x(0));
    expect_with(NUMBERED, "if n != 2 || n >= 7 { x[0] } else { x[1] }", (2, true), x(1));
    expect_with(MODE, "if mode == Mode::A { x[0] } else { x[1] }", (0, false), x(1));
}

#[test]
fn functions_return_early() {
    expect("if x[0] > 0.0 { return x[1]; } x[2]", x(1));
    expect("if x[0] < 0.0 { return x[1]; } let y = x[2]; if x[3] > 0.0 { return y; } y * x[0]", x(2) * x(0));
    expect("if x[0] > 0.0 { if x[3] > 0.0 { return x[1]; } } x[2]", x(2));
    expect(
        "let mut s = x[0]; if x[0] > 0.0 { s += 1.0; if x[3] < 0.0 { return s; } s += 1.0; } s * x[2]",
        x(0) + 1.0,
    );
    expect(
        "let mut s = x[0]; if x[0] > 0.0 { s += 1.0; if x[3] > 0.0 { return s; } s += 1.0; } s * x[2]",
        (x(0) + 2.0) * x(2),
    );
    expect("let y = if x[3] > 0.0 { return 0.0; } else { x[1] }; y * x[0]", x(1) * x(0));
    expect("if x[0] > 0.0 { return x[0]; } else { return x[1]; }", x(0));
    expect("let f = |v: f64| { if v < 0.0 { return 0.0; } v * v }; f(x[0]) + f(x[3])", x(0) * x(0));
    expect_with(NUMBERED, "if n == 0 { return 0.0; } x[n - 1]", (0, true), 0.0);
    expect_with(NUMBERED, "if n == 0 { return 0.0; } x[n - 1]", (3, true), x(2));
    expect_with(
        "fn f(x: &SVector<f64, 4>, n: usize) -> Option<f64>",
        "if n == 0 { return Some(0.0); } Some(x[n - 1])",
        (3, true),
        x(2),
    );
}

#[test]
fn what_follows_a_guard_is_computed_behind_it() {
    for body in [
        "if n == 0 { return 0.0; } let v = x[n - 1]; v * v",
        "let v = if n == 0 { return 0.0; } else { x[n - 1] }; v * v",
        "let mut v = 1.0; if n == 0 { return 0.0; } else { v = x[n - 1]; } v * v",
    ] {
        let program = read(&format!("{NUMBERED} {{ {body} }}")).ok().unwrap();
        let graph = &program.graph;
        let Node::Result(_, [branch]) = &*graph.node(program.value) else { panic!("{body}") };
        let seen = graph.node(*branch);
        let eager = seen.operands().iter().any(|x| graph.node(*x).is(&SLICE));
        assert!(!eager, "the entry is read before it is known to be there: {body}");
    }
}

#[test]
fn panics_stand_in_arms() {
    expect_with(NUMBERED, "if n > 3 { panic!(\"too many\"); } x[n]", (3, true), x(3));
    expect_with(NUMBERED, "match n { 0 => x[0], 1 => x[1], _ => unreachable!() }", (1, true), x(1));
    expect("if x[0] < 0.0 { panic!(\"negative\") } x[0].sqrt()", x(0).sqrt());
    refuses(
        VECTOR,
        "let n = x.norm(); if n < 0.0 { panic!(\"{n}\") } n",
        &["message of this panic depends on `x`"],
    );
}

#[test]
fn patterns_choose() {
    let body =
        "match n { 0 => x[0], 1 | 2 => x[1], 3..=5 => x[2], k if k % 1 == 0 && k > 8 => x[3], _ => 0.0 }";
    for (n, wanted) in [(0, x(0)), (2, x(1)), (4, x(2)), (6, 0.0)] {
        expect_with(NUMBERED, &body.replace("k % 1 == 0 && ", ""), (n, true), wanted);
    }
    expect("match x[0] > 0.0 { true => x[0], false => x[1] }", x(0));
    expect("match (x[0] > 0.0, x[3] > 0.0) { (true, true) => x[0], (true, false) => x[1], _ => 0.0 }", x(1));
    expect_with(MODE, "match mode { Mode::A => x[0], Mode::B => x[1] }", (0, true), x(0));
    expect_with(MODE, "match mode { Mode::A => x[0], Mode::B => x[1] }", (0, false), x(1));
    expect_with(
        MODE,
        "let mut s = x[0]; match mode { Mode::A => s += 1.0, _ => {} } s",
        (0, true),
        x(0) + 1.0,
    );
    expect_with(
        NUMBERED,
        "if n.is_power_of_two() || matches!(n, 1 | 3) { x[0] } else { x[1] }",
        (3, true),
        x(0),
    );
}

#[test]
fn demands_stand_in_arms() {
    let head = "fn f(a: &Matrix3<f64>) -> f64";
    let body = "let t = if a[0] > 0.0 { a.try_inverse().unwrap().trace() } else { 0.0 };
        let u = a.try_inverse().unwrap();
        if a[1] > 0.0 { return (2.0 * a).try_inverse().unwrap().trace(); }
        t + u.trace()";
    let program =
        read(&format!("{head} {{ {body} }}")).unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let in_arm = |k: usize| matches!(&*program.graph.node(program.demands[k].node), Node::Result(..));
    assert_eq!((0..program.demands.len()).map(in_arm).collect::<Vec<_>>(), [true, false, true]);
    let head = "fn f(a: &Matrix3<f64>) -> Option<f64>";
    let body = "if a[0] > 0.0 { a.try_inverse()?; } if a[1] > 0.0 { return None; } Some(a[0])";
    let program =
        read(&format!("{head} {{ {body} }}")).unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    assert!(program.demands.len() == 2 && program.demands.iter().all(Demand::is_required));
    // What follows a `return None` is in no conditional.
    assert!(program.graph.node(program.value).op().is_some());
}

#[test]
fn parameters_by_value_may_change() {
    let head = "fn f(mut x: SVector<f64, 4>, mut k: f64) -> f64";
    expect_with(head, "k += 1.0; x[0] = k; x[0] * x[1]", (0, true), 3.0 * x(1));
}

#[test]
fn what_is_refused() {
    refuses(VECTOR, "x[0] = 1.0; x.norm()", &["`x` is a parameter", "let mut x = *x;"]);
    refuses(VECTOR, "let v = *x; v[0] = 1.0; v.norm()", &["not declared `mut`"]);
    refuses(VECTOR, "let mut v = *x; v[4] = 1.0; v.norm()", &["index 4 is out of range", "4 entries"]);
    refuses(
        VECTOR,
        "let mut v = *x; v = x.fixed_rows::<2>(0) * 2.0; v.norm()",
        &["`v` is 4×1, but 2×1 is assigned", "keeps its shape"],
    );
    refuses(
        VECTOR,
        "let mut p = 0.0; x.map(|v| { let r = v - p; p = v; r }).norm()",
        &["a closure that changes a variable", "`p`"],
    );
    refuses(VECTOR, "let mut s = x[0]; while s > 1.0 { s *= 0.5; } s", &["`while` is not supported"]);
    refuses(VECTOR, "let mut s = x[0]; loop { s *= 0.5; break; } s", &["`loop` is not supported"]);
    refuses(
        VECTOR,
        "let mut s = 0.0; for i in 0..4 { if x[i] > 0.0 { return s; } s += x[i]; } s",
        &["return"],
    );
    refuses(VECTOR, "let mut k = 0; if x[0] > 0.0 { k = 1; } x[k]", &["an integer that differs"]);
    refuses(VECTOR, "if x[0] { 1.0 } else { 0.0 }", &["a condition is needed"]);
    refuses(
        VECTOR,
        "let a = if x[0] > 0.0 { 1.0 } else { *x }; x.norm()",
        &["arms of this conditional differ"],
    );
    refuses(
        "fn f(a: &Matrix3<f64>) -> f64",
        "match a.cholesky() { Some(c) => c.ln_determinant(), None => 0.0 }",
        &["`match` on an `Option`"],
    );
    refuses(
        "fn f(x: &SVector<f64, 4>) -> Option<f64>",
        "fn g(x: f64) -> Option<f64> { if x > 0.0 { return None; } Some(x) } g(x[0])",
        &["`return None` in a closure or a nested function"],
    );
    refuses(
        "fn f(x: &SVector<f64, 4>) -> Option<f64>",
        "for i in 0..4 { if x[i] > 0.0 { return None; } } Some(x[0])",
        &["`return` inside a loop"],
    );
    refuses("fn f(x: &SVector<f64, 4>) -> Option<f64>", "None", &["returns `Option<f64>`"]);
}

/// `push` on a list changes it, on a vector it is a longer vector.
#[test]
fn a_vector_that_is_pushed_to_is_a_value() {
    let sum = x(0) + x(1) + x(2) + x(3);
    expect("let y = { x.push(2.0) }; y.sum() + y[4]", sum + 4.0);
    expect("let y = if x[0] < 9.0 { x.push(x[1]) } else { x.push(0.0) }; y.sum()", sum + x(1));
    expect("let y = match 1 { _ => x.push(x.sum()) }; y.sum()", 2.0 * sum);
}
