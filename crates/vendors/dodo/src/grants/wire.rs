//! Entitlements and grants as Dodo writes them. Only what the model keeps is read; everything that some
//! version of the API leaves out is optional.

use std::borrow::Cow;

use anykey_core::{CustomerId, LicenseKeyId, Timestamp};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::{Deserialize, Serialize};

/// An entitlement: the definition of something that is delivered.
#[derive(Deserialize)]
pub(super) struct EntitlementBody<'a> {
    /// The id, `ent_…`.
    pub(super) id: Box<str>,
    /// What it delivers; `license_key` is one of nine types.
    #[serde(borrow, default)]
    pub(super) integration_type: JsonMember<JsonText<'a>>,
    /// The settings of that type.
    #[serde(default, deserialize_with = "optional_member")]
    pub(super) integration_config: Option<ConfigBody>,
}

/// What the keys of an entitlement get unless they say otherwise.
#[derive(Default, Deserialize)]
pub(super) struct ConfigBody {
    /// How many activations a key gets; `null` is unlimited.
    #[serde(default)]
    pub(super) activations_limit: JsonMember<i64>,
    /// How long a key lasts, in a unit that is not read; `null` is for ever.
    #[serde(default)]
    pub(super) duration_count: JsonMember<i64>,
}

/// A grant: one customer's issue of an entitlement.
#[derive(Deserialize)]
pub(super) struct GrantBody<'a> {
    /// The id, `entg_…`.
    pub(super) id: Box<str>,
    /// The entitlement.
    pub(super) entitlement_id: Box<str>,
    /// `Pending`, `Delivered`, `Failed`, `Revoked`; in lower case elsewhere.
    #[serde(borrow)]
    pub(super) status: Cow<'a, str>,
    /// The key; `null` while the grant is pending, and for other types.
    #[serde(borrow)]
    pub(super) license_key: Option<GrantedKeyBody<'a>>,
    /// The type of the entitlement, where the answer repeats it.
    #[serde(borrow)]
    pub(super) integration_type: Option<Cow<'a, str>>,
    /// The seller.
    #[serde(default)]
    pub(super) business_id: JsonMember<Box<str>>,
    /// The customer.
    #[serde(default)]
    pub(super) customer_id: JsonMember<CustomerId>,
    /// The payment; `null` without one.
    #[serde(default)]
    pub(super) payment_id: JsonMember<Box<str>>,
    /// The subscription that keeps it alive; `null` without one.
    #[serde(default)]
    pub(super) subscription_id: JsonMember<Box<str>>,
    /// Why it was revoked. It counts only while the grant is revoked.
    #[serde(default)]
    pub(super) revocation_reason: JsonMember<Box<str>>,
    /// When the grant was made.
    #[serde(default)]
    pub(super) created_at: JsonMember<JsonTimestamp>,
    /// When the grant last changed.
    #[serde(default)]
    pub(super) updated_at: JsonMember<JsonTimestamp>,
}

/// The key of a grant.
#[derive(Deserialize)]
pub(super) struct GrantedKeyBody<'a> {
    /// The key's own id; missing before version 1.127 of the official SDK.
    #[serde(default)]
    pub(super) id: JsonMember<LicenseKeyId>,
    /// The key code.
    pub(super) key: String,
    /// The key's status; missing before the same version.
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    /// How many activations the key has now.
    #[serde(default)]
    pub(super) activations_used: JsonMember<u64>,
    /// How many it may have; `null` is unlimited.
    #[serde(default)]
    pub(super) activations_limit: JsonMember<i64>,
    /// When the key ends; `null` is never, or with its subscription.
    #[serde(default)]
    pub(super) expires_at: JsonMember<JsonTimestamp>,
}

/// The body of `POST /grants/{id}/license-key`.
#[derive(Serialize)]
pub(super) struct FulfilBody<'a> {
    /// The code.
    pub(super) key: &'a str,
    /// The limit; absent for that of the entitlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activations_limit: Option<u64>,
    /// The end; absent for that of the entitlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_member_of_an_entitlement_does_not_hide_all_keys() {
        for (members, is_known) in [
            (r#""integration_type":"license_key","integration_config":{"activations_limit":3}"#, true),
            (r#""integration_type":"license_key","integration_config":[]"#, true),
            (r#""integration_type":"license_key","integration_config":"none""#, true),
            (r#""integration_type":{},"integration_config":null"#, false),
            (r#""name":"Editor""#, false),
        ] {
            let json = format!(r#"{{"id":"ent_1",{members}}}"#);
            let body: EntitlementBody<'_> = serde_json::from_str(&json).unwrap();
            assert_eq!(&*body.id, "ent_1");
            assert_eq!(body.integration_type.value().is_some(), is_known, "{json}");
        }
    }
}
