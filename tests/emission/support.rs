// Compares what a generated function returns with what the reference evaluator says.

trait Flat {
    fn flat(&self, out: &mut Vec<f64>);
}

impl Flat for f64 {
    fn flat(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl<const R: usize, const C: usize> Flat for nalgebra::SMatrix<f64, R, C> {
    fn flat(&self, out: &mut Vec<f64>) {
        out.extend_from_slice(self.as_slice());
    }
}

macro_rules! flat_tuples {
    ($(($($name:ident $at:tt),*))*) => {
        $(impl<$($name: Flat),*> Flat for ($($name,)*) {
            fn flat(&self, out: &mut Vec<f64>) {
                $(self.$at.flat(out);)*
            }
        })*
    };
}

flat_tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}

fn check(name: &str, got: &impl Flat, wanted: &[f64]) {
    let mut numbers = vec![];
    got.flat(&mut numbers);
    let scale = wanted.iter().fold(1.0f64, |largest, x| largest.max(x.abs()));
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-8 * scale;
    let same = numbers.len() == wanted.len() && numbers.iter().zip(wanted).all(close);
    assert!(same, "{name} returns {numbers:?}, but ought to return {wanted:?}");
}
