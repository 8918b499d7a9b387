// ANCHOR: program
//! What a window shows of the license, and what the user can do about it.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anykey::PastedKey;
use anykey::guard::blocking::Guard;
use anykey::guard::{AccessState, GuardError};
use eframe::egui;

/// The state of the license, with a field for the key where one is needed.
pub struct LicensePanel {
    guard: Guard,
    typed: String,
    /// Why the last operation failed.
    problem: Option<String>,
    /// The operation under way. It sends the problem, if there was one.
    running: Option<Receiver<Option<String>>>,
}

impl LicensePanel {
    pub fn new(guard: Guard) -> Self {
        Self { guard, typed: String::new(), problem: None, running: None }
    }

    /// Whether the app may be used. Needs no network; call it as often as you like.
    pub fn is_allowed(&self) -> bool {
        self.guard.access().is_allowed()
    }

    pub fn show(&mut self, ui: &mut egui::Ui) {
        // A daily check in the background may have changed the state.
        ui.request_repaint_after(Duration::from_secs(60));
        if let Some(Ok(problem)) = self.running.as_ref().map(Receiver::try_recv) {
            self.problem = problem;
            self.running = None;
        }
        let access = self.guard.access();
        ui.label(access.to_string());
        if let Some(problem) = &self.problem {
            ui.colored_label(ui.visuals().error_fg_color, problem);
        }
        ui.add_enabled_ui(self.running.is_none(), |ui| {
            ui.horizontal(|ui| match access.state {
                AccessState::NotActivated | AccessState::Refused { .. } => self.key_field(ui),
                AccessState::NeedsCheck { .. } => self.check_button(ui),
                _ => self.release_button(ui),
            });
        });
    }

    fn key_field(&mut self, ui: &mut egui::Ui) {
        let label = ui.label("License key");
        ui.text_edit_singleline(&mut self.typed).labelled_by(label.id);
        if ui.button("Activate").clicked() {
            match PastedKey::parse(&self.typed) {
                Ok(pasted) => self.start(ui.ctx(), |guard| guard.activate(pasted.code).map(drop)),
                Err(error) => self.problem = Some(error.to_string()),
            }
        }
    }

    fn check_button(&mut self, ui: &mut egui::Ui) {
        if ui.button("Check now").clicked() {
            self.start(ui.ctx(), |guard| guard.refresh().map(drop));
        }
    }

    fn release_button(&mut self, ui: &mut egui::Ui) {
        if ui.button("Use on another computer").clicked() {
            self.start(ui.ctx(), |guard| guard.deactivate().map(drop));
        }
    }

    /// Runs an operation on a thread, since it waits for the vendor.
    fn start(
        &mut self,
        context: &egui::Context,
        operation: impl FnOnce(&Guard) -> Result<(), GuardError> + Send + 'static,
    ) {
        let (sender, receiver) = channel();
        let (guard, context) = (self.guard.clone(), context.clone());
        self.running = Some(receiver);
        thread::spawn(move || {
            let problem = operation(&guard).err().map(|error| error.to_string());
            // The window may be closed by now.
            let _ = sender.send(problem);
            context.request_repaint();
        });
    }
}
// ANCHOR_END: program

#[cfg(test)]
mod tests;
