use std::sync::Arc;

use anykey::{
    Capability, CustomerId, EmailAddress, Error, ErrorKind, ExternalCustomerId, LicenseKeyId,
    LicenseProvider, LicenseProviderExt, ListQuery, RefusalReason, Result, ValidateRequest,
};
use futures_util::TryStreamExt;

use super::needle::{Form, Match, Needle};
use super::searched::{Coverage, Found, Searched};
use crate::context::Context;
use crate::listing::{PAGES_IN_FLIGHT, Watched};
use crate::target::Target;

/// Searches the provider of `target` in the way that it allows. With `is_named`, also a text in another vendor's form is
/// sent to it.
pub(super) async fn search(context: &Context, target: Target, needle: &Needle, is_named: bool) -> Searched {
    let mut found = Vec::new();
    let (provider, coverage) = match target.open() {
        Ok(provider) => {
            let coverage = look(context, &provider, needle, is_named, &mut found).await;
            (Some(provider), coverage.unwrap_or_else(Coverage::Failed))
        }
        Err(error) => (None, Coverage::Failed(error)),
    };
    Searched { target, provider, found, coverage }
}

/// Looks for the text itself, and where that finds nothing for a customer whom the seller calls so. A text that may be a
/// code is not sent in the place of such an id unless the provider was named.
async fn look(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    needle: &Needle,
    is_named: bool,
    found: &mut Vec<Found>,
) -> Result<Coverage> {
    let coverage = look_for_text(context, provider, needle, is_named, found).await?;
    let may_be_sent = needle.form == Form::Id || (is_named && needle.form == Form::Any);
    let can_ask = provider.capabilities().contains(Capability::FilterByExternalCustomer);
    match coverage {
        Coverage::Searched(how) if found.is_empty() && may_be_sent && can_ask => {
            by_external_id(context, provider, needle, found).await?;
            Ok(Coverage::Searched(format!("{how}, and asked for the customer's external id")))
        }
        coverage => Ok(coverage),
    }
}

async fn look_for_text(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    needle: &Needle,
    is_named: bool,
    found: &mut Vec<Found>,
) -> Result<Coverage> {
    let can = |capability| provider.capabilities().contains(capability);
    match needle.form {
        Form::Email => by_address(context, provider, needle, found).await,
        Form::Id if can(Capability::Get) => {
            if let Some(key) = get(&**provider, needle).await? {
                found.push(Found { matched: Match::Id, key });
                return Ok(searched("asked for the id"));
            }
            if can(Capability::ListAll) {
                return read_listing(context, provider, ListQuery::new(), needle, found).await;
            }
            Ok(not_searched("it has no such id, and lists no keys"))
        }
        _ if can(Capability::ListAll) => {
            read_listing(context, provider, ListQuery::new(), needle, found).await
        }
        Form::Id if can(Capability::List) && can(Capability::FilterByCustomer) => {
            let query = ListQuery::new().customer(CustomerId::from(needle.text()));
            match read_listing(context, provider, query, needle, found).await {
                Ok(_) if !found.is_empty() => Ok(searched("asked for the keys of this customer")),
                Err(error) if !is_no_such_id(&error) => Err(error),
                _ => Ok(not_searched("it has no such customer, and lists no other keys")),
            }
        }
        Form::Any => ask_for_code(provider, needle, is_named, found).await,
        Form::Tail | Form::Id => Ok(not_searched("it lists no keys; with a token more may be possible")),
    }
}

/// The keys of the customer with an e-mail address. A vendor with ids of the seller's own is asked for one too, since sellers
/// put addresses into them.
async fn by_address(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    needle: &Needle,
    found: &mut Vec<Found>,
) -> Result<Coverage> {
    let can = |capability| provider.capabilities().contains(capability);
    if !can(Capability::FilterByEmail) {
        return Ok(not_searched(
            "it cannot be asked for an e-mail address, or not with this credential; look for the customer's id",
        ));
    }
    let query = ListQuery::new().customer(EmailAddress::parse(needle.text())?);
    read_of_customer(context, provider, query, Match::Email, found).await?;
    if can(Capability::FilterByExternalCustomer) {
        by_external_id(context, provider, needle, found).await?;
        return Ok(searched("asked for the e-mail address, and for it as the customer's external id"));
    }
    Ok(searched("asked for the e-mail address"))
}

