use anykey::sim::IssueSpec;
use http_body_util::Full;
use hyper::{Method, Request, StatusCode};

use crate::support::{Bench, Shown, benches, text};

async fn any() -> Bench {
    benches().await.remove(0)
}

#[tokio::test]
async fn without_the_token_there_is_nothing() {
    let bench = any().await;
    let root = bench.root();
    for path in
        ["/", "/style.css", "/events", &format!("/x{}", root.get(2..).unwrap()), root.trim_end_matches('/')]
    {
        let answer = bench.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(text(answer).await, "");
    }
    assert_eq!(bench.get(&root).await.status(), StatusCode::OK);
    assert_eq!(bench.get(&format!("{root}vendor/nobody")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_host_is_refused() {
    let bench = any().await;
    let request = Request::get(bench.root()).header("host", "evil.example").body(Full::default()).unwrap();
    assert_eq!(bench.send(request).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_of_another_origin_changes_nothing() {
    let bench = any().await;
    let before = bench.vendor.keys().unwrap().len();
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let request = Request::builder().method(Method::POST).uri(bench.path()).header("host", bench.host());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        let answer = bench.send(request.body("do=issue&seats=1".into()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert_eq!(bench.vendor.keys().unwrap().len(), before);
}

#[tokio::test]
async fn a_browser_loads_nothing_else_and_keeps_nothing() {
    let bench = any().await;
    for path in [bench.root(), bench.path(), format!("{}script.js", bench.root()), "/wrong".to_owned()] {
        let answer = bench.get(&path).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn the_page_has_no_script_or_style_inside_and_nothing_from_elsewhere() {
    let bench = any().await;
    for path in [bench.root(), bench.path()] {
        let shown = Shown::of(&text(bench.get(&path).await).await);
        assert_eq!(shown.text("script"), "");
        assert!(shown.texts("style, [style]").is_empty());
        let links = ["href", "src", "action"].map(|name| shown.attributes(&format!("[{name}]"), name));
        for link in links.concat() {
            let is_own = link.starts_with(&bench.root()) || ["data:,", "#main"].contains(&link.as_str());
            assert!(is_own, "{link}");
        }
    }
}

#[tokio::test]
async fn what_clients_send_is_shown_as_text_and_never_as_html() {
    let html = "<img src=x onerror=alert(1)>\"'";
    for bench in benches().await {
        let key = bench.issue(IssueSpec::new());
        bench.vendor.activate(&key.id, html);
        let request = Request::post("http://127.0.0.1/%3Cimg%3E?%22%3E").header("user-agent", html);
        let _ = bench.api.send(request.body(html.into()).unwrap()).await;
        bench.act(&[("do", "announce"), ("event", html), ("data", "{\"<img>\":\"<img>\"}")]).await;
        let shown = bench.act(&[("do", "deliver")]).await;
        assert!(shown.text("#requests pre").contains(html), "{}", bench.title);
        assert!(shown.texts("img, [onerror]").is_empty(), "{}", bench.title);
    }
}
