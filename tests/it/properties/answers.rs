//! Every decoder and the refusal mapping, under any status and any body.

use anykey::Operation;
use anykey_testkit::transport::Answer;
use proptest::prelude::*;

use super::json::{body, value};
use super::vendors::{all, block_on, run_all};

/// Of each property; each case makes 14 calls of every provider.
const CASES: u32 = 400;

fn judge(status: u16, body: Vec<u8>, content_type: &str) {
    let answer = Answer::new(status).header("content-type", content_type).body(body);
    block_on(async {
        for answered in all(answer) {
            for (operation, refusal) in run_all(&answered, None).await {
                let device =
                    matches!(operation, Operation::Validate | Operation::Activate | Operation::Deactivate);
                assert!(device, "{operation} was refused: {refusal:?}");
                let is_usual = matches!(status, 200..=299 | 400..=428 | 430..=499) && status != 401;
                let speaks_of_the_license = is_usual || answered.refusal_statuses.contains(&status);
                assert!(speaks_of_the_license, "{status} is no refusal: {refusal:?}");
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_success_is_read_or_is_an_error(body in body()) {
        judge(200, body, "application/json");
    }

    #[test]
    fn any_error_is_an_error_and_only_a_4xx_can_refuse(status in 100_u16..=599, body in body()) {
        judge(status, body, "application/json");
    }

    #[test]
    fn any_content_type_will_do(value in value(), content_type in "[ -~]{0,80}") {
        judge(200, value.to_string().into_bytes(), &content_type);
    }
}
