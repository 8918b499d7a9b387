use std::collections::HashMap;
use std::path::Path;

use anykey::{
    Capabilities, Capability, Error, LicenseKey, LicenseKeyId, LicenseProvider, ListQuery, Page, Result,
    ValidateRequest, Validation, async_trait,
};

use super::{row, table};
use crate::args::read_file;
use crate::failure::Failure;

/// The keys of a file, as a provider that can list and nothing else.
#[derive(Debug)]
pub(super) struct FileKeys {
    name: String,
    keys: Vec<LicenseKey>,
}

impl FileKeys {
    /// Reads all of the file, so that a row that says nothing sensible is known before anything is sent.
    pub(super) fn read(path: &Path) -> std::result::Result<Self, Failure> {
        let named = |error: String| Failure::Usage(format!("{}: {error}; nothing was sent", path.display()));
        let text = read_file(path)?;
        let is_jsonl = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("jsonl"));
        let rows = if is_jsonl { table::of_jsonl(&text) } else { table::of_csv(&text) };
        let mut keys = Vec::new();
        let mut lines: HashMap<LicenseKeyId, u64> = HashMap::new();
        let mut codes: HashMap<String, u64> = HashMap::new();
        for row in rows.map_err(named)? {
            let key = row::key(&row).map_err(|error| named(format!("line {}: {error}", row.line)))?;
            if let Some(first) = lines.insert(key.id.clone(), row.line) {
                return Err(named(format!("line {}: its id is that of line {first}", row.line)));
            }
            if let Some(first) = codes.insert(key.code.expose().to_owned(), row.line) {
                return Err(named(format!("line {}: its code is that of line {first}", row.line)));
            }
            keys.push(key);
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, keys })
    }

    pub(super) fn keys(&self) -> &[LicenseKey] {
        &self.keys
    }
}

#[async_trait]
impl LicenseProvider for FileKeys {
    fn vendor(&self) -> &'static str {
        row::VENDOR
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, _: ListQuery) -> Result<Page<LicenseKey>> {
        Ok(Page::last(self.keys.clone()))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        Err(Error::unsupported(self.name.clone(), Capability::Validate))
    }
}
