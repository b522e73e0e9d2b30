//! The test problems of Moré, Garbow and Hillstrom (Testing unconstrained optimization software, ACM TOMS 7, 1981).
//!
//! Jacobian, `jvp`, `vjp` and `gauss_newton` are compared with the dual numbers of num-dual at random points and at the
//! paper's starting point; the least sums of squares are the paper's. Several residuals are listed in another order
//! than the paper's, one kind after the other.
#[allow(unused_imports, unused_macros, reason = "these tests have their own comparison")]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[macro_use]
#[path = "common/cases.rs"]
mod cases;

/// `name[n -> m] at sample from start to solution, steps of Gauss and Newton => sum of squares: |x| { residuals }`
macro_rules! problems {
    ($($name:ident[$n:literal -> $m:literal] at $at:ident from $start:expr;
        to $solution:expr, $steps:literal => $least:expr;
        |$x:ident| $body:block)+) => { $(
        mod $name {
            twice!(First[$n] [gauss_newton, jvp, vjp] ($x: &SVector<f64, $n> = $at) -> SVector<f64, $m> $body);
            agreement!(jacobian false ($x: &SVector<f64, $n> = $at) SVector<f64, $m>, 1e-12, false);
            agreement!(value_and_jacobian false ($x: &SVector<f64, $n> = $at) SVector<f64, $m>, 1e-12, false);
            agreement!(gauss_newton false ($x: &SVector<f64, $n> = $at) SVector<f64, $m>, 1e-12, false);
            agreement!(jvp false ($x: &SVector<f64, $n> = $at) SVector<f64, $m>, 1e-12, false);
            agreement!(vjp false ($x: &SVector<f64, $n> = $at) SVector<f64, $m>, 1e-12, false);

            #[test]
            fn at_the_standard_start() {
                let start = SVector::<f64, $n>::from($start);
                let mut point = Point::default();
                point.add(|_| start, true);
                let truth = Truth::new(&point, duals::at(&point), false);
                compare(numbers::f_jacobian(&start), &truth.jacobian_blocks(false), 1e-12);
                let (_, jtr, jtj) = numbers::f_gauss_newton(&start);
                let (r, j) = (&truth.value, &truth.jacobian);
                compare(jtr, &truth.columns(&(j.transpose() * r)), 1e-12);
                compare(jtj, &truth.square_blocks(&(j.transpose() * j)), 1e-12);
            }

            #[test]
            fn least_sum_of_squares() {
                let mut x = SVector::<f64, $n>::from($solution);
                let steps: usize = $steps;
                for _ in 0..steps {
                    let (_, jtr, jtj) = numbers::f_gauss_newton(&x);
                    x -= jtj.cholesky().expect("independent columns").solve(&jtr);
                }
                let (sum, least): (f64, f64) = (2.0 * numbers::f_gauss_newton(&x).0, $least);
                assert!((sum - least).abs() <= 1e-5 * least + 1e-18, "{sum} at {x}");
                assert!((numbers::f(&x).norm_squared() - sum).abs() <= 1e-10 * least + 1e-18);
            }
        }
    )+ };
}

