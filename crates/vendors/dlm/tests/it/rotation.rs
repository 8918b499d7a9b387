//! A new code for a key, where the server does not see to it that a code is one key's.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anykey_core::{ErrorKind, LicenseProvider, ManualClock};
use anykey_dlm::{DlmConfig, DlmProvider};
use anykey_dlm_sim::kit::{IssueSpec, SimulatedVendor};
use anykey_dlm_sim::{DlmSim, SimulatedDlm};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::{CODE, data, key, management, not_found};

/// The path's last part: the code that a look-up is about.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_code_that_another_key_has_is_given_to_none() {
    let looked_up = Arc::new(AtomicU32::new(0));
    let count = looked_up.clone();
    let transport = ScriptedTransport::from_fn(move |request| {
        let path = request.path().to_owned();
        match (request.method().as_str(), request.query()) {
            ("PUT", _) => {
                let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
                data(&key(&[(CODE, body["license_key"].as_str().unwrap())]))
            }
            (_, Some("id=1")) => data(&format!("[{}]", key(&[]))),
            // The first new code is another key's.
            _ if count.fetch_add(1, Ordering::Relaxed) == 0 => {
                data(&key(&[(r#""id":1"#, r#""id":2"#), (CODE, last(&path))]))
            }
            _ => not_found(),
        }
    });
    let rotated = management(&transport).rotate(&"1".into()).await.unwrap();
    let requests = transport.requests();
    let codes: Vec<_> = requests[1..3].iter().map(|request| last(request.path())).collect();
    assert_eq!((looked_up.load(Ordering::Relaxed), requests.len()), (2, 4));
    assert!(codes[0] != codes[1] && rotated.code.expose() == codes[1]);
}

/// A shop that answers for codes that nobody has, such as one behind a cache.
#[tokio::test]
async fn a_rotation_gives_up_and_changes_nothing_when_every_code_exists() {
    let transport = ScriptedTransport::from_fn(|request| match request.query() {
        Some("id=1") => data(&format!("[{}]", key(&[]))),
        _ => data(&key(&[(CODE, last(request.path()))])),
    });
    let error = management(&transport).rotate(&"1".into()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Conflict, false));
    assert!(transport.requests().iter().all(|request| request.method() == "GET"));
}

/// Another client gives the code to its key between the look and the change: the server refuses with its own check, or
/// its check has the hole, and then the answer is about another key.
#[tokio::test]
async fn a_code_that_is_taken_in_between_is_an_error() {
    let exists = r#"{"code":"data_error","message":"exists","data":{"code":409}}"#;
    let of_another = data(&key(&[(r#""id":1"#, r#""id":12"#)]));
    for (answer, kind, open) in
        [(Answer::json(500, exists), ErrorKind::Conflict, false), (of_another, ErrorKind::Unrecognized, true)]
    {
        let transport =
            ScriptedTransport::new().then(data(&format!("[{}]", key(&[])))).then(not_found()).then(answer);
        let error = management(&transport).rotate(&"1".into()).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_taken_effect()), (kind, open), "{error}");
    }
}

#[tokio::test]
async fn rotations_at_once_leave_each_key_its_own_code() {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let shop = SimulatedDlm::new(DlmSim::new(clock));
    let plane = shop.planes().pop().unwrap();
    let config: DlmConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    let provider: DlmProvider =
        config.builder(&plane.secrets).unwrap().transport(shop.transport()).build().unwrap();
    let keys: Vec<_> = (0..12).map(|_| shop.issue(IssueSpec::new()).unwrap()).collect();
    let rotations: Vec<_> = keys
        .iter()
        .chain(&keys)
        .map(|issued| {
            let (provider, id) = (provider.clone(), issued.id.clone());
            tokio::spawn(async move { provider.rotate(&id).await })
        })
        .collect();
    for rotation in rotations {
        if let Err(error) = rotation.await.unwrap() {
            panic!("{error}");
        }
    }
    let mut codes = Vec::new();
    for issued in &keys {
        let code = provider.get(&issued.id).await.unwrap().code;
        assert_ne!(code, issued.code);
        codes.push(code.expose().to_owned());
    }
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), keys.len());
}
