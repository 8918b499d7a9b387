use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::Operation;
use anykey_http::{ApiRequest, Limit, Pacer, RetryPolicy, TransportErrorKind};
use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

use crate::support::{Script, Step, status};

fn limit(requests: u32, per: Duration) -> Limit {
    Limit::new(NonZeroU32::new(requests).unwrap(), per)
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

async fn take(pacer: &Pacer, count: usize) -> Vec<Instant> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let _turn = pacer.acquire().await;
        times.push(Instant::now());
    }
    times
}

/// The fullest window of `per`, its start included and its end not, wherever it begins.
fn fullest(times: &[Instant], per: Duration) -> usize {
    let in_window = |from: Instant| times.iter().filter(|at| **at >= from && **at < from + per).count();
    times.iter().map(|start| in_window(*start)).max().unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_window_ever_holds_more_than_the_limit() {
    for requests in [1, 2, 3, 7, 10, 19, 20, 40, 100, 500] {
        let pacer = Pacer::new(&[limit(requests, MINUTE)]);
        let most = usize::try_from(requests).unwrap();
        let times = take(&pacer, most * 5 + 1).await;
        assert!(fullest(&times, MINUTE) <= most, "{requests}: {}", fullest(&times, MINUTE));
        let took = times[most * 5].duration_since(times[0]);
        assert!(took < MINUTE * 5 + SECOND, "all of the limit is used, {requests}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn idle_time_saves_up_no_more_than_the_limit() {
    let pacer = Pacer::new(&[limit(40, SECOND)]);
    take(&pacer, 40).await;
    tokio::time::advance(MINUTE).await;
    let start = Instant::now();
    let times = take(&pacer, 80).await;
    assert_eq!(times.iter().filter(|at| **at == start).count(), 40);
    assert!(fullest(&times, SECOND) <= 40);
}

#[tokio::test(start_paused = true)]
async fn several_limits_hold_together() {
    let pacer = Pacer::new(&[limit(240, MINUTE), limit(40, SECOND)]);
    assert_eq!(pacer.limits()[0].per, SECOND);
    let times = take(&pacer, 600).await;
    assert!(fullest(&times, SECOND) <= 40);
    assert!(fullest(&times, MINUTE) <= 240);
    let took = times[599].duration_since(times[0]);
    assert!(took < Duration::from_secs(125), "the limits must not starve each other: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn the_second_half_of_a_long_window_is_spread_so_that_nobody_waits_for_a_whole_one() {
    let pacer = Pacer::new(&[limit(240, MINUTE)]);
    let times = take(&pacer, 1_000).await;
    assert_eq!(times[119], times[0]);
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest < SECOND, "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_takes_its_place_until_a_window_after_its_turn() {
    let pacer = Pacer::new(&[limit(2, SECOND)]);
    let start = Instant::now();
    let slow = pacer.acquire().await;
    let other = pacer.acquire().await;
    let waiting = tokio::spawn({
        let pacer = pacer.clone();
        async move {
            let _turn = pacer.acquire().await;
            Instant::now()
        }
    });
    tokio::time::advance(SECOND * 3).await;
    assert!(!waiting.is_finished(), "nobody knows yet when the vendor counted the two");
    drop(other);
    assert_eq!(waiting.await.unwrap().duration_since(start).as_secs(), 4);
    drop(slow);
}

#[tokio::test(start_paused = true)]
async fn whenever_the_vendor_counts_a_request_no_window_holds_more() {
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let limits =
            [limit(random.u32(1..40), SECOND), limit(random.u32(1..120), SECOND * random.u32(2..20))];
        let pacer = Pacer::new(&limits);
        let mut callers = Vec::new();
        for _ in 0..random.usize(1..12) {
            let (pacer, mut random) = (pacer.clone(), random.fork());
            callers.push(tokio::spawn(async move {
                let mut counted = Vec::new();
                for _ in 0..30 {
                    let turn = pacer.acquire().await;
                    tokio::time::sleep(Duration::from_millis(random.u64(0..300))).await;
                    counted.push(Instant::now());
                    tokio::time::sleep(Duration::from_millis(random.u64(0..300))).await;
                    drop(turn);
                }
                counted
            }));
        }
        let mut counted = Vec::new();
        for caller in callers {
            counted.extend(caller.await.unwrap());
        }
        counted.sort_unstable();
        for limit in limits {
            let most = fullest(&counted, limit.per);
            assert!(most <= usize::try_from(limit.requests.get()).unwrap(), "{seed}: {most} of {limit:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn first_come_first_served() {
    let pacer = Pacer::new(&[limit(1, SECOND)]);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..5 {
        let (pacer, order) = (pacer.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            drop(pacer.acquire().await);
            order.lock().unwrap().push(number);
        }));
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_overtakes_nobody() {
    let pacer = Pacer::new(&[limit(1, SECOND)]);
    drop(pacer.acquire().await);
    let mut first = Box::pin(pacer.acquire());
    assert!(first.as_mut().now_or_never().is_none());
    tokio::time::advance(Duration::from_millis(1100)).await;
    assert!(pacer.acquire().now_or_never().is_none(), "the slot is the first one's");
    assert!(first.now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn leaving_the_queue_costs_the_others_nothing() {
    let pacer = Pacer::new(&[limit(1, SECOND)]);
    let start = Instant::now();
    drop(pacer.acquire().await);
    for _ in 0..20 {
        assert!(timeout(Duration::from_millis(10), pacer.acquire()).await.is_err());
    }
    drop(pacer.acquire().await);
    let waited = start.elapsed();
    assert!(waited >= SECOND && waited < Duration::from_millis(1100), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn clones_share_one_queue_and_others_do_not() {
    let pacer = Pacer::new(&[limit(1, SECOND)]);
    assert!(pacer.clone().acquire().now_or_never().is_some());
    assert!(pacer.acquire().now_or_never().is_none());
    assert!(Pacer::new(&[limit(1, SECOND)]).acquire().now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn backing_off_holds_everybody_even_those_who_wait_already() {
    let pacer = Pacer::new(&[limit(1, SECOND)]);
    drop(pacer.acquire().await);
    let start = Instant::now();
    let waiting = tokio::spawn({
        let pacer = pacer.clone();
        async move {
            drop(pacer.acquire().await);
            Instant::now()
        }
    });
    tokio::task::yield_now().await;
    pacer.back_off(Duration::from_secs(20));
    pacer.back_off(Duration::from_secs(5));
    assert_eq!(waiting.await.unwrap().duration_since(start).as_secs(), 20);
    drop(pacer.acquire().await);
    assert_eq!(start.elapsed().as_secs(), 21, "and the limit holds after it");
}

#[tokio::test(start_paused = true)]
async fn without_limits_only_backing_off_waits() {
    let pacer = Pacer::unlimited();
    let start = Instant::now();
    take(&pacer, 1000).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    pacer.back_off(SECOND);
    drop(pacer.acquire().await);
    assert_eq!(start.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn survives_absurd_limits() {
    for requests in [1, 2, 19, 20, u32::MAX] {
        for per in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            let pacer = Pacer::new(&[limit(requests, per), limit(requests, per)]);
            assert!(pacer.acquire().now_or_never().is_some(), "{requests} per {per:?}");
            if per == Duration::MAX && requests == 1 {
                assert!(pacer.acquire().now_or_never().is_none());
            }
            pacer.back_off(Duration::MAX);
            assert!(pacer.acquire().now_or_never().is_none());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_one_request_goes_first_and_the_others_when_it_is_answered() {
    let pacer = Pacer::with_one_first(&[limit(100, SECOND)], MINUTE);
    for _ in 0..2 {
        let first = pacer.acquire().await;
        let mut second = Box::pin(pacer.acquire());
        assert!((&mut second).now_or_never().is_none(), "the first is not answered yet");
        first.answered();
        let second = second.await;
        let third = pacer.acquire().now_or_never().unwrap();
        second.answered();
        third.answered();
        tokio::time::advance(MINUTE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_first_request_without_an_answer_one_goes_alone_again() {
    let first = [Step::Hang, Step::Fail(TransportErrorKind::Connect)];
    for first in first {
        let script = Script::new([first, Step::Hang, status(200), status(200)]);
        let pacer = Pacer::with_one_first(&[limit(100, SECOND)], MINUTE);
        let client = script.builder().pacer(pacer).retry(RetryPolicy::none()).build().unwrap();
        let call = || client.send(ApiRequest::get(Operation::List).path(&["keys"]).read_only());
        assert!(call().now_or_never().is_none_or(|answer| answer.is_err()));

        let mut second = Box::pin(call());
        assert!((&mut second).now_or_never().is_none());
        let mut third = Box::pin(call());
        assert!((&mut third).now_or_never().is_none());
        assert_eq!(script.count(), 2, "the third waits for the answer to the second");
        drop(second);
        third.await.unwrap();
        call().await.unwrap();
    }
}

/// The paths of these requests in the order in which they are sent, at one a second. Each comes after its time.
async fn order(requests: Vec<(Duration, ApiRequest)>) -> Vec<String> {
    let script = Script::new(std::iter::repeat_with(|| status(200)).take(requests.len()));
    let client = script.builder().pacer(Pacer::new(&[limit(1, SECOND)])).build().unwrap();
    let sent = requests.into_iter().map(|(after, request)| {
        let client = client.clone();
        async move {
            tokio::time::sleep(after).await;
            client.send(request).await.unwrap()
        }
    });
    let count = join_all(sent).await.len();
    let path = |index| script.request(index).uri().path().trim_start_matches("/v1/").to_owned();
    (0..count).map(path).collect()
}

fn page() -> ApiRequest {
    ApiRequest::get(Operation::List).path(&["page"])
}

fn customer() -> ApiRequest {
    ApiRequest::get(Operation::Validate).path(&["customer"])
}

#[tokio::test(start_paused = true)]
async fn customers_wait_for_no_page_that_is_requested_ahead() {
    let at_once = |request: fn() -> ApiRequest| (Duration::ZERO, request());
    let requests = [page, page, page, customer, customer, page].map(at_once).to_vec();
    assert_eq!(order(requests).await, ["page", "customer", "customer", "page", "page", "page"]);
    let requests = [customer, customer, page, customer].map(at_once).to_vec();
    assert_eq!(order(requests).await, ["customer", "customer", "customer", "page"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_lets_others_go_first_once() {
    let mut requests = vec![(Duration::ZERO, page()), (Duration::ZERO, page())];
    requests.extend((0..4).map(|number| (SECOND / 2 + SECOND * number, customer())));
    assert_eq!(order(requests).await, ["page", "customer", "page", "customer", "customer", "customer"]);
}

#[tokio::test(start_paused = true)]
async fn what_completes_a_page_does_not_wait_for_other_pages() {
    let completing = || ApiRequest::get(Operation::List).path(&["rest"]).completing_a_page();
    let at_once = |request| (Duration::ZERO, request);
    let requests = vec![at_once(page()), at_once(page()), at_once(page()), at_once(completing())];
    assert_eq!(order(requests).await, ["page", "rest", "page", "page"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_given_up_lets_the_next_one_into_the_queue() {
    let script = Script::new(std::iter::repeat_with(|| status(200)).take(2));
    let client = script.builder().pacer(Pacer::new(&[limit(1, SECOND)])).build().unwrap();
    client.send(page()).await.unwrap();
    let (mut waiting, mut behind) = (Box::pin(client.send(page())), Box::pin(client.send(page())));
    assert!((&mut waiting).now_or_never().is_none());
    assert!((&mut behind).now_or_never().is_none());
    drop(waiting);
    behind.await.unwrap();
    assert_eq!(script.count(), 2);
}
