//! What is promised of loops: their number of steps changes neither the code nor the work of expanding it, gradients cost
//! little more than values, and only what the way back reads is stored.

use gradmacro_core::Expansion;
use gradmacro_core::front::request::Output;
use gradmacro_core::plan::{Loop, Schedule, Step};
use proc_macro2::TokenStream;

/// A function, the attribute's options, and its source for a number of steps.
struct Case {
    name: &'static str,
    options: &'static str,
    source: fn(usize) -> String,
}

const ROLLOUT: Case = Case {
    name: "rollout",
    options: "wrt(u), hvp",
    source: |n| {
        format!(
            "fn rollout(u: &SMatrix<f64, 2, {n}>, x0: &SVector<f64, 4>, a: &SMatrix<f64, 4, 4>, b: &SMatrix<f64, 4, 2>) -> f64 {{
                let mut x = *x0;
                let mut cost = 0.0;
                for k in 0..{n} {{
                    let uk = u.column(k);
                    cost += x.norm_squared() + 0.1 * uk.norm_squared();
                    x = a * x + b * uk;
                }}
                cost + 10.0 * x.norm_squared()
            }}"
        )
    },
};

const NETWORK: Case = Case {
    name: "recurrent network",
    options: "wrt(w, v), hvp",
    source: |n| {
        format!(
            "fn network(w: &SMatrix<f64, 8, 8>, v: &SMatrix<f64, 8, 3>, xs: &SMatrix<f64, 3, {n}>, y: &SVector<f64, 8>) -> f64 {{
                let mut h = SVector::<f64, 8>::zeros();
                let mut loss = 0.0;
                for t in 0..{n} {{
                    h = (w * h + v * xs.column(t)).map(|z| z.tanh());
                    loss += 0.5 * (h - y).norm_squared();
                }}
                loss
            }}"
        )
    },
};

const MIXTURE: Case = Case {
    name: "mixture",
    options: "wrt(means, weights), hvp",
    source: |n| {
        format!(
            "fn mixture(means: &SMatrix<f64, 2, 3>, weights: &SVector<f64, 3>, points: &SMatrix<f64, 2, {n}>) -> f64 {{
                let mut total = 0.0;
                for i in 0..{n} {{
                    let mut density = 0.0;
                    for k in 0..3 {{
                        let d = points.column(i) - means.column(k);
                        density += weights[k].exp() * (-0.5 * d.norm_squared()).exp();
                    }}
                    total -= density.ln();
                }}
                total
            }}"
        )
    },
};

const PENDULUM: Case = Case {
    name: "pendulum by Runge and Kutta's rule",
    options: "wrt(torque), hvp",
    source: |n| {
        format!(
            "fn pendulum(torque: &SVector<f64, {n}>, start: &Vector2<f64>) -> f64 {{
                fn slope(x: &Vector2<f64>, u: f64) -> Vector2<f64> {{
                    Vector2::new(x[1], u - x[0].sin() - 0.1 * x[1])
                }}
                let mut x = *start;
                let mut cost = 0.0;
                for k in 0..{n} {{
                    let u = torque[k];
                    let k1 = slope(&x, u);
                    let k2 = slope(&(x + k1 * 0.05), u);
                    let k3 = slope(&(x + k2 * 0.05), u);
                    let k4 = slope(&(x + k3 * 0.1), u);
                    x += (k1 + 2.0 * k2 + 2.0 * k3 + k4) * (0.1 / 6.0);
                    cost += x.norm_squared() + 0.01 * u * u;
                }}
                cost
            }}"
        )
    },
};

const CASES: [&Case; 4] = [&ROLLOUT, &NETWORK, &MIXTURE, &PENDULUM];

fn expansion(case: &Case, steps: usize) -> Expansion {
    let source: TokenStream = (case.source)(steps).parse().expect("it is Rust");
    let options: TokenStream = case.options.parse().expect("they are tokens");
    gradmacro_core::read(options, source).unwrap_or_else(|_| panic!("{} is not read", case.name))
}

fn schedule(expansion: &Expansion, output: Output) -> &Schedule {
    let place = expansion.request.outputs.iter().position(|(own, _)| *own == output);
    &expansion.schedules[place.expect("it is generated")]
}

fn text(case: &Case, steps: usize) -> String {
    let source = (case.source)(steps).parse().expect("it is Rust");
    gradmacro_core::expand(case.options.parse().expect("they are tokens"), source).to_string()
}

