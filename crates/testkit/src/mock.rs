//! The mock of a provider.

use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, CreateRequest, DeactivateRequest, KeyCode,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, OfflineProof, Page, ProvenLicense,
    RenewRequest, Result, ValidateRequest, Validation, async_trait,
};

mockall::mock! {
    /// A provider whose answers a test sets: mockall's mock of
    /// [`LicenseProvider`](anykey_core::LicenseProvider).
    ///
    /// Each method of the trait has an `expect_…` method here; a call without its expectation panics, those
    /// with a default body included. For a vendor that behaves, take
    /// [`InMemoryProvider`](anykey_core::InMemoryProvider) instead: a mock knows no rules.
    ///
    /// ```
    /// use anykey_core::{Error, ErrorKind, KeyCode, LicenseProvider, ValidateRequest};
    /// use anykey_testkit::MockLicenseProvider;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut vendor = MockLicenseProvider::new();
    /// vendor.expect_validate().once().returning(|_| Err(Error::new(ErrorKind::Timeout, "no answer")));
    ///
    /// let answer = vendor.validate(ValidateRequest::new(KeyCode::parse("AAAA-BBBB")?)).await;
    /// assert!(answer.unwrap_err().is_transient());
    /// # Ok::<_, Error>(())
    /// # }).unwrap();
    /// ```
    #[derive(Debug)]
    pub LicenseProvider {}

    #[async_trait]
    impl LicenseProvider for LicenseProvider {
        fn vendor(&self) -> &str;
        fn name(&self) -> &str;
        fn capabilities(&self) -> Capabilities;
        fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense>;
        async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>>;
        async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey>;
        async fn create(&self, request: CreateRequest) -> Result<LicenseKey>;
        async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey>;
        async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey>;
        async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>>;
        async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation>;
        async fn validate(&self, request: ValidateRequest) -> Result<Validation>;
        async fn activate(&self, request: ActivateRequest) -> Result<Activation>;
        async fn renew(&self, request: RenewRequest) -> Result<Activation>;
        async fn deactivate(&self, request: DeactivateRequest) -> Result<()>;
    }
}
