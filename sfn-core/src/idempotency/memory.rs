//! A store in memory, for native runs, tests and local engines.
//! Separate because its time is tokio's, which tests may let pass at once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Claim, Claimed, IdempotencyStore, StoreAnswer};

/// Keeps claims and results of idempotent tasks in this process.
///
/// ```
/// # use std::time::Duration;
/// use sfn_core::{Claim, Claimed, IdempotencyStore, MemoryIdempotencyStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sfn_core::StoreError> {
/// let store = MemoryIdempotencyStore::new();
/// let claim = Claim {
///     key: "charge#o-1".to_owned(),
///     payload: "500".to_owned(),
///     holder: "one".to_owned(),
///     holds: Duration::from_secs(30),
///     remembered: Duration::from_secs(3600),
/// };
/// assert_eq!(store.claim(&claim).await?, Claimed::Here);
/// assert!(store.record(&claim, Some("7")).await?);
///
/// let again = Claim { holder: "another".to_owned(), ..claim };
/// let done = Claimed::Done { payload: "500".to_owned(), output: Some("7".to_owned()) };
/// assert_eq!(store.claim(&again).await?, done);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct MemoryIdempotencyStore {
    kept: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Debug)]
struct Kept {
    holder: String,
    said: Claimed,
    /// Nothing where it is never over.
    until: Option<Instant>,
}

impl MemoryIdempotencyStore {
    /// A store that knows of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        // A panic cannot leave the map half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claimed(&self, claim: &Claim) -> Claimed {
        let mut kept = self.kept();
        let is_over = |kept: &Kept| kept.until.is_some_and(|until| until <= Instant::now());
        if let Some(known) = kept.get(&claim.key).filter(|kept| !is_over(kept)) {
            return known.said.clone();
        }
        let said = Claimed::Elsewhere { payload: claim.payload.clone() };
        kept.insert(claim.key.clone(), Kept::by(claim, said, claim.holds));
        Claimed::Here
    }

    /// Changes what is kept of a claim, if it is still held.
    fn change(&self, claim: &Claim, to: Option<Kept>) -> bool {
        let mut kept = self.kept();
        let is_held = kept.get(&claim.key).is_some_and(|kept| kept.holder == claim.holder);
        if is_held {
            match to {
                Some(to) => drop(kept.insert(claim.key.clone(), to)),
                None => drop(kept.remove(&claim.key)),
            }
        }
        is_held
    }
}

impl Kept {
    fn by(claim: &Claim, said: Claimed, lasts: Duration) -> Self {
        Self { holder: claim.holder.clone(), said, until: Instant::now().checked_add(lasts) }
    }
}

impl IdempotencyStore for MemoryIdempotencyStore {
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, Claimed> {
        Box::pin(async { Ok(self.claimed(claim)) })
    }

    fn record<'a>(&'a self, claim: &'a Claim, output: Option<&'a str>) -> StoreAnswer<'a, bool> {
        let said = Claimed::Done { payload: claim.payload.clone(), output: output.map(str::to_owned) };
        Box::pin(async { Ok(self.change(claim, Some(Kept::by(claim, said, claim.remembered)))) })
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreAnswer<'a, ()> {
        Box::pin(async {
            self.change(claim, None);
            Ok(())
        })
    }
}
