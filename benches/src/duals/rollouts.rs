//! A hundred steps of dynamics each.

use nalgebra::{SMatrix, SVector, Vector2, Vector4};

use super::Dual;

pub fn pendulum<D: Dual>(u: &SVector<D, 100>, start: &Vector2<f64>) -> D {
    let (mut angle, mut rate) = (D::from(start[0]), D::from(start[1]));
    let mut cost = D::from(0.0);
    for k in 0..100 {
        let turn = u[k] - angle.sin() * 9.81 - rate * 0.1;
        angle += rate * 0.02;
        rate += turn * 0.02;
        cost += angle * angle + rate * rate * 0.1 + u[k] * u[k] * 0.01;
    }
    cost
}

pub fn linear<D: Dual>(a: &SVector<D, 16>, start: &Vector4<f64>, seen: &SMatrix<f64, 4, 100>) -> D {
    let mut x = [0, 1, 2, 3].map(|i| D::from(start[i]));
    let mut cost = D::from(0.0);
    for k in 0..100 {
        x = [0, 1, 2, 3].map(|i| a[i] * x[0] + a[i + 4] * x[1] + a[i + 8] * x[2] + a[i + 12] * x[3]);
        for i in 0..4 {
            cost += (x[i] - seen[(i, k)]).powi(2);
        }
    }
    cost
}

pub fn prey<D: Dual>(p: &SVector<D, 4>, start: &Vector2<f64>, seen: &SMatrix<f64, 2, 100>) -> D {
    let (mut x, mut y) = (D::from(start[0]), D::from(start[1]));
    let mut cost = D::from(0.0);
    for k in 0..100 {
        let meet = x * y;
        x += (p[0] * x - p[1] * meet) * 0.01;
        y += (p[2] * meet - p[3] * y) * 0.01;
        cost += (x - seen[(0, k)]).powi(2) + (y - seen[(1, k)]).powi(2);
    }
    cost
}
