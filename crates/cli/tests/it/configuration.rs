//! Where the configuration comes from, and what `config check` tells about it.

use anykey::Capability::{ListAll, Rotate, ValidateWithoutSeat};
use anykey::sim::{SimulatedPlane, simulator};
use anykey::{ManualClock, Registry};
use anykey_testkit::LoopbackServer;
use anykey_testkit::transport::{Fault, RetryAfter, Rule};

use crate::support::{Bench, NOW, Ran, Seller, Vendors};

#[test]
fn every_format_of_a_check() {
    let bench = Bench::open();
    insta::assert_snapshot!("config_check", bench.in_every_format(&["config", "check"]));
    insta::assert_snapshot!("config_check_online", bench.in_every_format(&["config", "check", "--online"]));
}

#[test]
fn the_sections_of_an_app_are_read_and_redis_may_be_away() {
    let bench = Bench::open();
    let sections = "[cache]\npositive_ttl_seconds = 60\n[guard]\napp_id = \"com.example.app\"\n\
                    [pacing]\nredis = { env = \"REDIS_URL\" }\nprocesses = 8\n";
    bench.write("app.toml", &format!("[providers.main]\nprovider = \"memory\"\n{sections}"));
    let mut command = bench.command(&["--config", "app.toml", "config", "check"]);
    Ran::of(command.env("REDIS_URL", "redis://127.0.0.1:1").output().unwrap()).exits(0);
    let checked = bench.anykey("--config app.toml config check").exits(2);
    assert!(format!("{checked:?}").contains("the environment variable REDIS_URL is not set"), "{checked:?}");
}

#[test]
fn a_check_explains_a_credential_of_the_other_environment() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll]) {
        let wrong = seller.wrong_token();
        bench.write(&format!("{}.token", seller.name), &wrong);
        let checked = bench.run_at(seller, &["config", "check", "--online"]).exits(2);
        assert!(checked.stdout.contains("the vendor does not know the credential"), "{checked:?}");
        assert!(!format!("{checked:?}").contains(&wrong));
    }
}

#[test]
fn a_check_without_credential_asks_with_a_key_that_does_not_exist() {
    let bench = Bench::open();
    let with_device_plane = bench.able(&[ValidateWithoutSeat]);
    for device in with_device_plane.into_iter().filter_map(Seller::device_configuration) {
        bench.write("device.toml", &device);
        let checked = bench.anykey("--config device.toml config check --online --json").exits(0).json();
        assert_eq!((&checked[0]["plane"], &checked[0]["credential"]), (&"device".into(), &().into()));
        let told = checked[0]["online"].as_str().unwrap();
        assert!(told.starts_with("the vendor answers; a key that does not exist is refused"), "{told}");
    }
}

#[test]
fn a_check_says_what_a_credential_may_do_where_each_call_has_to_be_allowed() {
    let bench = Bench::open();
    let registry = Registry::builtin();
    let mut checked = 0;
    for vendor in registry.vendors() {
        let Some((field, everything)) = vendor.probe().everything else { continue };
        let sim = simulator(vendor.name()).unwrap();
        let sim = sim.start(ManualClock::at(NOW.parse().unwrap())).unwrap();
        let server = LoopbackServer::start_in_background(sim.transport()).unwrap();
        let mut planes = sim.planes();
        let (seller, device) = (planes.pop().unwrap(), planes.remove(0));
        let check = |plane: SimulatedPlane, exit: i32| {
            let plane = plane.field("base_url", server.url());
            let toml = format!("provider = \"{}\"\n{}", vendor.name(), plane.to_toml());
            bench.write("grants.toml", &toml);
            let args = ["--config", "grants.toml", "config", "check", "--online", "--json"];
            let mut command = bench.command(&args);
            let ran = Ran::of(command.envs(plane.secrets.iter()).output().unwrap()).exits(exit);
            ran.json()[0]["online"].as_str().unwrap().to_owned()
        };
        let narrow = check(device.clone(), 0);
        let expected = "it may activate, validate activations; it may neither read nor change keys";
        assert!(narrow.ends_with(expected), "{narrow}");
        let shipped = check(seller.clone().field(field, device.fields[field].clone()), 0);
        let expected =
            "warning: it may also list keys, look up codes with their activations, change keys, and so may";
        assert!(shipped.contains(expected), "{shipped}");
        let expected = "it may list keys, look up codes with their activations, change keys, activate, validate activations";
        let whole = check(seller, 0);
        assert!(whole.ends_with(expected), "{whole}");
        let too_narrow = check(device.field(field, everything), 2);
        assert!(
            too_narrow.ends_with("it may not list keys, look up codes with their activations, change keys"),
            "{too_narrow}"
        );
        checked += 1;
    }
    assert!(checked > 0);
}

