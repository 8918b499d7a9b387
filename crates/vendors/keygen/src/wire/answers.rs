//! What Keygen sends.

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, Metadata, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body of a failure.
#[derive(Default, Deserialize)]
pub(crate) struct Errors<'a> {
    #[serde(borrow, default)]
    pub(crate) errors: Vec<ErrorObject<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct ErrorObject<'a> {
    #[serde(borrow, default)]
    pub(crate) title: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) detail: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) code: JsonMember<JsonText<'a>>,
}

/// The answer to a validation.
#[derive(Deserialize)]
pub(crate) struct Validated<'a> {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) data: Option<LicenseBody<JsonMember<String>>>,
    #[serde(borrow)]
    pub(crate) meta: ValidationMeta<'a>,
}

#[derive(Deserialize)]
pub(crate) struct ValidationMeta<'a> {
    pub(crate) valid: bool,
    #[serde(default)]
    pub(crate) ts: JsonMember<JsonTimestamp>,
    #[serde(borrow, default)]
    pub(crate) code: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) detail: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) nonce: JsonMember<u64>,
}

/// A document with one resource.
#[derive(Deserialize)]
pub(crate) struct Document<T> {
    pub(crate) data: T,
}

/// One resource of a list, as text.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A license. Its key may be missing in a validation: an old account may keep only its digest.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<K = String> {
    pub(crate) id: LicenseKeyId,
    #[serde(default)]
    pub(crate) r#type: JsonMember<Box<str>>,
    pub(crate) attributes: LicenseAttributes<K>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<LicenseRelationships>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LicenseAttributes<K> {
    pub(crate) key: K,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) expiry: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) uses: JsonMember<i64>,
    #[serde(default)]
    pub(crate) max_uses: JsonMember<u64>,
    #[serde(default)]
    pub(crate) max_machines: JsonMember<u64>,
    #[serde(default)]
    pub(crate) last_validated: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) created: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) updated: JsonMember<JsonTimestamp>,
}

impl LicenseBody<JsonMember<String>> {
    /// The same license with `key` as its key.
    pub(crate) fn with_key(self, key: String) -> LicenseBody {
        let Self { id, r#type, attributes, relationships } = self;
        let LicenseAttributes {
            key: _,
            status,
            expiry,
            uses,
            max_uses,
            max_machines,
            last_validated,
            created,
            updated,
        } = attributes;
        let attributes = LicenseAttributes {
            key,
            status,
            expiry,
            uses,
            max_uses,
            max_machines,
            last_validated,
            created,
            updated,
        };
        LicenseBody { id, r#type, attributes, relationships }
    }
}

#[derive(Default, Deserialize)]
pub(crate) struct LicenseRelationships {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) account: Option<Related<Box<str>>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) owner: Option<Related<CustomerId>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) machines: Option<Counted>,
}

/// A relationship to one record.
#[derive(Deserialize)]
#[serde(bound(deserialize = "I: Deserialize<'de>"))]
pub(crate) struct Related<I> {
    #[serde(default = "none", deserialize_with = "optional_member")]
    data: Option<Identity<I>>,
}

#[derive(Deserialize)]
struct Identity<I> {
    id: I,
}

const fn none<T>() -> Option<T> {
    None
}

impl<I> Related<I> {
    pub(crate) fn id(self) -> Option<I> {
        self.data.map(|data| data.id)
    }

    pub(crate) fn id_ref(&self) -> Option<&I> {
        self.data.as_ref().map(|data| &data.id)
    }
}

/// A relationship to several records, of which the number is known.
#[derive(Deserialize)]
pub(crate) struct Counted {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<CountMeta>,
}

#[derive(Deserialize)]
pub(crate) struct CountMeta {
    #[serde(default)]
    pub(crate) count: JsonMember<u64>,
}

#[derive(Deserialize)]
pub(crate) struct MachineBody {
    pub(crate) id: ActivationId,
    #[serde(default)]
    pub(crate) r#type: JsonMember<Box<str>>,
    pub(crate) attributes: MachineAttributes,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<MachineRelationships>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineAttributes {
    #[serde(default)]
    pub(crate) fingerprint: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) require_heartbeat: JsonMember<bool>,
    #[serde(default)]
    pub(crate) heartbeat_status: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) heartbeat_duration: JsonMember<u64>,
    #[serde(default)]
    pub(crate) next_heartbeat: JsonMember<JsonTimestamp>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) metadata: Option<Metadata>,
    #[serde(default)]
    pub(crate) created: JsonMember<JsonTimestamp>,
}

#[derive(Default, Deserialize)]
pub(crate) struct MachineRelationships {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) license: Option<Related<LicenseKeyId>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
}

#[derive(Deserialize)]
pub(crate) struct PolicyBody {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) attributes: Option<PolicyAttributes>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<PolicyRelationships>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyAttributes {
    #[serde(default)]
    pub(crate) duration: JsonMember<u64>,
    #[serde(default)]
    pub(crate) max_machines: JsonMember<u64>,
}

#[derive(Default, Deserialize)]
pub(crate) struct PolicyRelationships {
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
}

/// The links of a list that is read by cursors.
#[derive(Default, Deserialize)]
pub(crate) struct Links {
    #[serde(default, rename = "self")]
    pub(crate) own: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) next: JsonMember<Box<str>>,
}

/// A page of a license's machines.
#[derive(Deserialize)]
pub(crate) struct MachineList {
    pub(crate) data: Vec<MachineBody>,
    #[serde(default)]
    pub(crate) links: Links,
}
