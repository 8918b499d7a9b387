#![no_main]
//! Gumroad's unsigned pings: whoever knows the address may send anything, and only the answer to the question counts.

mod vendors;

use std::sync::Arc;

use anykey::{SecretString, Timestamp};
use anykey_gumroad::{GumroadPings, GumroadProvider, PingError};
use anykey_http::RetryPolicy;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "a-secret-that-nobody-guesses";

/// More questions than these would let one ping send many requests.
const MOST_QUESTIONS: usize = 5;

fuzz_target!(|input: (u16, bool, bool, &[u8], &[u8])| {
    let (status, is_secret, names_a_sale, body, answer) = input;
    let answer = Answer::json(200 + status % 400, answer.to_vec());
    let transport = ScriptedTransport::from_fn(move |_| answer.clone());
    let provider = GumroadProvider::builder("32-nPAicqbLj8B_WswVlMw==")
        .transport(Arc::new(transport.clone()))
        .token("token")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let pings = GumroadPings::new(&provider, [SecretString::from(SECRET)]).unwrap();
    let path = if is_secret { format!("/hook/{SECRET}") } else { "/hook/another".to_owned() };
    let start: &[u8] = if names_a_sale { b"sale_id=SALE-1==&" } else { b"" };
    let received = vendors::block_on(pings.receive(&path, &[start, body].concat(), Timestamp::UNIX_EPOCH));
    let questions = transport.requests().len();
    assert!(questions <= MOST_QUESTIONS);
    match received {
        Ok(_) => assert!(is_secret && questions > 0),
        Err(error) => assert!(is_secret || (matches!(error, PingError::WrongPath) && questions == 0)),
    }
});