#[test]
fn a_check_without_an_answer_blames_nobody() {
    let bench = Bench::open();
    for seller in bench.sellers() {
        seller.faults.inject(Rule::always(Fault::rate_limited(RetryAfter::Seconds(0))));
        let checked = bench.run_at(seller, &["config", "check", "--online"]).exits(3);
        assert!(checked.stdout.contains("this says nothing about the configuration"), "{checked:?}");
    }
}

#[test]
fn a_check_shows_what_is_wrong_of_every_provider() {
    let bench = Bench::open();
    let name = bench.default_seller().name;
    bench.write(
        "wrong.toml",
        &format!(
            "default = \"a\"\n[providers.a]\nprovider = \"memory\"\n\
             [providers.b]\nprovider = \"{name}\"\ntoken = \"planted\"\n\
             [providers.c]\nprovider = \"unheard-of\"\n"
        ),
    );
    let checked = bench.anykey("--config wrong.toml config check").exits(2);
    assert!(checked.stdout.contains("write a secret as { env = \"VARIABLE\" }"), "{checked:?}");
    let known = Registry::builtin().names().collect::<Vec<_>>().join(", ");
    let expected = format!("there is no vendor called `unheard-of`; known are {known}");
    assert!(checked.stdout.contains(&expected), "{checked:?}");
    assert!(!format!("{checked:?}").contains("planted"));
    bench.anykey("--config wrong.toml --provider a config check").exits(0);
}

#[test]
fn the_file_is_searched_in_the_documented_order() {
    let bench = Bench::open();
    let used = |ran: Ran| ran.exits(0).json()[0]["configuration"].as_str().unwrap().to_owned();
    let check = ["config", "check", "--json"];
    let deep = bench.folder.path().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::create_dir_all(bench.folder.path().join(".config/anykey")).unwrap();
    bench.write(".config/anykey/anykey.toml", "provider = \"memory\"");
    bench.write("named.toml", "provider = \"memory\"");
    let in_deep = || {
        let mut command = bench.command(&check);
        command.current_dir(&deep);
        command
    };
    let run = |mut command: std::process::Command| used(Ran::of(command.output().unwrap()));

    let mut named = in_deep();
    named.args(["--config", "../../named.toml"]).env("ANYKEY_CONFIG", "/nowhere");
    assert!(run(named).ends_with("named.toml (named)"));
    let mut variable = in_deep();
    variable.env("ANYKEY_CONFIG", bench.folder.path().join("named.toml"));
    assert!(run(variable).ends_with("named.toml (named)"));
    assert!(run(in_deep()).ends_with("anykey.toml (found upwards)"));
    if cfg!(target_os = "linux") {
        std::fs::remove_file(bench.folder.path().join("anykey.toml")).unwrap();
        assert!(run(in_deep()).ends_with(".config/anykey/anykey.toml (user)"));
        std::fs::remove_dir_all(bench.folder.path().join(".config")).unwrap();
        let nothing = Ran::of(in_deep().output().unwrap()).exits(2);
        assert!(nothing.stderr.contains("there is no configuration"), "{nothing:?}");
        let mut environment = in_deep();
        environment.env("ANYKEY_PROVIDER", "memory");
        assert_eq!(run(environment), "the environment variables ANYKEY_…");
    }
}

