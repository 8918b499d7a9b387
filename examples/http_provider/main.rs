//! A custom adapter for a vendor with an HTTP API, in the modules that every adapter has, with a small simulator of
//! the vendor. `cargo run --example http_provider` runs it, and
//! `cargo test -p anykey-examples --example http_provider` runs the conformance suite and the golden requests.
//!
//! Copy `acme/` into a crate of your own: `acme.rs` becomes its `lib.rs`, `pub(crate)` what it exports becomes
//! `pub`, and `anykey` becomes `anykey_core`, which has the same names.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::sync::Arc;

use anykey::{
    ActivateRequest, Config, HttpTransport, KeyCode, LicenseProvider, ListQuery, ManualClock, Registry,
    Result, SecretResolver, SecretString, Timestamp, ValidateRequest,
};

mod acme;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod golden;
mod simulator;

use simulator::{AcmeSim, Sold};

/// What an app writes into its configuration.
const CONFIG: &str = r#"
    provider = "acme"
    token = { env = "ACME_TOKEN" }
    products = ["app"]
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let sim = AcmeSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    let (_, typed) = sim.sell(Sold { product: "app", customer: "ada", seats: 1, ends_at: None });
    sim.sell(Sold { product: "other", customer: "ada", seats: -1, ends_at: None });
    let provider = provider(CONFIG, sim)?;

    let code = KeyCode::parse(&typed)?;
    let seat = provider.activate(ActivateRequest::new(code.clone(), "first device")).await?;
    println!("{} took {}", seat.label, seat.id);
    if let Err(refused) = provider.activate(ActivateRequest::new(code.clone(), "second device")).await {
        println!("{refused}");
    }
    let answer = provider.validate(ValidateRequest::new(code).activation(seat.id.as_str())).await?;
    println!("valid: {}", answer.is_valid());
    for key in provider.list(ListQuery::new()).await?.items {
        println!("{} for {:?}: {}", key.id, key.product, key.status);
    }
    Ok(())
}

/// The provider of `config`. Without the call of `with_transport` it would talk to the vendor itself.
fn provider(config: &str, vendor: impl HttpTransport) -> Result<Arc<dyn LicenseProvider>> {
    let registry = Registry::builtin().with(acme::VENDOR).with_secrets(Token);
    registry.with_transport(Arc::new(vendor)).build(&Config::from_toml(config)?)
}

/// An environment in which `ACME_TOKEN` is set.
struct Token;

impl SecretResolver for Token {
    fn env(&self, name: &str) -> Option<SecretString> {
        (name == "ACME_TOKEN").then(|| simulator::TOKEN.into())
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}
