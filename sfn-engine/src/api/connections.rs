//! Connections: accepted up to a number, served with limits on silence, and closed in order.
//! Separate because clients that are slow, silent or gone must cost nobody else anything.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::Sleep;

/// How many clients may be connected at once; more wait for a place.
const MOST: usize = 4096;

/// How long a client may be silent between requests, or take to send a request's head.
const SILENCE: Duration = Duration::from_mins(1);

/// How long a client may take to accept the next part of an answer.
const STALL: Duration = Duration::from_secs(30);

/// How long requests that are being answered may still take when the server ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves until told to end, or until this is dropped: then every connection is closed at once.
pub(super) async fn serve(listener: TcpListener, routes: Router, mut end: oneshot::Receiver<()>) {
    let places = Arc::new(Semaphore::new(MOST));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, stream) = tokio::select! {
            accepted = accepted => accepted,
            Some(_) = connections.join_next() => continue,
            _ = &mut end => break,
        };
        let Ok((stream, _)) = stream else {
            // Out of file descriptors, most likely: others will close some.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Without this every answer waits for an acknowledgement that is itself delayed.
        let _ = stream.set_nodelay(true);
        let connection =
            http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(SILENCE).serve_connection(
                TokioIo::new(Impatient { stream, stalled: None }),
                TowerToHyperService::new(routes.clone()),
            );
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // A client that has gone away is no news.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}

/// A stream whose writes fail when the other side takes nothing for too long.
struct Impatient {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Impatient {
    fn watch<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.watch(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
