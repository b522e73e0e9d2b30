//! Jacobians against the dual numbers of num-dual: every shape of result and parameter, and what people differentiate.
#[allow(unused_imports, unused_macros, reason = "these tests have their own comparison")]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[macro_use]
#[path = "common/cases.rs"]
mod cases;

jacobians! {
    affine[3]():
        (x: &Vector3<f64> = point; a: &Matrix2x3<f64> = point, b: &Vector2<f64> = point) -> Vector2<f64> {
        a * x + b
    }
    affine_by_all[11]():
        (a: &Matrix2x3<f64> = point, x: Vector3<f64> = point, b: &Vector2<f64> = point) -> Vector2<f64> {
        a * x + b
    }
    unchanged[3](): (x: &Vector3<f64> = point) -> Vector3<f64> {
        *x
    }
    constant[3](): (x: &Vector3<f64> = point; c: &Vector2<f64> = point) -> Vector2<f64> {
        c + c
    }
    partly_unused[6]():
        (x: &Vector3<f64> = point, s: f64 = point, r: &RowVector2<f64> = point) -> Vector2<f64> {
        Vector2::new(x.norm_squared(), x[2])
    }
    softmax[5](): (x: &SVector<f64, 5> = point) -> SVector<f64, 5> {
        let e = x.map(|v| v.exp());
        e / e.sum()
    }
    normalised[3](): (x: &Vector3<f64> = point) -> Vector3<f64> {
        x.normalize() + x / x.norm_squared()
    }
    entrywise[4](): (x: &Vector4<f64> = point) -> Vector4<f64> {
        x.map(|v| ((-v).exp() + 1.0).recip()) + x.map(|v| v.sin() * v)
    }
    entrywise_of_matrix[6](): (x: &Matrix2x3<f64> = point) -> Matrix2x3<f64> {
        x.map(|v| v.tanh()).component_mul(x)
    }
    hadamard[6](): (x: &Vector3<f64> = point, y: &Vector3<f64> = positive) -> Vector3<f64> {
        x.component_mul(y) + x.component_div(y)
    }
    cross[6](): (a: &Vector3<f64> = point, b: &Vector3<f64> = point) -> Vector3<f64> {
        a.cross(b) * a.dot(b)
    }
    outer_product[5](): (x: &Vector3<f64> = point, y: &Vector2<f64> = point) -> Matrix3x2<f64> {
        x * y.transpose()
    }
    transposed[6](): (x: &Matrix2x3<f64> = point; a: &Matrix2<f64> = point) -> Matrix3x2<f64> {
        x.transpose() * a
    }
    inverse[9](): (x: &Matrix3<f64> = dominant) -> Matrix3<f64> {
        x.try_inverse().unwrap()
    }
    inverse_of_five[25](): (x: &SMatrix<f64, 5, 5> = dominant) -> SMatrix<f64, 5, 5> {
        x.try_inverse().unwrap()
    }
    gram[6](): (x: &Matrix3x2<f64> = point) -> Matrix2<f64> {
        x.transpose() * x
    }
    sandwich[6]():
        (x: &Matrix3x2<f64> = point; a: &Matrix3<f64> = point, b: &Matrix2<f64> = point) -> Matrix3x2<f64> {
        a * x * b
    }
    sandwich_by_all[19]():
        (a: &Matrix3<f64> = point, x: &Matrix3x2<f64> = point, b: &Matrix2<f64> = point) -> Matrix3x2<f64> {
        a * x * b
    }
    square[9](): (x: &Matrix3<f64> = point) -> Matrix3<f64> {
        x * x + x.pow(3)
    }
    kronecker[6](): (a: &Matrix2<f64> = point, b: &RowVector2<f64> = point) -> Matrix2x4<f64> {
        a.kronecker(b)
    }
    cholesky_factor[9](): (a: &Matrix3<f64> = dominant) -> Matrix3<f64> {
        a.cholesky().unwrap().l()
    }
    solution[12](): (a: &Matrix3<f64> = dominant, b: &Vector3<f64> = point) -> Option<Vector3<f64>> {
        a.lu().solve(b)
    }
    whitened[12](): (s: &Matrix3<f64> = dominant, d: &Vector3<f64> = point) -> Option<Vector3<f64>> {
        let y = s.cholesky()?.solve(d);
        Some(y * y.norm())
    }
    row_of_column[3](): (x: &Vector3<f64> = point; a: &Matrix3x2<f64> = point) -> RowVector2<f64> {
        x.transpose() * a
    }
    column_of_row[3](): (x: &RowVector3<f64> = point; a: &Matrix3x2<f64> = point) -> Vector2<f64> {
        a.transpose() * x.transpose()
    }
    row_of_row[3](): (x: &RowVector3<f64> = point; a: &Matrix3x2<f64> = point) -> RowVector2<f64> {
        (x * a).map(|v| v.sin())
    }
    helix_of_a_number[1](): (t: f64 = point) -> Vector3<f64> {
        Vector3::new(t.cos(), t.sin(), t * 0.5)
    }
    rotation_of_a_number[1](): (t: f64 = point) -> Matrix2<f64> {
        Matrix2::new(t.cos(), -t.sin(), t.sin(), t.cos())
    }
    row_of_a_number[3](): (t: f64 = point, x: &Vector2<f64> = point) -> RowVector2<f64> {
        x.transpose() * t.exp()
    }
    arm[3](): (q: &Vector3<f64> = point; l: &Vector3<f64> = point) -> Vector3<f64> {
        let (a, b, c) = (q[0], q[0] + q[1], q[0] + q[1] + q[2]);
        Vector3::new(
            l[0] * a.cos() + l[1] * b.cos() + l[2] * c.cos(),
            l[0] * a.sin() + l[1] * b.sin() + l[2] * c.sin(),
            c,
        )
    }
    chain_of_transforms[2](): (q: &Vector2<f64> = point; p: &Vector3<f64> = point) -> Vector3<f64> {
        let (a, b) = (q[0], q[1]);
        let zero = p[0] * 0.0;
        let one = zero + 1.0;
        let first = Matrix3::new(a.cos(), -a.sin(), zero, a.sin(), a.cos(), zero, zero, zero, one);
        let second = Matrix3::new(one, zero, zero, zero, b.cos(), -b.sin(), zero, b.sin(), b.cos());
        first * (second * p + p)
    }
    range_and_bearing[4](): (s: &Vector4<f64> = positive; beacon: &Vector2<f64> = point) -> Vector2<f64> {
        let d = s.fixed_rows::<2>(0) - beacon;
        Vector2::new(d.norm(), d[1].atan2(d[0]) - s[2])
    }
    pinhole[15]():
        (r: &Matrix3<f64> = dominant, t: &Vector3<f64> = positive,
         p: &Vector3<f64> = positive) -> Vector2<f64> {
        let c = r * p + t;
        Vector2::new(c.x / c.z * 1.5 + 0.1, c.y / c.z * 1.4 + 0.2)
    }
    quaternion_rotation[7](): (q: &Vector4<f64> = point, v: &Vector3<f64> = point) -> Vector3<f64> {
        let (w, u) = (q[0], q.fixed_rows::<3>(1));
        (u * (u.dot(v) * 2.0) + v * (w * w - u.dot(&u)) + u.cross(v) * (w * 2.0)) / q.norm_squared()
    }
    cart_pole[5](): (s: &Vector4<f64> = point, u: f64 = point) -> Vector4<f64> {
        let (speed, angle, rate) = (s[1], s[2], s[3]);
        let (sin, cos) = angle.sin_cos();
        let push = (u + rate * rate * sin * 0.05) / 1.1;
        let turn = (sin * 9.8 - cos * push) / ((-cos * cos * 0.1 / 1.1 + 4.0 / 3.0) * 0.5);
        Vector4::new(speed, push - turn * cos * 0.05 / 1.1, rate, turn)
    }
    quadrotor[16]():
        (s: &SVector<f64, 12> = point, u: &Vector4<f64> = positive;
         i: &Vector3<f64> = positive) -> SVector<f64, 12> {
        let (sr, cr) = s[6].sin_cos();
        let (sp, cp) = s[7].sin_cos();
        let (sy, cy) = s[8].sin_cos();
        let up = Vector3::new(cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr);
        let w = s.fixed_rows::<3>(9);
        let lift = up * u[0];
        let rates = Vector3::new(
            w[0] + (w[1] * sr + w[2] * cr) * sp / cp, w[1] * cr - w[2] * sr, (w[1] * sr + w[2] * cr) / cp,
        );
        let spin = (u.fixed_rows::<3>(1) - w.cross(&i.component_mul(&w))).component_div(i);
        stack![s.fixed_rows::<3>(3); Vector3::new(lift[0], lift[1], lift[2] - 9.81); rates; spin]
    }
    midpoint_step[3](): (s: &Vector2<f64> = point, h: f64 = point) -> Vector2<f64> {
        let rate = |s: Vector2<f64>| Vector2::new(s[1], -s[0].sin() - s[1] * 0.1);
        s + rate(s + rate(*s) * (h * 0.5)) * h
    }
    exponential_fit[3]():
        (p: &Vector3<f64> = point;
         t: &SVector<f64, 7> = positive, y: &SVector<f64, 7> = point) -> SVector<f64, 7> {
        t.map(|t| p[0] * (-p[1] * t).exp() + p[2]) - y
    }
    distances[2](): (x: &Vector2<f64> = point; anchors: &SMatrix<f64, 2, 6> = positive) -> SVector<f64, 6> {
        SVector::from_fn(|i, _| (x - anchors.column(i)).norm())
    }
    network[17]():
        (w: &Matrix3x2<f64> = point, b: &Vector3<f64> = point, v: &Matrix2x3<f64> = point,
         x: &Vector2<f64> = point) -> Vector2<f64> {
        v * (w * x + b).map(|z| z.tanh())
    }
    covariance[9]():
        (p: &Matrix3<f64> = point; f: &Matrix3<f64> = point, q: &Matrix3<f64> = point) -> Matrix3<f64> {
        f * p * f.transpose() + q
    }
    kalman_gain[4](): (p: &Matrix2<f64> = dominant; h: &RowVector2<f64> = point) -> Vector2<f64> {
        let s = (h * p * h.transpose())[0] + 1.0;
        p * h.transpose() / s
    }
    stacked[5](): (x: &Vector2<f64> = point, y: &Vector3<f64> = point) -> SVector<f64, 6> {
        stack![y; x * y[0]; Vector1::new(x.dot(&y.xy()))]
    }
    sums_of_rows_and_columns[6](): (m: &Matrix2x3<f64> = point) -> Vector3<f64> {
        m.row_sum().transpose() * m.column_sum()[0] + m.row(0).transpose()
    }
    affine_transposed[11](; layout = "denominator"):
        (a: &Matrix2x3<f64> = point, x: &Vector3<f64> = point, b: &Vector2<f64> = point) -> Vector2<f64> {
        a * x + b
    }
    inverse_transposed[4](; layout = "denominator"): (x: &Matrix2<f64> = dominant) -> Matrix2<f64> {
        x.try_inverse().unwrap() * x[(0, 1)]
    }
    matrix_of_a_number_transposed[3](; layout = "denominator"):
        (t: f64 = point, x: &Vector2<f64> = point) -> Matrix2x3<f64> {
        Matrix2x3::new(t, t * t, t.sin(), x[0] * t, x[1], x[0] * x[1])
    }
}
