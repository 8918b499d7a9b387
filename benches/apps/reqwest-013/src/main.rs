//! The loop that most apps write: `reqwest-013 <url> <key>`.

use serde::Deserialize;

#[derive(Deserialize)]
struct Validated {
    status: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("no URL")?;
    let body = serde_json::json!({ "key": arguments.next(), "organization_id": "" });
    let answer = reqwest::Client::new().post(url).json(&body).send().await?;
    println!("{}", answer.json::<Validated>().await?.status == "granted");
    Ok(())
}
