use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{KeySpec, RateLimits};
use serde_json::json;

use crate::bench::{Bench, request};

fn validate(bench: &Bench) -> crate::bench::Answer {
    bench.license("validate", &json!({ "license_key": "nobody" }))
}

#[test]
fn the_license_api_takes_sixty_requests_a_minute_of_an_address() {
    let bench = Bench::new();
    assert_eq!(validate(&bench).header("x-ratelimit-limit"), None);
    bench.sim.set_rate_limits(Some(RateLimits::default()));
    for left in (0..60).rev() {
        let answer = validate(&bench);
        answer.json(404);
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let refused = validate(&bench);
    refused.is(429, &json!({ "message": "Too Many Attempts." }));
    assert_eq!((refused.header("x-ratelimit-limit"), refused.header("retry-after")), (Some("60"), None));

    let body = json!({ "license_key": "nobody" }).to_string();
    let elsewhere = request("POST", "/v1/licenses/validate").header("x-forwarded-for", "198.51.100.4");
    bench.send(elsewhere.typed("application/json", &body)).json(404);
    bench.clock.advance(SignedDuration::from_secs(60));
    validate(&bench).json(404);
}

#[test]
fn the_main_api_has_a_limit_of_its_own() {
    let bench = Bench::new();
    bench.issue(KeySpec::default());
    bench.sim.set_rate_limits(Some(RateLimits::default()));
    for _ in 0..300 {
        bench.get("/v1/license-keys").json(200);
    }
    bench.sim.change_quirks(|quirks| quirks.retry_after = true);
    let refused = bench.get("/v1/license-keys");
    refused.json(429);
    assert_eq!(
        (refused.header("x-ratelimit-limit"), refused.header("retry-after")),
        (Some("300"), Some("60"))
    );
    validate(&bench).json(404);
}
