use html5gum::{Token, Tokenizer};

use super::Page;

pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    for token in Tokenizer::new(text).flatten() {
        let Token::StartTag(tag) = token else { continue };
        for (name, value) in &tag.attributes {
            let value = String::from_utf8_lossy(value).into_owned();
            match name.as_slice() {
                b"href" | b"src" => page.links.push(value),
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
