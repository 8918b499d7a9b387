//! Filters mean the same at every vendor, whoever does the filtering.

use anykey::Capability::{FilterByCustomer, FilterByMany, FilterByStatus, ListAll, SetExpiry};

use crate::support::{Bench, Ran, Seller};

fn list(bench: &Bench, seller: &Seller, filters: &str) -> Ran {
    let words = format!("keys list --json {filters}");
    bench.run_at(seller, &words.split_whitespace().collect::<Vec<_>>()).exits(0)
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
    for seller in bench.able(&[ListAll]) {
        for status in ["active", "expired", "disabled"] {
            let listed = list(&bench, seller, &format!("--status {status}"));
            assert_eq!(statuses(&listed), [status], "{}", seller.name);
        }
        let both = list(&bench, seller, "--status expired --status disabled");
        assert_eq!(statuses(&both), ["disabled", "expired"], "{}", seller.name);
        assert!(statuses(&list(&bench, seller, "--status revoked")).is_empty(), "{}", seller.name);
    }
}

#[test]
fn what_the_vendor_cannot_filter_is_filtered_here_and_said_so() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let name = seller.name;
        // An id in the vendor's form that no customer has.
        let listed = list(&bench, seller, "").json();
        let customer = listed[0]["customer"].as_str().unwrap_or_default();
        let is_number = !customer.is_empty() && customer.bytes().all(|digit| digit.is_ascii_digit());
        let nobody = if is_number { "99999" } else { "nobody" };
        let note = |filter: &str| {
            format!("note: {name} cannot filter by {filter}: all its keys are read and filtered here\n")
        };
        let expected = |is_able: bool, filter: &str| if is_able { String::new() } else { note(filter) };
        let told =
            |filters: &str| list(&bench, seller, filters).stderr.replace("note: there is no such key\n", "");
        assert_eq!(told("--status active"), expected(seller.can(FilterByStatus), "this status"), "{name}");
        if !seller.can(FilterByMany) {
            assert_eq!(told("--status active --status disabled"), note("this status"), "{name}");
        }
        assert_eq!(
            told(&format!("--customer {nobody}")),
            expected(seller.can(FilterByCustomer), "customer"),
            "{name}"
        );
        let filters = if seller.can(FilterByCustomer) { "expiry" } else { "customer and expiry" };
        let both = format!("--customer {nobody} --expires-after 2027-01-01T00:00:00Z");
        assert_eq!(told(&both), note(filters), "{name}");
        assert_eq!(list(&bench, seller, &format!("{both} --quiet")).stderr, "", "{name}");
    }
}

#[test]
fn customer_and_product_narrow_the_listing() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let all = list(&bench, seller, "").json();
        for field in ["customer", "product"] {
            let wanted = all[0][field].as_str().unwrap();
            let expected = all.as_array().unwrap().iter().filter(|key| key[field] == wanted).count();
            let listed = list(&bench, seller, &format!("--{field} {wanted}")).json();
            assert_eq!(listed.as_array().unwrap().len(), expected, "{} {field}", seller.name);
        }
    }
}

#[test]
fn a_key_ends_before_one_instant_and_after_another() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetExpiry]) {
        let count = |filters: &str| list(&bench, seller, filters).json().as_array().unwrap().len();
        assert_eq!(count("--expires-before 2027-01-15"), 2, "{}: ended a month ago", seller.name);
        assert_eq!(count("--expires-after 2027-01-15"), 2, "{}: end in three months", seller.name);
        assert_eq!(count("--expires-after 2026-12-16T12:00:00Z --expires-before 2027-04-15T12:00:01Z"), 4);
        assert_eq!(count("--expires-after 2026-12-16T12:00:01Z --expires-before 2027-04-15T12:00:00Z"), 0);
    }
}

#[test]
fn a_distance_from_now_and_a_day_say_which_instant_they_are() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, SetExpiry]) {
        let soon = list(&bench, seller, "--expires-after -1d --expires-before 120d");
        assert!(soon.stderr.contains("note: 120d is taken as 2027-05-15T12:00:00Z"), "{soon:?}");
        let keys = soon.json();
        let ends: Vec<_> = keys.as_array().unwrap().iter().map(|key| &key["expires_at"]).collect();
        assert!(!ends.is_empty() && ends.iter().all(|end| **end == "2027-04-15T12:00:00Z"), "{ends:?}");
        let day = list(&bench, seller, "--expires-before 2027-01-31");
        assert!(day.stderr.contains("note: 2027-01-31 is taken as 2027-01-31T00:00:00Z"), "{day:?}");
    }
}
