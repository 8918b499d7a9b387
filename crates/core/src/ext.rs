use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use crate::adapter::ErrorExt as _;
use crate::{
    KeyCode, Keys, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Result, StatusChange,
};

/// What [`LicenseProviderExt::find`] has in flight: three pages at most are wasted.
const PAGES_OF_A_SEARCH: usize = 4;

/// What callers like to have on every [`LicenseProvider`]; implemented for all of them.
///
/// ```
/// use anykey_core::{
///     CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery,
///     Timestamp,
/// };
/// use futures_util::TryStreamExt;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let provider = InMemoryProvider::new(Timestamp::now);
/// for code in ["AAAA", "BBBB"] {
///     provider.create(CreateRequest::new(KeyCode::parse(code)?, "cus_1", "pdt_1")).await?;
/// }
///
/// let found = provider.find(&KeyCode::parse("BBBB")?).await?.expect("it was just created");
/// provider.disable(&found.id).await?;
///
/// let keys: Vec<_> = provider.keys(ListQuery::new()).try_collect().await?;
/// assert_eq!(keys[0].status, LicenseStatus::Active);
/// assert_eq!(keys[1].status, LicenseStatus::Disabled);
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[async_trait]
pub trait LicenseProviderExt: LicenseProvider {
    /// All keys that pass `query`, from its page on, as one stream in the vendor's order.
    ///
    /// Pages are fetched as they are needed, [several at once](Keys::prefetch) when more than one is; each key
    /// comes once, also when the listing shifts while it is read, and then perhaps later than in the vendor's
    /// order. A record that cannot be read takes no other along: see [`Keys::unreadable`] and [`Keys::strict`].
    ///
    /// The stream ends after its first error, and it is bounded. It ends with
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where the listing is not complete: the vendor repeats pages,
    /// counts more keys than it lists in three readings, or changes its keys faster than they can be listed.
    /// No key that is there all the time is missing silently, except where a vendor that reports no total orders
    /// keys with the same time of creation differently from page to page.
    fn keys(&self, query: ListQuery) -> Keys<'_> {
        Keys::new(self, query)
    }

    /// Looks for the key with exactly this code by reading the listing until it comes; `None` when it does
    /// not.
    ///
    /// No vendor offers such a search, so this reads every page in the worst case, with up to four pages in
    /// flight. To ask whether a key is good, call [`validate`](LicenseProvider::validate).
    ///
    /// # Errors
    ///
    /// As [`keys`](Self::keys); [`Unsupported`](crate::ErrorKind::Unsupported) at a vendor that lists per customer;
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where it is not among the keys that
    /// can be read and there are others.
    async fn find(&self, code: &KeyCode) -> Result<Option<LicenseKey>> {
        let mut keys = self.keys(ListQuery::new()).prefetch(PAGES_OF_A_SEARCH);
        while let Some(key) = keys.try_next().await? {
            if key.code == *code {
                return Ok(Some(key));
            }
        }
        match keys.unreadable().first() {
            Some(record) => Err(record.error().with_provider(self.name().to_owned())),
            None => Ok(None),
        }
    }

    /// Switches the key off.
    ///
    /// # Errors
    ///
    /// As [`update`](LicenseProvider::update).
    async fn disable(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.update(id, LicensePatch::new().status(StatusChange::Disable)).await
    }

    /// Puts the key in force.
    ///
    /// # Errors
    ///
    /// As [`update`](LicenseProvider::update).
    async fn enable(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.update(id, LicensePatch::new().status(StatusChange::Enable)).await
    }

    /// Withdraws the key.
    ///
    /// # Errors
    ///
    /// As [`update`](LicenseProvider::update); [`Unsupported`](crate::ErrorKind::Unsupported) where the
    /// vendor only knows *disabled* (Dodo).
    async fn revoke(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.update(id, LicensePatch::new().status(StatusChange::Revoke)).await
    }

    /// Ends the key at `at`.
    ///
    /// # Errors
    ///
    /// As [`update`](LicenseProvider::update).
    async fn set_expiry(&self, id: &LicenseKeyId, at: Timestamp) -> Result<LicenseKey> {
        self.update(id, LicensePatch::new().expiry(at)).await
    }

    /// Takes the key's own expiry away.
    ///
    /// # Errors
    ///
    /// As [`update`](LicenseProvider::update).
    async fn clear_expiry(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.update(id, LicensePatch::new().clear_expiry()).await
    }
}

impl<P: LicenseProvider + ?Sized> LicenseProviderExt for P {}
