//! One key and the seats taken on it.

use jiff::{SignedDuration, Timestamp};

use super::rules::refuse_seat;
use crate::{
    ActivateRequest, Activation, ActivationId, ActivationUse, InstallationMark, LicenseKey, Metadata,
    RefusalReason,
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

    pub(super) fn take_seat(
        &mut self,
        id: ActivationId,
        request: &ActivateRequest,
        now: Timestamp,
    ) -> Result<Activation, RefusalReason> {
        if let Some(reason) = refuse_seat(&self.key, self.taken(now).count()) {
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
