// ANCHOR: program
//! The license of a desktop app: commands that its windows call, and an event that they receive.
//!
//! In a Tauri app, `Windows` is implemented for `tauri::AppHandle` (`emit` calls `Emitter::emit`), `License` is managed
//! state, and each method marked as a command is called by a function with `#[tauri::command]`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::Arc;

use anykey::guard::{Access, Guard, GuardError, Release};
use anykey::{Config, PastedKey, Registry};
use serde::Serialize;

/// The app's windows.
trait Windows: Send + Sync + 'static {
    /// Sends an event to every window.
    fn emit(&self, event: &str, access: Access);
}

/// The app's license.
#[derive(Clone)]
struct License {
    guard: Guard,
}

/// Why a key was not accepted, for the key field. Serialized as `{"problem": "refused", "reason": "revoked"}`.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
enum KeyProblem {
    /// The text holds no key.
    Empty,
    /// The vendor refused. `hints` name what the mail program probably changed in the key.
    Refused { reason: String, hints: Vec<String> },
    /// The connection broke, and a seat may be taken. Entering the same key again finds it where the vendor can tell.
    AnswerLost,
    /// An earlier try may have taken a seat. Offer "contact us", and "take another seat" (`activate_once_more`).
    StillPending,
    /// There was no answer: no network, or the vendor is down. Nothing was taken.
    NotNow { message: String },
}

impl License {
    /// Opens the license and keeps it checked once a day. Sends nothing itself.
    fn open(registry: &Registry, config: &Config) -> Result<Self, Box<dyn Error>> {
        let settings = config.guard()?.ok_or("the configuration has no section [guard]")?;
        let guard = settings.open(registry.build(config)?)?;
        guard.keep_fresh()?;
        Ok(Self { guard })
    }

    /// Command `license`: what to show now. Needs no network; call it as often as you like.
    fn access(&self) -> Access {
        self.guard.access()
    }

    /// Command `enter_key`.
    async fn enter_key(&self, typed: &str) -> Result<Access, KeyProblem> {
        let pasted = PastedKey::parse(typed).map_err(|_| KeyProblem::Empty)?;
        let hints = pasted.hints.iter().map(ToString::to_string).collect();
        self.guard.activate(pasted.code).await.map_err(|error| match error {
            GuardError::Refused(refusal) => KeyProblem::Refused { reason: refusal.reason.to_string(), hints },
            GuardError::AnswerLost(_) => KeyProblem::AnswerLost,
            GuardError::StillPending { .. } => KeyProblem::StillPending,
            error => KeyProblem::NotNow { message: error.to_string() },
        })
    }

    /// Command `check_now`, for the button in the dialog "go online". Its answer is the event, too.
    async fn check_now(&self) -> Access {
        // Without an answer the state stays what it was, with the cause in it.
        let _ = self.guard.refresh().await;
        self.guard.access()
    }

    /// Command `release`, for "use the license on another computer".
    async fn release(&self) -> Result<Release, String> {
        self.guard.deactivate().await.map_err(|error| error.to_string())
    }

    /// Sends the event `license` on every change, until the last guard is dropped. Spawn it once.
    async fn forward(self, windows: Arc<dyn Windows>) {
        let mut changes = self.guard.subscribe();
        drop(self);
        while changes.changed().await.is_ok() {
            let access = *changes.borrow_and_update();
            windows.emit("license", access);
        }
    }
}

/// A terminal in the place of windows.
struct Terminal;

impl Windows for Terminal {
    fn emit(&self, event: &str, access: Access) {
        println!("event {event}: {access}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_file("anykey.toml")?;
    let license = License::open(&Registry::builtin(), &config)?;
    println!("license: {}", license.access());
    let events = tokio::spawn(license.clone().forward(Arc::new(Terminal)));

    println!("enter_key: {:?}", license.enter_key("NO-SUCH-KEY").await.err());
    let access = license
        .enter_key("\u{201c}ACME-2A7F-91C4D0\u{201d} ")
        .await
        .map_err(|problem| format!("{problem:?}"))?;
    println!("enter_key: {access}");
    println!("check_now: {}", license.check_now().await);
    println!("release: {}", license.release().await?);

    drop(license);
    Ok(events.await?)
}
// ANCHOR_END: program

#[cfg(test)]
mod tests;
