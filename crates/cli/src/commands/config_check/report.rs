use anykey::{Capabilities, Capability};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::credential;
use crate::config::Place;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};
use crate::target::Target;

/// What one provider of the configuration resolves to.
#[derive(Debug, Serialize)]
pub(super) struct CheckView {
    name: String,
    default: bool,
    provider: String,
    configuration: String,
    environment: String,
    base_url: Option<String>,
    /// `device`, `device and own keys`, or `device and management`; absent when the provider is wrong.
    plane: Option<&'static str>,
    credential: Option<String>,
    webhook_secrets: Option<String>,
    products: Option<String>,
    overridden_by: Option<String>,
    online: Option<String>,
    problem: Option<String>,
}

#[derive(Default, Deserialize)]
struct ShownFields {
    base_url: Option<Value>,
    products: Option<Value>,
}

impl CheckView {
    pub(super) fn new(place: &Place, target: &Target, default: bool) -> Self {
        let fields: ShownFields = target.config.settings.read().unwrap_or_default();
        let url = fields.base_url.as_ref().and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
        let products = fields.products.as_ref().and_then(Value::as_array);
        Self {
            name: target.name.clone(),
            default,
            provider: target.config.provider.clone(),
            configuration: place.to_string(),
            environment: target.scope.to_string(),
            // The origin alone: a user name or password in the URL stays out.
            base_url: url.map(|url| url.origin().ascii_serialization()),
            plane: None,
            credential: joined(credential::sources(target).iter().map(ToString::to_string)),
            webhook_secrets: joined(credential::webhook_sources(target).iter().map(ToString::to_string)),
            products: products.and_then(|ids| joined(ids.iter().filter_map(Value::as_str))),
            overridden_by: joined(&target.overridden_by),
            online: None,
            problem: None,
        }
    }

    /// Sets the plane by what the provider can do.
    pub(super) fn capabilities(&mut self, capabilities: Capabilities) {
        let any = |wanted: &[Capability]| wanted.iter().any(|one| capabilities.contains(*one));
        // Only a seller sees the keys of more than one customer.
        let of_a_seller = [
            Capability::Create,
            Capability::SetDisabled,
            Capability::SetExpiry,
            Capability::FilterByCustomer,
        ];
        self.plane = Some(if any(&of_a_seller) {
            "device and management"
        } else if any(&[Capability::List, Capability::Get]) {
            "device and own keys"
        } else {
            "device"
        });
    }

    /// Sets the result of the online check.
    pub(super) fn online(&mut self, explanation: String) {
        self.online = Some(explanation);
    }

    /// What is wrong.
    pub(super) fn problem(&mut self, message: &str) {
        self.problem = Some(message.to_owned());
    }
}

impl Row for CheckView {
    const FIELDS: &'static [&'static str] = &[
        "name",
        "default",
        "provider",
        "configuration",
        "environment",
        "base_url",
        "plane",
        "credential",
        "webhook_secrets",
        "products",
        "overridden_by",
        "online",
        "problem",
    ];
    const COLUMNS: &'static [Column] = &[Column::new("NAME", 0), Column::new("PROVIDER", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![self.name.as_str().into(), self.provider.as_str().into()]
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        let name = if self.default { format!("{} (used by default)", self.name) } else { self.name.clone() };
        let mut facts = vec![
            Fact::new("name", name),
            Fact::new("provider", self.provider.as_str()),
            Fact::new("configuration", self.configuration.as_str()),
            Fact::new("environment", self.environment.as_str()),
        ];
        let further = [
            ("base url", self.base_url.as_deref()),
            ("plane", self.plane),
            ("credential", Some(self.credential.as_deref().unwrap_or("none"))),
            ("webhook secrets", self.webhook_secrets.as_deref()),
            ("products", Some(self.products.as_deref().unwrap_or("any"))),
            ("overridden by", self.overridden_by.as_deref()),
            ("online", self.online.as_deref()),
        ];
        facts.extend(further.into_iter().filter_map(|(name, text)| Some(Fact::new(name, text?))));
        let problem = self.problem.as_deref().map(|problem| Cell::new(problem, Tone::Bad));
        facts.extend(problem.map(|problem| Fact::new("problem", problem)));
        facts
    }
}

fn joined<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().map(|part| part.as_ref().to_owned()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use anykey::{Config, Registry};

    use super::*;
    use crate::config::Loaded;

    #[test]
    fn the_plane_follows_from_what_the_credential_allows() {
        let loaded =
            Loaded { place: Place::Environment, config: Config::from_toml("provider = \"acme\"").unwrap() };
        let mut view = CheckView::new(
            &loaded.place,
            &Target::of(&loaded, "acme", true, &Registry::builtin()).unwrap(),
            true,
        );
        let mut plane = |capabilities: &[Capability]| {
            view.capabilities(Capabilities::of(capabilities));
            view.plane
        };
        assert_eq!(plane(&[Capability::Validate]), Some("device"));
        assert_eq!(plane(&[Capability::Validate, Capability::List]), Some("device and own keys"));
        assert_eq!(plane(&[Capability::List, Capability::SetDisabled]), Some("device and management"));
        assert_eq!(plane(&[Capability::List, Capability::FilterByCustomer]), Some("device and management"));
    }

    #[test]
    fn the_fields_are_those_of_the_header_and_hold_no_password() {
        let toml = "provider = \"acme\"\nbase_url = \"https://user:planted@api.example/v1\"";
        let loaded = Loaded { place: Place::Environment, config: Config::from_toml(toml).unwrap() };
        let target = Target::of(&loaded, "acme", true, &Registry::builtin()).unwrap();
        let view = CheckView::new(&loaded.place, &target, true);
        crate::view::check::assert_fields_match(&view);
        assert_eq!(view.base_url.as_deref(), Some("https://api.example"));
        assert!(!format!("{view:?}").contains("planted"));
    }
}
