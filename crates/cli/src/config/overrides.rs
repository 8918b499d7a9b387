const PREFIX: &str = "ANYKEY_";

/// The variables `ANYKEY_…` that replace fields of the chosen provider, with their values, by name.
///
/// `ANYKEY_CONFIG` and `ANYKEY_PROVIDER` choose the file and the provider instead.
pub(crate) fn overrides() -> Vec<(String, String)> {
    let mut variables: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .filter(|(name, _)| !matches!(name.as_str(), "ANYKEY_CONFIG" | "ANYKEY_PROVIDER"))
        .collect();
    variables.sort_unstable();
    variables
}
