use std::fmt;

use crate::adapter::ErrorExt as _;
use crate::{
    ActivateRequest, Activation, Capability, DeactivateRequest, Error, ErrorKind, InstallationMark, KeyCode,
    LicenseKeyId, LicenseProvider, LicenseProviderExt, Operation, RefusalReason, Result, ValidateRequest,
};

/// One installation's claim to one seat of a key, which never takes two.
///
/// A vendor gives a new seat for every activation that reaches it, and the answer to one can be lost. A claim
/// marks its seat with the [`InstallationMark`], remembers that an answer was lost, and does not activate again
/// before it is clear what came of it: it looks for the mark in the vendor's list of activations and adopts the
/// seat that carries it.
///
/// Two claims with one mark may be settled at the same time, by two processes of an app. So a claim looks again
/// after it has activated: of several seats with its mark the oldest is kept and the others are given back. Each
/// claim decides alike, so one seat is left in the end.
///
/// Looking needs [`Capability::Activations`] and giving back [`Capability::Deactivate`]. With a provider that
/// cannot look, a lost answer may have to be settled with the seller's provider, and claims that race take a seat
/// each.
///
/// With a provider that [recognises installations](Capability::OneSeatPerInstallation) nothing of that is needed: the
/// claim activates as the installation, and again after a lost answer.
///
/// It lives in memory. Where the process may end in between, keep [`is_open`](Self::is_open) beside the key,
/// and [reopen](Self::reopened) the claim.
///
/// ```
/// use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, SeatClaim, Timestamp};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let provider = InMemoryProvider::new(Timestamp::now);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// let key = provider.create(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).await?;
///
/// let mut claim = SeatClaim::new(code, "studio-mac", "ak-1a2b3c4d5e6f".parse()?);
/// let seat = claim.settle(&provider).await?;
/// assert_eq!(claim.settle(&provider).await?.id, seat.id, "the same seat again");
/// assert_eq!(provider.activations(&key.id).await?.len(), 1);
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
pub struct SeatClaim {
    request: ActivateRequest,
    mark: InstallationMark,
    key: Option<LicenseKeyId>,
    open: bool,
    held: Option<Activation>,
}

impl SeatClaim {
    /// The claim of the installation `mark`, on the device called `device`, to a seat of `code`.
    #[must_use]
    pub fn new(code: KeyCode, device: &str, mark: InstallationMark) -> Self {
        let request = ActivateRequest::new(code, mark.label_for(device));
        Self { request, mark, key: None, open: false, held: None }
    }

    /// Names the key's record, which otherwise has to be asked for or looked up in the whole listing.
    #[must_use]
    pub fn key(mut self, key: LicenseKeyId) -> Self {
        self.key = Some(key);
        self
    }

