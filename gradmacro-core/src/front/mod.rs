//! Reads attribute and function into a plain graph: the only readers of syn.
//!
//! The request and the signature come first ([`request`], [`signature`]), then the body ([`read_program`]). In the
//! body every expression gets a [`value::Value`]; what it is made of is one file each:
//!
//! | files | read |
//! |---|---|
//! | `read`, `block`, `effects`, `variables`, `assignment`, `target`, `writing` | the body, statements, what they change |
//! | `branches`, `joining`, `exits`, `missing`, `predicates`, `matching` | `if`, `match`, early returns, conditions |
//! | `expression`, `arithmetic`, `integers`, `names`, `place`, `macros`, `stack` | expressions |
//! | `loops`, `carried`, `counters`, `leaves` | loops and what they carry |
//! | `invoke`, `inline`, `items`, `surroundings`, `module`, `foreign`, `closure`, `lift`, `sequence`, `iterators`, `folds`, `data` | calls, closures, iterators |
//! | `attempt`, `options`, `demands` | `Option` and `Result`, factorisations that may fail |
//! | `methods`, `constructors` | what nalgebra's names mean |
//! | `geometry` | rotations, quaternions, isometries, points |
//! | `active`, `kept`, `keeper`, `scope`, `unify`, `bounds`, `reach` | what depends on what, what is kept, names, types, ranges |
//! | `mismatch`, `refuse`, `collecting`, `text` | messages |
//!
//! Invariant: every mistake of the user's is reported here or in `diff`, each once; a program that comes out is
//! complete.

mod active;
pub mod arithmetic;
mod assignment;
pub mod attempt;
mod block;
mod bounds;
mod branches;
pub mod call;
mod carried;
pub mod closure;
mod collecting;
pub mod constructors;
mod counters;
mod data;
mod demands;
mod effects;
mod exits;
mod expression;
mod folds;
mod foreign;
pub mod geometry;
mod hygiene;
mod inline;
mod integers;
mod invoke;
pub mod item;
mod items;
mod iterators;
mod joining;
mod keeper;
pub mod kept;
mod leaves;
mod lift;
mod loops;
mod macros;
mod matching;
pub mod methods;
mod mismatch;
mod missing;
pub mod module;
mod names;
pub mod no_panic;
mod options;
mod panics;
mod place;
mod predicates;
pub mod program;
mod reach;
mod read;
pub mod reader;
mod refuse;
pub mod request;
mod results;
pub mod scope;
pub mod sequence;
pub mod signature;
mod stack;
mod stated;
pub mod storage;
pub mod surroundings;
mod target;
mod text;
pub mod types;
mod unify;
pub mod value;
mod variables;
mod writing;

pub use program::{Demand, Failure, Input, InputKind, Kept, Program, Statement};
pub use read::read_program;
pub use results::kinds;
