//! A hundred steps forth, and back with what the states say.

use nalgebra::{SMatrix, SVector, Vector2, Vector4};

#[inline(never)]
pub(crate) fn pendulum(u: &SVector<f64, 100>, start: &Vector2<f64>) -> SVector<f64, 100> {
    let (mut angle, mut rate) = (start[0], start[1]);
    let mut ways = [(0.0, 0.0, 0.0); 100];
    for (way, u) in ways.iter_mut().zip(u) {
        let (sin, cos) = angle.sin_cos();
        let turn = -9.81 * sin - 0.1 * rate + u;
        angle += 0.02 * rate;
        rate += 0.02 * turn;
        *way = (cos, angle, rate);
    }
    let (mut by_angle, mut by_rate) = (0.0, 0.0);
    let mut g = SVector::<f64, 100>::zeros();
    for k in (0..100).rev() {
        let (cos, angle, rate) = ways[k];
        by_angle += 2.0 * angle;
        by_rate += 0.2 * rate;
        g[k] = 0.02 * (u[k] + by_rate);
        let turn = 0.02 * by_rate;
        by_rate += 0.02 * by_angle - 0.1 * turn;
        by_angle -= 9.81 * cos * turn;
    }
    g
}

#[inline(never)]
pub(crate) fn linear(
    a: &SMatrix<f64, 4, 4>,
    start: &Vector4<f64>,
    seen: &SMatrix<f64, 4, 100>,
) -> SMatrix<f64, 4, 4> {
    let mut ways = [*start; 101];
    for k in 0..100 {
        ways[k + 1] = a * ways[k];
    }
    let mut g = SMatrix::<f64, 4, 4>::zeros();
    let mut adjoint = Vector4::zeros();
    for k in (0..100).rev() {
        adjoint = a.tr_mul(&adjoint) + (ways[k + 1] - seen.column(k)) * 2.0;
        g.ger(1.0, &adjoint, &ways[k], 1.0);
    }
    g
}

#[inline(never)]
pub(crate) fn prey(p: &Vector4<f64>, start: &Vector2<f64>, seen: &SMatrix<f64, 2, 100>) -> Vector4<f64> {
    let mut ways = [(start[0], start[1]); 101];
    for k in 0..100 {
        let (x, y) = ways[k];
        let meet = x * y;
        ways[k + 1] = (x + 0.01 * (p[0] * x - p[1] * meet), y + 0.01 * (p[2] * meet - p[3] * y));
    }
    let (mut by_x, mut by_y) = (0.0, 0.0);
    let mut g = Vector4::zeros();
    for k in (0..100).rev() {
        let (x, y) = ways[k];
        by_x += 2.0 * (ways[k + 1].0 - seen[(0, k)]);
        by_y += 2.0 * (ways[k + 1].1 - seen[(1, k)]);
        let (of_x, of_y) = (0.01 * by_x, 0.01 * by_y);
        let meet = x * y;
        g += Vector4::new(of_x * x, -of_x * meet, of_y * meet, -of_y * y);
        let meeting = p[2] * of_y - p[1] * of_x;
        by_x += of_x * p[0] + meeting * y;
        by_y += meeting * x - of_y * p[3];
    }
    g
}

/// Rates of change along with the states.
#[inline(never)]
pub(crate) fn prey_forward(
    p: &Vector4<f64>,
    start: &Vector2<f64>,
    seen: &SMatrix<f64, 2, 100>,
) -> Vector4<f64> {
    let (mut x, mut y) = (start[0], start[1]);
    let (mut dx, mut dy, mut g) = (Vector4::zeros(), Vector4::zeros(), Vector4::zeros());
    for k in 0..100 {
        let meet = x * y;
        let (px, py) = (p[0] - p[1] * y, p[2] * x - p[3]);
        let mut moved_x = dx * (1.0 + 0.01 * px) - dy * (0.01 * p[1] * x);
        let mut moved_y = dx * (0.01 * p[2] * y) + dy * (1.0 + 0.01 * py);
        moved_x[0] += 0.01 * x;
        moved_x[1] -= 0.01 * meet;
        moved_y[2] += 0.01 * meet;
        moved_y[3] -= 0.01 * y;
        (dx, dy) = (moved_x, moved_y);
        x += 0.01 * px * x;
        y += 0.01 * py * y;
        g += dx * (2.0 * (x - seen[(0, k)])) + dy * (2.0 * (y - seen[(1, k)]));
    }
    g
}
