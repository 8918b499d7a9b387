use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

use super::archive::Archive;
use super::endpoint::{DeliveryHandler, Endpoint, Onward};
use super::feed;
use super::forward::Forwarder;
use crate::args::{Format, ListenArgs};
use crate::config::load;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{Target, chosen_name};

/// How many connections are served at once; further ones wait.
const MOST_CONNECTIONS: usize = 128;

pub(super) async fn run(context: &Context, args: ListenArgs) -> Result<Exit, Failure> {
    if context.format() == Format::Json {
        return Err(Failure::Usage(
            "deliveries are printed as they come: use --jsonl instead of --json".to_owned(),
        ));
    }
    let endpoints = endpoints(context)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .await
        .map_err(|error| Failure::Usage(format!("cannot listen on 127.0.0.1:{}: {error}", args.port)))?;
    let address = listener.local_addr()?;
    let (unwritten, mut failed) = mpsc::unbounded_channel();
    let onward = Onward {
        archive: args.save.as_deref().map(Archive::open).transpose()?,
        forwarder: args.forward_to.map(Forwarder::new),
    };
    let handler = DeliveryHandler::new(context, endpoints, onward, unwritten)?;
    for (path, endpoint) in handler.paths() {
        context.note(&format!("{} is taken at http://{address}{path}", endpoint.title));
    }
    let mut feeds = FuturesUnordered::new();
    for (endpoint, waiting) in handler.feeds() {
        context.note(&format!(
            "{} is asked for waiting deliveries every {} s",
            endpoint.title,
            feed::EVERY.as_secs()
        ));
        feeds.push(feed::poll(context, &handler, endpoint, waiting));
    }
    context.note("listening until Ctrl-C");
    let mut connections = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => connections.push(serve(stream, &handler)),
                // Out of file handles, most likely: some connection has to end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(()) = connections.next() => {}
            Some(error) = feeds.next() => return Err(error.into()),
            Some(error) = failed.recv() => return Err(Failure::Output(error)),
        }
    }
}

async fn serve(stream: TcpStream, handler: &DeliveryHandler<'_>) {
    let answer = service_fn(|request| async { Ok::<_, Infallible>(handler.answer(request).await) });
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new());
    let _how_it_ended = protocol.serve_connection(TokioIo::new(stream), answer).await;
}

/// The provider that is asked for, or each one that is meant to receive webhooks; the default one is also at `/`.
fn endpoints(context: &Context) -> Result<Vec<Endpoint>, Failure> {
    let asked = context.global.provider.as_deref().filter(|name| !name.is_empty());
    let loaded = load(context.global.config.as_deref())?;
    let chosen = chosen_name(&loaded, asked)?;
    let mut endpoints = Vec::new();
    for name in loaded.config.names().filter(|name| asked.is_none() || *name == chosen) {
        let target = Target::of(&loaded, name, name == chosen, &context.registry)?;
        if target.receives_webhooks() {
            endpoints.push(endpoint(context, &target, name == chosen, asked.is_some())?);
        }
    }
    if endpoints.is_empty() {
        // Reports which field is missing.
        let target = Target::of(&loaded, &chosen, true, &context.registry)?;
        endpoints.push(endpoint(context, &target, true, asked.is_some())?);
    }
    Ok(endpoints)
}

fn endpoint(
    context: &Context,
    target: &Target,
    is_chosen: bool,
    is_alone: bool,
) -> Result<Endpoint, Failure> {
    let receiver = target.receiver().inspect_err(|_| context.name_target(target))?;
    // What waits for a router is what waits for the providers behind it, and those are endpoints too.
    let feed = match target.is_over_others() && !is_alone {
        true => None,
        false => target.feed().inspect_err(|_| context.name_target(target))?,
    };
    let mut url = Url::parse("http://127.0.0.1").map_err(std::io::Error::other)?;
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.push(&target.name);
    }
    Ok(Endpoint::new(target, url.path(), is_chosen, receiver, feed))
}
