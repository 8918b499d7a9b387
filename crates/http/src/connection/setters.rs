//! The setters of an adapter's builder for its [`Connection`](crate::Connection).

/// Gives the builder of an adapter the setters of its field `connection`, a [`Connection`](crate::Connection).
///
/// It stands in an `impl` of the builder and takes the last sentence of the documentation of `deadline`: which
/// operations send several requests. The word `base_url` before it adds a setter for the address, for a vendor that
/// has one address for everybody.
///
/// ```
/// use std::time::Duration;
/// use anykey_http::Connection;
///
/// #[derive(Debug, Default)]
/// pub struct AcmeBuilder {
///     connection: Connection,
/// }
///
/// impl AcmeBuilder {
///     anykey_http::connection_setters!(base_url, "An activation sends two requests.");
/// }
///
/// let builder = AcmeBuilder::default()
///     .base_url("http://licenses.acme.test/v1".parse()?)
///     .allow_plain_http(true)
///     .deadline(Duration::from_secs(10));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! connection_setters {
    (base_url, $several_requests:literal) => {
        /// Sends the requests to this address instead of the vendor's.
        ///
        /// The default is the vendor's own address. Plain `http://` is accepted for loopback hosts only, unless
        /// [`allow_plain_http`](Self::allow_plain_http) is set.
        pub fn base_url(mut self, base_url: $crate::Url) -> Self {
            self.connection.base_url = ::core::option::Option::Some(base_url.into());
            self
        }

        $crate::connection_setters!($several_requests);
    };
    ($several_requests:literal) => {
        /// Sends through `transport` instead of the default one.
        ///
        /// The default is the built-in transport of the feature `reqwest` or `hyper`. Tests and simulators set one;
        /// then settings of `network` that only the built-in one applies are an error.
        pub fn transport(mut self, transport: ::std::sync::Arc<dyn $crate::HttpTransport>) -> Self {
            self.connection.transport = ::core::option::Option::Some(transport);
            self
        }

        /// Allows `http://` to hosts that are not loopback, where everybody on the way reads keys and tokens. Default:
        /// not allowed. A transport that was given has to allow it too.
        pub const fn allow_plain_http(mut self, allow: bool) -> Self {
            self.connection.allow_plain_http(allow);
            self
        }

        /// Decides by `retry` what is sent again. The default is `RetryPolicy::new`: three
        /// attempts. What could take effect twice is sent once, whatever the policy is.
        pub fn retry(mut self, retry: $crate::RetryPolicy) -> Self {
            self.connection.retry = retry;
            self
        }

        /// Lets a request take this long in all, retries and waits included. Default: 30 s.
        #[doc = $several_requests]
        pub const fn deadline(mut self, deadline: ::core::time::Duration) -> Self {
            self.connection.deadline = ::core::option::Option::Some(deadline);
            self
        }
    };
}
