//! A budget that the processes of one user share through a file.

mod journal;

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anykey_core::{Clock, async_trait};
use tokio::time::{Instant, sleep};
use tracing::warn;

use self::journal::{Event, Journal};
use super::state::State;
use super::window::Availability;
use super::{BudgetUnavailable, Limit, Pacer, Place, SharedBudget, TurnId, account};

/// How long a process waits for the file. It is locked for the time that it takes to read and write a few kilobytes; a
/// longer lock is that of a process that was stopped in between.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often it is tried until then, and how often a request that waits for another process' answer looks for it.
const PERIOD: Duration = Duration::from_millis(10);

/// How many events wait for the file at most. What is beyond counts as under way for its longest duration.
const MOST_EVENTS: usize = 1_024;

/// A [`SharedBudget`] in a file.
struct FileBudget {
    path: PathBuf,
    clock: Clock,
    limits: Vec<Limit>,
    cold_after: Option<Duration>,
    /// What is not in the file yet.
    events: Mutex<Vec<Event>>,
    /// Whether the log says that the file cannot be used.
    has_warned: AtomicBool,
}

impl Pacer {
    /// A pacer with the same limits, kept together with all processes of this user that do the same with this `folder`
    /// and the same `address`, a host. It shares nothing with this one.
    ///
    /// The folder has to exist. It gets a small file for each address and set of limits, readable by its user alone:
    /// when requests began and ended, and no key or credential. The file is locked while it is read and written, and a
    /// lock ends with its process. While the file cannot be used, each process keeps the limits alone, and a warning
    /// says so once. Two accounts at one address share their limits, which is slower than it has to be.
    ///
    /// Without limits, and for limits that are longer than a day, nothing is shared.
    #[must_use]
    pub fn shared_in(&self, folder: &Path, address: &str, clock: Clock) -> Self {
        let limits = self.limits();
        if limits.is_empty() || limits.iter().any(|limit| limit.per > journal::LONGEST) {
            return self.clone();
        }
        let budget = FileBudget {
            path: folder.join(account::name(address, limits)),
            clock,
            limits: limits.to_vec(),
            cold_after: self.one_first_after(),
            events: Mutex::default(),
            has_warned: AtomicBool::new(false),
        };
        self.shared(Arc::new(budget), NonZeroU32::MIN)
    }
}

impl FileBudget {
    /// Lets `work` change the journal, after the events that were waiting. `None` while another process has the file.
    fn locked<T>(&self, work: impl FnOnce(&mut Journal, i64) -> T) -> io::Result<Option<T>> {
        let mut file = open(&self.path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let now = self.clock.now().as_millisecond();
        let mut journal = Journal::read(&String::from_utf8_lossy(&bytes), now);
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.drain(..).for_each(|event| journal.apply(event));
        drop(events);
        let result = work(&mut journal, now);
        let text = journal.write();
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        // Last, so that a process that is killed before it leaves no less than was there.
        file.set_len(u64::try_from(text.len()).unwrap_or(u64::MAX))?;
        Ok(Some(result))
    }

    /// Writes the event down now, or with the next request when another process has the file.
    fn report(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() < MOST_EVENTS {
            events.push(event);
        }
        drop(events);
        if let Err(error) = self.locked(|_, _| ()) {
            self.warn(&error);
        }
    }

    fn warn(&self, error: &io::Error) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            let path = self.path.display();
            warn!("the rate limit is not shared with other processes, since {path} cannot be used: {error}");
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Takes a place for `turn`.
    fn try_take(&self, journal: &mut Journal, now: i64, turn: TurnId, longest: Duration) -> Place {
        let instant = Instant::now();
        let mut state = State::new(self.limits.iter().copied());
        journal.replay(&mut state, now, instant);
        match state.take(instant, self.cold_after) {
            Availability::Now => {
                journal.apply(Event::Began { turn, at: now, longest });
                Place::Now
            }
            Availability::At(until) => Place::After(until.saturating_duration_since(instant).max(PERIOD)),
            Availability::AfterATurn => Place::After(PERIOD),
        }
    }
}

#[async_trait]
impl SharedBudget for FileBudget {
    async fn take(&self, turn: TurnId, longest: Duration) -> Result<Place, BudgetUnavailable> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.locked(|journal, now| self.try_take(journal, now, turn, longest)) {
                Ok(Some(place)) => return Ok(place),
                Ok(None) => sleep(PERIOD).await,
                Err(error) => {
                    self.warn(&error);
                    return Err(BudgetUnavailable);
                }
            }
        }
        Err(BudgetUnavailable)
    }

    fn began(&self, turn: TurnId, longest: Duration) {
        self.report(Event::Began { turn, at: self.now(), longest });
    }

    fn end(&self, turn: TurnId, is_answered: bool) {
        self.report(Event::Ended { turn, at: self.now(), is_answered });
    }

    fn cancel(&self, turn: TurnId) {
        self.report(Event::Cancelled { turn });
    }

    fn back_off(&self, wait: Duration) {
        let wait = i64::try_from(wait.min(journal::LONGEST).as_millis()).unwrap_or_default();
        let at = self.now();
        self.report(Event::Held { at, until: at.saturating_add(wait) });
    }
}

impl fmt::Debug for FileBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileBudget").field("path", &self.path).finish_non_exhaustive()
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
