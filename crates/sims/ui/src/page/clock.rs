use anykey_core::SignedDuration;
use maud::{Markup, html};

use crate::clock::MovableClock;
use crate::page::text::time;

/// How far the clock can be moved: hours, and the words on the button.
const STEPS: [(i64, &str); 5] =
    [(1, "1 hour"), (24, "1 day"), (24 * 7, "1 week"), (24 * 30, "30 days"), (24 * 365, "1 year")];

/// The time of the simulators, and how it is moved.
pub(super) fn bar(root: &str, vendor: Option<&str>, clock: &MovableClock) -> Markup {
    html! {
        section.clock aria-labelledby="clock-title" {
            h2 #clock-title.visually-hidden { "Clock" }
            p #clock-now data-live="" {
                span.label { "Simulated time" } " "
                strong { (time(clock.now())) }
                @if clock.ahead() > SignedDuration::ZERO { " " span.badge { (ahead(clock.ahead())) " ahead" } }
            }
            details #clock-menu {
                summary { "Move the clock" }
                p.hint {
                    "The time of all simulators goes forward, never back. What is due by then happens: keys end, and "
                    "webhooks are sent again. The clocks of your apps stay as they are."
                }
                form method="post" action={ (root) "clock" } {
                    input type="hidden" name="vendor" value=[vendor];
                    div.buttons {
                        @for (hours, words) in STEPS {
                            button id={ "clock-" (hours) } name="hours" value=(hours) { "+ " (words) }
                        }
                    }
                }
            }
        }
    }
}

/// In the largest unit that has a whole one.
fn ahead(by: SignedDuration) -> String {
    let hours = by.as_hours();
    match (hours / 24, hours % 24) {
        (0, hours) => format!("{hours} h"),
        (days, 0) => format!("{days} d"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}
