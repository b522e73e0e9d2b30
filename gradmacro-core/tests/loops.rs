//! Loops: what is read of a function is compared with what Rust makes of the same text; and what is refused.

#[path = "lab/reading.rs"]
mod lab;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::diagnostics::Diagnostic;
use gradmacro_core::diff::gradient;
use gradmacro_core::front::{InputKind, Program};
use gradmacro_core::ir::rebuild::Rebuild;
use gradmacro_core::ir::{Graph, Leaf, Node};
use gradmacro_core::ops::matrix::Matrix;
use lab::read;
use nalgebra::{SMatrix, SVector, Vector2, Vector3};

fn program(function: &str) -> Program {
    read(function).unwrap_or_else(|errors| {
        let texts: Vec<String> = errors.iter().map(Diagnostic::text).collect();
        panic!("{function}\n{}", texts.join("\n"))
    })
}

fn entry(position: usize, k: usize) -> f64 {
    0.5 + ((k + 2 * position + 1) as f64).sin().abs()
}

/// An argument at a position.
trait Sample {
    fn at(position: usize) -> Self;
}

impl Sample for f64 {
    fn at(_: usize) -> f64 {
        0.75
    }
}

impl Sample for usize {
    fn at(_: usize) -> usize {
        3
    }
}

impl<const R: usize, const C: usize> Sample for &'static SMatrix<f64, R, C> {
    fn at(position: usize) -> Self {
        Box::leak(Box::new(SMatrix::from_fn(|i, j| entry(position, i + R * j))))
    }
}

/// The value that is read where the first parameter has moved by `step` in a fixed direction.
fn value_beside(program: &Program, step: f64) -> f64 {
    let environment = environment(program, step);
    Evaluator::new(&program.graph, &environment).value(program.value).value()
}

fn environment(program: &Program, step: f64) -> Environment {
    let mut environment = Environment::default();
    for (k, input) in program.inputs.iter().enumerate() {
        let step = if k == 0 { step } else { 0.0 };
        let argument = match input.kind {
            InputKind::Matrix(shape) => {
                let (rows, columns) = shape.known().unwrap();
                Matrix::build((rows, columns), |i, j| entry(k, i + rows * j) + step * direction(i + rows * j))
            }
            InputKind::Integer => Matrix::scalar(usize::at(k) as f64),
            _ => Matrix::scalar(f64::at(k) + step * direction(0)),
        };
        environment.bind(Leaf::Input(k as u32), argument);
    }
    environment
}

fn direction(k: usize) -> f64 {
    ((k * k + 1) as f64).cos()
}

/// The gradient times the direction.
fn slope(program: &Program) -> f64 {
    let graph = Graph::canonical(&ALGEBRA);
    let mut canonical = Rebuild::into(&program.graph, &graph);
    let y = canonical.expr(program.value);
    let x = canonical.expr(program.input(0).unwrap().id);
    let environment = environment(program, 0.0);
    let gradient = Evaluator::new(&graph, &environment).value(gradient(y, &[x])[0].id);
    gradient.entries.iter().enumerate().map(|(k, g)| g * direction(k)).sum()
}

/// Tests that what is read of a function has the value and the slope that the function has.
macro_rules! read_as_run {
    ($(fn $name:ident($($p:ident: $P:ty),+) -> f64 $body:block)+) => { $(
        #[test]
        #[allow(clippy::all, unused, reason = "written as users write")]
        fn $name() {
            fn run($($p: $P),+) -> f64 $body
            let mut position = 0..;
            let wanted = run($(<$P as Sample>::at({ let _ = stringify!($p); position.next().unwrap() })),+);
            let program = program(stringify!(fn f($($p: $P),+) -> f64 $body));
            let found = value_beside(&program, 0.0);
            assert!((found - wanted).abs() < 1e-12 * (1.0 + wanted.abs()), "{found} instead of {wanted}");
            let (h, slope) = (1e-5, slope(&program));
            let wanted = (value_beside(&program, h) - value_beside(&program, -h)) / (2.0 * h);
            assert!((slope - wanted).abs() < 1e-6 * (1.0 + wanted.abs()), "slope {slope} instead of {wanted}");
        }
    )+ };
}