/// The keys of the customer with an id of the seller's own.
async fn by_external_id(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    needle: &Needle,
    found: &mut Vec<Found>,
) -> Result<()> {
    let query = ListQuery::new().customer(ExternalCustomerId::new(needle.text()));
    read_of_customer(context, provider, query, Match::External, found).await
}

/// Adds every key of `query`, which names a customer, except those that were found before.
async fn read_of_customer(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    query: ListQuery,
    matched: Match,
    found: &mut Vec<Found>,
) -> Result<()> {
    let progress = context.progress();
    let watched = Watched::beside_others(Arc::clone(provider), Arc::clone(&progress));
    let mut keys = watched.keys(query);
    while let Some(key) = keys.try_next().await? {
        progress.key();
        if found.iter().all(|known| known.key.id != key.id) {
            found.push(Found { matched, key });
        }
    }
    // Another record may be the one that was looked for.
    match keys.unreadable().first() {
        Some(record) if found.is_empty() => Err(record.error()),
        _ => Ok(()),
    }
}

/// The key with this id; `None` when the vendor has none.
async fn get(provider: &dyn LicenseProvider, needle: &Needle) -> Result<Option<anykey::LicenseKey>> {
    match provider.get(&LicenseKeyId::from(needle.text())).await {
        Ok(key) => Ok(Some(key)),
        Err(error) if is_no_such_id(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_no_such_id(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidRequest)
}

/// Reads the listing until its end, or until the one key that can match; what was typed stays here.
async fn read_listing(
    context: &Context,
    provider: &Arc<dyn LicenseProvider>,
    query: ListQuery,
    needle: &Needle,
    found: &mut Vec<Found>,
) -> Result<Coverage> {
    let progress = context.progress();
    let watched = Watched::beside_others(Arc::clone(provider), Arc::clone(&progress));
    let mut keys = watched.keys(query).prefetch(PAGES_IN_FLIGHT);
    let mut read: u64 = 0;
    while let Some(key) = keys.try_next().await? {
        progress.key();
        read = read.saturating_add(1);
        let Some(matched) = needle.matches(&key) else { continue };
        found.push(Found { matched, key });
        if needle.is_unique(matched) {
            break;
        }
    }
    let unreadable = keys.unreadable().len();
    let plural = if read == 1 { "" } else { "s" };
    if unreadable > 0 && found.is_empty() {
        return Ok(not_searched(&format!(
            "{read} key{plural} read, and {unreadable} more could not be read"
        )));
    }
    Ok(searched(&format!("{read} key{plural} read")))
}

/// Without a listing, only the vendor knows whether it has a code.
async fn ask_for_code(
    provider: &Arc<dyn LicenseProvider>,
    needle: &Needle,
    is_named: bool,
    found: &mut Vec<Found>,
) -> Result<Coverage> {
    let can = |capability| provider.capabilities().contains(capability);
    if !can(Capability::Validate) || !can(Capability::ValidateWithoutSeat) {
        return Ok(not_searched("it lists no keys, and judges none without one of its activations"));
    }
    if !is_named && provider.key_hint(&needle.code).is_some() {
        return Ok(not_searched(
            "it lists no keys, and this is not the form of its own, so it was not sent there; name the provider to \
             have it asked",
        ));
    }
    let validation = provider.validate(ValidateRequest::new(needle.code.clone())).await?;
    let reason = validation.refusal().map(|refusal| refusal.reason);
    match (validation.key, reason) {
        (Some(key), _) => {
            found.push(Found { matched: Match::Code, key });
            Ok(searched("asked whether the key is good"))
        }
        (None, None) => Ok(not_searched(
            "it says that the key is good, and shows nothing more without a token: see `anykey validate`",
        )),
        (None, Some(RefusalReason::UnknownKey)) => {
            Ok(searched("asked whether the key is good: it is unknown"))
        }
        (None, Some(_)) => Ok(not_searched("it refuses the key, and shows nothing more without a token")),
    }
}

fn searched(how: &str) -> Coverage {
    Coverage::Searched(how.to_owned())
}

fn not_searched(why: &str) -> Coverage {
    Coverage::NotSearched(why.to_owned())
}
