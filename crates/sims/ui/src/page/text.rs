use std::borrow::Cow;
use std::time::Duration;

use anykey_core::adapter::plain_text;
use anykey_core::{Expiry, LicenseStatus, Timestamp};
use maud::{Markup, html};

/// `text` with each character that acts instead of being read, such as one that turns the direction, as `\u{202e}`.
/// Line breaks stay.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match plain_text(letter.encode_utf8(&mut [0; 4])) {
            Cow::Owned(_) if letter != '\n' => shown.extend(letter.escape_unicode()),
            _ => shown.push(letter),
        }
    }
    shown
}

/// An instant to the second, as a person reads it.
pub(super) fn time(at: Timestamp) -> Markup {
    html! {
        time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (at.strftime("%Y-%m-%d %H:%M:%S")) " UTC" }
    }
}

/// The time of day only, with the whole instant for machines.
pub(super) fn time_of_day(at: Timestamp) -> Markup {
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (at.strftime("%H:%M:%S")) } }
}

pub(super) fn took(duration: Duration) -> String {
    match duration.as_millis() {
        0 => "under 1 ms".to_owned(),
        millis @ 1..1_000 => format!("{millis} ms"),
        millis => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
    }
}

pub(super) fn ends(expiry: Expiry, now: Timestamp) -> Markup {
    html! {
        @match expiry {
            Expiry::At(at) => {
                @if at <= now { "ended " } (at.strftime("%Y-%m-%d"))
                " " span.hint { (at.strftime("%H:%M")) " UTC" }
            }
            Expiry::Never => { "never" }
            Expiry::FollowsSubscription => { "with the subscription" }
            _ => { "unknown" }
        }
    }
}

/// A status in words and in the colour of its meaning.
pub(super) fn status(word: &str, status: &LicenseStatus, has_ended: bool) -> Markup {
    let tone = match status {
        _ if has_ended && status.is_usable() => "warn",
        LicenseStatus::Active | LicenseStatus::Inactive => "good",
        LicenseStatus::Expired => "warn",
        _ => "bad",
    };
    let common = if has_ended && status.is_usable() { "expired".to_owned() } else { status.to_string() };
    html! {
        span.pill.(tone) { (common) }
        @if !word.eq_ignore_ascii_case(&common) { " " span.hint { "vendor: " (word) } }
    }
}
