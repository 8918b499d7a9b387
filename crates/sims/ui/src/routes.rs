use std::convert::Infallible;
use std::sync::Arc;

use anykey_core::SignedDuration;
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream::{Stream, select_all, unfold};
use serde::Deserialize;

use crate::access::{self, PathToken, Refused};
use crate::action::{ActionForm, perform};
use crate::changes::Changes;
use crate::clock::MovableClock;
use crate::page::{self, Frame};
use crate::panel::Panel;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/script.js");

/// What all handlers share.
pub(crate) struct Page {
    pub(crate) panels: Vec<Panel>,
    clock: MovableClock,
    token: PathToken,
    changes: Changes,
}

impl Page {
    pub(crate) fn new(panels: Vec<Panel>, clock: MovableClock, token: PathToken) -> Self {
        Self { panels, clock, token, changes: Changes::new() }
    }

    /// The path of the overview, with a slash at the end.
    pub(crate) fn root(&self) -> String {
        format!("/{}/", self.token.as_str())
    }

    fn frame<'p>(&'p self, root: &'p str, vendor: Option<&'p str>) -> Frame<'p> {
        Frame { root, panels: &self.panels, vendor, clock: &self.clock }
    }

    fn panel(&self, vendor: &str) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.simulator.vendor == vendor)
    }
}

pub(crate) fn router(page: Arc<Page>) -> axum::Router {
    axum::Router::new()
        .route("/{token}/", get(overview))
        .route("/{token}/style.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/{token}/script.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/{token}/events", get(events))
        .route("/{token}/clock", post(move_clock))
        .route("/{token}/vendor/{vendor}", get(vendor).post(act))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(Arc::clone(&page), guard))
        .with_state(page)
}

/// Refuses requests that may not use the page, and adds headers that keep browsers from leaking its address and
/// content.
async fn guard(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let checked = access::check(request.method(), request.uri(), request.headers(), &page.token);
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(Refused::NoToken) => StatusCode::NOT_FOUND.into_response(),
        Err(Refused::ForeignHost) => {
            (StatusCode::FORBIDDEN, "This page is for 127.0.0.1 and localhost only.\n").into_response()
        }
        Err(Refused::ForeignOrigin) => {
            (StatusCode::FORBIDDEN, "Only this page itself may change anything here.\n").into_response()
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, access::CONTENT_SECURITY_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, content_type)], text).into_response()
}

async fn overview(State(page): State<Arc<Page>>) -> Html<String> {
    Html(page::overview(&page.frame(&page.root(), None)).into_string())
}

/// Which keys of a vendor are shown.
#[derive(Deserialize)]
struct Shown {
    /// How many newer keys are left out.
    #[serde(default)]
    from: usize,
}

async fn vendor(
    State(page): State<Arc<Page>>,
    Path((_, name)): Path<(String, String)>,
    Query(shown): Query<Shown>,
) -> Response {
    let Some(panel) = page.panel(&name) else { return StatusCode::NOT_FOUND.into_response() };
    Html(page::vendor(&page.frame(&page.root(), Some(&name)), panel, shown.from).into_string())
        .into_response()
}

async fn act(
    State(page): State<Arc<Page>>,
    Path((_, name)): Path<(String, String)>,
    Query(shown): Query<Shown>,
    Form(form): Form<ActionForm>,
) -> Response {
    let Some(panel) = page.panel(&name) else { return StatusCode::NOT_FOUND.into_response() };
    perform(panel, form).await;
    let from = if shown.from > 0 { format!("?from={}", shown.from) } else { String::new() };
    Redirect::to(&format!("{}vendor/{name}{from}", page.root())).into_response()
}

/// How far the clock is moved, and where the form was.
#[derive(Deserialize)]
struct MoveForm {
    hours: i64,
    #[serde(default)]
    vendor: String,
}

async fn move_clock(State(page): State<Arc<Page>>, Form(form): Form<MoveForm>) -> Response {
    /// A hundred years.
    const MOST_HOURS: i64 = 876_600;
    page.clock.advance(SignedDuration::from_hours(form.hours.clamp(0, MOST_HOURS)));
    page.changes.announce();
    let back = match page.panel(&form.vendor) {
        Some(panel) => format!("{}vendor/{}", page.root(), panel.simulator.vendor),
        None => page.root(),
    };
    Redirect::to(&back).into_response()
}

/// One event `change` for everything that changes on any page.
async fn events(State(page): State<Arc<Page>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let sources = page.panels.iter().map(Panel::changes).chain([&page.changes]);
    let changes = sources.map(|changes| {
        Box::pin(unfold(changes.subscribe(), |mut changed| async move {
            changed.changed().await.ok()?;
            // Browsers drop an event without data.
            Some((Ok(Event::default().event("change").data("now")), changed))
        }))
    });
    Sse::new(select_all(changes)).keep_alive(KeepAlive::default())
}
