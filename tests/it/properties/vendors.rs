//! Every adapter and plane over one answer, and every operation of it.

use std::sync::Arc;

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivateRequest, CreateRequest, DeactivateRequest, KeyCode, LicensePatch, LicenseProvider, ListQuery,
    Operation, PageToken, Refusal, Result, ValidateRequest, Verdict,
};
use anykey_dodo::DodoProvider;
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_lemonsqueezy::LemonSqueezyProvider;
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport};

pub(crate) const CODE: &str = "PLANTED-4f1c9d27-CODE";
const ORGANIZATION: &str = "57a10a51-653a-449f-a259-1c70a3bbc826";
const ID: &str = "508176f7-065a-4b5d-b524-4e9c8a11ed63";
/// The ids of Lemon Squeezy's keys are numbers.
const NUMBER: &str = "508176";

pub(crate) fn all(answer: Answer) -> Vec<Arc<dyn LicenseProvider>> {
    let transport: Arc<dyn HttpTransport> = Arc::new(ScriptedTransport::from_fn(move |_| answer.clone()));
    let dodo = || {
        DodoProvider::builder()
            .transport(transport.clone())
            .retry(RetryPolicy::none())
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
    };
    let lemon_squeezy = || {
        LemonSqueezyProvider::builder("1")
            .transport(transport.clone())
            .retry(RetryPolicy::none())
            .keep_raw(true)
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
    };
    let polar = || {
        PolarProvider::builder(ORGANIZATION)
            .transport(transport.clone())
            .retry(RetryPolicy::none())
            .keep_raw(true)
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
    };
    vec![
        Arc::new(dodo().build().unwrap()),
        Arc::new(dodo().token("planted-token").keep_raw(true).build().unwrap()),
        Arc::new(dodo().token("planted-token").product("pdt_1").build().unwrap()),
        Arc::new(lemon_squeezy().build().unwrap()),
        Arc::new(lemon_squeezy().token("planted-token").product("4").build().unwrap()),
        Arc::new(polar().build().unwrap()),
        Arc::new(polar().product(ID).build().unwrap()),
        Arc::new(polar().session_token("polar_cst_1").build().unwrap()),
        Arc::new(polar().token("polar_oat_1").build().unwrap()),
    ]
}

/// Runs every operation, and returns the refusals among the answers.
pub(crate) async fn run_all(
    provider: &dyn LicenseProvider,
    page: Option<PageToken>,
) -> Vec<(Operation, Refusal)> {
    let code = || KeyCode::verbatim(CODE);
    let mut query = ListQuery::new();
    query.page = page;
    let patch = LicensePatch::new().clear_expiry();
    let counted = ValidateRequest::new(code()).increment_usage(1);
    let mut refusals = Vec::new();
    let mut keep =
        |operation, refusal: Option<Refusal>| refusals.extend(refusal.map(|refusal| (operation, refusal)));
    keep(Operation::List, refusal(provider.list(query).await));
    for id in [ID, NUMBER] {
        keep(Operation::Get, refusal(provider.get(&id.into()).await));
        keep(Operation::Update, refusal(provider.update(&id.into(), patch.clone()).await));
        keep(Operation::Activations, refusal(provider.activations(&id.into()).await));
    }
    keep(Operation::Create, refusal(provider.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await));
    keep(Operation::Rotate, refusal(provider.rotate(&ID.into()).await));
    for request in [ValidateRequest::new(code()), ValidateRequest::new(code()).activation(ID), counted] {
        let refusal = match provider.validate(request).await {
            Ok(validation) => match validation.verdict {
                Verdict::Refused(refusal) => Some(refusal),
                Verdict::Valid => None,
            },
            error => refusal(error),
        };
        keep(Operation::Validate, refusal);
    }
    keep(Operation::Activate, refusal(provider.activate(ActivateRequest::new(code(), "laptop")).await));
    keep(Operation::Deactivate, refusal(provider.deactivate(DeactivateRequest::new(code(), ID)).await));
    refusals
}

fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Option<Refusal> {
    match answer {
        Ok(value) => {
            assert!(!format!("{value:?}").contains(CODE), "{value:?}");
            None
        }
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains(CODE), "{error:?}");
            error.refusal().cloned()
        }
    }
}

/// Runs `future` on a clock of its own that never waits.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}
