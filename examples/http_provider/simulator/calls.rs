use anykey::Timestamp;
use http::StatusCode;
use serde_json::{Value, json};

use super::records::{License, Records, Seat};
use super::{Answer, failure};

/// `POST /device/…`
pub(super) fn device(records: &mut Records, call: &str, body: &Value, now: Timestamp) -> Answer {
    let text = |member: &str| body.get(member).and_then(Value::as_str);
    let Some(code) = text("code") else { return failure(StatusCode::BAD_REQUEST, "bad_request") };
    let next_seat = records.next_seat();
    let Some(license) = records.by_code(code) else {
        return failure(StatusCode::NOT_FOUND, "unknown_license");
    };
    match call {
        "validate" | "activate" => match out_of_force(license, body, now) {
            Some(word) => failure(StatusCode::FORBIDDEN, word),
            None if call == "activate" => activate(license, next_seat, text("label"), now),
            None => validate(license, text("seat")),
        },
        "deactivate" => deactivate(license, text("seat").unwrap_or_default()),
        _ => failure(StatusCode::NOT_FOUND, "no_such_call"),
    }
}

fn out_of_force(license: &License, body: &Value, now: Timestamp) -> Option<&'static str> {
    let allowed = body.get("products").and_then(Value::as_array);
    if allowed.is_some_and(|allowed| !allowed.contains(&license.sold.product.into())) {
        Some("other_product")
    } else if license.suspended {
        Some("license_suspended")
    } else if license.sold.ends_at.is_some_and(|end| now >= end) {
        Some("license_expired")
    } else {
        None
    }
}

fn validate(license: &License, seat: Option<&str>) -> Answer {
    let found = seat.and_then(|id| license.seats.iter().find(|seat| seat.id == id));
    if seat.is_some() && found.is_none() {
        return failure(StatusCode::NOT_FOUND, "unknown_seat");
    }
    (StatusCode::OK, json!({ "license": license.json(), "seat": found.map(Seat::json) }))
}

fn activate(license: &mut License, id: String, label: Option<&str>, now: Timestamp) -> Answer {
    let taken = i64::try_from(license.seats.len()).unwrap_or(i64::MAX);
    match (label, license.sold.seats) {
        (None, _) => failure(StatusCode::BAD_REQUEST, "bad_request"),
        (_, 0) => failure(StatusCode::CONFLICT, "license_without_seats"),
        (_, 1..) if taken >= license.sold.seats => failure(StatusCode::CONFLICT, "no_seat_left"),
        (Some(label), _) => {
            let seat = license.take(id, label, now);
            (StatusCode::CREATED, json!({ "license": license.json(), "seat": seat }))
        }
    }
}

fn deactivate(license: &mut License, seat: &str) -> Answer {
    let before = license.seats.len();
    license.seats.retain(|taken| taken.id != seat);
    if license.seats.len() == before {
        return failure(StatusCode::NOT_FOUND, "unknown_seat");
    }
    (StatusCode::NO_CONTENT, Value::Null)
}

/// `GET /licenses`
pub(super) fn list(records: &Records, query: &str) -> Answer {
    let value = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let number = |name, absent| value(name).map_or(Some(absent), |text| text.parse::<usize>().ok());
    let (Some(page @ 1..), Some(size @ 1..=100)) = (number("page", 1), number("per_page", 20)) else {
        return failure(StatusCode::BAD_REQUEST, "bad_request");
    };
    let product = value("product");
    let wanted =
        |license: &&License| product.as_deref().is_none_or(|product| product == license.sold.product);
    let found: Vec<Value> = records.licenses.iter().filter(wanted).map(License::json).collect();
    let shown: Vec<&Value> = found.iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    (StatusCode::OK, json!({ "licenses": shown, "total": found.len() }))
}

/// `GET` and `PATCH /licenses/{id}`, `GET /licenses/{id}/seats`
pub(super) fn license(records: &mut Records, method: &str, id: &str, rest: &[&str], body: &Value) -> Answer {
    let Some(license) = records.by_id(id) else { return failure(StatusCode::NOT_FOUND, "unknown_license") };
    match (method, rest) {
        ("GET", ["seats"]) => {
            let seats: Vec<Value> = license.seats.iter().map(Seat::json).collect();
            return (StatusCode::OK, json!({ "seats": seats }));
        }
        ("GET", []) => {}
        ("PATCH", []) => match body.get("state").and_then(Value::as_str) {
            Some("suspended") => license.suspended = true,
            Some("active") => license.suspended = false,
            Some(_) => return failure(StatusCode::BAD_REQUEST, "bad_request"),
            None => {}
        },
        _ => return failure(StatusCode::NOT_FOUND, "no_such_call"),
    }
    (StatusCode::OK, license.json())
}
