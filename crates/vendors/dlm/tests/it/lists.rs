//! The one page with everything: the filters that the client applies, smaller pages, and its size.

use std::fmt::Write as _;

use anykey_core::{ErrorKind, KeySource, LicenseProvider, LicenseProviderExt, ListQuery};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use futures_util::TryStreamExt;

use crate::support::{data, key, management, not_found};

fn keys(ids: impl IntoIterator<Item = u64>) -> String {
    let keys: Vec<_> = ids
        .into_iter()
        .map(|id| key(&[(r#""id":1,"#, &format!(r#""id":{id},"#)), ("DLM-7F3K", &format!("DLM-{id:0>4}"))]))
        .collect();
    format!("[{}]", keys.join(","))
}

fn ids(keys: &[anykey_core::LicenseKey]) -> Vec<&str> {
    keys.iter().map(|key| key.id.as_str()).collect()
}

#[tokio::test]
async fn source_and_creation_time_are_filtered_by_the_client() {
    let imported = key(&[(r#""id":1,"#, r#""id":2,"#), (r#""source":3"#, r#""source":2"#)]);
    let older = key(&[(r#""id":1,"#, r#""id":3,"#), ("2026-11-27 22:48:20", "2026-01-01 00:00:00")]);
    let list = format!("[{older},{imported},{}]", key(&[]));
    let transport = ScriptedTransport::from_fn(move |_| data(&list));
    let server = management(&transport);
    for (query, expected) in [
        (ListQuery::new().source(KeySource::Import), vec!["2"]),
        (ListQuery::new().created_from("2026-11-01T00:00:00Z".parse().unwrap()), vec!["2", "1"]),
        (ListQuery::new().created_until("2026-11-01T00:00:00Z".parse().unwrap()), vec!["3"]),
    ] {
        assert_eq!(ids(&server.list(query).await.unwrap().items), expected);
    }
    assert!(transport.requests().iter().all(|request| request.query().is_none()));
}

#[tokio::test]
async fn a_page_goes_on_after_the_last_key_whatever_was_removed_or_sold() {
    let transport = ScriptedTransport::new()
        .then(data(&keys([5, 4, 3, 2, 1])))
        // The last key of the page before is gone, and a new one is there.
        .then(data(&keys([6, 5, 3, 2, 1])))
        .then(data(&keys([6, 5, 3, 2, 1])));
    let server = management(&transport);
    let all: Vec<_> = server.keys(ListQuery::new().page_size(2)).try_collect().await.unwrap();
    assert_eq!(ids(&all), ["5", "4", "3", "2", "1"]);
    let whole = ScriptedTransport::new().then(data(&keys([2, 1])));
    let page = management(&whole).list(ListQuery::new()).await.unwrap();
    assert_eq!((page.total, page.next), (Some(2), None));
}

#[tokio::test]
async fn an_empty_list_is_an_error_of_the_server_and_an_empty_page_here() {
    let transport = ScriptedTransport::new().then(not_found());
    let page = management(&transport).list(ListQuery::new()).await.unwrap();
    assert_eq!((page.items.len(), page.total, page.next), (0, Some(0), None));
    let failing = ScriptedTransport::new().then(Answer::new(500).body("<html>"));
    let error = management(&failing).list(ListQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn an_unreadable_key_hides_no_other() {
    let list = keys([3, 2, 1]).replace(r#""id":2,"#, r#""id":"two","#);
    let page = management(&ScriptedTransport::new().then(data(&list))).list(ListQuery::new()).await.unwrap();
    assert_eq!((ids(&page.items), page.unreadable.len()), (vec!["3", "1"], 1));
}

#[tokio::test]
async fn a_shop_with_twenty_thousand_keys_is_one_answer() {
    let mut list = String::from("[");
    for id in (1..=20_000_u32).rev() {
        let comma = if id == 20_000 { "" } else { "," };
        write!(list, r#"{comma}{{"id":{id},"license_key":"DLM-{id}","status":3}}"#).unwrap();
    }
    list.push(']');
    let transport = ScriptedTransport::new().then(data(&list));
    let all: Vec<_> = management(&transport).keys(ListQuery::new()).try_collect().await.unwrap();
    assert_eq!((all.len(), transport.requests().len()), (20_000, 1));
}
