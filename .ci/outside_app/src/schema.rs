//! An editor's help for the configuration.

pub fn fields() -> Vec<String> {
    let registry = anykey::Registry::builtin();
    registry.vendors().flat_map(|vendor| vendor.fields()).map(|field| field.name.to_string()).collect()
}
