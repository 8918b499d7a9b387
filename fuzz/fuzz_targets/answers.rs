#![no_main]

mod vendors;

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivateRequest, CreateRequest, DeactivateRequest, KeyCode, LicensePatch, ListQuery, StatusChange,
    ValidateRequest, Verdict,
};
use anykey_testkit::transport::Answer;
use libfuzzer_sys::fuzz_target;
use vendors::{Answered, ID, NUMBER, all, block_on};

fuzz_target!(|input: (u16, &[u8])| {
    let status = 100 + input.0 % 500;
    let is_usual = matches!(status, 200..=299 | 400..=499) && status != 401 && status != 429;
    let answer = Answer::new(status).header("content-type", "application/json").body(input.1.to_vec());
    let code = || KeyCode::verbatim("AAAA-BBBB");
    block_on(async {
        for Answered { provider, refusal_statuses, seat } in all(answer) {
            let is_certain = is_usual || refusal_statuses.contains(&status);
            let _ = provider.list(ListQuery::new()).await;
            let _ = provider.list(ListQuery::new().customer("cus_1")).await;
            for id in [ID, NUMBER, "polar:508176f7-065a-4b5d-b524-4e9c8a11ed63"] {
                let _ = provider.get(&id.into()).await;
                let _ = provider.update(&id.into(), LicensePatch::new().clear_expiry()).await;
                let _ = provider.update(&id.into(), LicensePatch::new().status(StatusChange::Disable)).await;
                let _ = provider.activations(&id.into()).await;
            }
            let _ = provider.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await;
            let _ = provider.rotate(&ID.into()).await;
            let _ = provider.rotate(&NUMBER.into()).await;
            let alone = ValidateRequest::new(code());
            for request in [alone.clone(), alone.clone().increment_usage(1), alone.activation(seat)] {
                if let Ok(validation) = provider.validate(request).await {
                    assert!(is_certain || validation.verdict == Verdict::Valid);
                }
            }
            for error in [
                provider.activate(ActivateRequest::new(code(), "laptop")).await.err(),
                provider.deactivate(DeactivateRequest::new(code(), seat)).await.err(),
            ] {
                assert!(is_certain || error.is_none_or(|error| error.refusal().is_none()));
            }
        }
    });
});
