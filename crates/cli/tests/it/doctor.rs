//! `anykey doctor` over every simulator.

use anykey::Capability::{FilterByProduct, ListAll, RequireProduct};
use serde_json::Value;

use crate::support::{Ran, Seller, SupportBench, another};

/// The states of what was examined of one provider, by check.
fn states(ran: &Ran, seller: &Seller, check: &str) -> Vec<String> {
    let findings = ran.json();
    let findings = findings.as_array().unwrap().iter();
    let ours = findings.filter(|finding| finding["provider"] == seller.name && finding["check"] == check);
    ours.map(|finding| finding["state"].as_str().unwrap().to_owned()).collect()
}

/// `anykey` for one provider, with these variables.
fn run_with(bench: &SupportBench, seller: &Seller, args: &[&str], variables: &[(&str, &str)]) -> Ran {
    let args = [&["-p", seller.name], args].concat();
    Ran::of(bench.command(&args).envs(variables.iter().copied()).output().unwrap())
}

#[test]
fn a_good_configuration_of_every_vendor_is_good() {
    let bench = SupportBench::open();
    let examined = bench.run(&["doctor", "--json"]);
    for seller in bench.sellers() {
        for check in ["contract", "credential", "fields", "vendor"] {
            assert_eq!(states(&examined, seller, check), ["good"], "{} {check}: {examined:?}", seller.name);
        }
        assert!(!examined.stdout.contains(&seller.token), "{examined:?}");
    }
    assert_eq!(examined.code, Some(0), "{examined:?}");
}

#[test]
fn each_fault_has_one_line_and_one_remedy() {
    let bench = SupportBench::open();
    let able = bench.able(&[ListAll]);
    let (wrong, empty) = (able[0], able[1]);
    bench.write(&format!("{}.token", wrong.name), &wrong.wrong_token());
    bench.write(&format!("{}.token", empty.name), "");
    let examined = bench.run(&["doctor", "--json"]).exits(2);
    assert_eq!(states(&examined, wrong, "vendor"), ["wrong"]);
    assert_eq!(states(&examined, empty, "credential"), ["wrong"]);
    assert!(states(&examined, empty, "vendor").is_empty(), "nothing is asked with a wrong configuration");
    for finding in examined.json().as_array().unwrap() {
        assert_eq!(finding["remedy"] == Value::Null, finding["state"] == "good", "{finding}");
    }
}

#[test]
fn a_vendor_that_does_not_answer_is_3_and_offline_nothing_is_asked() {
    let bench = SupportBench::open();
    let nobody = [("ANYKEY_BASE_URL", "http://127.0.0.1:9"), ("ANYKEY_TIMEOUT", "1")];
    run_with(&bench, bench.default_seller(), &["doctor"], &nobody).exits(3);
    run_with(&bench, bench.default_seller(), &["doctor", "--offline"], &nobody).exits(0);
}

#[test]
fn a_product_without_keys_and_a_proxy_are_named() {
    let bench = SupportBench::open();
    let seller = bench.able(&[ListAll, FilterByProduct])[0];
    let proxy = ("HTTPS_PROXY", "socks5h://ada:planted@127.0.0.1:9");
    let listed = bench.run_at(seller, &["keys", "list", "--limit", "1", "--json"]).json();
    let nobodys = another(listed[0]["product"].as_str().unwrap());
    let product = ("ANYKEY_PRODUCTS", &*format!("[\"{nobodys}\"]"));
    let examined = run_with(&bench, seller, &["doctor", "--json"], &[product, proxy]);
    assert_eq!(states(&examined, seller, "products"), ["warning"], "{examined:?}");
    assert!(examined.stdout.contains("socks5h://127.0.0.1") && !examined.stdout.contains("planted"));
}

#[test]
fn a_clock_that_is_wrong_is_named_where_answers_have_a_time() {
    let bench = SupportBench::open();
    let later = [("__ANYKEY_TEST_NOW", "2027-01-15T13:00:00Z")];
    let told = bench.able(&[RequireProduct]).into_iter().filter(|seller| {
        let examined = run_with(&bench, seller, &["doctor", "--json"], &later);
        states(&examined, seller, "clock") == ["warning"]
    });
    assert!(told.count() > 0);
}

/// What was found at `check`, without a provider or of `provider`.
fn found(ran: &Ran, provider: Option<&str>, check: &str) -> Vec<(String, String)> {
    let findings = ran.json();
    let findings = findings.as_array().unwrap().iter();
    let of = findings.filter(|finding| finding["provider"].as_str() == provider && finding["check"] == check);
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    of.map(|finding| (text(finding, "state"), text(finding, "found"))).collect()
}

