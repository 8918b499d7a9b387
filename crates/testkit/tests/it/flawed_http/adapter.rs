//! An adapter for the vendor's HTTP API, which has one flaw or none.

use std::sync::Arc;

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, PageTokenExt as _, Paging, check};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, Capabilities, Capability, CustomerId,
    DeactivateRequest, Error, ErrorKind, Expiry, HttpTransport, KeyCode, LicenseKey, LicenseKeyId,
    LicenseProvider, LicenseStatus, ListQuery, Operation, Page, PageToken, ProductId, Refusal, RefusalReason,
    Result, ValidateRequest, Validation, async_trait,
};
use anykey_http::{
    ApiClient, ApiRequest, ApiResponse, BearerToken, JsonMember, JsonTimestamp, MappedList, PathSegment,
    RetryPolicy, lenient_list,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::Flaw;
use super::vendor::TOKEN;

const NAME: &str = "acme";
const MAX_PAGE_SIZE: u32 = 100;

#[derive(Debug)]
pub(crate) struct Acme {
    flaw: Option<Flaw>,
    device: ApiClient,
    seller: ApiClient,
}

#[derive(Deserialize)]
struct License {
    id: LicenseKeyId,
    code: String,
    state: String,
    #[serde(default)]
    customer: JsonMember<CustomerId>,
    #[serde(default)]
    product: JsonMember<ProductId>,
    #[serde(default)]
    ends_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    seats: Value,
}

#[derive(Deserialize)]
struct Licenses {
    #[serde(deserialize_with = "licenses")]
    licenses: MappedList<LicenseKey>,
    total: u64,
}

fn licenses<'de, D: Deserializer<'de>>(list: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(list, |_, license: License, _| key(license))
}

#[derive(Deserialize)]
struct Validated {
    valid: bool,
    #[serde(default)]
    code: JsonMember<String>,
    #[serde(default)]
    seat: JsonMember<ActivationId>,
    #[serde(default)]
    product: JsonMember<ProductId>,
    #[serde(default)]
    ends_at: JsonMember<JsonTimestamp>,
}

#[derive(Deserialize)]
struct Activated {
    #[serde(default)]
    seat: JsonMember<ActivationId>,
    #[serde(default)]
    label: JsonMember<String>,
    #[serde(default)]
    taken_at: JsonMember<JsonTimestamp>,
}

impl Acme {
    pub(crate) fn new(transport: Arc<dyn HttpTransport>, flaw: Option<Flaw>) -> Self {
        let client =
            || ApiClient::builder(NAME, "https://api.acme.example/".parse().unwrap(), Arc::clone(&transport));
        let token = || BearerToken::new(TOKEN).unwrap();
        let seller = client().bearer(token());
        let (device, seller) = match flaw {
            Some(Flaw::SendsTheTokenFromDevices) => (client().bearer(token()), seller),
            Some(Flaw::NeverRepeatsReads) => (client(), seller.retry(RetryPolicy::none())),
            _ => (client(), seller),
        };
        Self { flaw, device: device.build().unwrap(), seller: seller.build().unwrap() }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// A success of a device's call, or what the answer means.
    fn succeed(&self, response: ApiResponse) -> Result<ApiResponse> {
        if response.is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let is_the_vendors = matches!(status, 400..=499) && status != 429;
        let refuse = |reason| response.fill(Error::refused(Refusal::new(reason)));
        Err(match reason(&body) {
            Some(reason) if is_the_vendors || self.has(Flaw::BelievesTheBodyWhateverTheStatus) => {
                refuse(reason)
            }
            _ if status >= 500 && self.has(Flaw::RefusesOnServerErrors) => refuse(RefusalReason::Unspecified),
            _ if is_the_vendors => response.unrecognized(),
            _ => response.general_error(),
        })
    }

    async fn validated(&self, request: &ValidateRequest) -> Result<Validation> {
        let body = json!({ "code": request.code.expose(), "seat": request.activation });
        let mut call = ApiRequest::post(Operation::Validate).path(&["device", "validate"]).json(&body);
        if !self.has(Flaw::ValidatesWithAWrite) {
            call = call.read_only();
        }
        let response = match self.succeed(self.device.send(call).await?) {
            Ok(response) => response,
            Err(error) => return error.refusal().cloned().map(Validation::refused).ok_or(error),
        };
        if self.has(Flaw::AnySuccessValidates) {
            return Ok(Validation::valid());
        }
        let Validated { valid, code, seat, product, ends_at } = response.json()?;
        if ends_at == JsonMember::Unreadable && self.has(Flaw::RefusesOddDates) {
            return Ok(Validation::refused(Refusal::new(RefusalReason::Expired)));
        }
        let is_this_code = match code {
            JsonMember::Value(code) => code == request.code.expose(),
            _ => self.has(Flaw::ComparesOnlyWhatIsThere),
        };
        if !valid || !is_this_code || seat.value() != request.activation {
            return Err(response.unrecognized());
        }
        match (&request.product, product) {
            (None, _) => Ok(Validation::valid()),
            (Some(_), JsonMember::Unreadable) if !self.has(Flaw::RefusesUnreadableProducts) => {
                Err(response.unrecognized())
            }
            (Some(required), product) if product.as_ref().value() == Some(required) => {
                Ok(Validation::valid())
            }
            _ => Ok(Validation::refused(Refusal::new(RefusalReason::WrongProduct))),
        }
    }

    async fn activated(&self, request: &ActivateRequest) -> Result<Activation> {
        let body = json!({ "code": request.code.expose(), "label": &*request.label });
        let mut call = ApiRequest::post(Operation::Activate).path(&["device", "activate"]).json(&body);
        if self.has(Flaw::RepeatsActivations) {
            call = call.repeatable();
        }
        let response = self.succeed(self.device.send(call).await?)?;
        let Activated { seat, label, taken_at } = response.json()?;
        if taken_at == JsonMember::Unreadable && self.has(Flaw::LosesSeatsToOddDates) {
            return Err(response.unrecognized());
        }
        let label = label.value().unwrap_or_default();
        match (seat, self.flaw) {
            (JsonMember::Value(seat), _) => Ok(Activation::new(seat, label)),
            (_, Some(Flaw::RefusesWithoutASeat)) => {
                Err(Error::refused(Refusal::new(RefusalReason::Unspecified)))
            }
            (_, Some(Flaw::ActivatesWithoutASeat)) => Ok(Activation::new("".into(), label)),
            (_, Some(Flaw::NoSeatMeansNoneTaken)) => {
                Err(response.unrecognized().with_may_have_taken_effect(false))
            }
            _ => Err(response.unrecognized()),
        }
    }
}

#[async_trait]
impl LicenseProvider for Acme {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[
            Capability::Validate,
            Capability::ValidateWithoutSeat,
            Capability::RequireProduct,
            Capability::Activate,
            Capability::Deactivate,
            Capability::List,
            Capability::ListAll,
            Capability::Get,
        ])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        check(self, &query)?;
        let (number, size) = match &query.page {
            Some(token) => token.as_numbered(NAME)?,
            None => (0, Paging::new(&query, MAX_PAGE_SIZE).page_size()),
        };
        let call = ApiRequest::get(Operation::List).path(&["licenses"]);
        let response = self.seller.send(call.query("page", number).query("size", size)).await?;
        if !response.is_success() {
            return Err(response.general_error());
        }
        let Licenses { licenses: MappedList { items, unreadable }, total } = response.json()?;
        let page = match unreadable.first() {
            Some(record) if self.has(Flaw::OneOddRecordHidesAll) => return Err(record.error()),
            Some(_) if self.has(Flaw::SkipsOddRecords) => Page::last(items),
            _ => Page::last(items).with_unreadable(unreadable),
        };
        let page = page.with_total(total);
        if (number + 1) * u64::from(size) >= total {
            return Ok(page);
        }
        Ok(page.with_next(PageToken::numbered(NAME, number + 1, size)))
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let segment = PathSegment::new("license key id", id.as_str())
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Get))?;
        let call = ApiRequest::get(Operation::Get).path(&["licenses"]).segment(segment);
        let response = self.seller.send(call).await?;
        if response.is_success() { Ok(key(response.json()?)) } else { Err(response.general_error()) }
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        check(self, &request)?;
        match self.validated(&request).await {
            Err(_) if self.has(Flaw::RefusesOnFailedValidations) => {
                Ok(Validation::refused(Refusal::new(RefusalReason::Unspecified)))
            }
            answer => answer,
        }
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        check(self, &request)?;
        match self.activated(&request).await {
            Err(error)
                if error.kind() != ErrorKind::Refused && self.has(Flaw::RefusesOnFailedActivations) =>
            {
                Err(Error::refused(Refusal::new(RefusalReason::Unspecified)))
            }
            answer => answer,
        }
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        check(self, &request)?;
        let body = json!({ "code": request.code.expose(), "seat": request.activation });
        let call = ApiRequest::post(Operation::Deactivate).path(&["device", "deactivate"]).json(&body);
        let response = self.device.send(call.repeatable()).await?;
        let lost_earlier = response.earlier_attempt_open();
        match self.succeed(response) {
            Ok(_) if self.has(Flaw::AnySuccessDeactivates) => Ok(()),
            Ok(response) => response.acknowledged(),
            Err(error) => match error.refusal() {
                Some(refusal) if lost_earlier && refusal.reason == RefusalReason::UnknownActivation => Ok(()),
                _ => Err(error),
            },
        }
    }
}

