//! Programs as a user would compile them: `ui/*.rs` must fail with our errors and no others, `ui/pass/*.rs` must pass.
//! Word for word, every message is in `gradmacro-core/tests/messages.rs`; here is what rustc shows of one of each kind.
//! `TRYBUILD=overwrite` writes what is found.

#[test]
fn wrong_programs_fail_with_our_errors_alone() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
fn right_programs_pass_under_strict_lints() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}
