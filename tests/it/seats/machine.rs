//! A machine that wants a seat, gives it back, and wants it again.

use anykey::{
    ActivationId, DeactivateRequest, InstallationMark, KeyCode, LicenseKeyId, LicenseProvider, RefusalReason,
    SeatClaim,
};

pub(crate) struct Machine {
    pub(crate) mark: InstallationMark,
    pub(crate) key: LicenseKeyId,
    code: KeyCode,
    claim: SeatClaim,
    pub(crate) seat: Option<ActivationId>,
}

/// What came of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// The machine holds its seat.
    Held,
    /// The machine has given its seat back.
    GivenBack,
    /// The vendor said no.
    Refused,
    /// The machine is told that a seat may be taken, or may not have been given back.
    Open,
    /// Certainly nothing was done.
    Nothing,
}

impl Machine {
    pub(crate) fn new(number: u64, (key, code): (LicenseKeyId, KeyCode)) -> Self {
        let mark = InstallationMark::from_digest(number.to_be_bytes()[2..].try_into().unwrap());
        Self { mark, claim: Self::claim(&code, mark, &key), key, code, seat: None }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.claim.is_open()
    }

    /// What the machine does when it is certain that its lost activation took no seat.
    pub(crate) fn close(&mut self) {
        self.claim.close();
    }

    pub(crate) async fn activate(&mut self, provider: &dyn LicenseProvider) -> Came {
        match self.claim.settle(provider).await {
            Ok(seat) => {
                assert!(!self.is_open());
                self.seat = Some(seat.id);
                Came::Held
            }
            Err(error) if error.refusal().is_some() => {
                assert!(!error.may_have_taken_effect() && !error.is_transient(), "{error:?}");
                Came::Refused
            }
            Err(error) if error.may_have_taken_effect() => {
                assert!(self.is_open(), "an error that says so, but the claim does not know: {error:?}");
                Came::Open
            }
            Err(_) => Came::Nothing,
        }
    }

    pub(crate) async fn deactivate(&mut self, provider: &dyn LicenseProvider) -> Came {
        let Some(seat) = self.seat.clone() else { return Came::Nothing };
        match provider.deactivate(DeactivateRequest::new(self.code.clone(), seat)).await {
            Ok(()) => self.forget(),
            Err(error) => match error.refusal() {
                Some(refusal) if refusal.reason == RefusalReason::UnknownActivation => self.forget(),
                Some(_) => Came::Refused,
                None if error.may_have_taken_effect() => Came::Open,
                None => Came::Nothing,
            },
        }
    }

    /// A claim that is open stays: after a deactivation whose answer was lost, a later activation may have taken
    /// another seat.
    fn forget(&mut self) -> Came {
        self.seat = None;
        if !self.is_open() {
            self.claim = Self::claim(&self.code, self.mark, &self.key);
        }
        Came::GivenBack
    }

    fn claim(code: &KeyCode, mark: InstallationMark, key: &LicenseKeyId) -> SeatClaim {
        SeatClaim::new(code.clone(), "machine", mark).key(key.clone())
    }
}
