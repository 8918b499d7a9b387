//! Bodies as the vendors write them, rendered once.

use crate::Vendor;
use crate::vendor::{CODE, ORGANIZATION};

/// The listing of one vendor: every key's JSON, ready to be cut into pages.
#[derive(Debug)]
pub struct Catalogue {
    vendor: Vendor,
    text: String,
    /// Where each key begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Catalogue {
    /// A listing of `count` keys.
    #[must_use]
    pub fn new(vendor: Vendor, count: usize) -> Self {
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(count + 1));
        for index in 0..count {
            starts.push(text.len());
            text.push_str(&key(vendor, index));
            text.push(',');
        }
        starts.push(text.len());
        Self { vendor, text, starts }
    }

    /// Page `number`, counted from 0, of `size` keys.
    #[must_use]
    pub fn page(&self, number: usize, size: usize) -> Vec<u8> {
        let count = self.starts.len() - 1;
        let first = number.saturating_mul(size).min(count);
        let end = first.saturating_add(size).min(count);
        let items = self.text[self.starts[first]..self.starts[end]].trim_end_matches(',');
        let mut page = Vec::with_capacity(items.len() + 80);
        page.extend_from_slice(b"{\"items\":[");
        page.extend_from_slice(items.as_bytes());
        match self.vendor {
            Vendor::Dodo => page.extend_from_slice(b"]}"),
            Vendor::Polar => page.extend_from_slice(
                format!(
                    r#"],"pagination":{{"total_count":{count},"max_page":{}}}}}"#,
                    count.div_ceil(size.max(1))
                )
                .as_bytes(),
            ),
        }
        page
    }
}

/// The answer to a validation.
#[must_use]
pub fn validated(vendor: Vendor) -> String {
    match vendor {
        Vendor::Dodo => r#"{"valid":true}"#.to_owned(),
        Vendor::Polar => {
            let key = polar_key(0).replacen(&polar_code(0), CODE, 1);
            format!(r#"{},"activation":null}}"#, key.trim_end_matches('}'))
        }
    }
}

fn key(vendor: Vendor, index: usize) -> String {
    match vendor {
        Vendor::Dodo => dodo_key(index),
        Vendor::Polar => polar_key(index),
    }
}

/// Two keys in three were bought once, the third belongs to a subscription.
fn dodo_key(index: usize) -> String {
    let text = |prefix: &str, salt| format!("\"{prefix}_{}\"", word(index, salt));
    let (payment, subscription) = match index % 3 {
        2 => ("null".to_owned(), text("sub", 5)),
        _ => (text("pay", 4), "null".to_owned()),
    };
    let expires = match index % 2 {
        0 => "null".to_owned(),
        _ => "\"2027-10-30T08:15:41.998120Z\"".to_owned(),
    };
    format!(
        concat!(
            r#"{{"id":{id},"business_id":"bus_2Vb7QmYc0kLxT9RzHf3aE","brand_id":"bus_2Vb7QmYc0kLxT9RzHf3aE","#,
            r#""customer_id":{customer},"product_id":"pdt_8KsWq1ZbN4tJ6uXcD0vGy","key":"{key}","status":"active","#,
            r#""source":"auto","activations_limit":3,"instances_count":{used},"payment_id":{payment},"#,
            r#""subscription_id":{subscription},"created_at":"2026-10-30T08:15:41.998120Z","expires_at":{expires}}}"#
        ),
        id = text("lic", 1),
        customer = text("cus", 2),
        key = uuid(index, 3),
        used = index % 4,
        payment = payment,
        subscription = subscription,
        expires = expires,
    )
}

/// The record of API version 2026-10, with its whole customer.
fn polar_key(index: usize) -> String {
    let customer = uuid(index, 12);
    let expires = if index.is_multiple_of(2) { "null" } else { "\"2027-10-30T00:00:00Z\"" };
    let code = polar_code(index);
    let (_, end) = code.split_at(code.len() - 6);
    format!(
        concat!(
            r#"{{"id":"{id}","created_at":"2026-11-20T00:30:27.470200Z","modified_at":"2026-11-20T00:31:44.166494Z","#,
            r#""organization_id":"{organization}","customer_id":"{customer}","customer":{{"id":"{customer}","#,
            r#""created_at":"2026-11-20T00:30:27.379465Z","modified_at":null,"metadata":{{"plan":"pro"}},"#,
            r#""external_id":"usr_{index}","email":"buyer{index}@example.com","email_verified":true,"#,
            r#""type":"individual","name":"A Buyer","billing_name":"A Buyer","billing_address":{{"line1":"1 rue X","#,
            r#""line2":null,"postal_code":"75001","city":"Paris","state":null,"country":"FR"}},"tax_id":null,"#,
            r#""locale":null,"organization_id":"{organization}","default_payment_method_id":null,"#,
            r#""deleted_at":null,"first_user_event_at":null,"avatar_url":"https://www.gravatar.com/avatar/"#,
            r#"ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976?d=404"}},"member_id":null,"#,
            r#""member":null,"benefit_id":"7183f51f-532f-41f6-b49d-61c36cfde73d","key":"{code}","#,
            r#""display_key":"****-{end}","status":"granted","limit_activations":3,"usage":0,"limit_usage":null,"#,
            r#""validations":6,"last_validated_at":"2026-11-20T00:31:44.161700Z","expires_at":{expires}}}"#
        ),
        id = uuid(index, 11),
        organization = ORGANIZATION,
        customer = customer,
        index = index,
        code = code,
        end = end,
        expires = expires,
    )
}

fn polar_code(index: usize) -> String {
    format!("MYAPP-{}", uuid(index, 13).to_uppercase())
}

fn uuid(index: usize, salt: u64) -> String {
    let (high, low) = (scatter(index, salt), scatter(index, salt + 100));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// 21 letters and digits, as in Dodo's ids.
fn word(index: usize, salt: u64) -> String {
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    (0..21)
        .map(|place| {
            let letter = scatter(index, salt * 1_000 + place) % letters.len() as u64;
            char::from(letters[letter as usize])
        })
        .collect()
}

/// A number that looks random and is the same in every run.
fn scatter(index: usize, salt: u64) -> u64 {
    let mut state = (index as u64) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}
