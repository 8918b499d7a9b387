use std::sync::Arc;

use anykey::{KeyCode, LicenseProvider};
use anykey_http::SHORTEST_SECRET;
use bytes::Bytes;
use http::Request;
use http::header::{AUTHORIZATION, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::recorder::Recorder;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row};
use crate::report::library_line;
use crate::target::Target;

/// Shows what a change would send. The provider runs on a transport that keeps requests and sends nothing.
#[derive(Debug)]
pub(crate) struct Preview<'a> {
    context: &'a Context,
    target: &'a Target,
    action: String,
    secrets: &'a [KeyCode],
    requests: Vec<RequestView>,
    /// How those ended that the provider refuses by itself; `None` when the first of them ends the preview.
    refused: Option<Vec<Exit>>,
}

/// One request that would be sent, codes and credential masked.
#[derive(Debug, Serialize)]
pub(crate) struct RequestView {
    provider: String,
    action: String,
    /// Absent for a vendor that is not reached by HTTP.
    method: Option<String>,
    url: Option<String>,
    credential: Option<String>,
    body: Option<String>,
}

impl<'a> Preview<'a> {
    pub(super) fn new(
        context: &'a Context,
        target: &'a Target,
        action: &'a str,
        secrets: &'a [KeyCode],
    ) -> Self {
        Self { context, target, action: action.to_owned(), secrets, requests: Vec::new(), refused: None }
    }

    /// Says of what is added next that it does `action`.
    pub(crate) fn set_action(&mut self, action: String) {
        self.action = action;
    }

    /// Lets what the provider refuses by itself be a line, since there are others.
    pub(crate) fn of_several(&mut self) {
        self.refused.get_or_insert_default();
    }

    /// Adds the first request of `operation`: what follows may depend on the answer.
    ///
    /// What the provider refuses by itself, it refuses here too.
    pub(crate) async fn add<T, O, F>(&mut self, operation: O) -> Result<(), Failure>
    where
        O: FnOnce(Arc<dyn LicenseProvider>) -> F + Send,
        F: Future<Output = anykey::Result<T>> + Send,
        T: Send,
    {
        let recorder = Arc::new(Recorder::default());
        let transport = Arc::clone(&recorder);
        let provider = self.target.open_on(transport)?;
        // A provider that has not taken the transport would do the work instead of showing it.
        if Arc::strong_count(&recorder) == 1 {
            self.requests.push(self.view(None));
            return Ok(());
        }
        let outcome = operation(provider).await;
        match recorder.take().first() {
            Some(request) => self.requests.push(self.view(Some(request))),
            None => return self.without_request(outcome.map(drop)),
        }
        Ok(())
    }

    fn without_request(&mut self, outcome: anykey::Result<()>) -> Result<(), Failure> {
        match (outcome, &mut self.refused) {
            (Err(error), Some(refused)) => {
                refused.push(Exit::of(&error));
                let line = library_line(&error, None);
                self.context.print_line("error", &format!("this would {}: {line}", self.action));
                Ok(())
            }
            (outcome, _) => Ok(outcome?),
        }
    }

    /// Prints what was added.
    pub(crate) fn print(self) -> Result<Exit, Failure> {
        self.context.note(&format!("dry run: nothing was sent to {}", self.target));
        self.context.print_each(self.requests)?;
        Ok(Exit::most_serious(&self.refused.unwrap_or_default()).unwrap_or(Exit::Done))
    }

    fn view(&self, request: Option<&Request<Bytes>>) -> RequestView {
        let credential = request.and_then(|request| request.headers().get(AUTHORIZATION));
        let scheme = |text: &HeaderValue| Some(text.to_str().ok()?.split_once(' ')?.0.to_owned());
        RequestView {
            provider: self.target.to_string(),
            action: self.action.clone(),
            method: request.map(|request| request.method().to_string()),
            url: request.map(|request| self.masked_url(&request.uri().to_string())),
            credential: credential.map(|text| format!("{} ****", scheme(text).unwrap_or_default())),
            body: request
                .filter(|request| !request.body().is_empty())
                .map(|request| self.body(request.body())),
        }
    }

    fn body(&self, body: &Bytes) -> String {
        match serde_json::from_slice::<Value>(body) {
            Ok(document) => self.masked_document(document).to_string(),
            Err(_) => format!("{} bytes that are no JSON", body.len()),
        }
    }

    fn masked_document(&self, document: Value) -> Value {
        match document {
            Value::String(text) => Value::String(self.masked(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.masked_document(item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, self.masked_document(value))).collect()
            }
            other => other,
        }
    }

    /// Masks in each segment of the path and each part of the query by itself.
    fn masked_url(&self, url: &str) -> String {
        let parts = url.split_inclusive(['/', '?', '&', '=']);
        parts
            .map(|part| {
                let end = part.trim_end_matches(['/', '?', '&', '=']);
                self.masked(end) + part.get(end.len()..).unwrap_or_default()
            })
            .collect()
    }

    fn masked(&self, text: &str) -> String {
        masked(self.secrets, text)
    }
}

/// `text` with every code masked. A code that is too short to be recognized within a text is masked where it is all of
/// the text.
fn masked(secrets: &[KeyCode], text: &str) -> String {
    secrets.iter().fold(text.to_owned(), |text, code| {
        if text == code.expose() {
            code.masked().to_string()
        } else if code.expose().len() < SHORTEST_SECRET {
            text
        } else {
            text.replace(code.expose(), &code.masked().to_string())
        }
    })
}

impl Row for RequestView {
    const FIELDS: &'static [&'static str] = &["provider", "action", "method", "url", "credential", "body"];
    const COLUMNS: &'static [Column] =
        &[Column::new("METHOD", 0), Column::new("URL", 0), Column::new("BODY", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        [&self.method, &self.url, &self.body].map(|text| text.as_deref().unwrap_or_default().into()).into()
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        let mut facts =
            vec![Fact::new("provider", self.provider.as_str()), Fact::new("action", self.action.as_str())];
        if let (Some(method), Some(url)) = (&self.method, &self.url) {
            facts.push(Fact::new("request", format!("{method} {url}")));
        }
        facts.extend(self.credential.as_deref().map(|credential| Fact::new("credential", credential)));
        facts.extend(self.body.as_deref().map(|body| Fact::new("body", body)));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_one_letter_is_masked_where_it_stands_alone() {
        let short = [KeyCode::parse("a").unwrap()];
        assert_eq!(masked(&short, "organization_id"), "organization_id");
        assert_eq!(masked(&short, "a"), short[0].masked().to_string());
        let long = [KeyCode::parse("SHOP-1234").unwrap()];
        assert!(!masked(&long, "the key SHOP-1234").contains("SHOP-1234"));
    }

    #[test]
    fn the_fields_are_those_of_the_header() {
        let view = RequestView {
            provider: String::new(),
            action: String::new(),
            method: None,
            url: None,
            credential: None,
            body: None,
        };
        crate::view::check::assert_fields_match(&view);
    }
}
