//! An answer as JSON, with everything that it contains. The model's own JSON is for showing, and holds no secret.

mod key;

use anykey_core::{
    Activation, Metadata, OfflineProof, Refusal, RefusalReason, Timestamp, Validation, Verdict,
};
use serde::{Deserialize, Serialize};

use self::key::WrittenKey;

/// Changes with the form. Another version is not read.
const VERSION: u32 = 1;

pub(super) fn write(answer: &Validation) -> Option<Vec<u8>> {
    serde_json::to_vec(&WrittenAnswer::from(answer)).ok()
}

/// `None` when another version wrote it.
pub(super) fn read(bytes: &[u8]) -> Option<Validation> {
    serde_json::from_slice::<WrittenAnswer>(bytes).ok()?.read()
}

#[derive(Serialize, Deserialize)]
struct WrittenAnswer {
    version: u32,
    refusal: Option<WrittenRefusal>,
    status_word: Option<Box<str>>,
    key: Option<WrittenKey>,
    activation: Option<WrittenActivation>,
    proof: Option<WrittenProof>,
    answered_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct WrittenRefusal {
    reason: String,
    message: Option<Box<str>>,
    is_doubtful: bool,
}

#[derive(Serialize, Deserialize)]
struct WrittenProof {
    format: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct WrittenActivation {
    id: String,
    key_id: Option<String>,
    label: String,
    installation: Option<String>,
    metadata: Metadata,
    product: Option<String>,
    created_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    key: Option<Box<WrittenKey>>,
    proof: Option<WrittenProof>,
    answered_at: Option<Timestamp>,
}

impl From<&Validation> for WrittenAnswer {
    fn from(answer: &Validation) -> Self {
        Self {
            version: VERSION,
            refusal: answer.refusal().map(WrittenRefusal::from),
            status_word: answer.status_word.clone(),
            key: answer.key.as_ref().map(WrittenKey::from),
            activation: answer.activation.as_ref().map(WrittenActivation::from),
            proof: answer.proof.as_ref().map(WrittenProof::from),
            answered_at: answer.answered_at,
        }
    }
}

impl WrittenAnswer {
    fn read(self) -> Option<Validation> {
        if self.version != VERSION {
            return None;
        }
        let mut answer = Validation::valid();
        if let Some(refusal) = self.refusal {
            answer.verdict = Verdict::Refused(refusal.read()?);
        }
        answer.status_word = self.status_word;
        answer.key = optional(self.key, WrittenKey::read)?;
        answer.activation = optional(self.activation, WrittenActivation::read)?;
        answer.proof = self.proof.map(WrittenProof::read);
        answer.answered_at = self.answered_at;
        Some(answer)
    }
}

impl From<&Refusal> for WrittenRefusal {
    fn from(refusal: &Refusal) -> Self {
        let Refusal { reason, message, is_doubtful, .. } = refusal;
        Self { reason: reason.name().to_owned(), message: message.clone(), is_doubtful: *is_doubtful }
    }
}

impl WrittenRefusal {
    fn read(self) -> Option<Refusal> {
        let mut refusal = Refusal::new(RefusalReason::from_name(&self.reason)?);
        refusal.message = self.message;
        refusal.is_doubtful = self.is_doubtful;
        Some(refusal)
    }
}

impl From<&OfflineProof> for WrittenProof {
    fn from(proof: &OfflineProof) -> Self {
        Self { format: proof.format().to_owned(), text: proof.expose().to_owned() }
    }
}

impl WrittenProof {
    fn read(self) -> OfflineProof {
        OfflineProof::new(self.format, self.text)
    }
}

impl From<&Activation> for WrittenActivation {
    fn from(seat: &Activation) -> Self {
        Self {
            id: seat.id.to_string(),
            key_id: seat.key_id.as_ref().map(ToString::to_string),
            label: seat.label.clone(),
            installation: seat.installation.as_ref().map(ToString::to_string),
            metadata: seat.metadata.clone(),
            product: seat.product.as_ref().map(ToString::to_string),
            created_at: seat.created_at,
            expires_at: seat.expires_at,
            key: seat.key.as_deref().map(|key| Box::new(key.into())),
            proof: seat.proof.as_ref().map(WrittenProof::from),
            answered_at: seat.answered_at,
        }
    }
}

impl WrittenActivation {
    fn read(self) -> Option<Activation> {
        let mut seat = Activation::new(self.id.into(), self.label);
        seat.key_id = self.key_id.map(Into::into);
        seat.installation = optional(self.installation, |mark| mark.parse().ok())?;
        seat.metadata = self.metadata;
        seat.product = self.product.map(Into::into);
        seat.created_at = self.created_at;
        seat.expires_at = self.expires_at;
        seat.key = optional(self.key, |key| key.read().map(Box::new))?;
        seat.proof = self.proof.map(WrittenProof::read);
        seat.answered_at = self.answered_at;
        Some(seat)
    }
}

/// `Some(None)` for nothing, and `None` for what cannot be read.
fn optional<W, T>(written: Option<W>, read: impl FnOnce(W) -> Option<T>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(written) => read(written).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{
        ActivationLimit, ActivationUse, Environment, Expiry, KeyCode, KeySource, LicenseKey, LicenseStatus,
        RawJson, SignedDuration, Usage,
    };

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::new(1_790_000_000 + second, 123_456_789).unwrap()
    }

