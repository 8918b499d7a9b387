use maud::{Markup, html};

use crate::page::layout::Frame;
use crate::page::table::table;
use crate::panel::Panel;

/// All vendors at a glance.
pub(crate) fn overview(frame: &Frame<'_>) -> Markup {
    let content = html! {
        h1 { "Simulated vendors" }
        p.lead { "Choose a vendor to see its keys, the requests of your app and the webhooks that it sends." }
        div #vendors data-live="" {
            (table(
                None,
                "The simulated vendors",
                &["Vendor", "API", "Keys", "Requests", "Webhooks", "Faults"],
                &html! { @for panel in frame.panels { (row(frame, panel)) } },
            ))
        }
    };
    frame.document("Simulated vendors", &content)
}

fn row(frame: &Frame<'_>, panel: &Panel) -> Markup {
    let vendor = panel.simulator.vendor;
    let address = panel.view().address.clone();
    html! {
        tr role="row" {
            th scope="row" role="rowheader" data-label="Vendor" {
                a id={ "vendor-" (vendor) } href=(frame.vendor_path(vendor)) { (panel.simulator.title) }
            }
            td role="cell" data-label="API" {
                @match address { Some(address) => code { (address) }, None => "in memory" }
            }
            td role="cell" data-label="Keys" {
                @match panel.vendor.key_count() {
                    Some(count) => (count), None => "unknown"
                }
            }
            td role="cell" data-label="Requests" { (panel.requests.count()) }
            td role="cell" data-label="Webhooks" {
                @if panel.abilities.webhooks { (panel.deliveries.count()) } @else { "none" }
            }
            td role="cell" data-label="Faults" {
                @match panel.fault() {
                    Some((kind, _)) => span.pill.bad { "on: " (kind.word) }, None => span.pill.good { "none" }
                }
            }
        }
    }
}
