//! What a sale, a renewal and an import create.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::database::State;
use super::ping_event::PingEvent;
use super::records::{Buyer, Holder, ImportedCustomer, License, Sale, Subscription};
use super::sale_spec::{SaleSpec, Sold};

/// The price of every sale in cents. A test purchase is free.
const PRICE: u64 = 2_900;

impl State {
    /// Sells a product of `seller` with a license.
    ///
    /// The product is the named one if the seller has it, else the seller's first. A test purchase is bought by the
    /// seller.
    pub(super) fn sell(&mut self, seller: u64, spec: SaleSpec, now: Timestamp) -> Sold {
        let buyer = match self.sellers.get(&seller) {
            Some(seller) if spec.test => Arc::clone(&seller.buyer),
            _ => Arc::new(Buyer {
                id: spec.purchaser,
                name: spec.name,
                email: spec.email.unwrap_or_else(|| "buyer@example.com".to_owned()),
            }),
        };
        let own = |(_, product): &(&u64, &super::records::Product)| product.seller == seller;
        let named =
            self.products.iter().filter(own).find(|(_, product)| Some(&product.id) == spec.product.as_ref());
        let product = named.or_else(|| self.products.iter().find(own)).map_or(0, |(number, _)| *number);
        let (license, number) = (self.ids.number(), self.ids.number());
        let subscription = spec.membership.then(|| self.ids.number());
        let key = spec.license_key.unwrap_or_else(|| self.ids.license_key());
        let sale = Sale {
            number,
            id: self.ids.id(),
            seller,
            product,
            buyer: Arc::clone(&buyer),
            created_at: now,
            license: Some(license),
            subscription,
            is_renewal: false,
            is_test: spec.test,
            refunded: false,
            disputed: false,
            dispute_won: false,
            access_revoked: false,
            price: if spec.test { 0 } else { PRICE },
            quantity: spec.seats.max(1),
            is_multiseat: spec.seats > 0,
            variant: spec.variant,
            custom_fields: spec.custom_fields,
        };
        let subscription_id = subscription.map(|subscription| {
            let id = self.ids.id();
            self.subscriptions.insert(
                subscription,
                Subscription {
                    id: id.clone(),
                    product,
                    buyer: Arc::clone(&buyer),
                    created_at: now,
                    sales: vec![number],
                    license,
                    requested_at: None,
                    cancelled_at: None,
                    failed_at: None,
                    ended_at: None,
                },
            );
            id
        });
        let sold = Sold {
            sale_id: sale.id.clone(),
            license_key: key.clone(),
            product_id: self.products.get(&product).map(|product| product.id.clone()).unwrap_or_default(),
            purchaser_id: buyer.id.clone(),
            subscription_id,
        };
        self.sales.insert(number, sale);
        let id = self.ids.id();
        self.licenses.insert(
            license,
            License { id, key, product, holder: Holder::Sale(number), uses: 0, disabled: false },
        );
        self.ping(number, PingEvent::Sale, now);
        sold
    }

    /// Charges a membership once more and returns the id of the new sale; `None` if it has ended.
    pub(super) fn renew(&mut self, sale_id: &str, now: Timestamp) -> Option<String> {
        let first = self.sale_by_id(sale_id)?;
        let (subscription, seller, product) = (first.subscription?, first.seller, first.product);
        let (license, buyer) = (first.license, Arc::clone(&first.buyer));
        let (quantity, is_multiseat) = (first.quantity, first.is_multiseat);
        let (number, id) = (self.ids.number(), self.ids.id());
        let known = self.subscriptions.get_mut(&subscription).filter(|known| known.is_alive(now))?;
        known.sales.push(number);
        let sale = Sale {
            number,
            id: id.clone(),
            seller,
            product,
            buyer,
            created_at: now,
            license,
            subscription: Some(subscription),
            is_renewal: true,
            is_test: false,
            refunded: false,
            disputed: false,
            dispute_won: false,
            access_revoked: false,
            price: PRICE,
            quantity,
            is_multiseat,
            variant: None,
            custom_fields: Vec::new(),
        };
        self.sales.insert(number, sale);
        self.ping(number, PingEvent::Sale, now);
        Some(id)
    }

    /// Issues a license for a customer who bought elsewhere; returns the customer's id and the key.
    pub(super) fn import(
        &mut self,
        product_id: &str,
        email: &str,
        now: Timestamp,
    ) -> Option<(String, String)> {
        let product = self.product_by_id(product_id).map(|(number, _)| number)?;
        let (customer, license) = (self.ids.number(), self.ids.number());
        let (id, license_id, key) = (self.ids.id(), self.ids.id(), self.ids.license_key());
        let imported = ImportedCustomer { id: id.clone(), email: email.to_owned(), created_at: now };
        self.imported.insert(customer, imported);
        let holder = Holder::Imported(customer);
        let record = License { id: license_id, key: key.clone(), product, holder, uses: 0, disabled: false };
        self.licenses.insert(license, record);
        Some((id, key))
    }
}
