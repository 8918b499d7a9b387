use super::*;

const JSON: (&str, &str) = ("content-type", "application/json");
const BAD_TOKEN: (&str, &str) = ("authorization", "Bearer polar_oat_unknown");

/// Each request also has all errors that later layers would report.
#[test]
fn layers_report_errors_in_order() {
    let seller = Seller::with(|builder| builder.environment(Environment::Production));
    let validate = format!("{DEVICE}/validate");
    (0..4).for_each(|_| _ = seller.validate("x", ""));
    let broken = "{";
    for (status, path, headers) in [
        (404, &*validate, &[("polar-version", "2025-01"), BAD_TOKEN][..]),
        (411, &*validate, &[BAD_TOKEN][..]),
        (413, &*validate, &[("content-length", "10485761"), BAD_TOKEN][..]),
        (429, "/v1/nothing", &[("content-length", "1")][..]),
        (401, "/v1/nothing", &[("content-length", "1"), BAD_TOKEN][..]),
        (404, "/v1/nothing", &[("content-length", "1"), ("true-client-ip", "192.0.2.1")][..]),
        (
            422,
            "/v1/license-keys/validate",
            &[("content-length", "1"), JSON, ("true-client-ip", "192.0.2.1")][..],
        ),
    ] {
        let reply = seller.send("POST", path, headers, broken);
        assert_eq!(reply.status(), status, "{path} {headers:?} {:?}", reply.body());
        assert_eq!(
            header(&reply, "polar-version").is_none(),
            headers.contains(&("polar-version", "2025-01"))
        );
    }
}

