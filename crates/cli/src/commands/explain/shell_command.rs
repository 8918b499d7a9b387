use crate::context::Context;

/// A command line to paste: `words` for the provider called `provider`, with the configuration in use.
pub(super) fn shell_command(context: &Context, provider: &str, words: &[&str]) -> String {
    let config = context.global.config.as_ref().map(|path| path.display().to_string());
    line(config.as_deref(), provider, words)
}

fn line(config: Option<&str>, provider: &str, words: &[&str]) -> String {
    let mut line = "anykey".to_owned();
    let config = config.map(|path| ["--config", path]);
    let provider = ["-p", provider];
    for word in config.iter().flatten().chain(&provider).chain(words) {
        line.push(' ');
        line.push_str(&quoted(word));
    }
    line
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
        assert_eq!(line(None, "main", &["keys", "get", "lic_1"]), "anykey -p main keys get lic_1");
        assert_eq!(
            line(Some("my shop.toml"), "main", &["keys", "get", "a'; rm -rf ~"]),
            "anykey --config 'my shop.toml' -p main keys get 'a'\\''; rm -rf ~'"
        );
    }
}
