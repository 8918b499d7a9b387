//! The calls on licenses: one for everybody, four for the seller. Checks, statuses and texts follow
//! `licenses_controller.rb`.

use http::StatusCode;
use serde_json::Value;

use super::answer::Answer;
use super::documents::license_document;
use super::route::Change;
use super::router::Call;

/// The parameters of a verification that have to be texts, in the order in which they are checked.
const TEXTS: [&str; 5] = ["license_key", "product_id", "product_permalink", "id", "link_id"];

/// A license is found by its product and its key. Both in one request are all that an installed app has to know.
impl Call<'_> {
    /// `POST /licenses/verify`. It counts a use unless the request says otherwise.
    ///
    /// Checked in this order: parameters that are no texts (400), the product id of a recent product (500), the
    /// license (404), its purchase's access (404), whether it is disabled (404). A 500 can therefore be a mistake of
    /// the client. Refunded, disputed and ended purchases pass all checks.
    pub(super) fn verify(&mut self) -> Answer {
        if let Some(name) = TEXTS.iter().find(|name| self.params.is_odd(name)) {
            let message = format!("The '{name}' parameter must be a string.");
            return Answer::message(StatusCode::BAD_REQUEST, message);
        }
        let permalink = ["id", "link_id", "product_permalink"].iter().find_map(|name| self.params.text(name));
        let license = match self.fetch(permalink) {
            Ok(license) => license,
            Err(refused) => return refused,
        };
        let counts = self.counts();
        let Some(found) = self.state.licenses.get_mut(&license) else { return Answer::not_found() };
        if found.disabled {
            return Answer::message(StatusCode::NOT_FOUND, "This license key has been disabled.");
        }
        if counts {
            found.uses = found.uses.saturating_add(1);
        }
        license_document(self.state, license, self.now)
    }

    /// A change by the product's seller. It works on disabled licenses too, and the first two can be repeated.
    ///
    /// The checks are those of a verification without the last, and then the seller, whose failure is the vendor's
    /// general 404 with a member `error` instead of `message`.
    pub(super) fn change(&mut self, change: Change, seller: u64) -> Answer {
        let license = match self.fetch(self.params.text("product_permalink")) {
            Ok(license) => license,
            Err(refused) => return refused,
        };
        let product =
            self.state.licenses.get(&license).and_then(|found| self.state.products.get(&found.product));
        if product.is_none_or(|product| product.seller != seller) {
            return Answer::not_found();
        }
        let key = self.state.ids.license_key();
        if let Some(found) = self.state.licenses.get_mut(&license) {
            match change {
                Change::Enable => found.disabled = false,
                Change::Disable => found.disabled = true,
                Change::Decrement => found.uses = found.uses.saturating_sub(1),
                Change::Rotate => found.key = key,
            }
        }
        license_document(self.state, license, self.now)
    }

    /// The license of a request. With a product's id it is looked for among that product's licenses, without one among
    /// all of them, whoever sells them.
    ///
    /// Without a product id the permalink has to fit, in any letter case. Products sold since 2023-01-09 are refused
    /// then, and the text names the id.
    fn fetch(&self, permalink: Option<&str>) -> Result<u64, Answer> {
        let state = &*self.state;
        let key = self.params.text("license_key").unwrap_or_default();
        let found = match self.params.text("product_id") {
            Some(id) => {
                let product = state.product_by_id(id).map(|(number, _)| number);
                product.and_then(|product| state.license_by_key(key, Some(product)))
            }
            None => {
                let found = state.license_by_key(key, None);
                if let Some(product) = found.and_then(|(_, license)| state.products.get(&license.product)) {
                    if product.is_recent && !state.quirks.product_id_is_optional {
                        let message = format!(
                            "The 'product_id' parameter is required to verify the license for this product. Please \
                             set 'product_id' to '{}' in the request.",
                            product.id
                        );
                        return Err(Answer::message(StatusCode::INTERNAL_SERVER_ERROR, message));
                    }
                    let is_permalink =
                        |known: &str| permalink.is_some_and(|sent| sent.eq_ignore_ascii_case(known));
                    let is_meant = is_permalink(&product.permalink)
                        || product.custom_permalink.as_deref().is_some_and(is_permalink);
                    found.filter(|_| is_meant)
                } else {
                    None
                }
            }
        };
        let Some((number, license)) = found else {
            let message = "That license does not exist for the provided product.";
            return Err(Answer::message(StatusCode::NOT_FOUND, message));
        };
        if state.sale_of(license).is_some_and(|sale| sale.access_revoked) {
            let message = "Access to the purchase associated with this license has expired.";
            return Err(Answer::message(StatusCode::NOT_FOUND, message));
        }
        Ok(number)
    }

    /// Whether a verification counts a use: only the text `false` and a JSON `false` say that it does not.
    ///
    /// `0`, `no`, `False`, null and an absent parameter all count.
    fn counts(&self) -> bool {
        match self.params.value("increment_uses_count") {
            Some(Value::String(text)) => text != "false",
            Some(Value::Bool(false)) => self.state.quirks.json_false_counts,
            _ => true,
        }
    }
}
