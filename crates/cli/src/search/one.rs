use std::sync::Arc;

use anykey::{
    Capability, CustomerId, EmailAddress, Error, ErrorKind, ExternalCustomerId, LicenseKey, LicenseKeyId,
    LicenseProvider, LicenseProviderExt, ListQuery, RefusalReason, Result, ValidateRequest,
};
use futures_util::TryStreamExt;

use super::needle::{Form, Match, Needle};
use super::searched::{Coverage, Found, Searched};
use crate::context::Context;
use crate::listing::Watched;
use crate::target::Target;

/// A search ends where the key is found, and the pages that are in flight then are wasted.
const PAGES_OF_A_SEARCH: usize = 4;

/// Searches the provider of `target` in the way that it allows. With `is_named`, also a text in another vendor's form
/// is sent to it.
pub(super) async fn search(context: &Context, target: Target, needle: &Needle, is_named: bool) -> Searched {
    match target.open() {
        Ok(provider) => {
            let mut search = Search { context, provider, needle, is_named, found: Vec::new() };
            let coverage = search.run().await.unwrap_or_else(Coverage::Failed);
            Searched { target, provider: Some(search.provider), found: search.found, coverage }
        }
        Err(error) => {
            Searched { target, provider: None, found: Vec::new(), coverage: Coverage::Failed(error) }
        }
    }
}

/// A search at one provider.
struct Search<'a> {
    context: &'a Context,
    provider: Arc<dyn LicenseProvider>,
    needle: &'a Needle,
    is_named: bool,
    found: Vec<Found>,
}

