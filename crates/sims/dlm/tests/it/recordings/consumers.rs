//! The consumer keys of the recordings, whose placeholders name them.

use anykey_dlm_sim::{Consumer, Endpoint, Permission};

const ALL: [&str; 8] = ["full", "read", "write", "device", "none", "seat", "subscriber", "nouser"];

pub fn all() -> impl Iterator<Item = Consumer> {
    ALL.into_iter().map(consumer)
}

pub fn consumer(name: &str) -> Consumer {
    let digits = format!("{:0>40}", ALL.iter().position(|known| *known == name).unwrap());
    let new = Consumer::new(format!("ck_{digits}"), format!("cs_{digits}"));
    match name {
        "read" => new.permission(Permission::Read),
        "write" => new.permission(Permission::Write),
        "device" => new.permission(Permission::Read).endpoints(Endpoint::DEVICE),
        "none" => new.endpoints([]),
        "seat" => new.permission(Permission::Read).owner(Some(&Endpoint::DEVICE)),
        "subscriber" => new.owner(Some(&[])),
        "nouser" => new.owner(None),
        _ => new,
    }
}

/// The value of the header that a placeholder stands for.
pub fn authorization(placeholder: &str) -> String {
    match placeholder {
        "<basic: unknown consumer key>" => Consumer::new("ck_unknown", "cs_unknown").authorization(),
        "<basic: consumer key full, wrong secret>" => {
            Consumer::new(consumer("full").key, "cs_wrong").authorization()
        }
        "<bearer: consumer secret full>" => format!("Bearer {}", consumer("full").secret),
        _ => {
            let name = placeholder.trim_start_matches("<basic: consumer key ").trim_end_matches('>');
            consumer(name).authorization()
        }
    }
}

/// A text with its placeholders filled.
pub fn filled(text: &str) -> String {
    let full = consumer("full");
    text.replace("<consumer key: full>", &full.key).replace("<consumer secret: full>", &full.secret)
}
