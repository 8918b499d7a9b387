//! Reads every key of a vendor as one stream, page by page, without keeping them in memory.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;

use anykey::{Capability, Config, LicenseProviderExt, ListQuery};
use anykey_examples::DemoVendors;
use futures_util::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let vendors = DemoVendors::start(1_000).await?;
    for vendor in vendors.that_can(Capability::ListAll) {
        let provider = vendors.registry().build(&Config::from_toml(&vendor.config)?)?;
        let by_status = provider
            .keys(ListQuery::new().page_size(100))
            .try_fold(BTreeMap::new(), |mut counts: BTreeMap<String, u32>, key| async move {
                *counts.entry(key.status.to_string()).or_default() += 1;
                Ok(counts)
            })
            .await?;
        println!("{}: {by_status:?}", provider.name());
    }
    Ok(())
}
