use anykey_core::{ActivationLimit, LicenseStatus};
use anykey_sim_kit::KeyRecord;
use maud::{Markup, html};

use crate::page::table::table;
use crate::page::text::{ends, status, visible};
use crate::panel::Panel;

/// How many keys are on one page.
const SHOWN: usize = 25;

/// The keys as they stand, `from` newer ones left out.
pub(super) fn keys(panel: &Panel, path: &str, from: usize) -> Markup {
    let all = panel.vendor.keys();
    let count = all.as_ref().map_or(0, Vec::len);
    let here = if from > 0 { format!("{path}?from={from}") } else { path.to_owned() };
    html! {
        section aria-labelledby="keys-title" {
            h2 #keys-title { "Keys and seats" }
            div #keys data-live="" {
                @match all {
                    None => { p { "This simulator does not list its keys." } }
                    Some(keys) if keys.is_empty() => { p { "No key yet. Issue one to begin." } }
                    Some(keys) => {
                        (table(
                            None,
                            &format!("Keys of {}, newest first", panel.simulator.title),
                            &["Key", "Status", "Seats", "Ends", "Actions"],
                            &html! { @for key in keys.iter().skip(from).take(SHOWN) { (row(panel, &here, key)) } },
                        ))
                        (pages(path, from, count))
                    }
                }
            }
        }
    }
}

fn pages(path: &str, from: usize, count: usize) -> Markup {
    let until = from.saturating_add(SHOWN);
    html! {
        @if from > 0 || until < count {
            nav.pages aria-label="Pages of keys" {
                @if from > 0 { a href={ (path) "?from=" (from.saturating_sub(SHOWN)) } { "Newer keys" } }
                span { (from.saturating_add(1).min(count)) " to " (until.min(count)) " of " (count) }
                @if until < count { a href={ (path) "?from=" (until) } { "Older keys" } }
            }
        }
    }
}

fn row(panel: &Panel, here: &str, key: &KeyRecord) -> Markup {
    let has_ended = key.expiry.has_passed(panel.vendor.now());
    let is_revealed = panel.view().revealed.contains(&key.id);
    let row = RowIds::of(key);
    html! {
        tr role="row" id=(row.id("row")) {
            th scope="row" role="rowheader" data-label="Key" {
                (code(here, key, is_revealed, &row))
                span.sub {
                    (visible(key.product_name.as_deref().unwrap_or(key.product.as_str())))
                    @if let Some(customer) = &key.customer {
                        " · " (visible(key.customer_name.as_deref().unwrap_or(customer.as_str())))
                    }
                }
            }
            td role="cell" data-label="Status" { div { (status(&key.vendor_status, &key.status, has_ended)) } }
            td role="cell" data-label="Seats" { div { (seats(panel, key)) } }
            td role="cell" data-label="Ends" { div { (ends(key.expiry, panel.vendor.now())) } }
            td role="cell" data-label="Actions" { (actions(panel, here, key, &row)) }
        }
    }
}

fn code(here: &str, key: &KeyRecord, is_revealed: bool, row: &RowIds) -> Markup {
    let masked = key.code.masked().to_string();
    html! {
        form.reveal method="post" action=(here) {
            input type="hidden" name="key" value=(key.id);
            @if is_revealed {
                code.code { (key.code.expose()) }
                button.quiet id=(row.id("code")) name="do" value="hide" aria-label={ "Hide the code of " (masked) } { "Hide" }
            } @else {
                code.code { (masked) }
                button.quiet id=(row.id("code")) name="do" value="reveal" aria-label={ "Show the code of " (masked) } { "Show" }
            }
        }
    }
}

fn seats(panel: &Panel, key: &KeyRecord) -> Markup {
    let taken = panel.vendor.activations(&key.id);
    html! {
        @if !panel.abilities.seats {
            "none at this vendor"
        } @else {
            @match key.activation_limit {
                ActivationLimit::AtMost(limit) => { (taken.len()) " of " (limit) }
                ActivationLimit::Unlimited => { (taken.len()) ", unlimited" }
                ActivationLimit::NotAllowed => { "not allowed" }
                _ => { (taken.len()) }
            }
        }
        @for (_, label) in taken { span.sub { (visible(&label)) } }
        @if let Some(used) = key.usage {
            @if used > 0 || key.usage_limit.is_some() {
                span.sub { "used " (used) @if let Some(limit) = key.usage_limit { " of " (limit) } }
            }
        }
    }
}

fn actions(panel: &Panel, here: &str, key: &KeyRecord, row: &RowIds) -> Markup {
    let can = panel.abilities;
    let is_disabled = matches!(key.status, LicenseStatus::Disabled | LicenseStatus::Revoked);
    let offered = [
        (can.seats && key.activation_limit != ActivationLimit::NotAllowed, "seat", "Take a seat"),
        (can.disable && !is_disabled, "disable", "Disable"),
        (can.disable && is_disabled, "enable", "Enable"),
        (can.revoke, "revoke", "Revoke"),
        (can.changed_expiry, "expire", "Expire now"),
        (can.changed_expiry, "extend", "Extend by 30 days"),
        (can.rotate, "rotate", "Rotate the code"),
        (can.refund, "refund", "Refund"),
        (can.payments, "stop-payment", "Stop the payments"),
        (can.payments, "resume-payment", "Resume the payments"),
    ];
    html! {
        details.menu id=(row.id("menu")) {
            summary id=(row.id("summary")) { "Actions" span.visually-hidden { " for " (key.code.masked()) } }
            form method="post" action=(here) {
                input type="hidden" name="key" value=(key.id);
                div.buttons {
                    @for (_, action, words) in offered.into_iter().filter(|(is_offered, ..)| *is_offered) {
                        button id=(row.id(action)) name="do" value=(action) data-return=(row.id("summary")) { (words) }
                    }
                }
            }
        }
    }
}

/// The ids of a row's elements, by which open menus and the focus are found again.
struct RowIds(String);

impl RowIds {
    fn of(key: &KeyRecord) -> Self {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        Self(key.id.as_str().chars().map(letter).collect())
    }

    fn id(&self, part: &str) -> String {
        format!("key-{}-{part}", self.0)
    }
}
