//! One key and the seats taken on it.

use crate::{Activation, ActivationId, ActivationUse, InstallationMark, LicenseKey, Metadata};

pub(super) struct Record {
    pub(super) key: LicenseKey,
    pub(super) seats: Vec<Seat>,
}

pub(super) struct Seat {
    pub(super) activation: Activation,
    pub(super) conditions: Metadata,
}

impl Record {
    pub(super) fn seat(&self, id: &ActivationId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.activation.id == *id)
    }

    pub(super) fn seat_of(&self, installation: InstallationMark) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.activation.installation == Some(installation))
    }

    pub(super) fn snapshot(&self) -> LicenseKey {
        let used = u64::try_from(self.seats.len()).ok();
        LicenseKey { activations: ActivationUse { used, ..self.key.activations }, ..self.key.clone() }
    }
}
