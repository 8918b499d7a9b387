//! What a command of a desktop app or a handler of a web server returns.

use anykey::{LicenseKey, Validation};

pub fn validation(validation: &Validation) -> serde_json::Result<String> {
    serde_json::to_string(validation)
}

pub fn key(key: &LicenseKey) -> serde_json::Result<String> {
    serde_json::to_string(&key.masked())
}
