//! The bodies of Creem's API. Only the members of the model are read, and those that do not identify the record may be
//! missing, `null` or invalid.
//!
//! Bodies enter here and leave as the model: `error` reads `ErrorBody`, `map` converts licenses and instances. Source,
//! unless another one is named: the OpenAPI specification of April 2026 and the official package 1.13.0.

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, read_json};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A license. Every successful call about a license answers with it, and a customer's list contains it. Customer and
/// order are not in it.
#[derive(Deserialize)]
pub(crate) struct LicenseBody {
    /// The id, such as `lk_…`; older samples have `lic_…`.
    pub(crate) id: LicenseKeyId,
    /// `inactive`, `active`, `expired` or `disabled`. A license is `inactive` until its first activation.
    pub(crate) status: String,
    /// The key code.
    pub(crate) key: String,
    /// The mode: `test`, `prod` or `sandbox`; `live` in older documentation, `local` in samples of webhooks.
    #[serde(default)]
    pub(crate) mode: JsonMember<Box<str>>,
    /// The product; missing in older documentation.
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    /// How many instances were activated. Whether a deactivation lowers it is not documented.
    #[serde(default)]
    pub(crate) activation: JsonMember<u64>,
    /// How many instances may be active; `null` is no limit.
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    /// When the license ends; `null` is for life or follows a subscription.
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    /// When the license was created.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// The instance that the call is about; empty in a list.
    #[serde(default, deserialize_with = "instances")]
    pub(crate) instance: Vec<InstanceBody>,
}

/// An activation of a license.
#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    /// The id, which `validate` and `deactivate` take.
    #[serde(default)]
    pub(crate) id: JsonMember<ActivationId>,
    /// The label. Several instances may have the same one.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// `active` or `deactivated`.
    #[serde(default)]
    pub(crate) status: JsonMember<Box<str>>,
    /// When the instance was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The member `instance`, in either form: an object in the specification, a list in samples of the documentation
/// (2026).
///
/// Anything else is empty, also a list with a member that is no instance: the caller then finds no instance, which is
/// no answer.
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
    /// The id of the request at Creem. Its presence is evidence that Creem answered.
    #[serde(borrow, default)]
    pub(crate) trace_id: JsonMember<JsonText<'a>>,
    /// The HTTP status, which has to agree with that of the answer.
    #[serde(default)]
    pub(crate) status: JsonMember<u64>,
    /// The name of the status. Samples have `Bad Request` for a 404, so it decides nothing.
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
    /// The messages; missing for an API key that is not accepted.
    #[serde(default)]
    pub(crate) message: Option<Messages>,
}

/// A list of texts in the documentation, a text in other answers of its framework.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Messages {
    /// One message.
    One(String),
    /// Several messages, one for each field of a 400.
    Many(Vec<String>),
    /// Anything else, which counts as no message.
    Other(IgnoredAny),
}

/// A customer, as far as a query by an e-mail address needs it.
#[derive(Deserialize)]
pub(crate) struct CustomerBody {
    /// The id.
    pub(crate) id: CustomerId,
    /// Required (specification, 2026). It leaves the adapter nowhere.
    pub(crate) email: Box<str>,
}

/// A list of instances. The answer to `GET /v1/licenses/{id}/instances`, which the specification of April 2026 does not
/// have yet.
#[derive(Deserialize)]
pub(crate) struct InstanceList {
    /// The instances. Whether deactivated ones are among them is not documented.
    pub(crate) items: Vec<InstanceBody>,
    /// The position of the page.
    #[serde(default)]
    pub(crate) pagination: Pagination,
}

/// A list of anything, as text. Read only if keys keep their JSON.
#[derive(Deserialize)]
pub(crate) struct RawList<'a> {
    /// The records.
    #[serde(borrow)]
    pub(crate) items: Vec<&'a RawValue>,
}

/// The position of a page in its list. Pages are counted from 1.
#[derive(Default, Deserialize)]
pub(crate) struct Pagination {
    /// How many records the list has in all.
    #[serde(default)]
    pub(crate) total_records: JsonMember<u64>,
    /// How many pages of this size the list has.
    #[serde(default)]
    pub(crate) total_pages: JsonMember<u64>,
    /// The number of this page.
    #[serde(default)]
    pub(crate) current_page: JsonMember<u64>,
    /// The number of the next page; `null` on the last one.
    #[serde(default)]
    pub(crate) next_page: JsonMember<u64>,
}

/// The body of an activation.
#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// The label of the new instance. The same one again makes another instance.
    pub(crate) instance_name: &'a str,
}

/// The body of a validation or a deactivation. Both need an instance.
#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// The instance.
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