#[test]
fn a_webhook_secret_is_proved_by_a_delivery_that_is_signed_with_it() {
    let bench = SupportBench::with_webhooks();
    let examined = bench.run(&["doctor", "--offline", "--json"]).exits(0);
    let mut signed = 0;
    for seller in bench.sending() {
        let found = found(&examined, Some(seller.name), "webhooks");
        assert!(matches!(&found[..], [(state, _)] if state == "good"), "{} {found:?}", seller.name);
        let secret = &seller.simulated.webhooks.as_ref().unwrap().secret;
        let expected = match secret.is_empty() {
            true => "no delivery can be signed here",
            false => {
                "`webhook_secrets[0]`: a delivery that is signed with it is accepted, and with another body refused"
            }
        };
        assert!(found[0].1.contains(expected), "{} {found:?}", seller.name);
        assert!(secret.is_empty() || !examined.stdout.contains(&**secret));
        signed += usize::from(!secret.is_empty());
    }
    assert!(signed > 0);
}

#[test]
fn a_secret_that_no_endpoint_of_the_vendor_has_is_named() {
    let bench = SupportBench::with_webhooks();
    let planted = "planted-and-too-short";
    let odd = bench.sending().into_iter().filter(|seller| {
        bench.write(&format!("{}.webhook_secret", seller.name), planted);
        let examined = bench.run_at(seller, &["doctor", "--offline", "--json"]);
        assert!(!examined.stdout.contains(planted));
        let found = found(&examined, Some(seller.name), "webhooks");
        found.iter().any(|(state, text)| state == "warning" && text.contains("gives no secret of this form"))
    });
    assert!(odd.count() > 0);
}

#[test]
fn root_certificates_that_cannot_be_read_are_named() {
    let bench = SupportBench::open();
    let examined = bench.run(&["doctor", "--offline", "--json"]).exits(0);
    let set = found(&examined, None, "TLS roots");
    assert_eq!(set, [("good".to_owned(), "1 certificate where SSL_CERT_FILE says".to_owned())]);
    let missing = bench.folder.path().join("missing.pem");
    let run = |args: &[&str]| {
        let args = [args, &["doctor", "--offline", "--json"]].concat();
        Ran::of(bench.command(&args).env("SSL_CERT_FILE", &missing).output().unwrap())
    };
    let examined = run(&[]).exits(0);
    let set = found(&examined, None, "TLS roots");
    assert!(set[0].0 == "warning" && set[0].1.contains("missing.pem"), "{set:?}");
    let name = bench.default_seller().name;
    let base_url = "base_url = \"https://vendor.example\"";
    bench.write(
        "live.toml",
        &format!("provider = \"{name}\"\n{base_url}\ntoken = {{ file = \"{name}.token\" }}"),
    );
    let examined = run(&["--config", "live.toml"]).exits(2);
    let set = found(&examined, None, "TLS roots");
    assert!(set[0].0 == "wrong" && set[0].1.contains("no vendor can be reached"), "{set:?}");
}

/// A configuration with these further lines, and what `doctor` finds at each check.
fn with_section(bench: &SupportBench, lines: &str) -> Ran {
    bench.write("sections.toml", &format!("provider = \"memory\"\n{lines}\n"));
    bench.run(&["--config", "sections.toml", "doctor", "--json"])
}

