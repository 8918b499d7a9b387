//! The members of a request's body.

use super::error::{FieldError, Loc, Parsed};
use crate::json::Json;

/// Reads the members of a JSON object one by one and collects all errors.
pub(crate) struct Fields<'a> {
    body: &'a Json,
    loc: Loc,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// A reader for `body` at the location `loc`.
    ///
    /// # Errors
    ///
    /// One element when `body` is no object.
    pub(crate) fn of(body: &'a Json, loc: Loc) -> Parsed<Self> {
        match body {
            Json::Object(_) => Ok(Self { body, loc, errors: Vec::new() }),
            _ => {
                let message = "Input should be a valid dictionary or object to extract fields from";
                Err(vec![FieldError::new("model_attributes_type", &loc, message, body)])
            }
        }
    }

    /// A required member. `None` if it is absent or invalid; the element is kept for [`finish`](Self::finish).
    pub(crate) fn required<T>(&mut self, name: &str, parse: impl Fn(&Json, &Loc) -> Parsed<T>) -> Option<T> {
        if self.body.get(name).is_none() {
            self.errors.push(FieldError::missing(&self.loc.name(name), self.body));
        }
        self.present(name, parse)
    }

    /// An optional member; `None` if it is absent or invalid.
    pub(crate) fn present<T>(&mut self, name: &str, parse: impl Fn(&Json, &Loc) -> Parsed<T>) -> Option<T> {
        match parse(self.body.get(name)?, &self.loc.name(name)) {
            Ok(value) => Some(value),
            Err(errors) => {
                self.errors.extend(errors);
                None
            }
        }
    }

    /// The complete value, or the collected errors.
    pub(crate) fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Parsed<T> {
        match build() {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }
}
