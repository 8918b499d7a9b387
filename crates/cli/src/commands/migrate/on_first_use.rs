//! The configuration of a router that imports a key when its customer next activates.

use std::collections::BTreeMap;

use anykey::CreateRequest;
use anykey::router::{ImportPreview, Router};
use serde::Serialize;

use super::view::FirstUseView;
use super::{mapping, open};
use crate::args::{Format, PlanArgs};
use crate::config::load;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// What the router may be called: the first name that no provider has.
const NAMES: [&str; 3] = ["all", "both", "customers"];

pub(super) async fn run(context: &Context, args: &PlanArgs) -> Result<Exit, Failure> {
    let (from, to) = (args.ends.from.as_str(), args.ends.to.as_str());
    if !args.ends.only.is_empty() {
        return Err(Failure::Usage("`--only` cannot narrow `--on-first-use`: any key may come".to_owned()));
    }
    let mapping = mapping(&args.ends.map)?;
    let name = free_name(context)?;
    let router = Router::builder(name)
        .provider(open(context, from)?.1)
        .provider(open(context, to)?.1)
        .chain([to, from])
        .create(to)
        .import_on_activate([from], mapping.clone())
        .build()?;
    let preview = match args.sample().await? {
        Some(pasted) => Some(router.preview_import(&pasted.code).await?),
        None => None,
    };
    let sample = preview.as_ref().map(|preview| described(preview, to)).unwrap_or_default();
    let configuration = configuration(name, from, to, &mapping.to_toml(&["providers", name, "mapping"]))?;
    match context.format() {
        Format::Table => context.print_bytes(configuration.as_bytes())?,
        _ => context.print(&FirstUseView::new(from, to, configuration, sample.clone()))?,
    }
    explain(context, name, from, to);
    if !sample.is_empty() {
        context.note(&format!("the next activation of the sample: {sample}"));
    }
    Ok(match preview {
        Some(ImportPreview::Stays { reason: Some(_), .. }) => Exit::Refused,
        _ => Exit::Done,
    })
}

fn free_name(context: &Context) -> Result<&'static str, Failure> {
    let loaded = load(context.global.config.as_deref())?;
    let is_free = |name: &&str| loaded.config.provider(name).is_err();
    NAMES
        .into_iter()
        .find(is_free)
        .ok_or_else(|| Failure::Usage(format!("a provider is called {} each; rename one", NAMES.join(", "))))
}

/// The router's table, as it stands in a configuration.
#[derive(Serialize)]
struct RouterTable<'a> {
    provider: &'a str,
    chain: [&'a str; 2],
    create: &'a str,
    import_on_activate: [&'a str; 1],
}

fn configuration(name: &str, from: &str, to: &str, mapping: &str) -> Result<String, Failure> {
    let router =
        RouterTable { provider: "router", chain: [to, from], create: to, import_on_activate: [from] };
    let tables = BTreeMap::from([("providers", BTreeMap::from([(name, router)]))]);
    let tables = toml::to_string(&tables).map_err(std::io::Error::other)?;
    Ok(format!("\n{tables}\n{mapping}"))
}

/// Says what will happen, and who sees what.
fn explain(context: &Context, name: &str, from: &str, to: &str) {
    for text in [
        format!(
            "nothing was written; with these tables in the configuration, `{name}` creates a key of `{from}` at \
             `{to}` when its customer next activates: the same code, limit and end"
        ),
        format!(
            "`{to}` sees each code that is activated, before `{from}` does, and `{from}` each one that `{to}` does not \
             know"
        ),
        format!(
            "the router runs on your server, since creating keys at `{to}` needs your credential; seats that are taken \
             stay at `{from}` until the installation gives them back"
        ),
        format!(
            "a key that cannot be imported is activated at `{from}`, with the reason in the trace; --sample KEY tries \
             one"
        ),
    ] {
        context.note(&text);
    }
}

fn described(preview: &ImportPreview, to: &str) -> String {
    match preview {
        ImportPreview::Created(request) => format!("it is created at `{to}` with {}", terms(request)),
        ImportPreview::Stays { provider, reason: Some(reason), .. } => {
            format!("it stays at `{provider}`: {reason}")
        }
        ImportPreview::Stays { provider, .. } => format!("`{provider}` has it already"),
        _ => String::new(),
    }
}

fn terms(request: &CreateRequest) -> String {
    let customer =
        request.customer.as_ref().map_or("no customer".to_owned(), |id| format!("the customer {id}"));
    let CreateRequest { product, activation_limit, expiry, .. } = request;
    format!("the product {product}, {customer}, seats: {activation_limit}, end: {expiry}")
}

#[cfg(test)]
mod tests {
    use anykey::Config;

    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let (from, to) = ("old \"shop\"", "new\\shop");
        let text = configuration("all", from, to, "").unwrap();
        let config = Config::from_toml(&text).unwrap();
        let router: serde_json::Value = config.provider("all").unwrap().settings.read().unwrap();
        assert_eq!(router["chain"], serde_json::json!([to, from]));
        assert_eq!((&router["create"], &router["import_on_activate"][0]), (&to.into(), &from.into()));
    }
}
