//! Each member of each of the vendor's answers in turn is missing, null, or of another type.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use anykey::{ErrorKind, RefusalReason};
use anykey_test_calls::{Call, Outcome};
use serde_json::{Value, json};

use crate::injected::Injected;
use crate::plane::Case;
use crate::watch::Watch;

/// A member by its way from the root; items of an array are all the same step.
type Way = Vec<String>;

fn ways(json: &Value, way: &Way, found: &mut BTreeSet<Way>) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                let mut way = way.clone();
                way.push(name.clone());
                found.insert(way.clone());
                ways(value, &way, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| ways(item, way, found)),
        _ => {}
    }
}

fn change(json: &mut Value, way: &[String], to: Option<&Value>) {
    match (json, way) {
        (Value::Array(items), way) => items.iter_mut().for_each(|item| change(item, way, to)),
        (Value::Object(members), [last]) => match to {
            Some(to) if members.contains_key(last) => drop(members.insert(last.clone(), to.clone())),
            Some(_) => {}
            None => drop(members.remove(last)),
        },
        (Value::Object(members), [first, rest @ ..]) => {
            if let Some(inner) = members.get_mut(first) {
                change(inner, rest, to);
            }
        }
        _ => {}
    }
}

/// The members without which an answer cannot be read.
fn is_required(way: &Way) -> bool {
    matches!(
        way.last().map(String::as_str),
        Some(
            "id" | "key"
                | "status"
                | "valid"
                | "items"
                | "pagination"
                | "total_count"
                | "max_page"
                | "activations"
                | "license"
                | "license_key"
                | "product_id"
                | "integration_type"
                | "customer_id"
                | "entitlement_id"
                | "activated"
                | "deactivated"
                | "instance"
                | "meta"
                | "page"
                | "currentPage"
                | "lastPage"
                | "store_id"
                | "data"
                | "attributes"
                | "created_at"
                | "deactivated_at"
                | "token"
                | "expires_at"
                | "identifier"
                | "license_key_id"
                | "name"
                | "success"
                | "uses"
                | "purchase"
                | "refunded"
                | "disputed"
                | "sale"
                | "sales"
        )
    )
}

/// The members of an answer that are compared with what was sent, where the vendor may store something else.
fn is_compared(case: &Case, way: &Way) -> bool {
    let is_change = matches!(case.call, Call::Create | Call::Update);
    is_change && way.last().is_some_and(|last| last == "activations_limit" || last == "expires_at")
}

/// The members that say which record an answer is about, and of which kind it is.
fn says_what_it_is(way: &Way) -> bool {
    way.last()
        .is_some_and(|last| last.ends_with("id") || last.ends_with("_type") || last.ends_with("license_key"))
}

#[tokio::test(start_paused = true)]
async fn every_member_may_be_missing_or_odd_without_a_panic_or_a_false_verdict() {
    let watch = Watch::start();
    let odd = [None, Some(Value::Null), Some(json!(-1)), Some(json!("odd")), Some(json!([{}]))];
    let (mut cases, mut read) = (0, 0);
    for case in Case::all().await {
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let keep = seen.clone();
        let spy = Injected::edited(move |json| ways(json, &Vec::new(), &mut keep.lock().unwrap()));
        watch.run("a look", case.call, &case.plane.fixture(&spy)).await;
        let found = seen.lock().unwrap().clone();
        for way in found {
            for to in &odd {
                let (changed, value) = (way.clone(), to.clone());
                let injected = Injected::edited(move |json| change(json, &changed, value.as_ref()));
                let name = case.named(&format!("{} = {to:?}", way.join(".")));
                let fixture = case.plane.fixture(&injected);
                let observed = watch.run(&name, case.call, &fixture).await;
                let refused_by_word = way.last().is_some_and(|last| last == "status" || last == "valid");
                let as_it_should = match observed.outcome {
                    Outcome::Done => true,
                    Outcome::Failed(ErrorKind::Decode) => {
                        to.is_some() || is_required(&way) || is_compared(&case, &way)
                    }
                    // It is about something else than what was asked, or in a word that nobody knows.
                    Outcome::Failed(ErrorKind::Unrecognized) => {
                        to.is_some()
                            || is_required(&way)
                            || way
                                .last()
                                .is_some_and(|last| matches!(&**last, "activation" | "scope" | "machine"))
                    }
                    Outcome::Refused(RefusalReason::UnknownActivation | RefusalReason::UnknownKey)
                        if case.plane.finds_others()
                            && way.last().is_some_and(|last| last.ends_with("license_key")) =>
                    {
                        true
                    }
                    Outcome::Refused(_) => {
                        refused_by_word
                            || way.last().is_some_and(|last| last == "expires_at" || last == "store_id")
                    }
                    // A record of another seller or of another kind, or whose id is missing, is not the key.
                    Outcome::Failed(ErrorKind::NotFound | ErrorKind::Unsupported) => {
                        !case.call.is_of_the_device_plane() && says_what_it_is(&way)
                    }
                    // With a failed server's status, what lacks the vendor's words is that of a failed server.
                    Outcome::Failed(ErrorKind::Unavailable) => case.plane.refuses_with_failures(),
                    Outcome::Failed(_) => false,
                };
                assert!(as_it_should, "{name}: {}", observed.printed);
                cases += 1;
                read += usize::from(observed.outcome == Outcome::Done);
            }
        }
    }
    println!("odd members: {cases} cases, {read} of them still readable");
}
