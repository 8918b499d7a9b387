use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::cdp::Cdp;

/// How long the page may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);
/// More controls than the page has.
const MOST_TABS: usize = 200;

/// Headless Chromium and the chromedriver that drives it.
pub(crate) struct Browser {
    client: Client,
    _driver: Child,
}

impl Browser {
    /// `None` where there is no chromedriver.
    pub(crate) async fn start() -> Option<Self> {
        let mut driver = Command::new("chromedriver");
        driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut driver = driver.spawn().ok()?;
        let mut lines = BufReader::new(driver.stdout.take()?).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("chromedriver ended");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        // What else it prints has to go somewhere.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let options = options.as_object().cloned().unwrap_or_default();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder
            .capabilities(options)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        Some(Self { client, _driver: driver })
    }

    pub(crate) async fn stop(self) {
        self.client.close().await.unwrap();
    }

    /// The width of the screen in pixels and whether it is `light` or `dark`.
    pub(crate) async fn show(&self, width: u32, colors: &str) {
        self.resize(width, 900).await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": colors });
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
    }

    async fn resize(&self, width: u32, height: u32) {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.cdp("Emulation.setDeviceMetricsOverride", screen).await;
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits until the element with this id contains a text.
    pub(crate) async fn shows(&self, id: &str, text: &str) {
        let path = format!("//*[@id='{id}'][contains(normalize-space(.), '{text}')]");
        let waiting = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(20));
        if waiting.for_element(Locator::XPath(&path)).await.is_err() {
            panic!("{id} does not show {text:?}: {}", self.element(id).await.text().await.unwrap());
        }
    }

    /// Presses Tab until the element with this id has the focus.
    pub(crate) async fn press_until(&self, id: &str) {
        for _ in 0..MOST_TABS {
            if self.focused().await == id {
                return;
            }
            self.type_keys(&char::from(Key::Tab).to_string()).await;
        }
        panic!("{id} cannot be reached with Tab");
    }

    pub(crate) async fn enter(&self) {
        self.type_keys(&char::from(Key::Enter).to_string()).await;
    }

    /// Writes over what the field with the focus holds.
    pub(crate) async fn write(&self, text: &str) {
        self.client.execute("document.activeElement.select()", vec![]).await.unwrap();
        self.type_keys(text).await;
    }

    async fn type_keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// The id of the element with the focus; empty for one without.
    pub(crate) async fn focused(&self) -> String {
        let id = self.client.execute("return document.activeElement.id", vec![]).await.unwrap();
        id.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn click(&self, id: &str) {
        self.element(id).await.click().await.unwrap();
    }

    /// Clicks on the button with this id, whose form is sent to `path` instead.
    pub(crate) async fn click_and_send_to(&self, id: &str, path: &str) {
        let script = "const button = document.getElementById(arguments[0]); \
                      button.form.setAttribute('action', arguments[1]); button.click()";
        self.client.execute(script, vec![id.into(), path.into()]).await.unwrap();
    }

    pub(crate) async fn choose(&self, id: &str, value: &str) {
        self.element(id).await.select_by_value(value).await.unwrap();
    }

    /// The id of the button that a selector of CSS finds.
    pub(crate) async fn button(&self, selector: &str) -> String {
        let button = self.client.find(Locator::Css(selector)).await.unwrap();
        button.attr("id").await.unwrap().unwrap()
    }

    /// How many rows the table in the element with this id has.
    pub(crate) async fn rows(&self, id: &str) -> usize {
        self.client.find_all(Locator::Css(&format!("#{id} tbody tr"))).await.unwrap().len()
    }

    pub(crate) async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }

    /// Whether the page is no wider than the screen.
    pub(crate) async fn fits(&self) -> bool {
        let script = "return document.documentElement.scrollWidth <= window.innerWidth";
        self.client.execute(script, vec![]).await.unwrap() == Value::Bool(true)
    }

    /// Takes the focus away and goes to the top, as for a picture.
    pub(crate) async fn rest(&self) {
        self.client.execute("document.activeElement.blur(); scrollTo(0, 0)", vec![]).await.unwrap();
    }

    /// A picture of the page's upper `height` pixels, or of the whole page, as PNG.
    pub(crate) async fn picture(&self, height: Option<u32>) -> Vec<u8> {
        let width = self.pixels("window.innerWidth").await;
        let height = match height {
            Some(height) => height,
            None => self.pixels("document.documentElement.scrollHeight").await,
        };
        self.resize(width, height).await;
        self.client.screenshot().await.unwrap()
    }

    async fn pixels(&self, expression: &str) -> u32 {
        let pixels = self.client.execute(&format!("return {expression}"), vec![]).await.unwrap();
        u32::try_from(pixels.as_u64().unwrap()).unwrap()
    }

    async fn element(&self, id: &str) -> Element {
        self.client.find(Locator::Id(id)).await.unwrap_or_else(|_| panic!("{id} is not there"))
    }

    async fn cdp(&self, command: &'static str, parameters: Value) {
        self.client.issue_cmd(Cdp(command, parameters)).await.unwrap();
    }
}
