//! A vendor on a loopback socket, in a process of its own so that its work is not counted as the client's.
//!
//! Cheap on purpose: pages are cut from text that is rendered beforehand. Its parent tells it on its standard
//! input how to behave, one [`Order`] a line, each answered by a line.

use std::collections::VecDeque;
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Vendor;
use crate::bodies::{Catalogue, validated};

/// What the server was asked for and what it refused, since it was last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All requests.
    pub requests: u64,
    /// Those answered 429 because they were over the limit.
    pub over_limit: u64,
    /// Those that were made to fail.
    pub faults: u64,
}

#[derive(Default)]
struct Behaviour {
    latency: Duration,
    limits: Vec<(usize, Duration)>,
    arrivals: VecDeque<Instant>,
    /// Every so manieth request fails with this status.
    fault: Option<(u64, u16)>,
    tally: Tally,
}

struct Shop {
    dodo: Catalogue,
    polar: Catalogue,
    validated_dodo: String,
    validated_polar: String,
    behaviour: Mutex<Behaviour>,
}

/// Serves `keys` keys of each vendor until the parent closes standard input.
///
/// # Errors
///
/// When no socket can be had.
pub fn run(keys: usize) -> std::io::Result<()> {
    let shop = Arc::new(Shop {
        dodo: Catalogue::new(Vendor::Dodo, keys),
        polar: Catalogue::new(Vendor::Polar, keys),
        validated_dodo: validated(Vendor::Dodo),
        validated_polar: validated(Vendor::Polar),
        behaviour: Mutex::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    say(&listener.local_addr()?.port().to_string());
    let orders = Arc::clone(&shop);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            say(&orders.obey(&line));
        }
        std::process::exit(0);
    });
    runtime.block_on(async move {
        loop {
            let (socket, _) = listener.accept().await?;
            tokio::spawn(serve(Arc::clone(&shop), socket));
        }
    })
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

async fn serve(shop: Arc<Shop>, mut socket: TcpStream) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut input = Vec::with_capacity(4_096);
    loop {
        let (head, length) = loop {
            if let Some(found) = complete(&input) {
                break found;
            }
            if socket.read_buf(&mut input).await? == 0 {
                return Ok(());
            }
        };
        let target = target(&input[..head]).to_owned();
        input.drain(..head + length);
        let refusal = shop.meet(Instant::now());
        let latency = shop.behaviour().latency;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let answer = match refusal {
            Some(refusal) => refusal,
            None => shop.answer(&target),
        };
        socket.write_all(&answer).await?;
    }
}

/// The lengths of the first request's head and body, once both are here.
fn complete(input: &[u8]) -> Option<(usize, usize)> {
    let head = input.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&input[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length = length.unwrap_or(0);
    (input.len() >= head + length).then_some((head, length))
}

fn target(head: &[u8]) -> &str {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    std::str::from_utf8(line).unwrap_or_default().split(' ').nth(1).unwrap_or_default()
}

fn number(target: &str, name: &str) -> Option<usize> {
    let (_, query) = target.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn respond(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    let mut answer = Vec::with_capacity(head.len() + body.len());
    answer.extend_from_slice(head.as_bytes());
    answer.extend_from_slice(body);
    answer
}

impl Shop {
    fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, target: &str) -> Vec<u8> {
        let body = match target.split('?').next().unwrap_or_default() {
            "/licenses/validate" => self.validated_dodo.clone().into_bytes(),
            path if path.ends_with("/license-keys/validate") => self.validated_polar.clone().into_bytes(),
            "/license_keys" => self
                .dodo
                .page(number(target, "page_number").unwrap_or(0), number(target, "page_size").unwrap_or(10)),
            path if path.ends_with("/license-keys/") => self.polar.page(
                number(target, "page").unwrap_or(1).saturating_sub(1),
                number(target, "limit").unwrap_or(10),
            ),
            _ => return respond("404 Not Found", "", b"{}"),
        };
        respond("200 OK", "", &body)
    }

    /// Counts a request, and refuses it where its time has come.
    fn meet(&self, now: Instant) -> Option<Vec<u8>> {
        let mut behaviour = self.behaviour();
        behaviour.tally.requests += 1;
        let longest = behaviour.limits.iter().map(|(_, per)| *per).max().unwrap_or_default();
        while behaviour.arrivals.front().is_some_and(|first| now - *first >= longest) {
            behaviour.arrivals.pop_front();
        }
        let is_over = behaviour.limits.iter().any(|(most, per)| {
            behaviour.arrivals.iter().rev().take_while(|arrival| now - **arrival < *per).count() >= *most
        });
        if is_over {
            behaviour.tally.over_limit += 1;
            return Some(respond("429 Too Many Requests", "retry-after: 1\r\n", b"{}"));
        }
        behaviour.arrivals.push_back(now);
        let (every, status) = behaviour.fault?;
        if !behaviour.tally.requests.is_multiple_of(every) {
            return None;
        }
        behaviour.tally.faults += 1;
        Some(match status {
            429 => respond("429 Too Many Requests", "retry-after: 1\r\n", b"{}"),
            _ => respond("503 Service Unavailable", "retry-after: 1\r\n", b"{}"),
        })
    }

    fn obey(&self, line: &str) -> String {
        let mut behaviour = self.behaviour();
        let words: Vec<&str> = line.split(' ').collect();
        let value = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
        match words.first().copied() {
            Some("reset") => *behaviour = Behaviour::default(),
            Some("latency") => behaviour.latency = Duration::from_millis(value(1)),
            Some("limit") => {
                let most = usize::try_from(value(1)).unwrap_or(usize::MAX);
                behaviour.limits.push((most, Duration::from_millis(value(2))));
            }
            Some("fault") => behaviour.fault = Some((value(1), u16::try_from(value(2)).unwrap_or(503))),
            _ => {}
        }
        let Tally { requests, over_limit, faults } = behaviour.tally;
        format!("{requests} {over_limit} {faults}")
    }
}
