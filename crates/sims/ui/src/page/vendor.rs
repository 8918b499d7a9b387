use maud::{Markup, html};

use crate::page::layout::Frame;
use crate::page::{controls, deliveries, keys, requests};
use crate::panel::Panel;

/// One vendor: its keys, requests and webhooks, and everything that can be done.
pub(crate) fn vendor(frame: &Frame<'_>, panel: &Panel, from: usize) -> Markup {
    let path = frame.vendor_path(panel.simulator.vendor);
    let (notice, address) = {
        let view = panel.view();
        (view.notice.clone(), view.address.clone())
    };
    let content = html! {
        div.title {
            h1 { (panel.simulator.title) }
            @if let Some(address) = address { p.hint { "API at " code { (address) } } }
        }
        p #notice.notice role="status" data-live="" { @if let Some(notice) = notice { (notice) } }
        div.columns {
            div.wide {
                (keys::keys(panel, &path, from))
                (requests::requests(panel))
                (deliveries::deliveries(panel, &path))
            }
            div.narrow {
                (controls::issue(panel, &path))
                (controls::faults(panel, &path))
                (deliveries::sending(panel, &path))
            }
        }
    };
    frame.document(panel.simulator.title, &content)
}
