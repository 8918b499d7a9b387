//! A custom vendor: a seller without a billing service, whose codes have a fixed number of seats. One call adds it
//! to the registry, and it passes the conformance suite:
//! `cargo test -p anykey-examples --example custom_provider`.

#![allow(clippy::print_stdout)]

use anykey::{ActivateRequest, Config, KeyCode, Registry, Result};

mod acme;
#[cfg(test)]
mod conformance;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let config = Config::from_toml(
        "provider = \"acme\"\nproduct = \"app\"\nseats = 1\ncodes = [\"ACME-0001\", \"ACME-0002\"]\n",
    )?;
    let provider = Registry::builtin().with(acme::VENDOR).build(&config)?;

    let code = KeyCode::parse("ACME-0001")?;
    let seat = provider.activate(ActivateRequest::new(code.clone(), "first device")).await?;
    println!("{} took {}", seat.label, seat.id);
    if let Err(refused) = provider.activate(ActivateRequest::new(code, "second device")).await {
        println!("{refused}");
    }
    Ok(())
}
