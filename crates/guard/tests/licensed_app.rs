//! The example prints the same with both vendors.
#![allow(missing_docs, dead_code, clippy::unwrap_used)]

#[path = "../examples/licensed_app.rs"]
mod licensed_app;

#[tokio::test]
async fn the_user_sees_the_same_with_both_vendors() {
    let dodo = licensed_app::month_with_dodo().await.unwrap();
    let polar = licensed_app::month_with_polar().await.unwrap();
    // Only Polar gives a reason for a refusal.
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
        "the seat was released",
        "1 seat is",
    ] {
        assert!(dodo.iter().any(|line| line.contains(screen)), "{screen}");
    }
}
