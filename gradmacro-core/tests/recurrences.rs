//! Loops and conditionals in print: states with subscripts and the recurrences that define them, cases, conditions.

mod lab;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::diff::gradient;
use gradmacro_core::emit::math::{Names, formula};
use gradmacro_core::ir::{Dim, Expr, Graph, Leaf, Ratio, Shape};
use gradmacro_core::ops::predicates::{AND, AT_MOST, EQUAL, IS_ZERO, LESS, NOT, NOT_NEGATIVE, OR};
use gradmacro_core::ops::trigonometric::SIN;
use gradmacro_core::ops::writing::update;
use lab::mathml::well_formed;

const INPUTS: &[(&str, (usize, usize))] =
    &[("A", (3, 3)), ("W", (3, 3)), ("U", (3, 10)), ("s", (3, 1)), ("x", (10, 1)), ("t", (1, 1))];

struct Named;

impl Names for Named {
    fn input(&self, position: u32) -> String {
        INPUTS[position as usize].0.to_owned()
    }

    fn kept(&self, _: u32) -> String {
        String::new()
    }
}

fn inputs(graph: &Graph) -> [Expr<'_>; 6] {
    std::array::from_fn(|k| {
        let (rows, columns) = INPUTS[k].1;
        graph.leaf(Leaf::Input(k as u32), Shape::new(rows, columns))
    })
}

fn column<'g>(x: Expr<'g>, k: Expr<'g>) -> Expr<'g> {
    x.slice(x.graph.index(0), k, Shape::column(x.shape().rows))
}

fn entry<'g>(x: Expr<'g>, k: Expr<'g>) -> Expr<'g> {
    x.slice(k, x.graph.index(0), Shape::SCALAR)
}

fn after<'g>(k: Expr<'g>, steps: i64) -> Expr<'g> {
    k.graph.affine(&[(k, 1)], steps)
}

/// In Unicode; and in the other notations there are the same parameters, and the brackets close.
fn written(x: Expr<'_>) -> String {
    let formula = formula(x, &Named);
    let (latex, mathml) = (formula.latex(), formula.mathml());
    assert_eq!(well_formed(&mathml), Ok(()), "{mathml}");
    assert_eq!(latex.matches('{').count(), latex.matches('}').count(), "{latex}");
    assert_eq!(latex.matches("\\begin").count(), latex.matches("\\end").count(), "{latex}");
    formula.unicode()
}

/// The cost of driving z for ten steps.
fn rollout(g: &Graph) -> Expr<'_> {
    let [a, _, u, s, ..] = inputs(g);
    let out = g.scan_over(Dim::Known(10), &[s, g.zeros(Shape::SCALAR)], |k, c| {
        vec![(a * c[0]).apply(&SIN) + column(u, k), c[1] + c[0].inner(c[0])]
    });
    out[1] + out[0].inner(out[0])
}

const STATES: &str = "\n  where z₀ = s\n        zₖ₊₁ = U[..,k] + sin(A zₖ)  for k = 0 … 9";

#[test]
fn a_loop_is_a_recurrence() {
    let g = Graph::canonical(&ALGEBRA);
    assert_eq!(written(rollout(&g)), format!("‖z₁₀‖² + Σₖ zₖᵀ zₖ{STATES}"));
}

/// The states that the gradient stores are those of the loop, and have its name; nothing tells of a stack.
#[test]
fn what_is_stored_is_printed_as_states() {
    let g = Graph::canonical(&ALGEBRA);
    let [a, _, u, s, ..] = inputs(&g);
    let found = gradient(rollout(&g), &[a, s, u]);
    let adjoint = "\n        λ₁₀ = 2 z₁₀\n        λₖ = Aᵀ (λₖ₊₁ ⊙ cos(A zₖ)) + 2 zₖ  for k = 9 … 0";
    assert_eq!(written(found[0]), format!("Σₖ (λₖ₊₁ ⊙ cos(A zₖ)) zₖᵀ{STATES}{adjoint}"));
    assert_eq!(written(found[1]), format!("λ₀{STATES}{adjoint}"));
    assert_eq!(written(found[2]), format!("Σₖ λₖ₊₁ e(k)ᵀ{STATES}{adjoint}"));
}

/// Where the sum is read behind its last step it is 0, and no state.
#[test]
fn what_is_not_stored_is_no_state() {
    let g = Graph::canonical(&ALGEBRA);
    let [a, w, u, s, ..] = inputs(&g);
    let out = g.scan_over(Dim::Known(10), &[s], |k, c| vec![a * c[0] + column(u, k)]);
    let first = gradient(out[0].inner(out[0]), &[a])[0];
    let second = written(gradient(first.inner(w), &[a])[0]);
    assert!(!second.contains("ₖ₊₂"), "{second}");
}

