//! The `anykey` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    anykey_cli::main()
}
