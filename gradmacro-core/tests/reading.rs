//! What the body reader understands, keeps and refuses: small functions, their values, their messages.

#[path = "lab/reading.rs"]
mod lab;

use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::diagnostics::Diagnostic;
use gradmacro_core::front::{Failure, Input, InputKind};
use gradmacro_core::ir::{Leaf, Node, Test};
use gradmacro_core::ops::matrix::Matrix;
use lab::{read, read_with};

/// Its value where scalars are 2, integers 3, and the k-th entry of the j-th parameter is sin(k + 2j + 1).
fn value(function: &str) -> f64 {
    let program = read(function).unwrap_or_else(|errors| panic!("{function}\n{}", errors[0].text()));
    let mut environment = Environment::default();
    for (k, input) in program.inputs.iter().enumerate() {
        environment.bind(Leaf::Input(k as u32), argument(k, input));
    }
    Evaluator::new(&program.graph, &environment).value(program.value).value()
}

fn argument(position: usize, input: &Input) -> Matrix {
    match input.kind {
        InputKind::Matrix(shape) => {
            let (rows, columns) = shape.known().unwrap();
            Matrix::build((rows, columns), |i, j| entry(position, i + rows * j))
        }
        InputKind::Integer => Matrix::scalar(3.0),
        _ => Matrix::scalar(2.0),
    }
}

fn entry(position: usize, k: usize) -> f64 {
    ((k + 2 * position + 1) as f64).sin()
}

/// The entries of a first parameter of three entries.
fn x(k: usize) -> f64 {
    entry(0, k)
}

/// The same of a second one.
fn y(k: usize) -> f64 {
    entry(1, k)
}

fn sum(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    (0..n).map(term).sum()
}

const VECTOR: &str = "fn f(x: &SVector<f64, 3>) -> f64";
const VECTORS: &str = "fn f(x: &SVector<f64, 3>, y: &SVector<f64, 3>) -> f64";

#[track_caller]
fn expect(head: &str, body: &str, wanted: f64) {
    let found = value(&format!("{head} {{ {body} }}"));
    assert!((found - wanted).abs() < 1e-12, "{body}: {found} instead of {wanted}");
}

#[track_caller]
fn refuses(head: &str, body: &str, wanted: &[&str]) {
    let Err(errors) = read(&format!("{head} {{ {body} }}")) else { panic!("{body} was read") };
    let texts: Vec<String> = errors.iter().map(Diagnostic::text).collect();
    assert_eq!(texts.len(), wanted.len(), "{body}: {texts:?}");
    for (text, wanted) in texts.iter().zip(wanted) {
        assert!(text.contains(wanted), "{body}: {text}");
    }
}

#[test]
fn straight_lines() {
    expect(
        VECTOR,
        "let a = x[0]; let (b, c) = (a * 2.0, x[1]); b / c - a % c",
        2.0 * x(0) / x(1) - x(0) % x(1),
    );
    expect(VECTOR, "let x = x[0]; let x = x * x; return x + 1.0;", x(0) * x(0) + 1.0);
    expect(VECTOR, "let y = { let t = x * 2.0; t - x }; -y[2]", -x(2));
    expect(VECTOR, "let [a, b] = [x[0], x[1]]; let t = (a, b); t.0 * t.1", x(0) * x(1));
    expect(VECTORS, "(x.transpose() * y)[0] + (x + y).x - (2.0 * x - y / 2.0).z", {
        sum(3, |k| x(k) * y(k)) + x(0) + y(0) - 2.0 * x(2) + y(2) / 2.0
    });
    expect("fn f(a: &SMatrix<f64, 2, 3>) -> f64", "a[(1, 2)] * a[4] + a.m21", x(5) * x(4) + x(1));
    expect(VECTOR, "(matrix![x[0], 1.0; x[1], x[2]] * vector![1.0, 2.0]).y", x(1) + 2.0 * x(2));
}

#[test]
fn numbers() {
    let head = "fn f(x: f64) -> f64";
    expect(head, "5f64 * x + 1_000.5 + 1e-300 * x", 1010.5);
    expect(head, "use std::f64::consts::PI; PI * x - core::f64::consts::TAU", 0.0);
    expect(head, "const K: f64 = 3.0; const N: usize = 2; x * K + N as f64", 8.0);
    expect("fn f(x: f64, n: usize) -> f64", "x * (2 * (n + 1) - n) as f64 + n as i32 as f64", 13.0);
    expect(VECTOR, "x[0] / x.len() as f64 + f64::EPSILON * 0.0", x(0) / 3.0);
}

