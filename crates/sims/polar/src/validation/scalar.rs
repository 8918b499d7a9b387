//! Texts, numbers, ids, words and URLs, as pydantic reads them: integers leniently, everything else strictly.

use url::Url;
use uuid::{Uuid, Variant};

use super::error::{FieldError, Loc, Parsed};
use crate::json::{Json, Number};
use crate::key_status::KeyStatus;

const INT32_MIN: i64 = -2_147_483_648;
const INT32_MAX: i64 = 2_147_483_647;

/// Parses a string without NUL. Nothing is trimmed or converted.
pub(crate) fn text(input: &Json, loc: &Loc) -> Parsed<String> {
    match input {
        Json::String(text) if text.contains('\0') => Err(vec![invalid_characters(input, loc)]),
        Json::String(text) => Ok(text.clone()),
        _ => Err(vec![FieldError::new("string_type", loc, "Input should be a valid string", input)]),
    }
}

/// The error for a NUL anywhere in `input`.
pub(super) fn invalid_characters(input: &Json, loc: &Loc) -> FieldError {
    FieldError::new("value_error", loc, "Value error, This value contains invalid characters", input)
        .context("error", Json::Object(Vec::new()))
}

/// Parses `null`, or a value with `parse`.
pub(crate) fn null_or<T>(
    parse: impl Fn(&Json, &Loc) -> Parsed<T>,
) -> impl Fn(&Json, &Loc) -> Parsed<Option<T>> {
    move |input, loc| match input {
        Json::Null => Ok(None),
        _ => parse(input, loc).map(Some),
    }
}

/// Parses a UUID of version 4, in any of the usual formats.
pub(crate) fn uuid4(input: &Json, loc: &Loc) -> Parsed<Uuid> {
    let Json::String(text) = input else {
        let message = "UUID input should be a string, bytes or UUID object";
        return Err(vec![FieldError::new("uuid_type", loc, message, input)]);
    };
    let id = parsed_uuid(text).ok_or_else(|| {
        let problem = uuid_problem(text);
        let message = format!("Input should be a valid UUID, {problem}");
        let error = FieldError::new("uuid_parsing", loc, message, input);
        vec![error.context("error", Json::String(problem))]
    })?;
    if id.get_version_num() == 4 && id.get_variant() == Variant::RFC4122 {
        return Ok(id);
    }
    let error = FieldError::new("uuid_version", loc, "UUID version 4 expected", input);
    Err(vec![error.context("expected_version", 4.into())])
}

/// Parses a UUID. `urn:uuid:` has to be in lower case: the messages in the recordings are those of version 1.23 of the
/// crate `uuid`, which accepts no other case, unlike later versions.
fn parsed_uuid(text: &str) -> Option<Uuid> {
    let is_foreign_urn = text.contains(':') && !text.starts_with("urn:uuid:");
    Uuid::try_parse(text).ok().filter(|_| !is_foreign_urn)
}

/// The server's message for a text that is not a UUID.
fn uuid_problem(text: &str) -> String {
    let braced = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    let (digits, prefix) = match (braced, text.strip_prefix("urn:uuid:")) {
        (Some(inner), _) => (inner, 1),
        (None, Some(inner)) => (inner, 9),
        (None, None) => (text, 0),
    };
    let foreign = digits.char_indices().find(|(_, letter)| !letter.is_ascii_hexdigit() && *letter != '-');
    if let Some((place, letter)) = foreign {
        return format!("invalid character: found `{letter}` at {}", prefix + place + 1);
    }
    let groups: Vec<usize> = digits.split('-').map(str::len).collect();
    if groups.len() == 1 && prefix == 0 {
        return format!("invalid length: expected length 32 for simple format, found {}", text.len());
    }
    let lengths = [8, 4, 4, 4, 12];
    let wrong = groups.iter().zip(lengths).position(|(found, expected)| *found != expected);
    match (groups.len(), wrong.and_then(|group| Some((group, groups.get(group)?, lengths.get(group)?)))) {
        (5, Some((group, found, expected))) => {
            format!("invalid group length in group {group}: expected {expected}, found {found}")
        }
        (count, _) => format!("invalid group count: expected 5, found {count}"),
    }
}

/// Parses a version 4 UUID in a segment of the path.
pub(crate) fn path_uuid(segment: &str, name: &str) -> Parsed<Uuid> {
    uuid4(&segment.into(), &Loc::root("path").name(name))
}

/// Parses an integer, zero or more.
pub(crate) fn at_least_zero(input: &Json, loc: &Loc) -> Parsed<i64> {
    bounded(input, loc, &[Bound::AtLeast(0)])
}

/// Parses an integer of 32 bits.
pub(crate) fn int32(input: &Json, loc: &Loc) -> Parsed<i64> {
    bounded(input, loc, &[Bound::AtMost(INT32_MAX), Bound::AtLeast(INT32_MIN)])
}

/// Parses an integer of 32 bits, above zero.
pub(crate) fn positive_int32(input: &Json, loc: &Loc) -> Parsed<i64> {
    bounded(input, loc, &[Bound::AtMost(INT32_MAX), Bound::AtLeast(INT32_MIN), Bound::Above(0)])
}

/// Parses an integer, above zero.
pub(super) fn positive(input: &Json, loc: &Loc) -> Parsed<i64> {
    bounded(input, loc, &[Bound::Above(0)])
}

/// Parses the status of a key.
pub(crate) fn key_status(input: &Json, loc: &Loc) -> Parsed<KeyStatus> {
    let word = match input {
        Json::String(word) => word.as_str(),
        _ => "",
    };
    KeyStatus::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| {
        let expected = "'granted', 'revoked' or 'disabled'";
        let error = FieldError::new("enum", loc, format!("Input should be {expected}"), input);
        vec![error.context("expected", expected.into())]
    })
}

