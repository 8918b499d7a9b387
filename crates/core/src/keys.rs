use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use futures_util::future::BoxFuture;

use crate::adapter::ErrorExt as _;
use crate::{LicenseKey, LicenseProvider, ListQuery, Page, Result, UnreadableRecord};

mod census;
mod fingerprints;
mod listing;
mod seen;
mod window;

use listing::{Listing, Turn};
use window::{Answer, Window};

/// All keys of a listing as one stream; see [`LicenseProviderExt::keys`](crate::LicenseProviderExt::keys).
///
/// It borrows the provider and needs no runtime: pages are asked for while the stream is polled, and dropping
/// it drops all requests in flight. After the end, or an error, it stays at `None`.
///
/// Several pages are in flight at once, as [`prefetch`](Self::prefetch) describes.
///
/// # Cancel safety
///
/// Safe: dropping the future of `next()` loses no key. The page that was waited for stays in flight.
#[must_use = "streams do nothing unless polled"]
pub struct Keys<'a> {
    provider: Box<dyn Source<'a> + 'a>,
    listing: Listing,
    window: Window<'a>,
}

impl Keys<'_> {
    /// How many pages are in flight at most, where [`prefetch`](Self::prefetch) does not say fewer.
    ///
    /// More would wait in the line of a client-side pacer for a good part of its deadline.
    pub const MAX_PREFETCH: usize = ListQuery::MAX_PAGES_AHEAD;

    /// Has up to `pages` pages in flight at once instead of [`MAX_PREFETCH`](Self::MAX_PREFETCH); 0 and 1 read one page
    /// at a time, and more than the maximum is the maximum.
    ///
    /// The keys, their order and the place of an error stay the same: which pages to ask for ahead is
    /// [presumed](Page::ahead), every page is still checked against the one before it, and at the first surprise the
    /// pages in flight are dropped and the listing continues from the last page that was read. A provider that names no
    /// pages ahead is read one page at a time.
    ///
    /// - **Few pages cost few requests.** The first page is requested alone, and each page that was presumed correctly
    ///   lets one more into flight: 1, 2, 4, 8, 16 round trip by round trip. A listing of one page costs one request.
    /// - **What is thrown away is bounded.** Where the vendor does not say where it ends (Dodo), up to `pages` - 1
    ///   pages past it are wasted, and never more than have been read. Where it does (Polar, memory) there are
    ///   none, unless keys come and go meanwhile.
    /// - **Memory holds `pages` pages at most**, the one whose keys are handed out included. The next ones
    ///   are asked for when its last key is taken, so a caller that stops within the first page has asked for no
    ///   other. Beside them there are about 12 bytes for each key so far (12 MB for a million), by which each is handed out
    ///   once.
    /// - **Rate limits hold.** Pages wait in the provider's pacer like any other request, but only one of them at a time
    ///   stands in its queue, and lets other callers of the same provider go first, once. A page that is given up while it
    ///   waits costs nothing.
    /// - **It fails nothing that would succeed otherwise.** A page asked for ahead that fails for a
    ///   [passing](crate::Error::is_transient) reason is asked for again when its turn has come.
    ///
    /// ```
    /// use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, LicenseProviderExt, ListQuery, Timestamp};
    /// use futures_util::TryStreamExt;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let provider = InMemoryProvider::new(Timestamp::now);
    /// for number in 0..1_000 {
    ///     provider.insert(CreateRequest::new(KeyCode::parse(&format!("KEY-{number}"))?, "cus_1", "pdt_1"))?;
    /// }
    ///
    /// let keys: Vec<_> = provider.keys(ListQuery::new()).prefetch(4).try_collect().await?;
    /// assert_eq!(keys.len(), 1_000);
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        let pages = pages.clamp(1, Self::MAX_PREFETCH);
        self.window.allow(pages);
        self.listing.query.pages_ahead = if pages > 1 { pages } else { 0 };
        self
    }

    /// Makes a record that cannot be read an error, which ends the stream in its place.
    ///
    /// Without it the stream continues, and [`unreadable`](Self::unreadable) has the record.
    pub fn strict(mut self) -> Self {
        self.listing.strict = true;
        self
    }

    /// The records so far that could not be read, each once: the stream has no key for them.
    ///
    /// Complete when the stream has ended; look here before taking what it brought for all keys.
    ///
    /// ```
    /// use anykey_core::{InMemoryProvider, LicenseProviderExt, ListQuery, Timestamp};
    /// use futures_util::TryStreamExt;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let provider = InMemoryProvider::new(Timestamp::now);
    /// let mut keys = provider.keys(ListQuery::new());
    /// while let Some(key) = keys.try_next().await? {
    ///     println!("{}", key.id);
    /// }
    /// for record in keys.unreadable() {
    ///     println!("one more, which cannot be read: {}", record.cause);
    /// }
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableRecord] {
        &self.listing.unreadable
    }
}

impl<'a> Keys<'a> {
    pub(crate) fn new<P: LicenseProvider + ?Sized>(provider: &'a P, query: ListQuery) -> Self {
        let window = Window::beginning_at(query.page.clone());
        let keys = Self { provider: Box::new(provider), listing: Listing::new(query), window };
        keys.prefetch(Self::MAX_PREFETCH)
    }

    fn ask(&mut self) {
        while let Some(page) = self.window.next_to_ask() {
            let query = ListQuery { page: page.clone(), ..self.listing.query.clone() };
            self.window.push(page, self.provider.list(query));
        }
    }

    fn read(&mut self, answer: Answer) -> Result<()> {
        let mut page = match answer.page {
            Err(error) if answer.was_ahead && error.is_transient() => {
                self.window.restart(self.listing.query.page.clone());
                return Ok(());
            }
            page => page?,
        };
        let ahead = std::mem::take(&mut page.ahead);
        let turn = self.listing.advance(page);
        match turn.map_err(|error| error.with_provider(self.provider.name().to_owned()))? {
            Turn::On => self.window.go_on(self.listing.query.page.clone(), ahead),
            Turn::Back => self.window.restart(self.listing.query.page.clone()),
            Turn::End => self.window.clear(),
        }
        Ok(())
    }
}

impl Stream for Keys<'_> {
    type Item = Result<LicenseKey>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        // The pages ahead move on while the keys of this one are handed out.
        this.window.drive(cx);
        loop {
            if let Some(key) = this.listing.ready.pop_front() {
                return Poll::Ready(Some(Ok(key)));
            }
            if let Some(error) = this.listing.failure.take() {
                return Poll::Ready(Some(Err(error.with_provider(this.provider.name().to_owned()))));
            }
            if this.listing.ended {
                return Poll::Ready(None);
            }
            this.ask();
            let Some(answer) = ready!(this.window.poll_answer(cx)) else { return Poll::Ready(None) };
            if let Err(error) = this.read(answer) {
                this.window.clear();
                this.listing.end();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("window", &self.window).finish_non_exhaustive()
    }
}

/// A provider of any size, behind one pointer.
trait Source<'a>: Send {
    fn name(&self) -> &'a str;
    fn list(&self, query: ListQuery) -> BoxFuture<'a, Result<Page<LicenseKey>>>;
}

impl<'a, P: LicenseProvider + ?Sized> Source<'a> for &'a P {
    fn name(&self) -> &'a str {
        LicenseProvider::name(*self)
    }

    fn list(&self, query: ListQuery) -> BoxFuture<'a, Result<Page<LicenseKey>>> {
        LicenseProvider::list(*self, query)
    }
}
