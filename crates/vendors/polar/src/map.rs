//! Between Polar's bodies and the model: pure and total.
//!
//! It stands between `wire` and the model. A member that is missing or unreadable becomes `None` or `Unknown` here,
//! never a guess.

use std::borrow::Cow;

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, product_after, seller_after};
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Capability, Change, Error, Expiry, KeyCode, LicenseKey,
    LicensePatch, LicenseStatus, Metadata, RawJson, Result, StatusChange, Timestamp, Usage,
};

use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::wire::{ActivatedBody, ActivationBody, LicenseKeyBody, MetaValue, PatchBody};

/// A key of any answer.
pub(crate) fn license_key(body: LicenseKeyBody<'_>, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares equal texts with the key `before` it.
///
/// The number of activations is known only where they are listed, which is with a single key.
pub(crate) fn following(
    before: Option<&LicenseKey>,
    body: LicenseKeyBody<'_>,
    raw: Option<RawJson>,
) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id.into(), KeyCode::verbatim(body.key), status(&body.status));
    key.status_word = known_status_word(&body.status);
    key.expiry = expiry(&body.expires_at, &body.subscription_id, &body.order_id);
    key.activations = ActivationUse {
        used: body.activations.and_then(|activations| u64::try_from(activations.len()).ok()),
        limit: activation_limit(body.limit_activations),
    };
    key.usage = usage(body.usage.value(), body.limit_usage);
    key.customer = body.customer_id.value().map(Into::into);
    key.product = body.benefit_id.value().map(|id| product_after(before, &id));
    key.origin.seller = body.organization_id.value().map(|id| seller_after(before, &id));
    key.origin.subscription = body.subscription_id.value();
    key.origin.order = body.order_id.value();
    key.created_at = instant(body.created_at);
    key.modified_at = instant(body.modified_at);
    key.last_validated_at = instant(body.last_validated_at);
    key.raw = raw;
    key
}

/// The answer to a validation: the key, and the activation of the request.
pub(crate) fn validated(
    mut body: LicenseKeyBody<'_>,
    raw: Option<RawJson>,
) -> (LicenseKey, Option<Activation>) {
    let seat =
        body.activation.take().map(|seat| activation(seat, body.benefit_id.as_ref().value().map(|id| &**id)));
    (license_key(body, raw), seat)
}

/// The activations of a single key; `None` if the answer does not list them.
pub(crate) fn activations(body: LicenseKeyBody<'_>) -> Option<Vec<Activation>> {
    let benefit = body.benefit_id.as_ref().value().map(|id| &**id);
    body.activations.map(|all| all.into_iter().map(|one| activation(one, benefit)).collect())
}

/// The activation that was just made, with its key.
pub(crate) fn activated(body: ActivatedBody<'_>, raw: Option<RawJson>) -> Activation {
    let ActivatedBody { id, license_key_id, label, meta, created_at, license_key: key } = body;
    let benefit = key.as_ref().and_then(|key| key.benefit_id.as_ref().value().map(|id| &**id));
    let seat = ActivationBody { id, license_key_id, label, meta, created_at };
    let mut activation = activation(seat, benefit);
    activation.key = key.map(|key| Box::new(license_key(key, raw)));
    activation
}

/// A patch as the members to send. Only what the patch names is in it.
///
/// *Unlimited* is an error: Polar's `null` would forbid activations instead.
///
/// # Errors
///
/// `Unsupported` for what Polar's body cannot say.
pub(crate) fn patch(patch: &LicensePatch) -> Result<PatchBody> {
    let limit_activations = match patch.activation_limit {
        None => None,
        Some(ActivationLimit::AtMost(limit)) => Some(Some(limit)),
        Some(ActivationLimit::NotAllowed) => Some(None),
        Some(_) => {
            return Err(Error::unsupported(NAME, Capability::SetActivationLimit).with_hint(
                "Polar has no unlimited activations, its null means none at all; set `AtMost` with a large number",
            ));
        }
    };
    let status = match patch.status {
        None => None,
        Some(StatusChange::Enable) => Some("granted"),
        Some(StatusChange::Disable) => Some("disabled"),
        Some(StatusChange::Revoke) => Some("revoked"),
        Some(_) => return Err(Error::unsupported(NAME, Capability::SetDisabled)),
    };
    Ok(PatchBody {
        status,
        usage: patch.usage,
        limit_activations,
        limit_usage: member(&patch.usage_limit),
        expires_at: member(&patch.expiry),
    })
}

/// Polar's word for a status; `None` for one that Polar does not store.
pub(crate) const fn status_word(status: &LicenseStatus) -> Option<&'static str> {
    match status {
        LicenseStatus::Active => Some("granted"),
        LicenseStatus::Disabled => Some("disabled"),
        LicenseStatus::Revoked => Some("revoked"),
        _ => None,
    }
}

