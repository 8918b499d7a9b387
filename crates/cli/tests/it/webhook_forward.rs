//! `webhook listen --forward-to` and `--save`, `webhook verify` and `webhook replay` of every vendor that sends
//! webhooks.

use std::path::PathBuf;
use std::sync::Arc;

use anykey::sim::IssueSpec;
use anykey_http::{HttpTransport, ReqwestTransport};
use anykey_testkit::LoopbackServer;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::support::{Bench, Listener};

/// Sends `request` to `url`, and returns the status of the answer.
fn send(request: &Request<Bytes>, url: &str) -> u16 {
    let mut request = request.clone();
    *request.uri_mut() = url.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ReqwestTransport::default().send(request)).unwrap().status().as_u16()
}

fn saved_files(bench: &Bench) -> Vec<PathBuf> {
    let Ok(files) = std::fs::read_dir(bench.folder.path().join("saved")) else { return Vec::new() };
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn authentic_deliveries_are_passed_on_as_they_came_and_saved_for_later() {
    let bench = Bench::with_webhooks();
    let app = Arc::new(ScriptedTransport::from_fn(|_| Answer::new(202)));
    let server = LoopbackServer::start_in_background(app.clone()).unwrap();
    let address = format!("{}/hooks", server.url());
    for seller in bench.sending() {
        let _those_of_before = seller.due_webhooks();
        seller.issue(IssueSpec::new());
        let due = seller.due_webhooks();
        assert!(!due.is_empty(), "{}", seller.name);
        let folder = format!("saved/{}", seller.name);
        let listen = ["-p", seller.name, "--jsonl", "--save", &folder, "--forward-to", &address];
        let mut listener = Listener::start(&bench, &listen);
        for request in &due {
            let before = app.requests().len();
            assert_eq!(send(request, &listener.url), 202, "{}: the app's answer", seller.name);
            let passed_on = &app.requests()[before..];
            assert_eq!((passed_on.len(), passed_on[0].path()), (1, "/hooks"));
            assert_eq!(passed_on[0].body(), request.body());
            for (name, value) in request.headers() {
                assert_eq!(passed_on[0].headers().get(name), Some(value), "{}: {name}", seller.name);
            }
            let mut forged = request.clone();
            *forged.body_mut() = Bytes::from_static(b"{}");
            assert_eq!(send(&forged, &listener.url) / 100, 4, "{}", seller.name);
            assert_eq!(app.requests().len(), before + 1, "what is not authentic stays here");
        }
        assert_eq!(serde_json::from_str::<Value>(&listener.line()).unwrap()["name"], seller.name);

        let files: Vec<_> = std::fs::read_dir(bench.folder.path().join(&folder)).unwrap().collect();
        assert_eq!(files.len(), due.len());
        for file in files {
            let file = file.unwrap().path();
            let file = file.to_str().unwrap();
            bench.run_at(seller, &["webhook", "verify", file]).exits(0);
            let replayed =
                bench.run(&["webhook", "replay", file, "--to", &address, "--json"]).exits(0).json();
            assert_eq!(replayed["status"], 202);
            let again = app.requests().pop().unwrap();
            assert!(due.iter().any(|request| request.body() == again.body()), "{}", seller.name);
        }
    }
}

#[test]
fn without_an_answer_of_the_app_the_vendor_sends_it_again() {
    let bench = Bench::with_webhooks();
    for seller in bench.sending() {
        let request = seller.due_webhooks().remove(0);
        let listen = ["-p", seller.name, "--jsonl", "--save", "saved", "--forward-to", "http://127.0.0.1:9/"];
        let mut listener = Listener::start(&bench, &listen);
        let before = saved_files(&bench).len();
        assert_eq!(send(&request, &listener.url), 502);
        let told = (0..3).map(|_| listener.told()).find(|line| line.starts_with("error: ")).unwrap();
        assert!(
            told.contains("no answer from http://127.0.0.1:9/: ") && told.ends_with("answered 502\n"),
            "{told}"
        );
        assert_eq!(saved_files(&bench).len(), before + 1);
        let file = saved_files(&bench).pop().unwrap();
        let replay = ["webhook", "replay", file.to_str().unwrap(), "--to", "http://127.0.0.1:9/"];
        bench.run(&replay).exits(3);
    }
    bench.anykey("webhook replay nowhere.http --to http://127.0.0.1:9/").exits(2);
}
