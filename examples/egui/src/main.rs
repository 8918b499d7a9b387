//! An egui app with a license: a window for the key when it is locked, and a line in grace.
//!
//! `access()` is read in every frame. What waits for the network runs on a thread and asks for a repaint when it is
//! done, so that no frame waits.

use std::error::Error;

use anykey::guard::blocking::Guard;
use anykey::{Config, Registry};
use eframe::egui::{self, ViewportBuilder};

use crate::license_panel::LicensePanel;

mod license_panel;

/// The app: a document, and the panel with its license.
struct Studio {
    license: LicensePanel,
    text: String,
}

impl eframe::App for Studio {
    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        egui::Panel::bottom("license").show(ui, |ui| self.license.show(ui));
        let allowed = self.license.is_allowed();
        egui::CentralPanel::default().show(ui, |ui| {
            ui.heading("Studio");
            // Locked, the document can still be read and saved.
            let editor = egui::TextEdit::multiline(&mut self.text).interactive(allowed);
            ui.add_sized(ui.available_size(), editor);
        });
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_file("anykey.toml")?;
    let settings = config.guard()?.ok_or("the configuration has no section [guard]")?;
    let guard = Guard::from_builder(settings.builder(Registry::builtin().build(&config)?)?)?;
    guard.keep_fresh()?;
    let studio = Studio { license: LicensePanel::new(guard), text: "A document.".to_owned() };
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default().with_inner_size([560.0, 300.0]),
        ..Default::default()
    };
    Ok(eframe::run_native("Studio", options, Box::new(|_| Ok(Box::new(studio))))?)
}
