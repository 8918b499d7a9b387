use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{KeySpec, RateLimits};
use serde_json::json;

use crate::fixture::{Fixture, request};

fn validate(fixture: &Fixture) -> crate::fixture::Reply {
    fixture.license("validate", &json!({ "license_key": "nobody" }))
}

#[test]
fn the_license_api_allows_sixty_requests_a_minute_for_each_address() {
    let fixture = Fixture::new();
    assert_eq!(validate(&fixture).header("x-ratelimit-limit"), None);
    fixture.sim.set_rate_limits(Some(RateLimits::default()));
    for left in (0..60).rev() {
        let answer = validate(&fixture);
        answer.json(404);
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let refused = validate(&fixture);
    refused.is(429, &json!({ "message": "Too Many Attempts." }));
    assert_eq!((refused.header("x-ratelimit-limit"), refused.header("retry-after")), (Some("60"), None));

    let body = json!({ "license_key": "nobody" }).to_string();
    let elsewhere = request("POST", "/v1/licenses/validate").header("x-forwarded-for", "198.51.100.4");
    fixture.send(elsewhere.typed("application/json", &body)).json(404);
    fixture.clock.advance(SignedDuration::from_secs(60));
    validate(&fixture).json(404);
}

#[test]
fn the_main_api_has_its_own_limit() {
    let fixture = Fixture::new();
    fixture.issue(KeySpec::default());
    fixture.sim.set_rate_limits(Some(RateLimits::default()));
    for _ in 0..300 {
        fixture.get("/v1/license-keys").json(200);
    }
    fixture.sim.change_quirks(|quirks| quirks.retry_after = true);
    let refused = fixture.get("/v1/license-keys");
    refused.json(429);
    assert_eq!(
        (refused.header("x-ratelimit-limit"), refused.header("retry-after")),
        (Some("300"), Some("60"))
    );
    validate(&fixture).json(404);
}
