//! What runs in a process of its own: a relay, whose memory and processor time are not the phones'; a phone that has
//! just been started.
//!
//! The bench calls itself. A child prints what it measured, one word and one number a line.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use cartera_core::env::{Env, SystemEnv};
use cartera_relay::app::{App, Folder};
use cartera_relay::{Listen, Listener, serve};

use super::{Failure, device, meter};

/// Before the name of what a child is to do.
pub const FLAG: &str = "--child";

/// Does what the arguments after [`FLAG`] say.
pub fn run(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> Result<(), Failure> {
    let name = arguments.next().and_then(|name| name.into_string().ok()).unwrap_or_default();
    let path = PathBuf::from(arguments.next().unwrap_or_default());
    match name.as_str() {
        "relay" => relay(&path),
        "open" => device::open_cold(&path),
        "bare-open" => device::open_bare(&path),
        "day" => device::a_day(&path),
        _ => Err(format!("no child is called {name:?}").into()),
    }
}

/// Serves the folder until its input ends.
fn relay(folder: &Path) -> Result<(), Failure> {
    let listener = Listener::bind(&Listen::loopback())?;
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    let app = App::open(&Folder::new(folder), env, listener.settings())?;
    let running = serve(app, listener)?;
    say("url", running.url());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(running.stop()?)
}

/// A line of a child's answer.
pub(super) fn say(word: &str, value: impl std::fmt::Display) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{word} {value}").and_then(|()| out.flush());
}

fn command(name: &str, path: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([FLAG, name]).arg(path).stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(command)
}

/// Runs a child to its end and gives the numbers that it said.
pub(super) fn ask<const N: usize>(name: &str, path: &Path, words: [&str; N]) -> Result<[f64; N], Failure> {
    let output = command(name, path)?.stdin(Stdio::null()).output()?;
    let text = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(format!("the child {name} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let number = |word: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(said, _)| *said == word).and_then(|(_, number)| number.parse().ok())
    };
    let found = words.map(number);
    if found.contains(&None) {
        return Err(format!("the child {name} said {text:?}").into());
    }
    Ok(found.map(Option::unwrap_or_default))
}

/// A relay in a process of its own; ends when dropped.
pub(super) struct RelayProcess {
    child: Child,
    pub(super) url: String,
}

impl RelayProcess {
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        let mut child = command("relay", folder)?.spawn()?;
        let out = child.stdout.take().ok_or("a child has an output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let url = line.trim().strip_prefix("url ").ok_or("the relay did not start")?.to_owned();
        Ok(Self { child, url })
    }

    pub(super) fn cpu_ms(&self) -> f64 {
        meter::cpu_of_ms(self.child.id())
    }

    pub(super) fn peak_mb(&self) -> f64 {
        meter::peak_mb(&self.child.id().to_string())
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
