//! The vendor's rate limits: fixed windows that start with the first request, and one rule that blocks the caller for
//! a minute.
//!
//! Numbers are those of the vendor's source (August 2026): on the device paths 3 requests a second for each address,
//! with a block of 60 seconds, and 500 a minute elsewhere; the sandbox has 100. The development environment has none.

use std::collections::HashMap;

use super::moment::Moment;
use super::options::{Environment, RateGroup};

/// How long a token stays known after its last successful authentication, in seconds.
const KNOWN_SECONDS: i64 = 300;
/// Finished windows are removed above this number of windows.
const TIDY_ABOVE: usize = 4_096;
/// The prefixes of the paths with the strict rule.
const DEVICE_PATHS: [&str; 3] = [
    "/v1/customer-portal/license-keys/validate",
    "/v1/customer-portal/license-keys/activate",
    "/v1/customer-portal/license-keys/deactivate",
];

/// Counters, blocked callers and known tokens.
#[derive(Default)]
pub(super) struct RateLimiter {
    windows: HashMap<(Zone, String), Window>,
    /// Until when an identity is blocked.
    blocked: HashMap<String, Moment>,
    /// The identities of recently authenticated tokens.
    known: HashMap<String, (String, RateGroup, Moment)>,
}

/// The state of a window.
struct Window {
    ends_at: Moment,
    left: u32,
}

/// The scope of a counter.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Zone {
    Device,
    Api,
}

/// The number of requests per window, and whether exceeding it blocks the caller.
struct Rule {
    zone: Zone,
    limit: u32,
    window_seconds: u32,
    block_seconds: Option<u32>,
}

/// The rate group of a caller.
#[derive(Clone, Copy)]
enum Group {
    Known(RateGroup),
    /// An unknown token.
    Pending,
}

impl RateLimiter {
    /// Counts a request; returns the seconds to wait if the limit is exceeded.
    ///
    /// A block applies to every limited path and is not extended by further requests.
    pub(super) fn check(
        &mut self,
        environment: Environment,
        path: &str,
        token: Option<&str>,
        address: &str,
        now: Moment,
    ) -> Option<u64> {
        let (identity, group) = self.identify(token, address, now);
        let rule = rule(environment, path, group)?;
        if let Some(until) = self.blocked.get(&identity) {
            let remaining = now.seconds_until(*until);
            if remaining > 0 {
                return Some(remaining);
            }
        }
        self.tidy(now);
        let fresh = || Window { ends_at: now.plus_seconds(rule.window_seconds.into()), left: rule.limit };
        let window = self.windows.entry((rule.zone, identity.clone())).or_insert_with(fresh);
        if now >= window.ends_at {
            *window = fresh();
        }
        if window.left > 0 {
            window.left -= 1;
            return None;
        }
        if let Some(seconds) = rule.block_seconds {
            self.blocked.insert(identity, now.plus_seconds(seconds.into()));
        }
        Some(rule.block_seconds.unwrap_or(rule.window_seconds).into())
    }

    /// Records that `token` was authenticated.
    pub(super) fn learn(&mut self, token: &str, identity: (String, RateGroup), now: Moment) {
        let (identity, group) = identity;
        self.known.insert(token.to_owned(), (identity, group, now.plus_seconds(KNOWN_SECONDS)));
    }

    /// Records that `token` was rejected.
    pub(super) fn forget(&mut self, token: &str) {
        self.known.remove(token);
    }

    /// The identity and group of a request before its token is looked up.
    fn identify(&self, token: Option<&str>, address: &str, now: Moment) -> (String, Group) {
        let Some(token) = token else { return (address.to_owned(), Group::Known(RateGroup::Default)) };
        match self.known.get(token) {
            Some((identity, group, until)) if now < *until => (identity.clone(), Group::Known(*group)),
            _ => (format!("token:{token}"), Group::Pending),
        }
    }

    /// Removes finished windows if there are many.
    fn tidy(&mut self, now: Moment) {
        if self.windows.len() > TIDY_ABOVE {
            self.windows.retain(|_, window| now < window.ends_at);
        }
    }
}

/// The rule for a path and a caller; `None` if it is not limited.
fn rule(environment: Environment, path: &str, group: Group) -> Option<Rule> {
    let sandbox = match environment {
        Environment::Production => false,
        Environment::Sandbox => true,
        Environment::Development => return None,
    };
    let device = DEVICE_PATHS.iter().any(|prefix| path.starts_with(prefix));
    if device && matches!(group, Group::Pending | Group::Known(RateGroup::Default)) {
        return Some(Rule { zone: Zone::Device, limit: 3, window_seconds: 1, block_seconds: Some(60) });
    }
    let (limit, window_seconds) = match (group, sandbox) {
        (Group::Pending, _) | (Group::Known(RateGroup::Restricted), false) => (60, 60),
        (Group::Known(RateGroup::Restricted), true) => (10, 60),
        (Group::Known(RateGroup::Default), false) => (500, 60),
        (Group::Known(RateGroup::Default), true) => (100, 60),
        (Group::Known(RateGroup::Elevated), false) => (100, 1),
        (Group::Known(RateGroup::Elevated), true) => (50, 1),
    };
    path.starts_with("/v1").then_some(Rule { zone: Zone::Api, limit, window_seconds, block_seconds: None })
}