read_as_run! {
    fn a_sum_over_a_range(x: &SVector<f64, 4>) -> f64 {
        let mut s = 0.5;
        for i in 0..4 {
            s += x[i] * x[i];
        }
        s * s
    }
    fn a_rollout(u: &SVector<f64, 5>, a: &SMatrix<f64, 2, 2>, b: &SVector<f64, 2>) -> f64 {
        let mut x = Vector2::new(1.0, -0.5);
        let mut cost = 0.0;
        for k in 0..5 {
            x = a * x + b * u[k];
            cost += x.norm_squared() + 0.1 * u[k] * u[k];
        }
        cost + x[0]
    }
    fn a_recurrent_net(w: &SMatrix<f64, 3, 3>, v: &SMatrix<f64, 3, 2>, input: &SMatrix<f64, 2, 6>) -> f64 {
        let mut h = SVector::<f64, 3>::zeros();
        for t in 0..6 {
            let z = w * h + v * input.column(t);
            h = z.map(|e| e.tanh());
        }
        h.sum()
    }
    fn rosenbrock(x: &SVector<f64, 6>) -> f64 {
        let mut f = 0.0;
        for i in 0..5 {
            let a = 1.0 - x[i];
            let b = x[i + 1] - x[i] * x[i];
            f += a * a + 100.0 * b * b;
        }
        f
    }
    fn pairs_of_particles(x: &SMatrix<f64, 3, 4>) -> f64 {
        let mut energy = 0.0;
        for i in 0..4 {
            for j in (i + 1)..4 {
                let d = x.column(i) - x.column(j);
                let s = 1.0 / d.norm_squared();
                let s6 = s * s * s;
                energy += 4.0 * (s6 * s6 - s6);
            }
        }
        energy
    }
    fn a_residual_written_in_place(x: &SVector<f64, 5>) -> f64 {
        let mut r = *x;
        for i in 1..5 {
            r[i] = r[i] - 0.5 * r[i - 1] * x[i];
        }
        r.norm_squared()
    }
    fn runge_kutta(y0: &SVector<f64, 2>, h: f64) -> f64 {
        let mut y = *y0;
        let f = |y: Vector2<f64>| Vector2::new(y[1], -y[0].sin());
        for _ in 0..10 {
            let k1 = f(y);
            let k2 = f(y + k1 * (h / 2.0));
            let k3 = f(y + k2 * (h / 2.0));
            let k4 = f(y + k3 * h);
            y = y + (k1 + k2 * 2.0 + k3 * 2.0 + k4) * (h / 6.0);
        }
        y[0] + 2.0 * y[1]
    }
    fn newton(a: f64) -> f64 {
        let mut y = a;
        for _ in 0..6 {
            y = 0.5 * (y + a / y);
        }
        y
    }
    fn power_iteration(a: &SMatrix<f64, 3, 3>) -> f64 {
        let mut v = Vector3::new(1.0, 0.5, 0.25);
        for _ in 0..8 {
            let w = a * v;
            v = w / w.norm();
        }
        (v.transpose() * a * v)[(0, 0)]
    }
    fn fibonacci(x: f64) -> f64 {
        let (mut a, mut b) = (x, 1.0);
        for _ in 0..7 {
            (a, b) = (b, a + b * x);
        }
        a * b
    }
    fn a_tuple_is_carried(x: f64) -> f64 {
        let mut s = (x, Vector2::new(1.0, x));
        for k in 1..4 {
            s = (s.0 * k as f64, s.1 * s.0);
        }
        s.0 + s.1.sum()
    }
    fn counters(x: &SVector<f64, 9>) -> f64 {
        let (mut s, mut k) = (0.0, 1);
        for i in 0..4 {
            s += x[k] * i as f64;
            k += 2;
        }
        s * k as f64
    }
    fn one_step_behind(x: &SVector<f64, 5>) -> f64 {
        let (mut s, mut last) = (0.0, 0);
        for i in 1..5 {
            s += (x[i] - x[last]).powi(2);
            last = i;
        }
        s + last as f64
    }
    fn a_counter_of_all_steps(x: &SVector<f64, 6>) -> f64 {
        let (mut s, mut k) = (0.0, 0);
        for i in 0..3 {
            for j in 0..2 {
                s += x[k] * (i + 2 * j) as f64;
                k += 1;
            }
        }
        s
    }
    fn backwards(x: &SVector<f64, 5>) -> f64 {
        let mut s = 0.0;
        for i in (1..5).rev() {
            s = s * x[0] + x[i];
        }
        s
    }
    fn with_steps(x: &SVector<f64, 9>) -> f64 {
        let mut s = 1.0;
        for i in (0..=8).step_by(3) {
            s = s * x[i] + i as f64;
        }
        for (k, v) in x.iter().enumerate().skip(2).take(4) {
            s = s * 0.5 + v * k as f64;
        }
        s
    }
    fn over_entries(x: &SVector<f64, 4>, y: &SVector<f64, 4>) -> f64 {
        let mut s = 0.0;
        for v in x.iter() {
            s = s * v + 1.0;
        }
        for (a, b) in x.iter().zip(y.iter()) {
            s = s * a + b;
        }
        s
    }
    fn over_rows_and_columns(a: &SMatrix<f64, 3, 2>, x: &SVector<f64, 2>) -> f64 {
        let mut s = 0.0;
        for row in a.row_iter() {
            s = s * 0.5 + (row * x)[0].exp();
        }
        for (k, column) in a.column_iter().enumerate() {
            s = s * column.norm() + x[k];
        }
        s
    }
    fn over_an_array(x: &SVector<f64, 3>) -> f64 {
        let mut s = 1.0;
        for v in [x[0] * x[1], x[2], 2.0] {
            s = s * v + v;
        }
        for v in [x * 2.0, x + x].iter() {
            s += v.norm();
        }
        s
    }
    fn as_often_as_a_parameter_says(x: f64, n: usize) -> f64 {
        let mut s = x;
        for k in 0..n {
            s = s.sin() + k as f64;
        }
        s
    }
    fn three_deep(x: &SVector<f64, 3>) -> f64 {
        let mut s = 0.0;
        for i in 0..3 {
            let mut t = x[i];
            for j in 0..=i {
                let mut p = 1.0;
                for k in j..3 {
                    p *= x[k] * t;
                }
                t += p;
            }
            s += t * t;
        }
        s
    }
    fn variables_of_the_body_are_new_in_every_step(x: &SVector<f64, 3>) -> f64 {
        let s = 2.0;
        let mut r = 1.0;
        for i in 0..3 {
            let mut s = x[i];
            s *= s;
            r = r * s + 1.0;
        }
        r * s
    }
    fn loops_of_no_and_one_step(x: &SVector<f64, 3>) -> f64 {
        let mut s = x[0];
        for i in 3..1 {
            s *= x[i + 17];
        }
        let mut k = 0;
        for i in 2..3 {
            s *= x[i];
            k = 2 * i - 3;
        }
        s * x[k]
    }
    fn a_loop_in_a_closure(x: &SVector<f64, 3>) -> f64 {
        let horner = |t: f64| {
            let mut s = 0.0;
            for i in 0..3 {
                s = s * t + x[i];
            }
            s
        };
        horner(x[0]) * horner(2.0)
    }
    fn a_loop_in_a_lifted_closure(x: &SVector<f64, 3>) -> f64 {
        x.map(|v| {
            let mut s = 1.0;
            for k in 0..4 {
                s = s * v + k as f64;
            }
            s
        })
        .sum()
    }
    fn a_loop_in_a_sum(x: &SVector<f64, 3>) -> f64 {
        (0..3)
            .map(|i| {
                let mut p = 1.0;
                for j in 0..=i {
                    p *= x[j];
                }
                p
            })
            .sum::<f64>()
    }
    fn a_sum_in_a_loop(x: &SVector<f64, 3>) -> f64 {
        let mut s = 0.5;
        for i in 0..3 {
            s = s * (0..=i).map(|j| x[j] * s).sum::<f64>();
        }
        s
    }
    fn for_each_into_an_accumulator(x: &SVector<f64, 3>) -> f64 {
        let mut s = 0.0;
        x.iter().enumerate().for_each(|(k, v)| s = s * v + k as f64);
        (0..3).for_each(|i| {
            s += x[i];
        });
        s
    }
    fn folds_of_tuples_and_matrices(x: &SVector<f64, 40>) -> f64 {
        let (a, b) = x.iter().fold((0.0, 1.0), |(a, b), v| (a + v * b, b * 0.9 + a * 0.01));
        let v = x.iter().fold(Vector2::new(a, b), |s, v| Vector2::new(s[1], s[0] * v));
        v.sum()
    }
    fn a_long_maximum(x: &SVector<f64, 90>) -> f64 {
        (0..90).map(|i| x[i] * (i as f64).sin()).fold(f64::NEG_INFINITY, f64::max)
    }
    fn a_long_product(x: &SVector<f64, 90>) -> f64 {
        (0..90).map(|i| 0.5 + x[i]).product::<f64>()
    }
    fn an_iterator_made_outside(x: &SVector<f64, 3>) -> f64 {
        let pairs = (0..3).map(|i| x[i] * i as f64);
        let mut s = 0.1;
        for a in pairs.clone() {
            for b in pairs.clone() {
                s = s * b + a;
            }
        }
        s
    }
    fn two_loops_over_one_range(x: &SVector<f64, 4>) -> f64 {
        let mut p = 1.0;
        for i in 0..4 {
            p *= x[i];
        }
        let mut q = p;
        for i in 0..4 {
            q = q * x[i] + p;
        }
        q - p
    }
    fn a_fresh_vector_is_filled(x: &SVector<f64, 4>) -> f64 {
        let mut d = SVector::<f64, 4>::zeros();
        for i in 0..3 {
            d[i + 1] = x[i + 1] * x[i] + d[i];
        }
        d.norm()
    }
    fn conditionals_in_a_loop(x: &SVector<f64, 5>) -> f64 {
        let (mut s, mut best, mut rising) = (0.0, x[0], true);
        for i in 0..5 {
            if i > 0 {
                s += (x[i] - x[i - 1]).abs();
                rising = rising && x[i] > x[i - 1];
            }
            if x[i] > best {
                best = x[i];
            } else {
                s *= 0.5;
            }
        }
        if rising { s } else { s + best }
    }
    fn a_loop_in_an_arm(x: &SVector<f64, 3>, t: f64) -> f64 {
        let mut s = t;
        if t > 0.5 {
            for i in 0..3 {
                s = s * x[i] + 1.0;
            }
        } else {
            s = -s;
        }
        let p = if s > 100.0 {
            0.0
        } else {
            let mut p = 1.0;
            for v in x.iter() {
                p *= v;
            }
            p
        };
        s * p
    }
    fn a_loop_in_a_function(x: &SVector<f64, 3>) -> f64 {
        fn horner(c: &SVector<f64, 3>, t: f64) -> f64 {
            let mut s = 0.0;
            for i in (0..3).rev() {
                s = s * t + c[i];
            }
            s
        }
        horner(x, 0.5) + horner(x, x[1])
    }
    fn counters_in_tuples(x: &SVector<f64, 5>) -> f64 {
        let (s, n) = x.iter().fold((0.0, 0), |(s, n), v| (s * 0.5 + v, n + 1));
        s / n as f64
    }
    fn a_counter_beside_closures_read_entry_by_entry(x: &SVector<f64, 3>) -> f64 {
        let (mut s, mut k) = (0.5, 0);
        for _ in 0..3 {
            s = s * x[k] + x.map(|v| Vector2::new(v, 2.0).norm()).sum();
            k += 1;
        }
        s
    }
    fn neighbours(x: &SVector<f64, 6>) -> f64 {
        let mut s = 0.5;
        for w in x.as_slice().windows(3) {
            s = s * w[1] + (w[2] - w[0]).powi(2);
        }
        s + x.as_slice().windows(2).map(|w| w[1] * w[0]).sum::<f64>()
    }
    fn an_inner_loop_of_inactive_values(x: &SVector<f64, 3>, w: &SVector<f64, 3>) -> f64 {
        let mut s = 0.0;
        for i in 0..3 {
            let mut t = 0.0;
            for j in 0..=i {
                t = t * 0.5 + w[j];
            }
            s = s * x[i] + t;
        }
        s
    }
    fn rows_are_written(a: &SMatrix<f64, 3, 3>) -> f64 {
        let mut l = SMatrix::<f64, 3, 3>::zeros();
        for i in 0..3 {
            for j in 0..3 {
                if i >= j {
                    l[(i, j)] = a[(i, j)] * (i + 1) as f64 + if j > 0 { l[(i, j - 1)] } else { 0.0 };
                }
            }
            let row = l.row(i) * 2.0;
            l.set_row(i, &row);
        }
        (l * a).norm()
    }
    fn arrays_are_carried(x: &SVector<f64, 4>) -> f64 {
        let mut last = [x[0], 1.0];
        for i in 1..4 {
            last = [last[1] * x[i], last[0]];
        }
        last[0] - last[1]
    }
    fn denavit_hartenberg(q: &SVector<f64, 4>) -> f64 {
        let mut t = SMatrix::<f64, 3, 3>::identity();
        for i in 0..4 {
            let (s, c) = (q[i].sin(), q[i].cos());
            let step = SMatrix::<f64, 3, 3>::new(c, -s, 1.0, s, c, 0.0, 0.0, 0.0, 1.0);
            t = t * step;
        }
        t[(0, 2)] * t[(1, 2)] + t[(0, 0)]
    }
}

