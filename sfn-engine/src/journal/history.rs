//! Histories and outcomes, as they are written down when an execution is over.
//! Separate because no event of a history is ever read back by the core; it is kept for those who look.

use super::codec::codec_list;
use super::{Codec, codec_enum, codec_struct};
use crate::core::Resource;
use crate::driver::Outcome;
use crate::history::{Details, HistoryEvent, Iteration, Scheduled, StateType};

codec_struct!(Outcome { status, history, started, ended });

codec_struct!(HistoryEvent { id, previous_event_id, timestamp, details });

codec_list!(HistoryEvent);

codec_enum!(Details {
    0 => ExecutionStarted { input, role_arn },
    1 => ExecutionSucceeded { output },
    2 => ExecutionFailed(fault),
    3 => ExecutionTimedOut(fault),
    4 => ExecutionAborted(fault),
    5 => StateEntered { state_type, name, input },
    6 => StateExited { state_type, name, output, assigned },
    7 => StateAborted { state_type },
    8 => TaskScheduled(scheduled),
    9 => TaskStarted { resource, worker },
    10 => TaskSubmitted { resource, output },
    11 => TaskSucceeded { resource, output },
    12 => TaskFailed { resource, fault },
    13 => TaskTimedOut { resource, fault },
    14 => EvaluationFailed { state, fault, location },
    15 => ExecutionRedriven { redrive_count },
    16 => ParallelStateStarted,
    17 => ParallelStateSucceeded,
    18 => ParallelStateFailed,
    19 => MapStateStarted { length },
    20 => MapStateSucceeded,
    21 => MapStateFailed,
    22 => MapRunStarted { map_run_arn },
    23 => MapRunSucceeded,
    24 => MapRunFailed(fault),
    25 => MapRunAborted,
    26 => MapIterationStarted(iteration),
    27 => MapIterationSucceeded(iteration),
    28 => MapIterationFailed(iteration),
    29 => MapIterationAborted(iteration),
    30 => MapRunRedriven { map_run_arn, redrive_count },
});

codec_struct!(Iteration { name, index });

codec_struct!(Scheduled { resource, region, parameters, timeout, heartbeat, credentials });

codec_enum!(StateType {
    0 => Task,
    1 => Choice,
    2 => Map,
    3 => Parallel,
    4 => Pass,
    5 => Wait,
    6 => Succeed,
    7 => Fail,
});

/// Its ARN says all there is.
impl Codec for std::sync::Arc<Resource> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.arn().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let arn = <std::sync::Arc<str>>::read(bytes)?;
        Some(Self::new(Resource::new(&arn)))
    }
}
