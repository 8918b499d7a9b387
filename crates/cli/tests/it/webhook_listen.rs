//! `anykey webhook listen`: the vendors deliver over loopback.

use std::io::Read;

use anykey_dodo_sim::KeySpec;
use anykey_dodo_sim::kit::WebhookSender;
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Bench, Listener, Running, Vendors};

/// A listener, and vendors that send to it.
fn connected(args: &[&str]) -> (Listener, Vendors) {
    let vendors = Vendors::open();
    let listener = Listener::start(&vendors.bench, args);
    vendors.send_to(&listener.url);
    (listener, vendors)
}

#[test]
fn every_event_of_both_vendors_is_a_line() {
    let (mut listener, vendors) = connected(&["--jsonl"]);
    let told = listener.told.join("\n");
    for path in ["/\n", "/dodo\n", "/polar\n"] {
        assert!(told.contains(path), "{told}");
    }
    vendors.sell();
    let (sent, taken) = vendors.deliver();
    assert!(sent == taken && sent >= 4, "{sent} {taken}");
    let lines: Vec<Value> = (0..taken).map(|_| serde_json::from_str(&listener.line()).unwrap()).collect();
    for name in ["dodo", "polar"] {
        let granted = lines.iter().find(|line| line["name"] == name && line["kind"] == "granted");
        assert!(granted.unwrap()["key_id"].is_string());
    }
    let (printed, told) = listener.rest();
    assert_eq!(printed, "");
    vendors.assert_no_secret(&format!("{lines:?}{told}"));
}

#[test]
fn a_table_is_lines_with_a_header_and_csv_too() {
    for (format, header) in [("--color=never", "HAPPENED"), ("--csv", "verdict,reason,")] {
        let (mut listener, vendors) = connected(&[format]);
        vendors.sell();
        let (_, taken) = vendors.deliver();
        assert!(listener.line().starts_with(header));
        for _ in 0..taken {
            let line = listener.line();
            assert!(line.contains("2027-01-15T12:00:00"), "{line:?}");
            vendors.assert_no_secret(&line);
        }
        assert_eq!(listener.rest().0, "");
    }
}

#[test]
fn the_code_is_masked_unless_it_is_asked_for() {
    for show in [false, true] {
        let args: &[_] = if show { &["--jsonl", "--show-keys"] } else { &["--jsonl"] };
        let (mut listener, vendors) = connected(args);
        let issued = vendors.dodo.issue(KeySpec::default()).unwrap();
        assert!(vendors.deliver().1 > 0);
        let line = listener.line();
        assert_eq!(line.contains(&issued.key), show, "{line}");
        assert_eq!(line.contains("\"****-"), !show, "{line}");
    }
}

#[test]
fn any_of_several_secrets_will_do() {
    let vendors = Vendors::open();
    vendors.replace_secret();
    let mut listener = Listener::start(&vendors.bench, &["--jsonl"]);
    vendors.send_to(&listener.url);
    vendors.sell();
    let (sent, taken) = vendors.deliver();
    assert!(sent == taken && listener.line().starts_with('{'));
    assert_eq!(listener.told.len(), 4, "{:?}", listener.told);
}

#[test]
fn a_delivery_that_comes_again_is_answered_and_not_printed() {
    let (mut listener, vendors) = connected(&["--jsonl"]);
    vendors.dodo.change_webhook_quirks(|quirks| quirks.duplicates = 100);
    vendors.dodo.issue(KeySpec::default()).unwrap();
    let (sent, taken) = vendors.deliver_all();
    assert_eq!(sent, taken);
    let ids: Vec<_> = (0..sent / 2)
        .map(|_| serde_json::from_str::<Value>(&listener.line()).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.iter().enumerate().all(|(at, id)| !ids[..at].contains(id)), "{ids:?}");
    let (printed, told) = listener.rest();
    assert_eq!(printed, "");
    assert_eq!(told.matches(" came again\n").count(), sent / 2, "{told}");
}

