//! hyper, rustls and serde_json alone: `floor <url> <key>`.

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;

#[derive(Deserialize)]
struct Validated<'a> {
    status: &'a str,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("no URL")?;
    let body = serde_json::json!({ "key": arguments.next(), "organization_id": "" }).to_string();
    let connector = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let request = Request::post(url).header("content-type", "application/json").body(Full::<Bytes>::from(body))?;
    let answer = client.request(request).await?.into_body().collect().await?.to_bytes();
    println!("{}", serde_json::from_slice::<Validated<'_>>(&answer)?.status == "granted");
    Ok(())
}
