//! Keys and activations of recorded documents.

use anykey_dlm_sim::{License, Seat};
use serde_json::Value;

pub fn license(shown: &Value) -> License {
    let text = |name: &str| shown[name].as_str().map(ToOwned::to_owned);
    let mut license = License::default();
    license.id = shown["id"].as_i64().unwrap();
    license.order_id = shown["order_id"].as_i64();
    license.product_id = shown["product_id"].as_i64();
    license.user_id = shown["user_id"].as_str().map(|user| user.parse().unwrap());
    license.license_key = text("license_key").unwrap();
    license.valid_for = shown["valid_for"].as_i64();
    license.expires_at = text("expires_at");
    license.source = shown["source"].as_i64().unwrap();
    license.status = shown["status"].as_i64().unwrap();
    license.activations_limit = shown["activations_limit"].as_i64();
    license.created_at = text("created_at").unwrap();
    license.updated_at = text("updated_at");
    license
}

/// A document of the other plugin.
pub fn lmfwc_license(shown: &Value, code: &str) -> License {
    let number = |name: &str| shown[name].as_i64();
    let text = |name: &str| shown[name].as_str().map(ToOwned::to_owned);
    let mut key = License::default();
    (key.id, key.license_key) = (2, code.to_owned());
    (key.status, key.source) = (number("status").unwrap_or(3), 3);
    (key.order_id, key.product_id, key.user_id) = (number("orderId"), number("productId"), number("userId"));
    key.activations_limit = number("timesActivatedMax");
    (key.expires_at, key.updated_at) = (text("expiresAt"), text("updatedAt"));
    key.created_at = text("createdAt").unwrap_or_else(|| "2026-11-27 22:48:27".to_owned());
    key
}

pub fn seat(shown: &Value, license_id: i64) -> Seat {
    let text = |name: &str| shown[name].as_str().map(ToOwned::to_owned);
    let seat = Seat::new(license_id, text("token").unwrap());
    let mut seat = seat.with_metadata(&shown["meta_data"].to_string()).unwrap();
    seat.id = shown["id"].as_i64().unwrap();
    seat.label = text("label");
    seat.source = shown["source"].as_str().unwrap().parse().unwrap();
    seat.ip_address = text("ip_address").unwrap();
    seat.user_agent = text("user_agent");
    seat.created_at = text("created_at").unwrap();
    seat.updated_at = text("updated_at");
    seat.deactivated_at = text("deactivated_at");
    seat
}
