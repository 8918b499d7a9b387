use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::Page;

/// Where rustdoc lists implementations for all types: with the text of the crates that they come from, whose links
/// are relative to pages of those.
const FOREIGN: &str = "blanket-implementations";

pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
        let Token::StartTag(tag) = token else { continue };
        // Nobody follows a script, and rustdoc names some that it does not write.
        if tag.name.as_slice() == b"script" {
            continue;
        }
        let attribute = |name: &[u8]| tag.attributes.iter().find(|(known, _)| known.as_slice() == name);
        if attribute(b"http-equiv").is_some_and(|(_, value)| value.as_slice() == b"refresh") {
            let content = attribute(b"content").map(|(_, value)| String::from_utf8_lossy(value).into_owned());
            page.moved_to = content.and_then(|content| Some(content.split_once("URL=")?.1.to_owned()));
        }
        if page.source.is_none() && attribute(b"class").is_some_and(|(_, class)| class.starts_with(b"src")) {
            page.source = attribute(b"href").map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        }
        for (name, value) in &tag.attributes {
            let value = String::from_utf8_lossy(value).into_owned();
            match name.as_slice() {
                b"href" | b"src" if !page.anchors.contains(FOREIGN) => page.links.push(value),
                b"id" => {
                    page.anchors.insert(value);
                }
                b"name" if tag.name.as_slice() == b"a" => {
                    page.anchors.insert(value);
                }
                _ => {}
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn links_pictures_and_anchors_are_found() {
        let page =
            read(r##"<h1 id=top>A</h1><a name="old" href="b.html#x&amp;y">b</a><img alt="" src='c.svg'>"##);
        assert_eq!(page.links, ["b.html#x&y", "c.svg"]);
        assert_eq!(page.anchors.into_iter().collect::<Vec<_>>(), ["old", "top"]);
    }
}
