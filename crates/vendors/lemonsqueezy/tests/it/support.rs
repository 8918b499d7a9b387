//! Scripted answers, providers that use them, and requests as text.

use std::sync::Arc;

use anykey_core::{KeyCode, ManualClock};
use anykey_http::Pacer;
use anykey_lemonsqueezy::{LemonSqueezyBuilder, LemonSqueezyProvider};
use anykey_lemonsqueezy_sim::kit::SimulatedVendor;
use anykey_lemonsqueezy_sim::{LemonSqueezySim, SimulatedLemonSqueezy};
use anykey_testkit::transport::{Answer, RecordedRequest, ScriptedTransport};

pub(crate) const CODE: &str = "38b1460a-5104-4067-a91d-77b872934d51";
pub(crate) const SEAT: &str = "47596ad9-a811-4ebf-ac8a-03fc7b6d2a17";

/// A live provider for store 1, without pacing.
pub(crate) fn builder(transport: &ScriptedTransport) -> LemonSqueezyBuilder {
    LemonSqueezyProvider::builder("1")
        .transport(Arc::new(transport.clone()))
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited())
}

pub(crate) fn device(transport: &ScriptedTransport) -> LemonSqueezyProvider {
    builder(transport).build().unwrap()
}

pub(crate) fn management(transport: &ScriptedTransport) -> LemonSqueezyProvider {
    builder(transport).token("eyJ0.planted.token").build().unwrap()
}

pub(crate) fn code() -> KeyCode {
    KeyCode::parse(CODE).unwrap()
}

/// A success of the License API for product 4 and variant 5 of store 1, with these members replaced.
pub(crate) fn yes(flag: &str, instance: &str, replaced: &[(&str, &str)]) -> Answer {
    let text = format!(
        r#"{{"{flag}":true,"error":null,
        "license_key":{{"id":9,"status":"active","key":"{CODE}","activation_limit":5,"activation_usage":1,"created_at":"2021-03-25T11:10:18.000000Z","expires_at":null,"test_mode":false}},
        "instance":{instance},
        "meta":{{"store_id":1,"order_id":2,"order_item_id":3,"product_id":4,"product_name":"P","variant_id":5,"variant_name":"V","customer_id":6,"customer_name":"C","customer_email":"planted@example.com"}}}}"#
    );
    Answer::json(
        200,
        replaced.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        }),
    )
}

pub(crate) fn seat() -> String {
    format!(r#"{{"id":"{SEAT}","name":"Laptop","created_at":"2021-04-06T14:08:46.000000Z"}}"#)
}

/// The document of the key 9 in the main API, with these members replaced.
pub(crate) fn key_document(replaced: &[(&str, &str)]) -> Answer {
    let text =
        format!(r#"{{"jsonapi":{{"version":"1.0"}},"links":{{"self":"u"}},"data":{}}}"#, key_resource());
    Answer::json(
        200,
        replaced.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        }),
    )
}

pub(crate) fn key_resource() -> String {
    format!(
        r#"{{"type":"license-keys","id":"9","attributes":{{"store_id":1,"customer_id":6,"order_id":2,"order_item_id":3,"product_id":4,"user_name":"C","user_email":"planted@example.com","key":"{CODE}","key_short":"XXXX-77b872934d51","activation_limit":5,"instances_count":0,"disabled":0,"status":"inactive","status_formatted":"Inactive","expires_at":null,"created_at":"2021-03-25T11:10:18.000000Z","updated_at":"2021-03-25T11:10:18.000000Z","test_mode":false}}}}"#
    )
}

/// The requests that were sent.
pub(crate) fn sent(transport: &ScriptedTransport) -> Vec<String> {
    transport.assert_finished();
    transport.requests().iter().map(RecordedRequest::to_text).collect()
}

/// A simulated vendor, and builders of providers for it.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: SimulatedLemonSqueezy,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
        let vendor = SimulatedLemonSqueezy::new(LemonSqueezySim::new(clock.clone()));
        Self { clock, vendor }
    }

    pub(crate) fn sim(&self) -> &LemonSqueezySim {
        self.vendor.sim()
    }

    /// A provider for the simulated store.
    pub(crate) fn builder(&self) -> LemonSqueezyBuilder {
        LemonSqueezyProvider::builder(self.sim().store_id().to_string())
            .transport(self.vendor.transport())
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
    }
}
