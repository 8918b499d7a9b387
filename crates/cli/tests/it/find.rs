//! `anykey find` over every simulator.

use anykey::Capability::{
    FilterByCustomer, FilterByEmail, FilterByExternalCustomer, ListAll, ValidateWithoutSeat,
};
use anykey::RefusalReason;
use anykey::sim::{IssueSpec, Which};
use serde_json::Value;

use crate::support::{Seller, SupportBench};

const NOBODYS: &str = "SHOP-NOBODY-HAS-IT";

/// The rows that a search shows of one provider.
fn rows<'a>(found: &'a Value, seller: &Seller) -> Vec<&'a Value> {
    found.as_array().unwrap().iter().filter(|row| row["provider"] == seller.name).collect()
}

#[test]
fn a_key_is_found_at_whichever_provider_has_it_by_what_is_known_of_it() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        let code = seller.samples.good.as_str();
        let id = bench.id_of(seller, code);
        let tail = format!("****-{}", &code[code.len() - 6..]);
        for (what, matched) in [(code, "code"), (&tail, "last six characters"), (&id, "id")] {
            let found = bench.run(&["find", what, "--json"]).exits(0).json();
            let [row] = rows(&found, seller)[..] else { panic!("{} {matched}: {found}", seller.name) };
            assert_eq!(
                (&row["id"], &row["matched"]),
                (&id.as_str().into(), &matched.into()),
                "{}",
                seller.name
            );
        }
    }
}

#[test]
fn the_keys_of_a_customer_and_of_an_order_are_found() {
    let bench = SupportBench::open();
    for seller in bench.able(&[ListAll]) {
        let listed = bench.run_at(seller, &["keys", "list", "--json"]).json();
        let known = ["customer", "order", "payment", "subscription"].into_iter();
        for (field, what) in known.filter_map(|field| Some((field, listed[0][field].as_str()?))) {
            let expected = listed.as_array().unwrap().iter().filter(|key| key[field] == what);
            let found = bench.run(&["find", what, "--json"]).exits(0).json();
            let found = rows(&found, seller);
            for key in expected {
                assert!(found.iter().any(|row| row["id"] == key["id"]), "{} {field}: {found:?}", seller.name);
            }
            // A number may be the id of one key and the customer of others.
            let is_meant = |row: &&Value| row["matched"] == field || row["matched"] == "id";
            assert!(found.iter().all(is_meant), "{} {field}: {found:?}", seller.name);
        }
    }
}

#[test]
fn what_was_searched_and_what_was_not_is_said_and_decides_the_exit_code() {
    let bench = SupportBench::open();
    let everywhere = bench.run(&["find", NOBODYS]).exits(4);
    for seller in bench.sellers() {
        let said = if seller.can(ListAll) { "searched " } else { "not searched: " };
        let note = format!("note: {said}{} (loopback)", seller.name);
        assert!(everywhere.stderr.contains(&note), "{everywhere:?}");
    }
    for seller in bench.able(&[ListAll]) {
        bench.run_at(seller, &["find", NOBODYS]).exits(1);
    }
    for seller in bench.sellers().filter(|seller| !seller.can(ListAll) && !seller.can(ValidateWithoutSeat)) {
        bench.run_at(seller, &["find", NOBODYS]).exits(4);
    }
    let able = bench.able(&[ListAll]);
    let (broken, good) = (able[0], able[1]);
    bench.write(&format!("{}.token", broken.name), &broken.wrong_token());
    let failed = bench.run(&["find", NOBODYS]).exits(2);
    assert!(
        failed.stderr.contains(&format!("not searched: {} (loopback): list: ", broken.name)),
        "{failed:?}"
    );
    bench.run(&["find", &good.samples.good]).exits(0);
}

#[test]
fn a_refusal_by_a_vendor_that_shows_no_record_is_said_with_its_reason() {
    let bench = SupportBench::open();
    let mut said = 0;
    for seller in bench.sellers() {
        let (Some(configuration), Some(code)) = (seller.device_configuration(), &seller.samples.ended) else {
            continue;
        };
        bench.write("device.toml", &configuration);
        let found = bench.run(&["--config", "device.toml", "find", code]);
        if found.code == Some(0) {
            continue;
        }
        let verdict = bench.run(&["--config", "device.toml", "validate", code, "--json"]).exits(1).json();
        let reason: RefusalReason = verdict["reason"].as_str().unwrap().parse().unwrap();
        assert!(found.exits(4).stderr.contains(&format!("it refuses the key: {reason};")), "{}", seller.name);
        said += 1;
    }
    assert!(said > 0, "every vendor shows the record beside a refusal");
}

