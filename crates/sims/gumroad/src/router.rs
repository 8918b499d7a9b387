//! From a request to its answer.

use anykey_core::Timestamp;
use anykey_sim_kit::{RateWindow, bearer_token};
use bytes::Bytes;
use http::{Request, Response};

use super::answer::Answer;
use super::database::State;
use super::params::Params;
use super::route::{Change, Route};

/// One API call.
pub(super) struct Call<'s> {
    pub(super) state: &'s mut State,
    pub(super) params: Params,
    pub(super) now: Timestamp,
}

/// Counts verifications, for the limit of the quirks.
pub(super) type Verifications = Option<RateWindow>;

/// Everything before a call is executed, in this order: rate limit, path and method, token and scope.
pub(super) fn answer(
    state: &mut State,
    verifications: &mut Verifications,
    request: &Request<Bytes>,
    now: Timestamp,
) -> Response<Bytes> {
    let quirks = state.quirks.clone();
    let answer = match Route::of(request.method(), request.uri()) {
        Some(Route::Verify) if is_over_the_limit(quirks.verifications_per_minute, verifications, now) => {
            Answer::too_many()
        }
        Some(Route::Change(Change::Rotate)) if quirks.no_rotation => Answer::not_found(),
        Some(route) => run(Call { state, params: Params::of(request), now }, route, request),
        None => Answer::not_found(),
    };
    answer.into_response(&quirks)
}

/// A call of the seller reads the token from the parameter `access_token` or the header `Authorization`, in this
/// order.
fn run(mut call: Call<'_>, route: Route, request: &Request<Bytes>) -> Answer {
    let seller = match route.scope() {
        None => None,
        Some(required) => {
            let sent = call.params.text("access_token").or_else(|| bearer_token(request.headers()));
            let token = sent.and_then(|token| call.state.tokens.get(token));
            match token {
                Some(token) if token.scopes.iter().any(|scope| scope.allows(required)) => Some(token.seller),
                known => return Answer::token(known.is_some(), &call.state.quirks),
            }
        }
    };
    let seller = seller.unwrap_or_default();
    match route {
        Route::Verify => call.verify(),
        Route::Change(change) => call.change(change, seller),
        Route::ListSales => call.list_sales(seller),
        Route::GetSale(id) => call.get_sale(seller, &id),
        Route::ListSubscribers(product) => call.list_subscribers(seller, &product),
        Route::GetSubscriber(id) => call.get_subscriber(seller, &id),
        Route::ListSubscriptions => call.list_subscriptions(seller),
        Route::AddSubscription => call.add_subscription(seller),
        Route::RemoveSubscription(id) => call.remove_subscription(seller, &id),
    }
}

/// Whether this verification is one too many. A refused one does not count, and without a limit none does.
fn is_over_the_limit(limit: Option<u32>, verifications: &mut Verifications, now: Timestamp) -> bool {
    let Some(limit) = limit else { return false };
    let window = |now| RateWindow::new(now, anykey_core::SignedDuration::from_mins(1));
    let counted = verifications.get_or_insert_with(|| window(now));
    counted.renew(now, window);
    if counted.remaining(limit) == 0 {
        return true;
    }
    counted.count();
    false
}
