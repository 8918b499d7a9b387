//! `activations list`, `rename`, `remove`.

use crate::support::Bench;

#[test]
fn every_format_of_activations() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let id = bench.id_of(provider, &bench.shop(provider).samples.good);
        let text = bench.in_every_format(&["--provider", provider, "activations", "list", &id]);
        insta::assert_snapshot!(format!("activations_{provider}"), text);
    }
}

#[test]
fn an_activation_gets_another_name_at_dodo_only() {
    let bench = Bench::open();
    let id = bench.id_of("dodo", &bench.dodo.samples.good);
    let seat = &bench.activations("dodo", &id)[0];
    let text = bench.in_every_format(&["activations", "rename", seat, "work-mac"]);
    insta::assert_snapshot!("rename_dodo", text);
    let listed = bench.run(&["activations", "list", &id, "--json"]).json();
    assert_eq!(listed[0]["label"], "work-mac");

    let polar = bench.run(&["-p", "polar", "activations", "rename", seat, "work-mac"]).exits(4);
    assert!(polar.stderr.contains("this provider cannot rename an activation"), "{polar:?}");
    bench.run(&["activations", "rename", "lki_unknown", "x"]).exits(1);
}

#[test]
fn a_removed_activation_frees_its_seat() {
    let bench = Bench::open();
    for provider in ["dodo", "polar"] {
        let code = &bench.shop(provider).samples.good;
        let id = bench.id_of(provider, code);
        let mut text = String::new();
        for format in ["", "--json", "--jsonl", "--csv"] {
            let activated =
                bench.run(&["-p", provider, "activate", code, "--label", "spare", "--json"]).exits(0);
            let seat = activated.json()["id"].as_str().unwrap().to_owned();
            let mut args = vec!["--provider", provider, "activations", "remove", &id, &seat];
            args.extend(Some(format).filter(|format| !format.is_empty()));
            text.push_str(&bench.run(&args).exits(0).transcript(&args));
            assert!(!bench.activations(provider, &id).contains(&seat));
        }
        insta::assert_snapshot!(format!("remove_{provider}"), bench.stable(&text));
        let gone = bench.run(&[
            "-p",
            provider,
            "activations",
            "remove",
            &id,
            "00000000-0000-4000-8000-000000000000",
        ]);
        let gone = gone.exits(1);
        assert!(gone.stderr.contains("refused: the activation is unknown"), "{gone:?}");
    }
}