const VECTOR: &str = "fn f(x: &SVector<f64, 4>, n: usize) -> f64";

#[track_caller]
fn refuses(body: &str, wanted: &[&str]) {
    let Err(errors) = read(&format!("{VECTOR} {{ {body} }}")) else { panic!("{body} was read") };
    let texts: Vec<String> = errors.iter().map(Diagnostic::text).collect();
    assert_eq!(texts.len(), 1, "{body}: {texts:?}");
    for wanted in wanted {
        assert!(texts[0].contains(wanted), "{body}: {}", texts[0]);
    }
}

#[track_caller]
fn reads(body: &str) {
    program(&format!("{VECTOR} {{ {body} }}"));
}

#[test]
fn indices_are_checked_where_they_are_reached() {
    refuses(
        "let mut s = 0.0; for i in 0..4 { s += (x[i + 1] - x[i]).powi(2); } s",
        &[
            "index `i + 1` reaches 4, but `x` has 4 entries",
            "`i` runs over 0..4",
            "did you mean `for i in 0..3`?",
        ],
    );
    refuses(
        "let mut s = 0.0; for i in 0..4 { s += x[i - 1]; } s",
        &["reaches -1", "did you mean `for i in 1..4`?"],
    );
    refuses("(0..4).map(|i| x[i + 1]).sum::<f64>()", &["did you mean `0..3`?"]);
    refuses("let mut s = 0.0; for i in 0..3 { for j in i..3 { s += x[i + j]; } } s", &["reaches 4"]);
    reads("let mut s = 0.0; for i in 0..4 { for j in (i + 1)..4 { s += x[i + 1] * x[j]; } } s");
    reads("let mut s = 0.0; for i in 0..n { s += x[i]; } s");
    // Where nothing depends on a loop but the index itself, only its ends are looked at.
    refuses(
        "let mut s = 0.0; for i in 0..1_000 { for j in 0..10_000 { s = s * x[0] + x[j - 9_996 + i - i]; } } s",
        &["reaches -9996"],
    );
    // A condition that is not known may guard the index, one on integers does or does not.
    reads("let mut s = 0.0; for i in 0..4 { if i + 1 < 4 { s += x[i + 1]; } } s");
    reads("let mut s = 0.0; for i in 0..5 { if i > n { s += x[i - 1]; } } s");
    refuses("let mut s = 0.0; for i in 0..5 { if i > 1 { s += x[i]; } } s", &["reaches 4"]);
    refuses("let mut s = x[0]; for _ in 0..n { for i in 0..5 { s *= x[i]; } } s", &["reaches 4"]);
}

