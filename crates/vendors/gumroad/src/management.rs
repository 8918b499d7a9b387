//! The calls with the seller's token: sales, and changes of their licenses.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    EmailAddress, Error, ErrorKind, KeyCode, LicenseKey, LicenseKeyId, LicensePatch, ListQuery, Operation,
    Page, Result, StatusChange,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, JsonMember};

use crate::NAME;
use crate::answer::{self, segment, succeed};
use crate::filter::Filter;
use crate::list;
use crate::map;
use crate::position::Position;
use crate::wire::SaleBody;

/// The calls with the seller's token. A key is the license of a sale.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    /// The client with the token.
    pub(crate) client: ApiClient,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

/// A sale that owns a license key.
struct Licensed {
    /// The sale as it was read.
    sale: SaleBody,
    /// Its code, which names the license in a change.
    code: KeyCode,
    /// The key of the sale.
    key: LicenseKey,
}

impl Management {
    /// One page of keys, newest first. Each page costs one request for ten sales, also a smaller one.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let at = Position::of(query)?;
        let filter = Filter::of(query)?;
        let mut call = ApiRequest::get(Operation::List).path(&["v2", "sales"]);
        if let Some(product) = filter.product {
            call = call.query("product_id", product);
        }
        if let Some(address) = filter.email {
            call = call.secret_query("email", address.expose());
        }
        if let Some(day) = filter.after() {
            call = call.query("after", day);
        }
        if let Some(day) = filter.before() {
            call = call.query("before", day);
        }
        if let Some(page_key) = &at.page_key {
            call = call.query("page_key", page_key);
        }
        let secrets: Vec<&str> = filter.email.map(EmailAddress::expose).into_iter().collect();
        let response = succeed(self.client.send(call).await?, &secrets)?;
        let sales = list::sales(&response, self.keep_raw)?;
        let others = match filter.email {
            Some(address) => list::of_others(&response, address)?,
            None => Vec::new(),
        };
        Ok(at.page(sales, |key| filter.passes(key) && !others.contains(&key.id)))
    }

    /// The key of the sale with this id.
    pub(crate) async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        Ok(self.read(Operation::Get, id).await?.key)
    }

    /// Reads the sale first, because a change needs its key and product. No answer says whether a key is disabled. The
    /// returned key has the state that the request set. It can be repeated.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let known = self.read(Operation::Update, id).await?;
        let (action, disabled) = match patch.status {
            None => return Ok(known.key),
            Some(StatusChange::Disable) => ("disable", true),
            Some(_) => ("enable", false),
        };
        let call = change(Operation::Update, action, &known)?.repeatable();
        let response = self.client.send(call).await?;
        let (_, uses) = answer::changed(&response, id, &known.code)?;
        let sale = SaleBody { license_disabled: JsonMember::Value(disabled), ..known.sale };
        self.mapped(&response, sale, uses)
    }

    /// Replaces the code. Sending it twice has no second effect: the old code is unknown after the first time. If the
    /// answer is lost, the sale is read again: another code means that the first request took effect.
    pub(crate) async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let known = self.read(Operation::Rotate, id).await?;
        let call = change(Operation::Rotate, "rotate", &known)?.repeatable();
        let response = self.client.send(call).await?;
        match answer::changed(&response, id, &known.code) {
            Ok((code, uses)) => {
                let sale = SaleBody { license_key: Some(code), ..known.sale };
                self.mapped(&response, sale, uses)
            }
            Err(error) if error.kind() == ErrorKind::NotFound && response.earlier_attempt_open() => {
                let now = self.read(Operation::Rotate, id).await?;
                if answer::same_code(&now.code, &known.code) { Err(error) } else { Ok(now.key) }
            }
            Err(error) => Err(error),
        }
    }

    /// The sale with the id `id`, and the answer that contains it.
    pub(crate) async fn sale(
        &self,
        operation: Operation,
        id: &LicenseKeyId,
    ) -> Result<(SaleBody, ApiResponse)> {
        let call = ApiRequest::get(operation).path(&["v2", "sales"]).segment(segment(id, operation)?);
        let response = self.client.send(call).await?;
        Ok((answer::sale(&response, id)?, response))
    }

    /// The sale with its key.
    ///
    /// # Errors
    ///
    /// `NotFound` for a sale that owns none.
    async fn read(&self, operation: Operation, id: &LicenseKeyId) -> Result<Licensed> {
        let (sale, response) = self.sale(operation, id).await?;
        match map::sale(sale.clone()) {
            Some(key) => {
                let key = map::with_raw(key, answer::whole(&response, self.keep_raw));
                Ok(Licensed { sale, code: key.code.clone(), key })
            }
            None => {
                let message = "the sale with this id owns no license key; a later payment of a membership has the key \
                               of the first one";
                Err(response.error(ErrorKind::NotFound, message))
            }
        }
    }

    /// The key of a sale after a change, with the use counter of the answer, which a sale does not have.
    fn mapped(&self, response: &ApiResponse, sale: SaleBody, uses: u64) -> Result<LicenseKey> {
        match map::sale(sale) {
            Some(mut key) => {
                key.usage = Some(map::usage(uses));
                Ok(map::with_raw(key, answer::whole(response, self.keep_raw)))
            }
            None => Err(response.unrecognized()),
        }
    }
}

/// The request for `action`: `enable`, `disable` or `rotate`.
///
/// # Errors
///
/// `Decode` if the sale does not contain its product, without which Gumroad would look for the key among all sellers'.
fn change(operation: Operation, action: &'static str, known: &Licensed) -> Result<ApiRequest> {
    let Some(product) = &known.key.product else {
        let message = "the sale does not say which product it is of";
        return Err(Error::new(ErrorKind::Decode, message).with_provider(NAME).with_operation(operation));
    };
    let fields = [("product_id", product.as_str()), ("license_key", known.code.expose())];
    Ok(ApiRequest::put(operation).path(&["v2", "licenses", action]).form(&fields))
}
