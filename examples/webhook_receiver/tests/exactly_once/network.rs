//! The way from the vendors to the receiver, and what goes over it.

use std::collections::{BTreeMap, BTreeSet};

use anykey::{HeaderMap, LicenseKeyId, Timestamp, WebhookError};
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, Request, Uri};

use crate::process::{LAST_REQUEST, Receiver};
use crate::random::Random;
use crate::shop::{Outcome, Sending, Shop};
use crate::table::Name;

const AT_ONCE: usize = 12;
/// Percentage of requests that arrive after all others of their round, and then some.
const SLOW: usize = 8;

pub(crate) struct Network {
    pub(crate) receiver: Receiver,
    pub(crate) figures: Figures,
    /// Kills the receiver in the middle of the next batch.
    pub(crate) kills_midway: bool,
    /// Has the receiver die between the next new event's commit and its answer.
    pub(crate) dies_unanswered: bool,
    transport: ReqwestTransport,
    random: Random,
    slow: Vec<Sending>,
    sent: BTreeMap<Name, Content>,
    youngest: BTreeMap<Name, Timestamp>,
}

/// What a message says, by the test's own reading.
enum Content {
    Event(Option<LicenseKeyId>),
    Unreadable,
    Ignored,
}

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) sendings: usize,
    /// Requests that a dying receiver left without an answer.
    pub(crate) unanswered: usize,
    /// Answers that did not reach the vendor, which then sent again.
    pub(crate) lost_answers: usize,
    pub(crate) given_up: usize,
    /// Requests that told an older state of a key than one sent before.
    pub(crate) overtaken: usize,
    /// Deaths between a delivery's record and its commit.
    pub(crate) deaths_at_commit: usize,
    /// Deaths between the commit and the answer.
    pub(crate) deaths_unanswered: usize,
    /// Deaths at any moment.
    pub(crate) kills: usize,
}

#[derive(Debug)]
pub(crate) struct Tally {
    /// Messages about license keys.
    pub(crate) events: usize,
    /// Requests that brought a message again.
    pub(crate) duplicates: usize,
    pub(crate) unreadable: usize,
    pub(crate) ignored: usize,
}

impl Network {
    pub(crate) fn new(receiver: Receiver) -> Self {
        Self {
            receiver,
            figures: Figures::default(),
            kills_midway: false,
            dies_unanswered: false,
            transport: ReqwestTransport::builder().no_proxy().build().unwrap(),
            random: Random(11),
            slow: Vec::new(),
            sent: BTreeMap::new(),
            youngest: BTreeMap::new(),
        }
    }

    /// Brings what is due, at most about `most` requests, each answered, lost or late.
    pub(crate) async fn deliver(&mut self, shop: &Shop, most: usize, is_slow: bool) {
        let mut late = std::mem::take(&mut self.slow);
        let mut count = 0;
        while count < most {
            let mut batch = shop.take(most.min(64));
            if batch.is_empty() && late.is_empty() {
                return;
            }
            count += batch.len();
            if is_slow {
                let (slow, fast) = batch.into_iter().partition(|_| self.random.below(100) < SLOW);
                batch = fast;
                self.slow.extend::<Vec<_>>(slow);
            }
            if batch.is_empty() {
                batch = std::mem::take(&mut late);
            }
            self.bring(shop, batch).await;
        }
        self.bring(shop, late).await;
    }

    async fn bring(&mut self, shop: &Shop, mut batch: Vec<Sending>) {
        let now = shop.clock.now();
        self.set_clock(now).await;
        for sending in &mut batch {
            let is_new_event = self.note(shop, sending, now);
            if is_new_event && std::mem::take(&mut self.dies_unanswered) {
                sending.request.headers_mut().insert(LAST_REQUEST, HeaderValue::from_static("1"));
            }
        }
        let (transport, address) = (&self.transport, self.receiver.address);
        let answers = batch.into_iter().map(|sending| async move {
            let (mut parts, body) = sending.request.clone().into_parts();
            parts.uri = format!("http://{address}{}", parts.uri.path()).parse().unwrap();
            let answer = transport.send(Request::from_parts(parts, body)).await.ok();
            (sending, answer.map(|answer| answer.status()))
        });
        let mut answers = stream::iter(answers).buffer_unordered(AT_ONCE);
        while let Some((sending, answer)) = answers.next().await {
            self.figures.unanswered += usize::from(answer.is_none());
            if answer.is_none() && sending.request.headers().contains_key(LAST_REQUEST) {
                self.figures.deaths_unanswered += 1;
                self.receiver.is_mourned = true;
            }
            match shop.answered(&sending, answer) {
                Outcome::Retried => {
                    self.figures.lost_answers +=
                        usize::from(answer.is_some_and(|status| status.is_success()));
                }
                Outcome::GivenUp => self.figures.given_up += 1,
                Outcome::Settled => {}
            }
            if std::mem::take(&mut self.kills_midway) {
                self.receiver.kill();
                self.receiver.is_mourned = true;
                self.figures.kills += 1;
            }
        }
    }