#[test]
fn closures() {
    expect(VECTOR, "let k = 2.0; let f = |v: f64| v * k; let k = 5.0; f(x[0]) + k", 2.0 * x(0) + 5.0);
    expect(VECTOR, "fn sq(v: f64) -> f64 { return v * v; } x.map(sq).sum()", sum(3, |k| x(k) * x(k)));
    expect(VECTOR, "x.map(f64::sin).sum() + f64::max(x[0], x[1])", sum(3, |k| x(k).sin()) + x(0).max(x(1)));
    expect(VECTOR, "x.map(|v| 1.0 / (2.0 + v * x[0])).sum()", sum(3, |k| 1.0 / (2.0 + x(k) * x(0))));
    expect(VECTOR, "x.map(|_| 2.0).dot(x)", 2.0 * sum(3, x));
    expect(VECTORS, "let d = |a: &SVector<f64, 3>, b| (a - b).norm_squared(); d(x, y)", {
        sum(3, |k| (x(k) - y(k)).powi(2))
    });
}

#[test]
fn iterators_over_entries() {
    expect(VECTOR, "x.iter().map(|v| v * v).sum::<f64>()", sum(3, |k| x(k) * x(k)));
    expect(VECTORS, "x.iter().rev().zip(y.iter()).map(|(a, b)| a * b).sum()", sum(3, |k| x(2 - k) * y(k)));
    expect(VECTOR, "x.iter().zip(x.iter().skip(1)).map(|(a, b)| (b - a).powi(2)).sum()", {
        sum(2, |k| (x(k + 1) - x(k)).powi(2))
    });
    expect(
        VECTOR,
        "x.iter().enumerate().map(|(i, v)| (i + 1) as f64 * v).sum()",
        sum(3, |k| (k + 1) as f64 * x(k)),
    );
    expect(VECTOR, "x.iter().fold(1.0, |s, v| s + v * v)", 1.0 + sum(3, |k| x(k) * x(k)));
    expect(VECTOR, "x.iter().copied().fold(f64::NEG_INFINITY, f64::max)", x(0).max(x(1)).max(x(2)));
    expect(VECTOR, "x.iter().product::<f64>()", x(0) * x(1) * x(2));
    expect(VECTORS, "x.iter().map(|a| y.iter().map(|b| (a - b).powi(2)).sum::<f64>()).sum()", {
        sum(3, |k| sum(3, |l| (x(k) - y(l)).powi(2)))
    });
    expect("fn f(a: &SMatrix<f64, 2, 3>) -> f64", "a.column_iter().map(|c| c[0] * c[1]).sum()", {
        sum(3, |k| x(2 * k) * x(2 * k + 1))
    });
}

#[test]
fn sums_over_an_index() {
    expect(VECTOR, "(0..3).map(|i| i as f64 * x[i]).sum::<f64>()", x(1) + 2.0 * x(2));
    expect(VECTOR, "(1..=2).map(|i| x[i] * x[i - 1]).sum()", x(1) * x(0) + x(2) * x(1));
    expect(VECTOR, "(0..3).map(|i| ((i + 1)..3).map(|j| x[i] * x[j]).sum::<f64>()).sum()", {
        x(0) * x(1) + x(0) * x(2) + x(1) * x(2)
    });
    // Where the inner sum is empty, `i + 1` is not reached.
    expect(VECTOR, "(0..3).map(|i| ((i + 1)..3).map(|j| x[i + 1] * x[j]).sum::<f64>()).sum()", {
        x(1) * x(1) + x(1) * x(2) + x(2) * x(2)
    });
    expect("fn f(x: f64, n: usize) -> f64", "(0..n).map(|k| x.powi(k as i32)).sum()", 7.0);
}

#[test]
fn a_sequence_made_outside_may_be_summed_inside() {
    let body = "let s = (0..3).map(|j| y[j]); (0..3).map(|i| s.clone().map(|v| v * x[i]).sum::<f64>()).sum()";
    expect(VECTORS, body, sum(3, x) * sum(3, y));
}

