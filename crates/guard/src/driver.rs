//! Carries out what [`Seat::step`] commands.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, DeactivateRequest, Error, ErrorKind, KeyCode, LicenseEvent, LicenseProvider,
    SignedDuration, ValidateRequest,
};
use tokio::time::{Instant, sleep};

use crate::answer::AnswerTime;
use crate::clock::plus;
use crate::inner::Inner;
use crate::machine::{Answered, Command, Context, Done, Event, Failure, Request, Seat};
use crate::providers::Providers;
use crate::session::Session;
use crate::{Access, Release, Result, SeatBackup, SeatRecord, lookup};

/// How much the clock may differ from the monotonic one while an answer is awaited.
const DRIFT: SignedDuration = SignedDuration::from_mins(1);

pub(crate) async fn enter(inner: &Arc<Inner>, code: KeyCode, insists: bool) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Enter { code, insists }).await?;
    Ok(inner.access())
}

/// Enters `code` at `provider`, which becomes the current one if it gives a seat.
pub(crate) async fn move_to(
    inner: &Arc<Inner>,
    provider: Arc<dyn LicenseProvider>,
    code: KeyCode,
) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    session.providers = Arc::new(session.providers.behind(provider));
    run(&mut session, Request::Enter { code, insists: false }).await?;
    inner.set_providers(session.providers.clone());
    Ok(inner.access())
}

pub(crate) async fn refresh(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    session.is_readable()?;
    run(&mut session, Request::Check).await?;
    Ok(inner.access())
}

/// As [`refresh`], unless it is too early: another process may have asked by now. The time that has passed is
/// remembered either way.
pub(crate) async fn refresh_if_due(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    if session.record.next_check.is_some_and(|at| inner.is_due(at)) {
        run(&mut session, Request::Check).await?;
    } else if inner.has_unsaved(inner.seen()) {
        session.save().await;
    }
    Ok(inner.access())
}

/// As [`refresh`], if `event` may be about this seat.
pub(crate) async fn apply(inner: &Arc<Inner>, event: &LicenseEvent) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    if concerns(event, &session.record, &session.providers) {
        run(&mut session, Request::Check).await?;
    }
    Ok(inner.access())
}

pub(crate) async fn release(inner: &Arc<Inner>, later: bool, all_users: bool) -> Result<Release> {
    let mut session = Session::begin(inner).await?;
    match run(&mut session, Request::Release { later, all_users }).await? {
        Done::Released(release) => Ok(release),
        Done::Checked => Ok(Release::NothingHeld),
    }
}

pub(crate) async fn forget(inner: &Arc<Inner>) -> Result<()> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Forget).await?;
    session.written()
}

pub(crate) async fn restore(inner: &Arc<Inner>, backup: SeatBackup) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    run(&mut session, Request::Restore(Box::new(backup))).await?;
    Ok(inner.access())
}

/// Carries out one operation. The record is written before each command; an activation is sent only then.
async fn run(session: &mut Session, request: Request) -> Result<Done> {
    let inner = session.inner.clone();
    let parts = inner.parts();
    let reach = session.providers.reach();
    let mut seat = Seat::new(session.record.clone());
    let mut event = Event::Asked(request);
    loop {
        let context = Context {
            seen: inner.seen(),
            policy: inner.policy(),
            providers: &reach,
            device: &parts.device,
            user: parts.stored.store.installation().user(),
        };
        let is_answer = matches!(event, Event::Validated(_) | Event::Activated(_));
        let (stepped, command) = seat.step(event, &context);
        seat = stepped;
        let must_be_written = matches!(command, Command::Activate { .. });
        let is_written = session.keep(&seat.record, is_answer, must_be_written).await;
        event = match command {
            Command::Activate { .. } if !is_written => Event::NotWritten,
            Command::Done(Ok(done)) => return Ok(done),
            Command::Done(Err(Failure::Guard(error))) => return Err(error),
            Command::Done(Err(Failure::NotWritten)) => return Err(session.not_written()),
            command => carry_out(command, &session.providers, &inner).await,
        };
    }
}

async fn carry_out(command: Command, providers: &Providers, inner: &Inner) -> Event {
    let began = (inner.clock_now(), Instant::now());
    let at = || {
        let waited = SignedDuration::try_from(began.1.elapsed()).unwrap_or(SignedDuration::MAX);
        AnswerTime { clock: inner.clock_now(), latest: plus(plus(began.0, waited), DRIFT) }
    };
    match command {
        Command::Validate { at: place, code, activation } => {
            let mut request = ValidateRequest::new(code);
            request.activation = activation;
            let outcome = match providers.get(place) {
                Some(provider) => provider.validate(request).await,
                None => Err(no_provider()),
            };
            Event::Validated(Answered { outcome: outcome.map(Box::new), at: at() })
        }
        Command::Activate { at: place, code, label } => {
            let outcome = match providers.get(place) {
                Some(provider) => provider.activate(ActivateRequest::new(code, label)).await,
                None => Err(no_provider()),
            };
            Event::Activated(Answered { outcome, at: at() })
        }
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

/// Whether `event` may be about the seat. One that names no key is about a purchase or a customer, which may be
/// this seat's.
fn concerns(event: &LicenseEvent, record: &SeatRecord, providers: &Providers) -> bool {
    let issuer = match (&record.held, &record.pending) {
        (Some(held), _) => &held.issuer,
        (None, Some(pending)) => &pending.issuer,
        (None, None) => return false,
    };
    let mut reach = providers.reach().into_iter().map(|reach| reach.issuer);
    if !reach.any(|one| *one.name == *event.provider && one.is_same_place(issuer)) {
        return false;
    }
    match record.held.as_ref().and_then(|held| held.key_id.as_ref()) {
        Some(own) => event.granted_keys.is_some() || event.key_id.as_ref().is_none_or(|id| id == own),
        None => true,
    }
}

fn no_provider() -> Error {
    Error::new(ErrorKind::Config, "there is no provider to ask")
}
