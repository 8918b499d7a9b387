use anykey_core::SignedDuration;
use anykey_creem_sim::{Mode, RateLimits};
use serde_json::json;

use crate::fixture::{Fixture, START, at, request};

#[test]
fn an_api_key_has_a_hundred_requests_a_minute() {
    let fixture = Fixture::new();
    fixture.sim.set_rate_limits(Some(RateLimits::default()));
    let path = format!("/v1/customers/{}/licenses", fixture.customer);
    for left in (0..100).rev() {
        let reply = fixture.get(&path);
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.header("x-ratelimit-limit"), Some("100"));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let ends_at = at(START).as_second() + 60;
    fixture.clock.advance(SignedDuration::from_secs(15));
    let limited = fixture.get(&path);
    assert_eq!(
        limited.json(429),
        json!({ "error": { "code": "rate_limit_exceeded", "message": "Too many requests", "retry_after": 45 } })
    );
    assert_eq!(limited.header("retry-after"), Some("45"));
    assert_eq!(limited.header("x-ratelimit-reset"), Some(ends_at.to_string().as_str()));
    let other = fixture.sim.api_key(Mode::Test);
    assert_eq!(fixture.send(request("GET", &path).header("x-api-key", other)).status(), 200);
    fixture.clock.advance(SignedDuration::from_secs(45));
    assert_eq!(fixture.get(&path).status(), 200);
}

#[test]
fn an_api_key_has_a_thousand_requests_an_hour() {
    let fixture = Fixture::new();
    fixture.sim.set_rate_limits(Some(RateLimits::default()));
    for _ in 0..10 {
        for _ in 0..100 {
            assert_eq!(fixture.get("/v1/licenses/lk_unknown/instances").status(), 404);
        }
        fixture.clock.advance(SignedDuration::from_mins(1));
    }
    let limited = fixture.get("/v1/licenses/lk_unknown/instances");
    assert_eq!((limited.status().as_u16(), limited.header("retry-after")), (429, Some("3000")));
    fixture.clock.advance(SignedDuration::from_mins(50));
    assert_eq!(fixture.get("/v1/licenses/lk_unknown/instances").status(), 404);
}