    /// Takes a claim up again that [was open](Self::is_open) when the process ended.
    #[must_use]
    pub fn reopened(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether an activation was sent whose answer did not arrive, so that a seat may be taken.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Declares that the lost activation took no seat, so that [`settle`](Self::settle) activates again.
    ///
    /// That is certain when the list has had no seat with the mark for some minutes: an activation may still be
    /// on its way, and a vendor's list out of date. Without a list it is the user's risk to lose a seat.
    pub const fn close(&mut self) {
        self.open = false;
    }

    /// The seat: the one that carries the mark already, or a new one.
    ///
    /// May be called as often as wanted. While the claim is open it only looks and sends no activation. Beside the
    /// activation it costs a list of activations before and after it, where the provider has one.
    ///
    /// A seat that this claim took and that is not listed is validated, because a list may be older than the seat
    /// (Polar). It is taken anew if it was given back. Without a list that needs a new claim.
    ///
    /// # Errors
    ///
    /// As [`activate`](LicenseProvider::activate). When [`may_have_taken_effect`](Error::may_have_taken_effect)
    /// is true, the claim is open: a seat may be taken, and it was not found in the list or `provider` has none.
    ///
    /// # Cancel safety
    ///
    /// Safe. Dropped while an activation is under way, the claim [is open](Self::is_open): the next call looks
    /// for the seat and does not take another.
    pub async fn settle<P: LicenseProvider + ?Sized>(&mut self, provider: &P) -> Result<Activation> {
        if provider.capabilities().contains(Capability::OneSeatPerInstallation) {
            return self.settle_as_installation(provider).await;
        }
        match self.find(provider).await? {
            Found::Seat(seat) => return Ok(self.hold(*seat)),
            _ if self.open => return Err(still_open(provider)),
            Found::Nothing if !self.is_still_held(provider).await? => self.held = None,
            Found::Nothing | Found::CannotLook => {}
        }
        if let Some(seat) = &self.held {
            return Ok(seat.clone());
        }
        // Stays so when this future is dropped before the answer is here.
        self.open = true;
        let answer = provider.activate(self.request.clone()).await;
        let was_lost = answer.as_ref().is_err_and(Error::may_have_taken_effect);
        match answer {
            // Another claim may have taken the last seats for the same installation.
            Err(error) if !was_lost && !is_full(&error) => {
                self.open = false;
                Err(error)
            }
            answer => {
                let found = self.find(provider).await;
                match (answer, found) {
                    (_, Ok(Found::Seat(seat))) => Ok(self.hold(*seat)),
                    // The list does not have the new seat yet.
                    (Ok(seat), _) => Ok(self.hold(seat)),
                    (Err(error), _) if was_lost => {
                        Err(error.with_hint("a seat may be taken; settle the same claim again"))
                    }
                    (Err(error), _) => {
                        self.open = false;
                        Err(error)
                    }
                }
            }
        }
    }

    /// Asks for the installation's seat, which the vendor takes once however often it is asked.
    async fn settle_as_installation<P: LicenseProvider + ?Sized>(
        &mut self,
        provider: &P,
    ) -> Result<Activation> {
        let was_open = std::mem::replace(&mut self.open, true);
        match provider.activate(self.request.clone().installation(self.mark)).await {
            Ok(seat) => Ok(self.hold(seat)),
            Err(error) if error.may_have_taken_effect() => {
                Err(error.with_hint("a seat may be taken; settle the same claim again"))
            }
            Err(error) => {
                // What an earlier activation did, this one did not find out, unless it was told that there is no seat.
                self.open = was_open && !has_no_seat(&error);
                let says_so = self.open && error.refusal().is_none();
                Err(if says_so { error.with_may_have_taken_effect(true) } else { error })
            }
        }
    }

    fn hold(&mut self, seat: Activation) -> Activation {
        self.open = false;
        self.held = Some(seat.clone());
        seat
    }

    /// Whether the vendor accepts the seat that this claim took. A refusal of the key is reported by the activation.
    async fn is_still_held<P: LicenseProvider + ?Sized>(&self, provider: &P) -> Result<bool> {
        let Some(seat) =
            self.held.as_ref().filter(|_| provider.capabilities().contains(Capability::Validate))
        else {
            return Ok(false);
        };
        let request = ValidateRequest::new(self.request.code.clone()).activation(seat.id.clone());
        Ok(provider.validate(request).await?.is_valid())
    }

    /// Looks for the mark. Of several seats that carry it the oldest is kept.
    async fn find<P: LicenseProvider + ?Sized>(&mut self, provider: &P) -> Result<Found> {
        let Some(key) = self.key_of(provider).await? else { return Ok(Found::CannotLook) };
        let mut mine = self.mark.own_seats(provider.activations(&key).await?).into_iter();
        let Some(oldest) = mine.next() else { return Ok(Found::Nothing) };
        if provider.capabilities().contains(Capability::Deactivate) {
            for seat in mine {
                let request = DeactivateRequest::new(self.request.code.clone(), seat.id);
                // One that is gone was given back by another claim; one that stays is found the next time.
                provider.deactivate(request).await.ok();
            }
        }
        Ok(Found::Seat(Box::new(oldest)))
    }

    async fn key_of<P: LicenseProvider + ?Sized>(&mut self, provider: &P) -> Result<Option<LicenseKeyId>> {
        let capabilities = provider.capabilities();
        if !capabilities.contains(Capability::Activations) {
            return Ok(None);
        }
        if self.key.is_none() && capabilities.contains(Capability::ValidateWithoutSeat) {
            let code = &self.request.code;
            let validation = provider.validate(ValidateRequest::new(code.clone())).await?;
            let can_look = validation.is_valid() && capabilities.contains(Capability::ListAll);
            self.key = match validation.key {
                Some(key) => Some(key.id),
                None if can_look => provider.find(code).await?.map(|key| key.id),
                None => None,
            };
        }
        Ok(self.key.clone())
    }
}

impl fmt::Debug for SeatClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeatClaim")
            .field("mark", &self.mark)
            .field("key", &self.key)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

fn is_full(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.reason == RefusalReason::ActivationLimitReached)
}

/// Whether a vendor that recognises the installation says with this error that it has no seat.
fn has_no_seat(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| {
        matches!(
            refusal.reason,
            RefusalReason::ActivationLimitReached
                | RefusalReason::ActivationsNotSupported
                | RefusalReason::UnknownKey
        )
    })
}

/// What the vendor's list of activations says.
enum Found {
    Seat(Box<Activation>),
    Nothing,
    CannotLook,
}

fn still_open<P: LicenseProvider + ?Sized>(provider: &P) -> Error {
    let message = match provider.capabilities().contains(Capability::Activations) {
        true => {
            "an earlier activation may have taken a seat, which is not listed yet; nothing was sent again"
        }
        false => {
            "an earlier activation may have taken a seat, and this provider cannot look; nothing was sent again, \
             ask the seller"
        }
    };
    Error::new(ErrorKind::Conflict, message)
        .with_provider(provider.name().to_owned())
        .with_operation(Operation::Activate)
        .with_transient(true)
        .with_may_have_taken_effect(true)
}