/// Everything that is a number or documentation, out.
fn skeleton(text: &str) -> Vec<String> {
    let tokens: TokenStream = text.parse().expect("it is Rust");
    let mut found = vec![];
    walk(tokens, &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                found.push(format!("{:?}", group.delimiter()));
                walk(group.stream(), found);
            }
            proc_macro2::TokenTree::Literal(_) => found.push("literal".to_owned()),
            other => found.push(other.to_string()),
        }
    }
}

#[test]
fn a_longer_loop_is_the_same_code() {
    for case in CASES {
        let (short, long) = (skeleton(&text(case, 100)), skeleton(&text(case, 10_000)));
        assert_eq!(short, long, "{}", case.name);
    }
}

#[test]
fn a_longer_loop_is_certified_by_the_same_work() {
    for case in CASES {
        let certificate = expansion(case, 10_000).certificate;
        let certified = matches!(certificate, gradmacro_core::certify::Certificate::Shortened(_));
        assert!(certified, "{}: {certificate:?}", case.name);
    }
}

#[test]
fn a_gradient_takes_at_most_four_times_the_operations_of_the_value() {
    for case in CASES {
        let expansion = expansion(case, 100);
        let value = expansion.value_operations();
        let gradient = schedule(&expansion, Output::Grad).flops;
        let both = schedule(&expansion, Output::ValueAndGrad).flops;
        let product = schedule(&expansion, Output::Hvp).flops;
        let name = case.name;
        println!("{name}: {value} {gradient} {both} {product}");
        assert!(gradient <= 4 * value, "{name}: the gradient takes {gradient}, the value {value}");
        assert!(both <= 4 * value, "{name}: both take {both}, the value {value}");
        assert!(product <= 4 * gradient, "{name}: a product takes {product}, the gradient {gradient}");
    }
}

fn loops<'s>(steps: &'s [Step], found: &mut Vec<&'s Loop>) {
    for step in steps {
        match step {
            Step::Compute(_) => {}
            Step::Loop(inner) => {
                found.push(inner);
                loops(&inner.body, found);
            }
            Step::Choice(choice) => {
                loops(&choice.then, found);
                loops(&choice.other, found);
            }
        }
    }
}

#[test]
fn value_and_gradient_of_a_rollout_are_two_loops() {
    for case in [&ROLLOUT, &NETWORK, &PENDULUM] {
        let expansion = expansion(case, 100);
        let mut found = vec![];
        loops(&schedule(&expansion, Output::ValueAndGrad).steps, &mut found);
        assert_eq!(found.len(), 2, "{}", case.name);
    }
}

#[test]
fn plain_accumulation_stores_nothing() {
    let expansion = expansion(&MIXTURE, 100);
    let mut found = vec![];
    loops(&schedule(&expansion, Output::Grad).steps, &mut found);
    let carried: usize = found.iter().map(|l| l.carries.len()).sum();
    assert_eq!(carried, 0, "a sum carries no state");
}

fn linear(options: &str) -> Result<Expansion, Vec<String>> {
    let source = "fn linear(a: &SMatrix<f64, 6, 6>, x0: &SVector<f64, 6>) -> f64 {
        let mut x = *x0;
        for _ in 0..1000 {
            x = (a * x).map(|v| v.tanh());
        }
        x.norm_squared()
    }";
    let read =
        gradmacro_core::read(options.parse().expect("they are tokens"), source.parse().expect("it is Rust"));
    read.map_err(|failure| failure.errors().iter().map(|error| error.text()).collect())
}

fn carried(expansion: &Expansion) -> u64 {
    let mut found = vec![];
    loops(&schedule(expansion, Output::Grad).steps, &mut found);
    let graph = &schedule(expansion, Output::Grad).graph;
    let carries = found.iter().flat_map(|l| &l.carries);
    carries.map(|c| graph.shape(c.result).size().expect("a number") as u64).max().unwrap_or(0)
}

/// States are stored up to the limit. Above it the columns of few parameters are computed forwards, which stores none,
/// and more are an error.
#[test]
fn what_may_be_stored_decides_the_mode() {
    let stored = linear("wrt(x0)").unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(carried(&stored), 6 * 1001);
    let forwards = linear("wrt(x0), stack = 4096").unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(carried(&forwards), 36);
    let errors = linear("wrt(a), stack = 4096").err().expect("36 entries are too many");
    assert!(errors[0].contains("stores 1000 states of 48 bytes"), "{errors:?}");
}
