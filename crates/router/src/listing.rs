//! The listings of all providers as one.
//!
//! The listings are read one after the other. A page never has keys of two providers, so its token names one provider
//! and that one's own token.

use std::sync::Arc;

use anykey_core::adapter::{ErrorExt as _, Requirements as _, check_against};
use anykey_core::{
    Capability, CustomerRef, Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, ProductId,
    Result,
};
use futures_util::future::join_all;

use crate::inner::Inner;
use crate::position::Position;
use crate::target::Target;

/// What errors and traces are about.
const OPERATION: Operation = Operation::List;

/// The listing of one provider, as a part of the joined one.
struct Part {
    /// The provider.
    target: Arc<Target>,
    /// In the vendor's own ids, without a page.
    query: ListQuery,
}

/// Where the next provider's part begins.
struct Following {
    /// The token of its first page.
    token: PageToken,
    /// Whether keys are left in it or in those after it, as far as the totals say.
    brings_keys: bool,
}

impl Inner {
    /// One page of one provider; after its last one comes the first of the next. Providers without any key are skipped,
    /// so that no page is empty for that reason.
    pub(crate) async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let parts = self.parts(&query)?;
        let Some(first) = parts.first() else { return Ok(Page::last(Vec::new()).with_total(0)) };
        let mut position = match &query.page {
            Some(token) => self.position(token)?,
            None => Position { target: Arc::clone(&first.target), totals: None, page: None },
        };
        let mut listed = Vec::new();
        let (mut number, page) = loop {
            let (number, part) = self.part(&parts, &position)?;
            self.note_request(&part.target, OPERATION, "list");
            let mut query = part.query.clone();
            query.page.clone_from(&position.page);
            let page = part.target.provider.list(query).await?;
            listed.push(page.total);
            let is_empty = position.page.is_none()
                && page.next.is_none()
                && page.items.is_empty()
                && page.unreadable.is_empty();
            match parts.get(number.saturating_add(1)) {
                Some(next) if is_empty => {
                    set_total(&mut position.totals, number, page.total);
                    position.target = Arc::clone(&next.target);
                }
                _ => break (number, page),
            }
        };
        if query.page.is_none() {
            position.totals = self.totals(&parts, listed).await;
        }
        set_total(&mut position.totals, number, page.total);
        number = number.saturating_add(1);
        let following = parts.get(number).map(|next| {
            let brings_keys = position
                .totals
                .as_ref()
                .is_none_or(|totals| totals.iter().skip(number).any(|total| *total > 0));
            let start =
                Position { target: Arc::clone(&next.target), totals: position.totals.clone(), page: None };
            Following { token: start.token(&self.name), brings_keys }
        });
        Ok(self.named_page(page, &position, following, query.pages_ahead))
    }

    /// Gives a page of one provider the form of this router's.
    fn named_page(
        &self,
        page: Page<LicenseKey>,
        position: &Position,
        following: Option<Following>,
        pages_ahead: usize,
    ) -> Page<LicenseKey> {
        let target = &position.target;
        let token = |page: PageToken| Position { page: Some(page), ..position.clone() }.token(&self.name);
        let mut page = page.map_tokens(token);
        page.items = std::mem::take(&mut page.items).into_iter().map(|key| target.key(key)).collect();
        let unreadable = std::mem::take(&mut page.unreadable).into_iter();
        page.unreadable = unreadable.map(|record| target.unreadable(record)).collect();
        page.total = position
            .totals
            .as_ref()
            .map(|totals| totals.iter().fold(0, |sum: u64, one| sum.saturating_add(*one)));
        if page.next.is_none() {
            page.overlap = None;
            let brings_keys = following.as_ref().is_some_and(|following| following.brings_keys);
            page.next = following.map(|following| following.token);
            page.ahead = page.next.iter().filter(|_| brings_keys).take(pages_ahead).cloned().collect();
        }
        page
    }

    /// The part that a position is in, and its number.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the query does not lead to this provider: the token was made with other filters.
    fn part<'a>(&self, parts: &'a [Part], position: &Position) -> Result<(usize, &'a Part)> {
        let found = parts.iter().enumerate().find(|(_, part)| Arc::ptr_eq(&part.target, &position.target));
        let fits = position.totals.as_ref().is_none_or(|totals| totals.len() == parts.len());
        found.filter(|_| fits).ok_or_else(|| {
            self.error(
                ErrorKind::InvalidRequest,
                OPERATION,
                "the page token belongs to a listing with other filters",
            )
        })
    }

    /// How many keys each provider lists, after the first ones have been `listed`; `None` when one of them does not
    /// report it.
    async fn totals(&self, parts: &[Part], listed: Vec<Option<u64>>) -> Option<Vec<u64>> {
        let mut totals = listed.into_iter().collect::<Option<Vec<u64>>>()?;
        let others = parts.iter().skip(totals.len()).map(|part| async move {
            self.note_request(&part.target, OPERATION, "total");
            let mut query = part.query.clone().page_size(1);
            query.pages_ahead = 0;
            // Without a total now, its failure shows when it is listed.
            part.target.provider.list(query).await.ok()?.total
        });
        totals.extend(join_all(others).await.into_iter().collect::<Option<Vec<u64>>>()?);
        Some(totals)
    }

    /// What the query asks of which provider, in the order of the listing.
    fn parts(&self, query: &ListQuery) -> Result<Vec<Part>> {
        if query.customer.is_none() {
            let lists_all = |target: &&Arc<Target>| {
                [Capability::List, Capability::ListAll].iter().all(|one| target.capabilities().contains(*one))
            };
            if let Some(lacking) = self.targets.iter().find(|target| !lists_all(target)) {
                return Err(self.cannot_list(lacking, Capability::ListAll));
            }
        }
        let customer = match &query.customer {
            Some(CustomerRef::Id(id)) => {
                check_against(&self.name, self.union(), &Capability::FilterByCustomer)?;
                Some(self.required_owner(OPERATION, "customer", id.as_str())?)
            }
            // An address or an external id is not one provider's: every one is asked, and has to be able to answer.
            Some(_) | None => None,
        };
        let mut parts = Vec::new();
        for target in &self.targets {
            let mut query = query.clone();
            query.page = None;
            if let Some((owner, id)) = customer {
                if !Arc::ptr_eq(owner, target) {
                    continue;
                }
                query.customer = Some(id.into());
            }
            let is_filtered = !query.products.is_empty();
            query.products = own_products(target, &query.products);
            if is_filtered && query.products.is_empty() {
                continue;
            }
            parts.push(Part { target: Arc::clone(target), query });
        }
        for part in &parts {
            let lacking = part.query.capabilities().difference(part.target.capabilities());
            if let Some(missing) = lacking.iter().next() {
                return Err(self.cannot_list(&part.target, missing));
            }
        }
        for id in &query.products {
            check_against(&self.name, self.union(), &Capability::FilterByProduct)?;
            if query.products.len() > 1 && self.owner(id.as_str()).is_none() {
                check_against(&self.name, self.capabilities(), &Capability::FilterByMany)?;
            }
            self.required_owner(OPERATION, "product", id.as_str())?;
        }
        Ok(parts)
    }

    /// The error where a provider cannot list its part: its keys would be missing silently.
    fn cannot_list(&self, target: &Target, missing: Capability) -> Error {
        let error = Error::unsupported(self.name.to_string(), missing);
        error.with_hint(&format!("`{}` cannot", target.name()))
    }
}

/// The products of a query that are this provider's, in its own ids.
fn own_products(target: &Target, products: &[ProductId]) -> Vec<ProductId> {
    products.iter().filter_map(|id| Some(target.strip(id.as_str())?.into())).collect()
}

/// Notes a newer total of one provider. Without one the sum is not known any more.
fn set_total(totals: &mut Option<Vec<u64>>, number: usize, total: Option<u64>) {
    let Some(total) = total else {
        *totals = None;
        return;
    };
    if let Some(known) = totals.as_mut().and_then(|totals| totals.get_mut(number)) {
        *known = total;
    }
}
