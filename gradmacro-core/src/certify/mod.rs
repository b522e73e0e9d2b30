//! The certificate.
pub mod evaluate;
