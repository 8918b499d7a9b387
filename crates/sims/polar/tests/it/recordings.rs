//! Tests of the simulator against recorded exchanges with the real server.
//!
//! Each case sets the simulator to the recorded state of the server and sends the recorded request. Status, all
//! headers and the body have to be equal. In successful answers ids, times and lengths may differ, but equal ones
//! have to stay equal.

mod fixture;
mod keys;
mod recording;

use std::collections::BTreeSet;
use std::path::Path;

use self::fixture::Fixture;
use self::keys::*;
use self::recording::Recording;
use anykey_core::SignedDuration;

/// The name of a recording, and the actions before it.
type Case = (&'static str, fn(&mut Fixture));

fn nothing(_: &mut Fixture) {}

fn plain(fixture: &mut Fixture) {
    fixture.sell(&PLAIN);
}

fn host(fixture: &mut Fixture) {
    fixture.sell(&DEVICE).activate(&DEVICE, &HOST_1);
}

fn laptop(fixture: &mut Fixture) {
    fixture.sell(&DEVICE).activate(&DEVICE, &HOST_1).validate(&DEVICE, 5).activate(&DEVICE, &LAPTOP);
}

fn full(fixture: &mut Fixture) {
    fixture.sell(&DEVICE_FULL);
    [FULL_0, FULL_1, FULL_2].iter().for_each(|device| {
        fixture.activate(&DEVICE_FULL, device);
    });
}

fn edited(fixture: &mut Fixture) {
    fixture.sell(&FULL_EDITED);
}

/// A changed and validated key without limits.
fn unlimited(fixture: &mut Fixture) {
    fixture.sell(&FULL_EDITED).use_up(&FULL_EDITED, 1);
    fixture.patch(&FULL_EDITED, r#"{"limit_activations":null,"limit_usage":null}"#);
}

/// The first four keys of Alice, and more, 267 in total.
fn alices_list(fixture: &mut Fixture) {
    fixture.sell(&DEVICE).activate(&DEVICE, &HOST_1).sell(&DEVICE_FULL).sell(&DEVICE_REVOKED);
    fixture.patch(&DEVICE_REVOKED, r#"{"status":"revoked"}"#).sell_more(264, "{}");
}

fn statuses(fixture: &mut Fixture) {
    let (revoked, disabled) = (r#"{"status":"revoked"}"#, r#"{"status":"disabled"}"#);
    fixture.sell(&DEVICE_REVOKED).patch(&DEVICE_REVOKED, revoked);
    fixture.sell(&DEVICE_DISABLED).patch(&DEVICE_DISABLED, disabled);
    fixture.sell_more(35, revoked).sell_more(35, disabled);
}

fn bobs_list(fixture: &mut Fixture) {
    fixture.sell(&BOBS_DEVICE).sell(&BOBS_PLAIN).sell(&BOBS_USAGE);
}

fn replay(fixture: &Fixture, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let _ = Recording::read(&folder, name).replay(fixture);
}

fn throttled(fixture: &mut Fixture, name: &str) {
    fixture.sell(&PLAIN).sell(&DEVICE);
    (0..4).for_each(|_| replay(fixture, name));
}

const DEVICE_CALLS: &[Case] = &[
    ("cp-validate-good", |w| _ = w.sell(&PLAIN).validate(&PLAIN, 1)),
    ("cp-validate-benefit-mismatch", plain),
    ("cp-validate-customer-mismatch", plain),
    ("cp-validate-unknown-key", plain),
    ("cp-validate-revoked", |w| _ = w.sell(&PLAIN_REVOKED).patch(&PLAIN_REVOKED, r#"{"status":"revoked"}"#)),
    ("cp-validate-disabled", |w| {
        _ = w.sell(&PLAIN_DISABLED).patch(&PLAIN_DISABLED, r#"{"status":"disabled"}"#)
    }),
    ("org-validate-expired", |w| {
        w.sell(&PLAIN_EXPIRED).patch(&PLAIN_EXPIRED, r#"{"expires_at":"2026-11-18T00:30:27.516349Z"}"#);
    }),
    ("cp-validate-activation-unknown", host),
    ("cp-validate-deactivated-activation", |w| {
        laptop(w);
        w.deactivate(&DEVICE, &LAPTOP);
    }),
    ("cp-validate-conditions-match", host),
    ("cp-validate-conditions-float-for-int", |w| {
        host(w);
        w.validate(&DEVICE, 2);
    }),
    ("cp-validate-conditions-mismatch", host),
    ("cp-validate-conditions-subset", host),
    ("cp-validate-conditions-string-instead-of-int", host),
    ("cp-validate-after-activate-conditions-match", laptop),
    ("cp-validate-activation-above-limit", |w| {
        full(w);
        w.validate(&DEVICE_FULL, 2).patch(&DEVICE_FULL, r#"{"limit_activations":1}"#);
    }),
    ("cp-validate-increment-usage-string", |w| {
        w.sell(&USAGE).validate(&USAGE, 2).use_up(&USAGE, 7);
    }),
    ("cp-validate-increment-usage-exact", |w| {
        w.sell(&USAGE_NEARLY_SPENT).patch(&USAGE_NEARLY_SPENT, r#"{"usage":98}"#);
    }),
    ("org-validate-usage-exceeded", |w| {
        w.sell(&USAGE_NEARLY_SPENT).patch(&USAGE_NEARLY_SPENT, r#"{"usage":100}"#);
    }),
    ("cp-validate-increment-usage-float", |w| _ = w.sell(&USAGE)),
    ("cp-validate-increment-usage-int32-overflow", plain),
    ("cp-validate-expires-whole-second", |w| {
        w.sell(&EXPIRING).patch(&EXPIRING, r#"{"expires_at":"2027-06-01T12:00:00Z"}"#);
    }),
    ("cp-validate-key-unicode", |w| _ = w.sell(&UNICODE)),
    ("cp-validate-customer-with-tax-id-and-locale", |w| _ = w.change_bob(Fixture::taxed).sell(&BOBS_PLAIN)),
    ("cp-validate-key-of-deleted-customer", |w| _ = w.sell(&ORPHAN).delete_customer()),
    ("blocked-org-cp-validate", |w| {
        w.sell(&OTHERS).block_other_organization();
        replay(w, "blocked-org-cp-validate");
    }),
    ("org-validate", |w| w.sell(&PLAIN).validate(&PLAIN, 10).use_up(&PLAIN, 7)),
    ("org-validate-wrong-organization", plain),
    ("cp-activate-ok", |w| {
        host(w);
        w.validate(&DEVICE, 5);
    }),
    ("cp-activate-with-float-and-bool-meta", |w| _ = w.sell(&FULL_TYPES)),
    ("cp-activate-meta-big-int", |w| _ = w.sell(&HIDDEN).activate(&HIDDEN, &HIDDEN_1)),
    ("cp-activate-limit-reached", |w| {
        laptop(w);
        w.activate(&DEVICE, &FULL_0);
    }),
    ("cp-activate-no-activations-benefit", plain),
    ("org-activate", |w| _ = w.sell(&FULL)),
    ("cp-deactivate-ok", laptop),
    ("cp-deactivate-activation-of-other-key", |w| {
        host(w);
        full(w);
    }),
    ("org-deactivate-second-time", |w| {
        w.sell(&FULL).activate(&FULL, &SERVER).deactivate(&FULL, &SERVER);
    }),
    ("version-2026-10-cp-activate", |w| {
        w.sell(&FULL).validate(&FULL, 1);
    }),
];

const WRONG_REQUESTS: &[Case] = &[
    ("cp-validate-empty-object", nothing),
    ("cp-validate-missing-organization", nothing),
    ("cp-validate-no-body", nothing),
    ("cp-validate-form-content-type", nothing),
    ("cp-validate-key-nul-byte", nothing),
    ("cp-validate-organization-non-uuid", nothing),
    ("cp-validate-conditions-null", nothing),
    ("cp-validate-conditions-51-keys", nothing),
    ("cp-activate-missing-label", nothing),
    ("cp-activate-meta-empty-value", nothing),
    ("cp-activate-meta-key-41-chars", nothing),
    ("cp-deactivate-activation-null", nothing),
    ("cp-get-nil-uuid", nothing),
    ("cp-list-limit0", nothing),
    ("cp-list-page-1.5", nothing),
    ("org-get-activation-non-uuid", nothing),
    ("org-list-filter-organization-empty", nothing),
    ("org-list-filter-status-invalid", nothing),
    ("org-update-limit-activations-zero", edited),
    ("org-update-status-invalid", edited),
    ("org-update-status-null", edited),
    ("org-update-expires-invalid", edited),
];

const TRANSPORT: &[Case] = &[
    ("cp-validate-chunked", plain),
    ("cp-validate-no-body-no-content-length", nothing),
    ("cp-validate-trailing-slash", plain),
    ("cp-list-no-trailing-slash", nothing),
    ("cp-list-post-405", nothing),
    ("cp-head-list", nothing),
    ("org-update-put-405", edited),
    ("cp-cors-preflight-validate", nothing),
    ("cp-cors-simple-validate", plain),
    ("version-full-date", nothing),
    ("cp-list-no-token", nothing),
    ("cp-list-garbage-token", nothing),
    ("cp-list-organization-token", nothing),
    ("cp-validate-good-with-expired-token", plain),
    ("blocked-org-oat-list", |w| w.block_other_organization()),
    ("org-list-insufficient-scope", nothing),
    ("org-validate-read-only-token", plain),
    ("ratelimit-production-cp-validate-429", |w| throttled(w, "ratelimit-production-cp-validate-429")),
    ("ratelimit-sandbox-cp-validate-429", |w| throttled(w, "ratelimit-sandbox-cp-validate-429")),
    ("ratelimit-production-cp-activate-429-same-zone", |w| {
        throttled(w, "ratelimit-production-cp-validate-429");
    }),
    ("ratelimit-production-cp-validate-429-after-3s", |w| {
        throttled(w, "ratelimit-production-cp-validate-429");
        w.clock.advance(SignedDuration::from_secs(5));
    }),
    ("ratelimit-sandbox-cp-list-429", |w| {
        (0..101).for_each(|_| replay(w, "ratelimit-sandbox-cp-list-429"));
    }),
    ("ratelimit-sandbox-org-validate-same-ip", |w| {
        w.sell(&PLAIN).validate(&PLAIN, 32).use_up(&PLAIN, 7);
        (0..4).for_each(|_| replay(w, "ratelimit-sandbox-cp-validate-429"));
        w.clock.advance(SignedDuration::from_secs(60));
        (0..4).for_each(|_| replay(w, "ratelimit-sandbox-cp-validate-429"));
    }),
];

const PORTAL: &[Case] = &[
    ("cp-list-customerB", bobs_list),
    ("cp-list-customer-without-keys", nothing),
    ("cp-list-filter-other-organization", alices_list),
    ("cp-list-filter-benefit-two", |w| _ = w.sell(&USAGE).sell(&PLAIN).sell_more(46, "{}")),
    ("cp-list-page4-past-end", alices_list),
    ("cp-list-member-session", |w| _ = w.sell_to_member(&MEMBERS)),
    ("cp-get-own", host),
    ("cp-get-own-uppercase-uuid", host),
    ("cp-get-own-no-customer-admin", |w| _ = w.sell(&HIDDEN).activate(&HIDDEN, &HIDDEN_1)),
    ("cp-get-own-revoked", |w| _ = w.sell(&DEVICE_REVOKED).patch(&DEVICE_REVOKED, r#"{"status":"revoked"}"#)),
    ("cp-get-other-customers", bobs_list),
    ("cp-get-team-customer-without-email", |w| _ = w.change_bob(Fixture::team).sell(&BOBS_DEVICE)),
    ("cp-rotate", |w| _ = w.sell(&ROTATED)),
    ("legacy-api-v1-prefix", |w| {
        host(w);
        w.validate(&DEVICE, 6).sell_more(266, "{}");
    }),
];

const MANAGEMENT: &[Case] = &[
    ("org-get", |w| {
        full(w);
        w.validate(&DEVICE_FULL, 2);
    }),
    ("org-get-no-admin-shows-activations", |w| {
        w.sell(&HIDDEN).activate(&HIDDEN, &HIDDEN_1).activate(&HIDDEN, &BIG_INT);
    }),
    ("org-get-other-organization", |w| _ = w.sell(&OTHERS)),
    ("org-get-activation", |w| {
        full(w);
        w.validate(&DEVICE_FULL, 2);
    }),
    ("org-get-activation-other-key", |w| {
        plain(w);
        full(w);
    }),
    ("org-list-other-org-token", |w| _ = w.sell(&OTHERS)),
    ("org-list-filter-status-two", statuses),
    ("org-list-write-only-token", |w| _ = w.sell(&DEVICE).validate(&DEVICE, 6).sell_more(270, "{}")),
    ("org-list-personal-token", |w| {
        w.sell(&DEVICE).validate(&DEVICE, 6);
        full(w);
        w.validate(&DEVICE_FULL, 2).sell_more(271, "{}");
    }),
    ("org-update-empty", edited),
    ("org-update-status-disabled", edited),
    ("org-update-usage-over-limit", edited),
    ("org-update-limit-activations", |w| _ = w.sell(&FULL_EDITED).validate(&FULL_EDITED, 1)),
    ("org-update-all-at-once", |w| _ = w.sell(&FULL_EDITED).validate(&FULL_EDITED, 2)),
    ("org-update-expires-date-only", unlimited),
    ("org-update-expires-epoch-number", unlimited),
    ("org-update-expires-null", unlimited),
    ("org-update-expires-past", unlimited),
    ("org-update-expires-year-9999", unlimited),
    ("org-update-expires-naive-reread", |w| {
        unlimited(w);
        w.patch(&FULL_EDITED, r#"{"expires_at":"2030-01-02T03:04:05"}"#);
    }),
    ("org-update-expires-offset-reread", |w| {
        w.sell(&FULL_EDITED).validate(&FULL_EDITED, 1);
        w.patch(&FULL_EDITED, r#"{"limit_activations":null,"limit_usage":null}"#);
        w.patch(&FULL_EDITED, r#"{"expires_at":"2030-01-02T03:04:05+02:00"}"#);
    }),
    ("org-update-unknown-field", |w| {
        unlimited(w);
        w.validate(&FULL_EDITED, 1).patch(&FULL_EDITED, r#"{"expires_at":null}"#);
    }),
    ("org-update-other-org-token", edited),
    ("org-rotate-revoked", |w| _ = w.sell(&PLAIN_REVOKED).patch(&PLAIN_REVOKED, r#"{"status":"revoked"}"#)),
];

#[test]
fn answers_equal_the_recordings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let mut played = BTreeSet::new();
    let mut failures = Vec::new();
    for (name, given) in [DEVICE_CALLS, WRONG_REQUESTS, TRANSPORT, PORTAL, MANAGEMENT].into_iter().flatten() {
        let recording = Recording::read(&folder, name);
        let mut fixture = Fixture::new(&recording.server_env);
        given(&mut fixture);
        if let Err(difference) = recording.replay(&fixture) {
            failures.push(format!("{name}: {difference}"));
        }
        assert!(played.insert((*name).to_owned()), "{name} has two cases");
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n\n"));

    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let recorded = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let recorded: BTreeSet<_> =
        recorded.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(recorded, played, "every recording has a case");
}
