use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anykey::webhook::{DeliveriesExt, MemoryDeliveries, Once, OnceError};
use anykey::{LicenseEvent, Timestamp, WebhookError, WebhookFeed, WebhookReceiver};
use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::sync::mpsc::UnboundedSender;

use super::archive::Archive;
use super::arrival::{Arrival, Refusal};
use super::forward::Forwarder;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Sink;
use crate::target::Target;
use crate::view::DeliveryView;

/// The largest body that is taken, in bytes; deliveries have a few thousand.
const LARGEST_BODY: usize = 1 << 20;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the deliveries of one provider come in.
pub(super) struct Endpoint {
    /// `main (dodo, live)`.
    pub(super) title: String,
    name: String,
    path: String,
    is_default: bool,
    receiver: Arc<dyn WebhookReceiver>,
    /// Where the vendor keeps deliveries until they are asked for.
    pub(super) feed: Option<Arc<dyn WebhookFeed>>,
    printed: MemoryDeliveries,
}

impl Endpoint {
    pub(super) fn new(
        target: &Target,
        path: &str,
        is_default: bool,
        receiver: Arc<dyn WebhookReceiver>,
        feed: Option<Arc<dyn WebhookFeed>>,
    ) -> Self {
        Self {
            title: target.to_string(),
            name: target.name.clone(),
            path: path.to_owned(),
            is_default,
            receiver,
            feed,
            printed: MemoryDeliveries::new(),
        }
    }
}

/// Where authentic deliveries go besides the screen.
#[derive(Debug)]
pub(super) struct Onward {
    pub(super) archive: Option<Archive>,
    pub(super) forwarder: Option<Forwarder>,
}

/// Verifies what comes in, prints the events and answers.
pub(super) struct DeliveryHandler<'a> {
    context: &'a Context,
    endpoints: Vec<Endpoint>,
    onward: Onward,
    events: Mutex<Box<dyn Sink<DeliveryView>>>,
    unwritten: UnboundedSender<io::Error>,
}

impl<'a> DeliveryHandler<'a> {
    /// Notifies `unwritten` when an event cannot be printed.
    pub(super) fn new(
        context: &'a Context,
        endpoints: Vec<Endpoint>,
        onward: Onward,
        unwritten: UnboundedSender<io::Error>,
    ) -> Result<Self, Failure> {
        let mut events = context.live_sink()?;
        events.flush()?;
        Ok(Self { context, endpoints, onward, events: Mutex::new(events), unwritten })
    }

