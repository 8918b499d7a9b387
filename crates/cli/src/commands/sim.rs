//! `anykey sim`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anykey::sim::{PlaneAccess, Role, Simulator, simulators};
use anykey_testkit::LoopbackServer;
use serde::Serialize;
use url::Url;

use crate::args::{Format, Seed, SimArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::sim::{Served, SimulatedSeller, Tokens, TriggerTransport, configuration, further_planes};

mod chaos;
mod deliveries;
#[cfg(feature = "sim-ui")]
mod page;

pub(super) async fn run(context: &Context, args: SimArgs) -> Result<Exit, Failure> {
    let webhooks = args.webhooks.as_ref().map(Url::as_str);
    check_releases(&args.releases)?;
    let keys = if args.seed.is_some() { 0 } else { args.keys };
    let clock = context.clock.clone();
    #[cfg(feature = "sim-ui")]
    let mut page = args.ui.map(|port| page::PageDraft::new(clock.clone(), port));
    #[cfg(feature = "sim-ui")]
    let clock = page.as_ref().map_or(clock, page::PageDraft::clock);
    let open = |simulator: Simulator| {
        let release = args.releases.iter().find(|(vendor, _)| vendor == simulator.vendor);
        let release = release.map(|(_, release)| release.as_str());
        SimulatedSeller::open_release(simulator, release, clock.clone(), keys, webhooks)
    };
    #[cfg_attr(not(feature = "sim-ui"), expect(unused_mut, reason = "only the page changes them"))]
    let mut sellers = simulators().into_iter().map(open).collect::<anykey::Result<Vec<_>>>()?;
    let roles: Vec<_> = sellers.iter().map(|seller| keys_of_roles(seller, args.seed)).collect();
    if let Some(seed) = args.chaos {
        sellers.iter().for_each(|seller| seller.vendor.faults().inject(chaos::rule(seed)));
        context.note(&format!("one request in ten fails; repeat it with --chaos={seed}"));
    }
    #[cfg(feature = "sim-ui")]
    if let Some(page) = &mut page {
        page.watch(&mut sellers, args.webhooks.as_ref())?;
    }
    let mut servers = Vec::new();
    for seller in &sellers {
        let (vendor, api) = (Arc::clone(&seller.vendor), Arc::clone(&seller.transport));
        let api = TriggerTransport::new(vendor, api, seller.webhooks.is_some());
        let server = LoopbackServer::start(Arc::new(api))
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
        None if context.format() == Format::Table => {
            context.print_bytes(script(&served, &roles).as_bytes())?;
        }
        None => {}
    }
    if context.format() != Format::Table {
        let views = served.iter().zip(&roles).map(|(served, roles)| SellerView::new(served, roles));
        context.print_each(views.collect())?;
    } else if args.write.is_some() && args.seed.is_some() {
        context.print_bytes(samples(&served, &roles).as_bytes())?;
    }
    #[cfg(feature = "sim-ui")]
    let page = match page {
        Some(page) => Some(page.serve(&urls).await?),
        None => None,
    };
    context.note("the simulators run until Ctrl-C");
    #[cfg(feature = "sim-ui")]
    if let Some(page) = &page {
        page::show(context, page, args.webhooks.as_ref()).await;
        std::future::pending::<()>().await;
    }
    if let Some(url) = &args.webhooks {
        deliveries::send(context, &sellers, url).await;
    }
    std::future::pending::<()>().await;
    Ok(Exit::Done)
}

/// # Errors
///
/// A vendor that is not simulated, or a release that it does not have.
fn check_releases(releases: &[(String, String)]) -> Result<(), Failure> {
    for (vendor, release) in releases {
        let known = simulators();
        let Some(simulator) = known.iter().find(|simulator| simulator.vendor == vendor) else {
            let known: Vec<_> = known.iter().map(|simulator| simulator.vendor).collect();
            return Err(Failure::Usage(format!(
                "there is no simulator of `{vendor}`; known are {}",
                known.join(", ")
            )));
        };
        if !simulator.releases.contains(&release.as_str()) {
            let known = simulator.releases.join(", ");
            return Err(Failure::Usage(format!("`{vendor}` has no release `{release}`; known are {known}")));
        }
    }
    Ok(())
}

/// One key of each state that the vendor has: the state's name, and the key as its customer types it.
fn keys_of_roles(seller: &SimulatedSeller, seed: Option<Seed>) -> Vec<(&'static str, String)> {
    let Some(Seed::Roles) = seed else { return Vec::new() };
    let sold = |role: Role| Some((role.name(), seller.vendor.seed(role)?.code.expose().to_owned()));
    Role::ALL.into_iter().filter_map(sold).collect()
}

/// Writes configuration and tokens, and returns the configuration's path.
fn write(folder: &Path, served: &[Served<'_>]) -> Result<PathBuf, Failure> {
    let failed = |error| Failure::Usage(format!("cannot write into {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let folder = folder.canonicalize().map_err(failed)?;
    for served in served {
        let name = format!("{}.token", served.seller.provider);
        std::fs::write(folder.join(name), &served.seller.token).map_err(failed)?;
        if let Some(secret) = served.webhook_secret() {
            let name = format!("{}.webhook_secret", served.seller.provider);
            std::fs::write(folder.join(name), secret).map_err(failed)?;
        }
        for plane in served.further_planes() {
            for (variable, secret) in plane.secrets.iter() {
                std::fs::write(folder.join(format!("{variable}.secret")), secret).map_err(failed)?;
            }
        }
    }
    let file = folder.join("anykey.toml");
    let tokens = Tokens::Files(&folder);
    std::fs::write(&file, configuration(served, tokens) + &further_planes(served, tokens)).map_err(failed)?;
    Ok(file)
}

/// The configuration, with what else is needed as comments.
fn script(served: &[Served<'_>], roles: &[Vec<(&str, String)>]) -> String {
    let mut text = String::from("# Save this as anykey.toml, and in your shell:\n");
    for served in served {
        text.push_str(&format!("#   export {}={}\n", served.token_variable(), served.seller.token));
        if let Some(secret) = served.webhook_secret() {
            let variable = served.webhook_secret_variable();
            text.push_str(&format!("#   export {variable}={secret}\n"));
        }
        let planes: Vec<_> = served.further_planes().collect();
        let further = planes.iter().flat_map(|plane| plane.secrets.iter());
        for (variable, secret) in further.filter(|(variable, _)| *variable != served.token_variable()) {
            text.push_str(&format!("#   export {variable}={secret}\n"));
        }
    }
    text.push_str(&samples(served, roles));
    text + &configuration(served, Tokens::Variables) + &further_planes(served, Tokens::Variables)
}

/// License keys to try, as comments.
fn samples(served: &[Served<'_>], roles: &[Vec<(&str, String)>]) -> String {
    let mut text = String::from("# License keys to try:\n");
    for (Served { seller, .. }, roles) in served.iter().zip(roles) {
        let samples = &seller.samples;
        let sold = [
            ("good", Some(&samples.good)),
            ("ended", samples.ended.as_ref()),
            ("disabled", samples.disabled.as_ref()),
        ];
        let sold =
            sold.into_iter().filter_map(|(sort, key)| Some((sort, key.filter(|key| !key.is_empty())?)));
        for (sort, key) in sold.chain(roles.iter().map(|(role, key)| (*role, key))) {
            text.push_str(&format!("#   {:<5} {sort:<8} {key}\n", seller.provider));
        }
    }
    text
}

/// A simulator that runs.
#[derive(Serialize)]
struct SellerView {
    provider: &'static str,
    base_url: String,
    token: String,
    /// `None` without webhooks, and at a vendor that signs them with something else.
    webhook_secret: Option<String>,
    organization_id: Option<String>,
    good_key: String,
    ended_key: Option<String>,
    disabled_key: Option<String>,
    /// `good=… full=…`: one key in each state, with `--seed roles`.
    role_keys: Option<String>,
    /// The credential of a customer's own plane, at a vendor that has one.
    session_token: Option<String>,
}

impl SellerView {
    fn new(served: &Served<'_>, roles: &[(&str, String)]) -> Self {
        let session = served.further_planes().find(|plane| plane.access == PlaneAccess::Customer);
        let session =
            session.and_then(|plane| plane.secrets.iter().next().map(|(_, secret)| secret.to_owned()));
        let of_role = |name: &str| roles.iter().find(|(role, _)| *role == name).map(|(_, key)| key.clone());
        let listed: Vec<_> = roles.iter().map(|(role, key)| format!("{role}={key}")).collect();
        let organization_id = served.seller.organization_id();
        let SimulatedSeller { provider, token, samples, .. } = served.seller.clone();
        Self {
            provider,
            base_url: served.url.to_owned(),
            token,
            webhook_secret: served.webhook_secret().map(str::to_owned),
            organization_id,
            good_key: of_role(Role::Good.name()).unwrap_or(samples.good),
            ended_key: samples.ended.or_else(|| of_role(Role::Expired.name())),
            disabled_key: samples.disabled.or_else(|| of_role(Role::Disabled.name())),
            role_keys: (!listed.is_empty()).then(|| listed.join(" ")),
            session_token: session,
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
        "role_keys",
        "session_token",
    ];
    const COLUMNS: &'static [Column] = &[Column::new("PROVIDER", 0), Column::new("BASE URL", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![self.provider.into(), self.base_url.as_str().into()]
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        vec![Fact::new("provider", self.provider), Fact::new("base url", self.base_url.as_str())]
    }
}
