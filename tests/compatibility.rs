//! Generated code names nalgebra through its user's own dependency, so it builds on 0.33, 0.34 and 0.35 alike.

use std::process::Command;

#[test]
fn same_functions_on_every_supported_nalgebra() {
    let run = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compatibility/Cargo.toml"))
        .args(["--target-dir", concat!(env!("CARGO_TARGET_TMPDIR"), "/compatibility")])
        .output()
        .expect("cargo runs");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.matches("test result: ok. 8 passed").count(), 3, "{out}{err}");
}
