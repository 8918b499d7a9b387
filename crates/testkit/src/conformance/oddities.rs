//! What a member of an answer may hold instead of what the vendor's documentation says.
//!
//! A member is absent, `null`, of another type, or a number or a date that is far away. No edit puts another value of
//! the documented kind in its place, which could be the vendor's own "no": another word, or the id of another store.

use anykey_core::Timestamp;
use serde_json::{Value, json};

use super::edited::Edit;

/// The edits of each member of an answer. `label` is the one that was sent.
pub(super) fn of_each_member(answer: &Value, label: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    walk(answer, "", &mut |member, name, value| {
        let is_dispensable = is_dispensable(name, value, label);
        edits.extend(odd(value, is_dispensable).into_iter().map(|value| Edit {
            record: None,
            members: vec![member.to_owned()],
            value,
            is_dispensable,
        }));
    });
    edits
}

/// The edits of each member of the record at `pointer`, for answers with that record.
pub(super) fn of_record(record: &Value, pointer: &str) -> Vec<Edit> {
    let mut edits = of_each_member(record, "");
    for edit in &mut edits {
        edit.record = Some((pointer.to_owned(), record.clone()));
        for member in &mut edit.members {
            member.insert_str(0, pointer);
        }
    }
    edits
}

/// The edits of all members that hold `text` at once, so that the answer does not repeat it anywhere. None if it does
/// not repeat it now.
pub(super) fn of_members_with(answer: &Value, text: &str) -> Vec<Edit> {
    let mut members = Vec::new();
    walk(answer, "", &mut |member, _, value| {
        if value.as_str() == Some(text) {
            members.push(member.to_owned());
        }
    });
    if members.is_empty() {
        return Vec::new();
    }
    let edit = |value| Edit { record: None, members: members.clone(), value, is_dispensable: false };
    [None, Some(Value::Null), Some(json!([{}])), Some(json!(format!("{text}0")))].map(edit).into()
}

/// The first record of each list with as many records, and its JSON pointer.
pub(super) fn first_records(answer: &Value, count: usize) -> Vec<(String, Value)> {
    let mut records = Vec::new();
    let mut keep = |pointer: &str, value: &Value| match value.as_array().map(Vec::as_slice) {
        Some(list @ [first, ..]) if list.len() == count && first.is_object() => {
            records.push((format!("{pointer}/0"), first.clone()));
        }
        _ => {}
    };
    keep("", answer);
    walk(answer, "", &mut |member, _, value| keep(member, value));
    records
}

/// Calls `visit` with the JSON pointer, the name and the value of each member, however deep.
fn walk(json: &Value, pointer: &str, visit: &mut dyn FnMut(&str, &str, &Value)) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                let member = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                visit(&member, name, value);
                walk(value, &member, visit);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{index}"), visit);
            }
        }
        _ => {}
    }
}

/// The values to put in the place of `value`; `None` leaves the member out.
fn odd(value: &Value, is_dispensable: bool) -> Vec<Option<Value>> {
    let mut values = vec![None, Some(json!([{}]))];
    if !value.is_null() {
        values.push(Some(Value::Null));
    }
    if is_dispensable {
        let more = match value {
            Value::Number(_) => vec![json!("odd"), json!(-1), json!(1e300)],
            _ if is_date(value) => vec![json!("odd"), json!(7), json!("9999-12-31T23:59:59Z")],
            _ => vec![json!(7)],
        };
        values.extend(more.into_iter().map(Some));
    }
    if is_date(value) {
        values.push(Some(json!("2099-01-01T00:00:00")));
    }
    values
}

/// Whether an answer can be understood without the member: it is a date, a number that is no id, or the label.
fn is_dispensable(name: &str, value: &Value, label: &str) -> bool {
    let is_id = name.to_ascii_lowercase().ends_with("id");
    let is_label = !label.is_empty() && value.as_str() == Some(label);
    is_label || is_date(value) || (value.is_number() && !is_id && !matches!(name, "status" | "code"))
}

fn is_date(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(edits: &[Edit]) -> Vec<&str> {
        let mut members: Vec<_> = edits.iter().flat_map(|edit| &edit.members).map(String::as_str).collect();
        members.dedup();
        members.sort_unstable();
        members
    }

    #[test]
    fn an_answer_can_be_understood_without_dates_numbers_and_the_label_only() {
        let answer = json!({
            "id": 7, "status": 2, "store_id": 4, "valid": true, "word": "granted",
            "seats": 3, "key": {"ends_at": "2026-11-28T12:00:00Z", "name": "laptop"}, "odd/~": [{"next": null}],
        });
        let edits = of_each_member(&answer, "laptop");
        assert_eq!(members(&edits).len(), 11, "{edits:?}");
        let dispensable: Vec<_> = edits.into_iter().filter(|edit| edit.is_dispensable).collect();
        assert_eq!(members(&dispensable), ["/key/ends_at", "/key/name", "/seats"]);
    }

    #[test]
    fn an_edit_replaces_or_leaves_out_its_members_only() {
        let answer = json!({"a/b": {"c": "K", "d": 2}, "e": "K"});
        let edits = of_members_with(&answer, "K");
        let edited = |edit: &Edit| {
            let mut edited = answer.clone();
            edit.apply(&mut edited);
            edited
        };
        assert_eq!(edited(&edits[0]), json!({"a/b": {"d": 2}}));
        assert_eq!(edited(&edits[1]), json!({"a/b": {"c": null, "d": 2}, "e": null}));
        assert!(of_members_with(&answer, "another").is_empty());
    }

    #[test]
    fn the_first_record_of_a_list_is_found_wherever_the_list_is() {
        let list = json!([{"id": 1}, {"id": 2}]);
        for (answer, pointer) in [(list.clone(), "/0"), (json!({"page": {"items": list}}), "/page/items/0")] {
            assert_eq!(first_records(&answer, 2), [(pointer.to_owned(), json!({"id": 1}))]);
        }
        assert_eq!(first_records(&json!([[], []]), 2), []);
    }
}
