//! An app that sells through two vendors: a table of customers, one router, and no branch on the vendor.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use anykey::{
    ActivateRequest, Config, CreateRequest, DeactivateRequest, KeyCode, LicenseProvider, LicenseProviderExt,
    ListQuery, Providers, ValidateRequest,
};
use anykey_examples::DemoVendors;
use futures_util::TryStreamExt;

/// A row of the table, by key.
#[derive(Debug, Default)]
struct Customer {
    /// The provider's name, as in the configuration.
    provider: String,
    /// The vendor's id of the seat; empty while there is none.
    activation: String,
}

type Licenses = Arc<dyn LicenseProvider>;
type Table = BTreeMap<String, Customer>;

/// A customer enters a key: the row remembers where it belongs.
async fn activate(licenses: &Licenses, table: &mut Table, key: &str) -> anykey::Result<()> {
    let seat = licenses.activate(ActivateRequest::new(KeyCode::parse(key)?, "laptop")).await?;
    let (provider, activation) = seat.id.as_str().split_once(':').unwrap_or_default();
    table.insert(
        key.to_owned(),
        Customer { provider: provider.to_owned(), activation: activation.to_owned() },
    );
    Ok(())
}

/// The daily check. Without an answer the customer keeps what was known.
async fn is_licensed(licenses: &Licenses, key: &str, row: &Customer) -> anykey::Result<bool> {
    let request = ValidateRequest::new(KeyCode::parse(key)?);
    let seat = format!("{}:{}", row.provider, row.activation);
    let request = if row.activation.is_empty() { request } else { request.activation(seat) };
    match licenses.validate(request).await {
        Ok(validation) => Ok(validation.is_valid()),
        Err(error) if error.is_transient() => Ok(true),
        Err(error) => Err(error),
    }
}

async fn deactivate(licenses: &Licenses, key: &str, row: &mut Customer) -> anykey::Result<()> {
    let seat = format!("{}:{}", row.provider, row.activation);
    licenses.deactivate(DeactivateRequest::new(KeyCode::parse(key)?, seat)).await?;
    row.activation.clear();
    Ok(())
}

/// The keys of all vendors, into the table; and a key of an old shop, with its code.
async fn import(licenses: &Licenses, table: &mut Table, old: &str) -> anykey::Result<()> {
    let mut keys = licenses.keys(ListQuery::new());
    let mut owner = None;
    while let Some(key) = keys.try_next().await? {
        owner = owner.or(key.customer.zip(key.product));
        table.entry(key.code.expose().to_owned()).or_default().provider = key.provider.into_owned();
    }
    if let Some((customer, product)) = owner {
        let created = licenses.create(CreateRequest::new(KeyCode::parse(old)?, customer, product)).await?;
        table.entry(old.to_owned()).or_default().provider = created.provider.into_owned();
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let vendors = DemoVendors::start(2).await?;
    let [first, second] = vendors.two_that_list_and_create()?;
    let config = Config::from_toml(&format!(
        "default = \"all\"\n[providers.all]\nprovider = \"router\"\nchain = [\"main\", \"legacy\"]\n\
         [providers.main]\n{}[providers.legacy]\n{}",
        first.config, second.config
    ))?;
    let licenses = Providers::open_with(&vendors.registry(), &config)?.default_provider()?;
    let mut table = Table::new();
    import(&licenses, &mut table, "FROM-AN-OLD-SHOP").await?;
    for key in [&first.good_key, &second.good_key] {
        activate(&licenses, &mut table, key).await?;
    }
    for (key, row) in &mut table {
        let answer = if is_licensed(&licenses, key, row).await? { "licensed" } else { "not licensed" };
        println!("{:6} {:4} {answer}", row.provider, if row.activation.is_empty() { "" } else { "seat" });
        if !row.activation.is_empty() {
            deactivate(&licenses, key, row).await?;
        }
    }
    Ok(())
}