/// Parses a URL, normalized as by the server.
pub(crate) fn web_url(input: &Json, loc: &Loc) -> Parsed<String> {
    let Json::String(text) = input else {
        let message = "URL input should be a string or URL";
        return Err(vec![FieldError::new("url_type", loc, message, input)]);
    };
    let url = Url::parse(text).map_err(|problem| {
        let message = format!("Input should be a valid URL, {problem}");
        let error = FieldError::new("url_parsing", loc, message, input);
        vec![error.context("error", Json::String(problem.to_string()))]
    })?;
    if matches!(url.scheme(), "http" | "https") {
        return Ok(url.into());
    }
    let expected = "'http' or 'https'";
    let error = FieldError::new("url_scheme", loc, format!("URL scheme should be {expected}"), input);
    Err(vec![error.context("expected_schemes", expected.into())])
}

/// The limit of an integer.
#[derive(Clone, Copy)]
enum Bound {
    AtLeast(i64),
    AtMost(i64),
    Above(i64),
}

/// Parses an integer leniently, as Python does. Only the first failed bound is reported.
fn bounded(input: &Json, loc: &Loc, bounds: &[Bound]) -> Parsed<i64> {
    let value = integer(input, loc)?;
    for bound in bounds {
        let (holds, kind, words, name, limit) = match *bound {
            Bound::AtLeast(limit) => {
                (value >= limit, "greater_than_equal", "greater than or equal to", "ge", limit)
            }
            Bound::AtMost(limit) => (value <= limit, "less_than_equal", "less than or equal to", "le", limit),
            Bound::Above(limit) => (value > limit, "greater_than", "greater than", "gt", limit),
        };
        if !holds {
            let message = format!("Input should be {words} {limit}");
            return Err(vec![FieldError::new(kind, loc, message, input).context(name, limit.into())]);
        }
    }
    Ok(value)
}

/// Parses `5`, `5.0`, `"5"` and `true` as integers, saturating at 64 bits.
fn integer(input: &Json, loc: &Loc) -> Parsed<i64> {
    let fault = |kind, message| Err(vec![FieldError::new(kind, loc, message, input)]);
    match input {
        Json::Bool(value) => Ok(i64::from(*value)),
        Json::Number(Number::Whole(digits)) => Ok(saturating(digits)),
        Json::Number(Number::Float(float)) if float.fract() == 0.0 => Ok(saturating(&format!("{float:.0}"))),
        Json::Number(Number::Float(_)) => {
            fault("int_from_float", "Input should be a valid integer, got a number with a fractional part")
        }
        Json::String(text) => match integer_text(text) {
            Some(value) => Ok(value),
            None => {
                fault("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
            }
        },
        _ => fault("int_type", "Input should be a valid integer"),
    }
}

/// Parses digits with optional surrounding spaces, a sign, underscores between digits, and a fraction of zeros.
fn integer_text(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, "0"));
    let digits = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    let plain = digits.replace('_', "");
    let joined = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    let numeric = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    let integral = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    let sign = if whole.starts_with('-') { "-" } else { "" };
    (joined && numeric && integral).then(|| saturating(&format!("{sign}{plain}")))
}

/// Parses decimal digits, saturating at 64 bits.
fn saturating(digits: &str) -> i64 {
    let limit = if digits.starts_with('-') { i64::MIN } else { i64::MAX };
    digits.parse().unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_parsed_leniently() {
        for (sent, value) in [
            ("5", Some(5)),
            (" +5 ", Some(5)),
            ("1_000", Some(1000)),
            ("007", Some(7)),
            ("1.0", Some(1)),
            ("-0.00", Some(0)),
            ("1.5", None),
            ("1.", None),
            ("_1", None),
            ("+-1", None),
            ("", None),
            ("0x5", None),
        ] {
            assert_eq!(integer_text(sent), value, "{sent}");
        }
    }

    #[test]
    fn errors_describe_an_invalid_uuid() {
        for (sent, problem) in [
            ("", "invalid length: expected length 32 for simple format, found 0"),
            ("abc", "invalid length: expected length 32 for simple format, found 3"),
            ("not-a-uuid", "invalid character: found `n` at 1"),
            ("{abcx}", "invalid character: found `x` at 5"),
            ("URN:UUID:9D3F4F9B-0000-4982-8D6A-55225B7DAB01", "invalid character: found `U` at 1"),
            ("a-b", "invalid group count: expected 5, found 2"),
            ("9d3f4f9b-000-4982-8d6a-55225b7dab01", "invalid group length in group 1: expected 4, found 3"),
        ] {
            assert_eq!(uuid_problem(sent), problem, "{sent}");
        }
    }

    #[test]
    fn only_version_4_with_the_right_variant_is_accepted() {
        let id = "9d3f4f9b-0000-4982-8d6a-55225b7dab01";
        let accepted = [
            id.to_owned(),
            id.to_uppercase(),
            id.replace('-', ""),
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
        ];
        for spelling in accepted {
            assert_eq!(path_uuid(&spelling, "id").ok().unwrap().to_string(), id);
        }
        let urn_in_capitals = format!("URN:UUID:{id}");
        let other_kinds =
            [id.replace("-4982", "-7982"), id.replace("-8d6a", "-0d6a"), Uuid::nil().to_string()];
        for wrong in other_kinds.into_iter().chain([urn_in_capitals]) {
            assert!(path_uuid(&wrong, "id").is_err(), "{wrong}");
        }
    }
}