#[test]
fn what_leaves_a_loop_is_refused() {
    refuses(
        "let mut s = 0.0; for i in 0..4 { if n == i { break; } s += x[i]; } s",
        &["`break` is not supported"],
    );
    refuses("let mut s = 0.0; for i in 0..4 { if n == i { continue; } s += x[i]; } s", &["`continue`"]);
    refuses(
        "let mut s = 0.0; for i in 0..4 { if n == i { return s; } s += x[i]; } s",
        &["`return` inside a loop"],
    );
    refuses("let mut s = 0.0; 'outer: for i in 0..4 { s += x[i]; } s", &["a label of a loop"]);
    refuses("let mut s = 0.0; for i in 0.. { s += x[i]; } s", &["this iterator has no end"]);
    refuses(
        "let mut s = 0.0; for k in 0..(x[0].ceil() as usize) { s += x[1] / (k as f64 + 1.0); } s",
        &["the number of steps", "depends on `x`", "n: usize"],
    );
}

#[test]
fn integers_are_known_in_every_step() {
    refuses(
        "let (mut s, mut k) = (0.0, 0); for i in 0..3 { s += x[i] * k as f64; k += i; } s",
        &["`k` is not known in every step"],
    );
    refuses(
        "let (mut s, mut k) = (x[0], 1); for _ in 0..3 { s *= k as f64; k *= 2; } s",
        &["`k` is not known in every step"],
    );
}

