use anykey::sim::{IssueSpec, IssuedKey};
use anykey::{SignedDuration, StatusChange};

use crate::support::{Bench, benches, text};

/// Something that a vendor has or not, and the action of the page that does it.
type Check = (&'static str, fn(&Bench, &IssuedKey) -> bool);

#[tokio::test]
async fn a_menu_offers_what_the_vendor_has_and_nothing_else() {
    let checks: [Check; 6] = [
        ("seat", |bench, key| bench.vendor.activate(&key.id, "laptop").is_some()),
        ("disable", |bench, key| bench.vendor.set_status(&key.id, StatusChange::Disable).is_some()),
        ("expire", |bench, key| bench.vendor.set_expiry(&key.id, Some(bench.vendor.now())).is_some()),
        ("rotate", |bench, key| bench.vendor.rotate(&key.id).is_some()),
        ("refund", |bench, key| bench.vendor.refund(&key.id).is_some()),
        ("revoke", |bench, key| bench.vendor.set_status(&key.id, StatusChange::Revoke).is_some()),
    ];
    for bench in benches().await {
        bench.issue(IssueSpec::new());
        let menu = bench.shown().await.offered();
        for (action, has) in checks {
            let key = bench.issue(IssueSpec::new());
            assert_eq!(menu.contains_key(action), has(&bench, &key), "{} {action}", bench.title);
        }
    }
}

#[tokio::test]
async fn forms_say_in_words_what_the_vendor_does_not_have() {
    for bench in benches().await {
        let shown = bench.shown().await;
        let has = |id: &str| !shown.texts(id).is_empty();
        let words = shown.text(".hint");
        let later = bench.vendor.now() + SignedDuration::from_hours(1);
        let rules = bench.vendor.rules();
        for (id, expected, instead) in [
            ("#issue-seats", rules.has_seats, "have no seats"),
            (
                "#issue-days",
                bench.vendor.issue(IssueSpec::new().expires_at(later)).is_some(),
                "no date at which they end",
            ),
            ("#issue-subscription", rules.has_subscriptions, "no subscriptions"),
        ] {
            assert_eq!((has(id), words.contains(instead)), (expected, !expected), "{} {id}", bench.title);
        }
    }
}

#[tokio::test]
async fn every_key_has_a_row_whose_cells_have_headers() {
    for bench in benches().await {
        let count = 30;
        for _ in 0..count {
            bench.issue(IssueSpec::new());
        }
        let shown = bench.shown().await;
        assert_eq!(shown.texts("#keys tbody tr").len(), 25, "{}", bench.title);
        assert_eq!(shown.texts("#keys tbody th[scope=row]").len(), 25);
        assert_eq!(shown.texts("#keys thead th[scope=col]").len(), 5);
        assert_eq!(shown.text(".pages span"), "1 to 25 of 30");
        let older = shown.attributes(".pages a", "href").remove(0);
        let older = crate::support::Shown::of(&text(bench.get(&older).await).await);
        assert_eq!(older.texts("#keys tbody tr").len(), 5, "{}", bench.title);
    }
}

#[tokio::test]
async fn every_control_has_a_name_and_every_id_is_there_once() {
    for bench in benches().await {
        bench.issue(IssueSpec::new());
        bench.issue(IssueSpec::new());
        let shown = bench.shown().await;
        let mut ids = shown.attributes("[id]", "id");
        let labels = shown.attributes("label", "for");
        for field in shown.attributes("input:not([type=hidden]), select, textarea", "id") {
            assert!(labels.contains(&field), "{}: {field} has no label", bench.title);
        }
        assert!(shown.texts("button, summary, th").iter().all(|name| !name.is_empty()), "{}", bench.title);
        for landmark in ["header", "nav[aria-label]", "main", "footer", "h1"] {
            assert_eq!(shown.texts(landmark).len(), 1, "{} {landmark}", bench.title);
        }
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{}: {ids:?}", bench.title);
    }
}

#[tokio::test]
async fn the_overview_leads_to_every_vendor() {
    for bench in benches().await {
        let overview = crate::support::Shown::of(&text(bench.get(&bench.root()).await).await);
        assert_eq!(overview.attributes("#vendors a", "href"), [bench.path()]);
        assert!(overview.text("#vendors").contains(bench.title));
    }
}

#[tokio::test]
async fn the_name_of_a_device_does_not_act_on_the_page() {
    let mut shown_on = 0;
    for bench in benches().await {
        let key = bench.issue(IssueSpec::new());
        if bench.vendor.activate(&key.id, "<b>\u{202e}gnp.exe\u{200b}").is_none() {
            continue;
        }
        let shown = bench.shown().await;
        let labels = shown.texts("#keys .sub").concat();
        assert!(!labels.contains(['\u{202e}', '\u{200b}']), "{}: {labels:?}", bench.title);
        assert!(labels.contains("<b>\\u{202e}gnp.exe\\u{200b}"), "{}: {labels:?}", bench.title);
        shown_on += 1;
    }
    assert!(shown_on > 0, "no vendor has seats");
}
