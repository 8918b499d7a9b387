use std::sync::Arc;

use anykey_core::{
    Capability, ErrorKind, KeySource, LicensePatch, LicenseProvider, LicenseProviderExt, ListQuery,
};
use anykey_dodo::LicenseKeysApi::{Auto, Classic};
use anykey_dodo_sim::DeprecatedCalls;
use anykey_testkit::transport::{Answer, Fault, Rule, ScriptedTransport};
use futures_util::TryStreamExt;

use super::bench::{Bench, all, codes, sorted};

const GONE: [DeprecatedCalls; 2] = [DeprecatedCalls::Gone, DeprecatedCalls::NotFound];

#[tokio::test]
async fn classic_is_used_while_it_answers() {
    let bench = Bench::new();
    let issued = bench.issue_many(2);
    let provider = bench.provider(Auto);
    provider.list(ListQuery::new()).await.unwrap();
    provider.get(&issued[0].id.as_str().into()).await.unwrap();
    provider.disable(&issued[0].id.as_str().into()).await.unwrap();
    assert!(bench.arrived_since(0).iter().all(|line| line.contains("/license_keys")));
    assert!(provider.capabilities().contains(Capability::SetExpiry));
}

#[tokio::test]
async fn a_removed_list_is_confirmed_once_and_remembered_by_all_clones() {
    for how in GONE {
        let bench = Bench::new();
        let issued = bench.issue_many(3);
        let provider = bench.provider(Auto);
        let clone = provider.clone();
        bench.remove_classic(how);
        let page = provider.list(ListQuery::new()).await.unwrap();
        assert_eq!(page.items.len(), 3);
        let first = bench.arrived_since(0);
        assert_eq!(first[0], "GET /license_keys?page_size=100&page_number=0");
        assert_eq!(first[1], "GET /entitlements?integration_type=license_key&page_size=1&page_number=0");

        let from = bench.arrived();
        clone.list(ListQuery::new()).await.unwrap();
        clone.get(&issued[0].id.as_str().into()).await.unwrap();
        provider.revoke(&issued[0].id.as_str().into()).await.unwrap();
        assert!(bench.arrived_since(from).iter().all(|line| !line.contains("/license_keys")));
        for provider in [&provider, &clone] {
            let declared = provider.capabilities();
            assert!(declared.contains(Capability::Revoke) && !declared.contains(Capability::SetExpiry));
        }
    }
}

#[tokio::test]
async fn one_missing_key_switches_nothing() {
    let bench = Bench::new();
    bench.issue_many(1);
    let provider = bench.provider(Auto);
    for _ in 0..2 {
        let error = provider.get(&"lic_nobody".into()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::NotFound, "get"));
        let error = provider.update(&"lic_nobody".into(), LicensePatch::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::NotFound, "update"));
    }
    assert!(provider.capabilities().contains(Capability::SetDisabled));
    let archived = Rule::next(Fault::Instead(Answer::json(410, r#"{"code":"GONE"}"#)));
    bench.wire.inject(archived.when(|_, path| path.starts_with("/license_keys/")));
    assert_eq!(provider.get(&"lic_archived".into()).await.unwrap_err().http_status(), Some(410));
    assert!(bench.arrived_since(0).iter().all(|line| !line.contains("/entitlements")));
}

#[tokio::test]
async fn a_single_read_or_change_finds_out_by_asking_the_list() {
    for how in GONE {
        let bench = Bench::new();
        let issued = bench.issue_many(2);
        bench.remove_classic(how);
        let id = issued[0].id.as_str().into();
        let provider = bench.provider(Auto);
        assert_eq!(provider.get(&id).await.unwrap().code.expose(), issued[0].key);
        let lines = bench.arrived_since(0);
        assert_eq!(lines[1], "GET /license_keys?page_size=1");
        assert!(lines[2].starts_with("GET /entitlements?"), "{lines:?}");

        let provider = bench.provider(Auto);
        let error = provider.disable(&id).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.capability()),
            (ErrorKind::Unsupported, Some(Capability::SetDisabled))
        );
        assert!(provider.capabilities().contains(Capability::Revoke));
        let untouched = bench.provider(Auto).update(&id, LicensePatch::new()).await.unwrap();
        assert_eq!(untouched.code.expose(), issued[0].key);
    }
}

