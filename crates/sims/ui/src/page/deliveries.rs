use anykey_sim_kit::DeliveryOutcome;
use maud::{Markup, html};

use crate::deliveries::{LoggedDelivery, Receiver};
use crate::page::controls::select;
use crate::page::requests::status_pill;
use crate::page::table::table;
use crate::page::text::{time, time_of_day, visible};
use crate::panel::Panel;

/// The webhooks that the vendor sent, with their outcome.
pub(super) fn deliveries(panel: &Panel, path: &str) -> Markup {
    let latest = panel.deliveries.latest();
    html! {
        section aria-labelledby="deliveries-title" {
            h2 #deliveries-title { "Webhooks sent" }
            div #deliveries data-live="" {
                @if latest.is_empty() {
                    p {
                        @if panel.abilities.webhooks { "None yet. An action on a key sends the first." }
                        @else { "This simulator sends no webhooks to endpoints." }
                    }
                } @else {
                    (table(
                        Some("log"),
                        "The latest webhook requests, newest first",
                        &["Time", "Event", "Answer", "Outcome"],
                        &html! { @for delivery in &latest { (row(delivery, path)) } },
                    ))
                }
            }
        }
    }
}

fn row(delivery: &LoggedDelivery, path: &str) -> Markup {
    let number = delivery.id.number();
    html! {
        tr role="row" {
            td role="cell" data-label="Time" { (time_of_day(delivery.at)) }
            th scope="row" role="rowheader" data-label="Event" {
                details id={ "delivery-" (number) } {
                    summary { code { (delivery.event_type) } @if delivery.attempt > 1 { " attempt " (delivery.attempt) } }
                    pre { (visible(&delivery.body)) }
                }
            }
            td role="cell" data-label="Answer" {
                @match delivery.answer { Some(status) => (status_pill(status)), None => span.pill.bad { "no answer" } }
            }
            td role="cell" data-label="Outcome" {
                div {
                    @match delivery.outcome {
                        DeliveryOutcome::Delivered => { span.pill.good { "delivered" } }
                        DeliveryOutcome::Retried { at } => { span.pill.warn { "retried" } span.sub { "at " (time(at)) } }
                        DeliveryOutcome::GivenUp => { span.pill.bad { "given up" } }
                        _ => { span.pill { "unknown" } }
                    }
                    @if matches!(delivery.outcome, DeliveryOutcome::Delivered | DeliveryOutcome::GivenUp) {
                        (again(delivery, path))
                    }
                }
            }
        }
    }
}

/// The button that sends a webhook again.
fn again(delivery: &LoggedDelivery, path: &str) -> Markup {
    let number = delivery.id.number();
    html! {
        form method="post" action=(path) {
            input type="hidden" name="delivery" value=(number);
            button.quiet id={ "again-" (number) } name="do" value="repeat"
                aria-label={ "Send " (delivery.event_type) " again" } { "Send again" }
        }
    }
}

/// Who receives webhooks, and sending more of them.
pub(super) fn sending(panel: &Panel, path: &str) -> Markup {
    html! {
        section.card aria-labelledby="webhooks-title" {
            h2 #webhooks-title { "Send webhooks" }
            @if panel.abilities.webhooks {
                (receiver(panel, path))
                (waiting(panel, path))
                (event(path))
            } @else {
                p.hint { "This simulator sends no webhooks to endpoints." }
            }
        }
    }
}

fn receiver(panel: &Panel, path: &str) -> Markup {
    html! {
        div #receiver-state data-live="" {
            p {
                @match panel.deliveries.receiver() {
                    Receiver::Nobody => { span.pill.warn { "nobody" } " listens at the endpoint yet, so nothing is sent." }
                    Receiver::Network(_) => { span.pill.good { "sending" } " to the endpoint's address." }
                    Receiver::Page(Some(status)) if status.is_success() => {
                        span.pill.good { "received" } " by this page, which answers 200."
                    }
                    Receiver::Page(Some(_)) => { span.pill.bad { "failing" } " This page answers 500." }
                    Receiver::Page(None) => { span.pill.bad { "silent" } " This page does not answer." }
                }
            }
        }
        @if matches!(panel.deliveries.receiver(), Receiver::Page(_)) {
            form method="post" action=(path) {
                (select("receiver-answer", "answer", "The receiver", &[
                    ("200", "answers 200"), ("500", "answers 500"), ("none", "does not answer"),
                ]))
                button #receiver-set name="do" value="receiver" { "Change the receiver" }
            }
        }
    }
}

fn waiting(panel: &Panel, path: &str) -> Markup {
    let webhooks = panel.vendor.webhooks();
    html! {
        div #waiting data-live="" {
            p {
                "Waiting: " (webhooks.undelivered())
                @if let Some(at) = webhooks.next_delivery_at() { ", the next is due " (time(at)) }
            }
        }
        form method="post" action=(path) {
            button #deliver name="do" value="deliver" { "Send due webhooks" }
        }
    }
}

fn event(path: &str) -> Markup {
    html! {
        details #event-menu {
            summary { "Send an event of your own" }
            form method="post" action=(path) {
                div.field {
                    label for="event-type" { "Type" }
                    input #event-type name="event" type="text" autocomplete="off" spellcheck="false" required;
                }
                div.field {
                    label for="event-data" { "Data, as JSON" }
                    textarea #event-data name="data" rows="3" spellcheck="false" { "{}" }
                }
                button #event-send name="do" value="announce" { "Send the event" }
            }
        }
    }
}