#[test]
fn what_the_guard_needs_is_examined_and_nothing_is_created() {
    let bench = SupportBench::open();
    let folder = bench.folder.path().join("seat");
    let guard =
        format!("[guard]\napp_id = \"com.example.studio\"\nidentity = \"pod-1\"\ndirectory = {folder:?}");
    let state = |ran: &Ran, check: &str| found(ran, None, check).remove(0).0;

    let examined = with_section(&bench, &guard).exits(0);
    assert!(examined.stdout.contains("is created when a key is entered") && !folder.exists(), "{examined:?}");
    assert!(examined.stdout.contains("makes this installation ak-") && !examined.stdout.contains("pod-1"));

    std::fs::create_dir(&folder).unwrap();
    let examined = with_section(&bench, &guard).exits(0);
    for check in ["machine id", "guard folder", "guard lock", "guard record"] {
        assert_eq!(state(&examined, check), "good", "{check}: {examined:?}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);

    bench.write("seat/seat.anykey", "planted");
    let examined = with_section(&bench, &guard).exits(2);
    assert_eq!(state(&examined, "guard record"), "wrong");
    assert!(examined.stdout.contains("is damaged or was edited") && !examined.stdout.contains("planted"));
    bench.write("seat/seat.anykey", "anykey-seat 1 ak-000000000000\nplanted");
    let examined = with_section(&bench, &guard).exits(2);
    assert!(examined.stdout.contains("belongs to another machine or app"), "{examined:?}");
    std::fs::remove_file(folder.join("seat.anykey")).unwrap();

    let examined = with_section(&bench, &guard.replace("pod-1", "uninitialized")).exits(2);
    assert!(examined.stdout.contains("a placeholder that many machines share"), "{examined:?}");
    let examined = with_section(&bench, &guard.replace("com.example", "../planted")).exits(2);
    assert!(examined.stdout.contains("correct `app_id` in [guard]"), "{examined:?}");
    let examined = with_section(&bench, &guard.replace("identity", "identiti")).exits(2);
    assert!(examined.stdout.contains("did you mean `identity`?"), "{examined:?}");
    bench.write("file", "");
    let examined = with_section(&bench, &guard.replace("/seat\"", "/file\"")).exits(2);
    assert_eq!(state(&examined, "guard folder"), "wrong");
}

#[cfg(unix)]
#[test]
fn a_folder_of_the_guard_that_others_can_write_to_is_named_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = SupportBench::open();
    let folder = bench.folder.path().join("seat");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    let guard =
        format!("[guard]\napp_id = \"com.example.studio\"\nidentity = \"pod-1\"\ndirectory = {folder:?}");
    let examined = with_section(&bench, &guard).exits(0);
    let set = found(&examined, None, "guard folder");
    assert!(set[0].0 == "warning" && set[0].1.contains("mode 777"), "{set:?}");
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o777);
}

/// What the sections that need Redis say about the server at `url`.
#[cfg(unix)]
fn with_redis(bench: &SupportBench, url: &str, args: &[&str]) -> Ran {
    let redis = "redis = { env = \"REDIS_URL\" }";
    let cache = format!("[cache]\n{redis}\nseal_key = {{ env = \"SEAL_KEY\" }}");
    bench.write("redis.toml", &format!("provider = \"memory\"\n{cache}\n[pacing]\n{redis}\nprocesses = 8\n"));
    let args = [&["--config", "redis.toml", "doctor", "--json"], args].concat();
    let seal_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    Ran::of(bench.command(&args).env("REDIS_URL", url).env("SEAL_KEY", seal_key).output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_redis_server_that_does_not_answer_is_3() {
    let bench = SupportBench::open();
    let url = "redis://:planted@127.0.0.1:9";
    let examined = with_redis(&bench, url, &[]).exits(3);
    for check in ["cache", "rate limits"] {
        let set = found(&examined, None, check);
        assert!(set[0].0 == "wrong" && set[0].1.contains("no connection to Redis"), "{check} {set:?}");
    }
    with_redis(&bench, url, &["--offline"]).exits(0);
    let examined = with_redis(&bench, "planted", &[]).exits(2);
    assert!(examined.stdout.contains("[cache]: this is no URL of Redis"), "{examined:?}");
    assert!(!examined.stdout.contains("planted"));
}

#[cfg(unix)]
#[test]
fn a_redis_server_that_forgets_is_a_warning() {
    let Some(server) = anykey_test_servers::RedisServer::start() else { return };
    let bench = SupportBench::open();
    let states = |ran: &Ran| ["cache", "rate limits"].map(|check| found(ran, None, check).remove(0).0);
    assert_eq!(states(&with_redis(&bench, &server.url(), &[]).exits(0)), ["good"; 2]);
    server.command(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    let examined = with_redis(&bench, &server.url(), &[]).exits(0);
    assert_eq!(states(&examined), ["warning"; 2]);
    assert!(examined.stdout.contains("maxmemory-policy allkeys-lru"), "{examined:?}");
    server.command(&["CONFIG", "SET", "requirepass", "another"]);
    let url = server.url().replace("redis://", "redis://:planted@");
    let examined = with_redis(&bench, &url, &[]).exits(2);
    assert!(examined.stdout.contains("refuses the user name or password"), "{examined:?}");
    assert!(!examined.stdout.contains("planted"));
}

#[test]
fn every_format_of_an_examination() {
    let bench = SupportBench::open();
    insta::assert_snapshot!("doctor", bench.in_every_format(&["doctor"]));
}