#[test]
fn the_keys_of_an_e_mail_address_are_found_at_every_vendor_that_can_be_asked() {
    let bench = SupportBench::open();
    assert!(bench.able(&[FilterByEmail]).len() > 1, "several vendors can be asked");
    for seller in bench.able(&[FilterByEmail]) {
        let key = seller.issue(IssueSpec::new().customer(Which::Second));
        let address = key.email.unwrap();
        let found = bench.run(&["find", address.expose(), "--json"]).exits(0);
        let row = |id: &str| rows(&found.json(), seller).into_iter().find(|row| row["id"] == id).cloned();
        let row = row(key.id.as_str()).unwrap_or_else(|| panic!("{}: {found:?}", seller.name));
        assert_eq!(row["matched"], "e-mail address", "{}", seller.name);
        let customer = key.customer.as_str();
        let of_others = |row: &&Value| row["customer"].as_str().is_some_and(|own| own != customer);
        assert!(!rows(&found.json(), seller).iter().any(of_others), "{}: {found:?}", seller.name);
    }
}

#[test]
fn an_e_mail_address_is_not_printed_and_the_notes_say_who_could_not_be_asked() {
    let bench = SupportBench::open();
    let asked = bench.run(&["find", "Nobody@example.org", "-v", "--trace"]).exits(4);
    assert!(!asked.stderr.to_lowercase().contains("nobody@example.org"), "{asked:?}");
    for seller in bench.sellers() {
        let said = if seller.can(FilterByEmail) { "searched " } else { "not searched: " };
        assert!(asked.stderr.contains(&format!("note: {said}{} (loopback)", seller.name)), "{asked:?}");
    }
    for seller in bench.able(&[FilterByEmail]) {
        bench.run_at(seller, &["find", "nobody@example.org"]).exits(1);
    }
}

#[test]
fn the_keys_of_an_external_id_are_found_where_the_vendor_keeps_one() {
    let bench = SupportBench::open();
    assert!(!bench.able(&[FilterByExternalCustomer]).is_empty(), "a vendor can be asked");
    for seller in bench.able(&[FilterByExternalCustomer]) {
        let key = seller.issue(IssueSpec::new().customer(Which::Second));
        let external = key.external_customer.unwrap();
        let found = bench.run_at(seller, &["find", external.expose(), "--json"]).exits(0).json();
        let row = rows(&found, seller).into_iter().find(|row| row["id"] == key.id.as_str());
        let row = row.unwrap_or_else(|| panic!("{}: {found}", seller.name));
        assert_eq!(row["matched"], "external customer id", "{}", seller.name);
        // A text that may be a code is not sent in the place of an id.
        let unnamed = bench.run(&["find", external.expose()]).exits(4);
        assert!(!unnamed.stderr.contains("external id"), "{unnamed:?}");
    }
}

#[test]
fn a_router_is_not_searched_beside_the_providers_behind_it() {
    let bench = SupportBench::open();
    let able = bench.able(&[ListAll, FilterByCustomer]);
    let name = able[0].name;
    let file = std::fs::read_to_string(bench.folder.path().join("anykey.toml")).unwrap();
    let router =
        format!("\n[providers.all]\nprovider = \"router\"\nchain = [\"{name}\"]\ncreate = \"{name}\"\n");
    bench.write("anykey.toml", &(file + &router));
    let code = able[0].samples.good.as_str();
    let found = bench.run(&["find", code, "--jsonl"]).exits(0);
    assert_eq!(found.stdout.lines().count(), 1, "{found:?}");
    let through = bench.run(&["-p", "all", "find", code, "--jsonl"]).exits(0);
    assert!(through.stdout.contains(&format!("\"id\":\"{name}:")), "{through:?}");
}

#[test]
fn a_code_is_never_printed_by_a_search() {
    let bench = SupportBench::open();
    for seller in bench.sellers() {
        let code = seller.samples.good.as_str();
        let ran = bench.run(&["find", code, "-v", "--trace"]);
        assert!(!ran.stdout.contains(code) && !ran.stderr.contains(code), "{ran:?}");
    }
}
