use anykey::{
    Activation, ActivationLimit, Capabilities, Capability, ErrorKind, KeyCode, LicenseKey, LicenseProvider,
    Refusal, RefusalReason, Timestamp, ValidateRequest,
};

use crate::context::Context;
use crate::report;
use crate::search::{Found, Match, Needle, Searched};

/// What is known of one key: its record, its seats, and what its vendor says to a device.
#[derive(Debug)]
pub(super) struct Case {
    /// The provider's name in the configuration.
    pub(super) provider: String,
    /// The same with its vendor and environment.
    pub(super) place: String,
    pub(super) capabilities: Capabilities,
    pub(super) key: LicenseKey,
    /// `None` when the provider cannot list them.
    pub(super) seats: Option<Vec<Activation>>,
    pub(super) answer: DeviceAnswer,
    /// The customer's letter case is not that of the key, and the vendor refuses it.
    pub(super) is_in_other_case: bool,
    pub(super) now: Timestamp,
}

/// What a device that validates the key gets.
#[derive(Debug)]
pub(super) enum DeviceAnswer {
    Valid,
    Refused(Refusal),
    /// It was not asked, or there was no answer: why.
    None(String),
}

impl Case {
    /// Reads the seats and validates the key. What cannot be read is a gap in the explanation and no error.
    pub(super) async fn gather(context: &Context, one: &Searched, found: &Found, needle: &Needle) -> Self {
        let key = found.key.clone();
        let mut case = Self {
            provider: one.target.name.clone(),
            place: one.target.to_string(),
            capabilities: Capabilities::default(),
            key,
            seats: None,
            answer: DeviceAnswer::None("it was not asked".to_owned()),
            is_in_other_case: false,
            now: context.now,
        };
        let Some(provider) = one.provider.as_deref() else { return case };
        case.capabilities = provider.capabilities();
        if case.can(Capability::Activations) {
            match provider.activations(&case.key.id).await {
                Ok(seats) => case.seats = Some(seats),
                Err(error) => context.note(&report::library_line(&error, Some(&case.place))),
            }
        }
        case.answer = case.ask(provider, case.key.code.clone()).await;
        if found.matched == Match::CodeInOtherCase {
            let typed = case.ask(provider, needle.code.clone()).await;
            case.is_in_other_case = case.is_about_case(&typed);
        }
        case
    }

    /// Validates `code` as a device would that counts no usage.
    async fn ask(&self, provider: &dyn LicenseProvider, code: KeyCode) -> DeviceAnswer {
        let mut request = ValidateRequest::new(code);
        if !self.can(Capability::ValidateWithoutSeat) {
            let Some(seat) = self.seats.iter().flatten().next() else {
                return DeviceAnswer::None("only a device with a seat can be asked for".to_owned());
            };
            request = request.activation(seat.id.clone());
        }
        match provider.validate(request).await {
            Ok(validation) => match validation.refusal() {
                None => DeviceAnswer::Valid,
                Some(refusal) => DeviceAnswer::Refused(refusal.clone()),
            },
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                DeviceAnswer::None(error.message().to_owned())
            }
            Err(error) => DeviceAnswer::None(format!("no answer: {}", error.message())),
        }
    }

    /// Whether `typed`, the answer about the customer's letter case, is a refusal because of it. Not every vendor says
    /// that it does not know a key; then it is one if the key itself is good.
    fn is_about_case(&self, typed: &DeviceAnswer) -> bool {
        match typed {
            DeviceAnswer::Refused(refusal) => {
                refusal.reason == RefusalReason::UnknownKey || matches!(self.answer, DeviceAnswer::Valid)
            }
            DeviceAnswer::Valid | DeviceAnswer::None(_) => false,
        }
    }

    pub(super) fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(capability)
    }

    /// How many seats are taken; `None` when the vendor does not say.
    pub(super) fn used(&self) -> Option<u64> {
        let counted = self.seats.as_ref().and_then(|seats| u64::try_from(seats.len()).ok());
        self.key.activations.used.or(counted)
    }

    /// How many seats there are; `None` when there is no number.
    pub(super) fn limit(&self) -> Option<u64> {
        match self.key.activations.limit {
            ActivationLimit::AtMost(limit) => Some(limit),
            _ => None,
        }
    }
}

#[cfg(test)]
impl Case {
    /// A key that works at a provider that can do everything.
    pub(super) fn sample() -> Self {
        let code = KeyCode::parse("EDITOR-1C285B2D-76cc66").unwrap();
        Self {
            provider: "main".to_owned(),
            place: "main (acme, live)".to_owned(),
            capabilities: Capabilities::all(),
            key: LicenseKey::new("main", "lic_1".into(), code, anykey::LicenseStatus::Active),
            seats: None,
            answer: DeviceAnswer::Valid,
            is_in_other_case: false,
            now: "2027-01-15T12:00:00Z".parse().unwrap(),
        }
    }
}
