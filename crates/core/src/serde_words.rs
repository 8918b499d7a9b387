//! The model in JSON: stable words, and views that hold no secret. Feature `serde`.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::{
    Activation, ActivationLimit, ActivationUse, Expiry, KeySource, LicenseKey, LicenseStatus, Refusal, Usage,
    Validation, Verdict,
};

/// Reads and writes a type by its word.
macro_rules! by_word {
    ($kind:ident) => {
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use by_word;

/// Writes a type as what it displays, and reads it by `FromStr`.
macro_rules! as_displayed {
    ($($kind:ident),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

as_displayed!(KeySource, LicenseStatus);

impl<'de> serde::Deserialize<'de> for LicenseStatus {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_word(&std::borrow::Cow::<str>::deserialize(deserializer)?))
    }
}

/// `never`, `follows_subscription`, `unknown`, or the instant.
impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.word())
    }
}

impl<'de> serde::Deserialize<'de> for Expiry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// A number, or `unlimited`, `not_allowed`, `unknown`.
impl Serialize for ActivationLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AtMost(limit) => serializer.serialize_u64(*limit),
            Self::Unlimited => serializer.serialize_str("unlimited"),
            Self::NotAllowed => serializer.serialize_str("not_allowed"),
            Self::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

impl Serialize for ActivationUse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("ActivationUse", 2)?;
        members.serialize_field("used", &self.used)?;
        members.serialize_field("limit", &self.limit)?;
        members.end()
    }
}

impl Serialize for Usage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Usage", 2)?;
        members.serialize_field("used", &self.used)?;
        members.serialize_field("limit", &self.limit)?;
        members.end()
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Refusal", 2)?;
        members.serialize_field("reason", &self.reason)?;
        members.serialize_field("message", &self.message)?;
        members.end()
    }
}

/// What may be shown of a license key: everything but its code, of which the mask is left, and the vendor's JSON.
///
/// Made by [`LicenseKey::masked`]. As JSON it is an object with the key's fields; absent values are `null`.
#[derive(Clone, Copy, Debug)]
pub struct MaskedLicenseKey<'a>(&'a LicenseKey);

impl LicenseKey {
    /// The key without its secrets, for a front end or a log. Only with the feature `serde`.
    ///
    /// ```
    /// use anykey_core::{KeyCode, LicenseKey, LicenseStatus};
    ///
    /// let code = KeyCode::parse("MYAPP-1C285B2D-E304DA")?;
    /// let key = LicenseKey::new("acme", "key_1".into(), code, LicenseStatus::Active);
    /// let json = serde_json::to_value(key.masked()).unwrap();
    /// assert_eq!((&json["code"], &json["status"]), (&"****-E304DA".into(), &"active".into()));
    /// # Ok::<_, anykey_core::Error>(())
    /// ```
    #[must_use]
    pub const fn masked(&self) -> MaskedLicenseKey<'_> {
        MaskedLicenseKey(self)
    }
}

impl Serialize for MaskedLicenseKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = self.0;
        let mut members = serializer.serialize_struct("LicenseKey", 15)?;
        members.serialize_field("provider", &key.provider)?;
        members.serialize_field("id", &key.id)?;
        members.serialize_field("code", &key.code.masked().to_string())?;
        members.serialize_field("status", &key.status)?;
        members.serialize_field("status_word", &key.status_word)?;
        members.serialize_field("environment", &key.environment)?;
        members.serialize_field("expiry", &key.expiry)?;
        members.serialize_field("activations", &key.activations)?;
        members.serialize_field("usage", &key.usage)?;
        members.serialize_field("customer", &key.customer)?;
        members.serialize_field("product", &key.product)?;
        members.serialize_field("source", &key.origin.source)?;
        members.serialize_field("created_at", &key.created_at)?;
        members.serialize_field("modified_at", &key.modified_at)?;
        members.serialize_field("last_validated_at", &key.last_validated_at)?;
        members.end()
    }
}

