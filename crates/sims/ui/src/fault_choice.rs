use std::time::Duration;

use anykey_sim_kit::{Fault, RetryAfter, Rule};

/// The latency that is injected.
const LATENCY: Duration = Duration::from_secs(2);

/// A fault that can be switched on.
#[derive(Clone, Copy)]
pub(crate) struct FaultKind {
    /// The word in a form.
    pub(crate) word: &'static str,
    /// What it is.
    pub(crate) title: &'static str,
    fault: fn() -> Fault,
}

impl FaultKind {
    pub(crate) const ALL: [Self; 9] = [
        Self::new("lost", "Answer lost, with effect", || Fault::AnswerLost),
        Self::new("refused", "Connection refused", || Fault::ConnectionRefused),
        Self::new("latency", "Two seconds of latency", || Fault::Latency(LATENCY)),
        Self::new("hang", "No answer at all", || Fault::HangBeforeWork),
        Self::new("429", "429 with Retry-After of one second", || {
            Fault::rate_limited(RetryAfter::Seconds(1))
        }),
        Self::new("500", "500 without effect", || Fault::unavailable(500)),
        Self::new("503", "503 without effect", || Fault::unavailable(503)),
        Self::new("gateway", "502 of a gateway, with effect", || Fault::unavailable_after_work(502)),
        Self::new("portal", "Sign-in page of a network (200)", Fault::captive_portal),
    ];

    const fn new(word: &'static str, title: &'static str, fault: fn() -> Fault) -> Self {
        Self { word, title, fault }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word == word)
    }
}

/// Which requests get a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HowOften {
    Every,
    OneInTen,
    Next,
}

impl HowOften {
    pub(crate) const ALL: [Self; 3] = [Self::Every, Self::OneInTen, Self::Next];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::OneInTen => "tenth",
            Self::Next => "next",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Every => "Every request",
            Self::OneInTen => "Every tenth request",
            Self::Next => "The next request only",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|often| often.word() == word)
    }

    pub(crate) fn rule(self, kind: FaultKind) -> Rule {
        let fault = (kind.fault)();
        match self {
            Self::Every => Rule::always(fault),
            Self::OneInTen => Rule::every(10, fault),
            Self::Next => Rule::next(fault),
        }
    }
}

/// What a fault did, in words.
pub(crate) const fn words_of(fault: &Fault) -> &'static str {
    match fault {
        Fault::Latency(_) => "answered late",
        Fault::ConnectionRefused => "connection refused, without effect",
        Fault::ResetBeforeWork => "connection reset, without effect",
        Fault::AnswerLost => "answer lost, took effect",
        Fault::HangBeforeWork => "no answer, without effect",
        Fault::HangAfterWork => "no answer, took effect",
        Fault::Instead(_) => "answered by a gateway, without effect",
        Fault::AfterWork(_) => "answered by a gateway, took effect",
        Fault::TruncatedBody => "half of the answer missing, took effect",
        Fault::EmptyBody => "empty answer, took effect",
        Fault::OversizedBody(_) => "oversized answer, took effect",
        _ => "another fault",
    }
}