#[test]
fn variables_keep_their_shapes() {
    let function = "fn f(a: &SMatrix<f64, 2, 3>, x: &SVector<f64, 3>) -> f64 {
        let mut y = *x; for _ in 0..2 { y = a * y; } y.norm() }";
    let Err(errors) = read(function) else { panic!("it was read") };
    let texts: Vec<String> = errors.iter().map(Diagnostic::text).collect();
    assert!(texts.len() == 1 && texts[0].contains("`y` is 3×1, but 2×1 is assigned"), "{texts:?}");
    assert!(texts[0].contains("keeps its shape"), "{texts:?}");
}

#[test]
fn a_loop_stays_one_node_however_long_it_is() {
    let of = |trips: usize| {
        let body = format!("let mut s = x[0]; for k in 0..{trips} {{ s = (s * k as f64).sin(); }} s");
        program(&format!("{VECTOR} {{ {body} }}")).graph.len()
    };
    assert_eq!(of(10), of(100_000));
}

#[test]
fn loops_run_over_data_of_any_length() {
    for body in [
        "let mut s = 0.0; for p in d { s = s * x[0] + p; } s",
        "let mut s = 0.0; for &p in d { s = s * x[0] + p; } s",
        "let mut s = 0.0; for &p in d.iter() { s = s * x[0] + p; } s",
        "let mut s = 0.0; for (k, p) in d.iter().enumerate() { s = s * x[0] + p * k as f64; } s",
        "let mut s = 0.0; for p in d.iter().rev() { s = s * x[0] + p; } s",
        "let mut s = 0.0; for (p, y) in t { s += (p.dot(x) - y).powi(2); } s",
        "let mut s = 0.0; for &(p, y) in t.iter() { s += (p.dot(x) - y).powi(2); } s",
        "let mut s = 0.0; for i in 0..d.len() { s = s * x[0] + d[i]; } s",
        "let mut s = 0.0; for (p, v) in d.iter().zip(x.iter()) { s = s * v + p; } s",
        "let (mut s, mut k) = (0.0, 0); for p in t { let q: f64 = model(p, k); s = s * x[0] + q; k += 1; } s",
        "d.iter().map(|v| v * x[0]).fold(1.0, |s, v| s * v)",
        "d.iter().map(|v| v * x[0]).product::<f64>()",
        "d.iter().copied().fold(x[1], |s, v| (s * v).sin())",
        "let mut s = 0.0; for w in d.windows(2) { let step: f64 = w[1] - w[0]; s = s * x[0] + step; } s",
        "d.chunks(3).map(|c| { let total: f64 = c.iter().sum(); total * x[0] }).sum::<f64>()",
    ] {
        let head = "fn f(x: &SVector<f64, 4>, d: &[f64], t: &[(SVector<f64, 4>, f64)]) -> f64";
        let program = program(&format!("{head} {{ {body} }}"));
        assert!(program.kept.iter().any(|kept| kept.integer), "{body}");
    }
}

