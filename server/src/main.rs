//! `cartera-relay`: see `cartera_relay::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cartera_relay::cli::run(std::env::args_os())
}
