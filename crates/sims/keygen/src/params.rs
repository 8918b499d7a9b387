//! The parameters of a request's body, checked before anything else.
//!
//! A member that is not listed is a 400, as is a missing or mistyped one; the pointer of the error is in camel case
//! whatever the request used. Null for an optional member is dropped, as if it were absent.

use serde_json::{Map, Value};

use super::ids::is_uuid;
use super::problem::{Outcome, Problem};
use super::time;

/// The type of a parameter.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A text that is not blank.
    Text,
    /// A text that may be empty.
    BlankText,
    Integer,
    Boolean,
    Uuid,
    /// An instant with an offset.
    Time,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of texts, which may be empty.
    Texts,
    /// An object with these members.
    Object(&'static [Param]),
    /// An object with any members.
    Metadata,
    /// Members of the same object, in the place of one.
    Members(&'static [Param]),
}

/// A member of an object.
#[derive(Clone, Copy)]
pub(super) struct Param {
    name: &'static str,
    kind: Kind,
    required: bool,
    /// Whether null is a value of its own; otherwise it is the same as absent.
    keeps_null: bool,
}

impl Param {
    pub(super) const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true, keeps_null: false }
    }

    /// A member that may be absent. Null is the same as absent.
    pub(super) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false, keeps_null: false }
    }

    /// The `members`, each in the place of this one: a part that several objects share.
    pub(super) const fn all(members: &'static [Self]) -> Self {
        Self::optional("", Kind::Members(members))
    }

    /// A member that may be absent or null.
    pub(super) const fn nullable(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false, keeps_null: true }
    }

    fn members(&'static self) -> &'static [Self] {
        match self.kind {
            Kind::Members(members) => members,
            _ => std::slice::from_ref(self),
        }
    }
}

/// What a relationship to a user contains.
pub(super) const USER: &[Param] =
    &[Param::required("type", Kind::OneOf(&["user", "users"])), Param::required("id", Kind::Uuid)];

/// The id of the record that the relationship `name` of a checked body names.
pub(super) fn related_id(relationships: &mut Map<String, Value>, name: &str) -> Option<String> {
    take_object(&mut take_object(relationships, name), "data").get("id")?.as_str().map(str::to_owned)
}

