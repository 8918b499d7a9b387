//! Errors of validation in the form of the vendor's library: a type, a location, a text and the input.

use serde::Serialize;

use crate::json::Json;

/// The result of validation: the value, or all errors.
pub(crate) type Parsed<T> = Result<T, Vec<FieldError>>;

/// One element of the `detail` list of a 422 answer.
#[derive(Serialize)]
pub(crate) struct FieldError {
    #[serde(rename = "type")]
    kind: &'static str,
    loc: Loc,
    msg: String,
    input: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    ctx: Option<Json>,
}

impl FieldError {
    /// An element without `ctx` that echoes `input`.
    pub(crate) fn new(kind: &'static str, loc: &Loc, msg: impl Into<String>, input: &Json) -> Self {
        Self { kind, loc: loc.clone(), msg: msg.into(), input: input.clone(), ctx: None }
    }

    /// An element for a missing required member. `input` is the whole object.
    pub(crate) fn missing(loc: &Loc, input: &Json) -> Self {
        Self::new("missing", loc, "Field required", input)
    }

    /// Adds a member to `ctx`.
    #[must_use]
    pub(crate) fn context(mut self, name: &str, value: Json) -> Self {
        let mut members = match self.ctx.take() {
            Some(Json::Object(members)) => members,
            _ => Vec::new(),
        };
        members.push((name.to_owned(), value));
        self.ctx = Some(Json::Object(members));
        self
    }
}

/// The location of an error, such as `["body","meta","k",…]`.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Loc(Vec<Step>);

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Step {
    Name(String),
    Index(usize),
}

impl Loc {
    /// The part of the request: `body`, `query` or `path`.
    pub(crate) fn root(place: &str) -> Self {
        Self(vec![Step::Name(place.to_owned())])
    }

    /// The location of a member.
    pub(crate) fn name(&self, name: &str) -> Self {
        self.then(Step::Name(name.to_owned()))
    }

    /// The location of an item of a list or a character of a text.
    pub(crate) fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}
