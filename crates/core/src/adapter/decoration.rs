use secrecy::{ExposeSecret, SecretString};

use super::plain_text;
use crate::{Error, ErrorKind, Result};

/// Pairs around a text that are no part of it.
const PAIRS: [(char, char, &str); 12] = [
    ('"', '"', "is in quotes; take them off"),
    ('\'', '\'', "is in quotes; take them off"),
    ('`', '`', "is in quotes; take them off"),
    ('\u{201c}', '\u{201d}', "is in quotes; take them off"),
    ('\u{201e}', '\u{201c}', "is in quotes; take them off"),
    ('\u{2018}', '\u{2019}', "is in quotes; take them off"),
    ('\u{ab}', '\u{bb}', "is in quotes; take them off"),
    ('<', '>', "is in brackets; put the value itself there"),
    ('{', '}', "is in brackets; put the value itself there"),
    ('[', ']', "is in brackets; put the value itself there"),
    ('(', ')', "is in brackets; put the value itself there"),
    ('%', '%', "is the name of a variable that nothing has replaced"),
];

/// Characters that no id and no token has.
const FOREIGN: [char; 15] = ['"', '\'', '`', '<', '>', '{', '}', '[', ']', '(', ')', ',', ';', '$', '\\'];

/// What an id or a secret was copied together with, or what stands in its place, as the end of a sentence; `None` if
/// it looks like a value. A configuration with such a value would be refused by the vendor with each call, or would
/// refuse every key.
///
/// Found are invisible characters, quotes and brackets around the text, a variable that nothing has replaced
/// (`${TOKEN}`), a line break that is written as `\n`, the word `Bearer` or `Basic` of a header, and the name of a
/// variable (`API_TOKEN=…`). The answer never repeats the text.
///
/// ```
/// use anykey_core::adapter::decoration;
///
/// assert_eq!(decoration("\"whsec_1\""), Some("is in quotes; take them off"));
/// assert_eq!(decoration("whsec_1"), None);
/// ```
#[must_use]
pub fn decoration(text: &str) -> Option<&'static str> {
    if plain_text(text) != text {
        return Some("holds a line break, a byte order mark or another invisible character; copy it again");
    }
    if text.starts_with("${") || text.starts_with("$(") {
        return Some("is the name of a variable that nothing has replaced");
    }
    let pair = |(first, last, _): &&(char, char, &str)| {
        text.chars().nth(1).is_some() && text.starts_with(*first) && text.ends_with(*last)
    };
    if let Some((.., fault)) = PAIRS.iter().find(pair) {
        return Some(fault);
    }
    if text.ends_with("\\n") || text.ends_with("\\r") {
        return Some("ends with a line break that is written as letters; take it off");
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    if word != text
        && ["bearer", "basic", "authorization:"].iter().any(|known| word.eq_ignore_ascii_case(known))
    {
        return Some("begins with a word of the header; leave it out");
    }
    let name = text.split_once('=').map_or("", |(name, value)| if value.is_empty() { "" } else { name });
    names_a_variable(name).then_some("begins with a name and `=`; put the value alone there")
}

/// Why `text` can be no id of a product and no access token, as the end of a sentence; `None` if it can be one: a URL,
/// what [`decoration`] finds, and a quote, a bracket, a comma, a semicolon, a dollar sign or a backslash in it.
///
/// ```
/// use anykey_core::adapter::identifier_fault;
///
/// assert_eq!(identifier_fault("https://example.com/prod_1"), Some("is a URL"));
/// assert_eq!(identifier_fault("32-nPAicqbLj8B_WswVlMw=="), None);
/// ```
#[must_use]
pub fn identifier_fault(text: &str) -> Option<&'static str> {
    if text.contains("://") {
        return Some("is a URL");
    }
    let is_foreign = text.contains(FOREIGN);
    decoration(text)
        .or_else(|| is_foreign.then_some("holds a quote, a comma or another such character; copy it again"))
}

/// Refuses a text that can be no secret of a webhook endpoint, whatever the vendor: with white space at an end, a URL,
/// and what [`decoration`] finds. It would otherwise be noticed only when every delivery is refused.
///
/// # Errors
///
/// [`ErrorKind::Config`]. The message does not repeat the secret.
///
/// ```
/// use anykey_core::adapter::check_webhook_secret;
///
/// assert!(check_webhook_secret(&"'whsec_1'".into()).is_err());
/// assert!(check_webhook_secret(&"whsec_1".into()).is_ok());
/// ```
pub fn check_webhook_secret(secret: &SecretString) -> Result<()> {
    let text = secret.expose_secret();
    let fault = match decoration(text) {
        Some(fault) => fault,
        None if text.trim() != text => "begins or ends with white space; copy it again",
        None if text.contains("://") => "is a URL; copy the secret from the settings of the endpoint",
        None => return Ok(()),
    };
    Err(Error::new(ErrorKind::Config, format!("the webhook secret {fault}")))
}

/// `API_TOKEN`, or a word that nobody begins a value with.
fn names_a_variable(name: &str) -> bool {
    let is_constant = name.contains('_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    is_constant || ["key", "password", "secret", "token"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_was_copied_with_is_found() {
        for (text, fault) in [
            ("\"x1\"", "quotes"),
            ("'x1'", "quotes"),
            ("`x1`", "quotes"),
            ("\u{201c}x1\u{201d}", "quotes"),
            ("\u{201e}x1\u{201c}", "quotes"),
            ("\u{2018}x1\u{2019}", "quotes"),
            ("«x1»", "quotes"),
            ("<your token>", "brackets"),
            ("{x1}", "brackets"),
            ("{{ token }}", "brackets"),
            ("[x1]", "brackets"),
            ("(x1)", "brackets"),
            ("${TOKEN}", "variable"),
            ("$(cat token)", "variable"),
            ("%TOKEN%", "variable"),
            ("x1\\n", "line break"),
            ("\u{feff}x1", "byte order mark"),
            ("x1\u{200b}", "invisible"),
            ("x\u{7}1", "invisible"),
            ("Bearer x1", "header"),
            ("basic x1", "header"),
            ("Authorization: Bearer x1", "header"),
            ("API_TOKEN=x1", "name"),
            ("token=x1", "name"),
        ] {
            let found = decoration(text).unwrap_or_default();
            assert!(found.contains(fault) && !found.contains("x1"), "{text:?}: {found}");
        }
    }

    #[test]
    fn a_webhook_secret_is_no_url_and_has_no_white_space_at_its_ends() {
        for (secret, named) in
            [(" planted", "white space"), ("https://example.com/planted", "URL"), ("'planted'", "quotes")]
        {
            let error = check_webhook_secret(&secret.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains(named) && !error.message().contains("planted"), "{error}");
        }
        check_webhook_secret(&"any text of the seller's own, with \"quotes\" in it".into()).unwrap();
    }

    #[test]
    fn a_value_may_hold_what_surrounds_others() {
        for text in [
            "acme_live_1",
            "d2hzZWM=",
            "32-nPAicqbLj8B_WswVlMw==",
            "seller's own, with \"quotes\" in it",
            "a=b",
            "bearer",
            "\"",
            "x\\y",
            "rediss://user:p%40ss@host:6380/1",
        ] {
            assert_eq!(decoration(text), None, "{text:?}");
        }
    }
}
