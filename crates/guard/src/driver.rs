//! Runs operations: executes the commands that [`Seat::step`] returns.
//!
//! The rules are in [`machine`](crate::machine); this module has the I/O. An operation is a loop: a step, a write of
//! the record, a request.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capability, DeactivateRequest, Error, ErrorKind,
    InstallationMark, KeyCode, LicenseEvent, LicenseProvider, RenewRequest, SignedDuration, ValidateRequest,
    Validation,
};
use tokio::time::{Instant, sleep};

use crate::answer::AnswerTime;
use crate::clock::plus;
use crate::inner::Inner;
use crate::machine::{Answered, Command, Context, Done, Event, Failure, Request, Seat};
use crate::providers::Providers;
use crate::record::ProofSubject;
use crate::session::Session;
use crate::{Access, HeldProof, Release, Result, SeatBackup, SeatRecord, lookup};

/// How far the clock may drift from the monotonic clock during a request.
const DRIFT: SignedDuration = SignedDuration::from_mins(1);

/// Activates `code` with the current provider, or checks the seat that is held for it.
pub(crate) async fn enter(inner: &Arc<Inner>, code: KeyCode, accept_second_seat: bool) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Enter { code, accept_second_seat }).await?;
    Ok(inner.access())
}

/// Activates `code` with `provider`, which becomes the current provider if that succeeds.
pub(crate) async fn move_to(
    inner: &Arc<Inner>,
    provider: Arc<dyn LicenseProvider>,
    code: KeyCode,
) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    session.providers = Arc::new(session.providers.with_current(provider));
    run(&mut session, Request::Enter { code, accept_second_seat: false }).await?;
    inner.set_providers(session.providers.clone());
    Ok(inner.access())
}

/// Checks the held seat now.
///
/// # Errors
///
/// The store's error when the record cannot be read: a check could not decide what to check.
pub(crate) async fn refresh(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    session.is_readable()?;
    run(&mut session, Request::Check).await?;
    Ok(inner.access())
}

/// As [`refresh`], unless the check is not due: another process may have checked meanwhile. The time that has passed
/// is recorded in both cases.
pub(crate) async fn refresh_if_due(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    if session.record.next_check.is_some_and(|at| inner.is_due(at)) {
        run(&mut session, Request::Check).await?;
    } else if inner.has_unsaved(inner.seen()) {
        session.save().await;
    }
    Ok(inner.access())
}

/// As [`refresh`], if `event` may concern this seat.
pub(crate) async fn apply(inner: &Arc<Inner>, event: &LicenseEvent) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    if concerns(event, &session.record, &session.providers) {
        run(&mut session, Request::Check).await?;
    }
    Ok(inner.access())
}

/// Releases the seat. With `later`, a seat without an answer is recorded as unreleased; with `all_users`, also one
/// that others share.
pub(crate) async fn release(inner: &Arc<Inner>, later: bool, all_users: bool) -> Result<Release> {
    let mut session = Session::begin(inner).await?;
    match run(&mut session, Request::Release { later, all_users }).await? {
        Done::Released(release) => Ok(release),
        Done::Checked => Ok(Release::NothingHeld),
    }
}

/// Removes the record without a request.
///
/// # Errors
///
/// The store's error when the record is still there.
pub(crate) async fn forget(inner: &Arc<Inner>) -> Result<()> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Forget).await?;
    session.written()
}

/// Holds the seat of a backup and checks it.
pub(crate) async fn restore(inner: &Arc<Inner>, backup: SeatBackup) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Restore(Box::new(backup))).await?;
    Ok(inner.access())
}

/// Runs one operation. The record is written before each command is executed; an activation is sent only if that
/// succeeded.
async fn run(session: &mut Session, request: Request) -> Result<Done> {
    let inner = session.inner.clone();
    let parts = inner.parts();
    let info = session.providers.info();
    let mut seat = Seat::new(session.record.clone());
    let mut event = Event::Asked(request);
    loop {
        let context = Context {
            seen: inner.seen(),
            policy: inner.policy(),
            providers: &info,
            device: &parts.device,
            user: parts.stored.store.installation().user(),
        };
        let is_answer = matches!(event, Event::Validated(_) | Event::Activated(_));
        let (stepped, command) = seat.step(event, &context);
        seat = stepped;
        let must_be_written = matches!(command, Command::Activate { .. });
        let awaited = must_be_written.then(|| inner.await_activation());
        let is_written = session.keep(&seat.record, is_answer, must_be_written).await;
        event = match command {
            Command::Activate { .. } if !is_written => Event::NotWritten,
            Command::Done(Ok(done)) => return Ok(done),
            Command::Done(Err(Failure::Guard(error))) => return Err(error),
            Command::Done(Err(Failure::NotWritten)) => return Err(session.not_written()),
            command => execute(command, &session.providers, &inner).await,
        };
        if let Some(awaited) = awaited {
            awaited.answered();
        }
    }
}

