//! Prints the deliveries of every simulated vendor, a JSON object a line, for `.ci/official_packages`: the vendor and
//! the release of its API, the endpoint's secret, the headers and the body.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::collections::BTreeMap;

use anykey::sim::{IssueSpec, SimulatedVendor, Simulator, simulators};
use anykey::{ManualClock, SignedDuration, StatusChange, Timestamp};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::json;

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
/// Longer than any vendor takes until it sends, and shorter than a receiver's tolerance.
const SECONDS: i64 = 120;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for simulator in simulators() {
        for release in simulator.releases {
            print_deliveries(simulator, release).await;
        }
    }
}

async fn print_deliveries(simulator: Simulator, release: &str) {
    let clock = ManualClock::at(Timestamp::now() - SignedDuration::from_secs(SECONDS));
    let vendor = simulator.start_release(clock.clone(), release).expect("a simulator starts");
    let url = format!("https://shop.example/{}", simulator.vendor);
    let endpoint = vendor.add_webhook_endpoint(&url, Some(SECRET));
    let Some(endpoint) = endpoint.or_else(|| vendor.add_webhook_endpoint(&url, None)) else { return };
    act(&*vendor);
    let receiver = ScriptedTransport::from_fn(|_| Answer::new(200));
    for _ in 0..SECONDS {
        vendor.webhooks().deliver_due(&receiver).await;
        clock.advance(SignedDuration::from_secs(1));
    }
    for request in receiver.requests() {
        let headers = request.headers().iter();
        let headers: BTreeMap<&str, &str> =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let line = json!({
            "vendor": simulator.vendor,
            "release": release,
            "secret": endpoint.secret,
            "headers": headers,
            "body": request.text(),
        });
        println!("{line}");
    }
}

/// What a seller and a customer can do with a key. What a vendor does not have is left out.
fn act(vendor: &dyn SimulatedVendor) {
    for spec in [IssueSpec::new(), IssueSpec::new().by_subscription()] {
        let Some(key) = vendor.issue(spec) else { continue };
        let _seat = vendor.activate(&key.id, "laptop");
        for change in
            [StatusChange::Disable, StatusChange::Enable, StatusChange::Revoke, StatusChange::Enable]
        {
            let _supported = vendor.set_status(&key.id, change);
        }
        let _supported = vendor.set_expiry(&key.id, Some(vendor.now()));
        let _supported = vendor.set_expiry(&key.id, None);
        let _supported = vendor.rotate(&key.id);
        let _supported = vendor.stop_payment(&key.id);
        let _supported = vendor.resume_payment(&key.id);
        let _supported = vendor.refund(&key.id);
    }
}
