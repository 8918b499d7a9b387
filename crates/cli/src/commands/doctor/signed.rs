//! A delivery that the vendor's simulator signs with the configured secret. Simulators share no code with receivers, so
//! each checks the other.

use anykey::sim::{self, IssueSpec};
use anykey::{Clock, WebhookError, WebhookReceiver};
use bytes::Bytes;
use http::Request;
use secrecy::ExposeSecret;

use super::finding::Finding;
use crate::commands::config_check::credential;
use crate::context::Context;
use crate::exit::Exit;
use crate::target::Target;

const CHECK: &str = "webhooks";

/// Lets the receiver verify a delivery that is signed with one secret, and the same with another body. `None` without a
/// simulator or a secret.
pub(super) fn examine(
    context: &Context,
    target: &Target,
    receiver: &dyn WebhookReceiver,
    source: &credential::Source,
) -> Option<Finding> {
    let (name, field) = (Some(target.name.as_str()), source.field());
    let simulator = sim::simulator(&target.config.provider)?;
    let secret = source.read(target)?;
    let Some(delivery) = delivery(simulator, secret.expose_secret(), &context.clock) else {
        return Some(Finding::warning(
            name,
            CHECK,
            format!("`{field}`: {} gives no secret of this form or length", simulator.title),
            "copy all of it from the settings of the webhook endpoint, and nothing else",
        ));
    };
    let other_body = [delivery.body(), &b" "[..]].concat();
    let refusal = |body: &[u8]| match receiver.verify(delivery.headers(), body, context.clock.now()) {
        Err(WebhookError::NotAuthentic(reason)) => Some(reason),
        Ok(_) | Err(_) => None,
    };
    Some(match (refusal(delivery.body()), refusal(&other_body)) {
        (None, Some(_)) => Finding::good(
            name,
            CHECK,
            format!(
                "`{field}`: a delivery that is signed with it is accepted, and with another body refused; whether the \
                 vendor signs with it, only the vendor's delivery shows: `anykey webhook listen`"
            ),
        ),
        (Some(reason), _) => Finding::failure(
            name,
            CHECK,
            format!("`{field}`: a delivery that is signed with it is refused: {reason}"),
            Exit::Usage,
            "copy the secret again from the settings of the webhook endpoint",
        ),
        (None, None) => Finding::failure(
            name,
            CHECK,
            format!("`{field}`: a delivery whose body was changed is accepted"),
            Exit::Usage,
            "do not use this receiver, and report it to its author",
        ),
    })
}

/// What the simulated vendor sends to an endpoint with this secret when a key is sold; `None` when it gives no such
/// secret.
fn delivery(simulator: sim::Simulator, secret: &str, clock: &Clock) -> Option<Request<Bytes>> {
    let vendor = simulator.start(clock.clone()).ok()?;
    vendor.add_webhook_endpoint("http://127.0.0.1/", Some(secret))?;
    vendor.issue(IssueSpec::new())?;
    Some(vendor.webhooks().next_delivery()?.request)
}
