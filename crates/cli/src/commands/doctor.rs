//! `anykey doctor`.

use anykey::adapter::Vendor;
use anykey::{LicenseProvider, ListQuery};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::Value;

use super::config_check::{credential, online};
use crate::args::DoctorArgs;
use crate::config::{Loaded, load, pacing_folder};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{Target, chosen_name};

mod clock;
mod finding;
mod guard;
mod network;
mod redis;
mod roots;
#[cfg(feature = "sim")]
mod signed;
mod webhooks;

use finding::Finding;

pub(super) async fn run(context: &Context, args: DoctorArgs) -> Result<Exit, Failure> {
    let asked = context.global.provider.as_deref().filter(|name| !name.is_empty());
    let loaded = load(context.global.config.as_deref())?;
    let chosen = chosen_name(&loaded, asked).ok();
    let names = loaded.config.names().filter(|name| asked.is_none() || chosen.as_deref() == Some(*name));
    let mut targets = Vec::new();
    for name in names {
        targets.push(Target::of(&loaded, name, chosen.as_deref() == Some(name), &context.registry)?);
    }
    let mut findings = vec![configuration(&loaded)];
    if !matches!(loaded.config.pacing(), Ok(Some(_))) {
        findings.push(pacing());
    }
    findings.extend(redis::examine(&loaded, args.offline).await);
    findings.extend(guard::examine(&loaded.config));
    findings.extend(network::proxies());
    findings.push(roots::examine(targets.iter().any(|target| target.scope.is_elsewhere())));
    let examined = targets.iter().map(|target| provider(context, target, args.offline));
    findings.extend(join_all(examined).await.into_iter().flatten());
    let exit = findings.iter().find_map(Finding::failed).unwrap_or(Exit::Done);
    let mut sink = context.sink()?;
    findings.into_iter().try_for_each(|finding| sink.push(finding))?;
    sink.finish()?;
    Ok(exit)
}

fn configuration(loaded: &Loaded) -> Finding {
    let place = loaded.place.to_string();
    match loaded.place.path().and_then(crate::config::doubt) {
        None => Finding::good(None, "configuration", place),
        Some(doubt) => Finding::warning(
            None,
            "configuration",
            format!("{place}: {doubt}"),
            "let the file and the folders above it belong to you, and take others' right to write: `chmod go-w`",
        ),
    }
}

/// Where the processes of this user keep the vendors' rate limits together.
fn pacing() -> Finding {
    let usable = pacing_folder().filter(|folder| tempfile::tempfile_in(folder).is_ok());
    match usable {
        Some(folder) => {
            let found = format!("kept together with your other processes, in {}", folder.display());
            Finding::good(None, "rate limits", found)
        }
        None => Finding::warning(
            None,
            "rate limits",
            "each process keeps them alone: the user's cache folder cannot be written".to_owned(),
            "set HOME, or make the folder yours; until then run one command at a time",
        ),
    }
}

/// What is right and wrong with one provider.
async fn provider(context: &Context, target: &Target, offline: bool) -> Vec<Finding> {
    let name = Some(target.name.as_str());
    let vendor = context.registry.vendor(&target.config.provider).ok();
    let mut findings: Vec<_> = vendor.and_then(|vendor| contract(target, vendor)).into_iter().collect();
    findings.extend(credential::sources(target).iter().map(|source| Finding::source(&target.name, source)));
    findings.extend(webhooks::examine(context, target));
    match target.open() {
        Err(error) => findings.push(Finding::error(name, "fields", &error)),
        Ok(_) if offline => findings.push(Finding::good(name, "fields", "complete".to_owned())),
        Ok(provider) => {
            findings.push(Finding::good(name, "fields", "complete".to_owned()));
            findings.extend(ask(context, target, &*provider).await);
        }
    }
    findings
}

/// Which state of the vendor's interface the adapter follows.
fn contract(target: &Target, vendor: &Vendor) -> Option<Finding> {
    let date = vendor.contract()?;
    let found = format!("the adapter follows {} as of {date}", vendor.title());
    Some(Finding::good(Some(&target.name), "contract", found))
}

/// What the vendor's answers say. Nothing is changed.
async fn ask(context: &Context, target: &Target, provider: &dyn LicenseProvider) -> Vec<Finding> {
    let name = Some(target.name.as_str());
    let answer = online::call(provider, target.probe()).await;
    let found = online::explain(&answer, &target.scope);
    let mut findings = vec![match &answer {
        Ok(answer) if answer.is_doubtful() => Finding::warning(
            name,
            "vendor",
            found,
            "compare the seller, the environment and the rights of the credential",
        ),
        Ok(_) => Finding::good(name, "vendor", found),
        Err(error) => Finding::failure(name, "vendor", found, Exit::of(error), error.message()),
    }];
    if answer.is_ok() {
        findings.extend(clock::compare(context, target, provider).await);
        findings.extend(products(target, provider).await);
    }
    findings
}

/// Whether each of the allowed products has a key.
async fn products(target: &Target, provider: &dyn LicenseProvider) -> Vec<Finding> {
    let can = |capability| provider.capabilities().contains(capability);
    if !can(anykey::Capability::ListAll) || !can(anykey::Capability::FilterByProduct) {
        return Vec::new();
    }
    let name = Some(target.name.as_str());
    let mut findings = Vec::new();
    for product in allowed_products(target) {
        let query = ListQuery::new().product(product.as_str()).page_size(1);
        findings.push(match provider.list(query).await {
            Ok(page) if page.items.is_empty() => Finding::warning(
                name,
                "products",
                format!("the vendor lists no key of the product {product}"),
                "correct `products`, unless none was sold yet",
            ),
            Ok(_) => Finding::good(name, "products", format!("the product {product} has keys")),
            Err(error) => Finding::error(name, "products", &error),
        });
    }
    findings
}

/// The allowed products of the configuration; empty for any.
fn allowed_products(target: &Target) -> Vec<String> {
    #[derive(Default, Deserialize)]
    struct Fields {
        #[serde(default)]
        products: Vec<Value>,
    }
    let fields: Fields = target.config.settings.read().unwrap_or_default();
    fields.products.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}