problems! {
    rosenbrock[2 -> 2] at point from [-1.2, 1.0]; to [1.0, 1.0], 0 => 0.0; |x| {
        Vector2::new((x[1] - x[0] * x[0]) * 10.0, -x[0] + 1.0)
    }
    freudenstein_and_roth[2 -> 2] at point from [0.5, -2.0];
        to [11.4127789869, -0.8968052533], 0 => 48.98425; |x| {
        Vector2::new(
            x[0] - 13.0 + ((-x[1] + 5.0) * x[1] - 2.0) * x[1],
            x[0] - 29.0 + ((x[1] + 1.0) * x[1] - 14.0) * x[1],
        )
    }
    powell_badly_scaled[2 -> 2] at point from [0.0, 1.0]; to [1.098159e-5, 9.106146], 4 => 0.0; |x| {
        Vector2::new(x[0] * x[1] * 1e4 - 1.0, (-x[0]).exp() + (-x[1]).exp() - 1.0001)
    }
    brown_badly_scaled[2 -> 3] at point from [1.0, 1.0]; to [1e6, 2e-6], 0 => 0.0; |x| {
        Vector3::new(x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0)
    }
    beale[2 -> 3] at point from [1.0, 1.0]; to [3.0, 0.5], 0 => 0.0; |x| {
        let y = Vector3::new(-1.5, -2.25, -2.625);
        SVector::from_fn(|i, _| -(x[0] * (-x[1].powi(i as i32 + 1) + 1.0) + y[i]))
    }
    jennrich_and_sampson[2 -> 10] at point from [0.3, 0.4];
        to [0.2578252137, 0.2578252137], 0 => 124.3621824; |x| {
        SVector::from_fn(|i, _| {
            let k = (i + 1) as std::primitive::f64;
            -((x[0] * k).exp() + (x[1] * k).exp()) + (2.0 + 2.0 * k)
        })
    }
    helical_valley[3 -> 3] at point from [-1.0, 0.0, 0.0]; to [1.0, 0.0, 0.0], 0 => 0.0; |x| {
        let turns = x[1].atan2(x[0]) / std::f64::consts::TAU;
        let radius = (x[0] * x[0] + x[1] * x[1]).sqrt();
        Vector3::new((x[2] - turns * 10.0) * 10.0, (radius - 1.0) * 10.0, x[2])
    }
    bard[3 -> 15] at positive from [1.0, 1.0, 1.0];
        to [0.08241056, 1.13303610, 2.34369518], 2 => 8.214877e-3; |x| {
        SVector::from_fn(|i, _| {
            let (u, v) = ((i + 1) as std::primitive::f64, (15 - i) as std::primitive::f64);
            let w = u.min(v);
            -(x[0] + (x[1] * v + x[2] * w).recip() * u) + BARD[i]
        })
    }
    gaussian[3 -> 15] at point from [0.4, 1.0, 0.0]; to [0.3989561, 1.0000191, 0.0], 3 => 1.12793e-8; |x| {
        SVector::from_fn(|i, _| {
            let t = (7.0 - i as std::primitive::f64) / 2.0;
            x[0] * (-x[1] * (-x[2] + t).powi(2) / 2.0).exp() - GAUSSIAN[i]
        })
    }
    meyer[3 -> 16] at point from [0.02, 4000.0, 250.0];
        to [0.00560963647, 6181.34635, 345.223635], 2 => 87.94586; |x| {
        SVector::from_fn(|i, _| x[0] * (x[1] / (x[2] + (50.0 + 5.0 * i as std::primitive::f64))).exp() - MEYER[i])
    }
    gulf_research[3 -> 10] at positive from [5.0, 2.5, 0.15]; to [50.0, 25.0, 1.5], 0 => 0.0; |x| {
        SVector::from_fn(|i, _| {
            let t = (i + 1) as std::primitive::f64 / 100.0;
            let y = 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0);
            (-(-x[1] + y).abs().powf(x[2]) / x[0]).exp() - t
        })
    }
    box_three_dimensional[3 -> 10] at point from [0.0, 10.0, 20.0]; to [1.0, 10.0, 1.0], 0 => 0.0; |x| {
        SVector::from_fn(|i, _| {
            let t = 0.1 * (i + 1) as std::primitive::f64;
            (-x[0] * t).exp() - (-x[1] * t).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp())
        })
    }
    powell_singular[4 -> 4] at point from [3.0, -1.0, 0.0, 1.0]; to [0.0; 4], 0 => 0.0; |x| {
        Vector4::new(
            x[0] + x[1] * 10.0,
            (x[2] - x[3]) * ROOT_OF_FIVE,
            (x[1] - x[2] * 2.0).powi(2),
            (x[0] - x[3]).powi(2) * ROOT_OF_TEN,
        )
    }
    wood[4 -> 6] at point from [-3.0, -1.0, -3.0, -1.0]; to [1.0; 4], 0 => 0.0; |x| {
        let (a, b, c, d) = (x.x, x.y, x.z, x.w);
        vector![
            (b - a * a) * 10.0, -a + 1.0, (d - c.powi(2)) * (3.0 * ROOT_OF_TEN), -c + 1.0,
            (b + d - 2.0) * ROOT_OF_TEN, (b - d) / ROOT_OF_TEN
        ]
    }
    kowalik_and_osborne[4 -> 11] at positive from [0.25, 0.39, 0.415, 0.39];
        to [0.1928069, 0.1912823, 0.1230565, 0.1360623], 2 => 3.075056e-4; |x| {
        SVector::from_fn(|i, _| {
            let (y, u) = KOWALIK[i];
            -(x[0] * (x[1] * u + u * u) / (x[2] * u + x[3] + u * u)) + y
        })
    }
    brown_and_dennis[4 -> 20] at point from [25.0, 5.0, -5.0, -1.0];
        to [-11.5944399, 13.2036300, -0.4034395, 0.2367788], 0 => 85822.2016; |x| {
        SVector::from_fn(|i, _| {
            let t = (i + 1) as std::primitive::f64 / 5.0;
            (x[0] + x[1] * t - t.exp()).powi(2) + (x[2] + x[3] * t.sin() - t.cos()).powi(2)
        })
    }
    osborne_1[5 -> 33] at positive from [0.5, 1.5, -1.0, 0.01, 0.02];
        to [0.37541, 1.93585, -1.46469, 0.0128675, 0.0221227], 4 => 5.464895e-5; |x| {
        SVector::from_fn(|i, _| {
            let t = 10.0 * i as std::primitive::f64;
            -(x[0] + x[1] * (-x[3] * t).exp() + x[2] * (-x[4] * t).exp()) + OSBORNE_1[i]
        })
    }
    biggs_exp6[6 -> 13] at point from [1.0, 2.0, 1.0, 1.0, 1.0, 1.0];
        to [1.0, 10.0, 1.0, 5.0, 4.0, 3.0], 0 => 0.0; |x| {
        SVector::from_fn(|i, _| {
            let t = 0.1 * (i + 1) as std::primitive::f64;
            let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
            x[2] * (-x[0] * t).exp() - x[3] * (-x[1] * t).exp() + x[5] * (-x[4] * t).exp() - y
        })
    }
    osborne_2[11 -> 65] at positive from [1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5];
        to [1.30998, 0.431554, 0.633661, 0.59943, 0.754183, 0.904289, 1.36581, 4.82371, 2.39868, 4.56887, 5.67534],
        6 => 4.013774e-2; |x| {
        let times = SVector::<std::primitive::f64, 65>::from_fn(|i, _| i as std::primitive::f64 / 10.0);
        let y: SVector<std::primitive::f64, 65> = SVector::from(OSBORNE_2);
        times.zip_map(&y, |t, y| {
            let peaks = (1..4).map(|k| x[k] * (-(-x[k + 7] + t).powi(2) * x[k + 4]).exp()).sum::<f64>();
            -(x[0] * (-x[4] * t).exp() + peaks) + y
        })
    }
    watson[6 -> 31] at point from [0.0; 6];
        to [-0.015725, 1.012435, -0.232992, 1.260430, -1.513729, 0.992996], 4 => 2.287670e-3; |x| {
        let along = SVector::<f64, 29>::from_fn(|i, _| {
            let t = (i + 1) as std::primitive::f64 / 29.0;
            let sum = (0..6).map(|j| x[j] * t.powi(j as i32)).sum::<f64>();
            let slope = (1..6).map(|j| x[j] * (j as std::primitive::f64) * t.powi(j as i32 - 1)).sum::<f64>();
            slope - sum * sum - 1.0
        });
        stack![along; Vector2::new(x[0], x[1] - x[0] * x[0] - 1.0)]
    }
    extended_rosenbrock[8 -> 8] at point from [-1.2, 1.0, -1.2, 1.0, -1.2, 1.0, -1.2, 1.0];
        to [1.0; 8], 0 => 0.0; |x| {
        let steep = SVector::<f64, 4>::from_fn(|i, _| (x[2 * i + 1] - x[2 * i] * x[2 * i]) * 10.0);
        stack![steep; SVector::<f64, 4>::from_fn(|i, _| -x[2 * i] + 1.0)]
    }
    extended_powell_singular[8 -> 8] at point from [3.0, -1.0, 0.0, 1.0, 3.0, -1.0, 0.0, 1.0];
        to [0.0; 8], 0 => 0.0; |x| {
        stack![
            Vector2::from_fn(|i, _| x[4 * i] + x[4 * i + 1] * 10.0);
            Vector2::from_fn(|i, _| (x[4 * i + 2] - x[4 * i + 3]) * ROOT_OF_FIVE);
            Vector2::from_fn(|i, _| (x[4 * i + 1] - x[4 * i + 2] * 2.0).powi(2));
            Vector2::from_fn(|i, _| (x[4 * i] - x[4 * i + 3]).powi(2) * ROOT_OF_TEN)
        ]
    }
    penalty_1[4 -> 5] at point from [1.0, 2.0, 3.0, 4.0]; to [0.2500075; 4], 3 => 2.249975e-5; |x| {
        x.map(|v| (v - 1.0) * ROOT_OF_1E_5).push(x.norm_squared() - 0.25)
    }
    penalty_2[4 -> 8] at point from [0.5; 4];
        to [0.199999, 0.191316, 0.480101, 0.518844], 0 => 9.376293e-6; |x| {
        let e = x.map(|v| (v / 10.0).exp());
        let first = Vector3::from_fn(|i, _| {
            let y = ((i + 2) as std::primitive::f64 / 10.0).exp() + ((i + 1) as std::primitive::f64 / 10.0).exp();
            (e[i + 1] + e[i] - y) * ROOT_OF_1E_5
        });
        let second = Vector3::from_fn(|i, _| (e[i + 1] - 0.904_837_418_035_959_6) * ROOT_OF_1E_5);
        let weighted = (0..4).map(|j| x[j].powi(2) * (4 - j) as std::primitive::f64).sum::<f64>();
        stack![Vector1::new(x[0] - 0.2); first; second; Vector1::new(weighted - 1.0)]
    }
    variably_dimensioned[6 -> 8] at point from [5.0 / 6.0, 4.0 / 6.0, 0.5, 2.0 / 6.0, 1.0 / 6.0, 0.0];
        to [1.0; 6], 0 => 0.0; |x| {
        let sum = (0..6).map(|j| (x[j] - 1.0) * (j + 1) as std::primitive::f64).sum::<f64>();
        stack![x.map(|v| v - 1.0); Vector2::new(sum, sum * sum)]
    }
    trigonometric[5 -> 5] at point from [0.2; 5]; to [0.0; 5], 0 => 0.0; |x| {
        let cosines = x.iter().map(|v| v.cos()).sum::<f64>();
        SVector::from_fn(|i, _| -cosines + 5.0 + (-x[i].cos() + 1.0) * (i + 1) as std::primitive::f64 - x[i].sin())
    }
    brown_almost_linear[5 -> 5] at point from [0.5; 5]; to [1.0; 5], 0 => 0.0; |x| {
        let sum = x.sum();
        stack![SVector::<f64, 4>::from_fn(|i, _| x[i] + sum - 6.0); Vector1::new(x.product() - 1.0)]
    }
    discrete_boundary_value[6 -> 6] at point from GRID.map(|t| t * (t - 1.0));
        to GRID.map(|t| t * (t - 1.0)), 5 => 0.0; |x| {
        let padded = stack![Vector1::<f64>::zeros(); x; Vector1::<f64>::zeros()];
        SVector::from_fn(|i, _| {
            let bent = (x[i] + GRID[i] + 1.0).powi(3) / (2.0 * 49.0);
            x[i] * 2.0 - padded[i] - padded[i + 2] + bent
        })
    }
    discrete_integral_equation[6 -> 6] at point from GRID.map(|t| t * (t - 1.0));
        to GRID.map(|t| t * (t - 1.0)), 5 => 0.0; |x| {
        let cubes = SVector::<f64, 6>::from_fn(|j, _| (x[j] + GRID[j] + 1.0).powi(3));
        SVector::from_fn(|i, _| {
            let integral = |j: usize| cubes[j] * (GRID[i].min(GRID[j]) * (1.0 - GRID[i].max(GRID[j])));
            x[i] + (0..6).map(integral).sum::<f64>() / 14.0
        })
    }
    broyden_tridiagonal[6 -> 6] at point from [-1.0; 6]; to [-1.0; 6], 6 => 0.0; |x| {
        let padded = stack![Vector1::<f64>::zeros(); x; Vector1::<f64>::zeros()];
        let own = x.map(|v| (-v * 2.0 + 3.0) * v + 1.0);
        own - padded.fixed_rows::<6>(0) - (padded.fixed_rows::<6>(2) + padded.fixed_rows::<6>(2))
    }
    broyden_banded[6 -> 6] at point from [-1.0; 6]; to [-1.0; 6], 6 => 0.0; |x| {
        let band = x.map(|v| v * (v + 1.0));
        SVector::from_fn(|i, _| {
            x[i] * (x[i].powi(2) * 5.0 + 2.0) + 1.0 - (0..(i + 2).min(6)).map(|j| band[j]).sum::<f64>() + band[i]
        })
    }
    linear_of_full_rank[5 -> 10] at point from [1.0; 5]; to [-1.0; 5], 0 => 5.0; |x| {
        let mean = x.sum() * 0.2;
        stack![x.map(|v| v - mean - 1.0); SVector::<f64, 5>::repeat(-mean - 1.0)]
    }
    linear_of_rank_1[5 -> 10] at point from [1.0; 5];
        to [3.0 / 21.0, 0.0, 0.0, 0.0, 0.0], 0 => 90.0 / 42.0; |x| {
        let sum = x.iter().enumerate().map(|(j, v)| *v * (j + 1) as std::primitive::f64).sum::<f64>();
        SVector::from_fn(|i, _| sum * (i + 1) as std::primitive::f64 - 1.0)
    }
    linear_of_rank_1_with_zeros[5 -> 10] at point from [1.0; 5];
        to [0.0, 1.5 / 17.0, 0.0, 0.0, 0.0], 0 => 124.0 / 34.0; |x| {
        let sum = (1..4).map(|j| x[j] * (j + 1) as std::primitive::f64).sum::<f64>();
        let middle = SVector::<f64, 8>::from_fn(|i, _| sum * (i + 1) as std::primitive::f64 - 1.0);
        stack![-Vector1::<f64>::identity(); middle; -Vector1::<f64>::identity()]
    }
    chebyquad[5 -> 5] at point from [1.0 / 6.0, 2.0 / 6.0, 0.5, 4.0 / 6.0, 5.0 / 6.0];
        to [0.083751, 0.312729, 0.5, 0.687271, 0.916249], 4 => 0.0; |x| {
        let t1 = x.map(|v| v * 2.0 - 1.0);
        let t2 = t1.map(|v| v * v * 2.0 - 1.0);
        let t3 = t1.zip_map(&t2, |a, b| a * b * 2.0) - t1;
        let t4 = t1.zip_map(&t3, |a, b| a * b * 2.0) - t2;
        let t5 = t1.component_mul(&t4) + t1.component_mul(&t4) - t3;
        vector![t1.mean(), t2.mean() + 1.0 / 3.0, t3.mean(), t4.mean() + 1.0 / 15.0, t5.mean()]
    }
}

