//! An app that sells through two vendors and stores, with each customer's key, only a provider's name.

#![allow(clippy::print_stdout)]

use std::error::Error;

use anykey::{Capability, Config, KeyCode, Providers, ValidateRequest};
use anykey_examples::DemoVendors;

/// A row of the app's table of customers.
struct Customer {
    name: &'static str,
    provider: &'static str,
    key: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let vendors = DemoVendors::start(0).await?;
    // The app asks about a key alone, without an activation.
    let mut suitable = vendors.that_can(Capability::ValidateWithoutSeat);
    let (Some(legacy), Some(main)) = (suitable.next(), suitable.next()) else {
        return Err("two vendors are needed".into());
    };
    let config =
        format!("default = \"main\"\n[providers.main]\n{}[providers.legacy]\n{}", main.config, legacy.config);
    let providers = Providers::open_with(&vendors.registry(), &Config::from_toml(&config)?)?;

    let customers = [
        Customer { name: "Ada", provider: "main", key: main.good_key.clone() },
        Customer { name: "Bob", provider: "legacy", key: legacy.good_key.clone() },
        Customer { name: "Cleo", provider: "legacy", key: legacy.disabled_key.clone() },
    ];
    for customer in customers {
        let answer = is_licensed(&providers, &customer).await?;
        println!("{:5} {:7} {answer}", customer.name, customer.provider);
    }
    Ok(())
}

async fn is_licensed(providers: &Providers, customer: &Customer) -> anykey::Result<String> {
    let provider = providers.get(customer.provider)?;
    let validation = provider.validate(ValidateRequest::new(KeyCode::parse(&customer.key)?)).await?;
    Ok(match validation.refusal() {
        None => "licensed".to_owned(),
        Some(refusal) => format!("not licensed: {refusal}"),
    })
}
