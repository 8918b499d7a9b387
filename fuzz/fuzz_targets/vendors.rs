//! Every adapter and plane over one answer.

use std::sync::Arc;

use anykey::LicenseProvider;
use anykey::router::Router;
use anykey_creem::CreemProvider;
use anykey_dlm::{DlmProvider, Plane};
use anykey_dodo::DodoProvider;
use anykey_gumroad::GumroadProvider;
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_keygen::KeygenProvider;
use anykey_lemonsqueezy::LemonSqueezyProvider;
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport};

pub const ID: &str = "508176f7-065a-4b5d-b524-4e9c8a11ed63";

/// The ids of some vendors' keys are numbers.
pub const NUMBER: &str = "508176";

/// The ids of some vendors' activations are 40 hexadecimal digits.
const TOKEN: &str = "e23b7ada8db93912d96466aa28f3693549f0780d";

/// Of a signing key that nobody uses.
const PUBLIC_KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

/// A provider over one answer.
pub struct Answered {
    pub provider: Arc<dyn LicenseProvider>,
    /// The statuses of failed servers that are also those of the vendor's refusals.
    pub refusal_statuses: &'static [u16],
    /// An id of an activation in the vendor's form.
    pub seat: &'static str,
}

/// The last one is a router over two of the others.
pub fn all(answer: Answer) -> Vec<Answered> {
    let transport: Arc<dyn HttpTransport> = Arc::new(ScriptedTransport::from_fn(move |_| answer.clone()));
    let creem = CreemProvider::builder("token")
        .transport(transport.clone())
        .retry(RetryPolicy::none())
        .pacer(Pacer::unlimited());
    let dlm = |plane| {
        let digits = "0".repeat(40);
        let url = "https://shop.example.com".parse().unwrap();
        DlmProvider::builder(url, format!("ck_{digits}"), format!("cs_{digits}"))
            .plane(plane)
            .transport(transport.clone())
            .retry(RetryPolicy::none())
    };
    let dodo = DodoProvider::builder()
        .transport(transport.clone())
        .token("token")
        .retry(RetryPolicy::none())
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited());
    let gumroad = || {
        GumroadProvider::builder("32-nPAicqbLj8B_WswVlMw==")
            .transport(transport.clone())
            .retry(RetryPolicy::none())
    };
    let keygen = || {
        KeygenProvider::builder("demo")
            .transport(transport.clone())
            .retry(RetryPolicy::none())
            .pacer(Pacer::unlimited())
    };
    let lemon_squeezy = LemonSqueezyProvider::builder("1")
        .transport(transport.clone())
        .token("token")
        .retry(RetryPolicy::none())
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited());
    let polar = || {
        PolarProvider::builder("57a10a51-653a-449f-a259-1c70a3bbc826")
            .transport(transport.clone())
            .retry(RetryPolicy::none())
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited())
    };
    let refusing_with_500: [Arc<dyn LicenseProvider>; 2] = [
        Arc::new(dlm(Plane::Device).build().unwrap()),
        Arc::new(dlm(Plane::Management).build().unwrap()),
    ];
    let mut others: Vec<Arc<dyn LicenseProvider>> = vec![
        Arc::new(creem.build().unwrap()),
        Arc::new(dodo.build().unwrap()),
        Arc::new(gumroad().build().unwrap()),
        Arc::new(gumroad().token("token").keep_raw(true).build().unwrap()),
        Arc::new(keygen().product(ID).build().unwrap()),
        Arc::new(keygen().public_key(PUBLIC_KEY).build().unwrap()),
        Arc::new(keygen().token("token").policy(ID, ID).keep_raw(true).build().unwrap()),
        Arc::new(lemon_squeezy.build().unwrap()),
        Arc::new(polar().product(ID).build().unwrap()),
        Arc::new(polar().session_token("polar_cst_1").keep_raw(true).build().unwrap()),
        Arc::new(polar().token("polar_oat_1").build().unwrap()),
    ];
    let seller = |name: &str| others.iter().rfind(|provider| provider.vendor() == name).unwrap().clone();
    let router = Router::builder("all")
        .provider(seller("dodo"))
        .provider(seller("polar"))
        .chain(["dodo", "polar"])
        .create("dodo");
    others.push(Arc::new(router.build().unwrap()));
    let refusing_with_500 = refusing_with_500
        .into_iter()
        .map(|provider| Answered { provider, refusal_statuses: &[500], seat: TOKEN });
    let others =
        others.into_iter().map(|provider| Answered { provider, refusal_statuses: &[], seat: ID });
    refusing_with_500.chain(others).collect()
}

/// Runs `future` on a clock of its own that never waits.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}
