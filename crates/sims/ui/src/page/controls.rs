use maud::{Markup, html};

use crate::fault_choice::{FaultKind, HowOften};
use crate::panel::Panel;

use anykey_sim_kit::{CUSTOMERS, PRODUCTS};

/// The form that issues a key.
pub(super) fn issue(panel: &Panel, path: &str) -> Markup {
    let can = panel.abilities;
    html! {
        section.card aria-labelledby="issue-title" {
            h2 #issue-title { "Issue a key" }
            form method="post" action=(path) {
                (select("issue-product", "product", "Product", &[("1", PRODUCTS[0]), ("2", PRODUCTS[1])]))
                (select("issue-customer", "customer", "Customer", &[("1", CUSTOMERS[0].0), ("2", CUSTOMERS[1].0)]))
                @if can.seats {
                    div.field {
                        label for="issue-seats" { "Seats" }
                        input #issue-seats name="seats" type="number" min="0" max="1000" value="3"
                            required[!can.unlimited_seats] aria-describedby=[can.unlimited_seats.then_some("seats-hint")];
                        @if can.unlimited_seats { p #seats-hint.hint { "Empty for no limit." } }
                    }
                } @else {
                    p.hint { "Keys of this vendor have no seats." }
                }
                @if can.expiring_keys {
                    div.field {
                        label for="issue-days" { "Ends after days" }
                        input #issue-days name="days" type="number" min="1" max="36500" aria-describedby="days-hint";
                        p #days-hint.hint { "Empty for a key that does not end by itself." }
                    }
                } @else {
                    p.hint { "Keys of this vendor have no date at which they end." }
                }
                @if can.subscriptions {
                    div.check {
                        input #issue-subscription type="checkbox" name="subscription" value="yes";
                        label for="issue-subscription" { "Sold with a subscription" }
                    }
                } @else {
                    p.hint { "This vendor has no subscriptions." }
                }
                button #issue-submit.primary name="do" value="issue" { "Issue the key" }
            }
        }
    }
}

/// The faults between clients and the vendor.
pub(super) fn faults(panel: &Panel, path: &str) -> Markup {
    let kinds = FaultKind::ALL.map(|kind| (kind.word, kind.title));
    let often = HowOften::ALL.map(|often| (often.word(), often.title()));
    html! {
        section.card aria-labelledby="faults-title" {
            h2 #faults-title { "Faults" }
            div #fault-state data-live="" {
                @match panel.fault() {
                    Some((kind, often)) => {
                        p { span.pill.bad { "fault on" } " " (often.title()) ": " (kind.title) }
                        form method="post" action=(path) {
                            button #fault-off name="do" value="no-fault" data-return="fault-on" { "Switch the fault off" }
                        }
                    }
                    None => { p { span.pill.good { "no fault" } " " "The simulator answers as the vendor does." } }
                }
            }
            form method="post" action=(path) {
                (select("fault-kind", "fault", "Fault", &kinds))
                (select("fault-often", "often", "For", &often))
                button #fault-on name="do" value="fault" { "Switch it on" }
            }
        }
    }
}

pub(super) fn select(id: &str, name: &str, label: &str, options: &[(&str, &str)]) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) { @for (value, words) in options { option value=(value) { (words) } } }
        }
    }
}
