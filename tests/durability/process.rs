//! Processes that are killed without warning, and the chances by which it is decided when.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use cartera_core::env::{SeededEnv, random_bytes};

/// All chances of a test, from its seed.
pub(crate) struct Chances(SeededEnv);

impl Chances {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEnv::new(seed, 0))
    }

    pub(crate) fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(random_bytes(&self.0)) % bound
    }

    /// Lets the machine work for up to so many rounds: a moment at random inside of what another process is doing.
    /// What it is is left to chance; what must hold is not.
    pub(crate) fn linger(&self, max_rounds: u64) {
        let mut sum = 0_u64;
        for round in 0..self.below(max_rounds) {
            sum = std::hint::black_box(sum.rotate_left(5) ^ round);
        }
        std::hint::black_box(sum);
    }
}

/// Some milliseconds anywhere: about a commit that waits for a slow disk.
pub(crate) const A_COMMIT: u64 = 6_000_000;

/// How long to wait before a kill, so that about half of them come before the end: how long something takes is the
/// machine's affair, and is found out on the way.
pub(crate) struct Patience {
    rounds: u64,
    killed: usize,
    ended: usize,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self { rounds: 4 * A_COMMIT, killed: 0, ended: 0 }
    }

    pub(crate) fn wait(&self, chances: &Chances) {
        chances.linger(self.rounds);
    }

    /// Whether the kill came before the end.
    pub(crate) fn learn(&mut self, killed: bool) {
        if killed {
            self.killed += 1;
            self.rounds += self.rounds / 2;
        } else {
            self.ended += 1;
            self.rounds -= self.rounds / 3;
        }
    }

    /// After at least so many kills, so many of them before and after the end.
    pub(crate) fn is_enough(&self, kills: usize, of_each: usize) -> bool {
        let tries = self.killed + self.ended;
        assert!(tries < 20 * kills, "{} kills before the end, {} after", self.killed, self.ended);
        tries >= kills && self.killed >= of_each && self.ended >= of_each
    }
}

/// A process of `worker` that runs until it is killed.
pub(crate) struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
    said: Vec<String>,
}

fn command(args: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
    command
        .args(args)
        .stdin(Stdio::null())
        .env_remove("CARTERA_DATA_DIR")
        .env_remove("CARTERA_LISTEN")
        .env_remove("LANG");
    command
}

impl Process {
    pub(crate) fn start(args: &[&OsStr]) -> Self {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out, said: Vec::new() }
    }

    pub(crate) fn work(how: &str, database: &Path, seed: u64) -> Self {
        Self::start(&[how.as_ref(), database.as_ref(), seed.to_string().as_ref()])
    }

    /// Reads whole lines until there are `count` of them, or one begins so.
    pub(crate) fn hear(&mut self, count: u64, or_prefix: &str) {
        for _ in 0..count {
            let mut line = String::new();
            if self.out.read_line(&mut line).unwrap() == 0 {
                return;
            }
            let found = !or_prefix.is_empty() && line.starts_with(or_prefix);
            self.said.push(line);
            if found {
                return;
            }
        }
    }

    /// SIGKILL, unless it came to a good end before. True if it did not.
    pub(crate) fn kill_if_running(mut self) -> bool {
        self.end()
    }

    /// True if it was killed.
    fn end(&mut self) -> bool {
        self.child.kill().unwrap();
        self.hear(u64::MAX, "");
        let status = self.child.wait().unwrap();
        assert!(status.success() || status.code().is_none(), "it failed by itself: {:?}", self.said.last());
        !status.success()
    }

    /// SIGKILL; then every whole line that it had said.
    pub(crate) fn kill(mut self) -> Vec<String> {
        assert!(self.end(), "it ended by itself");
        self.said.iter().filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs it to its end.
pub(crate) fn run(args: &[&OsStr]) -> Output {
    command(args).output().unwrap()
}
