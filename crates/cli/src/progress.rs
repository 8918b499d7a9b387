use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

const OF_UNKNOWN: &str = "{spinner} {human_pos} keys, {msg}, {rate}, {elapsed}";
const OF_TOTAL: &str = "{spinner} {human_pos} of {human_len} keys, {msg}, {rate}, {elapsed}";

/// How far a listing is: keys, pages, rate, and the total where the vendor sends one.
///
/// Nothing is drawn before the second page: what is quick needs no progress.
pub(crate) struct Progress {
    bar: ProgressBar,
    pages: AtomicU64,
    screen: Mutex<Option<ProgressDrawTarget>>,
}

impl Progress {
    /// Draws to stderr.
    pub(crate) fn on_stderr() -> Self {
        Self::on(Some(ProgressDrawTarget::stderr()))
    }

    /// Draws nothing.
    pub(crate) fn hidden() -> Self {
        Self::on(None)
    }

    fn on(screen: Option<ProgressDrawTarget>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self { bar, pages: AtomicU64::new(0), screen: Mutex::new(screen) }
    }

    /// One more page has come.
    pub(crate) fn page(&self, total: Option<u64>) {
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        let template = if total.is_some() { OF_TOTAL } else { OF_UNKNOWN };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _a_bar_takes_everything = write!(out, "{:.0} a second", state.per_sec());
            }));
        }
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_message(format!("page {pages}"));
        if pages == 2 {
            let screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.bar.set_draw_target(screen.unwrap_or_else(ProgressDrawTarget::hidden));
        }
        self.bar.tick();
    }

    /// One more key has been looked at.
    pub(crate) fn key(&self) {
        self.bar.inc(1);
    }

    /// Leaves the screen as it was.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("pages", &self.pages).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    fn screen() -> (InMemoryTerm, Progress) {
        let screen = InMemoryTerm::new(10, 80);
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        (screen, Progress::on(Some(target)))
    }

    #[test]
    fn a_listing_of_one_page_draws_nothing() {
        let (screen, progress) = screen();
        progress.page(Some(100));
        assert_eq!(screen.contents(), "");
    }

    #[test]
    fn keys_pages_and_total_are_shown_and_wiped_in_the_end() {
        let (screen, progress) = screen();
        progress.page(Some(250));
        (0..100).for_each(|_| progress.key());
        progress.page(Some(250));
        assert!(screen.contents().contains("100 of 250 keys, page 2, "), "{}", screen.contents());
        progress.clear();
        assert_eq!(screen.contents(), "");
    }

    #[test]
    fn without_a_total_there_is_none() {
        let (screen, progress) = screen();
        progress.page(None);
        progress.key();
        progress.page(None);
        assert!(screen.contents().contains("1 keys, page 2, "), "{}", screen.contents());
    }
}
