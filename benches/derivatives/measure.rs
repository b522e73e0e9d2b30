//! Timing of functions side by side: batches in turn, so that whatever disturbs the machine disturbs all of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nalgebra::SMatrix;

/// Rounds of each row; the ratio of a row is the median over them.
const ROUNDS: usize = 9;
/// How long one batch of calls should take: long against the clock, short against a time slice.
const BATCH: Duration = Duration::from_micros(20);
/// How long a round of one row should take at least, and how many batches it has at least.
const ROUND: Duration = Duration::from_millis(4);
const BATCHES: u32 = 12;

/// What a derivative consists of, in one list.
pub(crate) trait Numbers {
    fn append(&self, list: &mut Vec<f64>);

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
pub(crate) struct Subject<'a> {
    result: Vec<f64>,
    batch: Box<dyn FnMut(u32) -> Duration + 'a>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new<O: Numbers + 'a>(mut call: impl FnMut() -> O + 'a) -> Self {
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

    /// How many calls make up a batch.
    fn calls(&mut self) -> u32 {
        let mut calls = 1;
        while (self.batch)(calls).min((self.batch)(calls)) < BATCH {
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
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rival {
    NumDual,
    Differences,
    Hand,
}

impl Rival {
    pub(crate) const ALL: [Self; 3] = [Self::NumDual, Self::Differences, Self::Hand];

    /// How far its result may be from ours.
    fn tolerance(self) -> f64 {
        if self == Self::Differences { 1e-5 } else { 1e-10 }
    }
}

/// A line of the table: nanoseconds of one call of ours, and how many times as long each rival takes.
pub(crate) struct Row {
    pub(crate) function: &'static str,
    pub(crate) variables: usize,
    pub(crate) derivative: &'static str,
    pub(crate) nanoseconds: f64,
    pub(crate) ratios: [Option<f64>; 3],
}

impl Row {
    pub(crate) fn ratio(&self, rival: Rival) -> Option<f64> {
        self.ratios[rival as usize]
    }
}

/// All rows, and which of them are wanted.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) wanted: Vec<String>,
}

impl Report {
    /// Whether a row of this name is asked for.
    pub(crate) fn wants(&self, function: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|part| function.contains(part.as_str()))
    }

    /// Compares results, then times all in turn, and prints the row.
    ///
    /// # Panics
    /// If a rival's result is not ours.
    pub(crate) fn compare(
        &mut self,
        function: &'static str,
        variables: usize,
        derivative: &'static str,
        mut ours: Subject<'_>,
        mut rivals: Vec<(Rival, Subject<'_>)>,
    ) {
        for (rival, subject) in &rivals {
            let difference = ours.difference(subject);
            let what = format!("{function}, n = {variables}, {derivative}");
            assert!(difference <= rival.tolerance(), "{what}: results differ by {difference:e}");
        }
        let our_calls = ours.calls();
        let rival_calls: Vec<u32> = rivals.iter_mut().map(|(_, subject)| subject.calls()).collect();
        let mut best = f64::INFINITY;
        let mut rounds = vec![Vec::with_capacity(ROUNDS); rivals.len()];
        for _ in 0..ROUNDS {
            let mut least = f64::INFINITY;
            let mut theirs = vec![f64::INFINITY; rivals.len()];
            let (start, mut batches) = (Instant::now(), 0);
            while batches < BATCHES || start.elapsed() < ROUND {
                least = least.min(nanoseconds(&mut ours, our_calls));
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
        let mut ratios = [None; 3];
        for ((rival, _), rounds) in rivals.iter().zip(&mut rounds) {
            ratios[*rival as usize] = Some(median(rounds));
        }
        let row = Row { function, variables, derivative, nanoseconds: best, ratios };
        print_row(&row);
        self.rows.push(row);
    }
}

fn nanoseconds(subject: &mut Subject<'_>, calls: u32) -> f64 {
    (subject.batch)(calls).as_secs_f64() * 1e9 / f64::from(calls)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub(crate) fn print_head() {
    println!("| function | n | derivative | ns | num-dual | differences | by hand |");
    println!("|---|---:|---|---:|---:|---:|---:|");
}

fn print_row(row: &Row) {
    let ratio = |rival| row.ratio(rival).map_or(String::new(), |ratio| format!("{ratio:.2}"));
    let [dual, differences, hand] = Rival::ALL.map(ratio);
    let Row { function, variables, derivative, nanoseconds, .. } = row;
    println!(
        "| {function} | {variables} | {derivative} | {nanoseconds:.1} | {dual} | {differences} | {hand} |"
    );
}