#[test]
fn a_variable_overrides_a_field_of_the_chosen_provider() {
    let bench = Bench::open();
    let [chosen, other] = [bench.default_seller().name, bench.able(&[Rotate])[0].name];
    let mut command = bench.command(&["--config", "anykey.toml", "-p", chosen, "config", "check", "--json"]);
    let checked = command.env("ANYKEY_TOKEN", "planted").env("ANYKEY_PRODUCTS", "[\"pdt_9\"]");
    let checked = Ran::of(checked.output().unwrap()).exits(0);
    assert!(!format!("{checked:?}").contains("planted"));
    let checked = checked.json();
    assert_eq!(checked[0]["credential"], "`token` from the environment variable ANYKEY_TOKEN (set)");
    assert_eq!(checked[0]["products"], "pdt_9");
    assert_eq!(checked[0]["overridden_by"], "ANYKEY_PRODUCTS, ANYKEY_TOKEN");

    let mut chosen = bench.command(&["config", "check", "--json"]);
    let chosen = Ran::of(chosen.env("ANYKEY_PROVIDER", other).output().unwrap()).exits(0).json();
    assert_eq!((&chosen[0]["name"], &chosen[0]["overridden_by"]), (&other.into(), &().into()));
}

#[test]
fn a_provider_of_the_environment_never_meets_the_credential_of_another() {
    let bench = Bench::open();
    let mut command = bench.command(&["keys", "list"]);
    let ran =
        Ran::of(command.env("ANYKEY_PROVIDER", "acme").env("ANYKEY_TOKEN", "t").output().unwrap()).exits(2);
    let names: Vec<_> = bench.sellers().map(|seller| format!("`{}`", seller.name)).collect();
    let told = format!("there is no provider called `acme`; there is {}", names.join(", "));
    assert!(ran.stderr.contains(&told), "{ran:?}");
}

