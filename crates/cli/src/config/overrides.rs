use crate::failure::Failure;

const PREFIX: &str = "ANYKEY_";

/// The variables `ANYKEY_…` that replace fields of the chosen provider, with their values, by name.
///
/// `ANYKEY_CONFIG` and `ANYKEY_PROVIDER` choose the file and the provider instead.
pub(crate) fn overrides() -> Result<Vec<(String, String)>, Failure> {
    let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let ours = named
        .filter(|(name, _)| name.starts_with(PREFIX))
        .filter(|(name, _)| !matches!(name.as_str(), "ANYKEY_CONFIG" | "ANYKEY_PROVIDER"));
    let read = ours.map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(Failure::Usage(format!("the environment variable {name} is not UTF-8"))),
    });
    let mut variables = read.collect::<Result<Vec<_>, _>>()?;
    variables.sort_unstable();
    Ok(variables)
}
