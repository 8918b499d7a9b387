//! The guard: what an installed app holds for its license.

use std::fmt;
use std::sync::Arc;

use anykey_core::{KeyCode, LicenseEvent, LicenseProvider};
use tokio::sync::watch;

use crate::inner::Inner;
use crate::{
    Access, GuardBuilder, Policy, Release, Result, SeatBackup, SeatRecord, Store, driver, keep_fresh,
};

/// The license of an installed app: its seat, its stored record, and its checks.
///
/// [`access`](Self::access) returns immediately and can be called from any thread. All other operations use the
/// network or the disk and run one at a time across all guards and processes of the installation. Clones share one
/// guard.
///
/// Operations are cancel safe: an operation can be dropped at any point, because the record is written before a
/// request that takes a seat is sent.
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
/// // The same key again takes no second seat.
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
    /// Opens a guard for the seat in `store` with `provider`. Reads the record; sends nothing.
    ///
    /// A guard always opens. An unreadable record, a directory that cannot be written or locked, or a seat of another
    /// vendor is reported in [`Access::notices`], and checks are still possible.
    ///
    /// # Errors
    ///
    /// None at present. Creating a store or an installation can fail, and so can
    /// [`GuardConfig::open`](crate::GuardConfig::open).
    pub fn open(store: impl Store, provider: Arc<dyn LicenseProvider>, policy: Policy) -> Result<Self> {
        Self::builder(store, provider).policy(policy).open()
    }

    /// A builder, for more options than [`open`](Self::open) has.
    pub fn builder(store: impl Store, provider: Arc<dyn LicenseProvider>) -> GuardBuilder {
        GuardBuilder::new(Arc::new(store), provider)
    }

    /// The current access. Does not block or allocate.
    ///
    /// Changes by another process become visible at the next operation, or within five minutes while
    /// [`keep_fresh`](Self::keep_fresh) runs.
    #[must_use]
    pub fn access(&self) -> Access {
        self.inner.access()
    }

    /// A channel that receives every change of access.
    ///
    /// Changes caused by time alone (grace begins, access ends) are sent only while [`keep_fresh`](Self::keep_fresh)
    /// runs. The channel closes when the last clone of the guard is dropped.
    ///
    /// ```
    /// # async fn show(guard: anykey_guard::Guard) {
    /// let mut changes = guard.subscribe();
    /// drop(guard); // another clone lives elsewhere in the app
    /// while changes.changed().await.is_ok() {
    ///     let access = *changes.borrow_and_update();
    ///     println!("{access}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Access> {
        self.inner.subscribe()
    }

    /// Everything that is known about the seat: the key (masked in `Debug`), the vendor's message of a refusal, the
    /// last valid check. `None` when no key was entered and no seat is left to release.
    #[must_use]
    pub fn record(&self) -> Option<SeatRecord> {
        self.inner.record()
    }

    /// The policy that the guard was opened with.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.inner.policy()
    }
}