/// An activation of `benefit`, which its record does not contain. A missing label is empty.
fn activation(body: ActivationBody, benefit: Option<&str>) -> Activation {
    let mut activation = Activation::new(body.id.into(), body.label.value().unwrap_or_default());
    activation.key_id = body.license_key_id.value().map(Into::into);
    activation.metadata = body.meta.map(metadata).unwrap_or_default();
    activation.product = benefit.map(Into::into);
    activation.created_at = instant(body.created_at);
    activation
}

/// The values of a kind that the model has; others are left out.
fn metadata(meta: impl IntoIterator<Item = (String, MetaValue)>) -> Metadata {
    let known = |(name, value)| match value {
        MetaValue::Known(value) => Some((name, value)),
        MetaValue::Other(_) => None,
    };
    meta.into_iter().filter_map(known).collect()
}

/// The status that a word names. An unknown word is kept as [`LicenseStatus::Other`], which is never usable.
pub(crate) fn status(word: &str) -> LicenseStatus {
    match word {
        "granted" => LicenseStatus::Active,
        "revoked" => LicenseStatus::Revoked,
        "disabled" => LicenseStatus::Disabled,
        other => LicenseStatus::Other(other.into()),
    }
}

/// The status word verbatim, without a copy if it is one of the usual ones.
fn known_status_word(word: &str) -> Cow<'static, str> {
    match word {
        "granted" => "granted".into(),
        "revoked" => "revoked".into(),
        "disabled" => "disabled".into(),
        other => other.to_owned().into(),
    }
}

/// When a key ends. An empty date says nothing by itself: Polar leaves it empty on every subscription key. Only with
/// the order and the subscription, which version 2027-01 has, it is *never* or *with the subscription*.
fn expiry(
    date: &JsonMember<JsonTimestamp>,
    subscription: &JsonMember<Box<str>>,
    order: &JsonMember<Box<str>>,
) -> Expiry {
    match (date, subscription, order) {
        (JsonMember::Value(at), _, _) => Expiry::At((*at).into()),
        (JsonMember::Null, JsonMember::Value(_), _) => Expiry::FollowsSubscription,
        (JsonMember::Null, JsonMember::Null, JsonMember::Value(_)) => Expiry::Never,
        _ => Expiry::Unknown,
    }
}

/// How many seats a key has. `null` is *not allowed*; a negative limit is not documented and becomes `Unknown`.
fn activation_limit(limit: JsonMember<i64>) -> ActivationLimit {
    match limit {
        JsonMember::Absent | JsonMember::Unreadable => ActivationLimit::Unknown,
        JsonMember::Null => ActivationLimit::NotAllowed,
        JsonMember::Value(limit) => {
            u64::try_from(limit).map_or(ActivationLimit::Unknown, ActivationLimit::AtMost)
        }
    }
}

/// The usage of a key. `null` is no limit; without the limit's member the usage is not known. A negative limit allows
/// nothing.
fn usage(used: Option<i64>, limit: JsonMember<i64>) -> Option<Usage> {
    let limit = match limit {
        JsonMember::Absent | JsonMember::Unreadable => return None,
        JsonMember::Null => None,
        JsonMember::Value(limit) => Some(u64::try_from(limit).unwrap_or(0)),
    };
    used.map(|used| Usage { used, limit })
}

/// The time of a member, if it can be read.
fn instant(moment: JsonMember<JsonTimestamp>) -> Option<Timestamp> {
    moment.value().map(Into::into)
}

/// A change as a member of a patch: absent, `null` or a value.
fn member<T: Copy>(change: &Change<T>) -> Option<Option<T>> {
    change.as_member().map(|value| value.copied())
}

#[cfg(test)]
mod tests {
    use anykey_core::{ErrorKind, MetadataValue};

    use super::*;

