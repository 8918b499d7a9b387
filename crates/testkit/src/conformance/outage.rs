//! Servers that fail or ask to wait: no answer about the key, whatever the body says.

use std::sync::Arc;

use anykey_core::{HttpTransport, TransportError, async_trait};
use anykey_sim_kit::{Answer, Fault, FaultyTransport, Rule};
use bytes::Bytes;
use futures_util::future::try_join_all;

use super::Subject;
use super::check::Checked;
use super::through::DeviceCall;

/// 500, 502 and 503 with a gateway's page, JSON or no body, and around the vendor's own refusal.
pub(super) async fn a_server_error_is_never_a_refusal(subject: &dyn Subject) -> Checked {
    is_never_a_refusal(subject, &[500, 502, 503], &[None]).await
}

/// With and without `Retry-After`; zero, so that no test waits.
pub(super) async fn a_rate_limit_is_never_a_refusal(subject: &dyn Subject) -> Checked {
    is_never_a_refusal(subject, &[429], &[None, Some("0")]).await
}

/// Every call with every status, under a gateway's bodies and under the vendor's own refusal.
async fn is_never_a_refusal(
    subject: &dyn Subject,
    statuses: &[u16],
    retry_after: &[Option<&'static str>],
) -> Checked {
    let calls = DeviceCall::all(subject).await?;
    let mut cases = Vec::new();
    for (status, wait) in statuses.iter().flat_map(|status| retry_after.iter().map(|wait| (*status, *wait))) {
        for call in &calls {
            for (name, answer) in gateway_answers(status) {
                let answer = match wait {
                    Some(wait) => answer.header("retry-after", wait),
                    None => answer,
                };
                cases.push(Case { call: call.clone(), status, body: name, replacement: Some(answer), wait });
            }
            if subject.rules().refusal_statuses.contains(&status) {
                continue;
            }
            let call = call.clone().of_an_unknown_code();
            cases.push(Case { call, status, body: "the vendor's refusal", replacement: None, wait });
        }
    }
    try_join_all(cases.into_iter().map(|case| case.check(subject))).await.map(drop)
}

/// One call with one answer.
struct Case {
    /// What the app does.
    call: DeviceCall,
    /// The status of every answer.
    status: u16,
    /// What the body is, for messages.
    body: &'static str,
    /// What answers instead of the vendor; `None` changes only the status of the vendor's answer.
    replacement: Option<Answer>,
    /// The header `Retry-After`.
    wait: Option<&'static str>,
}

impl Case {
    /// The call has to fail, and not as a refusal.
    async fn check(self, subject: &dyn Subject) -> Checked {
        let Self { call, status, body, replacement, wait } = self;
        let what = format!("the status {status} and {body}");
        match replacement {
            Some(answer) => {
                let instead = |transport| {
                    let faulty = FaultyTransport::new(transport);
                    faulty.inject(Rule::always(Fault::Instead(answer.clone())));
                    faulty
                };
                call.fails_through(subject, instead, &what).await
            }
            None => {
                let restatused = |vendor| Restatused { vendor, status, wait };
                call.fails_through(subject, restatused, &what).await
            }
        }
    }
}

/// What gateways answer with a status, each with its name.
fn gateway_answers(status: u16) -> [(&'static str, Answer); 3] {
    [
        ("a page", Answer::html(status, "<html><h1>Please try again later</h1></html>")),
        ("JSON", Answer::json(status, r#"{"message":"The upstream server is not available"}"#)),
        ("no body", Answer::new(status)),
    ]
}

/// The vendor, whose every answer has another status.
#[derive(Debug)]
struct Restatused {
    /// The usual transport.
    vendor: Arc<dyn HttpTransport>,
    /// The status that each answer gets.
    status: u16,
    /// The header `Retry-After`.
    wait: Option<&'static str>,
}

/// The body and the content type stay the vendor's, so that only the status shows that it is no answer.
#[async_trait]
impl HttpTransport for Restatused {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.vendor.send(request).await?;
        let (parts, body) = answer.into_parts();
        let Self { status, wait, .. } = self;
        let mut changed = Answer::new(*status).body(body);
        if let Some(wait) = wait {
            changed = changed.header("retry-after", *wait);
        }
        let mut changed = changed.into_response()?;
        if let Some(content_type) = parts.headers.get(http::header::CONTENT_TYPE) {
            changed.headers_mut().insert(http::header::CONTENT_TYPE, content_type.clone());
        }
        Ok(changed)
    }
}
