// Names of one spelling that are different variables, because one comes out of a macro.

use gradmacro::derive_grad;
use nalgebra::Vector3;

macro_rules! shifted {
    ($name:ident, $v:ident, $term:expr) => {
        #[derive_grad]
        fn $name(x: &Vector3<f64>) -> f64 {
            let shift = 0.5;
            x.map(|$v| $term + shift).sum()
        }
    };
}

shifted!(clear, v, v * v);
shifted!(unclear, shift, shift * shift);

fn main() {}
