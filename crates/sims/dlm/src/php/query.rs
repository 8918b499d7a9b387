//! Query strings and forms: names with brackets are arrays.

use percent_encoding::percent_decode_str;

use super::{Members, Php, member, set};

/// The members of a query string or of a form.
pub(crate) fn parse_query(text: &str) -> Members {
    let mut members = Members::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), Php::Text(decoded(value)));
        let (base, keys) = split(&name);
        if !base.is_empty() {
            insert(&mut members, base.replace(['.', ' '], "_"), &keys, value);
        }
    }
    members
}

/// A `+` is a blank; bytes that are no UTF-8 become the replacement character.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The name before the brackets, and what is between each pair of brackets.
fn split(name: &str) -> (&str, Vec<&str>) {
    let Some((base, mut rest)) = name.split_once('[') else { return (name, Vec::new()) };
    let mut keys = Vec::new();
    while let Some((key, after)) = rest.split_once(']') {
        keys.push(key);
        let Some(next) = after.strip_prefix('[') else { break };
        rest = next;
    }
    if keys.is_empty() { (name, keys) } else { (base, keys) }
}

/// Stores a value under its keys. An empty key (`id[]=1`) is the next number; a point or a blank in a name becomes
/// `_`.
fn insert(members: &mut Members, name: String, keys: &[&str], value: Php) {
    let [key, deeper @ ..] = keys else { return set(members, name, value) };
    let mut inner = match member(members, &name) {
        Some(Php::Array(inner)) => inner.clone(),
        _ => Members::new(),
    };
    let key = if key.is_empty() { inner.len().to_string() } else { (*key).to_owned() };
    insert(&mut inner, key, deeper, value);
    set(members, name, Php::Array(inner));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_make_arrays() {
        let members = parse_query("label=a+b%21&meta[a][b]=c&meta[a][d]=1&id[]=1&id[]=3&t");
        let expected = [
            ("label", Php::from("a b!")),
            ("meta", Php::object([("a", Php::object([("b", "c".into()), ("d", "1".into())]))])),
            ("id", Php::list(["1".into(), "3".into()])),
            ("t", Php::from("")),
        ];
        assert_eq!(Php::Array(members), Php::object(expected));
    }
}
