//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.
//!
//! A page is read strictly first, and leniently only if that fails, so that one damaged sale does not hide the other
//! keys.

use anykey_core::{EmailAddress, LicenseKey, LicenseKeyId, RawJson, Result};
use anykey_http::{ApiResponse, JsonMember, MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::wire::{RawSales, SaleAddress, SaleBody};

/// The number of sales on a page of Gumroad, which cannot be changed.
pub(crate) const PAGE_SIZE: usize = 10;

/// A page of sales: the key of each, or `None` for a sale without one of its own.
pub(crate) struct Sales {
    /// The keys, newest first, and the sales that cannot be read.
    pub(crate) list: MappedList<Option<LicenseKey>>,
    /// Where the list continues. `None` on the last page.
    pub(crate) next_page_key: Option<Box<str>>,
}

/// A page of sales that are all readable.
#[derive(Deserialize)]
struct SaleList {
    /// The keys, in the order of the sales.
    #[serde(deserialize_with = "keys")]
    sales: Vec<Option<LicenseKey>>,
    /// The key of the next page; absent on the last one.
    #[serde(default)]
    next_page_key: JsonMember<Box<str>>,
}

/// The same, for a page with unreadable sales.
#[derive(Deserialize)]
struct LenientSaleList {
    /// The readable keys, and what is known of the unreadable sales.
    #[serde(deserialize_with = "readable_keys")]
    sales: MappedList<Option<LicenseKey>>,
    /// The key of the next page; absent on the last one.
    #[serde(default)]
    next_page_key: JsonMember<Box<str>>,
}

/// The sales of an answer. An unreadable sale does not affect the others.
///
/// # Errors
///
/// `Decode` also when the answer does not say whether it is the last page.
pub(crate) fn sales(response: &ApiResponse, keep_raw: bool) -> Result<Sales> {
    let (mut list, next) = match response.json::<SaleList>() {
        Ok(page) => (MappedList::from(page.sales), page.next_page_key),
        Err(error) => {
            let page = response.json::<LenientSaleList>().map_err(|_| error)?;
            (page.sales, page.next_page_key)
        }
    };
    let next_page_key = match next {
        JsonMember::Unreadable => {
            let message = "the list does not say where it continues";
            return Err(response.error(anykey_core::ErrorKind::Decode, message));
        }
        next => next.value(),
    };
    if keep_raw {
        keep_texts(&mut list, response.json::<RawSales<'_>>()?);
    }
    Ok(Sales { list, next_page_key })
}

/// The sales of other addresses than `address`, which would mean that Gumroad ignored the filter.
pub(crate) fn of_others(response: &ApiResponse, address: &EmailAddress) -> Result<Vec<LicenseKeyId>> {
    let is_another = |sale: &SaleAddress| {
        let known = [&sale.purchase_email, &sale.email].into_iter().filter_map(|own| own.as_ref().value());
        let mut same = known.map(|own| own.eq_ignore_ascii_case(address.expose())).peekable();
        same.peek().is_some() && !same.any(|same| same)
    };
    let texts = response.json::<RawSales<'_>>()?.sales.into_iter();
    let sales = texts.filter_map(|text| serde_json::from_str::<SaleAddress>(text.get()).ok());
    Ok(sales.filter(is_another).map(|sale| sale.id).collect())
}

/// Gives each key the text of its sale. Unreadable sales have a text and no key, so they are skipped by position.
fn keep_texts(list: &mut MappedList<Option<LicenseKey>>, texts: RawSales<'_>) {
    let MappedList { items, unreadable } = list;
    let is_read = |position: usize| unreadable.iter().all(|other| other.position != position);
    let read = texts.sales.into_iter().enumerate().filter(|(position, _)| is_read(*position));
    for (key, (_, text)) in items.iter_mut().zip(read) {
        if let Some(key) = key {
            key.raw = Some(RawJson::new(text.get()));
        }
    }
}

/// Fails at the first unreadable sale.
fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<LicenseKey>>, D::Error> {
    mapped_list(deserializer, PAGE_SIZE, |before: Option<&Option<LicenseKey>>, body: SaleBody| {
        map::following(before.and_then(Option::as_ref), body)
    })
}

/// Skips unreadable sales.
fn readable_keys<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<MappedList<Option<LicenseKey>>, D::Error> {
    lenient_list(deserializer, |before: Option<&Option<LicenseKey>>, body: SaleBody, _| {
        map::following(before.and_then(Option::as_ref), body)
    })
}
