//! The page of the simulators in headless Chromium, which chromedriver drives.
//!
//! Without chromedriver it is skipped and says so; `ANYKEY_REQUIRE_BROWSER_TESTS` makes that a failure.
//! `ANYKEY_BLESS` writes the pictures of the guide.

mod browser;
mod cdp;
mod stage;

use std::path::Path;

use anykey::{ActivateRequest, KeyCode};
use browser::Browser;
use stage::Stage;

/// The sizes and colours in which the page is used, and the guide's picture of each, if it has one.
const VIEWS: [(u32, &str, Option<&str>); 4] = [
    (1280, "light", Some("simulators.png")),
    (1280, "dark", None),
    (360, "light", None),
    (360, "dark", Some("simulators-phone.png")),
];

/// How much of the page the picture of a phone shows.
const PHONE_HEIGHT: u32 = 1060;

#[tokio::test]
async fn the_page_works_by_keyboard_live_in_light_and_dark_on_a_desktop_and_a_phone() {
    let Some(browser) = Browser::start().await else {
        assert!(std::env::var_os("ANYKEY_REQUIRE_BROWSER_TESTS").is_none(), "there is no chromedriver");
        println!("skipped: the_page_works_by_keyboard_…: there is no chromedriver");
        return;
    };
    for (width, colors, picture) in VIEWS {
        let stage = Stage::open().await;
        browser.show(width, colors).await;
        browser.open(&stage.url()).await;
        browser.shows("connection", "Live").await;
        assert!(browser.fits().await, "the overview scrolls sideways at {width} px");
        browser.press_until(&stage.link()).await;
        browser.enter().await;
        browser.shows("connection", "Live").await;

        let key = issues_a_key_by_keyboard(&browser, &stage).await;
        shows_a_seat_that_the_api_takes(&browser, &stage, &key).await;
        reveals_one_code(&browser, &key).await;
        sends_a_webhook_again(&browser).await;
        switches_a_fault_on(&browser, &stage, &key).await;

        assert!(browser.fits().await, "the page scrolls sideways at {width} px");
        browser.rest().await;
        let name = format!("{width}-{colors}.png");
        let taken = browser.picture((width < 600).then_some(PHONE_HEIGHT)).await;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(folder.join(&name), &taken).unwrap();
        if let (Some(picture), true) = (picture, std::env::var_os("ANYKEY_BLESS").is_some()) {
            let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src").join(picture);
            std::fs::write(guide, &taken).unwrap();
        }
        assert!(taken.len() < 300_000, "{name} has {} bytes", taken.len());
        says_that_a_form_was_refused(&browser).await;
    }
    browser.stop().await;
}

async fn issues_a_key_by_keyboard(browser: &Browser, stage: &Stage) -> KeyCode {
    browser.press_until("issue-product").await;
    browser.press_until("issue-seats").await;
    browser.write("5").await;
    browser.press_until("issue-submit").await;
    browser.enter().await;
    browser.shows("notice", "is issued").await;
    browser.shows("keys", "0 of 5").await;
    assert_eq!(browser.focused().await, "issue-submit", "the focus stays where it was");
    stage.newest_code()
}

async fn shows_a_seat_that_the_api_takes(browser: &Browser, stage: &Stage, key: &KeyCode) {
    stage.provider().activate(ActivateRequest::new(key.clone(), "studio-mac")).await.unwrap();
    browser.shows("keys", "studio-mac").await;
    browser.shows("keys", "1 of 5").await;
    browser.shows("requests", "200 success").await;
    assert_eq!(browser.focused().await, "issue-submit", "the focus stays where it was");
}

async fn reveals_one_code(browser: &Browser, key: &KeyCode) {
    assert!(!browser.source().await.contains(key.expose()));
    let button = browser.button("#keys tbody tr:first-child .reveal button").await;
    browser.click(&button).await;
    browser.shows("keys", key.expose()).await;
    assert_eq!(browser.focused().await, button, "the button that hides it has the focus");
    browser.enter().await;
    browser.shows("notice", "is hidden").await;
    assert!(!browser.source().await.contains(key.expose()));
}

async fn sends_a_webhook_again(browser: &Browser) {
    browser.click("deliver").await;
    browser.shows("deliveries", "delivered").await;
    let before = browser.rows("deliveries").await;
    let button = browser.button("#deliveries tbody tr:first-child button").await;
    browser.press_until(&button).await;
    browser.enter().await;
    browser.shows("notice", "Webhook requests sent: 1.").await;
    assert_eq!(browser.rows("deliveries").await, before + 1);
}

async fn switches_a_fault_on(browser: &Browser, stage: &Stage, key: &KeyCode) {
    browser.choose("fault-kind", "503").await;
    browser.click("fault-on").await;
    browser.shows("fault-state", "fault on").await;
    let request = anykey::ValidateRequest::new(key.clone());
    let error = stage.provider().validate(request).await.unwrap_err();
    assert_eq!(error.kind(), anykey::ErrorKind::Unavailable);
    browser.shows("requests", "503 failed").await;
}

async fn says_that_a_form_was_refused(browser: &Browser) {
    browser.click_and_send_to("fault-on", "nowhere").await;
    browser.shows("refused", "Not done: ").await;
}