/// Sends the request of a command and returns its result, with the time at which the answer arrived.
async fn execute(command: Command, providers: &Providers, inner: &Inner) -> Event {
    let began = (inner.clock_now(), Instant::now());
    let at = || {
        let waited = SignedDuration::try_from(began.1.elapsed()).unwrap_or(SignedDuration::MAX);
        AnswerTime { clock: inner.clock_now(), latest: plus(plus(began.0, waited), DRIFT) }
    };
    match command {
        Command::Validate { at: index, code, activation } => {
            let mark = inner.parts().stored.store.installation().mark();
            let (outcome, proof) = match providers.get(index) {
                Some(provider) => validate(&**provider, code, activation, mark).await,
                None => (Err(no_provider()), None),
            };
            Event::Validated(Answered { outcome: outcome.map(Box::new), proof, at: at() })
        }
        Command::Activate { at: index, code, label } => {
            let mark = inner.parts().stored.store.installation().mark();
            let (outcome, proof) = match providers.get(index) {
                Some(provider) => activate(&**provider, ActivateRequest::new(code, label), mark).await,
                None => (Err(no_provider()), None),
            };
            Event::Activated(Answered { outcome, proof, at: at() })
        }
        Command::Renew { at, code, activation } => Event::Renewed(match providers.get(at) {
            Some(provider) => provider.renew(RenewRequest::new(code, activation)).await,
            None => Err(no_provider()),
        }),
        Command::List { at, code } => Event::Listed(match providers.get(at) {
            Some(provider) => lookup::list(&**provider, &code).await,
            None => Err(no_provider()),
        }),
        Command::Deactivate { at, code, activation } => Event::Deactivated(match providers.get(at) {
            Some(provider) => provider.deactivate(DeactivateRequest::new(code, activation)).await,
            None => Err(no_provider()),
        }),
        Command::Wait(time) => {
            sleep(time).await;
            Event::Waited
        }
        Command::Done(_) => Event::Waited,
    }
}

/// Validates with the vendor's proof, where it has one. A proof that does not verify is worth nothing, and no fault of
/// the user's.
async fn validate(
    provider: &dyn LicenseProvider,
    code: KeyCode,
    activation: Option<ActivationId>,
    mark: InstallationMark,
) -> (Result<Validation, Error>, Option<HeldProof>) {
    let mut request = ValidateRequest::new(code.clone());
    request.activation.clone_from(&activation);
    request.offline_proof = provider.capabilities().contains(Capability::OfflineProof);
    let mut outcome = provider.validate(request).await;
    let proof = outcome.as_mut().ok().and_then(|validation| validation.proof.take());
    let subject = ProofSubject { code: &code, activation: activation.as_ref(), mark };
    let proof = proof.and_then(|proof| HeldProof::verified(provider, subject, proof));
    (outcome, proof)
}

/// Activates as the installation `mark` and with the vendor's proof, as far as `provider` can.
async fn activate(
    provider: &dyn LicenseProvider,
    mut request: ActivateRequest,
    mark: InstallationMark,
) -> (Result<Activation, Error>, Option<HeldProof>) {
    let capabilities = provider.capabilities();
    request.offline_proof = capabilities.contains(Capability::OfflineProof);
    request.installation = capabilities.contains(Capability::OneSeatPerInstallation).then_some(mark);
    let code = request.code.clone();
    let mut outcome = provider.activate(request).await;
    let taken = outcome.as_mut().ok().and_then(|seat| Some((seat.proof.take()?, seat.id.clone())));
    let proof = taken.and_then(|(proof, seat)| {
        let subject = ProofSubject { code: &code, activation: Some(&seat), mark };
        HeldProof::verified(provider, subject, proof)
    });
    (outcome, proof)
}

/// Whether `event` may concern the seat. An event without a key is about a purchase or a customer, which may be the
/// seat's.
fn concerns(event: &LicenseEvent, record: &SeatRecord, providers: &Providers) -> bool {
    let issuer = match (&record.held, &record.pending) {
        (Some(held), _) => &held.issuer,
        (None, Some(pending)) => &pending.issuer,
        (None, None) => return false,
    };
    let mut info = providers.info().into_iter().map(|info| info.issuer);
    if !info.any(|one| *one.name == *event.provider && one.is_same_account(issuer)) {
        return false;
    }
    match record.held.as_ref().and_then(|held| held.key_id.as_ref()) {
        Some(own) => {
            event.granted_keys.is_some() || event.key_id.is_none() || event.key_ids().any(|id| id == own)
        }
        None => true,
    }
}

fn no_provider() -> Error {
    Error::new(ErrorKind::Config, "the guard has no provider")
}