impl Search<'_> {
    /// Looks for the text itself, and where that finds nothing for a customer whom the seller calls so. A text that may
    /// be a code is not sent in the place of such an id unless the provider was named.
    async fn run(&mut self) -> Result<Coverage> {
        if self.needle.form == Form::Email {
            return self.by_address().await;
        }
        let coverage = self.by_text().await?;
        let form = self.needle.form;
        let may_be_sent = form == Form::Id || (self.is_named && form == Form::Any);
        match coverage {
            Coverage::Searched(how)
                if self.found.is_empty() && may_be_sent && self.can(Capability::FilterByExternalCustomer) =>
            {
                let asked = self.by_external_id().await?;
                Ok(asked.described(format!("{how}, and asked for the customer's external id")))
            }
            coverage => Ok(coverage),
        }
    }

    fn can(&self, capability: Capability) -> bool {
        self.provider.capabilities().contains(capability)
    }

    async fn by_text(&mut self) -> Result<Coverage> {
        match self.needle.form {
            Form::Id if self.can(Capability::Get) => {
                if let Some(key) = self.get().await? {
                    self.found.push(Found { matched: Match::Id, key });
                    return Ok(searched("asked for the id"));
                }
                if self.can(Capability::ListAll) {
                    return self.compare(ListQuery::new()).await;
                }
                Ok(not_searched("it has no such id, and lists no keys"))
            }
            _ if self.can(Capability::ListAll) => self.compare(ListQuery::new()).await,
            Form::Id if self.can(Capability::List) && self.can(Capability::FilterByCustomer) => {
                let query = ListQuery::new().customer(CustomerId::from(self.needle.text()));
                match self.compare(query).await {
                    Ok(_) if !self.found.is_empty() => Ok(searched("asked for the keys of this customer")),
                    Err(error) if !is_no_such_id(&error) => Err(error),
                    _ => Ok(not_searched("it has no such customer, and lists no other keys")),
                }
            }
            Form::Any => self.ask_for_code().await,
            Form::Tail | Form::Id | Form::Email => {
                Ok(not_searched("it lists no keys; with a token more may be possible"))
            }
        }
    }

    /// The keys of the customer with an e-mail address. Sellers put addresses into their own ids of customers, so they
    /// are looked for there as well.
    async fn by_address(&mut self) -> Result<Coverage> {
        if !self.can(Capability::FilterByEmail) {
            return Ok(not_searched(
                "it cannot be asked for an e-mail address, or not with this credential; look for the customer's id",
            ));
        }
        let query = ListQuery::new().customer(EmailAddress::parse(self.needle.text())?);
        let asked = self.read(query, |_| Some(Match::Email)).await?;
        if !self.can(Capability::FilterByExternalCustomer) {
            return Ok(asked.described("asked for the e-mail address"));
        }
        let asked = self.by_external_id().await?;
        Ok(asked.described("asked for the e-mail address, and for it as the customer's external id"))
    }

    /// The keys of the customer with an id of the seller's own.
    async fn by_external_id(&mut self) -> Result<Coverage> {
        let query = ListQuery::new().customer(ExternalCustomerId::new(self.needle.text()));
        self.read(query, |_| Some(Match::External)).await
    }

    /// The key with this id; `None` when the vendor has none.
    async fn get(&self) -> Result<Option<LicenseKey>> {
        match self.provider.get(&LicenseKeyId::from(self.needle.text())).await {
            Ok(key) => Ok(Some(key)),
            Err(error) if is_no_such_id(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The keys of `query` that match the text, which stays here.
    async fn compare(&mut self, query: ListQuery) -> Result<Coverage> {
        let needle = self.needle;
        self.read(query, |key| needle.matches(key)).await
    }

    /// Reads the listing until its end, or until the one key that can match.
    async fn read(
        &mut self,
        query: ListQuery,
        matches: impl Fn(&LicenseKey) -> Option<Match>,
    ) -> Result<Coverage> {
        let progress = self.context.progress();
        let watched = Watched::beside_others(Arc::clone(&self.provider), Arc::clone(&progress));
        let mut keys = watched.keys(query).prefetch(PAGES_OF_A_SEARCH);
        let mut read: u64 = 0;
        while let Some(key) = keys.try_next().await? {
            progress.key();
            read = read.saturating_add(1);
            let Some(matched) = matches(&key) else { continue };
            if self.found.iter().all(|known| known.key.id != key.id) {
                self.found.push(Found { matched, key });
            }
            if self.needle.is_unique(matched) {
                break;
            }
        }
        let unreadable = keys.unreadable().len();
        let plural = if read == 1 { "" } else { "s" };
        if unreadable > 0 && self.found.is_empty() {
            return Ok(not_searched(&format!(
                "{read} key{plural} read, and {unreadable} more could not be read"
            )));
        }
        Ok(searched(&format!("{read} key{plural} read")))
    }

    /// Without a listing, only the vendor knows whether it has a code.
    async fn ask_for_code(&mut self) -> Result<Coverage> {
        if !self.can(Capability::Validate) || !self.can(Capability::ValidateWithoutSeat) {
            return Ok(not_searched("it lists no keys, and judges none without one of its activations"));
        }
        if !self.is_named && self.provider.key_hint(&self.needle.code).is_some() {
            return Ok(not_searched(
                "it lists no keys, and this is not the form of its own, so it was not sent there; name the provider to \
                 have it asked",
            ));
        }
        let validation = self.provider.validate(ValidateRequest::new(self.needle.code.clone())).await?;
        let reason = validation.refusal().map(|refusal| refusal.reason);
        match (validation.key, reason) {
            (Some(key), _) => {
                self.found.push(Found { matched: Match::Code, key });
                Ok(searched("asked whether the key is good"))
            }
            (None, None) => Ok(not_searched(
                "it says that the key is good, and shows nothing more without a token: see `anykey validate`",
            )),
            (None, Some(RefusalReason::UnknownKey)) => {
                Ok(searched("asked whether the key is good: it is unknown"))
            }
            (None, Some(reason)) => Ok(not_searched(&format!(
                "it refuses the key: {reason}; without a token it shows nothing more"
            ))),
        }
    }
}

fn is_no_such_id(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidRequest)
}

fn searched(how: &str) -> Coverage {
    Coverage::Searched(how.to_owned())
}

fn not_searched(why: &str) -> Coverage {
    Coverage::NotSearched(why.to_owned())
}