    /// Tells the receiver the time; its successor, when it is dead.
    async fn set_clock(&mut self, now: Timestamp) {
        let uri = format!("http://{}/clock/{}", self.receiver.address, now.as_microsecond());
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.parse::<Uri>().unwrap();
        if self.transport.send(request).await.is_err() {
            self.figures.deaths_at_commit += usize::from(!self.receiver.is_mourned);
            self.receiver.restart(now).await;
        }
    }

    /// Remembers what has to become of a request, and says whether it is an event that was never sent before.
    fn note(&mut self, shop: &Shop, sending: &Sending, now: Timestamp) -> bool {
        self.figures.sendings += 1;
        let headers: &HeaderMap = sending.request.headers();
        assert!(!headers.contains_key(AUTHORIZATION));
        let id = headers.get("webhook-id").unwrap().to_str().unwrap().to_owned();
        let message = (sending.vendor.to_owned(), id);
        let is_first = !self.sent.contains_key(&message);
        let content = match shop.receiver(sending.vendor).verify(headers, sending.request.body(), now) {
            Ok(event) => {
                if let Some(key) = &event.key_id {
                    let name = (sending.vendor.to_owned(), key.to_string());
                    let youngest = self.youngest.entry(name).or_insert(event.as_of);
                    self.figures.overtaken += usize::from(event.as_of < *youngest);
                    if is_first {
                        *youngest = event.as_of.max(*youngest);
                    }
                }
                Content::Event(event.key_id)
            }
            Err(WebhookError::Unreadable(_)) => Content::Unreadable,
            Err(WebhookError::NotOfInterest(_)) => Content::Ignored,
            Err(refused) => panic!("{}: {refused}", sending.vendor),
        };
        let is_event = matches!(content, Content::Event(_));
        self.sent.insert(message, content);
        is_first && is_event
    }

    /// What has to be in the journal: every message that was ever sent, once.
    pub(crate) fn applied(&self) -> Vec<Name> {
        self.names(|content| matches!(content, Content::Event(_)))
    }

    pub(crate) fn unreadable(&self) -> Vec<Name> {
        self.names(|content| matches!(content, Content::Unreadable))
    }

    fn names(&self, is_meant: impl Fn(&Content) -> bool) -> Vec<Name> {
        self.sent.iter().filter(|(_, content)| is_meant(content)).map(|(name, _)| name.clone()).collect()
    }

    /// How many messages named each key.
    pub(crate) fn deliveries_by_key(&self) -> BTreeMap<Name, i64> {
        let mut counts = BTreeMap::new();
        for ((vendor, _), content) in &self.sent {
            if let Content::Event(Some(key)) = content {
                *counts.entry((vendor.clone(), key.to_string())).or_default() += 1;
            }
        }
        counts
    }

    /// The youngest state that the first request of any message told of each key. A later one may tell a younger
    /// state, and be passed over: that state has a message of its own.
    pub(crate) const fn youngest(&self) -> &BTreeMap<Name, Timestamp> {
        &self.youngest
    }

    pub(crate) fn tally(&self) -> Tally {
        let applied: BTreeSet<_> = self.applied().into_iter().collect();
        let unreadable = self.unreadable().len();
        Tally {
            events: applied.len(),
            unreadable,
            ignored: self.sent.len() - applied.len() - unreadable,
            duplicates: self.figures.sendings - self.sent.len(),
        }
    }
}
