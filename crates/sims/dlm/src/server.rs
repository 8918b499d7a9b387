//! The order of a call: the web server, outages, the public form, then the REST API.

use anykey_core::{HttpTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};

use crate::answer::{Answer, Frame, page, plain};
use crate::consumer::{Consumer, Endpoint, Permission};
use crate::parameters::checked_parameters;
use crate::php::{Members, Php, member};
use crate::request::Call;
use crate::routes::{Action, Route};
use crate::site::DlmSim;
use crate::switches::{Switches, Table};
use crate::{activations, create, generate, generators, licenses, lmfwc, public_form, update};

/// The largest body that the site's nginx takes, in bytes.
const MAX_BODY: usize = 1 << 20;

impl DlmSim {
    /// nginx refuses a zero byte and a large body before PHP runs. With `_envelope` in the query the status is 200
    /// and the answer is a member of the body, which is why a status alone decides nothing.
    async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        let call = Call::new(request);
        if call.path.contains("%00") {
            return page(400, "Bad Request");
        }
        if call.body.len() > MAX_BODY {
            return page(413, "Request Entity Too Large");
        }
        let switches = self.state.lock().switches.clone();
        if switches.database_down {
            let message = "<h1>Error establishing a database connection</h1>";
            return plain(&Answer::broken(500, "wp_die", message), &[]);
        }
        if switches.maintenance {
            let message = "Briefly unavailable for scheduled maintenance. Check back in a minute.";
            return plain(&Answer::broken(503, "wp_die", message), &[("retry-after", "600")]);
        }
        if call.path.ends_with("/wp-admin/admin-ajax.php") {
            return public_form::answer(self, &call);
        }
        let by_query = member(&call.query, "rest_route").and_then(Php::to_text);
        let path = match (&by_query, call.path.split_once("/wp-json/")) {
            (Some(route), _) => route.clone(),
            (None, Some((_, rest))) => format!("/{rest}"),
            (None, None) => return page(404, "Not Found"),
        };
        let mut frame = Frame {
            site: switches.site.clone(),
            is_get: call.method == "GET",
            origin: call.origin(),
            ..Frame::default()
        };
        let is_governed = by_query.is_none()
            && !switches.plugin_off
            && (path.starts_with("/dlm/") || switches.lmfwc && path.starts_with("/lmfwc/"));
        let answer = self.rest(&call, &path, is_governed, &switches, &mut frame).await;
        if member(&call.query, "_envelope").is_none() {
            return frame.rest(&answer);
        }
        let allow = frame.allow.take().map(|allow| ("Allow".to_owned(), allow.into()));
        let document = Php::object([
            ("body", answer.document),
            ("status", i64::from(answer.status).into()),
            ("headers", Php::Array(allow.into_iter().collect())),
        ]);
        frame.rest(&Answer { status: 200, document })
    }

    /// The REST API, in the recorded order: TLS, the credential, the permission for the method, the route, the
    /// parameters, and the call.
    async fn rest(
        &self,
        call: &Call,
        path: &str,
        is_governed: bool,
        switches: &Switches,
        frame: &mut Frame,
    ) -> Answer {
        let consumer = match is_governed.then(|| self.authenticate(call, switches, frame)) {
            None => None,
            Some(Ok(consumer)) => Some(consumer),
            Some(Err(answer)) => return answer,
        };
        frame.logged_in = consumer.as_ref().is_some_and(|consumer| consumer.owner.is_some());
        if let Some(consumer) = &consumer
            && let Err(answer) = check_method(consumer, &call.method)
        {
            return answer;
        }
        let route = Route::of(&call.method, path, switches.lmfwc).filter(|_| !switches.plugin_off);
        let Some(route) = route else { return Answer::no_route() };
        frame.allow = Some(route.allow);
        let answer = match checked_parameters(call, &route) {
            Ok(parameters) => self.act(call, &route, &parameters, consumer.as_ref()).await,
            Err(answer) => answer,
        };
        if answer.is_fatal() {
            frame.allow = None;
        }
        answer
    }

    /// The consumer key of a call.
    ///
    /// # Errors
    ///
    /// 403 without TLS where it is required, before the credential is looked at; 401 for a missing, unknown or wrong
    /// one. A table of consumer keys that cannot be read makes every key unknown.
    fn authenticate(&self, call: &Call, switches: &Switches, frame: &mut Frame) -> Result<Consumer, Answer> {
        if switches.https_required && call.is_plain_http {
            let message = "The connection is not secure, therefore the API cannot be used.";
            return Err(Answer::error(403, "rest_no_ssl_error", message));
        }
        let fail = |message| Answer::error(401, "authentication_error", message);
        let answer = match call.credentials() {
            None => fail("Consumer key or secret is missing."),
            Some((key, secret)) => {
                let state = self.state.lock();
                let known = state.consumers.iter().filter(|_| state.reads(Table::Consumers));
                match known.into_iter().find(|consumer| consumer.key == key) {
                    None => fail("Consumer key is invalid."),
                    Some(consumer) if consumer.secret != secret => fail("Consumer secret is invalid."),
                    Some(consumer) => return Ok(consumer.clone()),
                }
            }
        };
        frame.asks_for_credential = true;
        Err(answer)
    }

    /// The call itself: the owner exists, the endpoint is granted, the owner has the capability.
    async fn act(&self, call: &Call, route: &Route, given: &Members, consumer: Option<&Consumer>) -> Answer {
        let Some((consumer, owner)) = consumer.and_then(|known| Some((known, known.owner.as_ref()?))) else {
            return Answer::error(401, "permission_denied", "API Key could not be authenticated.");
        };
        if !consumer.endpoints.contains(&route.endpoint()) {
            let message = "This route is disabled via the plugin settings.";
            return Answer::with_data(500, "dlm_rest_route_disabled_error", message, Php::Null);
        }
        if !owner.contains(&route.endpoint()) {
            let message = "Sorry, you don't have access to this resource.";
            return Answer::error(403, "permission_denied", message);
        }
        if route.is_lmfwc {
            return lmfwc::answer(self, call, route, given);
        }
        let code = || route.code(given);
        match route.action {
            Action::Licenses(Endpoint::Activate) => activations::activate(self, call, given, &code()).await,
            Action::Licenses(Endpoint::Deactivate) => activations::deactivate(self, &route.named),
            Action::Licenses(Endpoint::Validate) => activations::validate(self, &route.named),
            Action::Licenses(Endpoint::Get) => licenses::get(self, &code()),
            Action::Licenses(Endpoint::List) => licenses::list(self, given),
            Action::Licenses(Endpoint::Create) => create::create(self, given),
            Action::Licenses(Endpoint::Update) => update::update(self, call, &route.named, given),
            Action::Licenses(Endpoint::Delete) => licenses::delete(self, &route.named),
            Action::Generate => generate::generate(self, &route.named, given),
            _ => generators::answer(self, route, given),
        }
    }
}

/// Whether the permission of a consumer key covers a method. OPTIONS needs none.
fn check_method(consumer: &Consumer, method: &str) -> Result<(), Answer> {
    let (allowed, word) = match method {
        "GET" | "HEAD" => (consumer.permission != Permission::Write, "read"),
        "POST" | "PUT" | "PATCH" | "DELETE" => (consumer.permission != Permission::Read, "write"),
        "OPTIONS" => return Ok(()),
        _ => return Err(Answer::error(401, "authentication_error", "Unknown request method.")),
    };
    if allowed {
        return Ok(());
    }
    let message = format!("The API key provided does not have {word} permissions.");
    Err(Answer::error(401, "authentication_error", message))
}

#[async_trait]
impl HttpTransport for DlmSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let is_head = request.method() == Method::HEAD;
        let mut response = self.respond(request).await;
        if is_head {
            *response.body_mut() = Bytes::new();
        }
        Ok(anykey_sim_kit::dated(response, self.now()))
    }
}
