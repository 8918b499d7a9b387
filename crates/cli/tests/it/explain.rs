//! `anykey explain` over every simulator.

use anykey::Capability::{ListAll, SetActivationLimit};
use anykey::sim::Role;

use crate::support::SupportBench;

/// What an explanation comes to. A key without an expiry of its own ends with its subscription.
const FINDINGS: [(Role, &[&str], bool); 5] = [
    (Role::Good, &["works"], true),
    (Role::Full, &["no_free_seat"], true),
    (Role::Subscribed, &["works"], true),
    (Role::Expired, &["expired", "subscription_ended"], false),
    (Role::Disabled, &["disabled"], false),
];

#[test]
fn every_state_of_a_key_is_explained_at_every_vendor() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        let vendor = &*seller.simulated.vendor;
        for (role, findings, in_force) in FINDINGS {
            let Some(key) = vendor.seed(role) else { continue };
            let explained = bench.run_at(seller, &["explain", key.code.expose(), "--json"]).exits(0).json();
            let found = explained["findings"][0].as_str().unwrap();
            assert!(findings.contains(&found), "{} {role}: {explained}", seller.name);
            assert_eq!(explained["provider"], seller.name);
            assert_eq!(explained["in_force"], in_force, "{} {role}", seller.name);
            assert!(!explained.to_string().contains(key.code.expose()), "{} {role}", seller.name);
        }
    }
}

/// The last command of each explanation is the one that puts the key in force.
#[test]
fn the_commands_that_are_offered_do_what_they_say() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        for role in [Role::Full, Role::Expired, Role::Disabled] {
            let Some(key) = seller.simulated.vendor.seed(role) else { continue };
            let explained = bench.run_at(seller, &["explain", key.code.expose(), "--json"]).exits(0).json();
            let steps = explained["support_can"].as_array().unwrap();
            let is_change = |command: &&str| !command.contains(" get ") && !command.contains(" check");
            let mut commands = steps.iter().filter_map(|step| step["command"].as_str()).filter(is_change);
            let Some(command) = commands.next_back() else { continue };
            let words: Vec<_> = command.split(' ').skip(1).collect();
            bench.run(&words).exits(0);
            let after = bench.run_at(seller, &["explain", key.code.expose(), "--json"]).exits(0).json();
            assert_eq!(after["findings"][0], "works", "{} {role} {command}: {after}", seller.name);
        }
    }
}

#[test]
fn an_explanation_is_a_text_and_a_reply() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll, SetActivationLimit]) {
        let key = seller.simulated.vendor.seed(Role::Full).unwrap();
        let text = bench.run_at(seller, &["explain", key.code.expose()]).exits(0).stdout;
        assert!(text.starts_with("The key works on the devices that have a seat."), "{text}");
        let reply = bench.run_at(seller, &["explain", key.code.expose(), "--reply"]).exits(0).stdout;
        assert!(reply.starts_with("Hello,\n") && reply.ends_with("Kind regards\n"), "{reply}");
        assert!(!reply.contains(&format!(" {} ", key.id)) && !reply.contains("anykey"), "{reply}");
    }
}

#[test]
fn an_unknown_key_gets_a_reply_only_where_everything_was_searched() {
    let bench = SupportBench::open();
    let seller = bench.able(&[ListAll])[0];
    let unknown = bench.run_at(seller, &["explain", "SHOP\u{2013}NOBODY-HAS-IT"]).exits(1);
    assert!(unknown.stdout.contains("No provider of the configuration has this key."), "{unknown:?}");
    assert!(unknown.stderr.contains("a hyphen may have been replaced by a dash"), "{unknown:?}");
    let reply = bench.run_at(seller, &["explain", "SHOP-NOBODY-HAS-IT", "--reply"]).exits(1);
    assert!(reply.stdout.contains("I cannot find the license key"), "{reply:?}");
    bench.write(&format!("{}.token", seller.name), "wrong");
    let partly = bench.run_at(seller, &["explain", "SHOP-NOBODY-HAS-IT", "--reply"]).exits(2);
    assert_eq!(partly.stdout, "");
}

#[test]
fn several_keys_are_listed_and_none_is_explained() {
    let bench = SupportBench::open();
    let seller = bench.default_seller();
    let listed = bench.run_at(seller, &["keys", "list", "--json"]).exits(0).json();
    let customer = listed[0]["customer"].as_str().unwrap();
    let several = bench.run(&["explain", customer]).exits(2);
    assert!(several.stdout.contains("MATCHED") && several.stderr.contains("by its id"), "{several:?}");
    bench.run(&["explain", listed[0]["id"].as_str().unwrap()]).exits(0);
    bench.run(&["explain", customer, "--csv"]).exits(2);
}

#[test]
fn a_key_in_another_letter_case_is_found_and_the_case_is_named_where_it_matters() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        let code = &seller.samples.good;
        let lower = code.to_ascii_lowercase();
        let other = if lower == *code { code.to_ascii_uppercase() } else { lower };
        let refused = bench.run_at(seller, &["validate", &other]).code == Some(1);
        let explained = bench.run(&["explain", &other, "--json"]).exits(0).json();
        assert_eq!(explained["findings"][0] == "other_letter_case", refused, "{}: {explained}", seller.name);
    }
}
