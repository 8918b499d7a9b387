use maud::{DOCTYPE, Markup, html};

use crate::clock::MovableClock;
use crate::page::clock;
use crate::panel::Panel;

/// What surrounds every view.
pub(crate) struct Frame<'p> {
    /// The path of the overview, with a slash at the end.
    pub(crate) root: &'p str,
    pub(crate) panels: &'p [Panel],
    /// The vendor that is shown; `None` on the overview.
    pub(crate) vendor: Option<&'p str>,
    pub(crate) clock: &'p MovableClock,
}

impl Frame<'_> {
    pub(super) fn vendor_path(&self, vendor: &str) -> String {
        format!("{}vendor/{vendor}", self.root)
    }

    /// The whole document around `content`.
    pub(super) fn document(&self, title: &str, content: &Markup) -> Markup {
        let root = self.root;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " – anykey sim" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href={ (root) "style.css" };
                    script src={ (root) "script.js" } defer {}
                }
                body data-events={ (root) "events" } {
                    a.skip href="#main" { "Skip to the content" }
                    header.top {
                        p.brand { a href=(root) aria-current=[self.vendor.is_none().then_some("page")] { "anykey sim" } }
                        nav aria-label="Vendors" { ul { @for panel in self.panels { (self.link(panel)) } } }
                    }
                    (clock::bar(self.root, self.vendor, self.clock))
                    // Why a form was not done, of which the script tells; without it the answer is a page.
                    p #refused.refused role="alert" {}
                    main #main tabindex="-1" { (content) }
                    footer {
                        p #connection role="status" {}
                        p { "Simulated vendors on this machine. Nothing here is a real purchase." }
                    }
                }
            }
        }
    }

    fn link(&self, panel: &Panel) -> Markup {
        let vendor = panel.simulator.vendor;
        let is_current = self.vendor == Some(vendor);
        html! {
            li { a href=(self.vendor_path(vendor)) aria-current=[is_current.then_some("page")] { (panel.simulator.title) } }
        }
    }
}
