//! Prints the deliveries that only this vendor sends, a JSON object a line, for `.ci/official_packages`: disputes, each
//! state of a subscription, a new plan and a grant that fails. `deliveries` of `anykey-tests` prints those that several
//! vendors send, in the same form.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::collections::BTreeMap;

use anykey_core::{ManualClock, SignedDuration, Timestamp};
use anykey_dodo_sim::kit::WebhookSender as _;
use anykey_dodo_sim::{
    DisputeState, DodoSim, EndpointSpec, EntitlementSpec, KeySpec, Purchase, SubscriptionState,
};
use serde_json::json;

/// Longer than the vendor takes until it sends, and shorter than a receiver's tolerance.
const SECONDS: i64 = 60;

fn main() {
    let clock = ManualClock::at(Timestamp::now() - SignedDuration::from_secs(SECONDS));
    let sim = DodoSim::new(clock.clone());
    let endpoint =
        sim.add_webhook_endpoint(EndpointSpec::new("https://shop.example/dodo")).expect("the URL is valid");
    dispute(&sim);
    move_subscriptions(&sim);
    fail_a_grant(&sim);
    for _ in 0..SECONDS {
        for delivery in sim.due_deliveries() {
            sim.answered(delivery.id, Some(http::StatusCode::OK));
            let headers = delivery.request.headers().iter();
            let headers: BTreeMap<&str, &str> =
                headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
            let line = json!({
                "vendor": "dodo",
                "release": "current",
                "secret": endpoint.secret,
                "headers": headers,
                "body": String::from_utf8_lossy(delivery.request.body()),
            });
            println!("{line}");
        }
        clock.advance(SignedDuration::from_secs(1));
    }
}

fn dispute(sim: &DodoSim) {
    let sold = sim.issue(KeySpec::default()).expect("the code is generated");
    let payment = sold.payment_id.expect("it was sold");
    for state in [
        DisputeState::Opened,
        DisputeState::Challenged,
        DisputeState::Won,
        DisputeState::Lost,
        DisputeState::Accepted,
        DisputeState::Cancelled,
        DisputeState::Expired,
    ] {
        sim.dispute(&payment, state);
    }
}

/// Through each state to either of the last ones.
fn move_subscriptions(sim: &DodoSim) {
    for last in [SubscriptionState::Ended, SubscriptionState::Expired] {
        let spec = KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() };
        let sold = sim.issue(spec).expect("the code is generated");
        let subscription = sold.subscription_id.expect("it was sold");
        sim.renew(&subscription);
        sim.change_plan(&subscription, &sim.add_product("Pro"));
        for state in [
            SubscriptionState::PastDue,
            SubscriptionState::OnHold,
            SubscriptionState::Active,
            SubscriptionState::Paused,
            SubscriptionState::Active,
            last,
        ] {
            sim.set_subscription(&subscription, state);
        }
    }
}

fn fail_a_grant(sim: &DodoSim) {
    let entitlement = sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() });
    let grant = sim.award(&entitlement, None, &Purchase::OneTime).expect("the entitlement is there");
    sim.fail_grant(&grant, "KEY_POOL_EMPTY", "No key was left.");
}
