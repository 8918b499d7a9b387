use std::path::Path;

/// A line to paste that runs this command with `words`, with the configuration `config`.
pub(crate) fn shell_command<'a>(config: Option<&Path>, words: impl IntoIterator<Item = &'a str>) -> String {
    let config = config.map(|path| ["--config".to_owned(), quoted(&path.display().to_string())]);
    let words = config.into_iter().flatten().chain(words.into_iter().map(quoted));
    ["anykey".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A word that a shell takes as it is; ids are a vendor's text and may hold anything.
fn quoted(word: &str) -> String {
    let is_safe =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@' | ',' | '=');
    if !word.is_empty() && word.chars().all(is_safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_act_on_is_quoted() {
        assert_eq!(shell_command(None, ["keys", "get", "lic_1"]), "anykey keys get lic_1");
        assert_eq!(
            shell_command(Some(Path::new("my shop.toml")), ["keys", "get", "a'; rm -rf ~"]),
            "anykey --config 'my shop.toml' keys get 'a'\\''; rm -rf ~'"
        );
    }
}
