//! The bodies of Creem's API. Only the members of the model are read, and those that do not identify the record may be
//! missing, `null` or invalid.

use anykey_core::{ActivationId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, read_json};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A license.
#[derive(Deserialize)]
pub(crate) struct LicenseBody {
    pub(crate) id: LicenseKeyId,
    pub(crate) status: String,
    pub(crate) key: String,
    #[serde(default)]
    pub(crate) mode: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    #[serde(default)]
    pub(crate) activation: JsonMember<u64>,
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default, deserialize_with = "instances")]
    pub(crate) instance: Vec<InstanceBody>,
}

/// An activation of a license.
#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    #[serde(default)]
    pub(crate) id: JsonMember<ActivationId>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) status: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The member `instance`: an object in the specification, a list in samples of the documentation (2026). Anything else is
/// empty.
fn instances<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<InstanceBody>, D::Error> {
    let json = <&RawValue>::deserialize(deserializer)?.get().as_bytes();
    Ok(match json.first() {
        Some(b'[') => read_json(json).unwrap_or_default(),
        _ => read_json::<InstanceBody>(json).into_iter().collect(),
    })
}

/// An error of the API. The answer to too many requests has another form, which is not read.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow, default)]
    pub(crate) trace_id: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) status: JsonMember<u64>,
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) message: Option<Messages>,
}

/// A list of texts in the documentation, a text in other answers of its framework.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Messages {
    One(String),
    Many(Vec<String>),
    Other(IgnoredAny),
}

/// A list of instances.
#[derive(Deserialize)]
pub(crate) struct InstanceList {
    pub(crate) items: Vec<InstanceBody>,
    #[serde(default)]
    pub(crate) pagination: Pagination,
}

/// A list of anything, as text.
#[derive(Deserialize)]
pub(crate) struct RawList<'a> {
    #[serde(borrow)]
    pub(crate) items: Vec<&'a RawValue>,
}

/// The position of a page in its list.
#[derive(Default, Deserialize)]
pub(crate) struct Pagination {
    #[serde(default)]
    pub(crate) total_records: JsonMember<u64>,
    #[serde(default)]
    pub(crate) total_pages: JsonMember<u64>,
    #[serde(default)]
    pub(crate) current_page: JsonMember<u64>,
    #[serde(default)]
    pub(crate) next_page: JsonMember<u64>,
}

#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) instance_name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) instance_id: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(instance: &str) -> Vec<Option<String>> {
        let body = format!(r#"{{"id":"lk_1","status":"active","key":"K","instance":{instance}}}"#);
        let license: LicenseBody = read_json(body.as_bytes()).unwrap();
        license.instance.into_iter().map(|instance| instance.name.value()).collect()
    }

    #[test]
    fn an_instance_is_an_object_or_a_list() {
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(names(r#"{"name":"a"}"#), [named("a")]);
        assert_eq!(names(r#"[{"name":"a"},{"name":"b"}]"#), [named("a"), named("b")]);
        for nothing in ["null", "[]", "7", r#""a""#, r#"[["a"]]"#, r#"[{"name":"a"},7]"#] {
            assert_eq!(names(nothing), [], "{nothing}");
        }
    }
}
