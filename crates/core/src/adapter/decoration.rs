use secrecy::{ExposeSecret, SecretString};

use crate::model::{Removed, removed};
use crate::text::is_masked;
use crate::{Error, ErrorKind, Result};

/// Characters that no id and no token has.
const FOREIGN: [char; 15] = ['"', '\'', '`', '<', '>', '{', '}', '[', ']', '(', ')', ',', ';', '$', '\\'];

/// What an id or a secret was copied together with, or what stands in its place, as the end of a sentence; `None` if
/// it looks like a value. A configuration with such a value would be refused by the vendor with each call, or would
/// refuse every key.
///
/// Found are white space, quotes and brackets around the text, invisible characters, a variable that nothing has
/// replaced (`${TOKEN}`), a line break that is written as `\n`, a mask (`***`), the word `Bearer` or `Basic` of a
/// header, and the name of a variable (`API_TOKEN=…`, `export API_TOKEN=…`). The answer never repeats the text.
///
/// ```
/// use anykey_core::adapter::decoration;
///
/// assert_eq!(decoration("\"whsec_1\""), Some("is in quotes; take them off"));
/// assert_eq!(decoration("whsec_1"), None);
/// ```
#[must_use]
pub fn decoration(text: &str) -> Option<&'static str> {
    if text.starts_with("${") || text.starts_with("$(") || is_between_percent_signs(text) {
        return Some("is the name of a variable that nothing has replaced");
    }
    if let Some(fault) = removed(text).into_iter().find_map(taken_off) {
        return Some(fault);
    }
    if text.ends_with("\\n") || text.ends_with("\\r") {
        return Some("ends with a line break that is written as letters; take it off");
    }
    if is_masked(text) {
        return Some("is masked; show it in full and copy it again");
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    if word != text
        && ["bearer", "basic", "authorization:"].iter().any(|known| word.eq_ignore_ascii_case(known))
    {
        return Some("begins with a word of the header; leave it out");
    }
    let name = text.split_once('=').map_or("", |(name, value)| if value.is_empty() { "" } else { name });
    let name = ["export ", "set ", "$env:"].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
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

/// Refuses a text that can be no secret of a webhook endpoint, whatever the vendor: a URL, and what [`decoration`]
/// finds. It would otherwise be noticed only when every delivery is refused.
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
        None if text.contains("://") => "is a URL; copy the secret from the settings of the endpoint",
        None => return Ok(()),
    };
    Err(Error::new(ErrorKind::Config, format!("the webhook secret {fault}")))
}

/// What is wrong with a text from which this would be taken off if it was a key. A secret may begin or end with marks.
const fn taken_off(removed: Removed) -> Option<&'static str> {
    match removed {
        Removed::Invisible | Removed::Control | Removed::EscapeSequence | Removed::LineBreak => {
            Some("holds a line break, a byte order mark or another invisible character; copy it again")
        }
        Removed::WhiteSpace => Some("begins or ends with white space; copy it again"),
        Removed::Quotes => Some("is in quotes; take them off"),
        Removed::Brackets => Some("is in brackets; put the value itself there"),
        Removed::QuoteMark | Removed::Emphasis => None,
    }
}

fn is_between_percent_signs(text: &str) -> bool {
    text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(|name| !name.is_empty())
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
            ("x1 ", "white space"),
            ("\u{201e}x1\u{201d}", "quotes"),
            ("\u{300c}x1\u{300d}", "brackets"),
            ("\u{1b}[200~x1\u{1b}[201~", "invisible"),
            ("Bearer x1", "header"),
            ("basic x1", "header"),
            ("Authorization: Bearer x1", "header"),
            ("API_TOKEN=x1", "name"),
            ("token=x1", "name"),
            ("export API_TOKEN=x1", "name"),
            ("$env:API_TOKEN=x1", "name"),
            ("x1****************", "masked"),
            ("\u{2022}\u{2022}\u{2022}\u{2022}x1", "masked"),
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
            "*x1*",
            "x\\y",
            "rediss://user:p%40ss@host:6380/1",
        ] {
            assert_eq!(decoration(text), None, "{text:?}");
        }
    }
}
