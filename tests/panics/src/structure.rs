//! Entries, parts, triangles and constructors.

use gradmacro::derive_grad;
use nalgebra::{
    Matrix2, Matrix2x3, Matrix3, Matrix3x4, Matrix4, RowVector3, SMatrix, SVector, Vector2, Vector3, Vector4,
    matrix, stack, vector,
};

gradients! {
    #[derive_grad(wrt(x, a))]
    fn entries_by_constant_index(x: &Vector4<f32>, a: &Matrix3<f32>) -> f32 {
        x[0] * a[(1, 2)] + x[3] * a[4] - a[(2, 0)] * a[(0, 0)]
    }

    #[derive_grad(wrt(x, a))]
    fn entries_by_name(x: &Vector4<f32>, a: &Matrix3<f32>) -> f32 {
        x.x * x.y * x.z / x.w + a.m12 * a.m31 + x.xy().dot(&x.yz()) + x.xyz().norm_squared()
    }

    #[derive_grad]
    fn row_and_column(a: &Matrix3x4<f32>, u: &Vector3<f32>) -> f32 {
        a.row(1).norm_squared() * a.column(2).dot(u)
    }

    #[derive_grad]
    fn rows_and_columns(a: &Matrix3x4<f32>) -> f32 {
        a.rows(0, 2).norm_squared() * a.columns(1, 2).norm_squared()
    }

    #[derive_grad]
    fn fixed_rows_and_columns(a: &Matrix3x4<f32>) -> f32 {
        a.fixed_rows::<2>(1).norm() * a.fixed_columns::<3>(1).trace()
    }

    #[derive_grad]
    fn views_of_matrix(a: &Matrix3x4<f32>) -> f32 {
        let inner = a.fixed_view::<2, 3>(1, 0);
        inner.dot(&a.view((0, 1), (2, 3))) + inner[(0, 2)]
    }

    #[derive_grad]
    fn diagonals(a: &Matrix3<f32>, u: &Vector3<f32>) -> f32 {
        a.diagonal().dot(u)
            + (Matrix3::from_diagonal(&a.diagonal()) * a).norm_squared()
            + a.map_diagonal(|v| v * v).sum()
    }

    #[derive_grad]
    fn triangles_of_matrix(a: &Matrix3<f32>) -> f32 {
        (a.lower_triangle() * a.upper_triangle()).trace()
    }

    #[derive_grad]
    fn symmetric_parts(a: &Matrix3<f32>, u: &Vector3<f32>) -> f32 {
        (a.symmetric_part() * u).dot(u) + (a.hermitian_part() * u).norm_squared()
    }

    #[derive_grad]
    fn pushed_and_homogeneous(x: &Vector3<f32>, m: &Matrix4<f32>) -> f32 {
        (m * x.push(1.0) + x.to_homogeneous()).norm_squared()
    }

    #[derive_grad]
    fn inserted_and_removed(x: &Matrix3<f32>, c: &Matrix3<f32>) -> f32 {
        x.insert_row(1, 2.0).remove_row(3).dot(c) + x.insert_column(0, 1.0).remove_column(2).norm_squared()
    }

    #[derive_grad]
    fn resized(x: &Vector3<f32>) -> f32 {
        x.fixed_resize::<5, 1>(0.5).norm_squared()
    }

    #[derive_grad]
    fn passed_on(x: &Matrix2x3<f32>) -> f32 {
        let y: Matrix2x3<f32> = (*x).into();
        let v: nalgebra::MatrixView2x3<'_, f32> = x.as_view();
        let z = v.clone_owned() + x.clone() * x.row(0).into_owned().sum();
        y.dot(&z) * (x.nrows() + x.ncols() + x.len() + x.shape().0) as f32 + x.as_slice()[2]
    }

    #[derive_grad(wrt(x, s))]
    fn constructed_from_entries(x: &Vector3<f32>, s: f32, u: &Vector4<f32>) -> f32 {
        let grid = Matrix2x3::new(x[0], s, x[1] * s, 1.0, x[2], -s);
        let listed = matrix![x.x, 2.0; s, x.y] * vector![s, x.z];
        (grid * x).norm_squared() + listed.sum() + Vector4::from([x.x, s, x.y, 0.5]).dot(u)
    }

    #[derive_grad(wrt(x, s))]
    fn constructed_by_rule(x: &Vector3<f32>, s: f32) -> f32 {
        let filled = Vector3::from_element(s) + Vector3::repeat(x.sum()) + Vector3::zeros();
        let eye = Matrix3::identity() * (s + nalgebra::zero::<f32>()) + Matrix3::from_diagonal_element(x[0]);
        let hilbert = Matrix3::from_fn(|i, j| s / ((i + j) as f32 + 1.0 + x[i] * x[i]));
        (eye * hilbert * x).dot(&filled)
    }

    #[derive_grad]
    fn constructed_from_parts(x: &Vector3<f32>, y: &Vector3<f32>) -> f32 {
        let wide = Matrix3::from_columns(&[*x, x.component_mul(y), *y]);
        let tall = Matrix2x3::from_rows(&[x.transpose(), RowVector3::new(1.0, x[0], y[0])]);
        let listed = Matrix2::from_row_slice(&[x[0], x[1], y[0], x[2] * x[2]]);
        let stacked = SMatrix::<f32, 2, 2>::from_column_slice(&[x[0], x[1], y[0], 3.0]);
        (wide * tall.transpose() * listed * stacked).sum()
    }

    #[derive_grad]
    fn constructed_from_iterators(x: &Vector3<f32>, y: &Vector3<f32>) -> f32 {
        let doubled = Vector3::from_iterator(x.iter().map(|v| v * 2.0));
        let square = Matrix2::from_row_iterator([x[0], y[1], x[2], 1.0]);
        doubled.dot(y) + square.determinant()
    }

    #[derive_grad]
    fn stacked_blocks(x: &Vector2<f32>, m: &Matrix2<f32>) -> f32 {
        let all = stack![m, x; x.transpose(), nalgebra::Matrix1::identity()];
        (all * all).trace()
    }

    #[derive_grad]
    fn unit_vectors(x: &Vector4<f32>, m: &Matrix4<f32>) -> f32 {
        let sum = Vector4::x() * x.y + Vector4::y() + Vector4::z() * x.w + Vector4::w();
        (m * (sum + Vector4::ith(1, x[0]) + *Vector4::ith_axis(2))).norm_squared()
            + (Vector4::x_axis().dot(x) + Vector4::y_axis().dot(x))
                * (Vector4::z_axis().dot(x) + Vector4::w_axis().dot(x))
    }

    #[derive_grad]
    fn arrays_and_tuples(p: &Vector2<f32>) -> f32 {
        let [x, y] = [p.x, p.y];
        let (sum, (difference, _)) = (x + y, (x - y, 1.0));
        let points = [vector![x, 1.0], vector![sum, y]];
        points[0].dot(&points[1]) * difference
    }

    #[derive_grad]
    fn written_entries(x: &Vector3<f32>, m: &Matrix3<f32>) -> f32 {
        let mut a = m * x[0];
        a[(0, 1)] = x[1] * x[2];
        a[(2, 2)] += x[0];
        (a * a).trace()
    }

    #[derive_grad]
    fn written_parts(x: &SVector<f32, 3>, m: &Matrix3<f32>) -> f32 {
        let mut a = *m;
        a.set_column(0, x);
        a.set_row(2, &(x.transpose() * 2.0));
        a.fixed_view_mut::<2, 1>(0, 1).copy_from(&x.fixed_rows::<2>(1));
        a.set_diagonal(x);
        (a * a).trace()
    }
}

jacobians! {
    #[derive_grad]
    fn jacobian_of_parts(a: &Matrix3<f32>) -> SMatrix<f32, 2, 2> {
        a.fixed_view::<2, 2>(0, 1).into_owned()
    }

    #[derive_grad(wrt(x, y))]
    fn jacobian_of_stacked(x: &Vector2<f32>, y: &Vector2<f32>) -> Vector4<f32> {
        stack![x.component_mul(y); y]
    }

    #[derive_grad]
    fn jacobian_of_transpose(a: &Matrix2x3<f32>) -> SMatrix<f32, 3, 2> {
        a.transpose()
    }
}