#[test]
fn scalars_and_entries_are_states_too() {
    let g = Graph::canonical(&ALGEBRA);
    let [.., x, t] = inputs(&g);
    let power = g.scan_over(Dim::Known(5), &[t], |_, c| vec![c[0].apply(&SIN) * t])[0];
    assert_eq!(
        written(gradient(power, &[t])[0]),
        "λ₀ + Σₖ λₖ₊₁ sin(zₖ)\n  where z₀ = t\n        zₖ₊₁ = t sin(zₖ)  for k = 0 … 4\n        \
         λ₅ = 1\n        λₖ = t λₖ₊₁ cos(zₖ)  for k = 4 … 0"
    );
    let filled = g.scan_over(Dim::Known(9), &[x], |k, c| {
        let value = entry(c[0], after(k, 1)) + entry(c[0], k).apply(&SIN) * t;
        vec![update(c[0], value, after(k, 1), g.index(0))]
    })[0];
    let slope = written(gradient(filled.inner(filled), &[x])[0]);
    assert!(slope.contains("λₖ = t cos(zₖ[k]) λₖ₊₁[k+1] e(k) + λₖ₊₁  for k = 8 … 0"), "{slope}");
}

/// A step that uses what it has just made says so.
#[test]
fn a_state_that_was_just_made_is_not_written_out() {
    let g = Graph::canonical(&ALGEBRA);
    let [.., t] = inputs(&g);
    let out = g.scan_over(Dim::Known(6), &[t, g.int(1)], |_, c| {
        let speed = c[1] - c[0].apply(&SIN);
        vec![c[0] + t * speed.apply(&SIN), speed]
    });
    let text = written(out[0]);
    assert!(text.contains("zₖ₊₁ = zₖ + t sin(yₖ₊₁)") || text.contains("zₖ₊₁ = t sin(yₖ₊₁) + zₖ"), "{text}");
    assert!(text.contains("yₖ₊₁ = yₖ - sin(zₖ)"), "{text}");
}

/// A state of a loop in a loop counts the steps of both.
#[test]
fn loops_in_loops_count_all_steps() {
    let g = Graph::canonical(&ALGEBRA);
    let [_, w, _, s, x, _] = inputs(&g);
    let out = g.scan_over(Dim::Known(4), &[s], |_, c| {
        let inner =
            g.scan_over(Dim::Known(3), &[c[0]], |j, d| vec![(w * d[0]).apply(&SIN) + s * entry(x, j)]);
        vec![inner[0] + c[0]]
    });
    assert_eq!(
        written(out[0]),
        "z₄\n  where z₀ = s\n        zₖ₊₁ = yₖ,₃ + zₖ  for k = 0 … 3\n        yₖ,₀ = zₖ  for k = 0 … 3\n        \
         yₖ,ᵢ₊₁ = x[i] s + sin(W yₖ,ᵢ)  for k = 0 … 3, i = 0 … 2"
    );
}

#[test]
fn a_conditional_is_cases() {
    let g = Graph::canonical(&ALGEBRA);
    let [_, _, _, s, _, t] = inputs(&g);
    let small = t.squared().apply_with(&LESS, g.number(Ratio::new(1, 4)));
    let loss = g.branch_over(
        small,
        &[t, s],
        |v| vec![v[0].squared().times(Ratio::HALF)],
        |v| {
            let large = g.int(2).apply_with(&AT_MOST, v[0]);
            g.branch_over(large, v, |y| vec![y[0]], |y| vec![y[0].apply(&SIN) * y[1].inner(y[1])])
        },
    )[0];
    assert_eq!(written(loss), "{ 1/2 t² if t² < 1/4, t if 2 ≤ t, sin(t) (sᵀ s) otherwise }");
    assert_eq!(written(gradient(loss, &[t])[0]), "{ t if t² < 1/4, 1 if 2 ≤ t, cos(t) (sᵀ s) otherwise }");
    let latex = formula(loss * t, &Named).latex();
    assert!(
        latex.starts_with("t \\left(\\begin{cases} \\tfrac{1}{2} t^{2} & \\text{if } t^{2} <"),
        "{latex}"
    );
}