#[test]
fn what_is_no_event_is_answered_by_its_reason_and_told() {
    let (mut listener, vendors) = connected(&["--jsonl"]);
    let url = listener.url.clone();
    let send = |request: Request<Bytes>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(ReqwestTransport::default().send(request)).unwrap()
    };
    let request = |method: Method, path: &str, body: Bytes| {
        let request = Request::builder().method(method).uri(format!("{url}{path}"));
        request.body(body).unwrap()
    };
    let nothing = send(request(Method::POST, "/", Bytes::new()));
    assert_eq!(nothing.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        listener.told(),
        "refused: dodo (live): the delivery is not authentic: the header `webhook-id` is missing; answered 400\n"
    );
    let get = send(request(Method::GET, "/polar", Bytes::new()));
    assert_eq!(
        (get.status(), &get.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
    assert!(listener.told().ends_with("a request that is no POST; answered 405\n"));
    assert_eq!(send(request(Method::POST, "/planted", Bytes::new())).status(), StatusCode::NOT_FOUND);
    assert_eq!(listener.told(), "refused: a request to a path of no provider; answered 404\n");
    let giant = send(request(Method::POST, "/", vec![b'x'; (1 << 20) + 1].into()));
    assert_eq!(giant.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(listener.told().ends_with("a body of more than 1048576 bytes; answered 413\n"));

    for (provider, about_keys) in [("dodo", "license_key.created"), ("polar", "benefit_grant.created")] {
        vendors.announce(provider, about_keys, &json!({"email": "ada@example.com"}));
        vendors.announce(provider, "product.updated", &json!({"email": "ada@example.com"}));
        let mut due = vendors.due(provider);
        let ignored = due.pop().unwrap();
        let unreadable = due.pop().unwrap();
        let mut forged = ignored.clone();
        *forged.body_mut() = Bytes::from_static(b"{}");
        for (request, status, told, why) in [
            (unreadable, 500, "unreadable", "the delivery `"),
            (ignored, 200, "note", "the delivery `"),
            (forged, 401, "refused", "the delivery is not authentic: no signature matches any secret"),
        ] {
            assert_eq!(send(request).status(), status);
            let line = listener.told();
            assert!(line.starts_with(&format!("{told}: {provider} (live): {why}")), "{line}");
            vendors.assert_no_secret(&line);
        }
    }
    assert_eq!(listener.rest(), (String::new(), String::new()));
}

#[test]
fn the_provider_that_is_asked_for_has_the_address_for_itself() {
    let (listener, vendors) = connected(&["-p", "polar"]);
    let told = listener.told.join("\n");
    assert!(told.contains("polar (live) is taken at http://127.0.0.1:") && !told.contains("dodo"), "{told}");
    vendors.sell();
    let (sent, taken) = vendors.deliver();
    assert!(taken >= 1 && taken < sent, "Dodo's have no path");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let (mut listener, vendors) = connected(&["--jsonl"]);
    drop(listener.stdout);
    vendors.sell();
    vendors.deliver();
    let mut told = String::new();
    listener.stderr.read_to_string(&mut told).unwrap();
    assert_eq!((told.as_str(), listener.running.exit_code()), ("", Some(0)));
}

#[test]
fn what_cannot_listen_is_2() {
    let refused = |bench: &Bench, args: &[&str]| {
        let running = Running::start(bench.command(&[&["webhook", "listen"], args].concat()));
        let mut told = String::new();
        running.stderr().read_to_string(&mut told).unwrap();
        assert_eq!(running.exit_code(), Some(2), "{told}");
        told
    };
    let none = refused(&Bench::open(), &["--port", "0"]);
    assert!(none.contains("dodo (loopback): ") && none.contains("`webhook_secrets` is missing"), "{none}");
    let vendors = Vendors::open();
    let document = refused(&vendors.bench, &["--port", "0", "--json"]);
    assert!(document.contains("use --jsonl"), "{document}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let busy = refused(&vendors.bench, &["--port", &port]);
    assert!(busy.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{busy}");
}
