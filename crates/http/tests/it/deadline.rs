use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::{ErrorKind, Operation};
use anykey_http::{ApiRequest, Limit, Pacer, RetryPolicy, TransportErrorKind as Kind};
use tokio::time::Instant;

use crate::support::{Script, Step, answer, status};

fn get() -> ApiRequest {
    ApiRequest::get(Operation::List)
}

fn activate() -> ApiRequest {
    ApiRequest::post(Operation::Activate)
}

#[tokio::test(start_paused = true)]
async fn an_activation_gets_the_whole_deadline_once() {
    let script = Script::new([Step::Hang]);
    let start = Instant::now();
    let error = script.client().send(activate()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (1, true));
}

#[tokio::test(start_paused = true)]
async fn a_read_tries_again_within_the_same_deadline() {
    let script = Script::new([Step::Hang, Step::Hang, Step::Hang]);
    let start = Instant::now();
    let error = script.client().send(get()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));

    let script = Script::new([Step::Hang, status(200)]);
    let start = Instant::now();
    let response = script.client().send(get()).await.unwrap();
    assert_eq!((response.attempts(), start.elapsed().as_secs()), (2, 10));
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_may_take_all_that_is_left() {
    let script = Script::new([Step::Hang, Step::Hang]);
    let client = script.builder().retry(RetryPolicy::new().with_max_attempts(2)).build().unwrap();
    let start = Instant::now();
    assert_eq!(client.send(get()).await.unwrap_err().attempts(), 2);
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_for_one_long_attempt() {
    let script = Script::new([Step::Hang]);
    let client = script
        .builder()
        .deadline(Duration::from_secs(3))
        .attempt_timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    let start = Instant::now();
    assert_eq!(client.send(get()).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_block_longer_than_the_deadline_is_reported_at_once_and_to_everybody() {
    let script = Script::new([answer(429, &[("retry-after", "60")], ""), status(200)]);
    let client = script.client();
    let start = Instant::now();
    let response = client.send(get()).await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (429, 1));
    let error = client.clone().send(activate()).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO, "nobody slept");
    assert_eq!(script.count(), 1, "the second was not sent");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!((error.attempts(), error.may_have_taken_effect(), error.is_transient()), (0, false, true));

    tokio::time::advance(Duration::from_secs(60)).await;
    assert!(client.send(get()).await.unwrap().is_success());
}

#[tokio::test(start_paused = true)]
async fn a_short_block_holds_everybody_back() {
    let script = Script::new([answer(429, &[("retry-after", "5")], ""), status(200)]);
    let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
    client.send(get()).await.unwrap();
    client.send(activate()).await.unwrap();
    let times = script.times();
    assert_eq!((times[1] - times[0]).as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn waiting_in_the_queue_counts() {
    let minute = Limit::new(NonZeroU32::MIN, Duration::from_secs(60));
    let script = Script::new([status(200)]);
    let client = script.builder().pacer(Pacer::new(&[minute])).build().unwrap();
    client.send(get()).await.unwrap();
    let start = Instant::now();
    let error = client.send(get()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!((error.kind(), error.attempts(), script.count()), (ErrorKind::RateLimited, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_not_lost_to_the_queue() {
    let minute = Limit::new(NonZeroU32::MIN, Duration::from_secs(60));
    let script = Script::new([status(503)]);
    let client = script.builder().pacer(Pacer::new(&[minute])).build().unwrap();
    assert_eq!(client.send(get()).await.unwrap().status().as_u16(), 503);

    let script = Script::new([Step::Fail(Kind::Interrupted)]);
    let client = script.builder().pacer(Pacer::new(&[minute])).build().unwrap();
    let error = client.send(activate().repeatable()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Transport, true));
}
