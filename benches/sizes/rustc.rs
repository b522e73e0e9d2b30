//! How long rustc works on a crate with one function, over one without: user time, release profile, macro included.

use std::path::{Path, PathBuf};
use std::process::Command;

use benches::code::Annotated;

/// Compilations of each crate, of which the fastest counts.
const RUNS: u32 = 3;

/// A crate that depends on gradmacro and nalgebra, both compiled.
pub(crate) struct Scratch {
    folder: PathBuf,
    empty: f64,
}

impl Scratch {
    /// Nothing if the crate cannot be built: no cargo, or no crates to be had.
    pub(crate) fn new() -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("gradmacro-sizes-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).ok()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        let manifest = format!(
            "[package]\nname = \"scratch\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             gradmacro = {{ path = {:?} }}\nnalgebra = \"0.35\"\n",
            root.join("gradmacro")
        );
        std::fs::write(folder.join("Cargo.toml"), manifest).ok()?;
        std::fs::write(folder.join("src/lib.rs"), "").ok()?;
        std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).ok()?;
        let mut build = Command::new("cargo");
        build.args(["build", "--release", "--quiet", "--target-dir", "target"]).current_dir(&folder);
        if !build.status().ok()?.success() {
            println!("No times of rustc: the crate that needs them cannot be built.");
            return None;
        }
        let mut scratch = Self { folder, empty: 0.0 };
        scratch.empty = scratch.compile("use gradmacro as _;\nuse nalgebra as _;\n")?;
        Some(scratch)
    }

    /// Seconds that this function adds.
    pub(crate) fn seconds(&self, imports: &str, function: &Annotated) -> Option<f64> {
        let Annotated { options, function, .. } = function;
        let function = function.to_string().replace("pub (crate)", "pub").replace("pub(crate)", "pub");
        let text = format!("#![allow(unused_imports)]\n{imports}\n#[derive_grad({options})]\n{function}\n");
        Some(self.compile(&text)? - self.empty)
    }

    /// User time of one compilation. The shell knows what its children took.
    fn compile(&self, text: &str) -> Option<f64> {
        std::fs::write(self.folder.join("src/lib.rs"), text).ok()?;
        let library =
            |name: &str| self.library(name).map(|path| format!("--extern {name}={}", path.display()));
        let command = format!(
            "rustc --edition 2024 --crate-type lib --crate-name scratch -C opt-level=3 -L dependency=target/release/deps \
             {} {} --out-dir out src/lib.rs; times",
            library("gradmacro")?,
            library("nalgebra")?
        );
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let output = Command::new("sh").args(["-c", &command]).current_dir(&self.folder).output().ok()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            best = best.min(seconds(text.lines().last()?.split_whitespace().next()?)?);
        }
        Some(best)
    }

    fn library(&self, name: &str) -> Option<PathBuf> {
        let start = format!("lib{name}-");
        let files = std::fs::read_dir(self.folder.join("target/release/deps")).ok()?;
        let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
        paths.find(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(&start) && name.ends_with(".rlib")
        })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is in the folder for such things.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// `1m2.34s` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.split_once('m')?;
    Some(
        minutes.parse::<f64>().ok()? * 60.0
            + seconds.trim_end_matches('s').replace(',', ".").parse::<f64>().ok()?,
    )
}