#[test]
fn what_is_not_understood_is_kept() {
    let program =
        read("fn f(&self, x: &SVector<f64, 3>) -> f64 { let k = self.k; k * x.norm() + x.dot(&self.b) }");
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let prelude: Vec<String> = program.prelude.iter().map(|statement| statement.tokens.to_string()).collect();
    assert_eq!(
        prelude,
        [
            "let kept_0 : f64 = self . k ;",
            "let k = kept_0 ;",
            "let kept_1 : :: nalgebra :: SVector < f64 , 3 > = self . b ;"
        ]
    );
    assert_eq!(program.kept.iter().map(|kept| kept.matrix).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn statements_that_change_inactive_variables_are_kept() {
    let program = read("fn f(x: f64, t: &[f64]) -> f64 { let mut s = 0.0; for v in t { s += v; } s * x }");
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let last = program.prelude.last().map(|statement| statement.tokens.to_string());
    assert_eq!(last.as_deref(), Some("let kept_0 : f64 = s ;"));
}

#[test]
fn kept_expressions_may_read_an_index() {
    let body = "(0..d.len()).map(|i| { let p = &d[i]; (x - p.x) * p.y }).sum()";
    let program = read(&format!("fn f(x: f64, d: &[Sample]) -> f64 {{ {body} }}"));
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let written: Vec<String> = program.kept.iter().map(|kept| kept.written.to_string()).collect();
    assert!(written.contains(&"{ let p = & d [i] ; p . x }".to_owned()), "{written:?}");
}

#[test]
fn iterators_over_data_are_kept_by_element() {
    let function = "fn f(x: &SVector<f64, 3>, d: &[(f64, f64)], w: &[f64]) -> f64 {
        let a: f64 = d.iter().map(|(p, y)| (x[0] * p - y).powi(2)).sum();
        a + x.iter().zip(w.iter()).map(|(v, w)| v * w).sum::<f64>()
    }";
    let program = read(function).unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let statements = program.prelude.iter().map(|statement| statement.tokens.to_string());
    let lengths: Vec<String> = statements.filter(|text| !text.contains("f64")).collect();
    assert_eq!(lengths.len(), 3, "two lengths and the smaller of two: {lengths:?}");
    assert!(lengths[2].contains(":: core :: cmp :: min (3 ,"), "{lengths:?}");
}

#[test]
fn a_kept_expression_does_not_keep_a_closure_from_being_lifted() {
    let program = read("fn f(&self, x: &SVector<f64, 3>) -> f64 { x.iter().map(|v| v * self.k).sum() }");
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    assert_eq!((program.prelude.len(), program.indices.len()), (1, 0));
}

#[test]
fn types_of_fields_come_from_the_attribute() {
    let read = read_with(
        "types(self.q = SMatrix<f64, 3, 3>)",
        "fn f(&self, x: &SVector<f64, 3>) -> f64 { x.dot(&(self.q * x)) }",
    );
    assert!(read.is_ok());
}

#[test]
fn names_are_of_lets() {
    let program = read(&format!("{VECTOR} {{ let r = x * 2.0; let s = r; (0..3).map(|i| s[i]).sum() }}"));
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let names: Vec<String> = program.names.values().map(ToString::to_string).collect();
    let indices: Vec<String> = program.indices.values().map(ToString::to_string).collect();
    assert_eq!((names, indices), (vec!["r".to_owned()], vec!["i".to_owned()]));
}

#[test]
fn shapes_must_fit() {
    refuses(VECTORS, "(x * y).sum()", &["both operands are column vectors"]);
    refuses(VECTORS, "(x + y.transpose()).norm()", &["left is 3×1, right is 1×3"]);
    refuses(VECTORS, "x[0] * (1.0 - y).sum()", &["cannot subtract a 3×1 matrix from a scalar"]);
    refuses(
        VECTOR,
        "let r: SVector<f64, 2> = x * 2.0; r.norm()",
        &["`r` is declared 2×1, but this expression is 3×1"],
    );
    refuses(VECTOR, "x * 2.0", &["the function returns a scalar, but this expression is 3×1"]);
}

#[test]
fn indices_must_be_inside() {
    refuses(VECTOR, "x[3]", &["index 3 is out of range for `x`, which has 3 entries"]);
    refuses(VECTOR, "(0..3).map(|i| x[i + 1]).sum()", &["index `i + 1` reaches 3, but `x` has 3 entries"]);
}

#[test]
fn mistakes_are_reported_once_and_together() {
    refuses(
        VECTOR,
        "let a = dist(x); let b = a + x.norm_sqared(); a * b + 2 * x[0]",
        &["the function `dist` is not known", "did you mean `norm_squared`?", "write `2.0`"],
    );
}

#[test]
fn entries_of_different_closures_do_not_meet() {
    let large = "fn f(x: &SMatrix<f64, 9, 9>, y: &SVector<f64, 3>) -> f64";
    refuses(large, "x.map(|a| y.map(|b| a * b).sum()).sum()", &["`a` is an entry in an outer closure"]);
    refuses(large, "x.map(|v| (x * v).norm()).sum()", &["a matrix operation inside a closure over entries"]);
}

#[test]
fn closures_that_are_not_read_at_once_are_read_entry_by_entry() {
    expect(VECTORS, "x.map(|a| y.map(|b| (a * b).exp()).sum().ln()).sum()", {
        sum(3, |i| sum(3, |j| (x(i) * y(j)).exp()).ln())
    });
    expect(VECTOR, "x.map(|v| Vector2::new(v, 2.0).norm()).sum()", sum(3, |i| x(i).hypot(2.0)));
    expect(
        VECTORS,
        "x.zip_map(y, |a, b| (1..3).map(|k| a * b.powi(k)).sum::<f64>()).sum()",
        sum(3, |i| x(i) * (y(i) + y(i) * y(i))),
    );
}

#[test]
fn folds_that_are_no_sums_are_written_out() {
    expect(VECTOR, "x.iter().fold(1.0, |p, v| p * v)", x(0) * x(1) * x(2));
    expect(VECTOR, "x.iter().rev().fold(0.0, |s, c| s * 0.5 + c)", x(0) + 0.5 * (x(1) + 0.5 * x(2)));
    expect(VECTOR, "x.fold(0.5, |s, v| s + v * v)", 0.5 + sum(3, |i| x(i) * x(i)));
    expect(
        VECTOR,
        "x.iter().fold(Vector2::new(1.0, 0.0), |v, a| Vector2::new(v.y, v.x * a)).sum()",
        x(0) * x(2),
    );
    let array = "fn f(x: f64, c: &[f64; 3]) -> f64";
    assert!(read(&format!("{array} {{ c.iter().rev().fold(0.0, |s, &c| s * x + c) }}")).is_ok());
}

#[test]
fn arrays_of_floats_are_indexed_like_vectors() {
    expect(
        VECTOR,
        "let b = [x[0], x[1] * x[0], 2.0]; (0..3).map(|i| b[i] * x[i]).sum()",
        x(0) * x(0) + x(1) * x(1) * x(0) + 2.0 * x(2),
    );
    refuses(VECTOR, "let b = [x[0], x[1]]; (0..3).map(|i| b[i]).sum()", &["index `i` reaches 2"]);
}

#[test]
fn ranges_without_an_end_are_as_long_as_what_they_are_zipped_with() {
    expect(VECTOR, "x.iter().zip(1..).map(|(v, i)| v * i as f64).sum()", sum(3, |i| x(i) * (i + 1) as f64));
    expect(VECTOR, "(2..).zip([x[0], x[1]]).map(|(i, v)| v.powi(i)).sum()", x(0).powi(2) + x(1).powi(3));
    refuses("fn f(x: f64) -> f64", "(1..).map(|i| x * i as f64).sum()", &["this iterator has no end"]);
}

#[test]
fn kept_expressions_state_their_types() {
    for body in [
        "let z = Vector3::new(y[0], y[1], y[2]); z.map(|v| (v - x[0]).powi(2)).sum()",
        "let a = Matrix3::from_fn(|i, j| if i == j { y[i] } else { 0.5 }); (a * x).norm()",
        "let z = vector![y[0], y[1], y[2]]; (x - z * 2.0).norm()",
        "let d = if y[0] > 1.0 { 1.0 } else { y[1] }; (x * d).norm()",
        "let d = match k { 0 => y[0] + y[1], _ => y[1].sqrt() }; (x * d).norm()",
        "(0..3).map(|i| (x * y[i]).norm()).sum()",
        "y.iter().map(|v| (x * *v).norm()).sum()",
        "x.iter().zip(y).map(|(a, b)| a * b).sum()",
    ] {
        let function = format!("fn f(x: &Vector3<f64>, y: &[f64], k: usize) -> f64 {{ {body} }}");
        let program = read(&function).unwrap_or_else(|errors| panic!("{body}: {}", errors[0].text()));
        assert!(!program.kept.is_empty(), "{body}");
    }
    assert!(read(&format!("{VECTOR} {{ let k = Vector3::new(2, 0, 1); x[k[0]] + x[k[2]] }}")).is_ok());
}

#[test]
fn imports_are_read_and_kept_once() {
    expect(
        VECTOR,
        "use std::f64::consts::*; x[0] * PI + E",
        x(0) * std::f64::consts::PI + std::f64::consts::E,
    );
    let body = "use std::f64::consts::{E, PI}; use model::*; let k: f64 = gain(E, PI); k * x";
    let program = read(&format!("fn f(x: f64) -> f64 {{ {body} }}"));
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0].text()));
    let imports = program.prelude.iter().filter(|statement| statement.tokens.to_string().contains("use"));
    assert_eq!(imports.count(), 2);
}

