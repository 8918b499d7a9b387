//! A listing of the keys that one e-mail address has bought.
//!
//! Lemon Squeezy lists orders by address, and keys by order (documentation, 2026). Each page of such a listing has the
//! keys of one order, or a part of them, and costs two requests: one for the order, one for its keys.

use anykey_core::adapter::{ErrorExt as _, NumberedPage, PageTokenExt as _};
use anykey_core::{
    EmailAddress, Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result,
};
use anykey_http::ApiRequest;

use crate::answer::succeed;
use crate::credential::is_id;
use crate::error::unknown_end;
use crate::management::Management;
use crate::position::{FIRST, MAX_PAGE_SIZE};
use crate::wire::{Document, Frame, OrderResource};
use crate::{NAME, filter::Filter};

/// Where such a listing continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OrderPosition {
    /// The number of the order among those of the address, newest first, from 1.
    order: u64,
    /// The page of the order's keys.
    keys: NumberedPage,
}

impl Management {
    /// One page of the keys that `address` has bought. A new order moves the others to later positions, so that none is
    /// missed.
    pub(crate) async fn list_bought_by(
        &self,
        address: &EmailAddress,
        query: &ListQuery,
    ) -> Result<Page<LicenseKey>> {
        let at = OrderPosition::of(query)?;
        let (order, has_next_order) = self.order(address, at.order).await?;
        let next_order = has_next_order.then(|| at.next_order().token());
        let Some(order) = order else { return Ok(Page::last(Vec::new()).with_next(next_order)) };
        let filter = Filter::of(query)?;
        let request = self.list_request(&filter, at.keys).query("filter[order_id]", &order);
        let (response, list, frame) = self.keys(request).await?;
        let next = if frame.has_next().ok_or_else(|| unknown_end(&response))? {
            Some(OrderPosition { keys: at.keys.next(), ..at }.token())
        } else {
            next_order
        };
        Ok(Page::last(list.items).with_unreadable(list.unreadable).with_next(next))
    }

    /// The id of an order of `address`, by its number, and whether there is another one after it. The id is `None`
    /// where there is no such order, and for one of another address, which would mean that the filter was ignored.
    async fn order(&self, address: &EmailAddress, number: u64) -> Result<(Option<Box<str>>, bool)> {
        let request = ApiRequest::get(Operation::List)
            .path(&["v1", "orders"])
            .query("filter[store_id]", &self.store_id)
            .secret_query("filter[user_email]", address.expose())
            .query("page[number]", number)
            .query("page[size]", 1)
            .completing_a_page();
        let response = succeed(self.client.send(request).await?, &[address.expose()])?;
        let orders = response.json::<Document<Vec<OrderResource>>>()?.data;
        let has_next = response.json::<Frame>()?.has_next().ok_or_else(|| unknown_end(&response))?;
        let Some(order) = orders.into_iter().next() else { return Ok((None, false)) };
        let is_of_address = order.attributes.user_email.eq_ignore_ascii_case(address.expose());
        Ok(((is_of_address && is_id(&order.id)).then_some(order.id), has_next))
    }
}

impl OrderPosition {
    /// The position at which `query` starts or continues.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider, a damaged one, and one of another listing.
    fn of(query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            return Ok(Self { order: 1, keys: FIRST.for_query(query)? });
        };
        let damaged = || {
            let message =
                "the page token is damaged or of a listing with other filters; start again without it";
            Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(Operation::List)
        };
        let mut numbers = token.state(NAME)?.strip_prefix("order:").ok_or_else(damaged)?.split(':');
        let mut number = || numbers.next().and_then(|text| text.parse::<u64>().ok());
        let (order, page, size) = (number(), number(), number());
        let (Some(order @ 1..), Some(page @ 1..), Some(size)) = (order, page, size) else {
            return Err(damaged());
        };
        let size =
            u32::try_from(size).ok().filter(|size| (1..=MAX_PAGE_SIZE).contains(size)).ok_or_else(damaged)?;
        Ok(Self { order, keys: FIRST.for_query(&ListQuery::new().page_size(size))?.at(page) })
    }

    /// The first page of the keys of the order after this one.
    const fn next_order(self) -> Self {
        Self { order: self.order.saturating_add(1), keys: self.keys.at(FIRST.number()) }
    }

    fn token(self) -> PageToken {
        let Self { order, keys } = self;
        PageToken::new(NAME, format_args!("order:{order}:{}:{}", keys.number(), keys.size()))
    }
}
