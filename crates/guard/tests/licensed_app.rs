//! The example goes the same way at both vendors.
#![allow(missing_docs, dead_code, clippy::unwrap_used)]

#[path = "../examples/licensed_app.rs"]
mod licensed_app;

#[tokio::test]
async fn the_user_sees_the_same_at_both_vendors() {
    let dodo = licensed_app::story_at_dodo().await.unwrap();
    let polar = licensed_app::story_at_polar().await.unwrap();
    // Only Polar gives the reason of a refusal.
    let without_reason = |story: Vec<String>| {
        let lines = story.into_iter().filter(|line| !line.contains("Locked: "));
        lines.collect::<Vec<_>>()
    };
    let (dodo, polar) = (without_reason(dodo), without_reason(polar));
    assert_eq!(dodo, polar);
    for screen in [
        "Trial",
        "Licensed.",
        "Working offline for up to 13 days",
        "Please go online",
        "the seat is free",
        "1 seat is",
    ] {
        assert!(dodo.iter().any(|line| line.contains(screen)), "{screen}");
    }
}
