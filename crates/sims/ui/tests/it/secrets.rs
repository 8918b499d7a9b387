use anykey::sim::IssueSpec;
use anykey::{ActivateRequest, ListQuery, ValidateRequest};

use crate::support::benches;

#[tokio::test]
async fn a_code_is_masked_until_its_button_is_pressed() {
    for bench in benches().await {
        let key = bench.issue(IssueSpec::new());
        let other = bench.issue(IssueSpec::new());
        let id = key.id.as_str();
        let code = key.code.expose();
        let shown = bench.shown().await;
        assert!(shown.text("#keys").contains(&key.code.masked().to_string()), "{}", bench.title);
        assert!(!shown.html.contains(code), "{}", bench.title);
        let shown = bench.act(&[("do", "reveal"), ("key", id)]).await;
        assert!(shown.text("#keys").contains(code), "{}", bench.title);
        assert!(!shown.html.contains(other.code.expose()), "{}", bench.title);
        assert!(!shown.text("#notice").contains(code), "{}", bench.title);
        let shown = bench.act(&[("do", "hide"), ("key", id)]).await;
        assert!(!shown.html.contains(code), "{}", bench.title);
    }
}

#[tokio::test]
async fn requests_answers_and_webhooks_show_neither_codes_nor_credentials() {
    for bench in benches().await {
        let provider = bench.provider();
        let key = bench.issue(IssueSpec::new());
        let mut codes = vec![key.code.expose().to_owned()];
        // Whatever the vendor says to each: what counts is what the page shows of it.
        let _ = provider.activate(ActivateRequest::new(key.code.clone(), "laptop")).await;
        let _ = provider.validate(ValidateRequest::new(key.code.clone())).await;
        if let Some(seat) = bench.vendor.activate(&key.id, "office-pc") {
            let _ = provider.validate(ValidateRequest::new(key.code.clone()).activation(seat)).await;
        }
        let _ = provider.list(ListQuery::new().customer(key.customer.clone())).await;
        if let Some(code) = bench.vendor.rotate(&key.id) {
            codes.push(code.expose().to_owned());
        }
        let _ = provider.validate(ValidateRequest::new(key.code.clone())).await;
        let _ = provider.get(&key.id).await;
        bench.act(&[("do", "deliver")]).await;
        let shown = bench.shown().await;
        assert!(shown.texts("#requests tbody tr").len() >= 2, "{}", bench.title);
        for code in codes {
            assert!(!shown.html.contains(&code), "{}: {}", bench.title, shown.text("#requests"));
        }
        for plane in bench.vendor.planes() {
            for (name, secret) in plane.secrets.iter() {
                assert!(!shown.html.contains(secret), "{} {name}", bench.title);
            }
        }
    }
}
