//! The two lists of the API, and the customer whose list it is. The list of instances is in the official package 1.13,
//! not in the specification of April 2026.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::page::Page;
use super::quirks::SortOrder;
use super::records::Customer;
use super::refusal::Refusal;
use super::time::written;

/// The lists: a customer's licenses and a license's instances.
impl Call<'_> {
    /// `GET /v1/customers/{id}/licenses`. A customer without licenses has an empty list.
    ///
    /// A customer of another store is unknown (404), as is one that does not exist. Licenses of the other mode are
    /// not listed.
    pub(super) fn list_licenses(&self, customer: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let page = Page::of(request.uri(), &self.state.quirks)?;
        let database = &self.state.database;
        let store = database.stores.get(&self.store).ok_or(Refusal::UnknownCustomer)?;
        if !store.customers.iter().any(|known| *known.id == *customer) {
            return Err(Refusal::UnknownCustomer);
        }
        let licenses = database.order_of_sale.iter().filter_map(|id| database.licenses.get(id));
        let own = licenses.filter(|license| {
            license.store == self.store && license.mode == self.mode && *license.customer.id == *customer
        });
        let documents = own.map(|license| self.state.license_document(license, None, self.now)).collect();
        Ok(self.list(page, documents))
    }

    /// `GET /v1/customers`, by `customer_id` or `email`, which is unique in a store. Without either, and for a customer
    /// that the store does not have, 404; the vendor documents neither.
    pub(super) fn get_customer(&self, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let asked = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
            pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
        };
        let (id, email) = (asked("customer_id"), asked("email"));
        let store = self.state.database.stores.get(&self.store).ok_or(Refusal::UnknownCustomer)?;
        let is_asked = |customer: &&Customer| match (&id, &email) {
            (Some(id), _) => *customer.id == **id,
            (None, Some(email)) => customer.email.eq_ignore_ascii_case(email),
            (None, None) => false,
        };
        let customer = store.customers.iter().find(is_asked).ok_or(Refusal::UnknownCustomer)?;
        Ok(Answer::ok(json!({
            "id": &*customer.id,
            "mode": self.state.quirks.mode_word.unwrap_or_else(|| self.mode.word()),
            "object": "customer",
            "email": &*customer.email,
            "name": &*customer.name,
            "country": "US",
            "created_at": written(anykey_core::Timestamp::UNIX_EPOCH),
            "updated_at": written(anykey_core::Timestamp::UNIX_EPOCH),
        })))
    }

    /// `GET /v1/licenses/{id}/instances`
    pub(super) fn list_instances(&self, id: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let page = Page::of(request.uri(), &self.state.quirks)?;
        let license = self.state.database.licenses.get(id);
        let own = license.filter(|license| license.store == self.store && license.mode == self.mode);
        let license = own.ok_or(Refusal::UnknownLicense)?;
        let shown = license
            .instances
            .iter()
            .filter(|instance| instance.active || !self.state.quirks.list_only_active);
        let documents = shown.map(|instance| self.state.instance_document(license, instance)).collect();
        Ok(self.list(page, documents))
    }

    /// A page of `documents`, which are sorted by creation, oldest first.
    fn list(&self, page: Page, mut documents: Vec<Value>) -> Answer {
        if self.state.quirks.sort_order == SortOrder::NewestFirst {
            documents.reverse();
        }
        let pagination = page.pagination(documents.len());
        let items: Vec<_> = page.items(documents).collect();
        Answer::ok(json!({ "items": items, "pagination": pagination }))
    }
}