#[test]
fn a_check_tells_where_webhook_secrets_come_from_and_whether_they_are_some() {
    let vendors = Vendors::open();
    let check = |args: &str| vendors.bench.anykey(&format!("-p dodo config check {args}"));
    let set = check("--json").exits(0);
    let sources = "`webhook_secrets[0]` from the file dodo.webhook (set)";
    assert_eq!(set.json()[0]["webhook_secrets"], sources);
    let table = check("").exits(0);
    assert!(table.stdout.contains(&format!("webhook secrets:  {sources}\n")), "{table:?}");
    vendors.assert_no_secret(&format!("{set:?}{table:?}"));
    for (value, source) in [
        ("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "environment variable ANYKEY_WEBHOOK_SECRETS"),
        ("[{ file = \"polar.webhook\" }]", "file polar.webhook"),
    ] {
        let mut command = vendors.bench.command(&["-p", "dodo", "config", "check", "--json"]);
        let ran = Ran::of(command.env("ANYKEY_WEBHOOK_SECRETS", value).output().unwrap()).exits(0);
        let told = format!("`webhook_secrets[0]` from the {source} (set)");
        assert_eq!(ran.json()[0]["webhook_secrets"], told);
        vendors.assert_no_secret(&format!("{ran:?}"));
    }
    vendors.bench.write("dodo.webhook", "");
    let empty = check("--json").exits(2);
    assert_eq!(empty.json()[0]["webhook_secrets"], sources.replace("set)", "missing or empty)"));
    vendors.bench.write("dodo.webhook", "whsec_planted!");
    let wrong = check("").exits(2);
    assert!(wrong.stdout.contains("problem: ") && !format!("{wrong:?}").contains("planted"), "{wrong:?}");
}

#[test]
fn a_token_of_the_environment_goes_to_a_found_host_only_with_consent() {
    let bench = Bench::open();
    let seller = bench.default_seller();
    bench.write("anykey.toml", &seller.device_configuration().unwrap());
    let run = |args: &str, variables: &[(&str, &str)]| {
        let args: Vec<_> = args.split(' ').collect();
        Ran::of(bench.command(&args).envs(variables.iter().copied()).output().unwrap())
    };
    let token = ("ANYKEY_TOKEN", seller.token.as_str());
    let refused = run("keys list", &[token]).exits(2);
    assert!(
        refused.stderr.contains("sets `base_url` itself, so ANYKEY_TOKEN is not sent there"),
        "{refused:?}"
    );
    assert!(!refused.stderr.contains(token.1), "{refused:?}");
    assert!(run("config check", &[token]).exits(2).stdout.contains("is not sent there"));
    run("--config anykey.toml keys list", &[token]).exits(0);
    run("keys list", &[token, ("ANYKEY_CONFIG", "anykey.toml")]).exits(0);
    run("keys list", &[token, ("ANYKEY_BASE_URL", &seller.url)]).exits(0);
}

#[test]
fn variables_of_kubernetes_are_no_fields_and_others_are() {
    let bench = Bench::open();
    let name = bench.default_seller().name;
    let run = |variables: &[(&str, &str)]| {
        let mut command = bench.command(&["-p", name, "config", "check", "--json"]);
        Ran::of(command.envs(variables.iter().copied()).output().unwrap())
    };
    let kubernetes = [("ANYKEY_SERVICE_HOST", "10.0.0.1"), ("ANYKEY_PORT", "tcp://10.0.0.1:80")];
    assert_eq!(run(&kubernetes).exits(0).json()[0]["overridden_by"], serde_json::Value::Null);
    for (unknown, value, hint) in [
        ("ANYKEY_PORT", "8080", "expected one of ANYKEY_BASE_URL, "),
        ("ANYKEY_TOKN", "x", "did you mean ANYKEY_TOKEN?"),
        ("ANYKEY_BASEURL", "x", "did you mean ANYKEY_BASE_URL?"),
        ("ANYKEY_SERVICE_HOSTS", "10.0.0.1", "expected one of ANYKEY_BASE_URL, "),
    ] {
        let wrong = run(&[(unknown, value)]).exits(2);
        let field = unknown.trim_start_matches("ANYKEY_").to_lowercase();
        let expected = format!(
            "the environment variable {unknown} sets `{field}`, which is no field of `{name}`; {hint}"
        );
        assert!(wrong.stderr.contains(&expected), "{wrong:?}");
    }
    let mut command = bench.command(&["keys", "list"]);
    let nothing_but_variables = command.current_dir("/").env("ANYKEY_PROVIDER", name).env("ANYKEY_TOKN", "x");
    let wrong = Ran::of(nothing_but_variables.output().unwrap()).exits(2);
    assert!(wrong.stderr.contains("did you mean ANYKEY_TOKEN?"), "{wrong:?}");
}

#[test]
fn a_misspelled_field_and_vendor_have_a_suggestion() {
    let bench = Bench::open();
    let name = bench.default_seller().name;
    bench.write("wrong.toml", &format!("provider = \"{name}\"\ntokn = {{ env = \"X\" }}"));
    let wrong = bench.anykey("--config wrong.toml keys list").exits(2);
    assert!(
        wrong.stderr.contains("unknown field `tokn`") && wrong.stderr.contains("did you mean `token`?"),
        "{wrong:?}"
    );
    bench.write("wrong.toml", &format!("provider = \"{name}{}\"", &name[..1]));
    let wrong = bench.anykey("--config wrong.toml keys list").exits(2);
    assert!(wrong.stderr.contains(&format!("did you mean `{name}`?")), "{wrong:?}");
}