#[test]
fn loops_that_only_keep_are_kept() {
    let function = "fn f(x: f64, t: &[f64]) -> f64 { let mut s = 0.0; for v in t { s += v; } s * x }";
    let last = program(function).prelude.last().map(|statement| statement.tokens.to_string());
    assert_eq!(last.as_deref(), Some("let kept_0 : f64 = s ;"));
}

#[test]
fn indices_and_carried_variables_keep_their_names() {
    let program = program(&format!(
        "{VECTOR} {{ let mut state = x[0]; for step in 0..9 {{ state = (state + step as f64).sin(); }} state }}"
    ));
    let is_scan = |id| matches!(&*program.graph.node(id), Node::Scan(_));
    let indices: Vec<String> =
        program.indices.iter().filter(|(id, _)| is_scan(**id)).map(|(_, name)| name.to_string()).collect();
    assert_eq!(indices, ["step"]);
    assert_eq!(program.names.get(&program.value).map(ToString::to_string).as_deref(), Some("state"));
}

#[test]
fn demands_inside_loops_are_closed() {
    let function = "fn f(a: &SMatrix<f64, 2, 2>) -> f64 {
        let mut b = *a; for _ in 0..5 { b = b.try_inverse().unwrap() + a; } b.trace() }";
    let program = program(function);
    let node = program.graph.expr(program.demands[0].node);
    assert!(matches!(&*node.node(), Node::Result(..)) && node.is_fixed(0));
}
