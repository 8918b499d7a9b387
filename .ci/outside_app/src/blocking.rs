//! An app without an async runtime.

use std::sync::Arc;

use anykey::blocking::BlockingProvider;
use anykey::{ActivateRequest, KeyCode, LicenseProvider};

pub fn activate(provider: Arc<dyn LicenseProvider>, code: KeyCode) -> anykey::Result<String> {
    let activation = BlockingProvider::new(provider)?.activate(ActivateRequest::new(code, "studio-mac"))?;
    Ok(activation.id.to_string())
}
