use serde_json::{Map, Value};

/// One field of an adapter's configuration, read from the adapter's JSON Schema.
///
/// ```
/// use anykey_core::adapter::{ConfigField, FieldKind};
///
/// let fields = ConfigField::of_schema(&serde_json::json!({
///     "properties": {
///         "account": { "type": "string", "description": "The seller's account.\nA UUID." },
///         "timeout": { "type": ["integer", "null"] },
///     },
///     "required": ["account"],
/// }));
/// assert_eq!(&*fields[0].name, "account");
/// assert_eq!(fields[0].kind, FieldKind::Text);
/// assert!(fields[0].required && !fields[1].required);
/// assert_eq!(&*fields[0].help, "The seller's account.");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConfigField {
    /// The field's name in the configuration.
    pub name: Box<str>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether the adapter refuses a configuration without it.
    pub required: bool,
    /// The first line of its documentation; empty when it has none.
    pub help: Box<str>,
    /// A value of the right shape; `None` when the schema gives none.
    pub example: Option<Value>,
}

/// What a field of a configuration holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(Vec<Box<str>>),
    /// A list of texts.
    List,
    /// The place of a secret: `{ env = "…" }`, `{ file = "…" }` or `{ keyring = "…" }`.
    Secret,
    /// A list of places of secrets.
    Secrets,
    /// A table of further fields.
    Table,
}

impl FieldKind {
    /// Whether it names the place of a secret, or several.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret | Self::Secrets)
    }
}

impl ConfigField {
    /// The fields of the JSON Schema of an object, the required ones first.
    #[must_use]
    pub fn of_schema(schema: &Value) -> Vec<Self> {
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
        let field = |(name, property): (&String, &Value)| Self {
            name: name.as_str().into(),
            kind: kind(property, schema),
            required: required.contains(&name.as_str()),
            help: first_line(property["description"].as_str().unwrap_or_default()).into(),
            example: property["examples"].as_array().and_then(|examples| examples.first()).cloned(),
        };
        let mut fields: Vec<_> = properties.iter().map(field).collect();
        fields.sort_by_key(|field| !field.required);
        fields
    }
}

fn kind(property: &Value, schema: &Value) -> FieldKind {
    let property = resolved(property, schema);
    if property["title"] == SECRET_TITLE {
        return FieldKind::Secret;
    }
    if let Some(words) = words(property) {
        return FieldKind::Choice(words);
    }
    match type_of(property) {
        Some("boolean") => FieldKind::Flag,
        Some("integer" | "number") => FieldKind::Number,
        Some("object") => FieldKind::Table,
        Some("array") if kind(&property["items"], schema) == FieldKind::Secret => FieldKind::Secrets,
        Some("array") => FieldKind::List,
        _ => FieldKind::Text,
    }
}

/// The title of the schema of a [`SecretSource`](crate::SecretSource).
pub(crate) const SECRET_TITLE: &str = "Secret";

/// What a reference, or the choice between something and nothing, stands for.
fn resolved<'a>(property: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(target) = property["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        return schema.pointer(target).unwrap_or(property);
    }
    let something = |options: &'a Vec<Value>| options.iter().find(|option| option["type"] != "null");
    match property["anyOf"].as_array().and_then(something) {
        Some(option) if property["title"] != SECRET_TITLE => resolved(option, schema),
        _ => property,
    }
}

fn words(property: &Value) -> Option<Vec<Box<str>>> {
    let constant = |option: &Value| option["const"].as_str().map(Box::from);
    let listed = |values: &Vec<Value>| values.iter().map(|value| value.as_str().map(Box::from)).collect();
    match (property["enum"].as_array(), property["oneOf"].as_array()) {
        (Some(values), _) => listed(values),
        (None, Some(options)) => options.iter().map(constant).collect(),
        (None, None) => None,
    }
}

fn type_of(property: &Value) -> Option<&str> {
    match &property["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => property.as_object().filter(|schema| is_object(schema)).map(|_| "object"),
    }
}

fn is_object(schema: &Map<String, Value>) -> bool {
    schema.contains_key("properties")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
