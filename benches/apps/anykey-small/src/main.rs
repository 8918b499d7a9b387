//! Asks once whether a key is valid, set up in code: `anykey-small <organization> <url> <key>`.

use anykey::polar::PolarProvider;
use anykey::{KeyCode, LicenseProvider, ValidateRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let organization = arguments.next().ok_or("no organization")?;
    let url = arguments.next().ok_or("no URL")?.parse()?;
    let code = KeyCode::parse(&arguments.next().ok_or("no key")?)?;
    let provider = PolarProvider::builder(organization).base_url(url).build()?;
    println!("{}", provider.validate(ValidateRequest::new(code)).await?.is_valid());
    Ok(())
}
