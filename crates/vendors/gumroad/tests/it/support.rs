//! Scripted answers, providers that use them, and requests as text.

use std::sync::Arc;

use anykey_core::{KeyCode, ManualClock};
use anykey_gumroad::{GumroadBuilder, GumroadProvider};
use anykey_gumroad_sim::kit::SimulatedVendor;
use anykey_gumroad_sim::{GumroadSim, SaleSpec, Scope, SimulatedGumroad, Sold};
use anykey_testkit::transport::{Answer, RecordedRequest, ScriptedTransport};

pub(crate) const PRODUCT: &str = "32-nPAicqbLj8B_WswVlMw==";
pub(crate) const SALE: &str = "FO8TXN-dvaYbBbahG97a-Q==";
pub(crate) const CODE: &str = "85DB562A-C11D4B06-A2335A6B-8C079166";
pub(crate) const TOKEN: &str = "planted-token";
pub(crate) const DATE: &str = "Sat, 28 Nov 2026 12:00:00 GMT";

pub(crate) fn builder(transport: &ScriptedTransport) -> GumroadBuilder {
    GumroadProvider::builder(PRODUCT).transport(Arc::new(transport.clone()))
}

pub(crate) fn device(transport: &ScriptedTransport) -> GumroadProvider {
    builder(transport).build().unwrap()
}

pub(crate) fn management(transport: &ScriptedTransport) -> GumroadProvider {
    builder(transport).token(TOKEN).build().unwrap()
}

pub(crate) fn code() -> KeyCode {
    KeyCode::parse(CODE).unwrap()
}

fn replaced(text: String, replaced: &[(&str, &str)]) -> Answer {
    let text = replaced.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    Answer::json(200, text).header("date", DATE)
}

/// A successful verification of a single purchase, with these texts replaced.
pub(crate) fn verified(changes: &[(&str, &str)]) -> Answer {
    let text = format!(
        r#"{{"success":true,"uses":3,"purchase":{{"seller_id":"kL0psVL2admJSYRNs-OCMg==","product_id":"{PRODUCT}","product_name":"licenses demo","permalink":"QMGY","product_permalink":"https://sahil.gumroad.com/l/pencil","email":"planted@example.com","price":0,"gumroad_fee":0,"currency":"usd","quantity":1,"discover_fee_charged":false,"can_contact":true,"referrer":"direct","card":{{"expiry_month":null,"expiry_year":null,"bin":null,"visual":null,"type":null}},"order_number":524459995,"sale_id":"{SALE}","sale_timestamp":"2021-01-05T19:38:56Z","full_name":"Planted Name","purchaser_id":"5550321502811","subscription_id":"GDzW4_aBdQc-o7Gbjng7lw==","variants":"","license_key":"{CODE}","is_multiseat_license":false,"ip_country":"United States","recurrence":"monthly","is_gift_receiver_purchase":false,"refunded":false,"disputed":false,"dispute_won":false,"id":"{SALE}","created_at":"2021-01-05T19:38:56Z","custom_fields":[],"chargebacked":false,"subscription_ended_at":null,"subscription_cancelled_at":null,"subscription_failed_at":null}}}}"#
    );
    replaced(text, changes)
}

/// A sale with a license, with these texts replaced.
pub(crate) fn sale(changes: &[(&str, &str)]) -> Answer {
    replaced(format!(r#"{{"success":true,"sale":{}}}"#, sale_document()), changes)
}

pub(crate) fn sale_document() -> String {
    format!(
        r#"{{"id":"{SALE}","email":"planted@example.com","seller_id":"kL0psVL2admJSYRNs-OCMg==","timestamp":"about 1 month ago","created_at":"2021-01-05T19:38:56Z","product_name":"Editor","price":1000,"product_id":"{PRODUCT}","refunded":false,"partially_refunded":false,"chargedback":false,"purchase_email":"planted@example.com","full_name":"Planted Name","order_id":524459935,"purchaser_id":"5550321502811","disputed":false,"dispute_won":false,"custom_fields":{{}},"license_key":"{CODE}","license_id":"JFbTxgiSNIAyOlO9Lvb1Hg==","license_disabled":false,"is_multiseat_license":false,"quantity":1}}"#
    )
}

/// The requests that were sent.
pub(crate) fn sent(transport: &ScriptedTransport) -> Vec<String> {
    transport.assert_finished();
    transport.requests().iter().map(RecordedRequest::to_text).collect()
}

/// A simulated vendor, and builders of providers for it.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: SimulatedGumroad,
    pub(crate) product: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
        let vendor = SimulatedGumroad::new(GumroadSim::new(clock.clone()));
        let product = vendor.sim().add_product("Editor");
        Self { clock, vendor, product }
    }

    pub(crate) fn sim(&self) -> &GumroadSim {
        self.vendor.sim()
    }

    /// Sells the fixture's product.
    pub(crate) fn sell(&self, spec: SaleSpec) -> Sold {
        self.sim()
            .sell(SaleSpec { product: spec.product.clone().or_else(|| Some(self.product.clone())), ..spec })
    }

    /// A provider for the fixture's product, without a token.
    pub(crate) fn builder(&self) -> GumroadBuilder {
        GumroadProvider::builder(self.product.as_str()).transport(self.vendor.transport())
    }

    /// The same with a token.
    pub(crate) fn management(&self) -> GumroadProvider {
        let token = self.sim().token(&[Scope::ViewSales, Scope::EditProducts]);
        self.builder().token(token).build().unwrap()
    }
}

pub(crate) fn typed(sold: &Sold) -> KeyCode {
    KeyCode::parse(&sold.license_key).unwrap()
}
