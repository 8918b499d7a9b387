//! `anykey sim`.

use std::path::{Path, PathBuf};

use anykey::sim::simulators;
use anykey_testkit::LoopbackServer;
use serde::Serialize;
use url::Url;

use crate::args::{Format, SimArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::sim::{Served, SimulatedSeller, Tokens, configuration};

mod deliveries;

pub(super) async fn run(context: &Context, args: SimArgs) -> Result<Exit, Failure> {
    let webhooks = args.webhooks.as_ref().map(Url::as_str);
    let open = |simulator| SimulatedSeller::open(simulator, context.clock.clone(), args.keys, webhooks);
    let sellers = simulators().into_iter().map(open).collect::<anykey::Result<Vec<_>>>()?;
    let mut servers = Vec::new();
    for seller in &sellers {
        let server = LoopbackServer::start(seller.transport.clone())
            .await
            .map_err(|error| Failure::Usage(format!("no simulator can be started: {error}")))?;
        servers.push(server);
    }
    let urls: Vec<_> = servers.iter().map(LoopbackServer::url).collect();
    let served: Vec<_> = sellers.iter().zip(&urls).map(|(seller, url)| Served::new(seller, url)).collect();
    match &args.write {
        Some(folder) => {
            let file = write(folder, &served)?;
            context.note(&format!("wrote {}", file.display()));
        }
        None if context.format() == Format::Table => context.print_bytes(script(&served).as_bytes())?,
        None => {}
    }
    if context.format() != Format::Table {
        context.print_each(served.iter().map(SellerView::new).collect())?;
    }
    context.note("the simulators run until Ctrl-C");
    if let Some(url) = &args.webhooks {
        deliveries::send(context, &sellers, url).await;
    }
    std::future::pending::<()>().await;
    Ok(Exit::Done)
}

/// Writes configuration and tokens, and tells the configuration's path.
fn write(folder: &Path, served: &[Served<'_>]) -> Result<PathBuf, Failure> {
    let failed = |error| Failure::Usage(format!("cannot write into {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let folder = folder.canonicalize().map_err(failed)?;
    for served in served {
        let name = format!("{}.token", served.seller.provider);
        std::fs::write(folder.join(name), &served.seller.token).map_err(failed)?;
        if let Some(webhooks) = &served.seller.webhooks {
            let name = format!("{}.webhook_secret", served.seller.provider);
            std::fs::write(folder.join(name), &webhooks.secret).map_err(failed)?;
        }
    }
    let file = folder.join("anykey.toml");
    std::fs::write(&file, configuration(served, Tokens::Files(&folder))).map_err(failed)?;
    Ok(file)
}

/// The configuration, with what else is needed as comments.
fn script(served: &[Served<'_>]) -> String {
    let mut text = String::from("# Save this as anykey.toml, and in your shell:\n");
    for served in served {
        text.push_str(&format!("#   export {}={}\n", served.token_variable(), served.seller.token));
        if let Some(webhooks) = &served.seller.webhooks {
            let variable = served.webhook_secret_variable();
            text.push_str(&format!("#   export {variable}={}\n", webhooks.secret));
        }
    }
    text.push_str("# License keys to try:\n");
    for Served { seller, .. } in served {
        let samples = &seller.samples;
        let further = [("ended", &samples.ended), ("disabled", &samples.disabled)];
        let further = further.into_iter().filter_map(|(sort, key)| Some((sort, key.as_ref()?)));
        for (sort, key) in std::iter::once(("good", &samples.good)).chain(further) {
            text.push_str(&format!("#   {:<5} {sort:<8} {key}\n", seller.provider));
        }
    }
    text + &configuration(served, Tokens::Variables)
}

/// A simulator that runs.
#[derive(Serialize)]
struct SellerView {
    provider: &'static str,
    base_url: String,
    token: String,
    webhook_secret: Option<String>,
    organization_id: Option<String>,
    good_key: String,
    ended_key: Option<String>,
    disabled_key: Option<String>,
}

impl SellerView {
    fn new(served: &Served<'_>) -> Self {
        let organization_id = served.seller.organization_id();
        let SimulatedSeller { provider, token, samples, webhooks, .. } = served.seller.clone();
        Self {
            provider,
            base_url: served.url.to_owned(),
            token,
            webhook_secret: webhooks.map(|webhooks| webhooks.secret),
            organization_id,
            good_key: samples.good,
            ended_key: samples.ended,
            disabled_key: samples.disabled,
        }
    }
}

impl Row for SellerView {
    const FIELDS: &'static [&'static str] = &[
        "provider",
        "base_url",
        "token",
        "webhook_secret",
        "organization_id",
        "good_key",
        "ended_key",
        "disabled_key",
    ];
    const COLUMNS: &'static [Column] = &[Column::new("PROVIDER", 0), Column::new("BASE URL", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![self.provider.into(), self.base_url.as_str().into()]
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        vec![Fact::new("provider", self.provider), Fact::new("base url", self.base_url.as_str())]
    }
}
