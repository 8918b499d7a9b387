//! What an app sees of the types that adapters write: nothing of what only adapters need.
//!
//! A type's own method wins over a trait's, so each test compiles only while the type has no method of that name.

use anykey::{Error, ErrorKind, KeyCode, ListQuery, PageToken};

macro_rules! has_none_of {
    ($type:ty: $value:expr; methods $($method:ident)*; functions $($function:ident)*) => {{
        #[allow(clippy::new_ret_no_self, reason = "the name is what counts")]
        trait Absent: Sized {
            $(fn $method(&self) -> &'static str { stringify!($method) })*
            $(fn $function() -> &'static str { stringify!($function) })*
        }
        impl Absent for $type {}
        let value: $type = $value;
        $(assert_eq!(value.$method(), stringify!($method));)*
        $(assert_eq!(<$type>::$function(), stringify!($function));)*
        let _ = value;
    }};
}

#[test]
fn an_error_has_no_setters() {
    has_none_of!(Error: Error::new(ErrorKind::Config, "no provider");
        methods with_hint in_context with_provider with_operation with_status with_vendor_code with_request_id
            with_retry_after with_attempts with_transient with_may_have_taken_effect with_source;
        functions);
}

#[test]
fn a_page_token_is_opaque() {
    has_none_of!(PageToken: PageToken::from("memory:1:10"); methods state as_numbered; functions new numbered);
}

#[test]
fn a_list_query_does_no_paging_arithmetic() {
    has_none_of!(ListQuery: ListQuery::new();
        methods clamped_page_size clamped_pages_ahead overlap overlap_of_ties page_from pages_after pages_from;
        functions);
}

#[test]
fn a_key_code_is_parsed() {
    has_none_of!(KeyCode: KeyCode::parse("AAAA-BBBB").unwrap(); methods; functions verbatim);
}
