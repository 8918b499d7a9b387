//! Page tokens, ids and marks that somebody made up.

use anykey::adapter::Paging;
use anykey::{ErrorKind, InstallationMark, ListQuery, PageToken, Registry};
use anykey_http::{PathSegment, redact};
use anykey_testkit::transport::Answer;
use proptest::prelude::*;

use super::vendors::{all, block_on};

fn token() -> impl Strategy<Value = String> {
    let provider = prop::sample::select(Registry::builtin().names().chain([""]).collect::<Vec<_>>());
    let part = prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        prop::sample::select(&["0", "-1", "classic", "grants", "customer", "entitlement", ""][..])
            .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop_oneof![
        any::<String>(),
        (provider, prop::collection::vec(part, 0..5))
            .prop_map(|(name, parts)| format!("{name}:{}", parts.join(":"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_token_is_asked_for_or_invalid(text in token()) {
        let page = r#"{"items":[],"pagination":{"total_count":0,"max_page":0},"data":[],"links":{"first":"u"}}"#;
        block_on(async {
            for answered in all(Answer::json(200, page)) {
                let answer = answered.provider.list(ListQuery::new().page(PageToken::from(text.as_str()))).await;
                if let Err(error) = answer {
                    let kinds = [ErrorKind::InvalidRequest, ErrorKind::Unsupported];
                    assert!(kinds.contains(&error.kind()), "{text:?}: {error:?}");
                }
            }
        });
    }

    #[test]
    fn any_page_overlaps_or_does_not(number: u64, size: u32, max in 0_u32..10_000, asked: Option<u32>) {
        let mut query = ListQuery::new();
        query.page_size = asked;
        if let Some((next, width)) = Paging::new(&query, max).overlap(number, size) {
            let (end, start) = (u128::from(number + 1) * u128::from(size), u128::from(next) * u128::from(width));
            assert!(start < end && start + u128::from(width) > end && width <= max);
        }
    }

    #[test]
    fn any_id_is_one_segment_or_refused(id in any::<String>()) {
        if PathSegment::new("id", &id).is_ok() {
            assert!(!id.contains(['/', '\\', '?', '#', '%']) && id != "." && id != ".." && id.is_ascii());
        }
    }

    #[test]
    fn any_label_carries_its_mark(device in any::<String>(), digest: [u8; 6]) {
        let mark = InstallationMark::from_digest(digest);
        assert_eq!(InstallationMark::in_label(&mark.label_for(&device)), Some(mark));
        let _nobodys = InstallationMark::in_label(&device);
    }

    #[test]
    fn any_text_is_redacted_and_short(text in any::<String>(), secret in "[!-~]{4,40}", more in any::<String>()) {
        let clean = redact(&format!("{text} {secret} {more}"), &[&secret]);
        assert!(clean.chars().count() <= 300 && !clean.contains(char::is_control));
        assert!(!clean.contains(&secret) || "[redacted]".contains(&secret), "{clean}");
    }
}
