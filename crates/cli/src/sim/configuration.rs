use std::fmt::Write;
use std::path::Path;

use super::Shop;

/// A shop that is reachable.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Served<'a> {
    /// The shop.
    pub shop: &'a Shop,
    /// Where its API is, such as `http://127.0.0.1:7700`.
    pub url: &'a str,
}

impl<'a> Served<'a> {
    /// `shop`, whose API is at `url`.
    #[must_use]
    pub const fn new(shop: &'a Shop, url: &'a str) -> Self {
        Self { shop, url }
    }

    /// The environment variable that [`Tokens::Variables`] writes for the token: `DODO_SIM_TOKEN`.
    #[must_use]
    pub fn token_variable(&self) -> String {
        format!("{}_SIM_TOKEN", self.shop.provider.to_uppercase())
    }

    /// The same for the secret of its webhooks: `DODO_SIM_WEBHOOK_SECRET`.
    #[must_use]
    pub fn webhook_secret_variable(&self) -> String {
        format!("{}_SIM_WEBHOOK_SECRET", self.shop.provider.to_uppercase())
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

/// The configuration, as TOML, that reaches the shops; the first one is the default.
#[must_use]
pub fn configuration(shops: &[Served<'_>], tokens: Tokens<'_>) -> String {
    let mut text = String::new();
    if let Some(first) = shops.first() {
        line(&mut text, format_args!("default = \"{}\"", first.shop.provider));
    }
    for served in shops {
        let provider = served.shop.provider;
        line(&mut text, format_args!("\n[providers.{provider}]\nprovider = \"{provider}\""));
        line(&mut text, format_args!("environment = \"sandbox\"\nbase_url = \"{}\"", served.url));
        if let Some(id) = &served.shop.organization_id {
            line(&mut text, format_args!("organization_id = \"{id}\""));
        }
        match tokens {
            Tokens::Variables => {
                line(&mut text, format_args!("token = {{ env = \"{}\" }}", served.token_variable()));
            }
            Tokens::Files(folder) => {
                let file = folder.join(format!("{provider}.token"));
                line(&mut text, format_args!("token = {{ file = '{}' }}", file.display()));
            }
        }
        if served.shop.webhooks.is_some() {
            let source = match tokens {
                Tokens::Variables => format!("env = \"{}\"", served.webhook_secret_variable()),
                Tokens::Files(folder) => {
                    format!("file = '{}'", folder.join(format!("{provider}.webhook_secret")).display())
                }
            };
            line(&mut text, format_args!("webhook_secrets = [{{ {source} }}]"));
        }
        line(&mut text, format_args!("pacing = false"));
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _a_string_takes_everything = writeln!(text, "{line}");
}
