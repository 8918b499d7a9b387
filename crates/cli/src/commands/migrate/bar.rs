//! How far a run is, on the screen.

use std::time::Duration;

use anykey::migrate::Progress;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::context::Context;

/// A bar on stderr, where somebody looks at it.
pub(super) struct Bar {
    bar: ProgressBar,
    to_write: u64,
}

impl Bar {
    pub(super) fn new(context: &Context, to_write: u64) -> Self {
        let is_seen = context.terminal.shows_notes && !context.global.quiet;
        let target = if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(to_write), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} keys, {msg}") {
            bar.set_style(style);
        }
        Self { bar, to_write }
    }

    pub(super) fn show(&self, progress: &Progress) {
        self.bar.set_position(progress.written);
        self.bar.set_message(text(progress, self.to_write));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn text(progress: &Progress, to_write: u64) -> String {
    let left = match progress.to_go(to_write) {
        Some(left) => format!("about {} left", HumanDuration(Duration::from_secs(left.as_secs()))),
        None => "the time left is known after a minute".to_owned(),
    };
    if progress.open > 0 { format!("{left}, {} to be looked up", progress.open) } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_given_before_there_is_a_rate() {
        let burst = Progress::at(240, Duration::from_secs(6));
        assert_eq!(text(&burst, 10_000), "the time left is known after a minute");
        let steady = Progress::at(480, Duration::from_secs(120));
        assert_eq!(text(&steady, 960), "about 2 minutes left");
    }
}
