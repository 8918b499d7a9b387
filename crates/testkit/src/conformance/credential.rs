//! What the calls of an installed app carry: never the seller's or a customer's credential, which whoever has the app
//! could read.

use std::sync::OnceLock;

use super::check::{Checked, Stop, ensure, works};
use super::through::{DeviceCall, provider_through};
use super::{Skip, Subject};
use crate::transport::{RecordedRequest, RecordingTransport};

/// Every device call is recorded and searched in address, headers and body. Skipped without a credential, and where the
/// vendor authenticates device calls.
pub(super) async fn device_calls_carry_no_credential(subject: &dyn Subject) -> Checked {
    let mut secrets = subject.secrets();
    secrets.retain(|secret| !secret.is_empty());
    if secrets.is_empty() {
        return Err(Stop::Skipped(Skip::WithoutCredential));
    }
    if subject.authenticates_device_calls() {
        return Err(Stop::Skipped(Skip::AuthenticatesDeviceCalls));
    }
    let recording = OnceLock::new();
    let provider = provider_through(subject, |transport| {
        recording.get_or_init(|| RecordingTransport::new(transport)).clone()
    })?;
    for call in DeviceCall::all(subject).await? {
        let name = call.name();
        works(call.send(&*provider).await, name)?;
        for request in recording.get().map(RecordingTransport::requests).unwrap_or_default() {
            let carries = secrets.iter().any(|secret| holds(&request, secret));
            ensure(!carries, format_args!("no credential in a request of {name}"))?;
        }
    }
    Ok(())
}

/// Whether a request contains the text anywhere.
fn holds(request: &RecordedRequest, secret: &str) -> bool {
    let uri = request.uri().to_string();
    let headers = request.headers().values().map(http::HeaderValue::as_bytes);
    let mut texts = headers.chain([uri.as_bytes(), request.body().as_ref()]);
    texts.any(|text| text.windows(secret.len()).any(|part| part == secret.as_bytes()))
}
