//! What no recording shows.

use anykey_core::{HttpTransport, ManualClock};
use anykey_dlm_sim::kit::TestRequest;
use anykey_dlm_sim::{Consumer, DlmSim, License, Table};
use serde_json::{Value, json};

struct Shop {
    site: DlmSim,
    consumer: Consumer,
}

impl Shop {
    fn new() -> Self {
        let site = DlmSim::new(ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap()));
        let consumer = Consumer::new("ck_1", "cs_1");
        site.add_consumer(consumer.clone());
        Self { site, consumer }
    }

    fn key(&self, code: &str) -> i64 {
        let mut license = License::default();
        license.license_key = code.to_owned();
        license.status = 3;
        self.site.add_license(license).unwrap()
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("https://shop.example.com/wp-json/dlm/v1/{path}");
        let request = TestRequest::new(method, url).header("Authorization", self.consumer.authorization());
        let request = body.map_or(request.clone(), |body| request.json(&body));
        let answer = self.site.send(request.build().unwrap()).await.unwrap();
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
    }
}

#[tokio::test]
async fn a_key_lives_from_its_creation_to_its_deletion() {
    let shop = Shop::new();
    let body = json!({"license_key": "DLM-LIFE-0001", "status": 3, "activations_limit": 1});
    let (status, created) = shop.call("POST", "licenses", Some(body)).await;
    assert_eq!((status, &created["data"]["id"]), (200, &json!(1)));
    let (_, seat) = shop.call("GET", "licenses/activate/DLM-LIFE-0001?label=laptop", None).await;
    let token = seat["data"]["token"].as_str().unwrap().to_owned();
    assert_eq!(shop.call("GET", "licenses/activate/DLM-LIFE-0001", None).await.0, 404);
    assert_eq!(shop.call("PUT", "licenses/1", Some(json!({"license_key": "DLM-LIFE-0002"}))).await.0, 200);
    let (_, validated) = shop.call("GET", &format!("licenses/validate/{token}"), None).await;
    assert_eq!(validated["data"]["license"]["license_key"], "DLM-LIFE-0002");
    assert_eq!(shop.call("GET", &format!("licenses/deactivate/{token}"), None).await.0, 200);
    assert_eq!(
        shop.call("DELETE", "licenses/DLM-LIFE-0002", None).await,
        (200, json!({"success": true, "data": []}))
    );
    assert_eq!(shop.call("GET", &format!("licenses/validate/{token}"), None).await.0, 404);
}

#[tokio::test]
async fn a_filter_takes_operators_and_refuses_unknown_columns() {
    let shop = Shop::new();
    for code in ["DLM-F-1", "DLM-F-2", "DLM-F-3"] {
        shop.key(code);
    }
    for (query, expected) in [
        ("id[operator]=NOT%20IN&id[value][]=1&id[value][]=2", vec![3]),
        ("id[operator]=%3E&id[value]=1", vec![3, 2]),
        ("id[operator]=SOUNDS&id[value]=1", vec![]),
        ("created_at[operator]=%3C&created_at[value]=2026-01-01", vec![]),
        ("status=3&source=1", vec![]),
        ("cache=1", vec![]),
    ] {
        let query = query.replace('[', "%5B").replace(']', "%5D");
        let (_, found) = shop.call("GET", &format!("licenses?{query}"), None).await;
        let ids: Vec<_> =
            found["data"].as_array().into_iter().flatten().map(|key| key["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }
}

#[tokio::test]
async fn an_unreadable_table_looks_empty() {
    let shop = Shop::new();
    shop.key("DLM-DOWN-0001");
    let (_, seat) = shop.call("GET", "licenses/activate/DLM-DOWN-0001", None).await;
    let token = seat["data"]["token"].as_str().unwrap();
    shop.site.change_switches(|switches| switches.unreadable_table = Some(Table::Activations));
    assert_eq!(shop.call("GET", &format!("licenses/deactivate/{token}"), None).await.0, 404);
    assert_eq!(shop.call("GET", "licenses/activate/DLM-DOWN-0001", None).await.0, 500);
    shop.site.change_switches(|switches| switches.unreadable_table = Some(Table::Licenses));
    assert_eq!(shop.call("GET", "licenses/activate/DLM-DOWN-0001", None).await.0, 404);
    shop.site.change_switches(|switches| switches.unreadable_table = Some(Table::Consumers));
    assert_eq!(shop.call("GET", "licenses", None).await.0, 401);
}
