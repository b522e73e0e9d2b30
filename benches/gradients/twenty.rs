//! The twenty functions that this project was measured by from its beginning.

use std::hint::black_box;

use benches::differences::{quotient, step, symmetrise};
use benches::duals::{self, further};
use benches::measure::{Comparison, Numbers, Report, Rival, Subject};
use benches::random::Random;
use nalgebra::{SVector, Vector3};

use crate::experts::{polynomials, twenty as experts};
use crate::functions::twenty::*;
use crate::{Flat, MOST_RESULTS, casadi};

pub(crate) fn products(report: &mut Report) {
    gradient!(report, "quad3" [3], quad3 => quad3_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::quad_in_place, experts::quad_products, experts::quad_sum],
        num-dual gradient |v| duals::quadratic(&v, a, b));
    gradient!(report, "quad6" [6], quad6 => quad6_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::quad_in_place, experts::quad_products, experts::quad_sum],
        num-dual gradient |v| duals::quadratic(&v, a, b));
    gradient!(report, "quad12" [12], quad12 => quad12_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::quad_in_place, experts::quad_products],
        num-dual gradient |v| duals::quadratic(&v, a, b));
    gradient!(report, "quad32" [32], quad32 => quad32_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::quad_in_place, experts::quad_products],
        num-dual gradient |v| duals::quadratic(&v, a, b));
    gradient!(report, "lsa10x4" [4], lsa10x4 => lsa10x4_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::fit_in_place, experts::fit_products],
        num-dual gradient |v| duals::least_squares(&v, x, y));
    gradient!(report, "lsa64x16" [16], lsa64x16 => lsa64x16_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::fit_in_place, experts::fit_products],
        num-dual gradient |v| duals::least_squares(&v, x, y));
    gradient!(report, "lsx10x4" [40], lsx10x4 => lsx10x4_grad, wrt (x),
        (x = Random::matrix, w = Random::matrix, y = Random::matrix),
        by hand [experts::fit_data_in_place, experts::fit_data_columns, experts::fit_data_products],
        num-dual gradient |v| further::least_squares_data(&v, w, y));
    gradient!(report, "lsx64x16" [1024], lsx64x16 => lsx64x16_grad, wrt (x),
        (x = Random::matrix, w = Random::matrix, y = Random::matrix),
        by hand [experts::fit_data_in_place, experts::fit_data_columns, experts::fit_data_products],
        num-dual gradient |v| further::least_squares_data(&v, w, y));
    gradient!(report, "trx4" [16], trx4 => trx4_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::trace_in_place, experts::trace_transposed, experts::trace_products],
        num-dual gradient |v| duals::trace_form::<_, 16, 4, 4>(&v, a, b));
    gradient!(report, "trx16" [256], trx16 => trx16_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::trace_in_place, experts::trace_transposed, experts::trace_products],
        num-dual gradient |v| duals::trace_form::<_, 256, 16, 16>(&v, a, b));
}

pub(crate) fn statistics(report: &mut Report) {
    gradient!(report, "logreg4" [4], logreg4 => logreg4_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::signs),
        by hand [experts::logistic_in_place, experts::logistic_products],
        num-dual gradient |v| duals::logistic(&v, x, y));
    gradient!(report, "logreg30" [30], logreg30 => logreg30_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::signs),
        by hand [experts::logistic_in_place, experts::logistic_products],
        num-dual gradient |v| duals::logistic(&v, x, y));
    gradient!(report, "nllS3" [9, symmetric 3 from 0], nll_s3 => nll_s3_grad, wrt (s),
        (s = Random::definite, mu = Random::matrix, x = Random::matrix),
        by hand [experts::likelihood_s_cholesky, experts::likelihood_s_inverse],
        num-dual gradient |v| duals::likelihood_covariance(&v, &(*x - *mu)));
    gradient!(report, "nllS6" [36, symmetric 6 from 0], nll_s6 => nll_s6_grad, wrt (s),
        (s = Random::definite, mu = Random::matrix, x = Random::matrix),
        by hand [experts::likelihood_s_cholesky, experts::likelihood_s_inverse],
        num-dual gradient |v| duals::likelihood_covariance(&v, &(*x - *mu)));
    gradient!(report, "nllmu3" [3], nll_mu3 => nll_mu3_grad, wrt (mu),
        (mu = Random::matrix, s = Random::definite, x = Random::matrix),
        by hand [experts::likelihood_mu_cholesky, experts::likelihood_mu_unchecked, experts::likelihood_mu_inverse],
        num-dual gradient |v| duals::likelihood_mean(&v, s, x));
    gradient!(report, "nllmu6" [6], nll_mu6 => nll_mu6_grad, wrt (mu),
        (mu = Random::matrix, s = Random::definite, x = Random::matrix),
        by hand [experts::likelihood_mu_cholesky, experts::likelihood_mu_unchecked],
        num-dual gradient |v| duals::likelihood_mean(&v, s, x));
    gradient!(report, "kl4" [20, symmetric 4 from 0], kl4 => kl4_grad, wrt (s1, m1),
        (s1 = Random::definite, m1 = Random::matrix, s2 = Random::definite, m2 = Random::matrix),
        by hand [experts::divergence_inverse, experts::divergence_cholesky],
        num-dual gradient |v| further::divergence(&v, s2, m2));
}

fn camera(random: &mut Random) -> SVector<f64, 9> {
    random.matrix() * 0.3 + SVector::from_element(0.4)
}

fn before_the_camera(random: &mut Random) -> Vector3<f64> {
    random.matrix() + Vector3::new(0.0, 0.0, 4.0)
}

pub(crate) fn models(report: &mut Report) {
    gradient!(report, "ba" [12], ba => ba_jacobian, wrt (c, p),
        (c = camera, p = before_the_camera, seen = Random::matrix),
        by hand [experts::bundle],
        num-dual jacobian |v| duals::camera(&v, seen));
    gradient!(report, "mlp" [144], mlp => mlp_grad, wrt (w1, w2),
        (w1 = Random::matrix, w2 = Random::matrix, x = Random::matrix, t = Random::number),
        by hand [experts::network_in_place, experts::network_products],
        num-dual gradient |v| further::network(&v, x, t));
    gradient!(report, "rosen8" [8], rosen8 => rosen8_grad, wrt (x),
        (x = Random::matrix),
        by hand [polynomials::rosenbrock, polynomials::rosenbrock_once],
        num-dual gradient |v| duals::rosenbrock(&v));
}
