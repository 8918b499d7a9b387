//! What Keygen is sent.
//!
//! A member that is `null` counts as absent, except in changes and for `scope.user` (server's code, June 2026).
//! Optional members are therefore left out.

use anykey_core::{Metadata, Timestamp};
use serde::Serialize;

/// A request with `meta` only. Actions are sent in this form: validations, counting and check-outs.
#[derive(Serialize)]
pub(crate) struct MetaBody<M> {
    /// The arguments of the action.
    pub(crate) meta: M,
}

/// The arguments of `validate-key`.
#[derive(Serialize)]
pub(crate) struct ValidateMeta<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// A number that the answer repeats; only sent where answers are signed, since nothing else proves that an answer
    /// is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<u64>,
    /// What the key has to match. Left out when empty, because the server echoes even an empty one.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub(crate) scope: Scope<'a>,
}

/// What a validation demands of a key beyond being in force. A policy may require some of it to be named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Scope<'a> {
    /// The product that the key has to be of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<Box<str>>,
    /// The owner that the key has to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<&'a str>,
    /// The machine that the key has to have, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<&'a str>,
    /// The machine that the key has to have, by its fingerprint. Named only if the policy requires it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<Box<str>>,
}

impl Scope<'_> {
    /// Whether nothing is demanded.
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The arguments of `increment-usage`.
#[derive(Serialize)]
pub(crate) struct IncrementMeta {
    /// By how much the counter rises.
    pub(crate) increment: u64,
}

/// The arguments of `decrement-usage`, which a license key may not call.
#[derive(Serialize)]
pub(crate) struct DecrementMeta {
    /// By how much the counter falls; below zero is refused.
    pub(crate) decrement: u64,
}

/// A request with one resource.
#[derive(Serialize)]
pub(crate) struct DataBody<D> {
    /// The resource.
    pub(crate) data: D,
}

/// A resource to create.
#[derive(Serialize)]
pub(crate) struct NewResource<A, R> {
    /// `licenses` or `machines`.
    pub(crate) r#type: &'static str,
    /// The members of the new record.
    pub(crate) attributes: A,
    /// The records that the new one belongs to.
    pub(crate) relationships: R,
}

/// A resource to change, with the changed members only.
#[derive(Serialize)]
pub(crate) struct ChangedResource<'a, A> {
    /// `licenses` or `machines`.
    pub(crate) r#type: &'static str,
    /// The id, the same as in the path.
    pub(crate) id: &'a str,
    /// The changed members.
    pub(crate) attributes: A,
}

/// The members of a new machine. The license is named by its id in the relationships: its key is not accepted there.
#[derive(Serialize)]
pub(crate) struct NewMachine<'a> {
    /// The identity of the device; the same one again is refused with `FINGERPRINT_TAKEN`.
    pub(crate) fingerprint: &'a str,
    /// The label, at most 255 characters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) name: &'a str,
    /// The metadata; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<&'a Metadata>,
}

/// A new label.
#[derive(Serialize)]
pub(crate) struct MachineName<'a> {
    /// The label, at most 255 characters.
    pub(crate) name: &'a str,
}

/// The relationships of a new machine.
#[derive(Serialize)]
pub(crate) struct OfLicense<'a> {
    /// The license that the machine takes a seat of.
    pub(crate) license: ToOne<'a>,
}

/// The relationships of a new license.
#[derive(Serialize)]
pub(crate) struct OfPolicy<'a> {
    /// The policy, which decides about the product and all that the request leaves open.
    pub(crate) policy: ToOne<'a>,
    /// The user who owns the license; absent for a license without an owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<ToOne<'a>>,
}

/// A relationship to one record.
#[derive(Serialize)]
pub(crate) struct ToOne<'a> {
    /// The record.
    data: ResourceId<'a>,
}

/// The identity of a record in JSON:API.
#[derive(Serialize)]
struct ResourceId<'a> {
    /// The kind of the record.
    r#type: &'static str,
    /// Its UUID.
    id: &'a str,
}

impl<'a> ToOne<'a> {
    /// The relationship to the record `id` of the kind `type`.
    pub(crate) const fn new(r#type: &'static str, id: &'a str) -> Self {
        Self { data: ResourceId { r#type, id } }
    }
}

/// The members of a new license. What is absent comes from the policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewLicense<'a> {
    /// The code, at least six characters and unique in the account; absent for one that Keygen makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'a str>,
    /// The limit; absent for that of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_machines: Option<u64>,
    /// The end; absent for that of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry: Option<Timestamp>,
}

/// Absent keeps, `null` clears, a value sets. Null returns to the policy's limit.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PatchBody {
    /// `true` suspends the license, `false` reinstates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suspended: Option<bool>,
    /// The new end; `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry: Option<Option<Timestamp>>,
    /// The new limit of machines; `null` is that of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_machines: Option<Option<u64>>,
    /// The new limit of usage; `null` is that of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_uses: Option<Option<u64>>,
}
