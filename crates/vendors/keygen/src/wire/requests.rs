//! What Keygen is sent.

use anykey_core::{Metadata, Timestamp};
use serde::Serialize;

/// A request with `meta` only.
#[derive(Serialize)]
pub(crate) struct MetaBody<M> {
    pub(crate) meta: M,
}

#[derive(Serialize)]
pub(crate) struct ValidateMeta<'a> {
    pub(crate) key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<u64>,
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub(crate) scope: Scope<'a>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Scope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<Box<str>>,
}

impl Scope<'_> {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Serialize)]
pub(crate) struct IncrementMeta {
    pub(crate) increment: u64,
}

#[derive(Serialize)]
pub(crate) struct DecrementMeta {
    pub(crate) decrement: u64,
}

/// A request with one resource.
#[derive(Serialize)]
pub(crate) struct DataBody<D> {
    pub(crate) data: D,
}

#[derive(Serialize)]
pub(crate) struct NewResource<A, R> {
    pub(crate) r#type: &'static str,
    pub(crate) attributes: A,
    pub(crate) relationships: R,
}

#[derive(Serialize)]
pub(crate) struct ChangedResource<'a, A> {
    pub(crate) r#type: &'static str,
    pub(crate) id: &'a str,
    pub(crate) attributes: A,
}

#[derive(Serialize)]
pub(crate) struct NewMachine<'a> {
    pub(crate) fingerprint: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<&'a Metadata>,
}

#[derive(Serialize)]
pub(crate) struct MachineName<'a> {
    pub(crate) name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct OfLicense<'a> {
    pub(crate) license: ToOne<'a>,
}

#[derive(Serialize)]
pub(crate) struct OfPolicy<'a> {
    pub(crate) policy: ToOne<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<ToOne<'a>>,
}

/// A relationship to one record.
#[derive(Serialize)]
pub(crate) struct ToOne<'a> {
    data: ResourceId<'a>,
}

#[derive(Serialize)]
struct ResourceId<'a> {
    r#type: &'static str,
    id: &'a str,
}

impl<'a> ToOne<'a> {
    pub(crate) const fn new(r#type: &'static str, id: &'a str) -> Self {
        Self { data: ResourceId { r#type, id } }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewLicense<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_machines: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry: Option<Timestamp>,
}

/// Absent keeps, `null` clears, a value sets. Null returns to the policy's limit.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suspended: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_machines: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_uses: Option<Option<u64>>,
}
