//! The calls that list and read sales and subscribers. Checks and texts follow `sales_controller.rb`.

use anykey_core::Timestamp;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ids::{is_public_id, of_order_number, order_number};
use super::records::Sale;
use super::router::Call;
use super::sale_documents::{sale_document, subscriber_document};
use super::time::{in_page_key, of_day, of_page_key};

/// The number of sales on a page, which cannot be changed.
pub(super) const PAGE_SIZE: usize = 10;

const BEFORE: &str =
    "Invalid date format provided in field 'before'. Dates must be in the format YYYY-MM-DD.";
const AFTER: &str = "Invalid date format provided in field 'after'. Dates must be in the format YYYY-MM-DD.";

/// Which sales a list has.
struct Filter<'p> {
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    email: Option<&'p str>,
    name: Option<&'p str>,
    license_key: Option<String>,
    product_id: Option<&'p str>,
    order: Option<u64>,
}

impl Call<'_> {
    /// `GET /sales`: newest first, ten on a page. Test purchases are not listed.
    ///
    /// Checked in this order: the page number, the dates, the product, the order, the page key; each failure is a 400
    /// with a text of its own. A page key selects sales that are not newer *and* have a smaller number, so a sale
    /// that was entered later with an earlier date is missed, as at the vendor. The next page is there only if it has
    /// a sale.
    pub(super) fn list_sales(&self, seller: u64) -> Answer {
        let page = match self.params.text("page").map(str::parse::<i64>) {
            None => None,
            Some(Ok(page)) if page > 0 => Some(page),
            Some(_) => return Answer::bad_request("Invalid page number. Page numbers start at 1."),
        };
        let filter = match self.filter() {
            Ok(filter) => filter,
            Err(answer) => return answer,
        };
        let position = match (page, self.params.text("page_key")) {
            (None, Some(key)) => match position_of(key) {
                Some(position) => Some(position),
                None => return Answer::bad_request("Invalid page_key."),
            },
            _ => None,
        };
        let is_listed = |sale: &&Sale| {
            let is_after = |(at, number): (Timestamp, u64)| sale.created_at <= at && sale.number < number;
            sale.seller == seller
                && !sale.is_test
                && self.passes(&filter, sale)
                && position.is_none_or(is_after)
        };
        let mut sales: Vec<_> = self.state.sales.values().filter(is_listed).collect();
        sales.sort_by_key(|sale| std::cmp::Reverse((sale.created_at, sale.number)));
        let first = page.and_then(|page| usize::try_from(page - 1).ok()).unwrap_or_default();
        let mut sales = sales.into_iter().skip(first.saturating_mul(PAGE_SIZE));
        let shown: Vec<_> = sales.by_ref().take(PAGE_SIZE).collect();
        let mut members = vec![("sales".to_owned(), self.documents(&shown))];
        if let (Some(last), true) = (shown.last(), sales.next().is_some()) {
            let key = format!("{}-{}", in_page_key(last.created_at), order_number(last.number));
            members.push(("next_page_key".to_owned(), json!(key)));
            members.push(("next_page_url".to_owned(), json!(format!("/v2/sales?page_key={key}"))));
        }
        Answer::success(members)
    }

    /// `GET /sales/:id`. A missing sale is no 404.
    ///
    /// It is a 200 without success, and a sale of another seller is as missing as an unknown one.
    pub(super) fn get_sale(&self, seller: u64, id: &str) -> Answer {
        let sale = self.state.sale_by_id(id).filter(|sale| sale.seller == seller);
        match sale {
            Some(sale) => Answer::success([("sale".to_owned(), sale_document(self.state, sale, self.now))]),
            None => Answer::message(StatusCode::OK, "The sale was not found."),
        }
    }

    /// `GET /products/:id/subscribers`
    ///
    /// All subscribers on one page. The e-mail address is compared exactly.
    pub(super) fn list_subscribers(&self, seller: u64, product_id: &str) -> Answer {
        let product = self.state.product_by_id(product_id).filter(|(_, product)| product.seller == seller);
        let Some((number, _)) = product else {
            return Answer::message(StatusCode::OK, "The product was not found.");
        };
        let email = self.params.text("email");
        let subscriptions = self.state.subscriptions.values().filter(|subscription| {
            subscription.product == number && email.is_none_or(|email| subscription.buyer.email == email)
        });
        let documents =
            subscriptions.map(|subscription| subscriber_document(self.state, subscription, self.now));
        Answer::success([("subscribers".to_owned(), documents.collect::<Vec<_>>().into())])
    }

    /// `GET /subscribers/:id`
    pub(super) fn get_subscriber(&self, seller: u64, id: &str) -> Answer {
        let is_sold =
            |product: &u64| self.state.products.get(product).is_some_and(|sold| sold.seller == seller);
        let found = self.state.subscriptions.values().find(|subscription| subscription.id == id);
        match found.filter(|subscription| is_sold(&subscription.product)) {
            Some(found) => {
                let document = subscriber_document(self.state, found, self.now);
                Answer::success([("subscriber".to_owned(), document)])
            }
            None => Answer::message(StatusCode::OK, "The subscriber was not found."),
        }
    }

    fn documents(&self, sales: &[&Sale]) -> Value {
        sales.iter().map(|sale| sale_document(self.state, sale, self.now)).collect()
    }

    /// The filters of a request. `before` is exclusive, `after` inclusive, both from midnight UTC; the license key is
    /// compared in upper case, the name as a part in any letter case.
    fn filter(&self) -> Result<Filter<'_>, Answer> {
        let day = |name, error| match self.params.text(name) {
            None => Ok(None),
            Some(text) => of_day(text).map(Some).ok_or_else(|| Answer::bad_request(error)),
        };
        let (before, after) = (day("before", BEFORE)?, day("after", AFTER)?);
        let product_id = self.params.text("product_id");
        if product_id.is_some_and(|id| !is_public_id(id)) {
            return Err(Answer::bad_request("Invalid product ID."));
        }
        let order = match self.params.text("order_id") {
            None => None,
            Some(text) => {
                let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text);
                Some(number.ok_or_else(|| Answer::bad_request("Invalid order ID."))?)
            }
        };
        let newer =
            |name| self.params.text(name).map(str::trim).filter(|_| !self.state.quirks.former_filters);
        let email = self.params.text("email").map(str::trim);
        let license_key = newer("license_key").map(str::to_uppercase);
        Ok(Filter { before, after, email, name: newer("name"), license_key, product_id, order })
    }

    /// Whether a sale fits all filters. The key finds the first sale of a membership, not its renewals.
    fn passes(&self, filter: &Filter<'_>, sale: &Sale) -> bool {
        let state = &*self.state;
        let product = state.products.get(&sale.product).map(|product| product.id.as_str());
        let owned =
            sale.license.filter(|_| !sale.is_renewal).and_then(|license| state.licenses.get(&license));
        let owned = owned.map(|license| license.key.as_str());
        filter.before.is_none_or(|before| sale.created_at < before)
            && filter.after.is_none_or(|after| sale.created_at >= after)
            && filter.email.is_none_or(|email| sale.buyer.email == email)
            && filter.name.is_none_or(|name| sale.buyer.name.to_lowercase().contains(&name.to_lowercase()))
            && filter.license_key.as_deref().is_none_or(|key| owned == Some(key))
            && filter.product_id.is_none_or(|id| product == Some(id))
            && filter.order.is_none_or(|order| of_order_number(order) == sale.number)
    }
}

/// The position that a page key names: a time and a number.
fn position_of(page_key: &str) -> Option<(Timestamp, u64)> {
    let (instant, order) = page_key.split_once('-')?;
    Some((of_page_key(instant)?, of_order_number(order.parse().ok()?)))
}
