use std::fmt;
use std::sync::Arc;

use anykey_core::{KeyCode, LicenseEvent, LicenseProvider};
use tokio::sync::watch;

use crate::inner::Inner;
use crate::{
    Access, GuardBuilder, Policy, Release, Result, SeatBackup, SeatRecord, Store, driver, keep_fresh,
};

/// The license of an installed app: its seat, its record, and the checks that keep it good.
///
/// [`access`](Self::access) returns at once, at any time, from any thread. Everything else asks the vendor or
/// the disk, one operation at a time for all guards and processes of the installation. Clones are the same
/// guard.
///
/// An operation may be dropped at any point: what is sent is remembered before it is sent.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, Timestamp};
/// use anykey_guard::{Guard, Installation, MemoryStore, Policy};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let vendor = InMemoryProvider::new(Timestamp::now);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1").activation_limit(1))?;
///
/// let store = MemoryStore::new(Installation::from_identity("com.example.studio", "machine-1")?);
/// let guard = Guard::open(store, Arc::new(vendor), Policy::default())?;
/// assert!(!guard.access().is_allowed());
///
/// guard.activate(code.clone()).await?;
/// assert!(guard.access().is_allowed());
///
/// // The same key again is no second seat.
/// guard.activate(code).await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct Guard {
    inner: Arc<Inner>,
}

/// Opening, and reading the state.
impl Guard {
    /// Opens the guard of the seat that `store` keeps, at `provider`. Reads the record; sends nothing.
    ///
    /// It opens in every case. A record that cannot be read, a folder that cannot be written or locked, a seat of
    /// another vendor: what is wrong is among the [notices](Access::notices) of the access, and the vendor can be
    /// asked nevertheless.
    ///
    /// # Errors
    ///
    /// None at present. Building a store or an installation can fail, and so can
    /// [`GuardConfig::open`](crate::GuardConfig::open).
    pub fn open(store: impl Store, provider: Arc<dyn LicenseProvider>, policy: Policy) -> Result<Self> {
        Self::builder(store, provider).policy(policy).open()
    }

    /// Prepares a guard with more options than [`open`](Self::open) has.
    pub fn builder(store: impl Store, provider: Arc<dyn LicenseProvider>) -> GuardBuilder {
        GuardBuilder::new(Arc::new(store), provider)
    }

    /// What the app may do now. Neither waits nor allocates.
    ///
    /// It knows what this guard last saw: of what another process did, it learns at the next operation or
    /// while it is [kept fresh](Self::keep_fresh).
    #[must_use]
    pub fn access(&self) -> Access {
        self.inner.access()
    }

    /// Receives every change of access.
    ///
    /// Changes that come with time alone (grace begins, access ends) are sent while the guard is [kept
    /// fresh](Self::keep_fresh); without that, only those that an operation brings.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Access> {
        self.inner.subscribe()
    }

    /// Everything that is known about the seat: the key (masked in `Debug`), the vendor's own sentence behind
    /// a refusal, the last good check. `None` when there is nothing to remember.
    #[must_use]
    pub fn record(&self) -> Option<SeatRecord> {
        self.inner.record()
    }

    /// What the guard was opened with.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.inner.policy()
    }
}