#[cfg(test)]
mod tests {
    use anykey_core::Timestamp;

    use super::*;

    const VALIDATE: &str = "/v1/customer-portal/license-keys/validate";
    const ACTIVATE: &str = "/v1/customer-portal/license-keys/activate";
    const LIST: &str = "/v1/license-keys/";

    fn start() -> Moment {
        "2027-01-01T00:00:00Z".parse::<Timestamp>().unwrap().into()
    }

    #[test]
    fn the_fourth_device_call_in_a_second_blocks_its_address_for_a_minute_on_all_paths() {
        let (mut limiter, now) = (RateLimiter::default(), start());
        let mut ask = |path, address, seconds| {
            limiter.check(Environment::Production, path, None, address, now.plus_seconds(seconds))
        };
        for path in [VALIDATE, ACTIVATE, VALIDATE] {
            assert_eq!(ask(path, "a", 0), None);
        }
        assert_eq!(ask(ACTIVATE, "a", 0), Some(60));
        assert_eq!(ask(VALIDATE, "a", 5), Some(55));
        assert_eq!(ask(LIST, "a", 30), Some(30));
        assert_eq!(ask(LIST, "a", 59), Some(1));
        assert_eq!(ask(VALIDATE, "b", 30), None);
        assert_eq!(ask(VALIDATE, "a", 60), None);
    }

    #[test]
    fn a_new_window_starts_after_a_second() {
        let (mut limiter, now) = (RateLimiter::default(), start());
        for second in 0..5 {
            for _ in 0..3 {
                let at = now.plus_seconds(second);
                assert_eq!(limiter.check(Environment::Sandbox, VALIDATE, None, "a", at), None);
            }
        }
    }

    #[test]
    fn the_general_limit_depends_on_group_and_environment() {
        for (environment, group, limit, wait) in [
            (Environment::Production, RateGroup::Default, 500, 60),
            (Environment::Sandbox, RateGroup::Default, 100, 60),
            (Environment::Production, RateGroup::Restricted, 60, 60),
            (Environment::Sandbox, RateGroup::Restricted, 10, 60),
            (Environment::Production, RateGroup::Elevated, 100, 1),
            (Environment::Sandbox, RateGroup::Elevated, 50, 1),
        ] {
            let (mut limiter, now) = (RateLimiter::default(), start());
            limiter.learn("token", ("organization".to_owned(), group), now);
            let mut ask =
                |seconds| limiter.check(environment, LIST, Some("token"), "a", now.plus_seconds(seconds));
            assert_eq!((0..=limit).filter(|_| ask(0).is_none()).count(), limit);
            assert_eq!(ask(0), Some(wait), "{environment:?} {group:?}");
            assert_eq!(ask(i64::try_from(wait).unwrap()), None);
        }
    }

    #[test]
    fn a_token_is_counted_separately_until_it_was_authenticated() {
        let (mut limiter, now) = (RateLimiter::default(), start());
        let mut ask = |token| limiter.check(Environment::Sandbox, LIST, Some(token), "a", now);
        assert_eq!((0..=60).filter(|_| ask("bad").is_none()).count(), 60);
        assert_eq!(ask("other"), None);
    }

    #[test]
    fn a_token_is_known_for_five_minutes_after_its_authentication() {
        let (mut limiter, now) = (RateLimiter::default(), start());
        let restricted = ("organization".to_owned(), RateGroup::Restricted);
        limiter.learn("token", restricted.clone(), now);
        limiter.learn("twin", restricted, now);
        let mut accepted = |token, seconds: i64| {
            let now = now.plus_seconds(seconds);
            let ask = |_: &i32| limiter.check(Environment::Sandbox, LIST, Some(token), "a", now).is_none();
            (0..99).filter(ask).count()
        };
        assert_eq!((accepted("token", 0), accepted("twin", 0)), (10, 0));
        assert_eq!((accepted("token", 299), accepted("twin", 299)), (10, 0));
        assert_eq!((accepted("token", 300), accepted("twin", 300)), (60, 60));
    }

    #[test]
    fn development_and_other_paths_are_not_limited() {
        let (mut limiter, now) = (RateLimiter::default(), start());
        for _ in 0..1000 {
            assert_eq!(limiter.check(Environment::Development, VALIDATE, None, "a", now), None);
            assert_eq!(limiter.check(Environment::Production, "/healthz", None, "a", now), None);
        }
    }
}
