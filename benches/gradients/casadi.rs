//! C that CasADi wrote, in a process of its own that takes turns with this one. `CASADI` names the folder that
//! `casadi/generate.py` fills; without it there is no such column.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use benches::measure::{Rival, Subject};

/// A process that ends when nobody talks to it any more.
struct Process {
    child: Child,
    to: Option<ChildStdin>,
    from: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn of(name: &str) -> Option<Self> {
        let target = if cfg!(target_feature = "fma") { "native" } else { "default" };
        let folder = std::env::var_os("CASADI")?;
        let mut command = Command::new(Path::new(&folder).join(target).join("casadi"));
        command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("CASADI names a folder that `generate.py` has filled");
        let (to, from) = (child.stdin.take(), child.stdout.take().expect("a pipe was asked for"));
        Some(Self { child, to, from: BufReader::new(from).lines() })
    }

    fn tell(&mut self, words: &str) {
        let written = self.to.as_mut().map(|to| writeln!(to, "{words}"));
        written.expect("open until the end").expect("CasADi's program listens");
    }

    fn hear(&mut self) -> Option<f64> {
        self.from.next()?.ok()?.parse().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.to = None;
        // How it ended is of no interest.
        let _ = self.child.wait();
    }
}

/// The derivative of the function of this name, if there is such a program and it knows the function.
pub(crate) fn rival(name: &str, inputs: &[Vec<f64>], outputs: usize) -> Option<(Rival, Subject<'static>)> {
    let mut process = Process::of(name)?;
    let numbers: Vec<String> = inputs.iter().flatten().map(f64::to_string).collect();
    process.tell(&format!("{}\n{}", numbers.len(), numbers.join("\n")));
    let known = process.hear()? as usize;
    assert!(known == outputs, "{name}: CasADi's derivative has {known} entries");
    let result: Vec<f64> = (0..outputs).map_while(|_| process.hear()).collect();
    let batch = move |calls: u32| {
        process.tell(&calls.to_string());
        Duration::from_secs_f64(process.hear().expect("CasADi's program answers") * 1e-9)
    };
    Some((Rival::CasADi, Subject::elsewhere(result, Box::new(batch))))
}
