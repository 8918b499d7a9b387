//! `webhook trigger`: a simulator that runs sends what happens on demand.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Bench, Listener, Running, read_to};

#[test]
fn an_event_of_every_vendor_comes_to_the_listener() {
    let bench = Bench::with_webhooks();
    // The configuration that the listener has is that of the simulators, which need its address first.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let sim = ["sim", "--write", "demo", "--keys", "1", "--webhooks", &url];
    let simulators = Running::start(bench.command(&sim));
    let mut told = simulators.stderr();
    read_to(&mut told, "until Ctrl-C");
    let mut listener = Listener::start_on(&bench, port, &["--config", "demo/anykey.toml", "--jsonl"]);
    for seller in bench.sending() {
        let at = ["--config", "demo/anykey.toml", "-p", seller.name, "webhook", "trigger"];
        let trigger = |event: &str| bench.run(&[&at[..], &[event, "--json"]].concat());
        let key = trigger("issued").exits(0).json()["key_id"].as_str().unwrap().to_owned();
        let is_of_it = |line: &Value| line["name"] == seller.name && line["key_id"] == *key;
        while !is_of_it(&serde_json::from_str(&listener.line()).unwrap()) {}
        let exits: BTreeSet<_> = ["disabled", "revoked", "refunded", "payment_failed", "rotated"]
            .map(|event| trigger(event).code)
            .into();
        assert!(exits.is_subset(&[Some(0), Some(4)].into()), "{}: {exits:?}", seller.name);
        trigger("nothing").exits(2);
    }
    for seller in bench.sellers().filter(|seller| seller.simulated.webhooks.is_none()) {
        let trigger = ["--config", "demo/anykey.toml", "-p", seller.name, "webhook", "trigger", "issued"];
        let refused = bench.run(&trigger).exits(2);
        assert!(refused.stderr.contains("this simulator sends no webhooks"), "{refused:?}");
    }
}

#[test]
fn only_a_simulator_makes_events() {
    let bench = Bench::with_webhooks();
    let seller = bench.sending()[0];
    let other = bench.run_at(seller, &["webhook", "trigger", "issued"]).exits(2);
    assert!(other.stderr.contains("is no simulator of `anykey sim`"), "{other:?}");
    bench.write("live.toml", &bench.configuration().replace(&seller.url, "https://api.example"));
    let live =
        bench.run(&["--config", "live.toml", "-p", seller.name, "webhook", "trigger", "issued"]).exits(2);
    assert!(live.stderr.contains("is no simulator of `anykey sim`"), "{live:?}");
}
