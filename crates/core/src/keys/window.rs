use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};

use crate::{LicenseKey, Page, PageToken, Result};

/// A page that was asked for, or why there is none.
pub(super) struct Answer {
    pub(super) page: Result<Page<LicenseKey>>,
    /// It was asked for before its turn.
    pub(super) was_ahead: bool,
}

/// The pages that are asked for and not read yet, in reading order.
pub(super) struct Window<'a> {
    most: usize,
    /// How many pages may be asked for at the moment.
    open: usize,
    /// The pages in flight and those that have arrived; the first is the one that is read next.
    asked: VecDeque<Option<PageToken>>,
    in_flight: FuturesOrdered<BoxFuture<'a, Answer>>,
    arrived: VecDeque<Answer>,
    /// The pages after those.
    to_ask: VecDeque<Option<PageToken>>,
}

impl<'a> Window<'a> {
    /// A window of one page.
    pub(super) fn beginning_at(page: Option<PageToken>) -> Self {
        Self {
            most: 1,
            open: 1,
            asked: VecDeque::new(),
            in_flight: FuturesOrdered::new(),
            arrived: VecDeque::new(),
            to_ask: VecDeque::from([page]),
        }
    }

    pub(super) fn allow(&mut self, most: usize) {
        self.most = most;
        self.open = self.open.min(most);
    }

    pub(super) fn next_to_ask(&mut self) -> Option<Option<PageToken>> {
        (self.asked.len() < self.open).then(|| self.to_ask.pop_front()).flatten()
    }

    pub(super) fn push(&mut self, page: Option<PageToken>, list: BoxFuture<'a, Result<Page<LicenseKey>>>) {
        let was_ahead = !self.asked.is_empty();
        self.asked.push_back(page);
        self.in_flight.push_back(list.map(move |page| Answer { page, was_ahead }).boxed());
    }

    /// Lets everything in flight move on.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(answer)) = self.in_flight.poll_next_unpin(cx) {
            self.arrived.push_back(answer);
        }
    }

    /// The next page in reading order; `None` when nothing is asked for.
    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Option<Answer>> {
        self.drive(cx);
        if self.asked.is_empty() {
            return Poll::Ready(None);
        }
        let Some(answer) = self.arrived.pop_front() else { return Poll::Pending };
        self.asked.pop_front();
        Poll::Ready(Some(answer))
    }

    /// The listing continues at `page`, and then presumably as the last page read says.
    pub(super) fn go_on(&mut self, page: Option<PageToken>, ahead: Vec<PageToken>) {
        if self.asked.front().is_some_and(|asked| *asked != page) {
            return self.restart(page);
        }
        let is_presumed = page.is_some() && ahead.first() == page.as_ref();
        self.open = if is_presumed { self.open.saturating_add(1).min(self.most) } else { 1 };
        self.to_ask.clear();
        let mut ahead = ahead.into_iter().map(Some);
        if is_presumed && self.asked.iter().all(|asked| ahead.next().as_ref() == Some(asked)) {
            self.to_ask.extend(ahead);
        } else if self.asked.is_empty() {
            self.to_ask.push_back(page);
        }
    }

    /// Goes on at `page` alone, with nothing presumed.
    pub(super) fn restart(&mut self, page: Option<PageToken>) {
        self.clear();
        self.to_ask.push_back(page);
    }

    /// Drops all requests.
    pub(super) fn clear(&mut self) {
        self.open = 1;
        self.asked.clear();
        self.in_flight.clear();
        self.arrived.clear();
        self.to_ask.clear();
    }
}

impl fmt::Debug for Window<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("most", &self.most)
            .field("open", &self.open)
            .field("in_flight", &self.in_flight.len())
            .field("arrived", &self.arrived.len())
            .finish_non_exhaustive()
    }
}
