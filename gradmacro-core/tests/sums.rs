//! Laws of sums over an index: a region has the value of the unrolled sum and keeps every law that a row keeps.

mod lab;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::diff::gradient;
use gradmacro_core::ir::region::OpenSum;
use gradmacro_core::ir::{Data, Expr, Graph, Node, Ratio, Shape};
use gradmacro_core::ops::exponential::EXP;
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::index::KEPT_AT;
use gradmacro_core::ops::trigonometric::SIN;
use gradmacro_core::ops::{Sample, any};
use lab::laws::{Subject, check, operand};
use lab::random::Random;
use lab::{Sizes, close};

/// How a test writes a sum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sum {
    /// As one node.
    Region,
    /// Term by term.
    Unrolled,
}

impl Sum {
    /// Σ over 0..trips.
    fn over<'g>(self, trips: usize, graph: &'g Graph, body: impl Fn(Expr<'g>) -> Expr<'g>) -> Expr<'g> {
        if self == Sum::Unrolled {
            let terms = (0..trips).map(|k| body(graph.index(k as i64)));
            return terms.reduce(|a, b| a + b).unwrap_or_else(|| body(graph.index(0)).times(Ratio::int(0)));
        }
        let (scope, index) = (graph.scope(), graph.variable(Shape::SCALAR));
        let trips = graph.index(trips as i64);
        graph.sum_over(OpenSum { scope, index, trips, body: body(index) })
    }
}

/// x[i + shift]
fn at<'g>(x: Expr<'g>, i: Expr<'g>, shift: i64) -> Expr<'g> {
    x.slice(x.graph.affine(&[(i, 1)], shift), x.graph.index(0), Shape::SCALAR)
}

fn column<'g>(x: Expr<'g>, i: Expr<'g>) -> Expr<'g> {
    x.slice(x.graph.index(0), i, Shape::column(x.shape().rows))
}

fn row<'g>(x: Expr<'g>, i: Expr<'g>) -> Expr<'g> {
    x.slice(i, x.graph.index(0), Shape::column(x.shape().columns).transposed())
}

/// An expression of the user's that reads the index.
fn kept<'g>(i: Expr<'g>, serial: u32, shape: Shape) -> Expr<'g> {
    i.graph.apply(&KEPT_AT, Data::Kept(serial), &[i], shape)
}

type Case = (&'static str, for<'g> fn(Sum, &'g Graph, &[Expr<'g>]) -> Expr<'g>);

/// Of a scalar s, vectors x and y of four entries, and a 4×4 matrix A.
const OPERANDS: &[Sample] = &[any(1, 1), any(4, 1), any(4, 1), any(4, 4)];

