//! A command-line tool with a license: `tool license KEY`, `tool status`, `tool render`, `tool release`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::io::Read;
use std::process::ExitCode;

use anykey::guard::blocking::Guard;
use anykey::guard::{AccessState, GuardError};
use anykey::{Config, PastedKey, Registry};

const USAGE: &str = "usage: tool license KEY|-  enter a key (- reads it from stdin)
       tool status         show the license
       tool render         do the work
       tool release        free the seat of this computer";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(3)
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode, Box<dyn Error>> {
    let config = Config::from_file("anykey.toml")?;
    let settings = config.guard()?.ok_or("the configuration has no section [guard]")?;
    let builder = settings.builder(Registry::builtin().build(&config)?)?;
    let guard = Guard::from_builder(builder)?;
    match arguments {
        ["license", "-"] => license(&guard, &std::io::read_to_string(std::io::stdin().take(1_000))?),
        ["license", key] => license(&guard, key),
        ["status"] => {
            println!("{}", guard.access());
            Ok(allowed(&guard))
        }
        ["render"] => render(&guard),
        ["release"] => {
            println!("{}", guard.deactivate()?);
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

fn license(guard: &Guard, typed: &str) -> Result<ExitCode, Box<dyn Error>> {
    let pasted = PastedKey::parse(typed)?;
    match guard.activate(pasted.code) {
        Ok(access) => println!("{access}"),
        Err(GuardError::Refused(refusal)) => {
            eprintln!("refused: {refusal}");
            for hint in pasted.hints {
                eprintln!("hint: {hint}");
            }
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The work. It starts without a network, and a check that is due waits for an answer at most as long as a request.
fn render(guard: &Guard) -> Result<ExitCode, Box<dyn Error>> {
    if guard.access().state != AccessState::NotActivated {
        // Without an answer the license stays what it was: `access` is asked afterwards.
        if let Err(error) = guard.refresh_if_due() {
            eprintln!("note: {error}");
        }
    }
    let access = guard.access();
    if !access.is_allowed() {
        eprintln!("{access}");
        return Ok(ExitCode::FAILURE);
    }
    for notice in access.notices().iter() {
        eprintln!("note: {notice}");
    }
    println!("rendered");
    Ok(ExitCode::SUCCESS)
}

fn allowed(guard: &Guard) -> ExitCode {
    if guard.access().is_allowed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
