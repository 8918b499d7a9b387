#![no_main]

use anykey::Timestamp;
use anykey_http::{RETRY_AFTER_CAP, retry_after};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8], i32)| {
    let mut headers = HeaderMap::new();
    for (name, value) in [("retry-after", input.0), ("date", input.1)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let now = Timestamp::from_second(input.2.into()).unwrap();
    assert!(retry_after(&headers, now).is_none_or(|wait| wait <= RETRY_AFTER_CAP));
});
