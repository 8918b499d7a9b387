use std::io::{self, Write};

use crate::args::ChangeArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::plain;
use crate::target::{KeyScope, Target};

/// Lets `action` pass on keys that are not live, with `--yes`, or when the user agrees.
pub(crate) async fn confirm(
    context: &Context,
    options: ChangeArgs,
    target: &Target,
    action: &str,
) -> Result<(), Failure> {
    if options.yes || !matches!(target.scope, KeyScope::Live | KeyScope::Host(_)) {
        return Ok(());
    }
    ask_for(context, &target.to_string(), action, " or look first with --dry-run").await
}

/// Lets `action` pass when the user agrees. `or` says what else there is to do where nobody can be asked.
pub(crate) async fn ask_for(context: &Context, place: &str, action: &str, or: &str) -> Result<(), Failure> {
    if !context.terminal.can_ask {
        return Err(Failure::Usage(format!(
            "{place}: this would {action}, and nobody can be asked here; next: repeat it with --yes,{or}"
        )));
    }
    match is_agreed(&format!("{place}: {action}?")).await? {
        true => Ok(()),
        false => Err(Failure::Usage("not confirmed; nothing was sent".to_owned())),
    }
}

/// Asks somebody at the terminal to agree. An empty answer is no.
pub(crate) async fn is_agreed(question: &str) -> Result<bool, Failure> {
    Ok(is_yes(&ask_line(&format!("{question} [y/N] ")).await?))
}

/// Asks somebody at the terminal. Waiting does not hold Ctrl-C back.
pub(crate) async fn ask_line(question: &str) -> Result<String, Failure> {
    let question = question.to_owned();
    Ok(tokio::task::spawn_blocking(move || ask(&question)).await.map_err(io::Error::other)??)
}

fn ask(question: &str) -> io::Result<String> {
    let mut screen = io::stderr();
    screen.write_all(plain(question).as_bytes())?;
    screen.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes(" YES \n"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("yep\n") && !is_yes("n\n"));
    }
}
