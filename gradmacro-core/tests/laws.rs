//! Laws of the table of operations: every row of `ops::ALL` meets every law, and whoever adds a row adds no test.

mod lab;

use gradmacro_core::ops::trigonometric::{COS, SIN};
use gradmacro_core::ops::{ALL, Derivative, OpDef, Sample, entrywise};
use lab::Sizes;
use lab::laws::{Subject, check};

#[test]
fn every_row_keeps_every_law() {
    let failures: Vec<String> = ALL.iter().flat_map(|op| failures(op)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_two_rows_share_a_name_and_a_number_of_operands() {
    let key = |op: &OpDef| (op.name, op.example.operands.len());
    for (k, op) in ALL.iter().enumerate() {
        assert!(ALL[..k].iter().all(|other| key(other) != key(op)), "{} is there twice", op.name);
    }
}

/// d sin x = −cos x dx
static WRONG_SIGN: OpDef = OpDef {
    derivative: Derivative::Entrywise(&[|_, x| -x[0].apply(&COS)]),
    ..entrywise("wrong sign", |x| x[0].sin())
};

/// d sin x = cos x dx², which is no differential
static NOT_LINEAR: OpDef = OpDef {
    derivative: Derivative::Partials(
        |y, _, dx| y.operand(0).apply(&COS).hadamard(dx.squared()),
        |_, _, ct| ct,
    ),
    ..entrywise("not linear", |x| x[0].sin())
};

/// The transpose of X ↦ 2X is not X ↦ X.
static WRONG_ADJOINT: OpDef =
    OpDef { derivative: Derivative::Linear(1, |_, _, ct| ct), ..entrywise("wrong adjoint", |x| 2.0 * x[0]) };

/// sin has more than one derivative.
static WRONG_SECOND: OpDef = OpDef {
    derivative: Derivative::Entrywise(&[|_, x| x[0].apply(&FLAT_COSINE)]),
    ..entrywise("wrong second derivative", |x| x[0].sin())
};

static FLAT_COSINE: OpDef = OpDef { derivative: Derivative::Flat, ..entrywise("cosine", |x| x[0].cos()) };

/// The value of a canonical form is that of what was written.
static WRONG_FOLD: OpDef = OpDef {
    fold: |wanted| Some(wanted.operands[0].apply(&SIN)),
    derivative: SIN.derivative,
    ..entrywise("wrong fold", |x| x[0].cos())
};

#[test]
fn a_planted_mistake_is_caught() {
    let expected = [
        (&WRONG_SIGN, "the pushforward is the derivative"),
        (&NOT_LINEAR, "the pushforward is the derivative"),
        (&WRONG_ADJOINT, "⟨ȳ, J dx⟩ = ⟨Jᵀȳ, dx⟩"),
        (&WRONG_SECOND, "the pushforward of the pushforward"),
        (&WRONG_FOLD, "a canonical form has the value"),
    ];
    for (row, law) in expected {
        let found = failures(row);
        assert!(found.iter().any(|text| text.contains(law)), "{}: {found:?}", row.name);
    }
}

/// What a row breaks, with literal and with named sizes, in each shape that its examples allow.
fn failures(op: &'static OpDef) -> Vec<String> {
    let mut found = vec![];
    for operands in variants(op) {
        for sizes in [Sizes::Literal, Sizes::Named] {
            let name = format!("{} of {:?}", op.name, operands.iter().map(|s| s.shape).collect::<Vec<_>>());
            let subject = Subject::new(name, &operands, sizes, |graph, x| lab::applied(graph, op, x, sizes));
            found.extend(check(&subject).err());
        }
    }
    found
}

/// The operands of the row's example; an entrywise function also gets a scalar, a column and a row.
fn variants(op: &OpDef) -> Vec<Vec<Sample>> {
    let example = op.example.operands.to_vec();
    let reshaped = |shape| {
        let of = |s: &Sample| if s.shape == example[0].shape { Sample { shape, ..*s } } else { *s };
        example.iter().map(of).collect()
    };
    match op.entrywise {
        true => vec![reshaped((1, 1)), reshaped((3, 1)), reshaped((1, 3)), example.clone()],
        false => vec![example],
    }
}