    /// A key in which every field has a value.
    fn key(code: &str) -> LicenseKey {
        let mut key = LicenseKey::new(
            "main",
            "key_1".into(),
            KeyCode::verbatim(code),
            LicenseStatus::Other("odd".into()),
        );
        key.status_word = "ODD".into();
        key.environment = Some(Environment::Sandbox);
        key.expiry = Expiry::At(at(1));
        key.activations = ActivationUse { used: Some(u64::MAX), limit: ActivationLimit::AtMost(u64::MAX) };
        key.usage = Some(Usage { used: i64::MIN, limit: Some(u64::MAX) });
        key.customer = Some("cus_1".into());
        key.product = Some("pdt_1".into());
        key.origin.source = Some(KeySource::Other("gift".into()));
        key.origin.seller = Some("org".into());
        let texts = [
            &mut key.origin.payment,
            &mut key.origin.subscription,
            &mut key.origin.order,
            &mut key.origin.grant,
            &mut key.origin.entitlement,
            &mut key.origin.revocation,
        ];
        for (index, text) in texts.into_iter().enumerate() {
            *text = Some(format!("id {index}").into());
        }
        (key.created_at, key.modified_at, key.last_validated_at) = (Some(at(2)), Some(at(3)), Some(at(4)));
        key.raw = Some(RawJson::new("{\"a\":\"\\u0000é\"}"));
        key
    }

    fn seat() -> Activation {
        let mut seat = Activation::new("act_1".into(), "laptop \"é\"");
        seat.key_id = Some("key_1".into());
        seat.installation = Some("ak-1a2b3c4d5e6f".parse().unwrap());
        seat.metadata = Metadata::from([
            ("a".into(), true.into()),
            ("b".into(), i64::MIN.into()),
            ("c".into(), 0.1.into()),
            ("d".into(), "x".into()),
            ("e".into(), 2.0.into()),
        ]);
        seat.product = Some("pdt_1".into());
        (seat.created_at, seat.expires_at, seat.answered_at) =
            (Some(at(5)), Some(at(6)), Some(at(7) - SignedDuration::from_nanos(1)));
        seat.key = Some(Box::new(key("")));
        seat.proof = Some(OfflineProof::new("acme", "text"));
        seat
    }

    #[test]
    fn every_field_of_an_answer_is_read_as_it_was() {
        let full = Validation::valid()
            .with_status_word(Some("VALID".into()))
            .with_key(key("C-1"))
            .with_activation(seat())
            .with_proof(OfflineProof::new("acme", "other"))
            .with_answered_at(at(8));
        let printed = format!("{full:?}");
        assert!(!printed.contains("None"), "each field has a value, or it is not tested: {printed}");
        let refused =
            Validation::refused(Refusal::new(RefusalReason::Refunded).with_message("gone").doubtful());
        for answer in [
            full,
            refused,
            Validation::valid(),
            Validation::refused(Refusal::new(RefusalReason::Unspecified)),
        ] {
            assert_eq!(read(&write(&answer).unwrap()), Some(answer));
        }
        for limit in [ActivationLimit::Unlimited, ActivationLimit::NotAllowed, ActivationLimit::Unknown] {
            let mut key = key("");
            (key.activations.limit, key.expiry) = (limit, Expiry::FollowsSubscription);
            let answer = Validation::valid().with_key(key);
            assert_eq!(read(&write(&answer).unwrap()), Some(answer));
        }
    }

    #[test]
    fn what_another_version_wrote_is_not_read() {
        let written = String::from_utf8(write(&Validation::valid()).unwrap()).unwrap();
        assert_eq!(read(written.replace("\"version\":1", "\"version\":2").as_bytes()), None);
        assert_eq!(read(b"{}"), None);
        let refused = Validation::refused(Refusal::new(RefusalReason::Expired));
        let refused = String::from_utf8(write(&refused).unwrap()).unwrap();
        assert_eq!(
            read(refused.replace("expired", "of_a_later_version").as_bytes()),
            None,
            "no refusal is lost"
        );
    }
}
