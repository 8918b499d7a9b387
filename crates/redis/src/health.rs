//! Whether the server can be used, so that an outage costs one short wait now and then, and one line in the log.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

/// How long nothing is sent after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// What is known of the server.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Until when nothing is sent; `None` while the server answers.
    paused_until: Mutex<Option<Instant>>,
}

impl Health {
    /// Whether a command may be sent. During an outage, one caller after each pause may.
    pub(crate) fn may_try(&self) -> bool {
        let now = Instant::now();
        let mut paused_until = self.lock();
        match *paused_until {
            Some(until) if until > now => false,
            Some(_) => {
                *paused_until = Some(now + PAUSE);
                true
            }
            None => true,
        }
    }

    pub(crate) fn succeeded(&self) {
        if self.lock().take().is_some() {
            info!("Redis answers again");
        }
    }

    /// Logs the first failure of an outage.
    pub(crate) fn failed(&self, error: &(dyn std::error::Error + 'static)) {
        let is_first = self.lock().replace(Instant::now() + PAUSE).is_none();
        if is_first {
            warn!(error, "Redis cannot be used; each process goes on alone until it answers again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.paused_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{pipe, read_to_string};

    use tracing::subscriber::with_default;

    use super::*;

    #[test]
    fn an_outage_is_two_lines_in_the_log() {
        let (log, writer) = pipe().unwrap();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(writer));
        with_default(subscriber.finish(), || {
            let health = Health::default();
            health.succeeded();
            for _ in 0..3 {
                health.failed(&std::io::Error::other("it is away"));
            }
            assert!(!health.may_try());
            health.succeeded();
            health.succeeded();
        });
        let log = read_to_string(log).unwrap();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(lines[0].contains("WARN") && lines[0].contains("it is away"), "{log}");
        assert!(lines[1].contains("INFO") && lines[1].contains("Redis answers again"), "{log}");
    }
}
