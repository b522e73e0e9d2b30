//! Timing of functions side by side: batches in turn, so that whatever disturbs the machine disturbs all of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nalgebra::SMatrix;

use crate::instructions;
use crate::results::{print_head, print_row};

/// Rounds of each row; the ratio of a row is the median over them.
const ROUNDS: usize = 9;
/// How long one batch of calls should take: long against the clock, short against a time slice.
const BATCH: Duration = Duration::from_micros(20);
/// How long a round of one row should take at least, and how many batches it has at least.
const ROUND: Duration = Duration::from_millis(4);
const BATCHES: u32 = 12;

/// What a derivative consists of, in one list.
pub trait Numbers {
    /// Adds the numbers to a list.
    fn append(&self, list: &mut Vec<f64>);

    /// All numbers.
    fn numbers(&self) -> Vec<f64> {
        let mut list = Vec::new();
        self.append(&mut list);
        list
    }
}

impl Numbers for f64 {
    fn append(&self, list: &mut Vec<f64>) {
        list.push(*self);
    }
}

impl<const R: usize, const C: usize> Numbers for SMatrix<f64, R, C> {
    fn append(&self, list: &mut Vec<f64>) {
        list.extend_from_slice(self.as_slice());
    }
}

impl<A: Numbers, B: Numbers> Numbers for (A, B) {
    fn append(&self, list: &mut Vec<f64>) {
        self.0.append(list);
        self.1.append(list);
    }
}

impl<A: Numbers, B: Numbers, C: Numbers> Numbers for (A, B, C) {
    fn append(&self, list: &mut Vec<f64>) {
        self.0.append(list);
        self.1.append(list);
        self.2.append(list);
    }
}

/// One way to compute a derivative: what it gives, and how long so many calls take.
pub struct Subject<'a> {
    result: Vec<f64>,
    batch: Box<dyn FnMut(u32) -> Duration + 'a>,
}

impl<'a> Subject<'a> {
    /// A function without arguments; what it reads should go through `black_box`.
    pub fn new<O: Numbers + 'a>(mut call: impl FnMut() -> O + 'a) -> Self {
        let result = call().numbers();
        let batch = move |calls| {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(&call());
            }
            start.elapsed()
        };
        Self { result, batch: Box::new(batch) }
    }

    /// What another process computes and times.
    #[must_use]
    pub fn elsewhere(result: Vec<f64>, batch: Box<dyn FnMut(u32) -> Duration + 'a>) -> Self {
        Self { result, batch }
    }

    /// How long so many calls take.
    pub fn run(&mut self, calls: u32) -> Duration {
        (self.batch)(calls)
    }

    /// How many calls make up a batch.
    fn calls(&mut self) -> u32 {
        let mut calls = 1;
        while self.run(calls).min(self.run(calls)) < BATCH {
            calls *= 2;
        }
        calls
    }

    /// The largest difference from `other`, relative to the largest entry of `other`.
    fn difference(&self, other: &Self) -> f64 {
        assert_eq!(self.result.len(), other.result.len(), "results of different sizes");
        let scale = other.result.iter().fold(f64::MIN_POSITIVE, |scale, v| scale.max(v.abs()));
        let largest = self.result.iter().zip(&other.result).map(|(a, b)| (a - b).abs() / scale);
        largest.fold(0.0, |worst, d| if d > worst || d.is_nan() { d } else { worst })
    }
}

/// What the generated function is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rival {
    /// num-dual.
    NumDual,
    /// Central differences.
    Differences,
    /// nalgebra by someone who knows the formula. Of several versions the fastest counts.
    Hand,
    /// C written by CasADi.
    CasADi,
    /// The function itself, whose result is another.
    Value,
}

impl Rival {
    /// In the order of columns.
    pub const ALL: [Self; 5] = [Self::NumDual, Self::Differences, Self::Hand, Self::CasADi, Self::Value];

    /// How far its result may be from ours.
    fn tolerance(self) -> f64 {
        match self {
            Self::Differences => 1e-5,
            Self::Value => f64::INFINITY,
            Self::NumDual | Self::Hand | Self::CasADi => 1e-10,
        }
    }
}

