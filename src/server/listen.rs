//! Connections: accepted, answered, and ended when the server ends.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// How long to wait where no connection can be accepted: none is free until one ends.
const BREATH: Duration = Duration::from_millis(100);

/// Answers connections until `ended`; requests that have begun by then are finished. The head of a request may take
/// `head_time`, and so long a connection may lie idle.
pub async fn answer(listener: TcpListener, router: Router, head_time: Duration, ended: impl Future<Output = ()>) {
    let (end, ending) = watch::channel(false);
    let (open, mut all_closed) = mpsc::channel::<()>(1);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head_time);
    let mut ended = pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (builder, router, ending, open) = (builder.clone(), router.clone(), ending.clone(), open.clone());
                tokio::spawn(async move {
                    connection(stream, peer, &builder, router, ending).await;
                    drop(open);
                });
            }
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
    drop((listener, open));
    end.send_replace(true);
    // Nothing is ever sent: it ends when the last connection has dropped its sender.
    let _none = all_closed.recv().await;
}

/// Answers the requests of one connection, one after the other.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    builder: &http1::Builder,
    router: Router,
    mut ending: watch::Receiver<bool>,
) {
    // Answers are written whole: waiting for more of them would only delay them.
    let _best_effort = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let mut answered = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks is the client's affair.
    tokio::select! {
        _ = answered.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => answered.as_mut().graceful_shutdown(),
    }
    let _broken = answered.await;
}
