use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationLimit, ActivationUse, Environment, KeyCode, KeySource, LicenseKey, LicenseStatus, Origin,
    RawJson, Timestamp, Usage,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct WrittenKey {
    provider: String,
    id: String,
    code: String,
    status: String,
    status_word: String,
    environment: Option<Environment>,
    expiry: String,
    used: Option<u64>,
    limit: WrittenLimit,
    usage: Option<(i64, Option<u64>)>,
    customer: Option<String>,
    product: Option<String>,
    origin: WrittenOrigin,
    created_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
    last_validated_at: Option<Timestamp>,
    raw: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenLimit {
    Unlimited,
    AtMost(u64),
    NotAllowed,
    Unknown,
}

#[derive(Serialize, Deserialize)]
struct WrittenOrigin {
    source: Option<String>,
    seller: Option<String>,
    payment: Option<Box<str>>,
    subscription: Option<Box<str>>,
    order: Option<Box<str>>,
    grant: Option<Box<str>>,
    entitlement: Option<Box<str>>,
    revocation: Option<Box<str>>,
}

impl From<&LicenseKey> for WrittenKey {
    fn from(key: &LicenseKey) -> Self {
        Self {
            provider: key.provider.to_string(),
            id: key.id.to_string(),
            code: key.code.expose().to_owned(),
            status: key.status.to_string(),
            status_word: key.status_word.to_string(),
            environment: key.environment,
            expiry: key.expiry.word().into_owned(),
            used: key.activations.used,
            limit: key.activations.limit.into(),
            usage: key.usage.map(|usage| (usage.used, usage.limit)),
            customer: key.customer.as_ref().map(ToString::to_string),
            product: key.product.as_ref().map(ToString::to_string),
            origin: (&key.origin).into(),
            created_at: key.created_at,
            modified_at: key.modified_at,
            last_validated_at: key.last_validated_at,
            raw: key.raw.as_ref().map(|raw| raw.expose().to_owned()),
        }
    }
}

impl WrittenKey {
    pub(super) fn read(self) -> Option<LicenseKey> {
        let status = LicenseStatus::from_word(&self.status);
        let code = KeyCode::verbatim(self.code);
        let mut key = LicenseKey::new(self.provider, self.id.into(), code, status);
        key.status_word = self.status_word.into();
        key.environment = self.environment;
        key.expiry = self.expiry.parse().ok()?;
        key.activations = ActivationUse { used: self.used, limit: self.limit.read() };
        key.usage = self.usage.map(|(used, limit)| Usage { used, limit });
        key.customer = self.customer.map(Into::into);
        key.product = self.product.map(Into::into);
        key.origin = self.origin.read();
        key.created_at = self.created_at;
        key.modified_at = self.modified_at;
        key.last_validated_at = self.last_validated_at;
        key.raw = self.raw.map(RawJson::new);
        Some(key)
    }
}

impl From<ActivationLimit> for WrittenLimit {
    fn from(limit: ActivationLimit) -> Self {
        match limit {
            ActivationLimit::Unlimited => Self::Unlimited,
            ActivationLimit::AtMost(most) => Self::AtMost(most),
            ActivationLimit::NotAllowed => Self::NotAllowed,
            _ => Self::Unknown,
        }
    }
}

impl WrittenLimit {
    const fn read(self) -> ActivationLimit {
        match self {
            Self::Unlimited => ActivationLimit::Unlimited,
            Self::AtMost(most) => ActivationLimit::AtMost(most),
            Self::NotAllowed => ActivationLimit::NotAllowed,
            Self::Unknown => ActivationLimit::Unknown,
        }
    }
}

impl From<&Origin> for WrittenOrigin {
    fn from(origin: &Origin) -> Self {
        Self {
            source: origin.source.as_ref().map(ToString::to_string),
            seller: origin.seller.as_deref().map(str::to_owned),
            payment: origin.payment.clone(),
            subscription: origin.subscription.clone(),
            order: origin.order.clone(),
            grant: origin.grant.clone(),
            entitlement: origin.entitlement.clone(),
            revocation: origin.revocation.clone(),
        }
    }
}

impl WrittenOrigin {
    fn read(self) -> Origin {
        let mut origin = Origin::default();
        origin.source = self.source.map(|word| match &*word {
            "purchase" => KeySource::Purchase,
            "import" => KeySource::Import,
            "manual" => KeySource::Manual,
            _ => KeySource::Other(word.into()),
        });
        origin.seller = self.seller.map(Into::into);
        origin.payment = self.payment;
        origin.subscription = self.subscription;
        origin.order = self.order;
        origin.grant = self.grant;
        origin.entitlement = self.entitlement;
        origin.revocation = self.revocation;
        origin
    }
}