fn key(license: License) -> LicenseKey {
    let status = LicenseStatus::from_word(&license.state);
    let mut key = LicenseKey::new(NAME, license.id, KeyCode::verbatim(license.code), status);
    key.customer = license.customer.value();
    key.product = license.product.value();
    key.expiry = match license.ends_at {
        JsonMember::Value(end) => Expiry::At(end.into()),
        JsonMember::Unreadable => Expiry::Unknown,
        _ => Expiry::Never,
    };
    key.activations.limit = match (license.seats.as_u64(), license.seats.as_str()) {
        (Some(0), _) => ActivationLimit::NotAllowed,
        (Some(seats), _) => ActivationLimit::AtMost(seats),
        (_, Some("unlimited")) => ActivationLimit::Unlimited,
        _ => ActivationLimit::Unknown,
    };
    key
}

fn reason(body: &Value) -> Option<RefusalReason> {
    Some(match body.get("error")?.as_str()? {
        "unknown_license" => RefusalReason::UnknownKey,
        "unknown_seat" => RefusalReason::UnknownActivation,
        "license_disabled" => RefusalReason::Disabled,
        "license_revoked" => RefusalReason::Revoked,
        "license_expired" => RefusalReason::Expired,
        "other_environment" => RefusalReason::WrongEnvironment,
        "no_seat_left" => RefusalReason::ActivationLimitReached,
        "license_without_seats" => RefusalReason::ActivationsNotSupported,
        _ => return None,
    })
}
