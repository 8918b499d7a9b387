//! A thousand askers of one key at the same time.

use anykey::{KeyCode, LicenseProvider, ValidateRequest};
use anykey_cache::CachedProvider;
use futures_util::future::try_join_all;

use crate::peers::anykey::Anykey;
use crate::process::Server;
use crate::report::{Report, of};
use crate::vendor::CODE;
use crate::{Fault, Vendor};

/// Measures both vendors.
///
/// # Errors
///
/// When a request fails.
pub async fn run(report: &mut Report) -> Result<(), Fault> {
    let mut server = Server::start(100)?;
    report.section("1000 validations of one key at once, through `CachedProvider`");
    for vendor in Vendor::ALL {
        server.reset()?;
        server.latency(20)?;
        let provider = Anykey::new(vendor, &server.url)?.provider().clone();
        let cached = CachedProvider::new(provider);
        let code = KeyCode::parse(CODE)?;
        let ask = || cached.validate(ValidateRequest::new(code.clone()));
        let answers = try_join_all((0..1_000).map(|_| ask())).await?;
        let all_valid = answers.iter().all(anykey::Validation::is_valid);
        let requests = server.tally()?.requests;
        report.line(&format!("- {vendor}: {requests} request(s)"));
        report.verdict(
            of(vendor, "1000 concurrent validations"),
            "1 request",
            requests.to_string(),
            requests == 1 && all_valid,
        );
    }
    Ok(())
}
