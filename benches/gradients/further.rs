//! Functions that this project was not measured by while it was built.

use std::hint::black_box;

use benches::differences::{quotient, step, symmetrise};
use benches::duals::{self, further};
use benches::measure::{Comparison, Numbers, Report, Rival, Subject};
use benches::random::Random;
use nalgebra::{SMatrix, SVector, Vector2, Vector4};

use crate::functions::{estimation, geometry, learning, matrices, polynomials, rollouts};
use crate::{Flat, MOST_RESULTS, casadi, experts};

pub(crate) fn estimations(report: &mut Report) {
    gradient!(report, "huber" [5], estimation::huber => estimation::huber_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::estimation::huber, experts::estimation::huber_products],
        num-dual gradient |v| further::huber(&v, x, y));
    gradient!(report, "cauchy" [5], estimation::cauchy => estimation::cauchy_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::estimation::cauchy, experts::estimation::cauchy_products],
        num-dual gradient |v| further::cauchy(&v, x, y));
    gradient!(report, "ridge" [6], estimation::ridge => estimation::ridge_grad, wrt (w),
        (w = Random::matrix, a = Random::matrix, y = Random::matrix, lambda = Random::number),
        by hand [experts::estimation::ridge, experts::estimation::ridge_products],
        num-dual gradient |v| further::ridge(&v, a, y, lambda));
    gradient!(report, "poisson" [5], estimation::poisson => estimation::poisson_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::estimation::poisson],
        num-dual gradient |v| further::poisson(&v, x, y));
    gradient!(report, "mahalanobis" [8], estimation::mahalanobis => estimation::mahalanobis_grad, wrt (x),
        (x = Random::matrix, mu = Random::matrix, s = Random::definite),
        by hand [experts::estimation::mahalanobis, experts::estimation::mahalanobis_halves],
        num-dual gradient |v| further::mahalanobis(&v, mu, s));
    gradient!(report, "process" [3], estimation::process => estimation::process_grad, wrt (p),
        (p = Random::positive, t = Random::matrix, y = Random::matrix),
        by hand [experts::estimation::process],
        num-dual gradient |v| further::process(&v, t, y));
    gradient!(report, "innovation" [20, symmetric 4 from 4], estimation::innovation => estimation::innovation_grad, wrt (x, p),
        (x = Random::matrix, p = Random::definite, h = Random::matrix, r = Random::definite, z = Random::matrix),
        by hand [experts::estimation::innovation],
        num-dual gradient |v| further::innovation(&v, h, r, z));
    gradient!(report, "mixture" [5], estimation::mixture => estimation::mixture_grad, wrt (p),
        (p = Random::matrix, t = Random::matrix),
        by hand [experts::estimation::mixture],
        num-dual gradient |v| further::mixture(&v, t));
}

fn turning(random: &mut Random) -> Vector4<f64> {
    random.positive()
}

pub(crate) fn geometries(report: &mut Report) {
    gradient!(report, "bearing" [3], geometry::bearing => geometry::bearing_jacobian, wrt (pose),
        (pose = Random::matrix, landmark = Random::matrix, seen = Random::matrix),
        by hand [experts::geometry::bearing],
        num-dual jacobian |v| further::bearing(&v, landmark, seen));
    gradient!(report, "pinhole" [3], geometry::pinhole => geometry::pinhole_jacobian, wrt (p),
        (p = Random::positive, r = Random::definite, t = Random::positive),
        by hand [experts::geometry::pinhole],
        num-dual jacobian |v| duals::pinhole(&v, r, t));
    gradient!(report, "compose" [6], geometry::compose => geometry::compose_jacobian, wrt (a, b),
        (a = Random::matrix, b = Random::matrix),
        by hand [experts::geometry::compose],
        num-dual jacobian |v| further::compose(&v));
    gradient!(report, "two links" [4], geometry::two_links => geometry::two_links_grad, wrt (q, v),
        (q = Random::matrix, v = Random::matrix),
        by hand [experts::geometry::two_links],
        num-dual gradient |v| further::two_links(&v));
    gradient!(report, "turned" [4], geometry::turned => geometry::turned_grad, wrt (q),
        (q = turning, a = Random::matrix, b = Random::matrix),
        by hand [experts::geometry::turned],
        num-dual gradient |v| further::turned(&v, a, b));
    gradient!(report, "chain" [12], geometry::chain => geometry::chain_grad, wrt (p),
        (p = Random::matrix, length = Random::number),
        by hand [experts::geometry::chain, experts::geometry::chain_of_columns],
        num-dual gradient |v| further::chain(&v, length));
    gradient!(report, "circle" [3], geometry::circle => geometry::circle_grad, wrt (c),
        (c = Random::matrix, points = Random::matrix),
        by hand [experts::geometry::circle],
        num-dual gradient |v| further::circle(&v, points));
}

