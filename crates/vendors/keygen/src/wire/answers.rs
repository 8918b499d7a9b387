//! What Keygen sends.
//!
//! `error` reads `Errors`, `validation` reads `Validated`, `map` converts licenses and machines to the model. Nothing
//! here decides anything.

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, Metadata, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body of a failure. An answer of a gateway has no such list, and its absence is how `error` recognizes it.
#[derive(Default, Deserialize)]
pub(crate) struct Errors<'a> {
    /// The errors. Several may come at once; empty when the body has no such list.
    #[serde(borrow, default)]
    pub(crate) errors: Vec<ErrorObject<'a>>,
}

/// One error. There is no member `status`, unlike in other JSON:API services.
#[derive(Deserialize)]
pub(crate) struct ErrorObject<'a> {
    /// The class of the error, such as `Unprocessable resource`. Keygen writes one with every error.
    #[serde(borrow, default)]
    pub(crate) title: JsonMember<JsonText<'a>>,
    /// The sentence. For a 404 it is the only member that says which kind of record is missing.
    #[serde(borrow, default)]
    pub(crate) detail: JsonMember<JsonText<'a>>,
    /// The code, such as `MACHINE_LIMIT_EXCEEDED`; absent for most errors about a parameter.
    #[serde(borrow, default)]
    pub(crate) code: JsonMember<JsonText<'a>>,
}

/// The answer to a validation. Always 200, for an unknown key as well (server's code, June 2026).
#[derive(Deserialize)]
pub(crate) struct Validated<'a> {
    /// The license; `null` for an unknown key.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) data: Option<LicenseBody<JsonMember<String>>>,
    /// The verdict. Without it the body is no validation.
    #[serde(borrow)]
    pub(crate) meta: ValidationMeta<'a>,
}

/// The verdict of a validation.
#[derive(Deserialize)]
pub(crate) struct ValidationMeta<'a> {
    /// The verdict itself. It may be true with any code, where the policy is lenient.
    pub(crate) valid: bool,
    /// The time of the answer.
    #[serde(default)]
    pub(crate) ts: JsonMember<JsonTimestamp>,
    /// The reason, such as `VALID`, `EXPIRED` or `TOO_MANY_MACHINES`.
    #[serde(borrow, default)]
    pub(crate) code: JsonMember<JsonText<'a>>,
    /// The reason as a sentence, such as `is suspended`.
    #[serde(borrow, default)]
    pub(crate) detail: JsonMember<JsonText<'a>>,
    /// The request's nonce; absent if it had none.
    #[serde(default)]
    pub(crate) nonce: JsonMember<u64>,
    /// The request's scope; absent if it had none.
    #[serde(borrow, default, deserialize_with = "optional_member")]
    pub(crate) scope: Option<ValidationScope<'a>>,
}

/// The scope of the request that a validation answers.
#[derive(Deserialize)]
pub(crate) struct ValidationScope<'a> {
    /// The id of the machine, as it was sent.
    #[serde(borrow, default)]
    pub(crate) machine: JsonMember<JsonText<'a>>,
}

/// A document with one resource.
#[derive(Deserialize)]
pub(crate) struct Document<T> {
    /// The resource, or the resources of a list.
    pub(crate) data: T,
}

/// One resource of a list, as text.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A license. Its key may be missing in a validation: an old account may keep only its digest.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<K = String> {
    /// The UUID of the license.
    pub(crate) id: LicenseKeyId,
    /// `licenses`; another word is another record.
    #[serde(default)]
    pub(crate) r#type: JsonMember<Box<str>>,
    /// The license's members.
    pub(crate) attributes: LicenseAttributes<K>,
    /// The records that the license belongs to, and the number of its machines.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<LicenseRelationships>,
}

/// A user, as far as a query by an e-mail address needs it.
#[derive(Deserialize)]
pub(crate) struct UserBody {
    /// The UUID of the user.
    pub(crate) id: CustomerId,
    /// `users`; another word is another record.
    #[serde(default)]
    pub(crate) r#type: JsonMember<Box<str>>,
    /// The user's members.
    #[serde(default)]
    pub(crate) attributes: UserAttributes,
}

/// The members of a user.
#[derive(Default, Deserialize)]
pub(crate) struct UserAttributes {
    /// The address. It leaves the adapter nowhere.
    #[serde(default)]
    pub(crate) email: JsonMember<Box<str>>,
}

/// The members of a license, the same in every answer. `K` is the type of the key: text where it has to be present,
/// optional in a validation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LicenseAttributes<K> {
    /// The key code.
    pub(crate) key: K,
    /// `ACTIVE`, `EXPIRING`, `INACTIVE`, `EXPIRED`, `SUSPENDED` or `BANNED`. `EXPIRING` is within three days of the
    /// end; `INACTIVE` was not used for 90 days; `BANNED` is the owner's state.
    pub(crate) status: String,
    /// When the license ends. `null` is for life, or not started: a policy may start the time at the first use.
    #[serde(default)]
    pub(crate) expiry: JsonMember<JsonTimestamp>,
    /// The usage counter.
    #[serde(default)]
    pub(crate) uses: JsonMember<i64>,
    /// The limit of the counter; `null` is unlimited.
    #[serde(default)]
    pub(crate) max_uses: JsonMember<u64>,
    /// How many machines the license may have; `null` is unlimited.
    #[serde(default)]
    pub(crate) max_machines: JsonMember<u64>,
    /// When the license was last validated, by any device; `null` before the first time.
    #[serde(default)]
    pub(crate) last_validated: JsonMember<JsonTimestamp>,
    /// When the license was created.
    #[serde(default)]
    pub(crate) created: JsonMember<JsonTimestamp>,
    /// When the record last changed.
    #[serde(default)]
    pub(crate) updated: JsonMember<JsonTimestamp>,
}