#[tokio::test]
async fn an_unknown_key_after_the_removal_is_still_not_found() {
    let bench = Bench::new();
    bench.issue_many(1);
    bench.remove_classic(DeprecatedCalls::Gone);
    let error = bench.provider(Auto).get(&"lic_nobody".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

/// Neither a wrong base URL nor what stands in between is Dodo's word about its list.
#[tokio::test]
async fn what_is_not_dodos_word_switches_nothing() {
    let page = || Answer::html(404, "<html>nothing here</html>");
    let vendors = || Answer::json(404, r#"{"code":"NOT_FOUND","message":"Item not found"}"#);
    let everywhere: [(&str, Answer, ErrorKind); 4] = [
        ("a wrong base URL", page(), ErrorKind::Unrecognized),
        ("another API", vendors(), ErrorKind::Config),
        ("a gateway that is gone", Answer::new(410), ErrorKind::Unrecognized),
        ("a captive portal", Answer::html(200, "<html>log in</html>"), ErrorKind::Unrecognized),
    ];
    let bench = Bench::new();
    for (name, answer, kind) in everywhere {
        let transport = ScriptedTransport::from_fn(move |_| answer.clone());
        let provider = bench.provider_on(Arc::new(transport), Auto);
        let error = provider.list(ListQuery::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation().unwrap().name()), (kind, "list"), "{name}: {error}");
        provider.get(&"lic_1".into()).await.unwrap_err();
        assert!(provider.capabilities().contains(Capability::SetDisabled), "{name}");
    }
    bench.issue_many(1);
    for confirmation in [
        Answer::html(200, "<html>log in</html>"),
        Answer::json(200, "{}"),
        Answer::json(403, r#"{"code":"UNAUTHORIZED"}"#),
        vendors(),
    ] {
        bench.remove_classic(DeprecatedCalls::NotFound);
        bench.wire.inject(
            Rule::always(Fault::Instead(confirmation)).when(|_, path| path.starts_with("/entitlements")),
        );
        let provider = bench.provider(Auto);
        provider.list(ListQuery::new()).await.unwrap_err();
        assert!(provider.capabilities().contains(Capability::SetDisabled));
        bench.wire.clear();
        assert_eq!(
            provider.list(ListQuery::new()).await.unwrap().items.len(),
            1,
            "asked again, it is confirmed"
        );
    }
}

#[tokio::test]
async fn without_an_answer_to_the_question_nothing_is_decided() {
    let bench = Bench::new();
    let issued = bench.issue_many(1);
    bench.remove_classic(DeprecatedCalls::NotFound);
    let id = issued[0].id.as_str().into();
    for path in ["/entitlements", "/license_keys"] {
        let outage = Rule::always(Fault::unavailable(503));
        bench.wire.inject(outage.when(move |_, asked| asked == path));
        let provider = bench.provider(Auto);
        let error = provider.get(&id).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation().unwrap().name()),
            (ErrorKind::Unavailable, "get"),
            "{path}"
        );
        assert!(error.is_transient() && provider.capabilities().contains(Capability::SetDisabled));
        bench.wire.clear();
        assert_eq!(provider.get(&id).await.unwrap().code.expose(), issued[0].key);
    }
}

#[tokio::test]
async fn a_listing_whose_calls_are_removed_in_the_middle_ends_with_an_error_and_never_mixes() {
    for how in GONE {
        let bench = Bench::new();
        let issued = bench.issue_many(5);
        let provider = bench.provider(Auto);
        let first = provider.list(ListQuery::new().page_size(2)).await.unwrap();
        bench.remove_classic(how);
        let rest = ListQuery::new().page(first.next.unwrap());
        for _ in 0..2 {
            let error = provider.list(rest.clone()).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.operation().unwrap().name()),
                (ErrorKind::InvalidRequest, "list")
            );
            assert!(error.to_string().contains("start again"), "{error}");
        }
        let again = codes(&provider, ListQuery::new().page_size(2)).await;
        assert_eq!(sorted(again), sorted(issued.into_iter().map(|key| key.key)));
    }
}

#[tokio::test]
async fn a_stream_over_the_removal_is_not_taken_for_a_whole_listing() {
    let bench = Bench::new();
    bench.issue_many(5);
    let provider = bench.provider(Auto);
    let mut keys = provider.keys(ListQuery::new().page_size(2));
    assert!(keys.try_next().await.unwrap().is_some());
    bench.remove_classic(DeprecatedCalls::Gone);
    assert!(keys.try_next().await.unwrap().is_some());
    assert_eq!(keys.try_next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    drop(keys);
    assert_eq!(all(&provider, ListQuery::new()).await.len(), 5);
}

#[tokio::test]
async fn a_filter_that_only_classic_knows_is_unsupported_after_the_removal() {
    let bench = Bench::new();
    bench.issue_many(1);
    bench.remove_classic(DeprecatedCalls::Gone);
    let provider = bench.provider(Auto);
    let error = provider.list(ListQuery::new().source(KeySource::Purchase)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.capability()),
        (ErrorKind::Unsupported, Some(Capability::FilterBySource))
    );
}

#[tokio::test]
async fn whoever_fixes_the_classic_calls_keeps_them() {
    for how in GONE {
        let bench = Bench::new();
        let issued = bench.issue_many(1);
        bench.remove_classic(how);
        let provider = bench.provider(Classic);
        let error = provider.list(ListQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("`license_keys`"), "{error}");
        provider.get(&issued[0].id.as_str().into()).await.unwrap_err();
        assert!(bench.arrived_since(0).iter().all(|line| line.contains("/license_keys")));
    }
}

#[tokio::test]
async fn two_listings_at_the_moment_of_the_removal_both_come_through() {
    let bench = Bench::new();
    bench.issue_many(3);
    bench.remove_classic(DeprecatedCalls::Gone);
    let provider = bench.provider(Auto);
    let latency = Fault::Latency(std::time::Duration::from_millis(1));
    bench.wire.inject(Rule::every(1, latency).when(|_, path| path == "/license_keys"));
    let (one, other) =
        futures_util::future::join(provider.list(ListQuery::new()), provider.list(ListQuery::new())).await;
    assert_eq!((one.unwrap().items.len(), other.unwrap().items.len()), (3, 3));
}
