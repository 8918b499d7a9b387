//! The app's own tests on each simulated vendor.

use anykey::sim::{Role, StartError, provider, simulators};
use anykey::{ManualClock, Timestamp, ValidateRequest};

pub async fn good_keys_are_valid() -> Result<usize, StartError> {
    let mut valid = 0;
    for simulator in simulators() {
        let vendor = simulator.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
        let key = vendor.seed(Role::Good).ok_or("no good key")?;
        let mut request = ValidateRequest::new(key.code);
        request.activation = vendor.activate(&key.id, "laptop");
        for plane in vendor.planes() {
            let validation = provider(&*vendor, &plane)?.validate(request.clone()).await?;
            valid += usize::from(validation.is_valid());
        }
    }
    Ok(valid)
}

#[tokio::test]
async fn each_plane_of_each_vendor_validates() {
    assert!(good_keys_are_valid().await.unwrap() >= 2);
}
