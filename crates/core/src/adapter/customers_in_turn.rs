use crate::adapter::{ErrorExt as _, PageTokenExt as _};
use crate::page::damaged_token;
use crate::{CustomerId, Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result};

/// The first word of a token's state; no adapter's own state begins so.
const WORD: &str = "customers";

/// Lists the keys of several customers, one customer after the other: for a vendor that lists per customer, and has to
/// be asked first which customers an e-mail address or an external id stands for.
///
/// `customers` asks the vendor for them and is awaited for the first page only; the page tokens name those that are
/// left. `list` reads a page of one customer, by a query with an id.
///
/// ```
/// use anykey_core::adapter::customers_in_turn;
/// use anykey_core::{CustomerId, EmailAddress, LicenseKey, ListQuery, Page, Result};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// async fn of_address(address: &EmailAddress) -> Result<Vec<CustomerId>> {
/// #   let _ = address;
///     Ok(vec!["cus_1".into(), "cus_2".into()]) // in an adapter: a request
/// }
/// async fn of_one(query: ListQuery) -> Result<Page<LicenseKey>> {
/// #   let _ = query;
///     Ok(Page::last(Vec::new())) // likewise
/// }
///
/// let address = EmailAddress::parse("ada@example.com")?;
/// let mut query = ListQuery::new().customer(address.clone());
/// let first = customers_in_turn("acme", &query, of_address(&address), of_one).await?;
/// query.page = first.next;
/// let second = customers_in_turn("acme", &query, of_address(&address), of_one).await?;
/// assert_eq!(second.next, None);
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
///
/// Those of `customers` and `list`, [`ErrorKind::InvalidRequest`] for a page token of another provider, a damaged one,
/// and one of another listing, and [`ErrorKind::Decode`] for a customer's id with other characters than letters,
/// digits, `-` and `_`, which no vendor writes.
pub async fn customers_in_turn<P>(
    provider: &'static str,
    query: &ListQuery,
    customers: impl Future<Output = Result<Vec<CustomerId>>>,
    list: impl FnOnce(ListQuery) -> P,
) -> Result<Page<LicenseKey>>
where
    P: Future<Output = Result<Page<LicenseKey>>>,
{
    let turn = match CustomersInTurn::continued(provider, query)? {
        Some(turn) => turn,
        None => CustomersInTurn::first(provider, query, customers.await?)?,
    };
    match turn.query() {
        Some(query) => Ok(turn.page(list(query).await?)),
        None => Ok(Page::last(Vec::new())),
    }
}

/// Where such a listing is.
#[derive(Clone, Debug)]
struct CustomersInTurn {
    provider: &'static str,
    query: ListQuery,
    /// Those whose keys are left to list, the present one first.
    customers: Vec<CustomerId>,
    /// Whether there is one customer in all.
    is_alone: bool,
}

impl CustomersInTurn {
    /// The listing at the token of `query`; `None` where the query has none.
    fn continued(provider: &'static str, query: &ListQuery) -> Result<Option<Self>> {
        let Some(token) = &query.page else { return Ok(None) };
        let damaged = || damaged_token(provider);
        let mut parts = token.state(provider)?.splitn(4, ':');
        let (word, alone, ids) = (parts.next(), parts.next(), parts.next());
        let page = parts.next().ok_or_else(damaged)?;
        let ids = ids.filter(|_| word == Some(WORD)).ok_or_else(damaged)?;
        let customers: Vec<CustomerId> = ids.split(',').map(CustomerId::from).collect();
        if customers.iter().any(|id| !is_plain(id)) {
            return Err(damaged());
        }
        let mut query = query.clone();
        query.page = (!page.is_empty()).then(|| PageToken::from(page));
        Ok(Some(Self { provider, query, customers, is_alone: alone == Some("1") }))
    }

