//! The call that lists customers.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Serialize;

use super::answer::Answer;
use super::call::Call;
use super::documents::{CustomerDocument, ListDocument};
use super::query::Query;
use super::refusal::Refusal;
use super::time::written;

/// A customer in a list.
#[derive(Serialize)]
struct ListedCustomer<'w> {
    business_id: &'w str,
    created_at: String,
    #[serde(flatten)]
    customer: CustomerDocument<'w>,
}

impl Call<'_> {
    /// `GET /customers`, by e-mail address or all. Several customers may have one address. Whether the vendor compares
    /// it as a whole is not documented; here it does, without regard to case. Times of creation are not simulated.
    pub(super) fn list_customers(&self, business: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(self.quirks)?;
        let email = query.text("email")?;
        let own = self.business(business)?;
        let has_address = |address: &str| email.is_none_or(|asked| address.eq_ignore_ascii_case(asked));
        let matching = own.customers.iter().filter(|(_, customer)| has_address(&customer.email));
        let mut ids: Vec<&str> = matching.map(|(id, _)| &**id).collect();
        ids.sort_unstable();
        let customers =
            page.of(ids.into_iter()).filter_map(|id| CustomerDocument::of_customer(id, Some(own)));
        let created_at = written(Timestamp::UNIX_EPOCH, self.quirks.second_fraction);
        let listed =
            |customer| ListedCustomer { business_id: business, created_at: created_at.clone(), customer };
        let items: Vec<_> = customers.map(listed).collect();
        Ok(self.json(StatusCode::OK, &ListDocument { items }))
    }
}
