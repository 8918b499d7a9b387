//! Looking for a key at several providers side by side.

use futures_util::future::join_all;

use crate::config::load;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{Target, chosen_name};

mod needle;
mod one;
mod searched;

pub(crate) use needle::{Match, Needle};
pub(crate) use searched::{Found, Searched};

/// Asks every provider of the configuration, or the one that `--provider` names.
///
/// Routers are left out unless they are named: the providers behind them are asked themselves.
pub(crate) async fn search(context: &Context, needle: &Needle) -> Result<Vec<Searched>, Failure> {
    let asked = context.global.provider.as_deref().filter(|name| !name.is_empty());
    let loaded = load(context.global.config.as_deref())?;
    let chosen = match asked {
        Some(_) => Some(chosen_name(&loaded, asked)?),
        None => loaded.config.default_name().ok().map(ToOwned::to_owned),
    };
    let is_chosen = |name: &str| chosen.as_deref() == Some(name);
    let mut targets = Vec::new();
    for name in loaded.config.names().filter(|name| asked.is_none() || is_chosen(name)) {
        let target = Target::of(&loaded, name, is_chosen(name), &context.registry)?;
        let is_router = context.registry.vendor(&target.config.provider).is_ok_and(|it| it.is_over_others());
        if asked.is_some() || !is_router {
            targets.push(target);
        }
    }
    let is_named = asked.is_some();
    let searches = targets.into_iter().map(|target| one::search(context, target, needle, is_named));
    let searched = join_all(searches).await;
    context.stop_progress();
    Ok(searched)
}

/// How a search ends that found nothing anywhere: a key counts as unknown only if everything was searched.
pub(crate) fn exit_without_a_key(searched: &[Searched]) -> Exit {
    let exits: Vec<_> = searched.iter().map(Searched::exit).collect();
    Exit::most_serious(&exits).unwrap_or(Exit::Refused)
}
