//! Generated code builds where there is no std: `tests/firmware` is a static library with its own panic handler.

use std::process::{Command, Output};

/// Builds `tests/firmware` in a target directory of its own.
fn build(options: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(["build", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/firmware/Cargo.toml")])
        .args(["--target-dir", concat!(env!("CARGO_TARGET_TMPDIR"), "/firmware")])
        .args(options)
        .output()
        .expect("cargo runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

// One test, since the two builds share a target directory and must not wait for each other's lock.
#[test]
fn builds_without_std_and_only_without() {
    let firmware = build(&[]);
    assert!(firmware.status.success(), "{}", stderr(&firmware));

    let leaking = build(&["--features", "leak"]);
    let message = stderr(&leaking);
    assert!(
        !leaking.status.success() && message.contains("duplicate lang item"),
        "std went unnoticed: {message}"
    );
}
