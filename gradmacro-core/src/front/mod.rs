//! Reads attribute and function into a plain graph: the only readers of syn.
//!
//! The request and the signature come first ([`request`], [`signature`]), then the body ([`read_program`]). In the
//! body every expression gets a [`value::Value`]; what it is made of is one file each:
//!
//! | files | read |
//! |---|---|
//! | `read`, `block`, `effects`, `variables` | the body, statements, what they change |
//! | `expression`, `arithmetic`, `integers`, `names`, `place`, `macros`, `stack` | expressions |
//! | `invoke`, `closure`, `lift`, `sequence`, `iterators`, `folds`, `data` | calls, closures, iterators |
//! | `attempt`, `demands` | `Option` and `Result`, factorisations that may fail |
//! | `methods`, `constructors` | what nalgebra's names mean |
//! | `active`, `kept`, `keeper`, `scope`, `unify`, `bounds` | what depends on what, what is kept, names, types, ranges |
//! | `mismatch`, `refuse`, `collecting`, `text` | messages |
//!
//! Invariant: every mistake of the user's is reported here or in `diff`, each once; a program that comes out is
//! complete.

mod active;
pub mod arithmetic;
pub mod attempt;
mod block;
mod bounds;
pub mod call;
pub mod closure;
mod collecting;
pub mod constructors;
mod data;
mod demands;
mod effects;
mod expression;
mod folds;
mod hygiene;
mod integers;
mod invoke;
pub mod item;
mod iterators;
mod keeper;
pub mod kept;
mod lift;
mod macros;
pub mod methods;
mod mismatch;
mod names;
mod place;
pub mod program;
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
mod text;
pub mod types;
mod unify;
pub mod value;
mod variables;

pub use program::{Demand, Failure, Input, InputKind, Kept, Program, Statement};
pub use read::read_program;
