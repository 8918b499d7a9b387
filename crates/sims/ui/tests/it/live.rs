use std::time::Duration;

use anykey::sim::IssueSpec;
use anykey::{ActivateRequest, ValidateRequest};
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::support::{Bench, bench_where};

/// The next event of the stream, without comments that keep it open.
async fn next_event(stream: &mut Incoming) -> String {
    loop {
        let frame =
            timeout(Duration::from_secs(10), stream.frame()).await.expect("an event").unwrap().unwrap();
        let text = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
        if text.contains("event:") {
            return text;
        }
    }
}

#[tokio::test]
async fn an_event_follows_a_request_to_the_api_and_an_action() {
    let bench = bench_where(|bench| bench.vendor.rules().has_seats).await;
    let key = bench.issue(IssueSpec::new());
    let answer = bench.get(&format!("{}events", bench.root())).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut stream = answer.into_body();
    bench.provider().activate(ActivateRequest::new(key.code.clone(), "studio-mac")).await.unwrap();
    assert_eq!(
        next_event(&mut stream).await,
        "event: change\ndata: now\n\n",
        "a browser drops events without data"
    );
    let shown = bench.shown().await;
    assert!(shown.text("#keys").contains("studio-mac"), "{}", shown.text("#keys"));
    assert!(shown.text("#requests tbody").contains("success"), "{}", shown.text("#requests"));
    bench.act(&[("do", "disable"), ("key", key.id.as_str())]).await;
    assert!(next_event(&mut stream).await.contains("event: change"));
}

#[tokio::test]
async fn a_client_that_goes_away_is_shown() {
    let bench = bench_where(Bench::validates_alone).await;
    let key = bench.issue(IssueSpec::new());
    bench.act(&[("do", "fault"), ("fault", "hang"), ("often", "every")]).await;
    let provider = bench.provider();
    let waiting = provider.validate(ValidateRequest::new(key.code.clone()));
    assert!(timeout(Duration::from_millis(50), waiting).await.is_err());
    let shown = bench.shown().await;
    let requests = shown.text("#requests tbody");
    assert!(requests.contains("the client went away") && requests.contains("fault: no answer"), "{requests}");
}
