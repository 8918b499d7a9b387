//! `anykey init` and `config schema`: a first configuration, with and without somebody to ask.

#[cfg(unix)]
use std::io::Write;
#[cfg(target_os = "linux")]
use std::process::Stdio;

use anykey::adapter::FieldKind;
use anykey::{Capability, Registry};
use serde_json::Value;

use crate::support::{Bench, Ran, Seller};
#[cfg(unix)]
use crate::support::{Screen, read_to_end};

/// The options that describe the simulated seller at its vendor, without the token.
fn options(seller: &Seller) -> Vec<String> {
    let mut options = vec!["init".to_owned(), "--vendor".to_owned(), seller.name.to_owned()];
    let fields = &seller.simulated.plane.fields;
    for (field, value) in fields.iter().filter(|(field, value)| *field != "base_url" && !value.is_object()) {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        options.extend(["--set".to_owned(), format!("{field}={value}")]);
    }
    options.extend(["--set".to_owned(), format!("base_url={}", seller.url)]);
    options
}

/// The variables that a configuration called as the vendor refers to, with the seller's credentials.
fn credentials(seller: &Seller) -> Vec<(String, String)> {
    let plane = &seller.simulated.plane;
    let of = |(field, value): (&String, &Value)| {
        let variable = value.get("env")?.as_str()?;
        let (_, secret) = plane.secrets.iter().find(|(name, _)| *name == variable)?;
        Some((format!("{}_{field}", seller.name).to_uppercase(), secret.to_owned()))
    };
    plane.fields.iter().filter_map(of).collect()
}

#[test]
fn options_alone_write_a_configuration_that_works_and_nothing_waits() {
    let bench = Bench::open();
    let mut named = 0;
    for seller in bench.able(&[Capability::ListAll]) {
        let file = format!("{}.toml", seller.name);
        let options = [options(seller), vec!["--output".to_owned(), file.clone()]].concat();
        let written = bench.run(&options).exits(0);
        let credentials = credentials(seller);
        for (variable, _) in &credentials {
            assert!(written.stderr.contains(&**variable), "{variable}: {written:?}");
        }
        assert!(written.stderr.contains("next: set "), "{written:?}");
        if let Some(page) = Registry::builtin().vendor(seller.name).unwrap().credentials_page() {
            let note = format!(" are made or explained at {page}\n");
            assert!(page.starts_with("https://") && written.stderr.contains(&note), "{written:?}");
            named += 1;
        }
        let text = std::fs::read_to_string(bench.folder.path().join(&file)).unwrap();
        assert!(
            text.starts_with("#:schema ./anykey.schema.json\n") && !text.contains(&seller.token),
            "{text}"
        );
        let with_token = |args: &[&str]| {
            let mut command = bench.command(&[&["--config", &file], args].concat());
            Ran::of(command.envs(credentials.clone()).output().unwrap())
        };
        with_token(&["config", "check", "--online"]).exits(0);
        with_token(&["keys", "list"]).exits(0);

        let again = bench.run(&options).exits(2);
        assert!(again.stderr.contains("is there already and stays as it is"), "{again:?}");
        assert_eq!(std::fs::read_to_string(bench.folder.path().join(&file)).unwrap(), text);
    }
    assert!(named > 0, "no vendor says where its credentials are made");
}

#[test]
fn a_token_that_is_there_is_checked_at_once() {
    let bench = Bench::open();
    let has_token = |seller: &&&Seller| {
        let fields = Registry::builtin().vendor(seller.name).unwrap().fields().unwrap();
        fields.iter().any(|field| &*field.name == "token")
    };
    for seller in bench.able(&[Capability::ListAll]).iter().filter(has_token) {
        let file = format!("{}.toml", seller.name);
        let token =
            ["--token-file".to_owned(), format!("{}.token", seller.name), "--output".to_owned(), file];
        let checked = bench.run(&[&options(seller)[..], &token].concat()).exits(0);
        assert!(checked.stdout.contains("the vendor accepts the credential"), "{checked:?}");
        bench.write(&format!("{}.token", seller.name), &seller.wrong_token());
        std::fs::remove_file(bench.folder.path().join(format!("{}.toml", seller.name))).unwrap();
        bench.run(&[&options(seller)[..], &token].concat()).exits(2);
    }
}

