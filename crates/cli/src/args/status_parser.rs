use std::ffi::OsStr;

use anykey::LicenseStatus;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use super::value::status;

/// Reads any status, and names ours to the completions of a shell: a vendor's own word is taken as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct StatusParser;

impl TypedValueParser for StatusParser {
    type Value = LicenseStatus;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Self::Value, Error> {
        StringValueParser::new().try_map(|text| status(&text)).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let ours = ["active", "inactive", "expired", "disabled", "revoked"];
        Some(Box::new(ours.into_iter().map(PossibleValue::new)))
    }
}
