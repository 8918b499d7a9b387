//! From a grant to a license key: pure and total.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationUse, KeyCode, LicenseKey, LicenseStatus, RawJson, Result, Timestamp};
use anykey_http::{ApiResponse, JsonMember, JsonTimestamp, MappedList, lenient_list};
use serde::{Deserialize, Deserializer};

use super::PendingGrant;
use super::revocation::RevocationClass;
use super::wire::GrantBody;
use crate::wire::Items;
use crate::{NAME, map};

/// What a grant contains.
#[derive(Debug)]
pub(super) enum Granted {
    /// A license key, in force or not.
    Key(Box<LicenseKey>),
    /// Nothing yet: the seller has to type the key in.
    Pending(PendingGrant),
    /// No license key.
    Nothing,
}

/// The grants of a page with their ids. An unreadable grant does not affect the others.
///
/// # Errors
///
/// `Decode` if the body is not a list.
pub(super) fn listed(response: &ApiResponse, keep_raw: bool) -> Result<MappedList<(Box<str>, Granted)>> {
    let error = match response.json::<Items<GrantBody<'_>>>() {
        Ok(list) if !keep_raw => {
            let grants = list.items.into_iter().map(|body| (body.id.clone(), granted(body, None)));
            return Ok(MappedList::from(grants.collect::<Vec<_>>()));
        }
        Ok(_) => None,
        Err(error) => Some(error),
    };
    if keep_raw {
        return response.json::<RawGrants>().map(|list| list.items).map_err(|other| error.unwrap_or(other));
    }
    response.json::<LenientGrants>().map(|list| list.items).map_err(|other| error.unwrap_or(other))
}

/// A page with unreadable grants.
#[derive(Deserialize)]
struct LenientGrants {
    /// The readable grants, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable")]
    items: MappedList<(Box<str>, Granted)>,
}

/// A page whose grants keep their JSON.
#[derive(Deserialize)]
struct RawGrants {
    /// The readable grants, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable_with_text")]
    items: MappedList<(Box<str>, Granted)>,
}

/// Skips unreadable grants.
fn readable<'de, D: Deserializer<'de>>(list: D) -> Result<MappedList<(Box<str>, Granted)>, D::Error> {
    lenient_list(list, |_, body: GrantBody<'de>, _| (body.id.clone(), granted(body, None)))
}

/// Skips unreadable grants and keeps the text of the others.
fn readable_with_text<'de, D: Deserializer<'de>>(
    list: D,
) -> Result<MappedList<(Box<str>, Granted)>, D::Error> {
    lenient_list(list, |_, body: GrantBody<'de>, text| {
        (body.id.clone(), granted(body, Some(RawJson::new(text))))
    })
}

/// The grant of an answer about one.
pub(super) fn answered(response: &ApiResponse, keep_raw: bool) -> Result<Granted> {
    let body = response.json()?;
    let raw = keep_raw.then(|| RawJson::new(String::from_utf8_lossy(response.body())));
    Ok(granted(body, raw))
}

/// What a grant contains.
///
/// The model's key is made of both records: code, seats and end are those of the key, customer, payment, subscription
/// and dates those of the grant. Product and source stay unknown, because a grant does not contain them.
pub(super) fn granted(body: GrantBody<'_>, raw: Option<RawJson>) -> Granted {
    let Some(granted) = body.license_key else {
        let is_key = body.integration_type.as_deref().is_none_or(|word| word == "license_key");
        if !is_key || !body.status.eq_ignore_ascii_case("pending") {
            return Granted::Nothing;
        }
        return Granted::Pending(PendingGrant {
            id: body.id,
            entitlement: body.entitlement_id,
            customer: body.customer_id.value(),
            payment: body.payment_id.value(),
            subscription: body.subscription_id.value(),
            created_at: instant(body.created_at),
        });
    };
    let reason = body.revocation_reason.value();
    let (status, word) = status(&body.status, granted.status.as_deref(), reason.as_deref());
    let id = granted.id.value().unwrap_or_else(|| body.id.clone().into());
    let mut key = LicenseKey::new(NAME, id, KeyCode::verbatim(granted.key), status);
    key.status_word = map::known_word(word);
    let subscription = body.subscription_id.value();
    key.expiry = map::expiry(granted.expires_at, subscription.as_deref());
    key.activations = ActivationUse {
        used: granted.activations_used.value(),
        limit: map::limit(granted.activations_limit),
    };
    key.customer = body.customer_id.value();
    key.origin.seller = body.business_id.value().map(Into::into);
    key.origin.payment = body.payment_id.value();
    key.origin.subscription = subscription;
    key.origin.revocation = reason.filter(|_| is_revoked(&body.status));
    key.origin.grant = Some(body.id);
    key.origin.entitlement = Some(body.entitlement_id);
    key.created_at = instant(body.created_at);
    key.modified_at = instant(body.updated_at);
    key.raw = raw;
    Granted::Key(Box::new(key))
}

