//! Where the items of a Map Run are, and its child executions; and how many of them may fail.
//! Separate because these are the figures that the service's API shows and changes.

use crate::core::Status;

/// How many child executions the service runs at once.
const MOST_AT_ONCE: usize = 10_000;

/// What may run at once, and what may fail.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// `MaxConcurrency`; 0 is as many as the service allows.
    pub max_concurrency: u64,
    /// `ToleratedFailureCount`.
    pub tolerated_failure_count: u64,
    /// `ToleratedFailurePercentage`.
    pub tolerated_failure_percentage: f64,
}

impl Limits {
    pub(super) fn at_once(&self) -> usize {
        match usize::try_from(self.max_concurrency) {
            Ok(0) | Err(_) => MOST_AT_ONCE,
            Ok(limit) => limit.min(MOST_AT_ONCE),
        }
    }

    /// Whether that many failed items of so many are too many. Who says nothing tolerates nothing; where both a count
    /// and a percentage are given, neither may be exceeded.
    pub(in crate::core) fn are_exceeded(&self, failed: u64, total: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no Map Run has 2^53 items")]
        let (failed_part, total_part) = (failed as f64, total as f64);
        let over_count = failed > self.tolerated_failure_count;
        let over_percentage = failed_part * 100.0 > self.tolerated_failure_percentage * total_part;
        match (self.tolerated_failure_count > 0, self.tolerated_failure_percentage > 0.0) {
            (true, false) => over_count,
            (false, true) => over_percentage,
            _ => over_count || over_percentage,
        }
    }
}

/// How many are where: items or child executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All there are.
    pub total: u64,
    /// Those that have not begun.
    pub pending: u64,
    /// Those at work.
    pub running: u64,
    /// Those that ended well.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that took too long.
    pub timed_out: u64,
    /// Those that were stopped.
    pub aborted: u64,
    /// Those whose results are in the result files.
    pub results_written: u64,
    /// Those that did not end well and wait to run again.
    pub pending_redrive: u64,
}

/// Where the items of a Map Run are, and its child executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// The items.
    pub items: Count,
    /// The child executions. Those that will work on batches not yet made are not among them.
    pub executions: Count,
}

impl Counts {
    /// So many items wait, each for a child of its own if they are not batched.
    pub(super) fn of_waiting(items: u64, is_batched: bool) -> Self {
        let waiting = |total| Count { total, pending: total, ..Count::default() };
        Self { items: waiting(items), executions: waiting(if is_batched { 0 } else { items }) }
    }

    /// A child begins to work on so many items.
    pub(super) fn begin(&mut self, items: u64) {
        self.items.begin(items);
        if self.executions.pending == 0 {
            (self.executions.pending, self.executions.total) = (1, self.executions.total + 1);
        }
        self.executions.begin(1);
    }

    /// A child that worked on so many items is over.
    pub(super) fn end(&mut self, items: u64, status: &Status) {
        self.items.end(items, status);
        self.executions.end(1, status);
    }

    /// A child that ended like this, and badly, is to run again.
    pub(super) fn await_redrive(&mut self, items: u64, status: &Status) {
        for (count, number) in [(&mut self.items, items), (&mut self.executions, 1)] {
            *count.ended(status) -= number;
            count.pending_redrive += number;
        }
    }

    /// A child that ended like this will not run again after all.
    pub(super) fn give_up_redrive(&mut self, items: u64, status: &Status) {
        for (count, number) in [(&mut self.items, items), (&mut self.executions, 1)] {
            count.pending_redrive -= number;
            *count.ended(status) += number;
        }
    }

    /// A child that waited for it runs again.
    pub(super) fn redrive(&mut self, items: u64) {
        for (count, number) in [(&mut self.items, items), (&mut self.executions, 1)] {
            count.pending_redrive -= number;
            count.running += number;
        }
    }

    /// Everything that is over is in the result files.
    pub(super) fn written(&mut self) {
        for count in [&mut self.items, &mut self.executions] {
            count.results_written = count.total - count.pending - count.running;
        }
    }

    pub(super) fn too_many_failed(&self, limits: &Limits) -> bool {
        limits.are_exceeded(self.items.failed + self.items.timed_out, self.items.total)
    }
}

impl Count {
    fn begin(&mut self, number: u64) {
        self.pending -= number;
        self.running += number;
    }

    fn end(&mut self, number: u64, status: &Status) {
        self.running -= number;
        *self.ended(status) += number;
    }

    fn ended(&mut self, status: &Status) -> &mut u64 {
        match status {
            Status::Succeeded(_) => &mut self.succeeded,
            Status::Failed(_) => &mut self.failed,
            Status::TimedOut(_) => &mut self.timed_out,
            Status::Aborted(_) => &mut self.aborted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_exceeded_by_more_than_it_says() {
        let check = |count, percentage, failed, total, expected| {
            let limits = Limits {
                max_concurrency: 0,
                tolerated_failure_count: count,
                tolerated_failure_percentage: percentage,
            };
            assert_eq!(limits.are_exceeded(failed, total), expected, "{limits:?}: {failed} of {total}");
        };
        check(0, 0.0, 0, 10, false);
        check(0, 0.0, 1, 10, true);
        check(2, 0.0, 2, 10, false);
        check(2, 0.0, 3, 10, true);
        check(0, 25.0, 2, 8, false);
        check(0, 25.0, 3, 8, true);
        check(0, 100.0, 8, 8, false);
        check(5, 25.0, 3, 8, true);
        check(2, 50.0, 3, 8, true);
        check(3, 50.0, 3, 8, false);
    }
}