impl LicenseBody<JsonMember<String>> {
    /// The same license with `key` as its key. Used for validations without a key, where the code of the request takes
    /// its place.
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

/// The relationships of a license that the model keeps. The policy is not among them.
#[derive(Default, Deserialize)]
pub(crate) struct LicenseRelationships {
    /// The account, which becomes the key's seller.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) account: Option<Related<Box<str>>>,
    /// The product, by way of the policy.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
    /// The user who owns the license; `null` for a license without one. Named `user` before version 1.6 of the API.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) owner: Option<Related<CustomerId>>,
    /// The machines, of which only the number is contained.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) machines: Option<Counted>,
}

/// A relationship to one record.
#[derive(Deserialize)]
#[serde(bound(deserialize = "I: Deserialize<'de>"))]
pub(crate) struct Related<I> {
    /// The record; `null` if there is none.
    #[serde(default = "none", deserialize_with = "optional_member")]
    data: Option<Identity<I>>,
}

/// The id of a related record. Its type is given by the relationship.
#[derive(Deserialize)]
struct Identity<I> {
    /// The id.
    id: I,
}

/// The default for a member whose type has no default of its own.
const fn none<T>() -> Option<T> {
    None
}

impl<I> Related<I> {
    /// The id of the record; `None` if there is none.
    pub(crate) fn id(self) -> Option<I> {
        self.data.map(|data| data.id)
    }

    /// The same without taking it.
    pub(crate) fn id_ref(&self) -> Option<&I> {
        self.data.as_ref().map(|data| &data.id)
    }
}

/// A relationship to several records, of which the number is known.
#[derive(Deserialize)]
pub(crate) struct Counted {
    /// The number; absent where Keygen does not count.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<CountMeta>,
}

/// The `meta` of a relationship to several records.
#[derive(Deserialize)]
pub(crate) struct CountMeta {
    /// How many records there are: for machines, how many seats are taken.
    #[serde(default)]
    pub(crate) count: JsonMember<u64>,
}

/// A machine, which is an activation in the model.
#[derive(Deserialize)]
pub(crate) struct MachineBody {
    /// The UUID of the machine.
    pub(crate) id: ActivationId,
    /// `machines`; another word is another record.
    #[serde(default)]
    pub(crate) r#type: JsonMember<Box<str>>,
    /// The machine's members.
    pub(crate) attributes: MachineAttributes,
    /// The license and the product of the machine.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<MachineRelationships>,
}

/// The members of a machine.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineAttributes {
    /// What identifies the device; one machine per license has it, or per account where the policy says so.
    #[serde(default)]
    pub(crate) fingerprint: JsonMember<Box<str>>,
    /// The label; `null` without one.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// Whether the machine dies without heartbeats: because of the policy, or because it has sent one.
    #[serde(default)]
    pub(crate) require_heartbeat: JsonMember<bool>,
    /// `NOT_STARTED`, `ALIVE`, `DEAD` or `RESURRECTED`.
    #[serde(default)]
    pub(crate) heartbeat_status: JsonMember<Box<str>>,
    /// How long a heartbeat lasts, in seconds; 600 where the policy names nothing.
    #[serde(default)]
    pub(crate) heartbeat_duration: JsonMember<u64>,
    /// When the machine dies without a further heartbeat; `null` before the first one.
    #[serde(default)]
    pub(crate) next_heartbeat: JsonMember<JsonTimestamp>,
    /// The metadata, with names in camel case whatever they were when they were sent.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) metadata: Option<Metadata>,
    /// When the machine was created.
    #[serde(default)]
    pub(crate) created: JsonMember<JsonTimestamp>,
}

/// The relationships of a machine that the model keeps.
#[derive(Default, Deserialize)]
pub(crate) struct MachineRelationships {
    /// The license of the machine, which is compared with the requested one.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) license: Option<Related<LicenseKeyId>>,
    /// The product of that license.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
}

/// A policy, which is read before a license is created from it.
#[derive(Deserialize)]
pub(crate) struct PolicyBody {
    /// The limits that licenses inherit.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) attributes: Option<PolicyAttributes>,
    /// The product of the policy.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) relationships: Option<PolicyRelationships>,
}

/// The members of a policy that a new license inherits.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyAttributes {
    /// How long a license lasts, in seconds; `null` is for life.
    #[serde(default)]
    pub(crate) duration: JsonMember<u64>,
    /// How many machines a license may have; `null` is unlimited.
    #[serde(default)]
    pub(crate) max_machines: JsonMember<u64>,
}

/// The relationships of a policy.
#[derive(Default, Deserialize)]
pub(crate) struct PolicyRelationships {
    /// The product whose licenses the policy is for.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<Related<ProductId>>,
}

/// The links of a list that is read by cursors. Only the cursor is taken from a link; the links themselves are not
/// followed.
#[derive(Default, Deserialize)]
pub(crate) struct Links {
    /// The link of this page. Its presence is evidence that the list has links.
    #[serde(default, rename = "self")]
    pub(crate) own: JsonMember<Box<str>>,
    /// The link of the next page; `null` on the last one.
    #[serde(default)]
    pub(crate) next: JsonMember<Box<str>>,
}

/// A page of a license's machines.
#[derive(Deserialize)]
pub(crate) struct MachineList {
    /// The machines, newest first.
    pub(crate) data: Vec<MachineBody>,
    /// The links, of which `next` has the cursor.
    #[serde(default)]
    pub(crate) links: Links,
}