#[test]
fn what_is_missing_is_named_and_nothing_is_written() {
    let bench = Bench::open();
    std::fs::remove_file(bench.folder.path().join("anykey.toml")).unwrap();
    let none = bench.anykey("init").exits(2);
    assert!(none.stderr.contains("next: say it with --vendor, one of "), "{none:?}");
    bench.anykey("init --vendor nobody").exits(2);
    let mut choices = 0;
    for seller in bench.sellers() {
        let fields = Registry::builtin().vendor(seller.name).unwrap().fields().unwrap();
        let init = |set: &str| bench.run(&["init", "--vendor", seller.name, "--set", set]).exits(2).stderr;
        let misspelled = init("timout=3");
        assert!(misspelled.contains("did you mean `timeout`?"), "{misspelled}");
        if !fields.iter().any(|field| &*field.name == "environment") {
            let ignored = ["init", "--vendor", seller.name, "--environment", "sandbox"];
            let ignored = bench.run(&ignored).exits(2).stderr;
            assert!(ignored.contains("the vendor has no field `environment`"), "{ignored}");
        }
        if fields
            .iter()
            .any(|field| matches!(field.kind, FieldKind::Choice(_)) && &*field.name == "environment")
        {
            assert!(init("environment=snadbox").contains("`environment` is one of live, sandbox"));
            choices += 1;
        }
        let secret = fields.iter().find(|field| field.kind == FieldKind::Secret).unwrap();
        let secret = init(&format!("{}=planted", secret.name));
        assert!(secret.contains("is a secret") && !secret.contains("planted"), "{secret}");
        if let Some(needed) = fields.iter().find(|field| field.required && !field.kind.is_secret()) {
            let missing = bench.run(&["init", "--vendor", seller.name]).exits(2).stderr;
            assert!(missing.contains(&format!("`{}` is not known", needed.name)), "{missing}");
        }
    }
    assert!(choices > 0, "no vendor has an environment");
    assert!(!bench.folder.path().join("anykey.toml").exists());
}

#[cfg(unix)]
#[test]
fn on_a_terminal_what_is_missing_is_asked_for() {
    let bench = Bench::open();
    std::fs::remove_file(bench.folder.path().join("anykey.toml")).unwrap();
    let seller = bench.default_seller();
    let screen = Screen::new(120);
    let set = format!("base_url={}", seller.url);
    let mut child = Screen::command(&bench, &["init", "--set", &set]).spawn(screen.pts).unwrap();
    let mut pty = screen.pty;
    // The terminal keeps what is typed ahead.
    let answers = format!("{}\nshop\nsandbox\nn\nSHOP_KEY\n", seller.name);
    pty.write_all(answers.as_bytes()).unwrap();
    let shown = read_to_end(pty);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{shown}");
    for question in [
        "The vendor: ",
        "A name for it",
        "live or sandbox [live]: ",
        "system's keyring? [y/N] ",
        "[SHOP_TOKEN]: ",
    ] {
        assert!(shown.contains(question), "{question}: {shown}");
    }
    let text = std::fs::read_to_string(bench.folder.path().join("anykey.toml")).unwrap();
    for line in ["default = \"shop\"", "environment = \"sandbox\"", "token = { env = \"SHOP_KEY\" }"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

/// Elsewhere the keyring of the machine that runs the tests would be asked.
#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_a_token_for_it_is_refused_and_nothing_is_written() {
    let bench = Bench::open();
    let file = bench.folder.path().join("anykey.toml");
    std::fs::remove_file(&file).unwrap();
    let seller = bench.default_seller();
    let init = [options(seller), vec!["--token-keyring".to_owned()]].concat();
    let empty = bench.run(&init).exits(2).stderr;
    assert!(empty.contains("it is empty; next: enter it, or write it to stdin") && !file.exists(), "{empty}");

    let mut command = bench.command(&init);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(seller.token.as_bytes()).unwrap();
    let refused = Ran::of(child.wait_with_output().unwrap()).exits(2).stderr;
    assert!(refused.contains("use { env = … } or { file = … }") && !file.exists(), "{refused}");
    assert!(!refused.contains(&seller.token), "{refused}");

    std::fs::write(
        &file,
        format!("provider = \"{}\"\ntoken = {{ keyring = \"shop/token\" }}\n", seller.name),
    )
    .unwrap();
    let mut command = bench.command(&["config", "check"]);
    let checked =
        Ran::of(command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").output().unwrap());
    let said = checked.stdout + &checked.stderr;
    assert!(said.contains("the keyring entry shop/token"), "{said}");
}

#[test]
fn the_schema_knows_every_vendor() {
    let bench = Bench::open();
    let schema = bench.anykey("config schema").exits(0).json();
    let known = schema["$defs"]["provider"]["properties"]["provider"]["enum"].as_array().unwrap();
    let names: Vec<_> = Registry::builtin().names().collect();
    assert_eq!(known, &names);
}
