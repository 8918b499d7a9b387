use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Page, html};

/// Reads a Markdown file as GitHub shows it: a heading's anchor is its text in lower case, without punctuation.
pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let text = heading.take().unwrap_or_default();
                let slug = free(&page, slug(&text));
                page.anchors.insert(slug);
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                let part = html::read(&text);
                page.links.extend(part.links);
                page.anchors.extend(part.anchors);
            }
            _ => {}
        }
    }
    page
}

fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The second heading of the same text gets `-1`, the third `-2`.
fn free(page: &Page, slug: String) -> String {
    let numbered = (1..).map(|number: u32| format!("{slug}-{number}"));
    std::iter::once(slug.clone())
        .chain(numbered)
        .find(|name| !page.anchors.contains(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn links_and_anchors_are_found_as_github_makes_them() {
        let page = read(
            "# Why not … an `enum`?\n## Notes\n[a](b.md#c) ![d](e.svg) [f][g] `[no](link)`\n## Notes\n\n\
             <a href=\"h\">h</a>\n\n[g]: i\n",
        );
        assert_eq!(page.links, ["b.md#c", "e.svg", "i", "h"]);
        let anchors: Vec<_> = page.anchors.into_iter().collect();
        assert_eq!(anchors, ["notes", "notes-1", "why-not--an-enum"]);
    }
}