    /// The listing of the keys of `customers`, from its beginning.
    fn first(provider: &'static str, query: &ListQuery, mut customers: Vec<CustomerId>) -> Result<Self> {
        if !customers.iter().all(is_plain) {
            return Err(Error::new(ErrorKind::Decode, "the id of a customer is not one")
                .with_provider(provider)
                .with_operation(Operation::List));
        }
        customers.sort();
        customers.dedup();
        let is_alone = customers.len() < 2;
        let mut query = query.clone();
        query.page = None;
        Ok(Self { provider, query, customers, is_alone })
    }

    /// The query for a page of the present customer; `None` where nobody has keys to list.
    fn query(&self) -> Option<ListQuery> {
        Some(self.query.clone().customer(self.customers.first()?.clone()))
    }

    /// The page of the listing, from the present customer's. It has a total only where there is one customer.
    fn page(&self, page: Page<LicenseKey>) -> Page<LicenseKey> {
        let mut page = page.map_tokens(|inner| self.token(&self.customers, inner.as_str()));
        page.total = page.total.filter(|_| self.is_alone);
        if page.next.is_none() {
            let others = self.customers.get(1..).filter(|others| !others.is_empty());
            page.next = others.map(|others| self.token(others, ""));
            page.overlap = None;
            page.ahead = page.next.iter().take(self.query.pages_ahead).cloned().collect();
        }
        page
    }

    fn token(&self, customers: &[CustomerId], page: &str) -> PageToken {
        let ids: Vec<_> = customers.iter().map(CustomerId::as_str).collect();
        let alone = u8::from(self.is_alone);
        PageToken::new(self.provider, format_args!("{WORD}:{alone}:{}:{page}", ids.join(",")))
    }
}

fn is_plain(id: &CustomerId) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !id.as_str().is_empty() && id.as_str().bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EmailAddress;

    fn query() -> ListQuery {
        ListQuery::new().customer(EmailAddress::parse("ada@example.com").unwrap()).pages_ahead(4)
    }

    fn at(token: &PageToken) -> CustomersInTurn {
        CustomersInTurn::continued("acme", &query().page(token.clone())).unwrap().unwrap()
    }

    #[test]
    fn customers_come_one_after_the_other_and_each_once() {
        let ids = ["cus_2", "cus_1", "cus_2"].map(CustomerId::from).to_vec();
        let turn = CustomersInTurn::first("acme", &query(), ids).unwrap();
        let inner = turn.query().unwrap();
        assert_eq!((inner.customer, inner.page), (Some("cus_1".into()), None));

        let own = PageToken::numbered("acme", 1, 10);
        let page =
            turn.page(Page::last(Vec::new()).with_next(own.clone()).with_ahead([own.clone()]).with_total(3));
        let next = page.next.unwrap();
        assert_eq!((page.total, page.ahead), (None, vec![next.clone()]));
        assert!(!next.as_str().contains("ada"));

        let second = at(&next);
        let inner = second.query().unwrap();
        assert_eq!((inner.customer, inner.page), (Some("cus_1".into()), Some(own)));

        let next = second.page(Page::last(Vec::new())).next.unwrap();
        let inner = at(&next).query().unwrap();
        assert_eq!((inner.customer, inner.page), (Some("cus_2".into()), None));
        assert_eq!(at(&next).page(Page::last(Vec::new())).next, None);
    }

    #[test]
    fn one_customer_keeps_the_total_and_none_has_nothing() {
        let one = CustomersInTurn::first("acme", &query(), vec!["cus_1".into()]).unwrap();
        assert_eq!(one.page(Page::last(Vec::new()).with_total(3)).total, Some(3));
        let nobody = CustomersInTurn::first("acme", &query(), Vec::new()).unwrap();
        assert_eq!(nobody.query(), None);
    }

    #[test]
    fn other_tokens_and_ids_are_refused() {
        for token in ["acme:1:10", "acme:customers:1:", "acme:customers:1:a/b:", "other:customers:1:cus_1:"] {
            let error = CustomersInTurn::continued("acme", &query().page(token.into())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{token}");
        }
        assert!(CustomersInTurn::first("acme", &query(), vec!["../x".into()]).is_err());
    }
}
