use std::fmt::Write;
use std::path::{Path, PathBuf};

use anykey::sim::{PlaneAccess, SimulatedPlane};
use serde_json::{Value, json};

use super::SimulatedSeller;

/// A seller whose vendor is reachable.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Served<'a> {
    /// The seller.
    pub seller: &'a SimulatedSeller,
    /// Where its API is, such as `http://127.0.0.1:7700`.
    pub url: &'a str,
}

impl<'a> Served<'a> {
    /// `seller`, whose vendor's API is at `url`.
    #[must_use]
    pub const fn new(seller: &'a SimulatedSeller, url: &'a str) -> Self {
        Self { seller, url }
    }

    /// The planes of the vendor's API besides the seller's own.
    pub fn further_planes(&self) -> impl Iterator<Item = SimulatedPlane> + use<> {
        let own = self.seller.plane.name;
        self.seller.vendor.planes().into_iter().filter(move |plane| plane.name != own)
    }

    /// The environment variable that [`Tokens::Variables`] writes for the token: `DODO_SIM_TOKEN`.
    #[must_use]
    pub fn token_variable(&self) -> String {
        format!("{}_SIM_TOKEN", self.seller.provider.to_uppercase())
    }

    /// The same for the secret of its webhooks: `DODO_SIM_WEBHOOK_SECRET`.
    #[must_use]
    pub fn webhook_secret_variable(&self) -> String {
        format!("{}_SIM_WEBHOOK_SECRET", self.seller.provider.to_uppercase())
    }

    /// The secret of its webhooks; `None` without webhooks, and at a vendor that signs them with something else.
    #[must_use]
    pub fn webhook_secret(&self) -> Option<&'a str> {
        let secret = self.seller.webhooks.as_ref()?.secret.as_str();
        (!secret.is_empty()).then_some(secret)
    }
}

/// Where a configuration says that the tokens and the secrets of webhooks are.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Tokens<'a> {
    /// In environment variables.
    Variables,
    /// In files of this directory, called `dodo.token`, `dodo.webhook_secret` and so on.
    Files(&'a Path),
}

/// The configuration, as TOML, that reaches the vendors. The default is the first one with a plane for installed apps
/// that needs no credential.
#[must_use]
pub fn configuration(sellers: &[Served<'_>], tokens: Tokens<'_>) -> String {
    let mut text = String::new();
    let has_public_plane = |served: &&Served<'_>| {
        let mut planes = served.further_planes();
        planes.any(|plane| plane.access == PlaneAccess::Device && !plane.authenticates_device_calls)
    };
    if let Some(default) = sellers.iter().find(has_public_plane).or_else(|| sellers.first()) {
        line(&mut text, format_args!("default = \"{}\"", default.seller.provider));
    }
    for served in sellers {
        let provider = served.seller.provider;
        line(&mut text, format_args!("\n[providers.{provider}]\nprovider = \"{provider}\""));
        let mut plane = served.seller.plane.clone().field("base_url", served.url);
        if let Tokens::Files(folder) = tokens {
            plane = with_files(plane, |_| folder.join(format!("{provider}.token")));
        }
        if let Some(endpoint) = &served.seller.webhooks {
            let secret = match tokens {
                Tokens::Variables => json!({ "env": served.webhook_secret_variable() }),
                Tokens::Files(folder) => {
                    let file = folder.join(format!("{provider}.webhook_secret"));
                    json!({ "file": file.display().to_string() })
                }
            };
            plane = endpoint.received_by(plane, secret);
        }
        text.push_str(&plane.to_toml());
    }
    text
}

/// The further planes of the vendors as providers of their own, as TOML: `dodo-device`. It follows
/// [`configuration`].
#[must_use]
pub fn further_planes(sellers: &[Served<'_>], tokens: Tokens<'_>) -> String {
    let mut text = String::new();
    for served in sellers {
        let provider = served.seller.provider;
        for plane in served.further_planes() {
            let name = plane.name;
            line(&mut text, format_args!("\n[providers.{provider}-{name}]\nprovider = \"{provider}\""));
            let plane = match tokens {
                Tokens::Variables => plane,
                Tokens::Files(folder) => {
                    with_files(plane, |variable| folder.join(format!("{variable}.secret")))
                }
            };
            text.push_str(&plane.field("base_url", served.url).to_toml());
        }
    }
    text
}

/// The plane with each reference to a variable replaced by one to the file that `file_of` names for it.
fn with_files(mut plane: SimulatedPlane, file_of: impl Fn(&str) -> PathBuf) -> SimulatedPlane {
    for value in plane.fields.values_mut() {
        if let Some(variable) = value.get("env").and_then(Value::as_str) {
            *value = json!({ "file": file_of(variable).display().to_string() });
        }
    }
    plane
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _a_string_takes_everything = writeln!(text, "{line}");
}
