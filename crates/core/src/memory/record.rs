//! One key and the seats taken on it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, ActivationUse, InstallationMark, LicenseKey,
    Metadata, RefusalReason,
};

pub(super) struct Record {
    pub(super) key: LicenseKey,
    pub(super) seat_lifetime: Option<SignedDuration>,
    pub(super) seats: Vec<Seat>,
}

pub(super) struct Seat {
    pub(super) activation: Activation,
    pub(super) conditions: Metadata,
}

impl Seat {
    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.activation.expires_at.is_some_and(|end| now >= end)
    }
}

impl Record {
    pub(super) fn seat(&self, id: &ActivationId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.activation.id == *id)
    }

    /// The seats that are taken at `now`.
    pub(super) fn taken(&self, now: Timestamp) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |seat| !seat.has_ended(now))
    }

    pub(super) fn seat_of(&self, installation: InstallationMark, now: Timestamp) -> Option<&Seat> {
        self.taken(now).find(|seat| seat.activation.installation == Some(installation))
    }

    /// When a seat that is taken or renewed at `now` ends.
    pub(super) fn end_of_seat(&self, now: Timestamp) -> Option<Timestamp> {
        self.seat_lifetime.map(|lifetime| now.checked_add(lifetime).unwrap_or(Timestamp::MAX))
    }

    /// Why the key may not take one more seat.
    pub(super) fn refuse_seat(&self, now: Timestamp) -> Option<RefusalReason> {
        let taken = u64::try_from(self.taken(now).count()).unwrap_or(u64::MAX);
        match self.key.activations.limit {
            ActivationLimit::NotAllowed | ActivationLimit::AtMost(0) => {
                Some(RefusalReason::ActivationsNotSupported)
            }
            ActivationLimit::AtMost(limit) if taken >= limit => Some(RefusalReason::ActivationLimitReached),
            _ => None,
        }
    }

    pub(super) fn take_seat(
        &mut self,
        id: ActivationId,
        request: &ActivateRequest,
        now: Timestamp,
    ) -> Result<Activation, RefusalReason> {
        if let Some(reason) = self.refuse_seat(now) {
            return Err(reason);
        }
        let mut activation = Activation::new(id, request.label.as_str());
        activation.key_id = Some(self.key.id.clone());
        activation.installation = request.installation;
        activation.metadata = request.metadata.clone();
        activation.product = self.key.product.clone();
        activation.created_at = Some(now);
        activation.expires_at = self.end_of_seat(now);
        self.seats.push(Seat { activation: activation.clone(), conditions: request.conditions.clone() });
        Ok(activation)
    }

    pub(super) fn snapshot(&self, now: Timestamp) -> LicenseKey {
        let used = u64::try_from(self.taken(now).count()).ok();
        LicenseKey { activations: ActivationUse { used, ..self.key.activations }, ..self.key.clone() }
    }
}