#[test]
fn a_hidden_name_is_reported() {
    let body = "let t = foo(b); let y = { let t = bar(b); t * x }; y + baz(t) * x";
    refuses("fn f(x: f64, b: f64) -> f64", body, &["another `t` would hide this one"]);
}

#[test]
fn depth_is_bounded() {
    // syn's parser needs more stack than a test has; rustc gives a macro 8 MiB.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(|| {
        let nested = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
        expect("fn f(x: f64) -> f64", &nested(100), 2.0);
        refuses("fn f(x: f64) -> f64", &nested(150), &["nested deeper than"]);
        expect("fn f(x: f64) -> f64", &vec!["x"; 500].join(" + "), 1000.0);
    });
    assert!(thread.unwrap().join().is_ok());
}

/// The demands of a function: how each is met, and what is tested.
fn demands(function: &str) -> Vec<(String, Test, bool)> {
    let program = read(function).unwrap_or_else(|errors| panic!("{function}\n{}", errors[0].text()));
    let failure = |failure: &Failure| match failure {
        Failure::Unwrap => "unwrap".to_owned(),
        Failure::Expect(message) => message.to_string(),
        Failure::Question => "?".to_owned(),
    };
    let is_sum = |x| matches!(&*program.graph.node(x), Node::IndexSum(_));
    program.demands.iter().map(|d| (failure(&d.failure), d.test, is_sum(d.node))).collect()
}

