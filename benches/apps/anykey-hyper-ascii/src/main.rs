//! Asks once whether a key is valid: `anykey-hyper-ascii <config.toml> <key>`.

use anykey::{Config, KeyCode, LicenseProvider, Providers, ValidateRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let config = std::fs::read_to_string(arguments.next().ok_or("no configuration")?)?;
    let code = KeyCode::parse(&arguments.next().ok_or("no key")?)?;
    let provider = Providers::open(&Config::from_toml(&config)?)?.default_provider()?;
    println!("{}", provider.validate(ValidateRequest::new(code)).await?.is_valid());
    Ok(())
}
