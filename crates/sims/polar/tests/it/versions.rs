use super::*;

/// The members that a version adds to the answers of five endpoints.
fn added(seller: &Seller, version: &str) -> Vec<String> {
    let benefit = seller.sim.add_benefit(devices(1)).unwrap();
    let member = MemberSpec { email: "seat@example.com".to_owned(), ..Default::default() };
    let member = seller.sim.add_member(seller.customer, member).unwrap();
    let sold = seller.sim.grant(GrantSpec::subscription(benefit, seller.customer).member(member)).unwrap();
    let organization = seller.sim.organization_id();
    let body = format!(r#"{{"key":"{}","organization_id":"{organization}","label":""}}"#, sold.key);
    let (length, bearer) = (body.len().to_string(), format!("Bearer {}", seller.token));
    let headers = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
        ("content-length", &*length),
        ("polar-version", version),
    ];
    let id = sold.id;
    let call = |method, path: String| read(&seller.send(method, &path, &headers, &body)).1;
    [
        call("POST", format!("{MANAGEMENT}/validate")),
        call("POST", format!("{DEVICE}/activate"))["license_key"].clone(),
        call("GET", format!("{MANAGEMENT}/{id}")),
        call("PATCH", format!("{MANAGEMENT}/{id}")),
        call("POST", format!("{MANAGEMENT}/{id}/rotate")),
    ]
    .iter()
    .map(|key| {
        let members = key.as_object().unwrap().keys().map(String::as_str);
        members
            .filter(|name| ["member", "order", "order_id", "subscription"].contains(name))
            .collect::<Vec<_>>()
            .join(" ")
    })
    .collect()
}

#[test]
fn versions_add_members_since_october() {
    let october = Seller::with(|builder| builder.release(Release::October2026));
    let (none, seat, sale) = ("", "member", "member order order_id subscription");
    assert_eq!(added(&october, "2026-04"), [none; 5]);
    assert_eq!(added(&october, "2026-10"), [seat; 5]);
    assert_eq!(added(&october, "2027-01"), [sale, sale, seat, seat, seat]);
    assert_eq!(added(&october, ""), [seat; 5]);
    let august = Seller::new();
    assert_eq!(added(&august, "2026-10"), [none; 5]);
}