/// Operations: they need a tokio runtime, or the blocking guard of the feature `blocking`.
impl Guard {
    /// Takes a seat with the key `code`, or makes sure that this machine still has it.
    ///
    /// The same key again is a check, not a second seat. If an earlier activation of this installation got
    /// lost, or its record did, the seat is looked for first wherever the provider can list activations. A
    /// key without seats is checked and held without one. When this machine holds another key, it is
    /// [replaced](Self::replace_key).
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::GuardError::Refused) when the vendor says no;
    /// [`NoAnswer`](crate::GuardError::NoAnswer) when nothing was done;
    /// [`Store`](crate::GuardError::Store) when the record cannot be written or locked: then nothing is activated.
    /// [`AnswerLost`](crate::GuardError::AnswerLost) when a seat may be taken: that is remembered, and shown
    /// as [`Access::seat_may_be_taken`]. Calling again then adopts the seat or, once the vendor's list proves that
    /// there is none, activates; [`StillPending`](crate::GuardError::StillPending) when it can do neither.
    pub async fn activate(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, false).await
    }

    /// As [`activate`](Self::activate), but an earlier activation whose answer was lost does not hinder: for a
    /// user who would rather lose a seat than wait for the seller. Call it after
    /// [`StillPending`](crate::GuardError::StillPending) only, and after asking.
    ///
    /// The record counts what may have been lost, in [`HeldSeat::unanswered_before`](crate::HeldSeat).
    ///
    /// # Errors
    ///
    /// As [`activate`](Self::activate), [`StillPending`](crate::GuardError::StillPending) excepted.
    pub async fn activate_once_more(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, true).await
    }

    /// Asks the vendor now. A refusal is an answer and comes as `Ok`; see the access.
    ///
    /// A no that may be the vendor's mistake (an unknown key or activation, or no reason given) after a yes is
    /// asked about once more, two seconds later, before access ends. Seats that are still
    /// [to be given back](crate::Notice::SeatOwed) are given back.
    ///
    /// Where only an activation is pending, looks for its seat and adopts it, if the provider can list
    /// activations. It never activates.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`](crate::GuardError::NoAnswer) when none came: access goes on as before.
    /// [`NotActivated`](crate::GuardError::NotActivated) when no key was entered;
    /// [`OtherProvider`](crate::GuardError::OtherProvider) when the seat was taken at a vendor that the guard was
    /// not given: access goes on until its grace ends.
    pub async fn refresh(&self) -> Result<Access> {
        driver::refresh(&self.inner).await
    }

    /// Asks the vendor if it is [time](Access::next_check) to, and remembers the time that has passed: for
    /// programs that run too shortly to be [kept fresh](Self::keep_fresh). Usually it sends nothing.
    ///
    /// # Errors
    ///
    /// As [`refresh`](Self::refresh), but without a key it does nothing.
    pub async fn refresh_if_due(&self) -> Result<Access> {
        driver::refresh_if_due(&self.inner).await
    }

    /// Asks the vendor now if `event` may be about the key that is held: for servers that receive the vendor's
    /// webhooks. An event about another key is ignored.
    ///
    /// Deliveries come late and in any order, so the event is a reason to ask and never the answer itself.
    ///
    /// # Errors
    ///
    /// As [`refresh`](Self::refresh), but without a key it does nothing.
    pub async fn apply(&self, event: &LicenseEvent) -> Result<Access> {
        driver::apply(&self.inner, event).await
    }

    /// Gives the seat back and forgets the key, before another machine takes over. Works for expired and revoked
    /// keys too. Nothing to give back is no error.
    ///
    /// A seat that other users of this computer share, or may share, [stays taken](Release::StillShared); see
    /// [`deactivate_for_all_users`](Self::deactivate_for_all_users).
    ///
    /// # Errors
    ///
    /// [`NoAnswer`](crate::GuardError::NoAnswer) when none came: the seat is still held, try again.
    /// [`Refused`](crate::GuardError::Refused) when the vendor does not let it go.
    pub async fn deactivate(&self) -> Result<Release> {
        driver::release(&self.inner, false, false).await
    }

    /// As [`deactivate`](Self::deactivate), also when others share the seat.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn deactivate_for_all_users(&self) -> Result<Release> {
        driver::release(&self.inner, false, true).await
    }

    /// As [`deactivate`](Self::deactivate), but for an uninstaller, which cannot wait for the network: when no
    /// answer comes, a note is kept in the record ([`WhenOnline`](Release::WhenOnline)). The seat is given back the
    /// next time that the app, installed again, checks; entering the same key then uses the seat again.
    ///
    /// Keep the record's folder when it returns that; remove it otherwise.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::GuardError::Refused) when the vendor does not let the seat go.
    pub async fn uninstall(&self) -> Result<Release> {
        driver::release(&self.inner, true, false).await
    }

    /// Forgets key and seat without asking the vendor, which goes on counting the seat.
    ///
    /// # Errors
    ///
    /// [`GuardError::Store`](crate::GuardError::Store) when the record cannot be removed.
    pub async fn forget(&self) -> Result<()> {
        driver::forget(&self.inner).await
    }

    /// Puts `code` in the place of the key that is held.
    ///
    /// When the vendor knows this machine's seat under the new key, it was rotated: only the key changes. If
    /// the new key is good but another one, a seat of it is taken and then the old one given back. When the
    /// new key is refused, the old one stays. Without a key it is as [`activate`](Self::activate).
    ///
    /// # Errors
    ///
    /// As [`activate`](Self::activate).
    pub async fn replace_key(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, false).await
    }

    /// Takes a seat of `code` at `provider`, then gives the present one back, and asks `provider` from then on. When
    /// no seat can be taken there, everything stays as it is.
    ///
    /// For an app that changes its vendor while it runs. Usually the configuration names the new vendor at the next
    /// start, and [`activate`](Self::activate) does the same.
    ///
    /// # Errors
    ///
    /// As [`activate`](Self::activate).
    pub async fn move_to(&self, provider: Arc<dyn LicenseProvider>, code: KeyCode) -> Result<Access> {
        driver::move_to(&self.inner, provider, code).await
    }

    /// Key and seat as a text to keep elsewhere; `None` when no seat is held.
    #[must_use]
    pub fn backup(&self) -> Option<SeatBackup> {
        SeatBackup::of(&self.inner.record()?)
    }

    /// Takes over the seat of a backup, without taking another one, and checks it.
    ///
    /// # Errors
    ///
    /// [`HoldsAnotherKey`](crate::GuardError::HoldsAnotherKey) when a seat of another key is held;
    /// [`OtherProvider`](crate::GuardError::OtherProvider) for the backup of a seat at a vendor that the guard was
    /// not given;
    /// [`NoAnswer`](crate::GuardError::NoAnswer) when the seat is restored but not checked yet.
    pub async fn restore(&self, backup: SeatBackup) -> Result<Access> {
        driver::restore(&self.inner, backup).await
    }

    /// Starts a background task that asks the vendor when it is time, learns what other processes did, and
    /// sends every change to all [subscribers](Self::subscribe). It ends when the last clone of the
    /// guard is dropped. Calling it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Runtime`](crate::GuardError::Runtime) outside of a tokio runtime.
    pub fn keep_fresh(&self) -> Result<()> {
        keep_fresh::start(&self.inner)
    }
}

impl Guard {
    pub(crate) fn from_inner(inner: Arc<Inner>) -> Self {
        Self { inner }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
