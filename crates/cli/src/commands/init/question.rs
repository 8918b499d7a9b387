use crate::change::ask_line;
use crate::context::Context;
use crate::failure::Failure;

/// Something that the configuration needs to know.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// What is asked for on a terminal: `The vendor`.
    pub(super) text: &'a str,
    /// The option that says it without a terminal: `--vendor VENDOR`.
    pub(super) option: &'a str,
    /// What an empty answer means; without one an answer is needed.
    pub(super) default: Option<&'a str>,
}

impl Question<'_> {
    /// The answer, which is not empty: `given` on the command line, or of the terminal, or the default.
    ///
    /// Where nobody can be asked, it is the default, and without one an error that names the option: nothing waits.
    pub(super) async fn answer(&self, context: &Context, given: Option<&str>) -> Result<String, Failure> {
        let text = match given {
            Some(given) => given.to_owned(),
            None if context.terminal.can_ask => {
                let default = self.default.map(|default| format!(" [{default}]")).unwrap_or_default();
                ask_line(&format!("{}{default}: ", self.text)).await?
            }
            None => String::new(),
        };
        match (text.trim(), self.default) {
            ("", Some(default)) => Ok(default.to_owned()),
            ("", None) => Err(Failure::Usage(format!(
                "{} is not known, and nothing was written; next: say it with {}",
                self.text, self.option
            ))),
            (answer, _) => Ok(answer.to_owned()),
        }
    }
}
