//! `dodopayments`: `dodopayments-app <url> <key>`.

use dodopayments::models::LicensesValidateParams;
use dodopayments::{Client, ClientConfig};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let client = Client::new(ClientConfig::new(arguments.next().ok_or("no URL")?).with_api_key("token"))?;
    let body = LicensesValidateParams { license_key: arguments.next(), license_key_instance_id: None };
    println!("{}", client.licenses().validate().body(body).send().await?.valid);
    Ok(())
}
