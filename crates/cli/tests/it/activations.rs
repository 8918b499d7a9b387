//! `activations list`, `rename`, `remove`, and seats that end by themselves.

use anykey::Capability::{Activate, Activations, Deactivate, ListAll, RenameActivation, Renew};
use anykey::SignedDuration;
use anykey::sim::IssueSpec;

use crate::support::Bench;

#[test]
fn every_format_of_activations() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, Activate]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let text = bench.in_every_format(&["--provider", seller.name, "activations", "list", &id]);
        insta::assert_snapshot!(format!("activations_{}", seller.name), text);
    }
}

#[test]
fn an_activation_gets_another_name_where_the_vendor_has_that() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, RenameActivation]) {
        let id = bench.id_of(seller, &seller.samples.good);
        let seat = &bench.activations(seller, &id)[0];
        let text = bench.in_every_format(&["-p", seller.name, "activations", "rename", seat, "work-mac"]);
        insta::assert_snapshot!(format!("rename_{}", seller.name), text);
        let listed = bench.run_at(seller, &["activations", "list", &id, "--json"]).json();
        assert_eq!(listed[0]["label"], "work-mac");
        let nobodys = "00000000-0000-4000-8000-000000000000";
        bench.run_at(seller, &["activations", "rename", nobodys, "x"]).exits(1);
    }
    for seller in bench.unable(RenameActivation) {
        let refused = bench.run_at(seller, &["activations", "rename", "a", "work-mac"]).exits(4);
        assert!(refused.stderr.contains("this provider cannot rename an activation"), "{refused:?}");
    }
}

#[test]
fn a_removed_activation_frees_its_seat() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, Activate, Deactivate]) {
        let code = &seller.samples.good;
        let id = bench.id_of(seller, code);
        let mut text = String::new();
        for format in ["", "--json", "--jsonl", "--csv"] {
            let activated = bench.run_at(seller, &["activate", code, "--label", "spare", "--json"]).exits(0);
            let seat = activated.json()["id"].as_str().unwrap().to_owned();
            let mut args = vec!["--provider", seller.name, "activations", "remove", &id, &seat];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
            assert!(!bench.activations(seller, &id).contains(&seat));
        }
        insta::assert_snapshot!(format!("remove_{}", seller.name), bench.stable(&text));
        let nobodys = "00000000-0000-4000-8000-000000000000";
        let gone = bench.run_at(seller, &["activations", "remove", &id, nobodys]).exits(1);
        assert!(gone.stderr.contains("refused: the activation is unknown"), "{gone:?}");
    }
}

#[test]
fn a_seat_that_ends_by_itself_shows_its_end_and_is_renewed() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Activations, Activate, Renew]) {
        let key = seller.issue(IssueSpec::new().seat_lifetime(SignedDuration::from_hours(1)));
        let code = key.code.expose();
        let seat = bench.run_at(seller, &["activate", code, "--label", "phone", "--json"]).exits(0).json();
        let listed =
            bench.run_at(seller, &["activations", "list", key.id.as_str(), "--json"]).exits(0).json();
        assert_eq!(listed[0]["expires_at"], seat["expires_at"]);

        bench.clock.advance(SignedDuration::from_mins(30));
        let renew = ["renew", code, "--activation", seat["id"].as_str().unwrap()];
        let dry = bench.run_at(seller, &[&renew[..], &["--dry-run"]].concat()).exits(0);
        assert!(!format!("{dry:?}").contains(code), "{dry:?}");
        let renewed = bench.run_at(seller, &[&renew[..], &["--json"]].concat()).exits(0).json();
        assert!(renewed["expires_at"].as_str() > seat["expires_at"].as_str(), "{seat} {renewed}");
        let shown = bench.run_at(seller, &renew).exits(0);
        assert!(
            shown.stdout.contains(&format!("expires:  {}", renewed["expires_at"].as_str().unwrap())),
            "{shown:?}"
        );

        bench.clock.advance(SignedDuration::from_hours(2));
        bench.run_at(seller, &renew).exits(1);
    }
    for seller in bench.unable(Renew) {
        let refused = bench.run_at(seller, &["renew", &seller.samples.good, "--activation", "a"]).exits(4);
        assert!(refused.stderr.contains("this provider cannot renew activations"), "{refused:?}");
    }
}
