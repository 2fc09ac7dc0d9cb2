//! A server from its start to its end.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::{App, Limits, Tokens, listen, router, schedule};
use crate::engine::models;
use crate::engine::retrain::Config;
use crate::error::{Error, Result};
use crate::model::store::{self, Store};
use crate::task::Task;

/// How often counted durations are put together.
const UPKEEP: Duration = Duration::from_secs(5);

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The model file, or the store.
    pub model: PathBuf,
    /// The configuration; only for a store.
    pub config: Option<PathBuf>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The file of tokens.
    pub tokens: Option<PathBuf>,
    /// The limits.
    pub limits: Limits,
}

/// Serves until SIGINT or SIGTERM; requests that have begun are finished. `told` hears the address.
///
/// # Errors
/// The model or the tokens cannot be read, the address is taken, or others than this machine could ask without a token.
pub fn open(opening: &Opening, told: impl FnOnce(SocketAddr)) -> Result<()> {
    let tokens = opening.tokens.as_deref().map(Tokens::read).transpose()?.unwrap_or_default();
    guarded(opening.address.ip(), &tokens)?;
    let app = app(opening, tokens)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::failed("the server's threads could not be started").caused_by(error))?;
    runtime.block_on(serve(app, opening.address, told))
}

fn app(opening: &Opening, tokens: Tokens) -> Result<Arc<App>> {
    let config = opening.config.as_deref().map(Config::read).transpose()?;
    if store::is_store(&opening.model) {
        let store = Store::open(&opening.model)?;
        return App::of_store(store, config.unwrap_or_default(), tokens, opening.limits, Task::default());
    }
    if config.is_some() {
        let what = "sources, gates and retraining are those of a store, and this is a model file";
        return Err(Error::usage(what).at("--config").hint("`segmenta store add FOLDER MODEL` makes a store of it"));
    }
    Ok(App::new(models::read(&opening.model)?, tokens, opening.limits, Task::default()))
}

/// Without tokens only this machine may ask.
fn guarded(ip: IpAddr, tokens: &Tokens) -> Result<()> {
    if tokens.is_empty() && !ip.is_loopback() {
        let what = format!("{ip} can be reached by others, and no tokens are named");
        return Err(Error::usage(what)
            .at("--listen")
            .hint("`segmenta serve --new-token NAME` makes one; put its entry in a file and name that by --tokens"));
    }
    Ok(())
}

async fn serve(app: Arc<App>, address: SocketAddr, told: impl FnOnce(SocketAddr)) -> Result<()> {
    let failed = |error: std::io::Error| Error::failed(error.to_string()).at(address.to_string());
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    // Before anybody hears of the server: a signal must not find it deaf.
    let ended = ended(Arc::clone(&app)).map_err(failed)?;
    told(listener.local_addr().map_err(failed)?);
    let counting = Arc::clone(&app);
    tokio::spawn(async move {
        let mut clock = tokio::time::interval(UPKEEP);
        loop {
            clock.tick().await;
            counting.meters.upkeep();
        }
    });
    tokio::spawn(schedule::keep(Arc::clone(&app)));
    listen::answer(listener, router(&app), app.limits.time, ended).await;
    Ok(())
}

/// Listens to SIGINT and SIGTERM from now on; what it gives waits for one of them.
fn ended(app: Arc<App>) -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let told = {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        async move {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
        }
    };
    #[cfg(not(unix))]
    let told = async {
        let _unheard = tokio::signal::ctrl_c().await;
    };
    Ok(async move {
        told.await;
        app.ending.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Some(desk) = &app.desk {
            desk.queue.cancel_all();
        }
    })
}
