//! A vendor shared by several processes: a file with one line for each seat taken or released.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, DeactivateRequest, Error, InstallationMark,
    KeyCode, LicenseKey, LicenseKeyId, LicenseProvider, LicenseStatus, Refusal, RefusalReason, Result,
    ValidateRequest, Validation, async_trait,
};

/// A vendor with one key and unlimited seats.
#[derive(Debug)]
pub(crate) struct FileVendor {
    path: PathBuf,
    latency: Duration,
}

impl FileVendor {
    pub(crate) const CODE: &str = "AAAA-BBBB-CCCC-DDDD";

    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), latency: Duration::ZERO }
    }

    /// Waits for `latency` before and after each operation.
    pub(crate) fn with_latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    pub(crate) fn seats(&self) -> Vec<Activation> {
        self.locked().1
    }

    pub(crate) fn seats_of(&self, mark: InstallationMark) -> usize {
        self.seats().iter().filter(|seat| mark.is_on(seat)).count()
    }

    /// The locked file and the seats in it.
    fn locked(&self) -> (File, Vec<Activation>) {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&self.path).unwrap();
        file.lock().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let mut seats = Vec::new();
        for (number, line) in text.lines().enumerate() {
            match line.split_once(' ').unwrap() {
                ("take", label) => seats.push(Activation::new(format!("act_{number}").into(), label)),
                ("free", id) => seats.retain(|seat: &Activation| seat.id.as_str() != id),
                other => panic!("{other:?}"),
            }
        }
        (file, seats)
    }

    /// Appends `line` with one write, which is atomic even if the process is killed.
    fn append(mut file: &File, line: String) {
        assert_eq!(file.write(line.as_bytes()).unwrap(), line.len());
    }

    async fn work<T>(&self, work: impl FnOnce() -> T + Send) -> T {
        tokio::time::sleep(self.latency).await;
        let done = work();
        tokio::time::sleep(self.latency).await;
        done
    }

    fn known(code: &KeyCode) -> Result<()> {
        let known = code.expose() == Self::CODE;
        if known { Ok(()) } else { Err(Error::refused(Refusal::new(RefusalReason::UnknownKey))) }
    }
}

#[async_trait]
impl LicenseProvider for FileVendor {
    fn vendor(&self) -> &str {
        "file"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[
            Capability::Validate,
            Capability::ValidateWithoutSeat,
            Capability::Activate,
            Capability::Deactivate,
            Capability::Activations,
        ])
    }

    async fn activations(&self, _: &LicenseKeyId) -> Result<Vec<Activation>> {
        Ok(self.work(|| self.seats()).await)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        if let Err(error) = Self::known(&request.code) {
            return Ok(Validation::refused(error.refusal().unwrap().clone()));
        }
        let seats = self.work(|| self.seats()).await;
        let is_there = |id| seats.iter().any(|seat| seat.id == id);
        if request.activation.is_some_and(|id| !is_there(id)) {
            return Ok(Validation::refused(Refusal::new(RefusalReason::UnknownActivation)));
        }
        let key = LicenseKey::new("file", "key_1".into(), request.code, LicenseStatus::Active);
        Ok(Validation::valid().with_key(key))
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        Self::known(&request.code)?;
        self.work(|| {
            let (file, _) = self.locked();
            Self::append(&file, format!("take {}\n", request.label));
            drop(file);
            Ok(self.seats().pop().unwrap())
        })
        .await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        Self::known(&request.code)?;
        self.work(|| {
            let (file, seats) = self.locked();
            if !seats.iter().any(|seat| seat.id == request.activation) {
                return Err(Error::refused(Refusal::new(RefusalReason::UnknownActivation)));
            }
            Self::append(&file, format!("free {}\n", request.activation));
            Ok(())
        })
        .await
    }
}
