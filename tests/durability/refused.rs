//! A file or a folder that may not be written, for the phone and the relay: told by its code, left as it is.
//!
//! The administrator of a machine may write anywhere, so the process runs as nobody.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::process::run;

const NOBODY: u32 = 65_534;

/// A copy of the program in a folder that nobody may enter.
fn program(folder: &Path) -> std::path::PathBuf {
    let program = folder.join("worker");
    fs::copy(env!("CARGO_BIN_EXE_worker"), &program).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn as_nobody(program: &Path, args: &[&str]) -> Option<Output> {
    Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| !String::from_utf8_lossy(&output.stderr).contains("setpriv:"))
}

fn code_in(output: &Output, code: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains(code), "{code} in {text:?}");
}

#[test]
fn what_may_not_be_written_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let program = program(folder.path());
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let phone = data.join("cartera.db");
    let made = run(&["commands".as_ref(), phone.as_ref(), "1".as_ref()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let given = [&data, &phone].iter().all(|path| chown(path, Some(NOBODY), Some(NOBODY)).is_ok());
    let works = given.then(|| as_nobody(&program, &["commands", &text(&phone), "2"])).flatten();
    let Some(works) = works else {
        eprintln!("skip: no setpriv, or not the administrator here");
        return;
    };
    assert!(works.status.success(), "{}", String::from_utf8_lossy(&works.stderr));

    let before = fs::read(&phone).unwrap();
    fs::set_permissions(&phone, fs::Permissions::from_mode(0o444)).unwrap();
    code_in(&as_nobody(&program, &["commands", &text(&phone), "3"]).unwrap(), "store_read_only");
    fs::set_permissions(&phone, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).unwrap();
    code_in(&as_nobody(&program, &["commands", &text(&phone), "4"]).unwrap(), "store_read_only");
    code_in(&as_nobody(&program, &["recover", &text(&phone), "4"]).unwrap(), "store_read_only");
    code_in(&as_nobody(&program, &["commands", &text(&data.join("new.db")), "5"]).unwrap(), "store_");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(fs::read(&phone).unwrap(), before, "as it was");
    let again = as_nobody(&program, &["commands", &text(&phone), "6"]).unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
}
