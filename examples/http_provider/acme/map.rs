//! Between Acme's bodies and the model: pure and total.

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    Activation, ActivationLimit, ActivationUse, Expiry, KeyCode, LicenseKey, LicensePatch, LicenseStatus,
    StatusChange,
};

use super::NAME;
use super::wire::{LicenseBody, PatchBody, SeatBody};

pub(super) fn license(body: LicenseBody<'_>) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.code), status(&body.state));
    key.status_word = body.state.into_owned().into();
    key.expiry = match (body.ends_at.value(), body.lifetime.value()) {
        (Some(at), _) => Expiry::At(at.into()),
        (None, Some(true)) => Expiry::Never,
        (None, _) => Expiry::Unknown,
    };
    key.activations = ActivationUse { used: body.seats_taken.value(), limit: limit(body.seats.value()) };
    key.customer = body.customer.value();
    key.product = body.product.value();
    key.created_at = body.created_at.value().map(Into::into);
    key
}

pub(super) fn seat(body: SeatBody) -> Activation {
    let mut activation = Activation::new(body.id, body.label.value().unwrap_or_default());
    activation.created_at = body.created_at.value().map(Into::into);
    activation
}

/// Everything else that a patch can hold needs a capability that is not declared.
pub(super) fn patch(patch: &LicensePatch) -> PatchBody {
    let state = match patch.status {
        Some(StatusChange::Enable) => Some("active"),
        Some(StatusChange::Disable) => Some("suspended"),
        _ => None,
    };
    PatchBody { state }
}

/// A word that is unknown here is kept, and is never usable.
fn status(word: &str) -> LicenseStatus {
    match word {
        "active" => LicenseStatus::Active,
        "suspended" => LicenseStatus::Disabled,
        other => LicenseStatus::Other(other.into()),
    }
}

fn limit(seats: Option<i64>) -> ActivationLimit {
    match (seats, seats.and_then(|seats| u64::try_from(seats).ok())) {
        (Some(-1), _) => ActivationLimit::Unlimited,
        (_, Some(0)) => ActivationLimit::NotAllowed,
        (_, Some(seats)) => ActivationLimit::AtMost(seats),
        _ => ActivationLimit::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_body_leaves_out_is_unknown_and_never_guessed() {
        let body =
            serde_json::from_str(r#"{"id":"lic_1","code":"A-1","state":"trialing","extra":[]}"#).unwrap();
        let key = license(body);
        assert_eq!(key.status, LicenseStatus::Other("trialing".into()));
        assert_eq!(key.status_word, "trialing");
        assert_eq!(key.expiry, Expiry::Unknown);
        assert_eq!(key.activations, ActivationUse { used: None, limit: ActivationLimit::Unknown });
        assert_eq!((key.customer, key.product, key.created_at), (None, None, None));
    }

    #[test]
    fn every_number_of_seats_has_a_meaning() {
        use ActivationLimit::{AtMost, NotAllowed, Unknown, Unlimited};

        let limits = [Some(-1), Some(-2), Some(0), Some(3), None].map(limit);
        assert_eq!(limits, [Unlimited, Unknown, NotAllowed, AtMost(3), Unknown]);
    }
}
