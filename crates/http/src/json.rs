//! Reading vendors' JSON: strict about structure, lenient about single members, silent about values.
//!
//! No message of this module repeats a value of a body, because it may be a key or a person's address. Names of members
//! appear in it only if they look like an API's own.

use serde::Deserialize;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

mod list;
mod member;
mod objects;
mod text;
mod timestamp;

pub use list::{MappedList, lenient_list, mapped_list};
pub use member::{JsonMember, JsonScalar, Scalar, optional_member};
pub use objects::ObjectsOnly;
pub use text::JsonText;
pub use timestamp::JsonTimestamp;

/// Why a body is not the JSON that was expected; the message holds no value of the body.
pub(crate) struct Fault {
    pub(crate) message: String,
    /// Whether the body is empty or no JSON at all, so that it is hardly the vendor's.
    pub(crate) foreign: bool,
}

/// Reads `body` as JSON whose structs are [objects](ObjectsOnly); `None` when it is anything else. For bodies that
/// may come from others than the vendor, such as those of errors.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct ErrorBody {
///     code: String,
/// }
///
/// let body: Option<ErrorBody> = anykey_http::read_json(br#"{"code":"LIMIT_REACHED"}"#);
/// assert_eq!(body.map(|body| body.code).as_deref(), Some("LIMIT_REACHED"));
/// assert!(anykey_http::read_json::<ErrorBody>(br#"["LIMIT_REACHED"]"#).is_none());
/// ```
#[must_use]
pub fn read_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    // Checking all of the body's text at once is faster than checking each string.
    let mut reader = serde_json::Deserializer::from_str(std::str::from_utf8(body).ok()?);
    let value = T::deserialize(ObjectsOnly::new(&mut reader)).ok()?;
    reader.end().ok().map(|()| value)
}

/// Reads a body as JSON, with the path of what does not fit. `content_type` is what the answer calls itself; it matters
/// only for the message about something that is not JSON.
pub(crate) fn decode<'a, T: Deserialize<'a>>(body: &'a [u8], content_type: Option<&str>) -> Result<T, Fault> {
    if body.trim_ascii().is_empty() {
        let message = "the vendor answered with an empty body instead of JSON".to_owned();
        return Err(Fault { message, foreign: true });
    }
    // Following the path to a fault takes about twice the time, so only a body that does not fit is decoded so.
    if let Some(value) = read_json(body) {
        return Ok(value);
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let decoded = serde_path_to_error::deserialize(ObjectsOnly::new(&mut reader)).map_err(|error| {
        let path = path(error.path());
        describe(error.inner(), &path)
    });
    let whole = decoded.and_then(|value| match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(describe(&error, "after the document")),
    });
    whole.map_err(|message| match foreign(body, content_type) {
        Some(what) => Fault {
            message: format!("the vendor answered with {what} instead of JSON (a proxy or captive portal?)"),
            foreign: true,
        },
        None => Fault { message, foreign: false },
    })
}

/// Whether a media type is JSON, with parameters or without.
pub(crate) fn is_json_type(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Names what the body is when it plainly is not JSON: it neither looks nor is labelled like it.
fn foreign(body: &[u8], content_type: Option<&str>) -> Option<String> {
    let looks_like_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    match content_type {
        _ if looks_like_json => None,
        Some(label) if is_json_type(label) && body.trim_ascii_start().first() != Some(&b'<') => None,
        Some(label) if !is_json_type(label) && printable(&essence(label)) => Some(essence(label)),
        _ => Some("something else".to_owned()),
    }
}

/// Why one record of a list, whose text is `record`, is not a `T`; no value of it is in the message.
fn cause<'a, T: Deserialize<'a>>(record: &'a str) -> String {
    let mut reader = serde_json::Deserializer::from_str(record);
    match serde_path_to_error::deserialize::<_, T>(ObjectsOnly::new(&mut reader)) {
        Ok(_) => "it is not what was expected".to_owned(),
        Err(error) => format!("{} at {}", what(error.inner()), path(error.path())),
    }
}

/// The message for a fault in a body: what and where.
fn describe(error: &serde_json::Error, path: &str) -> String {
    let what = what(error);
    format!(
        "cannot read the vendor's answer: {what} at {path} (line {}, column {})",
        error.line(),
        error.column()
    )
}

/// The kind of a fault.
fn what(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => match missing_field(error) {
            Some(field) => format!("the field `{field}` is missing"),
            None => "a value is not of the expected type".to_owned(),
        },
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax | Category::Io => "the JSON is malformed".to_owned(),
    }
}

/// The name in serde's own message for a missing field, which is written in our wire types.
fn missing_field(error: &serde_json::Error) -> Option<String> {
    let text = error.to_string();
    let (name, _) = text.strip_prefix("missing field `")?.split_once('`')?;
    is_field_name(name).then(|| name.to_owned())
}

/// The place of a fault, such as `$.items[3].key`. A name that may be a customer's is written `?`.
fn path(path: &Path) -> String {
    let mut text = "$".to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } if is_field_name(key) => {
                text.push('.');
                text.push_str(key);
            }
            Segment::Enum { .. } => {}
            Segment::Map { .. } | Segment::Unknown => text.push_str(".?"),
        }
    }
    text
}

/// Whether a JSON member's name is one that an API's author chose. Anything else may be a customer's:
/// maps such as metadata have members of any name, a license key included.
fn is_field_name(name: &str) -> bool {
    name.len() <= 40
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().filter(char::is_ascii_digit).count() <= 2
}

/// A media type without its parameters, in lower case.
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The media type that a body calls itself, where it is one that may be printed.
pub(crate) fn printable_essence(content_type: &str) -> Option<String> {
    Some(essence(content_type)).filter(|essence| printable(essence))
}

/// Whether a media type is short and plain enough to be printed.
fn printable(essence: &str) -> bool {
    !essence.is_empty()
        && essence.len() <= 64
        && essence.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/+-.".contains(&byte))
}
