use anykey::sim::{IssueSpec, Which};
use anykey::{ErrorKind, KeyCode, LicenseStatus, SignedDuration, ValidateRequest};

use crate::support::{Bench, bench_where, benches};

/// What the vendor's API says to a validation of the code.
async fn is_valid(bench: &Bench, code: &KeyCode) -> bool {
    bench.provider().validate(ValidateRequest::new(code.clone())).await.unwrap().is_valid()
}

#[tokio::test]
async fn actions_change_what_the_api_answers() {
    for bench in benches().await.into_iter().filter(Bench::validates_alone) {
        let key = bench.issue(IssueSpec::new());
        let id = key.id.as_str();
        let menu = bench.shown().await.offered();
        assert!(is_valid(&bench, &key.code).await, "{}", bench.title);
        for (action, valid_after) in
            [("disable", false), ("enable", true), ("expire", false), ("extend", true), ("refund", false)]
        {
            if action != "enable" && !menu.contains_key(action) {
                continue;
            }
            let shown = bench.act(&[("do", action), ("key", id)]).await;
            let notice = shown.text("#notice");
            assert!(notice.starts_with("Key ****"), "{} {action}: {notice}", bench.title);
            assert_eq!(is_valid(&bench, &key.code).await, valid_after, "{} {action}", bench.title);
        }
    }
}

#[tokio::test]
async fn a_rotated_key_has_another_code() {
    for bench in benches().await {
        let key = bench.issue(IssueSpec::new());
        if !bench.shown().await.offered().contains_key("rotate") {
            continue;
        }
        bench.act(&[("do", "rotate"), ("key", key.id.as_str())]).await;
        assert_ne!(bench.vendor.keys().unwrap()[0].code, key.code, "{}", bench.title);
    }
}

