//! The environment variables `ANYKEY_…` and what of a configuration they may meet.

use anykey::adapter::closest;
use anykey::{ProviderConfig, Registry};

use crate::config::Place;
use crate::shell_command::shell_command;

/// A file that was found and says itself where requests go gets no credential of the environment: whoever put it there
/// would choose the server. Naming the file is the consent.
pub(super) fn without_consent(
    place: &Place,
    config: &ProviderConfig,
    variables: &[(String, String)],
) -> Option<String> {
    let Place::Upwards(path) = place else { return None };
    let is_replaced = |name: &str| variables.iter().any(|(variable, _)| is_variable_of(variable, name));
    let leads =
        config.settings.names().find(|name| matches!(*name, "base_url" | "network") && !is_replaced(name))?;
    let is_credential = |variable: &str| variable.ends_with("_TOKEN") || variable.ends_with("_SECRET");
    let (variable, _) = variables.iter().find(|(variable, _)| is_credential(variable))?;
    let naming = shell_command(Some(path), []);
    Some(format!(
        "{} was found and sets `{leads}` itself, so {variable} is not sent there; name it to agree: `{naming}`",
        path.display()
    ))
}

/// The first variable that sets no field of the vendor. A vendor whose fields are not known reports it itself.
pub(super) fn unknown_variable(
    registry: &Registry,
    config: &ProviderConfig,
    variables: &[(String, String)],
) -> Option<String> {
    let fields = registry.vendor(&config.provider).ok()?.fields()?;
    let known = || fields.iter().map(|field| &*field.name);
    let (field, variable) =
        config.settings.names().filter(|name| !known().any(|known| known == *name)).find_map(|name| {
            variables
                .iter()
                .find(|(variable, _)| is_variable_of(variable, name))
                .map(|found| (name, &found.0))
        })?;
    let meant = match closest(field, known()) {
        Some(meant) => format!("did you mean {}?", variable_of(meant)),
        None => format!("expected one of {}", known().map(variable_of).collect::<Vec<_>>().join(", ")),
    };
    let vendor = &config.provider;
    Some(format!(
        "the environment variable {variable} sets `{field}`, which is no field of `{vendor}`; {meant}"
    ))
}

fn variable_of(field: &str) -> String {
    format!("ANYKEY_{}", field.to_ascii_uppercase())
}

/// Whether `ANYKEY_FIELD` sets the field.
pub(super) fn is_variable_of(variable: &str, field: &str) -> bool {
    variable.strip_prefix("ANYKEY_").is_some_and(|name| name.eq_ignore_ascii_case(field))
}
