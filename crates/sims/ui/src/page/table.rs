use maud::{Markup, html};

/// A table with a caption for screen readers. Narrow screens show it without columns, so the roles are explicit.
pub(super) fn table(class: Option<&str>, caption: &str, columns: &[&str], rows: &Markup) -> Markup {
    html! {
        table class=[class] role="table" {
            caption.visually-hidden { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for name in columns { th scope="col" role="columnheader" { (name) } }
                }
            }
            tbody role="rowgroup" { (rows) }
        }
    }
}
