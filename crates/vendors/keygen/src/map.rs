//! Conversions between Keygen's bodies and the model, without I/O.
//!
//! It stands between `wire` and the model: `answer`, `list`, `proof` and `webhook` call it. A member that is missing or
//! unreadable becomes `None` or `Unknown` here, never a guess.

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, product_after, seller_after};
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Capability, Error, Expiry, KeyCode, LicenseKey, LicensePatch,
    LicenseStatus, Metadata, ProductId, RawJson, Result, SignedDuration, StatusChange, Timestamp, Usage,
};
use anykey_http::JsonMember;

use crate::NAME;
use crate::wire::{LicenseBody, MachineBody, PatchBody};

/// A license of a record, whose key is present. The same record comes from reads, validations, files and webhooks.
pub(crate) fn license(body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a license of a list, which shares equal texts with the license `before` it. A list repeats the account
/// and few products, so sharing them saves an allocation for each key.
pub(crate) fn following(before: Option<&LicenseKey>, body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    let LicenseBody { id, r#type: _, attributes, relationships } = body;
    let mut key = LicenseKey::new(NAME, id, KeyCode::verbatim(attributes.key), status(&attributes.status));
    key.status_word = attributes.status.into();
    key.expiry = attributes.expiry.value().map_or(Expiry::Unknown, |at| Expiry::At(at.into()));
    let relationships = relationships.unwrap_or_default();
    let count = relationships.machines.and_then(|machines| machines.meta);
    key.activations = ActivationUse {
        used: count.and_then(|meta| meta.count.value()),
        limit: match attributes.max_machines {
            JsonMember::Null => ActivationLimit::Unlimited,
            JsonMember::Value(limit) => ActivationLimit::AtMost(limit),
            JsonMember::Absent | JsonMember::Unreadable => ActivationLimit::Unknown,
        },
    };
    key.usage = attributes.uses.value().map(|used| Usage { used, limit: attributes.max_uses.value() });
    key.customer = relationships.owner.and_then(|owner| owner.id());
    key.product = relationships
        .product
        .and_then(|product| product.id())
        .map(|id: ProductId| product_after(before, id.as_str()));
    key.origin.seller =
        relationships.account.and_then(|account| account.id()).map(|id| seller_after(before, &id));
    key.created_at = attributes.created.value().map(Into::into);
    key.modified_at = attributes.updated.value().map(Into::into);
    key.last_validated_at = attributes.last_validated.value().map(Into::into);
    key.raw = raw;
    key
}

/// A machine as an activation. A fingerprint that is the mark of an installation becomes
/// [`installation`](Activation::installation); others are not kept.
///
/// The end is set only where heartbeats are required. Before the first heartbeat it is the creation plus the duration:
/// by then Keygen counts the machine as dead.
pub(crate) fn machine(body: MachineBody) -> Activation {
    let MachineBody { id, r#type: _, attributes, relationships } = body;
    let mut activation = Activation::new(id, attributes.name.value().unwrap_or_default());
    let relationships = relationships.unwrap_or_default();
    activation.key_id = relationships.license.and_then(|license| license.id());
    activation.product = relationships.product.and_then(|product| product.id());
    activation.installation = attributes.fingerprint.value().and_then(|text| text.parse().ok());
    activation.metadata = attributes.metadata.map(read_metadata).unwrap_or_default();
    activation.created_at = attributes.created.value().map(Into::into);
    if attributes.require_heartbeat == JsonMember::Value(true) {
        let next = attributes.next_heartbeat.value().map(Timestamp::from);
        activation.expires_at = next.or_else(|| {
            let seconds = i64::try_from(attributes.heartbeat_duration.value()?).ok()?;
            activation.created_at?.checked_add(SignedDuration::from_secs(seconds)).ok()
        });
    }
    activation
}

/// A patch as the members to send.
///
/// # Errors
///
/// `Unsupported` for values that Keygen does not have.
pub(crate) fn patch(patch: &LicensePatch) -> Result<PatchBody> {
    let max_machines = match patch.activation_limit {
        None => None,
        Some(ActivationLimit::Unlimited) => Some(None),
        Some(ActivationLimit::AtMost(limit)) => Some(Some(limit)),
        Some(_) => return Err(no_seatless(Capability::SetActivationLimit)),
    };
    let suspended = match patch.status {
        Some(StatusChange::Disable) => Some(true),
        Some(StatusChange::Enable) => Some(false),
        None => None,
        Some(_) => return Err(Error::unsupported(NAME, Capability::Revoke)),
    };
    let expiry = patch.expiry.as_member().map(|at| at.copied());
    let max_uses = patch.usage_limit.as_member().map(|limit| limit.copied());
    Ok(PatchBody { suspended, expiry, max_machines, max_uses })
}

/// A limit of 0 does not do it: the first machine is always accepted (server's code, June 2026).
pub(crate) fn no_seatless(capability: Capability) -> Error {
    Error::unsupported(NAME, capability)
        .with_hint("Keygen has no key without machines; set `AtMost` or `Unlimited`")
}

/// The status that a word names. An unknown word is kept as [`LicenseStatus::Other`], which is never usable. Whether
/// the key may be used is decided by `meta.valid` and not here.
pub(crate) fn status(word: &str) -> LicenseStatus {
    match word {
        "ACTIVE" | "EXPIRING" | "INACTIVE" => LicenseStatus::Active,
        "EXPIRED" => LicenseStatus::Expired,
        "SUSPENDED" | "BANNED" => LicenseStatus::Disabled,
        other => LicenseStatus::Other(other.into()),
    }
}

/// Whether Keygen returns metadata with these names as they were sent: it keeps names in snake case and returns them in
/// camel case, and the adapter changes them back.
pub(crate) fn keeps_names(metadata: &Metadata) -> bool {
    metadata.keys().all(|name| !name.is_empty() && snake(&camel(name)) == *name)
}

/// Metadata with the names that were sent, provided that [`keeps_names`] accepted them.
fn read_metadata(metadata: Metadata) -> Metadata {
    metadata.into_iter().map(|(name, value)| (snake(&name), value)).collect()
}

/// A name as Keygen returns it: `external_id` becomes `externalId`.
fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut is_start = false;
    for letter in name.chars() {
        match letter {
            '_' => is_start = true,
            letter if is_start => {
                camel.push(letter.to_ascii_uppercase());
                is_start = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}

/// A name as Keygen keeps it: `externalId` becomes `external_id`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(match letter {
            letter if letter.is_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '_',
        });
    }
    snake
}
