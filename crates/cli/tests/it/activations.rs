//! `activations list`, `rename`, `remove`.

use anykey::Capability::{Activate, Activations, Deactivate, ListAll, RenameActivation};

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