#[test]
fn what_may_fail_is_demanded_once_as_the_user_wrote_it() {
    let of = |body: &str| {
        demands(&format!("fn f(a: &Matrix3<f64>, b: &Vector3<f64>, n: usize) -> f64 {{ {body} }}"))
    };
    let unwrapped = |test| vec![("unwrap".to_owned(), test, false)];
    assert_eq!(of("a.try_inverse().unwrap().trace()"), unwrapped(Test::Inverse));
    assert_eq!(
        of("a.try_inverse().unwrap().trace() + a.try_inverse().unwrap().norm()"),
        unwrapped(Test::Inverse)
    );
    assert_eq!(
        of("a.lu().solve(b).expect(\"regular\").sum()"),
        vec![("\"regular\"".to_owned(), Test::Lu, false)]
    );
    assert_eq!(
        of(
            "let c = a.cholesky().unwrap(); c.solve(b).sum() + c.ln_determinant() + a.qr().solve(b).unwrap().sum()"
        ),
        vec![("unwrap".to_owned(), Test::Cholesky, false), ("unwrap".to_owned(), Test::Qr, false)]
    );
    assert_eq!(of("a.solve_lower_triangular(b).unwrap().sum()"), unwrapped(Test::Triangular));
    assert_eq!(of("a.pseudo_inverse(1e-9).unwrap().sum()"), unwrapped(Test::PseudoInverse));
    assert_eq!(of("let i = a.try_inverse(); a.norm()"), vec![]);
    assert_eq!(of("a.determinant() + a.lu().determinant()"), vec![]);
}

