//! An editor's help for the configuration.

pub fn fields() -> Vec<String> {
    let registry = anykey::Registry::builtin();
    registry
        .vendors()
        .filter_map(|vendor| vendor.fields())
        .flatten()
        .map(|field| field.name.to_string())
        .collect()
}