/// The seat; its key is [masked](LicenseKey::masked).
impl Serialize for Activation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Activation", 9)?;
        members.serialize_field("id", &self.id)?;
        members.serialize_field("key_id", &self.key_id)?;
        members.serialize_field("label", &self.label)?;
        members.serialize_field("metadata", &self.metadata)?;
        members.serialize_field("product", &self.product)?;
        members.serialize_field("created_at", &self.created_at)?;
        members.serialize_field("expires_at", &self.expires_at)?;
        members.serialize_field("key", &self.key.as_deref().map(LicenseKey::masked))?;
        members.serialize_field("answered_at", &self.answered_at)?;
        members.end()
    }
}

/// `valid` is the verdict, `refusal` the reason of a refusal; the key is [masked](LicenseKey::masked).
impl Serialize for Validation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Validation", 6)?;
        members.serialize_field("valid", &(self.verdict == Verdict::Valid))?;
        members.serialize_field("refusal", &self.refusal())?;
        members.serialize_field("status_word", &self.status_word)?;
        members.serialize_field("key", &self.key.as_ref().map(LicenseKey::masked))?;
        members.serialize_field("activation", &self.activation)?;
        members.serialize_field("answered_at", &self.answered_at)?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;
    use crate::adapter::KeyCodeExt as _;
    use crate::{ErrorKind, KeyCode, RawJson, RefusalReason, Timestamp};

    const SECRET: &str = "PLANTED-SECRET-CODE-0001";

    fn key() -> LicenseKey {
        let mut key =
            LicenseKey::new("acme", "key_1".into(), KeyCode::verbatim(SECRET), LicenseStatus::Active);
        key.raw = Some(RawJson::new(format!("{{\"key\":\"{SECRET}\"}}")));
        key.expiry = Expiry::At(Timestamp::UNIX_EPOCH);
        key.activations = ActivationUse { used: Some(1), limit: ActivationLimit::AtMost(3) };
        key
    }

    fn json_of(value: &impl Serialize) -> Value {
        serde_json::to_value(value).unwrap()
    }

    #[test]
    fn secrets_are_in_no_view() {
        let mut seat = Activation::new("act_1".into(), "laptop");
        seat.key = Some(Box::new(key()));
        let validation = Validation::valid().with_key(key()).with_activation(seat.clone());
        for text in [
            json_of(&key().masked()).to_string(),
            json_of(&seat).to_string(),
            json_of(&validation).to_string(),
            format!("{:?}", key().masked()),
        ] {
            assert!(!text.contains("PLANTED") && text.contains("****-E-0001"), "{text}");
        }
    }

    #[test]
    fn a_validation_says_what_a_front_end_needs() {
        let refusal = Refusal::new(RefusalReason::ActivationLimitReached).with_message("no more");
        let refused = json_of(&Validation::refused(refusal));
        let expected = json!({
            "valid": false, "refusal": {"reason": "activation_limit_reached", "message": "no more"},
            "status_word": null, "key": null, "activation": null, "answered_at": null
        });
        assert_eq!(refused, expected);
        let valid = json_of(&Validation::valid().with_key(key()));
        assert_eq!((&valid["valid"], &valid["refusal"]), (&json!(true), &Value::Null));
        assert_eq!(valid["key"]["expiry"], json!("1970-01-01T00:00:00Z"));
        assert_eq!(valid["key"]["activations"], json!({"used": 1, "limit": 3}));
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        fn same<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, word: &str) {
            let written = json_of(&value);
            assert_eq!(written, json!(word));
            assert_eq!(serde_json::from_value::<T>(written).unwrap(), value);
        }
        same(RefusalReason::UnknownKey, "unknown_key");
        same(ErrorKind::RateLimited, "rate_limited");
        same(LicenseStatus::Disabled, "disabled");
        same(LicenseStatus::Other("paused".into()), "paused");
        same(Expiry::Never, "never");
        same(Expiry::FollowsSubscription, "follows_subscription");
        same(Expiry::Unknown, "unknown");
        same(Expiry::At(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00Z");
        assert!(serde_json::from_str::<RefusalReason>("\"of a later version\"").is_err());
        assert_eq!(json_of(&ActivationLimit::Unlimited), json!("unlimited"));
    }
}
