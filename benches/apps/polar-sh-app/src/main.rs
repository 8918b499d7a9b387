//! `polar-sh`: `polar-sh-app <url> <key>`.

use polar_sh::types::LicenseKeyValidate;
use polar_sh::{Polar, Resources};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let polar = Polar::builder("token").base_url(arguments.next().ok_or("no URL")?).build();
    let body = LicenseKeyValidate {
        activation_id: None,
        benefit_id: None,
        conditions: None,
        customer_id: None,
        increment_usage: None,
        key: arguments.next().ok_or("no key")?,
        organization_id: String::new(),
    };
    println!("{:?}", polar.license_keys().validate(&body).await?.status);
    Ok(())
}
