//! The calls that list, add and remove addresses for pings.

use http::{StatusCode, Uri};
use serde_json::{Value, json};

use super::answer::Answer;
use super::ping_event::PingEvent;
use super::ping_queue::Subscriber;
use super::router::Call;

/// The seller's addresses for pings. Failures are 200 without success.
///
/// The status 200 and the texts are those of the server code (2025): only `success` distinguishes a failure.
impl Call<'_> {
    /// `GET /resource_subscriptions`, for one kind of event.
    pub(super) fn list_subscriptions(&self, seller: u64) -> Answer {
        let Some(event) = self.params.text("resource_name").and_then(PingEvent::of_word) else {
            return Answer::message(StatusCode::OK, "Valid resource_name parameter required");
        };
        let own = |one: &&Subscriber| one.seller == seller && one.event == event;
        let listed: Vec<_> = self.state.pings.0.endpoints.iter().filter(own).map(document).collect();
        Answer::success([("resource_subscriptions".to_owned(), listed.into())])
    }

    /// `PUT /resource_subscriptions`
    ///
    /// The kind of event is checked before the address.
    pub(super) fn add_subscription(&mut self, seller: u64) -> Answer {
        let name = self.params.text("resource_name").unwrap_or_default().to_owned();
        let Some(event) = PingEvent::of_word(&name) else {
            return Answer::message(StatusCode::OK, format!("Unable to subscribe to '{name}'."));
        };
        let url = self.params.text("post_url").unwrap_or_default().to_owned();
        let added = if is_public(&url) { self.state.subscribe(seller, event, &url) } else { None };
        let added = added.and_then(|id| self.state.pings.0.endpoint(&id));
        match added {
            Some(added) => Answer::success([("resource_subscription".to_owned(), document(added))]),
            None => Answer::message(StatusCode::OK, format!("Invalid post URL '{url}'")),
        }
    }

    /// `DELETE /resource_subscriptions/:id`
    pub(super) fn remove_subscription(&mut self, seller: u64, id: &str) -> Answer {
        let id = id.to_owned();
        let is_own = self.state.pings.0.endpoint(&id).is_some_and(|one| one.seller == seller);
        if !is_own {
            return Answer::message(StatusCode::OK, "The resource_subscription was not found.");
        }
        self.state.pings.0.remove_endpoint(&id);
        let message = json!("The resource_subscription was deleted successfully.");
        Answer::success([("message".to_owned(), message)])
    }
}

/// An address as the calls show it.
fn document(subscriber: &Subscriber) -> Value {
    json!({ "id": subscriber.id, "resource_name": subscriber.event.word(), "post_url": subscriber.url })
}

/// Whether an address is none of this machine or of a private network. Names are not resolved.
///
/// The vendor refuses addresses of its own network. Tests that receive pings on this machine add theirs with
/// [`GumroadSim::subscribe`](super::GumroadSim::subscribe) instead.
fn is_public(url: &str) -> bool {
    let Some(uri) = url.parse::<Uri>().ok() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => {
            !(ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified())
        }
        Ok(std::net::IpAddr::V6(ip)) => !(ip.is_loopback() || ip.is_unspecified()),
        Err(_) => !host.is_empty() && host != "localhost",
    }
}