    /// Every path with what is behind it.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, &Endpoint)> {
        let default = self.endpoints.iter().filter(|endpoint| endpoint.is_default);
        let named = self.endpoints.iter().map(|endpoint| (endpoint.path.as_str(), endpoint));
        default.map(|endpoint| ("/", endpoint)).chain(named)
    }

    /// The endpoints whose vendors keep deliveries, each with its feed.
    pub(super) fn feeds(&self) -> impl Iterator<Item = (&Endpoint, &dyn WebhookFeed)> {
        self.endpoints.iter().filter_map(|endpoint| Some((endpoint, endpoint.feed.as_deref()?)))
    }

    /// The answer to one request, whose body is read here.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Empty<Bytes>> {
        let mut response = Response::new(Empty::new());
        *response.status_mut() = match self.receive(request).await {
            Ok(status) => status,
            Err(refusal) => {
                self.context.print_line(
                    refusal.label,
                    &format!("{}; answered {}", refusal.why, refusal.status.as_u16()),
                );
                refusal.status
            }
        };
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }

    async fn receive(&self, request: Request<Incoming>) -> Result<StatusCode, Refusal> {
        let refused = |status, why: &str| Refusal { status, label: "refused", why: why.to_owned() };
        let (head, body) = request.into_parts();
        let endpoint = self.paths().find(|(path, _)| *path == head.uri.path()).map(|(_, endpoint)| endpoint);
        let endpoint =
            endpoint.ok_or_else(|| refused(StatusCode::NOT_FOUND, "a request to a path of no provider"))?;
        if head.method != Method::POST {
            let why = format!("{}: a request that is no POST", endpoint.title);
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, &why));
        }
        let body = match tokio::time::timeout(PATIENCE, Limited::new(body, LARGEST_BODY).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let why = format!("{}: a body of more than {LARGEST_BODY} bytes", endpoint.title);
                return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, &why));
            }
            Ok(Err(_)) | Err(_) => {
                let why = format!("{}: a body that did not come to its end", endpoint.title);
                return Err(refused(StatusCode::REQUEST_TIMEOUT, &why));
            }
        };
        let mut arrival = Arrival::new(&head.headers, body, self.context.clock.now());
        let answer = self.handle(endpoint, &mut arrival).await;
        for note in arrival.notes {
            self.context.note(&note);
        }
        answer
    }

    /// Verifies a delivery, and prints, saves and forwards it. Returns the status that answers it.
    pub(super) async fn handle(
        &self,
        endpoint: &Endpoint,
        arrival: &mut Arrival<'_>,
    ) -> Result<StatusCode, Refusal> {
        let verified = endpoint.receiver.verify(arrival.headers, &arrival.body, arrival.at);
        let is_authentic = verified.as_ref().err().is_none_or(WebhookError::is_authentic);
        if is_authentic && !arrival.is_saved {
            self.save(endpoint, arrival)?;
        }
        let status = match verified {
            Ok(event) => Ok(self.deliver(endpoint, &event, &mut arrival.notes).await),
            Err(error) => Self::without_event(endpoint, &error, &mut arrival.notes),
        };
        match &self.onward.forwarder {
            Some(forwarder) if is_authentic => self.forward(endpoint, forwarder, arrival).await,
            _ => status.map(status_code),
        }
    }

    /// Without the file the delivery is not taken: the vendor sends it again.
    fn save(&self, endpoint: &Endpoint, arrival: &mut Arrival<'_>) -> Result<(), Refusal> {
        let Some(archive) = &self.onward.archive else { return Ok(()) };
        let now = self.context.clock.now();
        match archive.save(&endpoint.path, arrival.headers, &arrival.body, now) {
            Ok(file) => {
                arrival.notes.push(format!("{}: saved {}", endpoint.title, file.display()));
                arrival.is_saved = true;
                Ok(())
            }
            Err(error) => Err(Refusal {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                label: "error",
                why: format!("{}: the delivery cannot be saved: {error}", endpoint.title),
            }),
        }
    }

    async fn forward(
        &self,
        endpoint: &Endpoint,
        forwarder: &Forwarder,
        arrival: &mut Arrival<'_>,
    ) -> Result<StatusCode, Refusal> {
        let (title, to) = (&endpoint.title, forwarder.to());
        match forwarder.send(arrival.headers, arrival.body.clone()).await {
            Ok(status) => {
                arrival.notes.push(format!("{title}: {to} answered {}", status.as_u16()));
                Ok(status)
            }
            Err(why) => Err(Refusal {
                status: StatusCode::BAD_GATEWAY,
                label: "error",
                why: format!("{title}: no answer from {to}: {why}"),
            }),
        }
    }

    /// Prints `event` unless it was printed before.
    async fn deliver(&self, endpoint: &Endpoint, event: &LicenseEvent, notes: &mut Vec<String>) -> u16 {
        let now = self.context.clock.now();
        let print = async { self.print(&endpoint.name, event, now) };
        match endpoint.printed.once(event, now, print).await {
            Ok(once) => {
                if matches!(once, Once::Duplicate) {
                    notes.push(format!("{}: `{}` came again", endpoint.title, event.id));
                }
                once.status_hint()
            }
            Err(error) => {
                if let OnceError::Effect(error) = error {
                    let _the_command_ended_already = self.unwritten.send(error);
                }
                StatusCode::INTERNAL_SERVER_ERROR.as_u16()
            }
        }
    }

    fn print(&self, name: &str, event: &LicenseEvent, now: Timestamp) -> io::Result<()> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(DeliveryView::event(name, event, now, self.context.codes()))?;
        events.flush()
    }

    fn without_event(
        endpoint: &Endpoint,
        error: &WebhookError,
        notes: &mut Vec<String>,
    ) -> Result<u16, Refusal> {
        let told = format!("{}: {error}", endpoint.title);
        if matches!(error, WebhookError::NotOfInterest(_)) {
            notes.push(told);
            return Ok(error.status_hint());
        }
        let status = status_code(error.status_hint());
        let label = if error.is_authentic() { "unreadable" } else { "refused" };
        Err(Refusal { status, label, why: told })
    }
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
