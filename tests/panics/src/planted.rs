//! Functions that may panic, as controls: a survey that does not find these finds nothing.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, Vector3};

gradients! {
    #[derive_grad]
    fn planted_unwrap(a: &Matrix3<f32>) -> f32 {
        a.try_inverse().unwrap().trace()
    }

    #[derive_grad]
    fn planted_index(x: &Vector3<f32>, i: usize) -> f32 {
        x[i] * x[i]
    }

    #[derive_grad(wrt(x))]
    fn planted_lu(x: &Vector3<f32>, a: &Matrix3<f32>, b: &Vector3<f32>) -> f32 {
        let lu = nalgebra::LU::new(*a);
        let solution: Vector3<f32> = lu.solve(b).unwrap_or(*b);
        x.dot(&solution)
    }
}