#[test]
fn answers_contain_order_or_subscription_since_2027_01() {
    let seller =
        Seller::with(|builder| builder.release(Release::October2026).current_version(ApiVersion::V2027_01));
    let benefit = seller.sim.add_benefit(devices(1)).unwrap();
    let ordered = seller.sim.grant(GrantSpec::order(benefit, seller.customer)).unwrap();
    let (_, key) = seller.validate(&ordered.key, "");
    assert_eq!(key["order_id"], ordered.order_id.unwrap().to_string());
    assert_eq!(
        (&key["order"]["paid"], &key["subscription"], &key["member"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    let subscribed = seller.sim.grant(GrantSpec::subscription(benefit, seller.customer)).unwrap();
    let (_, key) = seller.validate(&subscribed.key, "");
    assert_eq!(
        (&key["subscription"]["status"], &key["subscription"]["ends_at"]),
        (&"active".into(), &Value::Null)
    );
    assert_eq!(key["order"], Value::Null);
    seller.wait(60);
    seller.sim.end_grant(subscribed.id).unwrap();
    seller.patch(subscribed.id, r#"{"status":"granted"}"#);
    let (_, key) = seller.validate(&subscribed.key, "");
    let subscription = &key["subscription"];
    assert_eq!(
        (&subscription["status"], &subscription["ends_at"]),
        (&"canceled".into(), &"2027-01-31T12:01:00Z".into())
    );
}

#[test]
fn a_version_that_is_not_served_is_a_404_without_headers() {
    let seller = Seller::new();
    let answer = |version: &str| {
        let headers = [("polar-version", version)];
        let reply = seller.send("GET", &format!("{MANAGEMENT}/"), &headers, "");
        let names: Vec<String> = reply.headers().keys().map(ToString::to_string).collect();
        (reply.status().as_u16(), names.contains(&"polar-version".to_owned()))
    };
    for (version, expected) in [
        ("2026-04", (401, true)),
        ("2027-01", (404, false)),
        ("2026-4", (404, false)),
        ("latest", (404, false)),
    ] {
        assert_eq!(answer(version), expected, "{version}");
    }
    seller.sim.remove_version(ApiVersion::V2026_04);
    assert_eq!(answer("2026-04"), (404, false));
    let reply = seller.send("GET", &format!("{MANAGEMENT}/"), &[], "");
    assert_eq!(header(&reply, "polar-version"), Some("2026-10"));
}

#[test]
fn early_errors_have_few_headers() {
    let seller = Seller::with(|builder| builder.environment(Environment::Sandbox));
    let mark = |reply: Reply| {
        (header(&reply, "x-polar-sandbox").is_some(), header(&reply, "cache-control").map(str::to_owned))
    };
    let private = Some("private, no-store".to_owned());
    let list = format!("{MANAGEMENT}/");
    assert_eq!(mark(seller.send("GET", "/v1/nothing", &[], "")), (true, private.clone()));
    assert_eq!(mark(seller.send("GET", &list, &[], "")), (true, private));
    assert_eq!(mark(seller.send("POST", &list, &[], "")), (false, None));
    let refused = seller.send("GET", &list, &[("authorization", "Bearer x")], "");
    assert_eq!(mark(refused), (false, Some("no-store".to_owned())));
    (0..100).for_each(|_| _ = seller.send("GET", &list, &[], ""));
    let limited = seller.send("GET", "/api/v1/license-keys/", &[], "");
    assert_eq!((limited.status().as_u16(), header(&limited, "retry-after")), (429, Some("60")));
    assert!(
        header(&limited, "x-polar-deprecation-notice").is_some()
            && header(&limited, "content-type").is_none()
    );
    assert_eq!(mark(limited), (false, None));
}

#[test]
fn a_crash_has_no_additional_headers() {
    let seller = Seller::new();
    let sold = seller.sell(devices(1));
    let bearer = format!("Bearer {}", seller.token);
    let headers = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
        ("content-length", "15"),
        ("origin", "https://app.example"),
    ];
    let reply = seller.send("PATCH", &format!("{MANAGEMENT}/{}", sold.id), &headers, r#"{"status":null}"#);
    let mut names: Vec<_> = reply.headers().keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!((reply.status().as_u16(), &reply.body()[..]), (500, &b"Internal Server Error"[..]));
    assert_eq!(names, ["content-length", "content-type", "date"]);
}

#[test]
fn redirects_keep_host_and_query() {
    let seller = Seller::new();
    let location = |headers: &[(&str, &str)]| {
        let reply = seller.send("GET", "/v1/license-keys?limit=1", headers, "");
        header(&reply, "location").unwrap().to_owned()
    };
    assert_eq!(location(&[]), "https://api.polar.sh/v1/license-keys/?limit=1");
    assert_eq!(location(&[("host", "localhost:1")]), "https://localhost:1/v1/license-keys/?limit=1");
}

#[test]
fn a_preflight_answers_methods_and_headers() {
    let seller = Seller::new();
    for (method, asked, status, body) in [
        ("POST", "polar-version, Content-Type", 200, "OK"),
        ("TRACE", "accept", 400, "Disallowed CORS method"),
        ("POST", "x-custom", 400, "Disallowed CORS headers"),
    ] {
        let headers = [
            ("origin", "https://app.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", asked),
        ];
        let reply = seller.send("OPTIONS", "/anything", &headers, "");
        assert_eq!((reply.status().as_u16(), &reply.body()[..]), (status, body.as_bytes()));
    }
    let reply =
        seller.send("OPTIONS", &format!("{DEVICE}/"), &[("access-control-request-method", "GET")], "");
    assert_eq!((reply.status().as_u16(), header(&reply, "allow")), (405, Some("GET")));
}

#[test]
fn ids_are_determined_by_the_seed() {
    let key = |seed, environment| {
        let seller = Seller::with(|builder| builder.seed(seed).environment(environment));
        (seller.sim.organization_id(), seller.token.clone(), seller.sell(devices(1)).key)
    };
    assert_eq!(key(1, Environment::Sandbox), key(1, Environment::Sandbox));
    assert_ne!(key(1, Environment::Sandbox).0, key(2, Environment::Sandbox).0);
    assert_ne!(key(1, Environment::Sandbox).2, key(1, Environment::Production).2);
}