/// Conditions in a sum over i, for i running through ten steps.
#[test]
fn conditions_on_indices_have_the_index_on_the_left() {
    let condition = |make: &dyn for<'g> Fn(&'g Graph, Expr<'g>) -> Expr<'g>| {
        let g = Graph::canonical(&ALGEBRA);
        let t = inputs(&g)[5];
        let sum = g.scan_over(Dim::Known(10), &[g.zeros(Shape::SCALAR)], |i, c| {
            let chosen = g.branch_over(make(&g, i), &[t], |v| vec![v[0]], |v| vec![v[0].apply(&SIN)]);
            vec![c[0] + chosen[0] * i.as_real()]
        });
        let text = written(sum[0]);
        let text = text.split(" if ").nth(1).expect("a condition");
        text.split(", ").next().expect("its end").to_owned()
    };
    fn not(p: Expr<'_>) -> Expr<'_> {
        p.reduce(&NOT)
    }
    assert_eq!(condition(&|_, i| after(i, -1).reduce(&NOT_NEGATIVE)), "i ≥ 1");
    assert_eq!(condition(&|g, i| g.affine(&[(i, -1)], 7).reduce(&NOT_NEGATIVE)), "i ≤ 7");
    assert_eq!(condition(&|_, i| not(after(i, -1).reduce(&NOT_NEGATIVE))), "i < 1");
    assert_eq!(condition(&|_, i| after(i, -3).reduce(&IS_ZERO)), "i = 3");
    assert_eq!(condition(&|_, i| not(i.reduce(&IS_ZERO))), "i ≠ 0");
    assert_eq!(
        condition(&|g, i| {
            let t = inputs(g)[5];
            let both = t.apply_with(&EQUAL, g.int(1)).apply_with(&AND, not(t.apply_with(&LESS, g.int(0))));
            i.reduce(&IS_ZERO).apply_with(&OR, both)
        }),
        "i = 0 ∨ (t = 1 ∧ t ≥ 0)"
    );
}

#[test]
fn writing_says_what_becomes_of_which_entry() {
    let g = Graph::plain();
    let [.., x, t] = inputs(&g);
    let once = update(x, t, g.index(0), g.index(0));
    assert_eq!(written(update(once, t, g.index(1), g.index(0))), "x with x[0] ← t, x[1] ← t");
    assert_eq!(written(update(x + x, t, g.index(0), g.index(0)) + x), "((x + x) with ·[0] ← t) + x");
}

const SOURCE: &str = "fn cost(a: &SMatrix<f64, 3, 3>, u: &SMatrix<f64, 3, 10>, s: &SVector<f64, 3>) -> f64 {
    let mut x = a * s;
    let mut total = 0.0;
    for step in 0..10 {
        x = (a * x).map(|v| v.sin()) + u.column(step);
        total += x.norm_squared();
    }
    total + x[0]
}";

/// States have the user's names.
#[test]
fn states_have_the_users_names() {
    let explained = gradmacro_core::explain(SOURCE).expect("it can be explained");
    let formulas = &explained[0].formulas;
    let states = "\n  where x₀ = a s\n        xₖ₊₁ = u[..,k] + sin(a xₖ)  for k = 0 … 9";
    assert_eq!(formulas[0].to_string(), format!("cost = x₁₀[0] + Σₖ ‖xₖ₊₁‖²{states}"));
    let gradient = formulas[1].to_string();
    assert!(
        gradient.starts_with("∇a cost = ") && gradient.contains(&format!("xₖᵀ    (3×3){states}")),
        "{gradient}"
    );
}

/// The documentation says what a gradient stores, and holds every line of a formula in its block.
#[test]
fn the_documentation_says_what_is_stored() {
    let item = SOURCE.parse().expect("tokens");
    let text = gradmacro_core::expand(Default::default(), item).to_string();
    assert!(text.contains("It stores 33 numbers (264 bytes) between its passes."), "{text}");
    let block = text.split("```text").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    assert!(block.contains("for k = 9 … 0"), "{block}");
    assert!(!text.contains("At a tie"), "{text}");
}

/// Where a comparison of numbers decides, the documentation says which branch is differentiated at a tie.
#[test]
fn the_documentation_says_what_happens_at_a_tie() {
    let item = "fn f(x: f64) -> f64 { if x < 1.0 { x * x } else { x.sin() } }".parse().expect("tokens");
    let text = gradmacro_core::expand(Default::default(), item).to_string();
    assert!(
        text.contains("At a tie of a comparison, the branch that the value takes is differentiated."),
        "{text}"
    );
    assert!(text.contains("f = { x² if x < 1, sin(x) otherwise }"), "{text}");
}
