//! Deliveries that wait at the vendor until they are asked for.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anykey::{Error, PendingDelivery, WebhookFeed};

use super::arrival::Arrival;
use super::endpoint::{DeliveryHandler, Endpoint};
use crate::context::Context;

/// How often a vendor is asked when nothing waits. An hour has 720 of these, which is below every known limit.
pub(super) const EVERY: Duration = Duration::from_secs(5);

/// Takes what waits at `feed` as if it was received at `endpoint`, and acknowledges what was taken, until the command
/// ends.
///
/// Returns only when the first question is refused for a reason that stays, such as the credential or the endpoint's
/// id. Any later failure is said once, and the vendor is asked again.
pub(super) async fn poll(
    context: &Context,
    handler: &DeliveryHandler<'_>,
    endpoint: &Endpoint,
    feed: &dyn WebhookFeed,
) -> Error {
    let mut poll = Poll { context, handler, endpoint, feed, waiting: HashMap::new() };
    let mut has_answered = false;
    let mut failure = None;
    loop {
        let mut pause = EVERY;
        match feed.pending().await {
            Ok(deliveries) => {
                has_answered = true;
                if failure.take().is_some() {
                    context.note(&format!("{}: waiting deliveries are answered again", endpoint.title));
                }
                // One answer may not have all.
                if poll.take(deliveries).await {
                    pause = Duration::ZERO;
                }
            }
            Err(error) if !has_answered && !error.is_transient() => return error,
            Err(error) => {
                pause = error.retry_after().unwrap_or_default().max(EVERY);
                let failed = described(&error);
                if failure.as_ref() != Some(&failed) {
                    let what = "the vendor does not say what waits";
                    context
                        .print_line("error", &format!("{}: {what}: {failed}; asking again", endpoint.title));
                }
                failure = Some(failed);
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// What is known of the deliveries of one feed.
struct Poll<'a> {
    context: &'a Context,
    handler: &'a DeliveryHandler<'a>,
    endpoint: &'a Endpoint,
    feed: &'a dyn WebhookFeed,
    waiting: HashMap<Box<str>, Waiting>,
}

/// A delivery that came and may come again.
#[derive(Default)]
struct Waiting {
    is_saved: bool,
    /// Only the acknowledgement is left to do.
    is_taken: bool,
    said: HashSet<String>,
}

impl Poll<'_> {
    /// Takes each delivery in turn. Returns whether one is done that was not before.
    async fn take(&mut self, deliveries: Vec<PendingDelivery>) -> bool {
        let ids: HashSet<_> = deliveries.iter().map(|delivery| delivery.id.clone()).collect();
        self.waiting.retain(|id, _| ids.contains(id));
        let mut is_done = false;
        for delivery in deliveries {
            let mut known = self.waiting.remove(&delivery.id).unwrap_or_default();
            let id = delivery.id.clone();
            is_done |= self.take_one(delivery, &mut known).await;
            self.waiting.insert(id, known);
        }
        is_done
    }

    async fn take_one(&self, delivery: PendingDelivery, known: &mut Waiting) -> bool {
        let was_taken = known.is_taken;
        let id = delivery.id.clone();
        if !was_taken {
            known.is_taken = self.handle(delivery, known).await;
        }
        if !known.is_taken {
            return false;
        }
        match self.feed.acknowledge(&id).await {
            Ok(()) => !was_taken,
            Err(error) => {
                let title = &self.endpoint.title;
                let text =
                    format!("{title}: `{id}` cannot be acknowledged: {}; trying again", described(&error));
                self.say(known, "error", text);
                false
            }
        }
    }

    /// Whether the delivery was answered as one that is done.
    async fn handle(&self, delivery: PendingDelivery, known: &mut Waiting) -> bool {
        let at = delivery.received_at(self.context.clock.now());
        let PendingDelivery { id, headers, body, .. } = delivery;
        let mut arrival = Arrival::new(&headers, body.into(), at);
        arrival.is_saved = known.is_saved;
        let answer = self.handler.handle(self.endpoint, &mut arrival).await;
        known.is_saved = arrival.is_saved;
        for note in arrival.notes {
            if known.said.insert(note.clone()) {
                self.context.note(&note);
            }
        }
        match answer {
            Ok(status) if status.is_success() => return true,
            Ok(status) => {
                let title = &self.endpoint.title;
                let text =
                    format!("{title}: `{id}` was answered {} and is not acknowledged", status.as_u16());
                self.say(known, "error", text);
            }
            Err(refusal) => {
                let text = format!("{}; `{id}` is not acknowledged", refusal.why);
                self.say(known, refusal.label, text);
            }
        }
        false
    }

    /// Says something about a delivery, once however often it comes.
    fn say(&self, known: &mut Waiting, label: &str, text: String) {
        if !known.said.contains(&text) {
            self.context.print_line(label, &text);
            known.said.insert(text);
        }
    }
}

/// What happened, without the provider, which stands before it.
fn described(error: &Error) -> String {
    let status = error.http_status().map(|status| format!(" (HTTP {status})")).unwrap_or_default();
    format!("{}: {}{status}", error.kind(), error.message())
}