/// The time of a member, if it can be read.
fn instant(at: JsonMember<JsonTimestamp>) -> Option<Timestamp> {
    at.value().map(Into::into)
}

/// The status, and the word that it comes from: the grant says whether the key was handed out, the key's own
/// word what became of it since.
fn status<'a>(grant: &'a str, key: Option<&'a str>, reason: Option<&str>) -> (LicenseStatus, &'a str) {
    let own = key.map(map::status);
    let status = if grant.eq_ignore_ascii_case("delivered") {
        own.clone().unwrap_or(LicenseStatus::Active)
    } else if !is_revoked(grant) {
        LicenseStatus::Other(grant.into())
    } else if reason.and_then(RevocationClass::of_reason) == Some(RevocationClass::Temporary) {
        LicenseStatus::Disabled
    } else {
        LicenseStatus::Revoked
    };
    let word = key.filter(|_| own.as_ref() == Some(&status)).unwrap_or(grant);
    (status, word)
}

/// Whether a grant is revoked, in any case.
fn is_revoked(grant: &str) -> bool {
    grant.eq_ignore_ascii_case("revoked")
}

/// The word of Dodo's own filter that lets every key with one of `status` pass; `None` when no single one
/// does.
pub(super) const fn status_filter(status: &LicenseStatus) -> Option<&'static str> {
    match status {
        LicenseStatus::Active | LicenseStatus::Expired => Some("Delivered"),
        LicenseStatus::Revoked => Some("Revoked"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use LicenseStatus::{Active, Disabled, Expired, Other, Revoked};
    use anykey_core::Expiry;
    use serde_json::{Value, json};

    use super::*;

    fn read(change: impl FnOnce(&mut Value)) -> Granted {
        let mut body = json!({
            "id": "entg_1", "entitlement_id": "ent_1", "customer_id": "cus_1", "business_id": "bus_1",
            "integration_type": "license_key", "status": "Delivered", "metadata": {},
            "license_key": { "id": "lic_1", "key": "K-1", "status": "active", "activations_used": 2 }
        });
        change(&mut body);
        granted(serde_json::from_str(&body.to_string()).unwrap(), None)
    }

    fn key(change: impl FnOnce(&mut Value)) -> LicenseKey {
        match read(change) {
            Granted::Key(key) => *key,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn grant_and_key_tell_the_status_together() {
        for (grant, own, reason, expected) in [
            ("Delivered", Some("active"), None, (Active, "active")),
            ("delivered", Some("ACTIVE"), None, (Active, "ACTIVE")),
            ("Delivered", Some("expired"), None, (Expired, "expired")),
            ("Delivered", Some("disabled"), None, (Disabled, "disabled")),
            ("Delivered", Some("paused"), None, (Other("paused".into()), "paused")),
            ("Delivered", None, None, (Active, "Delivered")),
            ("Revoked", Some("disabled"), Some("subscription_on_hold"), (Disabled, "disabled")),
            ("REVOKED", Some("active"), Some("SubscriptionPaused"), (Disabled, "REVOKED")),
            ("Revoked", None, Some("license_key_disabled"), (Disabled, "Revoked")),
            ("Revoked", Some("disabled"), Some("refund"), (Revoked, "Revoked")),
            ("revoked", Some("active"), Some("plan_changed"), (Revoked, "revoked")),
            ("Revoked", Some("active"), Some("a_word_of_tomorrow"), (Revoked, "Revoked")),
            ("Revoked", Some("active"), None, (Revoked, "Revoked")),
            ("Pending", Some("active"), None, (Other("Pending".into()), "Pending")),
            ("Failed", Some("active"), None, (Other("Failed".into()), "Failed")),
            ("Suspended", None, None, (Other("Suspended".into()), "Suspended")),
        ] {
            assert_eq!(status(grant, own, reason), expected, "{grant} {own:?} {reason:?}");
        }
    }

    #[test]
    fn only_a_delivered_grant_can_be_usable() {
        for grant in ["Pending", "Failed", "Revoked", "Suspended", ""] {
            assert!(!key(|body| body["status"] = json!(grant)).is_usable_at(Timestamp::MIN), "{grant}");
        }
    }

    #[test]
    fn a_filter_word_lets_everything_pass_that_is_looked_for() {
        for grant in ["Delivered", "Revoked", "Failed", "Pending"] {
            for own in [Some("active"), Some("expired"), Some("disabled"), Some("paused"), None] {
                for reason in [Some("manual"), Some("subscription_on_hold"), None] {
                    let (status, _) = status(grant, own, reason);
                    let word = status_filter(&status);
                    assert!(word.is_none_or(|word| word == grant), "{status} {grant} {own:?} {reason:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_without_its_own_id_goes_by_the_grants() {
        assert_eq!(key(|_| {}).id.as_str(), "lic_1");
        let nameless = key(|body| body["license_key"] = json!({ "key": "K-1", "activations_used": 0 }));
        assert_eq!((nameless.id.as_str(), nameless.origin.grant.as_deref()), ("entg_1", Some("entg_1")));
    }

    #[test]
    fn an_empty_end_is_for_life_only_without_a_subscription() {
        assert_eq!(key(|_| {}).expiry, Expiry::Never);
        let followed = key(|body| body["subscription_id"] = json!("sub_1"));
        assert_eq!(followed.expiry, Expiry::FollowsSubscription);
        let dated = key(|body| body["license_key"]["expires_at"] = json!("2027-06-01T12:00:00.5Z"));
        assert_eq!(dated.expiry.at().map(|at| at.to_string()).as_deref(), Some("2027-06-01T12:00:00.5Z"));
    }

    #[test]
    fn a_reason_that_is_left_over_from_an_earlier_revocation_is_not_told() {
        let again = key(|body| body["revocation_reason"] = json!("subscription_on_hold"));
        assert_eq!((again.status, again.origin.revocation), (Active, None));
    }

    #[test]
    fn only_a_pending_grant_of_license_keys_awaits_one() {
        let without_key = |status: &str, kind: Value| {
            read(|body| {
                body["license_key"] = Value::Null;
                body["status"] = json!(status);
                body["integration_type"] = kind;
            })
        };
        for (status, kind, is_pending) in [
            ("Pending", json!("license_key"), true),
            ("pending", Value::Null, true),
            ("Pending", json!("discord"), false),
            ("Failed", json!("license_key"), false),
            ("Revoked", json!("license_key"), false),
            ("Delivered", json!("license_key"), false),
        ] {
            let found = without_key(status, kind.clone());
            assert_eq!(matches!(found, Granted::Pending(_)), is_pending, "{status} {kind}");
            assert_eq!(matches!(found, Granted::Nothing), !is_pending, "{status} {kind}");
        }
    }

    #[test]
    fn what_is_missing_null_or_new_is_read() {
        let bare = json!({
            "id": "entg_1", "entitlement_id": "ent_1", "status": "Delivered", "metadata": null,
            "license_key": { "key": "K-1", "activations_limit": null, "a_field_of_tomorrow": [1] }
        });
        let Granted::Key(key) = granted(serde_json::from_str(&bare.to_string()).unwrap(), None) else {
            panic!()
        };
        assert_eq!((key.customer, key.created_at, key.activations.used), (None, None, None));
        assert_eq!(key.activations.limit, anykey_core::ActivationLimit::Unlimited);
    }
}
