//! Heartbeats while work goes on. Separate because they have a life of their own beside whoever holds the token.

use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};
use tokio::time::{MissedTickBehavior, interval};

use super::{TaskToken, TokenError};

/// Heartbeats of a task token, sent until this is dropped: what [`TaskToken::keep_alive`] gives.
///
/// ```
/// # use sfn_core::{TaskToken, TokenError, secs};
/// # async fn print_labels() -> u32 { 3 }
/// async fn ship(token: TaskToken<u32>) -> Result<(), TokenError> {
///     let labels = token.keep_alive(secs(10)).during(print_labels()).await?;
///     token.succeed(labels).await
/// }
/// ```
///
/// A heartbeat that does not arrive is sent again after the interval; the third in a row that fails ends them, and so does
/// the service's word that the task does not wait any more.
#[derive(Debug)]
#[must_use = "the heartbeats end when this is dropped"]
pub struct KeepAlive {
    beats: JoinHandle<TokenError>,
}

/// How many heartbeats in a row may get lost.
const LOST: u32 = 3;

impl KeepAlive {
    pub(super) fn new<T: 'static>(token: TaskToken<T>, every: Duration) -> Self {
        let send = move || {
            let token = token.clone();
            async move { token.heartbeat().await }
        };
        Self { beats: tokio::spawn(beat(every, send)) }
    }

    /// What the work gives.
    ///
    /// # Errors
    ///
    /// What ended the heartbeats; the work is dropped then, where it stands.
    pub async fn during<F: Future>(mut self, work: F) -> Result<F::Output, TokenError> {
        tokio::select! {
            biased;
            output = work => Ok(output),
            ended = &mut self.beats => Err(ended.unwrap_or_else(broken)),
        }
    }

    /// Waits until the heartbeats end by themselves, and gives the reason.
    pub async fn ended(mut self) -> TokenError {
        (&mut self.beats).await.unwrap_or_else(broken)
    }
}

impl Drop for KeepAlive {
    fn drop(&mut self) {
        self.beats.abort();
    }
}

fn broken(error: JoinError) -> TokenError {
    TokenError::Transport(Box::new(error))
}

async fn beat<F>(every: Duration, send: impl Fn() -> F) -> TokenError
where
    F: Future<Output = Result<(), TokenError>>,
{
    let mut times = interval(every);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lost = 0;
    loop {
        times.tick().await;
        match send().await {
            Ok(()) => lost = 0,
            Err(TokenError::Transport(_)) if lost + 1 < LOST => lost += 1,
            Err(error) => return error,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// How many heartbeats are sent when these of them (`x`) get lost, the task being over after the last.
    #[track_caller]
    fn check(script: &str, expected: usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let at = Cell::new(0);
        let send = || {
            let beat = script.as_bytes().get(at.replace(at.get() + 1));
            std::future::ready(match beat {
                Some(b'x') => Err(TokenError::Transport("connection refused".into())),
                Some(_) => Ok(()),
                None => Err(TokenError::TimedOut),
            })
        };
        runtime.unwrap().block_on(beat(Duration::from_secs(10), send));
        assert_eq!(at.get(), expected, "{script}");
    }

    #[test]
    fn three_lost_heartbeats_in_a_row_are_too_many() {
        check("ok", 3);
        check("xxo", 4);
        check("oxxoxxo", 8);
        check("oxxxooo", 4);
    }
}