const CASES: &[Case] = &[
    ("Σ xᵢ²", |sum, g, v| sum.over(4, g, |i| at(v[1], i, 0).squared())),
    ("Σ xᵢ₊₁ xᵢ", |sum, g, v| sum.over(3, g, |i| at(v[1], i, 1) * at(v[1], i, 0))),
    ("Σ (xᵢ₊₁ − xᵢ)²", |sum, g, v| {
        sum.over(3, g, |i| (at(v[1], i, 1) - at(v[1], i, 0)).squared())
    }),
    ("Σ s", |sum, g, v| sum.over(4, g, |_| v[0])),
    ("Σ over nothing", |sum, g, v| sum.over(0, g, |i| at(v[1], i, 0).apply(&EXP))),
    ("Σ s (xᵢ + y₀)", |sum, g, v| sum.over(4, g, |i| v[0] * (at(v[1], i, 0) + v[2].entry(0, 0)))),
    ("Σ 2 s² xᵢ", |sum, g, v| sum.over(4, g, |i| (v[0].squared() * at(v[1], i, 0)).times(Ratio::int(2)))),
    ("Σ i xᵢ", |sum, g, v| sum.over(4, g, |i| i.as_real() * at(v[1], i, 0))),
    ("Σ exp(i s)", |sum, g, v| sum.over(3, g, |i| (i.as_real() * v[0]).apply(&EXP))),
    ("Σ (A x)ᵢ tanh(s xᵢ)", |sum, g, v| {
        let ax = v[3] * v[1];
        sum.over(4, g, |i| at(ax, i, 0) * (v[0] * at(v[1], i, 0)).apply(&TANH))
    }),
    ("Σ sin(A x + y)ᵢ", |sum, g, v| {
        let u = (v[3] * v[1] + v[2]).apply(&SIN);
        sum.over(4, g, |i| at(u, i, 0).squared())
    }),
    ("Σ A∗ᵢ xᵢ", |sum, g, v| sum.over(4, g, |i| at(v[1], i, 0) * column(v[3], i))),
    ("Σ exp(Aᵢ∗ x)", |sum, g, v| sum.over(4, g, |i| (row(v[3], i) * v[1]).apply(&EXP))),
    ("Σ Aᵢ∗ᵀ xᵢ in a product", |sum, g, v| {
        v[3] * sum.over(4, g, |i| row(v[3], i).t() * at(v[1], i, 0))
    }),
    ("Σ (x ⊙ y) ⊙ A∗ᵢ", |sum, g, v| {
        let xy = v[1].hadamard(v[2]);
        sum.over(4, g, |i| xy.hadamard(column(v[3], i))).sum()
    }),
    ("Σ ‖x − A∗ᵢ‖²", |sum, g, v| {
        sum.over(4, g, |i| {
            let d = v[1] - column(v[3], i);
            d.inner(d)
        })
    }),
    ("Σ exp((x − y)ᵀ A∗ᵢ)", |sum, g, v| {
        let d = v[1] - v[2];
        sum.over(4, g, |i| d.inner(column(v[3], i)).apply(&EXP))
    }),
    ("Σᵢ Σⱼ Aᵢⱼ xᵢ yⱼ", |sum, g, v| {
        sum.over(4, g, |i| {
            sum.over(4, g, |j| v[3].slice(i, j, Shape::SCALAR) * at(v[1], i, 0) * at(v[2], j, 0))
        })
    }),
    ("Σᵢ exp xᵢ Σⱼ xⱼ xᵢ₊ⱼ", |sum, g, v| {
        sum.over(2, g, |i| {
            let j_sum = sum.over(3, g, |j| {
                at(v[1], j, 0) * v[1].slice(g.affine(&[(i, 1), (j, 1)], 0), g.index(0), Shape::SCALAR)
            });
            at(v[1], i, 0).apply(&EXP) * j_sum
        })
    }),
    ("Σᵢ (Σⱼ sin(xᵢ yⱼ))²", |sum, g, v| {
        sum.over(3, g, |i| sum.over(4, g, |j| (at(v[1], i, 0) * at(v[2], j, 0)).apply(&SIN)).squared())
    }),
    ("Σᵢ (xᵢ − mean)²", |sum, g, v| {
        let mean = sum.over(4, g, |j| at(v[1], j, 0)) / g.int(4);
        sum.over(4, g, |i| (at(v[1], i, 0) - mean).squared())
    }),
    ("Σ wᵢ exp xᵢ with kept wᵢ", |sum, g, v| {
        sum.over(4, g, |i| kept(i, 0, Shape::SCALAR) * at(v[1], i, 0).apply(&EXP))
    }),
    ("Σ tanh(kᵢᵀ x) with kept kᵢ", |sum, g, v| {
        sum.over(3, g, |i| kept(i, 1, v[1].shape()).inner(v[1]).apply(&TANH))
    }),
    ("Σ kᵢ with kept kᵢ", |sum, g, v| sum.over(3, g, |i| kept(i, 2, v[1].shape())) + v[1]),
    ("Σ xᵢ eᵢ", |sum, g, v| {
        sum.over(4, g, |i| at(v[1], i, 0).squared().scatter(i, g.index(0), v[1].shape())).hadamard(v[2])
    }),
    ("the product of two sums", |sum, g, v| {
        let of = |x| sum.over(4, g, |i| at(x, i, 0).apply(&EXP));
        of(v[1]) * of(v[2]) * of(v[1])
    }),
];

#[test]
fn a_region_has_the_value_of_the_unrolled_sum() {
    for (name, case) in CASES {
        let graph = Graph::plain();
        let x: Vec<Expr<'_>> =
            OPERANDS.iter().enumerate().map(|(k, s)| operand(&graph, k, s, Sizes::Literal)).collect();
        let (mut bench, mut random) = (Sizes::Literal.bench(), Random::new(3));
        x.iter().for_each(|leaf| _ = bench.bind_any(*leaf, &mut random));
        let [region, unrolled] = [Sum::Region, Sum::Unrolled].map(|sum| bench.value(case(sum, &graph, &x)));
        assert!(close(&region, &unrolled, 1e-13), "{name}: {region:?} is not {unrolled:?}");
    }
}

#[test]
fn regions_keep_every_law() {
    let failures: Vec<String> = CASES
        .iter()
        .flat_map(|(name, case)| {
            [Sizes::Literal, Sizes::Named].into_iter().flat_map(move |sizes| {
                let subject = Subject::new((*name).into(), OPERANDS, sizes, move |graph, x| {
                    case(Sum::Region, graph, x)
                });
                check(&subject).err()
            })
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a gradient of a sum looks like after what is linear has left it.
#[test]
fn linear_parts_leave_the_sum() {
    let graph = Graph::canonical(&ALGEBRA);
    let x: Vec<Expr<'_>> =
        OPERANDS.iter().enumerate().map(|(k, s)| operand(&graph, k, s, Sizes::Literal)).collect();
    let sum = Sum::Region.over(4, &graph, |i| x[0] * at(x[1], i, 0) + x[2].inner(x[1]));
    assert!(!matches!(&*sum.node(), Node::IndexSum(_)), "a sum of terms is outside");
    let again =
        Sum::Region.over(4, &graph, |k| at(x[1], k, 0)) * x[0] + x[1].inner(x[2]).times(Ratio::int(4));
    assert_eq!(sum.node(), again.node(), "the name of an index does not matter");
    let by_s = gradient(sum, &[x[0]])[0];
    assert!(matches!(&*by_s.node(), Node::IndexSum(_)), "Σ xᵢ is what is left");
}