pub(crate) fn learnings(report: &mut Report) {
    gradient!(report, "entropy" [40], learning::entropy => learning::entropy_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::learning::entropy, experts::learning::entropy_in_place],
        num-dual gradient |v| further::entropy(&v, x, y));
    gradient!(report, "principal" [12], learning::principal => learning::principal_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix),
        by hand [experts::learning::principal, experts::learning::principal_residual],
        num-dual gradient |v| further::principal(&v, x));
    gradient!(report, "factors" [42], learning::factors => learning::factors_grad, wrt (u, v),
        (u = Random::matrix, v = Random::matrix, r = Random::matrix),
        by hand [experts::learning::factors, experts::learning::factors_in_place, experts::learning::factors_thin],
        num-dual gradient |v| further::factors(&v, r));
    gradient!(report, "tied" [18], learning::tied => learning::tied_grad, wrt (w),
        (w = Random::matrix, x = Random::matrix),
        by hand [experts::learning::tied, experts::learning::tied_in_place],
        num-dual gradient |v| further::tied(&v, x));
    gradient!(report, "batch" [36], learning::batch => learning::batch_grad, wrt (w1, w2),
        (w1 = Random::matrix, w2 = Random::matrix, x = Random::matrix, y = Random::matrix),
        by hand [experts::learning::batch, experts::learning::batch_in_place],
        num-dual gradient |v| further::batch(&v, x, y));
    gradient!(report, "cosine" [12], learning::cosine => learning::cosine_grad, wrt (a),
        (a = Random::matrix, b = Random::matrix),
        by hand [experts::learning::cosine],
        num-dual gradient |v| further::cosine(&v, b));
}

fn distant<const N: usize>(random: &mut Random) -> SVector<f64, N> {
    random.positive::<N, 1>().add_scalar(4.0)
}

fn regular<const N: usize>(random: &mut Random) -> SMatrix<f64, N, N> {
    random.matrix() + SMatrix::identity() * 2.0
}

pub(crate) fn of_matrices(report: &mut Report) {
    gradient!(report, "inverse trace" [25], matrices::inverse_trace => matrices::inverse_trace_grad, wrt (a),
        (a = regular),
        by hand [experts::matrices::inverse_trace, experts::matrices::inverse_trace_transposed],
        num-dual gradient |v| further::inverse_trace(&v));
    gradient!(report, "sylvester" [25], matrices::sylvester => matrices::sylvester_grad, wrt (x),
        (x = Random::matrix, a = Random::matrix, b = Random::matrix),
        by hand [experts::matrices::sylvester, experts::matrices::sylvester_in_place],
        num-dual gradient |v| further::sylvester(&v, a, b));
    gradient!(report, "rayleigh" [6], matrices::rayleigh => matrices::rayleigh_grad, wrt (x),
        (x = Random::matrix, a = Random::definite),
        by hand [experts::matrices::rayleigh],
        num-dual gradient |v| duals::rayleigh(&v, a));
    gradient!(report, "design" [12], matrices::design => matrices::design_grad, wrt (w),
        (w = Random::positive, x = Random::matrix),
        by hand [experts::matrices::design, experts::matrices::design_by_columns],
        num-dual gradient |v| further::design(&v, x));
    gradient!(report, "barrier" [4], matrices::barrier => matrices::barrier_grad, wrt (x),
        (x = Random::matrix, c = Random::matrix, a = Random::matrix, b = distant),
        by hand [experts::matrices::barrier, experts::matrices::barrier_products],
        num-dual gradient |v| further::barrier(&v, c, a, b));
    gradient!(report, "solution" [16], matrices::solution => matrices::solution_grad, wrt (a),
        (a = regular, b = Random::matrix, q = Random::matrix),
        by hand [experts::matrices::solution, experts::matrices::solution_lu],
        num-dual gradient |v| further::solution(&v, b, q));
}

pub(crate) fn optimisations(report: &mut Report) {
    gradient!(report, "rosen20" [20], polynomials::rosen20 => polynomials::rosen20_grad, wrt (x),
        (x = Random::matrix),
        by hand [experts::polynomials::rosenbrock, experts::polynomials::rosenbrock_once],
        num-dual gradient |v| duals::rosenbrock(&v));
    gradient!(report, "himmelblau" [2], polynomials::himmelblau => polynomials::himmelblau_grad, wrt (x),
        (x = Random::matrix),
        by hand [experts::polynomials::himmelblau],
        num-dual gradient |v| further::himmelblau(&v));
    gradient!(report, "broyden" [12], polynomials::broyden => polynomials::broyden_grad, wrt (x),
        (x = Random::matrix),
        by hand [experts::polynomials::broyden, experts::polynomials::broyden_two_passes],
        num-dual gradient |v| further::broyden(&v));
    gradient!(report, "rastrigin" [8], polynomials::rastrigin => polynomials::rastrigin_grad, wrt (x),
        (x = Random::matrix),
        by hand [experts::polynomials::rastrigin],
        num-dual gradient |v| further::rastrigin(&v));
}

fn contracting(random: &mut Random) -> SMatrix<f64, 4, 4> {
    random.matrix() * 0.1 + SMatrix::identity() * 0.9
}

fn beginning(random: &mut Random) -> Vector2<f64> {
    random.positive()
}

pub(crate) fn of_rollouts(report: &mut Report) {
    gradient!(report, "pendulum" [100], rollouts::pendulum => rollouts::pendulum_grad, wrt (u),
        (u = Random::matrix, start = Random::matrix),
        by hand [experts::rollouts::pendulum],
        num-dual gradient |v| duals::rollouts::pendulum(&v, start));
    gradient!(report, "linear" [16], rollouts::linear => rollouts::linear_grad, wrt (a),
        (a = contracting, start = Random::matrix, seen = Random::matrix),
        by hand [experts::rollouts::linear],
        num-dual gradient |v| duals::rollouts::linear(&v, start, seen));
    gradient!(report, "prey" [4], rollouts::prey => rollouts::prey_grad, wrt (p),
        (p = Random::positive, start = beginning, seen = Random::positive),
        by hand [experts::rollouts::prey, experts::rollouts::prey_forward],
        num-dual gradient |v| duals::rollouts::prey(&v, start, seen));
}
