//! The records, by their internal numbers, as in the vendor's database.
//!
//! A number rises with every record and orders lists; public ids do not.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::ids::IdSource;
use super::ping_queue::Pings;
use super::quirks::Quirks;
use super::records::{Buyer, Holder, ImportedCustomer, License, Product, Sale, Seller, Subscription, Token};

/// The state that the handles of a simulator share.
///
/// Maps are ordered, so that two runs with the same seed list the same.
pub(super) struct State {
    pub(super) quirks: Quirks,
    pub(super) ids: IdSource,
    pub(super) sellers: BTreeMap<u64, Seller>,
    pub(super) products: BTreeMap<u64, Product>,
    pub(super) sales: BTreeMap<u64, Sale>,
    pub(super) imported: BTreeMap<u64, ImportedCustomer>,
    pub(super) licenses: BTreeMap<u64, License>,
    pub(super) subscriptions: BTreeMap<u64, Subscription>,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) pings: Pings,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            quirks: Quirks::default(),
            ids: IdSource::new(seed),
            sellers: BTreeMap::new(),
            products: BTreeMap::new(),
            sales: BTreeMap::new(),
            imported: BTreeMap::new(),
            licenses: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            tokens: HashMap::new(),
            pings: Pings::default(),
        }
    }

    /// The product with this public id, and its number.
    pub(super) fn product_by_id(&self, id: &str) -> Option<(u64, &Product)> {
        self.products.iter().map(|(number, product)| (*number, product)).find(|(_, product)| product.id == id)
    }

    /// The sale with this public id.
    pub(super) fn sale_by_id(&self, id: &str) -> Option<&Sale> {
        self.sales.values().find(|sale| sale.id == id)
    }

    /// The license with this key, of one product or of any.
    ///
    /// Keys of different products are unlikely to be equal, but the vendor looks a key up within the product if the
    /// request names one.
    pub(super) fn license_by_key(&self, key: &str, product: Option<u64>) -> Option<(u64, &License)> {
        let is_key = |license: &License| match self.quirks.any_letter_case {
            true => license.key.eq_ignore_ascii_case(key),
            false => license.key == key,
        };
        let mut licenses = self.licenses.iter().map(|(number, license)| (*number, license));
        licenses
            .find(|(_, license)| is_key(license) && product.is_none_or(|product| license.product == product))
    }

    /// The first sale of a license; `None` for an imported customer's.
    pub(super) fn sale_of(&self, license: &License) -> Option<&Sale> {
        match license.holder {
            Holder::Sale(sale) => self.sales.get(&sale),
            Holder::Imported(_) => None,
        }
    }

    /// The membership that a sale pays for; `None` for a single purchase.
    pub(super) fn subscription_of(&self, sale: &Sale) -> Option<&Subscription> {
        sale.subscription.and_then(|number| self.subscriptions.get(&number))
    }
}

impl State {
    /// Adds a seller with one product; returns its number.
    pub(super) fn add_seller(&mut self) -> u64 {
        let (number, id) = (self.ids.number(), self.ids.id());
        let email = format!("seller.{number}@example.com");
        let buyer = Arc::new(Buyer { id: Some(id.clone()), name: "The Seller".to_owned(), email });
        self.sellers.insert(number, Seller { id, buyer });
        self.add_product(number, "First Product", true);
        number
    }

    /// Adds a product; returns its public id.
    pub(super) fn add_product(&mut self, seller: u64, name: &str, is_recent: bool) -> String {
        let (number, id, permalink) = (self.ids.number(), self.ids.id(), self.ids.permalink());
        let name = name.to_owned();
        let product = Product { id: id.clone(), seller, name, permalink, custom_permalink: None, is_recent };
        self.products.insert(number, product);
        id
    }
}
