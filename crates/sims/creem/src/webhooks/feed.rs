//! The feed of pending events, from which a client fetches them instead of receiving requests.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};

use super::outbox::{Feed, FeedEvent};
use crate::answer::Answer;
use crate::call::Call;
use crate::fields::Fields;
use crate::page::count;
use crate::quirks::WebhookScheme;
use crate::refusal::Refusal;
use crate::time::written;

/// The largest number of events of one call, by the official package 1.13.0.
const MOST: usize = 100;
/// The number of events if the call has none.
const DEFAULT: usize = 10;

/// The feed of pending events of an endpoint with the delivery mode `cli`.
impl Call<'_> {
    /// `GET /v1/webhooks/{id}/events/pending`: the oldest events that nobody acknowledged.
    ///
    /// Each event has the headers and the body that a request would have, so a client can check the signature.
    pub(crate) fn list_pending(&self, endpoint: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let limit = count(request.uri(), "limit")?.unwrap_or(DEFAULT);
        if limit > MOST {
            return Err(Refusal::Invalid(vec![format!("limit must not be greater than {MOST}")]));
        }
        let feed = self.state.outbox.feeds.iter().find(|feed| self.owns(feed, endpoint));
        let feed = feed.ok_or(Refusal::UnknownEvent)?;
        let scheme = self.state.quirks.webhook_scheme;
        let signed_at = |event: &FeedEvent| match self.state.quirks.pending_signed_once {
            true => event.created_at,
            false => self.now,
        };
        let pending = feed.events.iter().filter(|event| event.acknowledged.is_none()).take(limit);
        let items: Vec<_> =
            pending.map(|event| pending_event(feed, event, scheme, signed_at(event))).collect();
        Ok(Answer::ok(json!({ "items": items })))
    }

    /// `POST /v1/webhooks/{id}/events/{event}/ack`. Only the first acknowledgement counts.
    ///
    /// `status_code` is what the client's own receiver answered. Later acknowledgements get the answer of the first.
    pub(crate) fn acknowledge(
        &mut self,
        endpoint: &str,
        event: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let code = Fields::read(request).status_code("status_code")?;
        let (store, mode) = (&self.store, self.mode);
        let mut feeds = self.state.outbox.feeds.iter_mut();
        let feed = feeds.find(|feed| {
            *feed.endpoint.id == *endpoint && feed.endpoint.store == *store && feed.endpoint.mode == mode
        });
        let mut events = feed.ok_or(Refusal::UnknownEvent)?.events.iter_mut();
        let known = events.find(|known| *known.message.id == *event).ok_or(Refusal::UnknownEvent)?;
        let success = *known.acknowledged.get_or_insert((200..300).contains(&code));
        Ok(Answer::ok(json!({ "id": event, "object": "webhook_event_ack", "success": success })))
    }

    /// Whether the API key of the call may read this feed.
    fn owns(&self, feed: &Feed, endpoint: &str) -> bool {
        *feed.endpoint.id == *endpoint && feed.endpoint.store == self.store && feed.endpoint.mode == self.mode
    }
}

/// An event as the feed shows it, with a signature of `signed_at`.
fn pending_event(feed: &Feed, event: &FeedEvent, scheme: WebhookScheme, signed_at: Timestamp) -> Value {
    let message = &event.message;
    let headers = feed.endpoint.keys.headers(scheme, &message.id, signed_at.as_second(), &message.body);
    let headers: Map<String, Value> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.into())))
        .collect();
    json!({
        "id": &*message.id,
        "object": "webhook_pending_event",
        "event_type": message.event_type,
        "created_at": written(event.created_at),
        "body": String::from_utf8_lossy(&message.body),
        "headers": headers,
    })
}