/// Takes the object `name` out of a checked body; empty if there is none.
pub(super) fn take_object(body: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match body.remove(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The members of `body` with names in camel case.
///
/// # Errors
///
/// 400 with a pointer for a missing, unknown or mistyped member.
pub(super) fn check(body: Value, params: &'static [Param]) -> Outcome<Map<String, Value>> {
    object(body, params, "")
}

/// The members of an object; the first fault in the order of `params` is reported, unknown members last.
fn object(value: Value, params: &'static [Param], pointer: &str) -> Outcome<Map<String, Value>> {
    let members = match value {
        Value::Object(members) => members,
        other => return Err(mismatch(pointer, &other, "object")),
    };
    let mut members: Map<String, Value> =
        members.into_iter().map(|(name, value)| (camel(&name), value)).collect();
    let mut checked = Map::new();
    for param in params.iter().flat_map(Param::members) {
        let pointer = format!("{pointer}/{}", param.name);
        match members.remove(param.name) {
            None if param.required => return Err(Problem::parameter(&pointer, "is missing")),
            None => {}
            Some(Value::Null) if param.keeps_null => {
                checked.insert(param.name.to_owned(), Value::Null);
            }
            Some(Value::Null) if !param.required => {}
            Some(value) => {
                checked.insert(param.name.to_owned(), member(value, param.kind, &pointer)?);
            }
        }
    }
    match members.keys().next() {
        Some(unknown) => Err(Problem::parameter(&format!("{pointer}/{unknown}"), "unpermitted parameter")),
        None => Ok(checked),
    }
}

fn member(value: Value, kind: Kind, pointer: &str) -> Outcome<Value> {
    let blank = |text: &str| text.trim().is_empty();
    match (kind, value) {
        (Kind::Text | Kind::OneOf(_) | Kind::Uuid | Kind::Time, Value::String(text)) if blank(&text) => {
            Err(Problem::parameter(pointer, "cannot be blank"))
        }
        (Kind::Text | Kind::BlankText, Value::String(text)) => Ok(Value::String(text)),
        (Kind::OneOf(words), Value::String(text)) if words.contains(&text.as_str()) => {
            Ok(Value::String(text))
        }
        (Kind::OneOf(_), Value::String(_)) => Err(Problem::parameter(pointer, "is invalid")),
        (Kind::Uuid, Value::String(text)) if is_uuid(&text) => Ok(Value::String(text)),
        (Kind::Time, Value::String(text)) if time::read(&text).is_some() => Ok(Value::String(text)),
        (Kind::Integer, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            Ok(Value::Number(number))
        }
        (Kind::Boolean, Value::Bool(value)) => Ok(Value::Bool(value)),
        (Kind::Texts, Value::Array(items)) => texts(items, pointer),
        (Kind::Object(params), value @ Value::Object(_)) => object(value, params, pointer).map(Value::Object),
        (Kind::Metadata, Value::Object(members)) => {
            Ok(Value::Object(members.into_iter().map(|(name, value)| (snake(&name), value)).collect()))
        }
        (kind, other) => Err(mismatch(pointer, &other, kind.name())),
    }
}

fn texts(items: Vec<Value>, pointer: &str) -> Outcome<Value> {
    let wrong = items.iter().enumerate().find(|(_, item)| !item.is_string());
    match wrong {
        Some((index, item)) => Err(mismatch(&format!("{pointer}/{index}"), item, "string")),
        None => Ok(Value::Array(items)),
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text | Self::BlankText | Self::OneOf(_) => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Uuid => "UUID string",
            Self::Time => "time",
            Self::Texts => "array",
            Self::Object(_) | Self::Metadata | Self::Members(_) => "object",
        }
    }
}

/// The error of a value with another type, in the vendor's names of types.
fn mismatch(pointer: &str, found: &Value, expected: &str) -> Problem {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Problem::parameter(pointer, &format!("type mismatch (received {found} expected {expected})"))
}

/// `max_machines` as `maxMachines`; other names stay.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

/// `externalId` as `external_id`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(match letter {
            '-' => '_',
            letter => letter.to_ascii_lowercase(),
        });
    }
    snake
}

/// The text of a member; `None` when it is absent or something else.
pub(super) fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PARAMS: &[Param] = &[
        Param::required("key", Kind::Text),
        Param::optional("nonce", Kind::Integer),
        Param::optional("scope", Kind::Object(&[Param::nullable("user", Kind::Text)])),
    ];

    fn fault(body: Value) -> (Value, Value) {
        let error = check(body, PARAMS).unwrap_err().errors.remove(0);
        (error["source"]["pointer"].clone(), error["detail"].clone())
    }

    #[test]
    fn each_fault_names_its_place() {
        assert_eq!(fault(json!({})), (json!("/key"), json!("is missing")));
        assert_eq!(fault(json!({ "key": "" })), (json!("/key"), json!("cannot be blank")));
        let detail = "type mismatch (received string expected integer)";
        assert_eq!(fault(json!({ "key": "k", "nonce": "1" })), (json!("/nonce"), json!(detail)));
        assert_eq!(
            fault(json!({ "key": "k", "new_member": 1 })),
            (json!("/newMember"), json!("unpermitted parameter"))
        );
    }

    #[test]
    fn null_is_absent_except_for_the_user() {
        let checked = check(json!({ "key": "k", "nonce": null, "scope": { "user": null } }), PARAMS).unwrap();
        assert_eq!(Value::from(checked), json!({ "key": "k", "scope": { "user": null } }));
    }

    #[test]
    fn names_change_between_camel_and_snake_case() {
        assert_eq!((camel("external_id"), snake("externalId")), ("externalId".into(), "external_id".into()));
    }
}
