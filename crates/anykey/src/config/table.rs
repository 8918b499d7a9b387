use anykey_core::Error;
use anykey_core::adapter::ErrorExt as _;

/// `error` with the table of the provider called `name`, unless it is about a provider that this one is built over:
/// then it names that one's already.
pub(crate) fn in_table(error: Error, name: &str) -> Error {
    match error.provider() {
        Some(failed) if failed != name => error,
        _ => error.in_context(&format!("providers.{name}")).with_provider(name.to_owned()),
    }
}