/// A line of the table: nanoseconds of one call of ours, and how many times as long each rival takes.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name of the function.
    pub function: String,
    /// How many numbers it is differentiated by.
    pub variables: usize,
    /// Which derivative.
    pub derivative: String,
    /// One call of ours, or its instructions.
    pub cost: f64,
    /// The rivals' cost over ours.
    pub ratios: [Option<f64>; 5],
}

impl Row {
    /// What a rival costs over what ours does.
    #[must_use]
    pub fn ratio(&self, rival: Rival) -> Option<f64> {
        self.ratios[rival as usize]
    }
}

/// A function whose derivative is measured in several ways.
pub struct Comparison<'a> {
    /// The name of the function.
    pub function: &'static str,
    /// How many numbers it is differentiated by.
    pub variables: usize,
    /// Which derivative.
    pub derivative: &'static str,
    /// The generated function.
    pub ours: Subject<'a>,
    /// The others.
    pub rivals: Vec<(Rival, Subject<'a>)>,
}

/// All rows, and which of them are wanted.
#[derive(Default)]
pub struct Report {
    /// What was measured.
    pub rows: Vec<Row>,
    /// Parts of names; none stand for all.
    wanted: Vec<String>,
    counting: bool,
}

impl Report {
    /// What the command line asks for.
    #[must_use]
    pub fn asked_for(wanted: Vec<String>, counting: bool) -> Self {
        if !counting {
            print_head();
        }
        Self { wanted, counting, ..Self::default() }
    }

    /// Whether a row of this name is asked for.
    #[must_use]
    pub fn wants(&self, function: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|part| function.contains(part.as_str()))
    }

    /// Compares results, then times all in turn, and prints the row; or counts instructions.
    ///
    /// # Panics
    /// If a rival's result is not ours.
    pub fn compare(&mut self, mut comparison: Comparison<'_>) {
        let Comparison { function, variables, derivative, ours, rivals } = &mut comparison;
        for (rival, subject) in rivals.iter().filter(|(rival, _)| *rival != Rival::Value) {
            let difference = ours.difference(subject);
            let what = format!("{function}, n = {variables}, {derivative}, {rival:?}");
            assert!(difference <= rival.tolerance(), "{what}: results differ by {difference:e}");
        }
        if self.counting {
            return instructions::run(&mut comparison);
        }
        let (cost, ratios) = timed(ours, rivals);
        let row = Row {
            function: function.to_string(),
            variables: *variables,
            derivative: derivative.to_string(),
            cost,
            ratios,
        };
        print_row(&row);
        self.rows.push(row);
    }
}

/// The least time of ours, and the median over the rounds of what each rival takes over it.
fn timed(ours: &mut Subject<'_>, rivals: &mut [(Rival, Subject<'_>)]) -> (f64, [Option<f64>; 5]) {
    let our_calls = ours.calls();
    let rival_calls: Vec<u32> = rivals.iter_mut().map(|(_, subject)| subject.calls()).collect();
    let mut best = f64::INFINITY;
    let mut rounds = vec![Vec::with_capacity(ROUNDS); rivals.len()];
    for _ in 0..ROUNDS {
        let mut least = f64::INFINITY;
        let mut theirs = vec![f64::INFINITY; rivals.len()];
        let (start, mut batches) = (Instant::now(), 0);
        while batches < BATCHES || start.elapsed() < ROUND {
            least = least.min(nanoseconds(ours, our_calls));
            for (i, (_, subject)) in rivals.iter_mut().enumerate() {
                theirs[i] = theirs[i].min(nanoseconds(subject, rival_calls[i]));
            }
            batches += 1;
        }
        best = best.min(least);
        for (ratios, time) in rounds.iter_mut().zip(theirs) {
            ratios.push(time / least);
        }
    }
    let mut ratios = [None; 5];
    for ((rival, _), rounds) in rivals.iter().zip(&mut rounds) {
        smaller(&mut ratios[*rival as usize], median(rounds));
    }
    (best, ratios)
}

/// Keeps the smaller of two ratios: of several versions the fastest counts.
pub(crate) fn smaller(kept: &mut Option<f64>, ratio: f64) {
    *kept = Some(kept.map_or(ratio, |kept| kept.min(ratio)));
}

fn nanoseconds(subject: &mut Subject<'_>, calls: u32) -> f64 {
    subject.run(calls).as_secs_f64() * 1e9 / f64::from(calls)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
