#![no_main]

mod vendors;

use anykey::{ListQuery, PageToken};
use anykey_testkit::transport::Answer;
use libfuzzer_sys::fuzz_target;
use vendors::{Answered, all, block_on};

fuzz_target!(|text: &str| {
    let empty = Answer::json(200, r#"{"items":[],"pagination":{"total_count":0,"max_page":0}}"#);
    block_on(async {
        for Answered { provider, .. } in all(empty) {
            let query = ListQuery::new().page(PageToken::from(text));
            let _ = provider.list(query.clone()).await;
            let _ = provider.list(query.customer("cus_1")).await;
        }
    });
});
