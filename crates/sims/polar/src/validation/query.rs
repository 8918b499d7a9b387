//! Query parameters, validated as the vendor's framework does.

use url::form_urlencoded;

use super::error::{FieldError, Loc, Parsed};
use super::scalar::positive;
use crate::json::Json;

const DEFAULT_LIMIT: i64 = 10;
const MAX_LIMIT: i64 = 100;

/// The parameters of a query string. Unknown ones are ignored.
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

/// The requested page of a list.
pub(crate) struct Page {
    /// From 1.
    pub(crate) number: i64,
    /// From 1 to 100.
    pub(crate) limit: i64,
}

impl Query {
    /// Splits a query string and decodes percent signs and plus signs.
    pub(crate) fn of(query: &str) -> Self {
        Self { pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// `page` and `limit`. A limit above 100 is reduced to 100 without an error.
    pub(crate) fn page(&self, errors: &mut Vec<FieldError>) -> Option<Page> {
        let number = self.last("page", positive, errors).unwrap_or(Some(1));
        let limit = self.last("limit", positive, errors).unwrap_or(Some(DEFAULT_LIMIT));
        Some(Page { number: number?, limit: limit?.min(MAX_LIMIT) })
    }

    /// A parameter with one value; of several values the last one is used. `None` if absent, `Some(None)` if invalid.
    pub(crate) fn last<T>(
        &self,
        name: &str,
        parse: impl Fn(&Json, &Loc) -> Parsed<T>,
        errors: &mut Vec<FieldError>,
    ) -> Option<Option<T>> {
        let (_, value) = self.pairs.iter().rev().find(|(known, _)| known == name)?;
        match parse(&value.as_str().into(), &Loc::root("query").name(name)) {
            Ok(value) => Some(Some(value)),
            Err(wrong) => {
                errors.extend(wrong);
                Some(None)
            }
        }
    }

    /// A repeatable parameter; `None` if absent or invalid.
    ///
    /// The server first parses the list of all values as a single value, which fails, and reports that only when the
    /// list is invalid too: hence the error with `arm` and the whole list.
    pub(crate) fn any_of<T>(
        &self,
        name: &str,
        (arm, list_arm): (&str, &str),
        parse: impl Fn(&Json, &Loc) -> Parsed<T>,
        errors: &mut Vec<FieldError>,
    ) -> Option<Vec<T>> {
        let sent = self.pairs.iter().filter(|(known, _)| known == name);
        let values: Vec<Json> = sent.map(|(_, value)| Json::from(value.as_str())).collect();
        if values.is_empty() {
            return None;
        }
        let loc = Loc::root("query").name(name);
        let mut parsed = Vec::new();
        let mut wrong = Vec::new();
        for (index, value) in values.iter().enumerate() {
            match parse(value, &loc.name(list_arm).index(index)) {
                Ok(value) => parsed.push(value),
                Err(more) => wrong.extend(more),
            }
        }
        if wrong.is_empty() {
            return Some(parsed);
        }
        errors.extend(parse(&Json::Array(values), &loc.name(arm)).err().into_iter().flatten());
        errors.extend(wrong);
        None
    }
}
