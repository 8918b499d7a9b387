use anykey_core::{ManualClock, SignedDuration};
use anykey_dodo_sim::kit::TestRequest;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, Quota, RateLimits, ResetUnit};
use serde_json::json;

use crate::fixture::{Reply, at, request, send};

/// 42 seconds into a minute.
const NOON: &str = "2026-10-30T12:00:42.5Z";

fn limited() -> (ManualClock, DodoSim) {
    let clock = ManualClock::at(at(NOON));
    let sim = DodoSim::builder(clock.clone()).rate_limits(RateLimits::default()).build();
    (clock, sim)
}

fn validate() -> TestRequest {
    request("POST", "/licenses/validate").json(&json!({ "license_key": "k" }))
}

fn allowance(reply: &Reply) -> [Option<i64>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
        .map(|name| reply.header(name).map(|value| value.parse().unwrap()))
}

fn served(sim: &DodoSim, draft: &TestRequest) -> usize {
    (0..1000).take_while(|_| send(sim, draft.clone()).status() != 429).count()
}

#[test]
fn without_limits_there_are_no_headers() {
    let sim = DodoSim::new(ManualClock::at(at(NOON)));
    assert_eq!(served(&sim, &validate()), 1000);
    assert_eq!(allowance(&send(&sim, validate())), [None; 3]);
}

#[test]
fn an_address_has_20_requests_a_second_and_100_a_minute() {
    let (clock, sim) = limited();
    assert_eq!(allowance(&send(&sim, validate())), [Some(20), Some(19), Some(1)]);
    assert_eq!(served(&sim, &validate()), 19);
    let refused = send(&sim, validate());
    refused.is(429, &json!({ "code": "TOO_MANY_REQUESTS" }));
    assert_eq!(allowance(&refused), [Some(20), Some(0), Some(1)]);
    assert_eq!(refused.header("retry-after"), None);

    for _ in 0..4 {
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(served(&sim, &validate()), 20);
    }
    clock.advance(SignedDuration::from_secs(1));
    let refused = send(&sim, validate());
    refused.json(429);
    assert_eq!(allowance(&refused), [Some(100), Some(0), Some(13)]);
    clock.advance(SignedDuration::from_secs(13));
    assert_eq!(served(&sim, &validate()), 20);
}

#[test]
fn an_api_key_has_40_requests_a_second_and_240_a_minute_on_both_planes() {
    let (clock, sim) = limited();
    let api_key = sim.api_key(ApiKeyScope::ReadOnly);
    let list = request("GET", "/license_keys").bearer(&api_key);
    let public = validate().bearer(&api_key);
    assert_eq!(served(&sim, &list), 40);
    send(&sim, public.clone()).json(429);
    for _ in 0..5 {
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(served(&sim, &public), 40);
    }
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(served(&sim, &list), 0);
    assert_eq!(served(&sim, &validate()), 20);
    let second = sim.api_key(ApiKeyScope::ReadOnly);
    assert_eq!(served(&sim, &request("GET", "/license_keys").bearer(&second)), 40);
}

#[test]
fn addresses_are_counted_separately_and_invalid_api_keys_by_address() {
    let (_, sim) = limited();
    assert_eq!(served(&sim, &validate()), 20);
    assert_eq!(served(&sim, &validate().header("true-client-ip", "198.51.100.1")), 20);
    assert_eq!(served(&sim, &validate().header("x-forwarded-for", "198.51.100.1, 10.0.0.1")), 0);
    assert_eq!(served(&sim, &validate().header("x-forwarded-for", "198.51.100.2")), 20);
    assert_eq!(served(&sim, &request("GET", "/license_keys").bearer("nonsense")), 0);
}

#[test]
fn the_limit_is_checked_before_everything_except_a_preflight() {
    let (_, sim) = limited();
    served(&sim, &validate());
    for draft in [request("GET", "/nowhere"), request("GET", "/license_keys"), validate().body("{")] {
        send(&sim, draft).json(429);
    }
    assert_eq!(send(&sim, request("OPTIONS", "/licenses/validate")).status(), 204);
}

#[test]
fn limits_can_be_changed_at_any_time() {
    let (_, sim) = limited();
    let mut limits = RateLimits::default();
    limits.anonymous = Quota { per_second: 5, per_minute: 2 };
    limits.reset = ResetUnit::UnixSecond;
    served(&sim, &validate());
    sim.set_rate_limits(Some(limits));
    let end = at("2026-10-30T12:01:00Z").as_second();
    assert_eq!(allowance(&send(&sim, validate())), [Some(2), Some(1), Some(end)]);
    assert_eq!(served(&sim, &validate()), 1);
    sim.set_rate_limits(None);
    assert_eq!(allowance(&send(&sim, validate())), [None; 3]);
}
