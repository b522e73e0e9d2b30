//! Loops, iterators, branches and exits.

use gradmacro::derive_grad;
use nalgebra::{
    ComplexField, Matrix2, Matrix3, Matrix3x4, SMatrix, SVector, Vector2, Vector3, Vector4, Vector6,
};

gradients! {
    #[derive_grad]
    fn sum_by_loop(x: &Vector6<f32>) -> f32 {
        let mut f = 0.0;
        for i in 0..5 {
            let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
            f += a * a + 100.0 * b * b;
        }
        f
    }

    #[derive_grad]
    fn sum_by_long_loop(x: &SVector<f32, 64>) -> f32 {
        let mut f = 0.0;
        for i in 0..63 {
            let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
            f += a * a + 100.0 * b * b;
        }
        f
    }

    #[derive_grad]
    fn sum_over_range(x: &SVector<f32, 64>) -> f32 {
        (0..63).map(|i| x[i] * x[i + 1].sin()).sum()
    }

    #[derive_grad]
    fn nested_loops(p: &SMatrix<f32, 3, 5>) -> f32 {
        let mut energy = 0.0;
        for i in 0..5 {
            for j in (i + 1)..5 {
                energy += 1.0 / (p.column(i) - p.column(j)).norm_squared();
            }
        }
        energy
    }

    #[derive_grad]
    fn nested_long_loops(p: &SMatrix<f32, 3, 30>) -> f32 {
        let mut energy = 0.0;
        for i in 0..30 {
            for j in 0..i {
                energy += 1.0 / (p.column(i) - p.column(j)).norm_squared();
            }
        }
        energy
    }

    #[derive_grad(wrt(u, a, b, x0))]
    fn rollout_of_states(u: &SVector<f32, 8>, a: &Matrix3<f32>, b: &Vector3<f32>, x0: &Vector3<f32>) -> f32 {
        let mut x = *x0;
        let mut cost = 0.0;
        for k in 0..8 {
            x = a * x + b * u[k];
            cost += x.norm_squared() + 0.1 * u[k].powi(2);
        }
        cost
    }

    #[derive_grad(wrt(u, a, b))]
    fn long_rollout_of_states(
        u: &SMatrix<f32, 2, 50>,
        a: &Matrix3<f32>,
        b: &SMatrix<f32, 3, 2>,
        x0: &Vector3<f32>,
    ) -> f32 {
        let mut x = *x0;
        let mut cost = 0.0;
        for k in 0..50 {
            x = (a * x + b * u.column(k)).map(|z| z.tanh());
            cost += x.norm_squared();
        }
        cost
    }

    #[derive_grad(wrt(x))]
    fn loop_of_any_length(x: f32, steps: usize) -> f32 {
        let mut y = 0.0;
        for k in 0..steps {
            y += (x * k as f32).sin();
        }
        y
    }

    #[derive_grad(wrt(a))]
    fn fixed_point_steps(a: f32) -> f32 {
        let mut y = a;
        for _ in 0..6 {
            y = 0.5 * (y + a / y);
        }
        y
    }

    #[derive_grad]
    fn recurrence_in_place(x: &SVector<f32, 20>) -> f32 {
        let mut y = *x;
        for i in 1..20 {
            y[i] = 0.7 * y[i - 1] * x[i] + 0.3 * x[i];
        }
        for i in (0..19).rev() {
            y[i] += 0.5 * y[i + 1].sin();
        }
        y.norm_squared()
    }

    #[derive_grad]
    fn matrix_filled_by_loops(x: &Vector6<f32>) -> f32 {
        let mut m = SMatrix::<f32, 6, 6>::zeros();
        for i in 0..6 {
            for j in 0..6 {
                m[(i, j)] = x[i] * x[j].cos();
            }
        }
        (m * m).trace()
    }

    #[derive_grad(wrt(centers, weights))]
    fn data_of_any_length(
        centers: &SMatrix<f32, 2, 3>,
        weights: &Vector3<f32>,
        points: &[(Vector2<f32>, f32)],
    ) -> f32 {
        let mut loss = 0.0;
        for (p, y) in points {
            let mut density = 0.0;
            for k in 0..3 {
                density += weights[k] * (-0.5 * (p - centers.column(k)).norm_squared()).exp();
            }
            loss += (density - y).powi(2);
        }
        loss
    }

    #[derive_grad(wrt(x, y))]
    fn iterated_entries(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        let squares = x.iter().map(|v| v * v).sum::<f32>();
        let paired: f32 = x.iter().zip(y.iter()).map(|(a, b)| (a - b).powi(2) * b).sum();
        let folded = y.iter().fold(1.0, |sum, v| sum + v.exp());
        squares + paired - folded.ln()
            + x.iter().copied().fold(f32::NEG_INFINITY, f32::max)
            + x.into_iter().cloned().product::<f32>()
    }

    #[derive_grad]
    fn iterated_neighbours(x: &Vector6<f32>) -> f32 {
        let ranked: f32 = x.iter().enumerate().map(|(i, v)| (i as f32 + 1.0) * v * v).sum();
        let neighbours: f32 = x.iter().zip(x.iter().skip(1)).map(|(a, b)| (b - a).powi(2)).sum();
        let some = x.iter().rev().step_by(2).take(2).map(|v| v * v * v).sum::<f32>() * x.iter().len() as f32;
        ranked * neighbours + some * x.iter().clone().count() as f32
    }

    #[derive_grad]
    fn iterated_by_reference(x: &Vector6<f32>) -> f32 {
        let mut entries = x.iter();
        let first: f32 = entries.by_ref().take(2).sum();
        first * entries.map(|v| v * v).sum::<f32>()
    }

    #[derive_grad]
    fn iterated_rows_and_columns(m: &Matrix3x4<f32>, u: &Vector3<f32>) -> f32 {
        let lengths: f32 = m.row_iter().map(|row| row.norm()).sum();
        m.column_iter().map(|column| column.dot(u).sin()).sum::<f32>() + lengths
    }

    #[derive_grad]
    fn branch_on_value(x: &Vector4<f32>) -> f32 {
        let r = x.norm();
        if r < 1.0 { 0.5 * r * r } else { r - 0.5 }
    }

    #[derive_grad]
    fn branches_on_several(x: &Vector4<f32>, strict: bool) -> f32 {
        if x[0] <= 0.0 && !strict || x[1] == x[2] {
            x[0] * x[1]
        } else if x[1] != 0.0 && x[3] >= -1.0 {
            x[1].exp()
        } else {
            x[2]
        }
    }

    #[derive_grad]
    fn branches_of_match(x: &Vector4<f32>, mode: u8) -> f32 {
        match mode {
            0 => x.norm_squared(),
            1 if x[0] > 0.0 => x[0].ln(),
            _ => x.sum(),
        }
    }

    #[derive_grad]
    fn branch_on_flag(x: &Vector4<f32>) -> f32 {
        let mut large = false;
        let mut sum = 0.0;
        for i in 0..4 {
            if x[i] > 1.0 {
                large = true;
            }
            sum += if large { x[i] } else { x[i] * x[i] };
        }
        sum
    }

    #[derive_grad(wrt(x))]
    fn branch_on_integer(x: &Vector4<f32>, n: i32) -> f32 {
        let mut sum = 0.0;
        for i in 0..4 {
            if n >= i as i32 {
                sum += x[i] * x[i];
            }
        }
        sum
    }

    #[derive_grad]
    fn exit_on_value(x: &Vector3<f32>) -> Option<f32> {
        let n = x.norm();
        if n < 1e-6 {
            return None;
        }
        Some(1.0 / n)
    }

    #[derive_grad]
    fn exits_in_arms(x: &Vector2<f32>, strict: bool) -> Option<f32> {
        let mut s = x[0] * x[1];
        if x[0] < 0.0 {
            if strict {
                return None;
            }
            s *= 2.0;
        }
        Some(s + x[1])
    }

    #[derive_grad]
    fn demand_in_arm(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(if a[(0, 0)] > 0.0 { a.try_inverse()?.trace() } else { b.dot(&(a * b)) })
    }

    #[derive_grad]
    fn factorisation_in_loop(a: &Matrix3<f32>, x: &Vector3<f32>) -> Option<f32> {
        let mut y = *x;
        for _ in 0..10 {
            y = a.lu().solve(&y)?;
        }
        Some(y.norm_squared())
    }

    #[derive_grad(wrt(a))]
    fn filter_by_loop(a: &Matrix2<f32>, z: &SMatrix<f32, 2, 12>) -> Option<f32> {
        let mut p = Matrix2::identity();
        let mut loss = 0.0;
        for k in 0..12 {
            p = a * p * a.transpose() + Matrix2::identity();
            let c = p.cholesky()?;
            loss += z.column(k).dot(&c.solve(&z.column(k))) + c.ln_determinant();
        }
        Some(loss)
    }
}

jacobians! {
    #[derive_grad(wrt(x))]
    fn jacobian_of_rollout(x: &Vector2<f32>, a: &Matrix2<f32>) -> Vector2<f32> {
        let mut s = *x;
        for _ in 0..20 {
            s = (a * s).map(|v| v.sin());
        }
        s
    }
}
