//! One function for every vendor: lists the keys, activates, validates, deactivates, and is refused. What a vendor does
//! not have is asked of its capabilities and left out.
//!
//! `cargo run --example quickstart` needs no account and no network: the vendors are simulators on loopback.

#![allow(clippy::print_stdout)]

use std::error::Error;

use anykey::{
    ActivateRequest, ActivationLimit, Capability, Config, DeactivateRequest, KeyCode, LicenseProvider,
    LicenseProviderExt, ListQuery, Refusal, Timestamp, ValidateRequest,
};
use anykey_examples::{DemoVendor, DemoVendors};
use comfy_table::{Table, presets};
use futures_util::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let vendors = DemoVendors::start(3).await?;
    for vendor in &vendors.vendors {
        println!("anykey.toml\n-----------\n{}", vendor.config);
        let provider = vendors.registry().build(&Config::from_toml(&vendor.config)?)?;
        show_everything(&*provider, vendor).await?;
    }
    Ok(())
}

/// Does not depend on the vendor. What the provider does not declare is left out.
async fn show_everything(provider: &dyn LicenseProvider, vendor: &DemoVendor) -> anykey::Result<()> {
    if provider.capabilities().contains(Capability::ListAll) {
        println!("{}\n", key_table(provider).await?);
    } else {
        println!("{} cannot {}\n", provider.name(), Capability::ListAll.description());
    }

    let code = KeyCode::parse(&vendor.good_key)?;
    let mut request = ValidateRequest::new(code.clone());
    let mut seat = None;
    if provider.capabilities().contains(Capability::Activate) {
        let activation = provider.activate(ActivateRequest::new(code.clone(), "studio-mac")).await?;
        println!("activated    {}  on studio-mac", code.masked());
        request = request.activation(activation.id.clone());
        seat = Some(activation.id);
    } else {
        println!("no seats     {} keys are validated without activating them", provider.vendor());
    }

    let validation = provider.validate(request).await?;
    println!("validated    {}  valid: {}", code.masked(), validation.is_valid());

    if let Some(seat) = seat {
        provider.deactivate(DeactivateRequest::new(code.clone(), seat)).await?;
        println!("deactivated  {}", code.masked());
    }

    let disabled = KeyCode::parse(&vendor.disabled_key)?;
    if let Some(refusal) = refusal_of(provider, &disabled).await? {
        println!("refused      {}  {refusal}\n", disabled.masked());
    }
    Ok(())
}

/// Why a key cannot be used; `None` if it can.
async fn refusal_of(provider: &dyn LicenseProvider, code: &KeyCode) -> anykey::Result<Option<Refusal>> {
    if !provider.capabilities().contains(Capability::Activate) {
        let validation = provider.validate(ValidateRequest::new(code.clone())).await?;
        return Ok(validation.refusal().cloned());
    }
    match provider.activate(ActivateRequest::new(code.clone(), "studio-mac")).await {
        Ok(_) => Ok(None),
        Err(error) => error.refusal().cloned().map(Some).ok_or(error),
    }
}

async fn key_table(provider: &dyn LicenseProvider) -> anykey::Result<Table> {
    let now = Timestamp::now();
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_header(["KEY", "STATUS", "SEATS", "EXPIRES", "PRODUCT"]);
    let mut keys = provider.keys(ListQuery::new());
    while let Some(key) = keys.try_next().await? {
        let seats = match (key.activations.used, key.activations.limit) {
            (_, ActivationLimit::NotAllowed) => "no seats".to_owned(),
            (Some(used), limit) => format!("{used} of {limit}"),
            (None, limit) => format!("? of {limit}"),
        };
        table.add_row([
            key.code.masked().to_string(),
            key.status_at(now).to_string(),
            seats,
            key.expiry.to_string(),
            key.product.map_or_else(String::new, |product| product.to_string()),
        ]);
    }
    Ok(table)
}