    fn key(members: &str) -> LicenseKey {
        let json = format!(r#"{{"id":"i","key":"k","status":"granted"{members}}}"#);
        license_key(serde_json::from_str(&json).unwrap(), None)
    }

    #[test]
    fn id_key_and_status_are_enough_and_nothing_else_is_guessed() {
        let key = key("");
        assert_eq!((key.id.as_str(), key.code.expose(), &key.status), ("i", "k", &LicenseStatus::Active));
        assert_eq!(key.expiry, Expiry::Unknown);
        assert_eq!(key.activations, ActivationUse { used: None, limit: ActivationLimit::Unknown });
        assert_eq!((key.usage, key.customer, key.product, key.created_at), (None, None, None, None));
    }

    #[test]
    fn an_empty_date_is_read_by_what_keeps_the_key_alive() {
        let at: Timestamp = "2027-06-01T12:00:00Z".parse().unwrap();
        for (members, expiry) in [
            (r#","expires_at":"2027-06-01T12:00:00Z""#, Expiry::At(at)),
            (r#","expires_at":"2027-06-01T12:00:00Z","subscription_id":"s""#, Expiry::At(at)),
            (r#","expires_at":null"#, Expiry::Unknown),
            (r#","expires_at":null,"subscription_id":"s","order_id":null"#, Expiry::FollowsSubscription),
            (r#","expires_at":null,"subscription_id":"s","order_id":"o""#, Expiry::FollowsSubscription),
            (r#","expires_at":null,"subscription_id":null,"order_id":"o""#, Expiry::Never),
            (r#","expires_at":null,"subscription_id":null,"order_id":null"#, Expiry::Unknown),
            (r#","expires_at":null,"order_id":"o""#, Expiry::Unknown),
            (r#","subscription_id":null,"order_id":"o""#, Expiry::Unknown),
            (r#","expires_at":"soon","subscription_id":null,"order_id":"o""#, Expiry::Unknown),
        ] {
            assert_eq!(key(members).expiry, expiry, "{members}");
        }
    }

    #[test]
    fn null_means_no_seats_but_any_usage() {
        let limits = |members| {
            let key = key(members);
            (key.activations.limit, key.usage)
        };
        let usage = |used, limit| Some(Usage { used, limit });
        assert_eq!(
            limits(r#","limit_activations":null,"usage":4,"limit_usage":null"#),
            (ActivationLimit::NotAllowed, usage(4, None))
        );
        assert_eq!(
            limits(r#","limit_activations":3,"usage":-3,"limit_usage":10"#),
            (ActivationLimit::AtMost(3), usage(-3, Some(10)))
        );
        assert_eq!(limits(r#","limit_activations":-1,"usage":4"#), (ActivationLimit::Unknown, None));
        assert_eq!(limits(r#","usage":4,"limit_usage":-1"#), (ActivationLimit::Unknown, usage(4, Some(0))));
    }

    #[test]
    fn a_word_of_next_year_survives_and_is_not_usable() {
        let json = r#"{"id":"i","key":"k","status":"paused"}"#;
        let key = license_key(serde_json::from_str(json).unwrap(), None);
        assert_eq!(key.status, LicenseStatus::Other("paused".into()));
        assert_eq!(key.status_word, "paused");
        assert_eq!(key.status.verdict(), None);
    }

    #[test]
    fn metadata_keeps_its_types_and_leaves_out_what_none_may_hold() {
        let json = r#"{"id":"a","label":null,"meta":{"t":"x","i":8,"f":0.5,"g":1.0,"b":false,"big":1000000000000000000000000000000,"n":null,"o":{}}}"#;
        let seat = activation(serde_json::from_str(json).unwrap(), Some("ben"));
        let expected = Metadata::from([
            ("t".into(), "x".into()),
            ("i".into(), 8.into()),
            ("f".into(), 0.5.into()),
            ("g".into(), 1.0.into()),
            ("b".into(), false.into()),
            ("big".into(), MetadataValue::Number(1e30)),
        ]);
        assert_eq!(seat.metadata, expected);
        assert_eq!((seat.label.as_str(), seat.product), ("", Some("ben".into())));
    }

    #[test]
    fn a_patch_writes_what_changes_and_null_for_what_is_cleared() {
        let written = |patch: LicensePatch| serde_json::to_string(&super::patch(&patch).unwrap()).unwrap();
        let patch = LicensePatch::new;
        assert_eq!(written(patch()), "{}");
        assert_eq!(written(patch().status(StatusChange::Enable)), r#"{"status":"granted"}"#);
        assert_eq!(written(patch().status(StatusChange::Disable)), r#"{"status":"disabled"}"#);
        assert_eq!(written(patch().status(StatusChange::Revoke)), r#"{"status":"revoked"}"#);
        assert_eq!(written(patch().usage(-3)), r#"{"usage":-3}"#);
        assert_eq!(written(patch().usage_limit(77)), r#"{"limit_usage":77}"#);
        assert_eq!(
            written(patch().clear_usage_limit().clear_expiry()),
            r#"{"limit_usage":null,"expires_at":null}"#
        );
        assert_eq!(
            written(patch().expiry("2031-05-06T09:08:09.5+02:00".parse().unwrap())),
            r#"{"expires_at":"2031-05-06T07:08:09.5Z"}"#
        );
        assert_eq!(
            written(patch().activation_limit(ActivationLimit::AtMost(4))),
            r#"{"limit_activations":4}"#
        );
        assert_eq!(
            written(patch().activation_limit(ActivationLimit::NotAllowed)),
            r#"{"limit_activations":null}"#
        );
    }

    #[test]
    fn unlimited_seats_are_unsupported_and_never_null() {
        let patch = LicensePatch::new().activation_limit(ActivationLimit::Unlimited);
        let error = super::patch(&patch).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("null means none"), "{error}");
    }
}
