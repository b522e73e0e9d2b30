//! Gradients, Jacobians and Hessians of nalgebra functions, derived as matrix expressions while compiling.
//!
//! Annotate a function of statically sized vectors, matrices and numbers, and call its gradient:
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::{SMatrix, SVector};
//!
//! #[derive_grad]
//! fn misfit(w: &SVector<f64, 3>, a: &SMatrix<f64, 8, 3>, b: &SVector<f64, 8>) -> f64 {
//!     0.5 * (a * w - b).norm_squared()
//! }
//!
//! let a = SMatrix::from_fn(|i, j| (i * i + j) as f64);
//! let (w, b) = (SVector::from([1.0, -2.0, 0.5]), SVector::repeat(1.0));
//! let gradient = misfit_grad(&w, &a, &b);
//! assert!((gradient - a.transpose() * (a * w - b)).norm() < 1e-9);
//!
//! let (value, same) = misfit_value_and_grad(&w, &a, &b);
//! assert_eq!(value, misfit(&w, &a, &b));
//! assert!((gradient - same).norm() < 1e-9);
//! ```
//!
//! The function stays as it is. What is generated is ordinary code on nalgebra's types: stable Rust, `no_std`, without
//! heap or `unsafe`, and without a panic that the function itself does not have. Its documentation carries the formula.
//!
//! # What is generated
//!
//! For `f(p…)` of the differentiated parameters x (the first one, unless `wrt` names them), functions with `f`'s
//! parameters, visibility and generics:
//!
//! | `f` returns | always | with the option |
//! |---|---|---|
//! | a number | `f_grad -> G`, `f_value_and_grad -> (y, G)` | `hessian`: `f_hessian -> H`, `f_value_grad_hessian -> (y, G, H)`; `hvp`: `f_hvp -> H v`; `jvp`: `f_jvp -> (y, dy)`; `jacobian`: `f_jacobian`, one row |
//! | a vector, a row or a matrix | `f_jacobian -> J`, `f_value_and_jacobian -> (Y, J)` | `jvp`: `f_jvp -> (Y, dY)`; `vjp`: `f_vjp -> (Y, Jᵀȳ)`; `gauss_newton`: `f_gauss_newton -> (½‖Y‖², Jᵀ vec Y, JᵀJ)` |
//! | `Option` of one of these | the same functions, returning `Option` | |
//!
//! What is asked for together is computed together: nothing twice.
//!
//! - The gradient has the shape of x, by value; by several parameters it is a tuple, in the order of `wrt`.
//! - Rows of J are outputs and columns inputs. Matrices count entry by entry, column by column, as nalgebra stores them: a
//!   2×3 result by a 4×1 parameter has a 6×4 Jacobian. By a number J has the shape of the result. Several parameters: a
//!   tuple. `layout = "denominator"` transposes all of them.
//! - H by a vector of n entries is n×n, by an r×c matrix rc×rc, by a number a number; by several parameters a tuple of rows
//!   of blocks, the block of a and b with as many rows as a has entries and as many columns as b. JᵀJ is built alike, and
//!   Jᵀ vec Y is a column of as many rows as x has entries.
//! - `f_hvp(p…, v_x)` and `f_jvp(p…, d_x)` take a direction for each differentiated parameter after `f`'s own, in its shape and
//!   passed as it is passed; `f_vjp(p…, ybar)` the cotangent of the result, a matrix by reference.
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::{Vector2, Vector3};
//!
//! /// Range and bearing of a landmark, seen from a pose (x, y, heading).
//! #[derive_grad(jvp, vjp, gauss_newton)]
//! fn observe(pose: &Vector3<f64>, landmark: &Vector2<f64>) -> Vector2<f64> {
//!     let d = landmark - pose.fixed_rows::<2>(0);
//!     Vector2::new(d.norm(), d[1].atan2(d[0]) - pose[2])
//! }
//!
//! #[derive_grad(hessian, hvp)]
//! fn well(x: &Vector2<f64>, depth: f64) -> f64 {
//!     depth * x.norm_squared().exp()
//! }
//!
//! let (pose, landmark) = (Vector3::new(1.0, 2.0, 0.3), Vector2::new(4.0, 6.0));
//! let (seen, j) = observe_value_and_jacobian(&pose, &landmark);
//! let (again, change) = observe_jvp(&pose, &landmark, &Vector3::x());
//! assert!((seen - again).norm() < 1e-15 && (j.column(0) - change).norm() < 1e-15);
//!
//! let (x, v) = (Vector2::new(0.1, -0.2), Vector2::new(1.0, 1.0));
//! let (value, gradient, h) = well_value_grad_hessian(&x, 3.0);
//! assert!((h * v - well_hvp(&x, 3.0, &v)).norm() < 1e-12);
//! assert!((gradient - x * (2.0 * value)).norm() < 1e-12);
//! ```
//!
//! The documentation of a generated function has the formula. Besides the usual notation, sym(A) is the symmetric matrix
//! with the lower triangle of A, tril and triu are triangles, diag(v) is a diagonal matrix and diagonal(A) the diagonal,
//! e(i) is a unit vector, vec(A) the entries of A in one column, K the matrix with K vec(A) = vec(Aᵀ), A⁺ the pseudo-inverse, and dexpm(A, E) the derivative of the matrix exponential in direction E.
//!
//! `f_grad` computes of the value only what it needs, so a panic or an infinite intermediate of an unneeded part may
//! vanish. The value equals `f`'s up to rounding. A parameter that `f` does not use has a gradient of zeros.
//!
//! Where `f` returns `Option`, so do they: `None` exactly where `f` is `None`.
//!
//! The attribute goes on free functions, on methods and associated functions of an inherent `impl`, on default methods of
//! a trait, and on an inline `mod`, see [below](#functions-that-call-functions).
//!
//! # Options
//!
//! | option | meaning |
//! |---|---|
//! | `wrt(a, b)` | differentiate with respect to these parameters (default: the first after `self`); several give a tuple |
//! | `types(State = SVector<f64, 4>, self.q = SMatrix<f64, 3, 3>)` | what an alias or a field stands for, which an attribute cannot see |
//! | `symmetric(a)`, `spd(a)`, `diagonal(a)`, `lower(a)`, `upper(a)` | what is known of a square matrix, see below |
//! | `hessian`, `hvp`, `jvp`, `vjp`, `jacobian`, `gauss_newton` | further functions, see above |
//! | `layout = "denominator"` | Jacobians transposed: rows are inputs |
//! | `latex` | the formula in the documentation in LaTeX too |
//! | `rule(erf(x: f64) -> f64 = slope(x))` | the derivative of a foreign function of numbers, see [below](#foreign-functions) |
//! | `stack = 65536` | bytes of stack that a generated function may use for stored states (default 1 MiB) |
//! | `rename(grad = slope)` | another name for a generated function |
//! | `into` | functions that write their results to places of yours too, see [below](#results-written-into-place) |
//! | `no_panic` | what may panic in generated code, or needs the heap, is an error, see [below](#without-panics) |
//! | `nalgebra = path` | where nalgebra is found (default `::nalgebra`; any version from 0.33 to 0.35) |
//! | `crate = path` | where this crate is found (default `::gradmacro`) |
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::Vector2;
//!
//! type Point = Vector2<f64>;
//!
//! #[derive_grad(wrt(center, radius), types(Point = Vector2<f64>))]
//! fn off_circle(at: &Point, center: &Point, radius: f64) -> f64 {
//!     ((at - center).norm() - radius).powi(2)
//! }
//!
//! let (center, radius) = off_circle_grad(&Point::new(3.0, 4.0), &Point::zeros(), 4.0);
//! assert!((center - Point::new(-1.2, -1.6)).norm() < 1e-12 && (radius + 2.0).abs() < 1e-12);
//! ```
//!
//! ## Results written into place
//!
//! With `into`, each generated function that has a vector or a matrix among its results comes in a second form: its name
//! ends in `_into`, and after all other parameters it takes `&mut` places for what it computes. A large result then never
//! lies on the stack a second time: loops over data add to `out` itself, products and entrywise expressions are computed
//! in it.
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::{SMatrix, SVector};
//!
//! #[derive_grad(wrt(w, b), into)]
//! fn loss(w: &SMatrix<f64, 8, 16>, b: &SVector<f64, 8>, x: &SVector<f64, 16>, y: &SVector<f64, 8>) -> f64 {
//!     0.5 * ((w * x + b).map(|v| v.tanh()) - y).norm_squared()
//! }
//!
//! struct Gradient { w: SMatrix<f64, 8, 16>, b: SVector<f64, 8> }
//!
//! let mut gradient = Gradient { w: SMatrix::zeros(), b: SVector::zeros() };
//! let (w, b) = (SMatrix::repeat(0.01), SVector::repeat(0.1));
//! let (x, y) = (SVector::repeat(0.5), SVector::repeat(0.3));
//! let value = loss_value_and_grad_into(&w, &b, &x, &y, &mut gradient.w, &mut gradient.b);
//! assert_eq!((value, (gradient.w, gradient.b)), loss_value_and_grad(&w, &b, &x, &y));
//! ```
//!
//! - What belongs to the value and is a number is returned: y, and ½‖Y‖² of `f_gauss_newton_into`. All else is written,
//!   derivatives by numbers too. So `f_grad_into` returns nothing and `f_value_and_grad_into` returns y.
//! - Places come in the order of the results of the form by value. Where only one kind of result is written they are
//!   called `out`, or `out_a` and `out_b` for parameters `a` and `b`; otherwise `out_value`, `out_gradient`,
//!   `out_hessian`, `out_jacobian`, `out_change` and `out_normal`, with the parameters' names after that if there are
//!   several. A Hessian by several parameters has a place for each block, row by row: `out_a_a`, `out_a_b`, …
//! - Every entry is written, and none is read before: a place may hold anything. The numbers are those of the form by
//!   value.
//! - Where `f` returns `Option`, so does `f_grad_into`: `Option<()>`, or `Option<y>` with a value. After `None` the
//!   places are as they were. After a panic, which only an `f` that panics has, they may be partly written.
//! - A function of which all results are numbers has no second form; `into` where no function would have one is an error.
//!
//! ## Without panics
//!
//! Generated code has the panics that `f` has, and no others. With `no_panic` these are errors while compiling, and so is
//! what would need the heap:
//!
//! - `unwrap` and `expect` after a factorisation: return an `Option`, and write `?`;
//! - `panic!`, `unreachable!` and the like; assertions are none of them, since generated code leaves them out;
//! - an index that is not known to be in range, such as a parameter, or the index of a loop whose number of steps is one;
//! - in what is kept as you wrote it: `unwrap`, `expect`, an index, a division of integers by what is not a number, methods
//!   of core that panic for some arguments (`chunks`, `clamp`, `split_at` and the like), macros that are not known, and
//!   types, methods and macros that allocate (`Vec`, `collect`, `format!`);
//! - the exponential of a matrix, whose code is nalgebra's.
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::{Matrix3, Vector3};
//!
//! #[derive_grad(no_panic)]
//! fn distance(x: &Vector3<f32>, s: &Matrix3<f32>) -> Option<f32> {
//!     Some(x.dot(&s.cholesky()?.solve(x)))
//! }
//!
//! assert!(distance_grad(&Vector3::x(), &-Matrix3::identity()).is_none());
//! ```
//!
//! Kept code is judged by its text. Not looked at are functions and methods of yours and of other crates that it or a `rule`
//! calls, `f` itself, and overflow of integers, which panics where overflow checks are on. That the optimiser then leaves no bounds check in a build is
//! measured for every operation:
//! [docs/panics.md](https://github.com/gradmacro/gradmacro/blob/main/docs/panics.md).
//!
//! ## Facts
//!
//! A fact simplifies the formula (Sᵀ = S; a positive definite matrix is factorised by Cholesky), and the gradient with
//! respect to that parameter is projected onto the structure: ½(G + Gᵀ) for `symmetric` and `spd`, the diagonal, or one
//! triangle. Jacobians and Hessians by it map changes within the structure to what they cause, and all others to 0. It is
//! a promise: nothing checks it at run time. That XᵀX, A + Aᵀ or S⁻¹ are symmetric is found without it.
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::{SMatrix, SVector};
//!
//! #[derive_grad(wrt(s), spd(s))]
//! fn gaussian(s: &SMatrix<f64, 5, 5>, d: &SVector<f64, 5>) -> Option<f64> {
//!     let c = s.cholesky()?;
//!     Some(0.5 * d.dot(&c.solve(d)) + 0.5 * c.ln_determinant())
//! }
//!
//! let (s, d) = (SMatrix::from_diagonal_element(2.0), SVector::from([1.0, 0.0, 0.0, 0.0, 2.0]));
//! let gradient = gaussian_grad(&s, &d).unwrap();
//! let inverse = s.try_inverse().unwrap();
//! assert!((gradient - 0.5 * (inverse - inverse * d * d.transpose() * inverse)).norm() < 1e-12);
//! assert!(gaussian_grad(&-s, &d).is_none());
//! ```
//!
//! # What a function may contain
//!
//! Parameters are numbers, vectors, row vectors and matrices under any of nalgebra's names, of literal, constant or
//! `const N: usize` size, over `f64`, `f32` or a type parameter `T: RealField + Copy`, whose numbers are written
//! `nalgebra::convert(0.5)`; anything else is data. A Jacobian or Hessian whose size stable Rust cannot write, such as
//! `N·M` of two const parameters, is refused. In the body:
//!
//! - `let` with types, tuples and shadowing; blocks, constants, closures and nested functions (inlined where called);
//! - `+ - * /` on values and references, products of all kinds, transposition, traces, norms, sums and means;
//! - `map`, `zip_map` and the like with the elementary functions of `f64`, written as methods or as paths;
//! - components, rows, columns, views, blocks and nalgebra's constructors;
//! - determinants, inverses, pseudo-inverses, solves by `lu`, `full_piv_lu`, `qr`, `cholesky` and triangular matrices, the
//!   Cholesky factor, the matrix exponential; symmetric eigenvalues and singular values where their order does not matter;
//! - sums over an index range: `(0..n).map(|i| …).sum()`.
//!
//! `from_fn`, `map_with_location` and products of entries are read entry by entry, for at most 64 entries.
//!
//! Whatever does not depend on a differentiated parameter may be any Rust expression: it is kept, and evaluated once.
//!
//! A factorisation may fail: `unwrap`, `expect` and `?` after it mean in generated code what they mean in yours, tested
//! exactly as nalgebra tests it. Each matrix is factorised once, its transpose and its determinant included.
//!
//! Refused for now, each with a message of its own: calls of functions that the attribute does not see; the factors of `lu`, `qr` and `svd`, eigenvectors, and second derivatives of eigenvalues and singular values. Refused for good: `while`
//! and `loop`, dynamic sizes, recursion, `async`, `unsafe` and `const` functions, `cfg` within the item, casts of what is
//! being differentiated. Nothing is skipped or guessed.
//!
//! Mistakes are explained in shapes, at the expression they are about:
//!
//! ```text
//! error: matrix product has incompatible shapes: left is 3×2, right is 3×1
//!  note: inner dimensions must agree: 2 columns against 3 rows
//!  help: did you mean `a.transpose() * x` or `a.tr_mul(x)`?
//! ```
//!
//! Three limits are Rust's own: the attribute cannot stand in an `impl` of a trait, it clashes with an `f_grad` that
//! exists, and it cannot see constant parameters of the surrounding `impl`. Under `forbid(dead_code)` generated functions
//! do not compile, since they allow it.
//!
//! # Functions that call functions
//!
//! An attribute sees what it stands on. On a function that is the function, with the functions nested in it. On an inline
//! `mod` it is the module: there the functions that carry `#[derive_grad]` themselves get derivatives, and all others are
//! read where they are called, in any order. Type aliases and constants of the module are known too, and methods see the
//! functions of their `impl`.
//!
//! ```rust
//! use gradmacro::derive_grad;
//!
//! #[derive_grad]
//! mod pendulum {
//!     use gradmacro::derive_grad;
//!     use nalgebra::Vector2;
//!
//!     const LENGTH: f64 = 0.5;
//!     pub type State = Vector2<f64>;
//!
//!     #[derive_grad(hessian)]
//!     pub fn energy(x: &State, mass: f64) -> f64 {
//!         kinetic(x, mass) + mass * 9.81 * height(x[0])
//!     }
//!
//!     fn kinetic(x: &State, mass: f64) -> f64 {
//!         0.5 * mass * (LENGTH * x[1]).powi(2)
//!     }
//!
//!     fn height(angle: f64) -> f64 {
//!         LENGTH * (1.0 - angle.cos())
//!     }
//! }
//!
//! let slope = pendulum::energy_grad(&pendulum::State::new(0.3, 1.0), 2.0);
//! assert!((slope[0] - 2.0 * 9.81 * 0.5 * 0.3_f64.sin()).abs() < 1e-12 && (slope[1] - 0.5).abs() < 1e-12);
//! ```
//!
//! The attribute on the module takes `types`, `rule`, `layout`, `stack`, `no_panic`, `latex`, `nalgebra` and `crate`, for all functions
//! in it; what a function says itself comes first. Functions are written out where they are called, so one that calls
//! itself is refused. So is a call of what stands under a `cfg`, of a required method of a trait, and of a method that an
//! `impl` may replace: none of them is known here.
//!
//! ## Foreign functions
//!
//! A function of numbers whose body is elsewhere needs a rule: its derivative as an expression in its arguments, or a
//! tuple of one for each. A second derivative needs rules for the functions in the rule, too; a rule may mention its own
//! function, or one that mentions it. The certificate takes rules as they are stated.
//!
//! ```rust
//! use gradmacro::derive_grad;
//! use nalgebra::Vector3;
//!
//! mod special {
//!     pub fn sinc(x: f64) -> f64 { if x == 0.0 { 1.0 } else { x.sin() / x } }
//!     pub fn sinc_slope(x: f64) -> f64 { if x == 0.0 { 0.0 } else { (x.cos() - sinc(x)) / x } }
//! }
//!
//! #[derive_grad(rule(special::sinc(x: f64) -> f64 = special::sinc_slope(x)))]
//! fn response(x: &Vector3<f64>) -> f64 {
//!     x.map(special::sinc).norm_squared()
//! }
//!
//! let x = Vector3::new(0.0, 1.0, 2.0);
//! let wanted = x.map(|v| 2.0 * special::sinc(v) * special::sinc_slope(v));
//! assert!((response_grad(&x) - wanted).norm() < 1e-12);
//! ```
//!
//! # Where there is no derivative
//!
//! | at | the gradient takes |
//! |---|---|
//! | `norm()` at zero | 0; `norm_squared()` and `norm().powi(2)` have no such point |
//! | `abs()` at 0, `signum`, `floor`, `ceil`, `round`, `trunc` | 0; `fract` has slope 1 |
//! | `max`, `min`, `clamp` at ties and bounds | an even split: ½ for `x.max(0.0)` at 0 |
//! | `x.max()`, `x.min()` of a vector | 1/k for each of the k tied entries |
//! | an infinite slope (`sqrt` at 0) times 0 | 0 |
//! | `determinant` of a singular matrix | the cofactors, which is right |
//! | `cholesky()` without `spd` | 0 above the diagonal: nalgebra reads the lower triangle, and the derivative is of what it reads |
//! | repeated eigenvalues, equal singular values | right for every use that does not depend on an order |
//! | `powi(0)`, the exponent of `powf` at base 0, `hypot` and `atan2` at the origin | 0 |
//!
//! Second derivatives follow the same conventions where a term vanishes, but at a kink there is none: the Hessian of
//! `norm()` at zero may be infinite or NaN. So is that of a determinant at a singular matrix of size 4 or more.
//!
//! The conventions are for infinities and ties only; they never turn a NaN into a number. ln(1 + eˣ), 1/(1 + e⁻ˣ), and for
//! a vector or matrix x as a whole ln Σ eˣ and eˣ/Σ eˣ, are recognised, and evaluated and differentiated in forms that do
//! not overflow.
//!
//! # The certificate
//!
//! Before a derivative is emitted, the compiler evaluates it at random points and compares it with a second derivative:
//! forward mode on the function as written, with every simplification switched off. If the two differ there is no code but
//! a compile error with both numbers. The documentation of a generated function says "certified", or why no point could
//! be found. For a test of your own, of generated or hand-written gradients, there is [`check_gradient`].
#![no_std]

#[cfg(test)]
extern crate std;

mod check;
#[doc(hidden)]
pub mod kernels;

pub use check::{Entries, GradientMismatch, Number, check_gradient};
pub use gradmacro_macros::derive_grad;

/// The Rust in README.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