/// Operations. They need a tokio runtime; without one, use `blocking::Guard` (feature `blocking`).
impl Guard {
    /// Activates the key `code` on this machine, or checks the activation if there is one.
    ///
    /// The same key again is a check and takes no second seat. If the answer to an earlier activation, or the record,
    /// was lost, the guard first searches the key's activations for this installation's seat, where the provider can
    /// list them. A key without seats is checked and held without an activation. If this machine holds another key,
    /// that key is [replaced](Self::replace_key).
    ///
    /// # Errors
    ///
    /// - [`Refused`](crate::GuardError::Refused) when the vendor refuses.
    /// - [`NoAnswer`](crate::GuardError::NoAnswer) when there was no answer and no seat was taken.
    /// - [`Store`](crate::GuardError::Store) when the record cannot be written or locked. Nothing is activated.
    /// - [`AnswerLost`](crate::GuardError::AnswerLost) when a seat may have been taken, which is recorded and
    ///   reported as [`Access::seat_may_be_taken`]. The next call adopts the seat or, once the vendor's list shows that
    ///   there is none, activates.
    /// - [`StillPending`](crate::GuardError::StillPending) when the next call can do neither.
    pub async fn activate(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, false).await
    }

    /// As [`activate`](Self::activate), but also activates when the answer to an earlier activation was lost: for a
    /// user who would rather risk a second seat than wait for the seller. Call it only after
    /// [`StillPending`](crate::GuardError::StillPending), and ask the user first.
    ///
    /// The record counts the lost activations in [`HeldSeat::unanswered_before`](crate::HeldSeat).
    ///
    /// # Errors
    ///
    /// The errors of [`activate`](Self::activate), except [`StillPending`](crate::GuardError::StillPending).
    pub async fn activate_once_more(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, true).await
    }

    /// Checks the key with the vendor now. A refusal is an answer, so it is `Ok` with
    /// [`AccessState::Refused`](crate::AccessState::Refused).
    ///
    /// If a key was valid before, a refusal that may be the vendor's mistake (unknown key, unknown activation, no
    /// reason) is checked once more after two seconds, before access ends. Seats that are [still to be
    /// released](crate::Notice::SeatUnreleased) are released.
    ///
    /// If only an activation is pending, searches for its seat and adopts it, where the provider can list
    /// activations. Never activates.
    ///
    /// # Errors
    ///
    /// - [`NoAnswer`](crate::GuardError::NoAnswer) when there was no answer. Access continues as before.
    /// - [`NotActivated`](crate::GuardError::NotActivated) when no key was entered.
    /// - [`OtherProvider`](crate::GuardError::OtherProvider) when the guard has no provider for the seat's vendor.
    ///   Access continues until the grace ends.
    pub async fn refresh(&self) -> Result<Access> {
        driver::refresh(&self.inner).await
    }

    /// Checks the key if a check is [due](Access::next_check), and records the time that has passed: for programs
    /// that are too short-lived for [`keep_fresh`](Self::keep_fresh). Usually it sends nothing.
    ///
    /// # Errors
    ///
    /// The errors of [`refresh`](Self::refresh), except that it does nothing when no key was entered.
    pub async fn refresh_if_due(&self) -> Result<Access> {
        driver::refresh_if_due(&self.inner).await
    }

    /// Checks the key now if `event` may concern it: for servers that receive the vendor's webhooks. An event about
    /// another key is ignored.
    ///
    /// Deliveries arrive late and in any order, so the event only triggers a check; its content is not used as the
    /// answer.
    ///
    /// # Errors
    ///
    /// The errors of [`refresh`](Self::refresh), except that it does nothing when no key was entered.
    pub async fn apply(&self, event: &LicenseEvent) -> Result<Access> {
        driver::apply(&self.inner, event).await
    }

    /// Releases the seat and forgets the key, before another machine is activated. Works for expired and revoked keys
    /// too. Having no seat is not an error.
    ///
    /// ```
    /// use anykey_guard::Release;
    ///
    /// # async fn show(guard: anykey_guard::Guard) -> anykey_guard::Result<()> {
    /// match guard.deactivate().await? {
    ///     Release::StillShared => println!("other users of this computer still use the license"),
    ///     release => println!("{release}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A seat that other users of this computer share, or may share, is [not released](Release::StillShared); see
    /// [`deactivate_for_all_users`](Self::deactivate_for_all_users).
    ///
    /// # Errors
    ///
    /// - [`NoAnswer`](crate::GuardError::NoAnswer) when there was no answer. The seat is still held; try again.
    /// - [`Refused`](crate::GuardError::Refused) when the vendor refuses the deactivation.
    /// - [`OtherProvider`](crate::GuardError::OtherProvider) when the guard has no provider for the seat's vendor.
    pub async fn deactivate(&self) -> Result<Release> {
        driver::release(&self.inner, false, false).await
    }

    /// As [`deactivate`](Self::deactivate), but releases the seat even when other users share it.
    ///
    /// # Errors
    ///
    /// The errors of [`deactivate`](Self::deactivate).
    pub async fn deactivate_for_all_users(&self) -> Result<Release> {
        driver::release(&self.inner, false, true).await
    }

    /// As [`deactivate`](Self::deactivate), but for an uninstaller, which cannot wait for the network. Without an
    /// answer, the record keeps the seat as unreleased and the result is [`WhenOnline`](Release::WhenOnline): if the
    /// app is installed again, its next check releases the seat, and entering the same key uses it again.
    ///
    /// Keep the record's directory after [`WhenOnline`](Release::WhenOnline); remove it otherwise.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::GuardError::Refused) when the vendor refuses the deactivation.
    pub async fn uninstall(&self) -> Result<Release> {
        driver::release(&self.inner, true, false).await
    }

    /// Forgets the key and the seat without a request. The vendor continues to count the seat.
    ///
    /// # Errors
    ///
    /// [`GuardError::Store`](crate::GuardError::Store) when the record cannot be removed.
    pub async fn forget(&self) -> Result<()> {
        driver::forget(&self.inner).await
    }

    /// Replaces the held key with `code`.
    ///
    /// If the vendor knows this machine's seat under the new key, the key was rotated and only the code changes. If
    /// the new key is a different valid key, it is activated and the old seat is released afterwards. If the new key
    /// is refused, the old one stays. When no key is held, this is [`activate`](Self::activate).
    ///
    /// # Errors
    ///
    /// The errors of [`activate`](Self::activate).
    pub async fn replace_key(&self, code: KeyCode) -> Result<Access> {
        driver::enter(&self.inner, code, false).await
    }

    /// Activates `code` with `provider`, then releases the current seat and uses `provider` from then on. If the
    /// activation fails, nothing changes.
    ///
    /// For an app that changes its vendor while it runs. Usually the configuration names the new vendor at the next
    /// start, and [`activate`](Self::activate) has the same effect.
    ///
    /// # Errors
    ///
    /// The errors of [`activate`](Self::activate).
    pub async fn move_to(&self, provider: Arc<dyn LicenseProvider>, code: KeyCode) -> Result<Access> {
        driver::move_to(&self.inner, provider, code).await
    }

    /// A backup of the key and seat, to store outside of this machine; `None` when no seat is held.
    #[must_use]
    pub fn backup(&self) -> Option<SeatBackup> {
        SeatBackup::of(&self.inner.record()?)
    }

    /// Restores the seat of a backup and checks it. Takes no other seat.
    ///
    /// # Errors
    ///
    /// - [`HoldsAnotherKey`](crate::GuardError::HoldsAnotherKey) when a seat of another key is held.
    /// - [`OtherProvider`](crate::GuardError::OtherProvider) when the guard has no provider for the backup's vendor.
    /// - [`NoAnswer`](crate::GuardError::NoAnswer) when the seat was restored but could not be checked yet.
    pub async fn restore(&self, backup: SeatBackup) -> Result<Access> {
        driver::restore(&self.inner, backup).await
    }

    /// Starts a background task that checks the key when a check is due, reads changes by other processes, and sends
    /// every change to all [subscribers](Self::subscribe). The task ends when the last clone of the guard is dropped.
    /// Further calls have no effect.
    ///
    /// # Errors
    ///
    /// [`Runtime`](crate::GuardError::Runtime) outside a tokio runtime.
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
