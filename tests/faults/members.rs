//! Each member of each of the vendor's answers in turn is missing, null, or of another type.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use anykey::ErrorKind;
use serde_json::{Value, json};

use crate::plane::Plane;
use crate::told::Outcome;
use crate::trouble::Trouble;
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
                | "license_key"
                | "product_id"
                | "integration_type"
                | "customer_id"
                | "entitlement_id"
        )
    )
}

#[tokio::test(start_paused = true)]
async fn every_member_may_be_missing_or_odd_without_a_panic_or_a_false_verdict() {
    let watch = Watch::start();
    let odd = [None, Some(Value::Null), Some(json!(-1)), Some(json!("odd")), Some(json!([{}]))];
    let (mut cases, mut read) = (0, 0);
    for (plane, call) in Plane::cases() {
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let keep = seen.clone();
        let spy = Trouble::edited(move |json| ways(json, &Vec::new(), &mut keep.lock().unwrap()));
        watch.run("a look", call, &plane.world(&spy).await).await;
        let found = seen.lock().unwrap().clone();
        for way in found {
            for to in &odd {
                let (changed, value) = (way.clone(), to.clone());
                let trouble = Trouble::edited(move |json| change(json, &changed, value.as_ref()));
                let name = format!("{} = {to:?} | {plane:?} | {call:?}", way.join("."));
                let world = plane.world(&trouble).await;
                let told = watch.run(&name, call, &world).await;
                let refused_by_word = way.last().is_some_and(|last| last == "status" || last == "valid");
                let as_it_should = match told.outcome {
                    Outcome::Done => true,
                    Outcome::Failed(ErrorKind::Decode) => to.is_some() || is_required(&way),
                    // It is about something else than what was asked, or in a word that nobody knows.
                    Outcome::Failed(ErrorKind::Unrecognized) => {
                        to.is_some()
                            || is_required(&way)
                            || way.last().is_some_and(|last| last == "activation")
                    }
                    Outcome::Refused(_) => {
                        refused_by_word || way.last().is_some_and(|last| last == "expires_at")
                    }
                    // A grant that is not of a license key, or of an entitlement that is not there, is no key,
                    // and one that does not tell its key's id cannot be found by it.
                    Outcome::Failed(ErrorKind::NotFound | ErrorKind::Unsupported) => {
                        plane == Plane::DodoGrants
                    }
                    Outcome::Failed(_) => false,
                };
                assert!(as_it_should, "{name}: {}", told.printed);
                cases += 1;
                read += usize::from(told.outcome == Outcome::Done);
            }
        }
    }
    println!("odd members: {cases} cases, {read} of them readable all the same");
}
