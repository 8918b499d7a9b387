use maud::{Markup, html};

use crate::page::table::table;
use crate::page::text::{time_of_day, took, visible};
use crate::panel::Panel;
use crate::request_log::{LoggedRequest, RequestOutcome};

/// The latest requests to the API, with their answers.
pub(super) fn requests(panel: &Panel) -> Markup {
    let latest = panel.requests.latest();
    html! {
        section aria-labelledby="requests-title" {
            h2 #requests-title { "Requests" }
            div #requests data-live="" {
                @if latest.is_empty() {
                    p {
                        "No request yet. "
                        @if let Some(address) = &panel.view().address { "The API is at " code { (address) } "." }
                    }
                } @else {
                    (table(
                        Some("log"),
                        "The latest requests, newest first",
                        &["Time", "Request", "Answer", "Took"],
                        &html! { @for request in &latest { (row(request)) } },
                    ))
                }
            }
        }
    }
}

fn row(request: &LoggedRequest) -> Markup {
    let answer = match &request.outcome {
        RequestOutcome::Answered { body, .. } => body.as_str(),
        _ => "",
    };
    html! {
        tr role="row" {
            td role="cell" data-label="Time" { (time_of_day(request.at)) }
            th scope="row" role="rowheader" data-label="Request" {
                details id={ "request-" (request.number) } {
                    summary { code { (request.method) " " (visible(&request.target)) } }
                    p.hint {
                        @if request.has_credential { "With a credential in a header." } @else { "Without a credential in a header." }
                    }
                    @if !request.body.is_empty() { p.hint { "Sent:" } pre { (visible(&request.body)) } }
                    @if !answer.is_empty() { p.hint { "Answered:" } pre { (visible(answer)) } }
                }
            }
            td role="cell" data-label="Answer" {
                div {
                    (outcome(&request.outcome))
                    @if let Some(fault) = request.fault { " " span.sub { "fault: " (fault) } }
                }
            }
            td role="cell" data-label="Took" { @match request.took { Some(duration) => (took(duration)), None => "…" } }
        }
    }
}

fn outcome(outcome: &RequestOutcome) -> Markup {
    html! {
        @match outcome {
            RequestOutcome::Waiting => { span.pill { "waiting" } }
            RequestOutcome::Answered { status, .. } => { (status_pill(*status)) }
            RequestOutcome::Failed(why) => { span.pill.bad { (why) } }
            RequestOutcome::Abandoned => { span.pill.bad { "the client went away" } }
        }
    }
}

/// An HTTP status with what it means.
pub(super) fn status_pill(status: u16) -> Markup {
    let (tone, words) = match status {
        200..300 => ("good", "success"),
        300..400 => ("good", "redirect"),
        429 => ("warn", "rate limit"),
        400..500 => ("warn", "refused"),
        _ => ("bad", "failed"),
    };
    html! { span.pill.(tone) { (status) " " (words) } }
}