#[test]
fn a_missing_credential_is_reported_before_invalid_fields() {
    let seller = Seller::new();
    for (token, status) in [("", 401), (&*seller.token, 422)] {
        assert_eq!(seller.call("POST", &format!("{MANAGEMENT}/validate"), token, "{}").0, status);
        assert_eq!(seller.call("PATCH", &format!("{MANAGEMENT}/x"), token, r#"{"usage":null}"#).0, status);
        assert_eq!(seller.call("GET", &format!("{MANAGEMENT}/x"), token, "").0, status);
    }
}

#[test]
fn an_invalid_path_and_invalid_fields_are_reported_together() {
    let seller = Seller::new();
    let (_, body) = seller.call(
        "PATCH",
        &format!("{MANAGEMENT}/x"),
        &seller.token,
        r#"{"usage":null,"limit_usage":3000000000}"#,
    );
    let places: Vec<_> =
        body["detail"].as_array().unwrap().iter().map(|error| error["loc"].to_string()).collect();
    assert_eq!(places, [r#"["path","id"]"#, r#"["body","usage"]"#, r#"["body","limit_usage"]"#]);
}

#[test]
fn validate_checks_status_expiry_activation_conditions_benefit_customer_quota() {
    let seller = Seller::new();
    let sold = seller.sell(BenefitSpec { limit_usage: Some(1), ..devices(1) });
    let activation = seller.activate(&sold.key, r#","conditions":{"v":1}"#);
    let somebody = Uuid::from_u128(0x11111111_1111_4111_8111_111111111111);
    let mut wrong = vec![
        format!(r#""activation_id":"{somebody}""#),
        format!(r#""activation_id":"{activation}""#),
        format!(r#""benefit_id":"{somebody}""#),
        format!(r#""customer_id":"{somebody}""#),
        r#""increment_usage":2"#.to_owned(),
    ];
    seller.patch(sold.id, r#"{"status":"revoked","expires_at":"2020-01-01T00:00:00Z"}"#);
    assert_eq!(seller.refusal("validate", &sold.key, &wrong.join(",")).1, "License key is no longer active.");
    seller.patch(sold.id, r#"{"status":"granted"}"#);
    assert_eq!(seller.refusal("validate", &sold.key, &wrong.join(",")).1, "License key has expired.");
    seller.patch(sold.id, r#"{"expires_at":null}"#);
    wrong.remove(1);
    for detail in [
        "Not found",
        "License key does not match given benefit.",
        "License key does not match given user.",
        "License key only has 1 more usages.",
    ] {
        assert_eq!(seller.refusal("validate", &sold.key, &wrong.join(",")).1, detail);
        wrong.remove(0);
    }
    let conditions = format!(r#""activation_id":"{activation}","benefit_id":"{somebody}""#);
    let detail = "License key does not match required conditions";
    assert_eq!(seller.refusal("validate", &sold.key, &conditions).1, detail);
    assert_eq!(seller.sim.key(sold.id).unwrap().validations, 0);
}

#[test]
fn activate_checks_status_expiry_support_limit() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    seller.activate(&sold.key, "");
    let label = r#""label":"x""#;
    seller.patch(sold.id, r#"{"status":"disabled","expires_at":"2020-01-01T00:00:00Z"}"#);
    let inactive = "License key is no longer active. This license key can not be activated.";
    assert_eq!(seller.refusal("activate", &sold.key, label), (403, inactive.to_owned()));
    seller.patch(sold.id, r#"{"status":"granted"}"#);
    assert_eq!(seller.refusal("activate", &sold.key, label), (403, "License key has expired.".to_owned()));
    seller.patch(sold.id, r#"{"expires_at":null}"#);
    let full = "License key activation limit already reached";
    assert_eq!(seller.refusal("activate", &sold.key, label), (403, full.to_owned()));
    seller.patch(sold.id, r#"{"limit_activations":null}"#);
    let unsupported = "This license key does not support activations. \
                       Use the /validate endpoint instead to check license validity.";
    assert_eq!(seller.refusal("activate", &sold.key, label), (403, unsupported.to_owned()));
}

#[test]
fn unstorable_values_in_a_body_are_reported_after_the_credential() {
    let seller = Seller::new();
    for body in [r#"{"key":NaN}"#, r#"{"key":"\ud800"}"#] {
        let reply = |token: &str| seller.call("POST", &format!("{MANAGEMENT}/validate"), token, body).0;
        assert_eq!((reply(""), reply(&seller.token)), (401, 500), "{body}");
    }
}

#[test]
fn malformed_json_is_reported_with_its_position() {
    let seller = Seller::new();
    let (status, body) = seller.call("POST", &format!("{DEVICE}/validate"), "", r#"{"key":"#);
    let error = r#"{"ctx":{"error":"Expecting value"},"input":{},"loc":["body",7],"msg":"JSON decode error","type":"json_invalid"}"#;
    assert_eq!((status, body["detail"][0].to_string()), (422, error.to_owned()));
    let not_utf8 = Request::post(format!("{DEVICE}/validate"))
        .header("content-type", "application/json")
        .header("content-length", "3")
        .body(Bytes::from_static(b"\"\xff\""))
        .unwrap();
    let reply = answer(&seller.sim, not_utf8);
    assert_eq!(
        (reply.status().as_u16(), &reply.body()[..]),
        (400, &br#"{"detail":"There was an error parsing the body"}"#[..])
    );
}

/// A validation whose body is sent as these bytes.
fn encoded(body: Vec<u8>) -> Request<Bytes> {
    Request::post(format!("https://api.polar.sh{DEVICE}/validate"))
        .header("content-type", "application/json")
        .header("content-length", body.len())
        .body(body.into())
        .unwrap()
}

#[test]
fn a_body_in_utf_16_or_utf_32_is_read() {
    let seller = Seller::new();
    let sold = seller.sell(BenefitSpec::default());
    let organization = seller.sim.organization_id();
    let text = format!(r#"{{"key":"{}","organization_id":"{organization}"}}"#, sold.key);
    let pairs = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let wide = |order: fn(u32) -> [u8; 4]| text.chars().flat_map(|letter| order(letter.into())).collect();
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(pairs(u16::to_le_bytes));
    for body in [
        pairs(u16::to_be_bytes),
        pairs(u16::to_le_bytes),
        marked,
        wide(u32::to_be_bytes),
        wide(u32::to_le_bytes),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
    ] {
        assert_eq!(answer(&seller.sim, encoded(body)).status(), 200);
    }
}

#[test]
fn whitespace_around_a_version_is_ignored() {
    let seller = Seller::new();
    for (sent, status) in [(" 2026-04 ", 401), ("  ", 401), ("2026-04-", 404)] {
        let reply = seller.send("GET", &format!("{MANAGEMENT}/"), &[("polar-version", sent)], "");
        assert_eq!(reply.status().as_u16(), status, "{sent:?}");
    }
}

#[test]
fn a_time_outside_the_years_1_to_9999_in_utc_is_a_server_error() {
    let seller = Seller::new();
    let key = seller.sell(BenefitSpec::default()).id;
    for (time, status) in [
        ("9999-12-31T23:59:59Z", 200),
        ("9999-12-31T23:59:59-01:00", 500),
        ("0001-01-01T00:00:00Z", 200),
        ("0001-01-01T00:00:00+01:00", 500),
        ("9999-12-31T23:59:59+23:59", 200),
    ] {
        assert_eq!(seller.patch(key, &format!(r#"{{"expires_at":"{time}"}}"#)).0, status, "{time}");
    }
}

/// As pydantic 2 answers.
#[test]
fn the_year_0_and_numbers_before_it_are_no_times() {
    let seller = Seller::new();
    let key = seller.sell(BenefitSpec::default()).id;
    let zero = "year 0 is out of range";
    let earlier = "dates before 0000 are not supported as unix timestamps";
    for (sent, problem) in [
        (r#""0000-01-01T00:00:00Z""#, zero),
        (r#""0000-12-31T23:59:59-01:00""#, zero),
        (r#""0000-12-31T23:59:59+01:00""#, zero),
        (r#""0000-12-31T23:59:59""#, zero),
        (r#""0000-01-01""#, zero),
        ("-62135596801000", zero),
        (r#""-62150000000000""#, zero),
        ("-62167219201000", earlier),
        ("253402300800000", "dates after 9999 are not supported as unix timestamps"),
    ] {
        let (status, body) = seller.patch(key, &format!(r#"{{"expires_at":{sent}}}"#));
        let error = &body["detail"][0];
        assert_eq!((status, &error["type"]), (422, &"datetime_parsing".into()), "{sent}");
        assert_eq!(error["msg"], format!("Input should be a valid datetime, {problem}"), "{sent}");
        assert_eq!(error["ctx"]["error"], problem, "{sent}");
    }
    for sent in ["-62135596800000", r#""0001-01-01""#, "1e-7"] {
        assert_eq!(seller.patch(key, &format!(r#"{{"expires_at":{sent}}}"#)).0, 200, "{sent}");
    }
}

#[test]
fn every_answer_has_the_date_of_the_clock() {
    let reply = Seller::new().send("GET", "/nowhere", &[], "");
    assert_eq!(header(&reply, "date"), Some("Sun, 31 Jan 2027 12:00:00 GMT"));
}
