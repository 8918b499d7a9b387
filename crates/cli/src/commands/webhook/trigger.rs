use anykey::adapter::ErrorExt as _;
use anykey::{Error, ErrorKind};
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::args::TriggerArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::target::{KeyScope, Target};

/// Asks the simulator that the provider is configured for to let an event happen.
pub(super) async fn run(context: &Context, args: TriggerArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    let url = simulator(&target)?.join(&args.event.path()).map_err(|_| no_simulator(&target))?;
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.as_str().parse().map_err(|_| no_simulator(&target))?;
    let answer = ReqwestTransport::default().send(request).await.map_err(|error| {
        Error::new(ErrorKind::Transport, "no simulator answers")
            .with_hint("start one with `anykey sim --webhooks URL`")
            .with_source(error)
    })?;
    let message = serde_json::from_slice::<Value>(answer.body()).ok();
    let message = message.as_ref().and_then(|body| body.get("message")?.as_str()).unwrap_or_default();
    match answer.status() {
        StatusCode::OK => {
            context.print(&TriggeredView {
                provider: target.name,
                event: args.event.word(),
                key_id: message.to_owned(),
            })?;
            Ok(Exit::Done)
        }
        StatusCode::NOT_IMPLEMENTED => Err(Error::new(ErrorKind::Unsupported, message.to_owned()).into()),
        _ if message.is_empty() => Err(no_simulator(&target)),
        _ => Err(Failure::Usage(format!("{target}: {message}"))),
    }
}

/// The address of the simulator: that of a server on this machine, and nothing else.
fn simulator(target: &Target) -> Result<Url, Failure> {
    let fields = target.config.settings.read::<serde_json::Map<String, Value>>().unwrap_or_default();
    let url = fields.get("base_url").and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
    url.filter(|_| target.scope == KeyScope::Loopback).ok_or_else(|| no_simulator(target))
}

fn no_simulator(target: &Target) -> Failure {
    Failure::Usage(format!(
        "{target} is no simulator of `anykey sim`: events are made there only; next: start one with `anykey sim --write DIR \
         --webhooks URL`, and use the configuration that it writes"
    ))
}

/// What happened.
#[derive(Debug, Serialize)]
struct TriggeredView {
    provider: String,
    event: String,
    key_id: String,
}

impl Row for TriggeredView {
    const FIELDS: &'static [&'static str] = &["provider", "event", "key_id"];
    const COLUMNS: &'static [Column] =
        &[Column::new("PROVIDER", 0), Column::new("EVENT", 0), Column::new("KEY ID", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        [&self.provider, &self.event, &self.key_id].map(|text| text.as_str().into()).into()
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let names = ["provider", "event", "key id"];
        names.into_iter().zip(self.cells(look)).map(|(name, cell)| Fact::new(name, cell)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fields_are_those_of_the_header() {
        let (provider, event, key_id) = (String::new(), String::new(), String::new());
        crate::view::check::assert_fields_match(&super::TriggeredView { provider, event, key_id });
    }
}
