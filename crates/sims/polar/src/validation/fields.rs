use super::error::{FieldError, Loc, Parsed};
use crate::json::Json;

/// Reads the members of a JSON object one by one and gathers all their errors.
pub(crate) struct Fields<'a> {
    body: &'a Json,
    loc: Loc,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// Starts on `body`, which has to be an object; `loc` is where it is.
    pub(crate) fn of(body: &'a Json, loc: Loc) -> Parsed<Self> {
        match body {
            Json::Object(_) => Ok(Self { body, loc, errors: Vec::new() }),
            _ => {
                let message = "Input should be a valid dictionary or object to extract fields from";
                Err(vec![FieldError::new("model_attributes_type", &loc, message, body)])
            }
        }
    }

    /// A member that must be there.
    pub(crate) fn required<T>(&mut self, name: &str, parse: impl Fn(&Json, &Loc) -> Parsed<T>) -> Option<T> {
        if self.body.get(name).is_none() {
            self.errors.push(FieldError::missing(&self.loc.name(name), self.body));
        }
        self.present(name, parse)
    }

    /// A member that may be absent; `None` stands for absent as well as for wrong.
    pub(crate) fn present<T>(&mut self, name: &str, parse: impl Fn(&Json, &Loc) -> Parsed<T>) -> Option<T> {
        match parse(self.body.get(name)?, &self.loc.name(name)) {
            Ok(value) => Some(value),
            Err(errors) => {
                self.errors.extend(errors);
                None
            }
        }
    }

    /// The finished value, unless something was wrong.
    pub(crate) fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Parsed<T> {
        match build() {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }
}