#[test]
fn demands_inside_sums_are_closed() {
    let of = |body: &str| {
        demands(&format!("fn f(a: &Matrix3<f64>, b: &Vector3<f64>, n: usize) -> f64 {{ {body} }}"))
    };
    let summed = vec![("unwrap".to_owned(), Test::Inverse, true)];
    assert_eq!(of("(0..n).map(|i| (a * i as f64).try_inverse().unwrap().trace()).sum()"), summed);
    assert_eq!(
        of("(0..3).map(|i| (a * i as f64).try_inverse()).rev().map(|o| o.unwrap().trace()).sum()"),
        summed
    );
    assert_eq!(
        of(
            "(0..3).map(|i| (a * i as f64).try_inverse().unwrap()).zip(b.iter()).map(|(m, v)| m.trace() * v).sum()"
        ),
        summed
    );
    assert_eq!(
        of(
            "(0..n).map(|i| (0..n).map(|j| (a * (i + j) as f64).try_inverse().unwrap().trace()).sum::<f64>()).sum()"
        ),
        summed
    );
    let once = vec![("unwrap".to_owned(), Test::Inverse, false)];
    assert_eq!(of("(0..n).map(|i| a.try_inverse().unwrap().trace() * i as f64).sum()"), once);
    // Three of them, one by one.
    assert_eq!(of("(0..3).map(|i| (a * (1 + i) as f64).try_inverse().unwrap().trace()).product()"), once);
    // Nobody asks for the elements.
    assert_eq!(of("let s = (0..3).map(|i| (a * i as f64).try_inverse().unwrap()); a.norm()"), once);
}

#[test]
fn what_is_given_up_demands_nothing() {
    let of = |body: &str| {
        demands(&format!("fn f(a: &Matrix3<f64>, s: &Matrix3<f64>, c: &Config) -> f64 {{ {body} }}"))
    };
    // Understood: it becomes nodes, and its demand stays.
    assert_eq!(of("let i = s.try_inverse().unwrap(); (i * a).trace()").len(), 1);
    // Kept as it stands: whatever may fail in it fails there.
    assert_eq!(of("let i: Matrix3<f64> = s.try_inverse().unwrap() * c.gain; (i * a).trace()"), vec![]);
    assert_eq!(of("let i: Matrix3<f64> = s.try_inverse().unwrap_or(*s); (i * a).trace()"), vec![]);
    assert_eq!(of("let k = if c.on { s.try_inverse().unwrap().trace() } else { 0.0 }; k * a.norm()"), vec![]);
    // The closure is read for all entries at once, in vain, then for each: the same inverse every time.
    assert_eq!(of("a.map(|v| (s * v).norm() * s.try_inverse().unwrap().trace()).sum()").len(), 1);
}

#[test]
fn options_end_in_some() {
    let head = "fn f(a: &Matrix3<f64>, b: &Vector3<f64>) -> Option<f64>";
    for body in [
        "Some(a.try_inverse()?.trace())",
        "let i = a.try_inverse()?; return Some(i.trace());",
        "fn trace(a: &Matrix3<f64>) -> Option<Matrix3<f64>> { a.try_inverse() } Some(trace(a)?.trace())",
        "let result = Some(a.clone().try_inverse()?.trace()); result",
    ] {
        let program =
            read(&format!("{head} {{ {body} }}")).unwrap_or_else(|e| panic!("{body}: {}", e[0].text()));
        assert!(program.optional && program.demands.len() == 1, "{body}");
    }
    refuses(
        head,
        "a.try_inverse()?.trace()",
        &["the function returns `Option<f64>`, but this expression is a scalar"],
    );
}

/// Values of inactive eigenvalues may be used in any way that is kept.
#[test]
fn inactive_eigenvalues_are_kept_where_their_order_counts() {
    let head = "fn f(x: f64, s: &Matrix3<f64>) -> f64";
    let program = read(&format!("{head} {{ let l = s.symmetric_eigenvalues(); x * l[0] + l.max() }}"));
    assert!(program.is_ok_and(|program| program.kept.len() == 1));
}