#[tokio::test]
async fn a_key_is_issued_as_the_form_says() {
    for bench in benches().await {
        let fields = bench.shown().await.attributes("form input, form select", "id");
        let mut form = vec![("do", "issue"), ("product", "2"), ("customer", "2")];
        let has = |id: &str| fields.iter().any(|field| field == id);
        if has("issue-seats") {
            form.push(("seats", "5"));
        }
        if has("issue-days") {
            form.push(("days", "10"));
        }
        let shown = bench.act(&form).await;
        assert!(shown.text("#notice").ends_with("is issued."), "{}: {}", bench.title, shown.text("#notice"));
        let second = bench.issue(IssueSpec::new().product(Which::Second).customer(Which::Second));
        let keys = bench.vendor.keys().unwrap();
        let key = keys.iter().find(|key| key.id != second.id).unwrap();
        assert_eq!((&key.product, key.customer.as_ref()), (&second.product, Some(&second.customer)));
        if has("issue-seats") {
            assert!(shown.text("#keys tbody").contains("0 of 5"), "{}", shown.text("#keys"));
        }
        if has("issue-days") {
            let in_ten_days = bench.vendor.now() + SignedDuration::from_hours(240);
            assert_eq!(key.expiry.at(), Some(in_ten_days), "{}", bench.title);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_issues_nothing_and_says_so() {
    let bench = bench_where(|bench| bench.vendor.rules().has_seats).await;
    for (seats, days) in [("many", ""), ("-1", ""), ("1", "0"), ("1", "soon")] {
        let shown = bench.act(&[("do", "issue"), ("seats", seats), ("days", days)]).await;
        assert!(
            shown.text("#notice").ends_with("Nothing was issued."),
            "{seats} {days}: {}",
            shown.text("#notice")
        );
    }
    assert!(bench.vendor.keys().unwrap().is_empty());
}

#[tokio::test]
async fn a_seat_is_taken_until_the_key_is_full() {
    for bench in benches().await.into_iter().filter(|bench| bench.vendor.rules().has_seats) {
        let key = bench.issue(IssueSpec::new());
        let form = [("do", "seat"), ("key", key.id.as_str())];
        for taken in 1..=3 {
            let shown = bench.act(&form).await;
            assert!(shown.text("#keys").contains(&format!("{taken} of 3")), "{}", bench.title);
        }
        let shown = bench.act(&form).await;
        assert!(shown.text("#notice").contains("does not do this"), "{}", shown.text("#notice"));
        assert_eq!(bench.vendor.activations(&key.id).len(), 3);
    }
}

#[tokio::test]
async fn the_clock_goes_forward_and_keys_end() {
    let bench = bench_where(|bench| bench.validates_alone() && has_days(bench)).await;
    let start = bench.vendor.now();
    let at = start + SignedDuration::from_hours(48);
    let key = bench.issue(IssueSpec::new().expires_at(at));
    let clock = format!("{}clock", bench.root());
    let vendor = bench.vendor.vendor();
    assert_eq!(bench.post(&clock, &[("hours", "24"), ("vendor", vendor)]).await, bench.path());
    assert!(is_valid(&bench, &key.code).await);
    bench.post(&clock, &[("hours", "24"), ("vendor", vendor)]).await;
    assert_eq!(bench.vendor.now(), at);
    assert!(!is_valid(&bench, &key.code).await);
    let shown = bench.shown().await;
    assert!(shown.text("#clock-now").ends_with("2 d ahead"), "{}", shown.text("#clock-now"));
    assert!(shown.text("#keys tbody").contains("expired"), "{}", shown.text("#keys"));
    bench.post(&clock, &[("hours", "-24"), ("vendor", vendor)]).await;
    assert_eq!(bench.vendor.now(), at, "never back");
}

fn has_days(bench: &Bench) -> bool {
    bench.vendor.issue(IssueSpec::new().expires_at(bench.vendor.now())).is_some()
}

#[tokio::test]
async fn a_fault_reaches_clients_and_is_shown_with_the_request() {
    for bench in benches().await.into_iter().filter(Bench::validates_alone) {
        let key = bench.issue(IssueSpec::new());
        let request = || ValidateRequest::new(key.code.clone());
        let shown = bench.act(&[("do", "fault"), ("fault", "503"), ("often", "every")]).await;
        assert!(
            shown.text("#fault-state").starts_with("fault on Every request: 503"),
            "{}",
            shown.text("#fault-state")
        );
        let error = bench.provider().validate(request()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{}", bench.title);
        let requests = bench.shown().await.text("#requests tbody tr:first-child");
        assert!(requests.contains("503 failed fault: answered by a gateway, without effect"), "{requests}");
        let shown = bench.act(&[("do", "no-fault")]).await;
        assert!(shown.text("#fault-state").starts_with("no fault"), "{}", shown.text("#fault-state"));
        assert!(bench.provider().validate(request()).await.unwrap().is_valid(), "{}", bench.title);
    }
}

#[tokio::test]
async fn a_fault_for_the_next_request_is_over_after_it() {
    let bench = bench_where(Bench::validates_alone).await;
    let key = bench.issue(IssueSpec::new());
    bench.act(&[("do", "fault"), ("fault", "portal"), ("often", "next")]).await;
    let _ = bench.provider().validate(ValidateRequest::new(key.code.clone())).await;
    assert!(bench.shown().await.text("#fault-state").starts_with("no fault"));
}

#[tokio::test]
async fn webhooks_are_delivered_and_sent_again_after_a_failure() {
    let bench =
        bench_where(|bench| bench.vendor.add_webhook_endpoint("http://127.0.0.1/second", None).is_some())
            .await;
    bench.act(&[("do", "receiver"), ("answer", "500")]).await;
    let key = bench.issue(IssueSpec::new());
    bench.act(&[("do", "deliver")]).await;
    let shown = bench.shown().await;
    assert!(
        shown.text("#deliveries tbody").contains("500 failed retried at "),
        "{}",
        shown.text("#deliveries")
    );
    bench.act(&[("do", "receiver"), ("answer", "200")]).await;
    bench.post(&format!("{}clock", bench.root()), &[("hours", "24")]).await;
    let shown = bench.act(&[("do", "deliver")]).await;
    let deliveries = shown.text("#deliveries tbody");
    assert!(deliveries.contains("attempt 2") && deliveries.contains("200 success delivered"), "{deliveries}");
    assert!(!shown.html.contains(key.code.expose()));
    let status = &bench.vendor.keys().unwrap()[0].status;
    assert!(matches!(status, LicenseStatus::Active | LicenseStatus::Inactive));
}

#[tokio::test]
async fn a_delivered_webhook_is_sent_again_on_request() {
    let mut tested = 0;
    for bench in benches().await {
        if bench.vendor.add_webhook_endpoint("http://127.0.0.1/second", None).is_none() {
            continue;
        }
        bench.act(&[("do", "receiver"), ("answer", "200")]).await;
        bench.issue(IssueSpec::new());
        let shown = bench.act(&[("do", "deliver")]).await;
        let rows = shown.texts("#deliveries tbody tr").len();
        let numbers = shown.attributes("#deliveries input[name=delivery]", "value");
        assert!(
            !numbers.is_empty() && numbers.len() == rows,
            "{}: {}",
            bench.title,
            shown.text("#deliveries")
        );
        let form = [("do", "repeat"), ("delivery", numbers[0].as_str())];
        let again = bench.act(&form).await;
        assert_eq!(again.texts("#deliveries tbody tr").len(), rows + 1, "{}", bench.title);
        let events = again.texts("#deliveries tbody summary code");
        assert_eq!(events[0], shown.texts("#deliveries tbody summary code")[0], "{}", bench.title);
        let refused = bench.act(&[("do", "repeat"), ("delivery", "99999")]).await;
        assert_eq!(refused.text("#notice"), "This webhook cannot be sent again.");
        tested += 1;
    }
    assert!(tested > 0, "no vendor sends webhooks");
}

#[tokio::test]
async fn an_event_of_ones_own_is_sent() {
    let bench =
        bench_where(|bench| bench.vendor.add_webhook_endpoint("http://127.0.0.1/second", None).is_some())
            .await;
    let form = [("do", "announce"), ("event", "example.happened"), ("data", r#"{"id":"x_1"}"#)];
    assert!(bench.act(&form).await.text("#notice").contains("example.happened"));
    bench.act(&[("do", "deliver")]).await;
    let shown = bench.shown().await;
    assert!(shown.text("#deliveries tbody").contains("example.happened"), "{}", shown.text("#deliveries"));
    let form = [("do", "announce"), ("event", "example.happened"), ("data", "{")];
    assert!(bench.act(&form).await.text("#notice").contains("nothing was sent"));
}