const ROOT_OF_FIVE: f64 = 2.236_067_977_499_79;
const ROOT_OF_TEN: f64 = 3.162_277_660_168_379_5;
const ROOT_OF_1E_5: f64 = 3.162_277_660_168_379_5e-3;

/// i/7
const GRID: [f64; 6] = [1.0 / 7.0, 2.0 / 7.0, 3.0 / 7.0, 4.0 / 7.0, 5.0 / 7.0, 6.0 / 7.0];

const BARD: [f64; 15] =
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];

const GAUSSIAN: [f64; 15] = [
    0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989, 0.3521, 0.242, 0.1295, 0.054, 0.0175,
    0.0044, 0.0009,
];

const MEYER: [f64; 16] = [
    34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0, 8261.0, 7030.0, 6005.0, 5147.0,
    4427.0, 3820.0, 3307.0, 2872.0,
];

const KOWALIK: [(f64, f64); 11] = [
    (0.1957, 4.0),
    (0.1947, 2.0),
    (0.1735, 1.0),
    (0.16, 0.5),
    (0.0844, 0.25),
    (0.0627, 0.167),
    (0.0456, 0.125),
    (0.0342, 0.1),
    (0.0323, 0.0833),
    (0.0235, 0.0714),
    (0.0246, 0.0625),
];

const OSBORNE_1: [f64; 33] = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
    0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42,
    0.414, 0.411, 0.406,
];

const OSBORNE_2: [f64; 65] = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616,
    0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495,
    0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672,
    0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581,
    0.428, 0.292, 0.162, 0.098, 0.054,
];
