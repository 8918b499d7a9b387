//! Filters mean the same at every vendor, whoever does the filtering.

use crate::support::{Bench, Ran};

fn list(bench: &Bench, provider: &str, filters: &str) -> Ran {
    bench.anykey(&format!("--provider {provider} keys list --json {filters}")).exits(0)
}

/// Each status once.
fn statuses(ran: &Ran) -> Vec<String> {
    let document = ran.json();
    let mut words: Vec<_> =
        document.as_array().unwrap().iter().map(|key| key["status"].as_str().unwrap().to_owned()).collect();
    words.sort();
    words.dedup();
    words
}

#[test]
fn a_status_is_the_one_that_holds_now() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        for status in ["active", "expired", "disabled"] {
            let listed = list(&bench, provider, &format!("--status {status}"));
            assert_eq!(statuses(&listed), [status], "{provider}");
        }
        let both = list(&bench, provider, "--status expired --status disabled");
        assert_eq!(statuses(&both), ["disabled", "expired"], "{provider}");
        assert!(statuses(&list(&bench, provider, "--status revoked")).is_empty(), "{provider}");
    }
}

#[test]
fn what_the_vendor_cannot_filter_is_filtered_here_and_said_so() {
    let bench = Bench::open();
    let quiet = list(&bench, "dodo", "--status active");
    assert_eq!(quiet.stderr, "", "Dodo filters by one status");
    let two = list(&bench, "dodo", "--status active --status disabled");
    assert_eq!(
        two.stderr,
        "note: dodo cannot filter by this status: all its keys are read and filtered here\n"
    );
    let stored_never = list(&bench, "polar", "--status expired");
    assert_eq!(
        stored_never.stderr,
        "note: polar cannot filter by this status: all its keys are read and filtered here\n"
    );
    let expiry = list(&bench, "polar", "--customer nobody --expires-after 2027-01-01");
    assert!(expiry.stderr.starts_with("note: polar cannot filter by customer and expiry: "), "{expiry:?}");
    let hushed = list(&bench, "polar", "--customer nobody --quiet");
    assert_eq!(hushed.stderr, "");
}

#[test]
fn customer_and_product_narrow_the_listing() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let all = list(&bench, provider, "").json();
        for field in ["customer", "product"] {
            let wanted = all[0][field].as_str().unwrap();
            let expected = all.as_array().unwrap().iter().filter(|key| key[field] == wanted).count();
            let listed = list(&bench, provider, &format!("--{field} {wanted}")).json();
            assert_eq!(listed.as_array().unwrap().len(), expected, "{provider} {field}");
        }
    }
}

#[test]
fn a_key_ends_before_one_instant_and_after_another() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let count = |filters: &str| list(&bench, provider, filters).json().as_array().unwrap().len();
        assert_eq!(count("--expires-before 2027-01-15"), 2, "{provider}: ended a month ago");
        assert_eq!(count("--expires-after 2027-01-15"), 2, "{provider}: end in three months");
        assert_eq!(count("--expires-after 2026-12-16T12:00:00Z --expires-before 2027-04-15T12:00:01Z"), 4);
        assert_eq!(count("--expires-after 2026-12-16T12:00:01Z --expires-before 2027-04-15T12:00:00Z"), 0);
    }
}
