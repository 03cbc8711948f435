//! What happens to executions and Map Runs, as it is written down.
//! Separate because these numbers and orders are the format: a variant that is added gets the next number.

use std::sync::Arc;

use super::codec::codec_list;
use super::{codec_enum, codec_struct};
use crate::Timestamp;
use crate::core::{Event, Limits, MapRunEnd, MapRunEvent, MapRunId, Status, StoreAnswer, TaskId, TimerId};
use crate::history::Fault;
use crate::objects::{Object, ObjectError, ObjectSummary};

/// Something that happened to an execution, to one of its Map Runs or to a child of these.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Happening {
    pub(crate) at: Timestamp,
    /// The ARN of the child or of the Map Run; none if it is the execution itself.
    pub(crate) to: Option<Arc<str>>,
    pub(crate) news: News,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    Execution(Event),
    MapRun(MapRunEvent),
}

codec_struct!(Happening { at, to, news });

codec_enum!(News { 0 => Execution(event), 1 => MapRun(event) });

codec_enum!(Event {
    0 => Started,
    1 => TaskStarted { task, worker },
    2 => TaskAnswered { task, output },
    3 => TaskSucceeded { task, output },
    4 => TaskFailed { task, fault },
    5 => TaskHeartbeat { task },
    6 => TimerFired { timer },
    7 => MapRunEnded { map_run, end },
    8 => Stopped(fault),
    9 => Redriven,
});

codec_enum!(MapRunEvent {
    0 => Started,
    1 => Answered(answer),
    2 => ChildEnded { child, status },
    3 => Updated(limits),
    4 => Stopped,
    5 => Redriven,
});

codec_enum!(MapRunEnd { 0 => Succeeded(result), 1 => Failed(fault), 2 => Aborted });

codec_enum!(Status { 0 => Succeeded(output), 1 => Failed(fault), 2 => TimedOut(fault), 3 => Aborted(fault) });

codec_enum!(StoreAnswer { 0 => Object(object), 1 => List(objects), 2 => Kept, 3 => Refused(error) });

codec_enum!(ObjectError { 0 => NoSuchBucket { bucket }, 1 => NoSuchKey { key }, 2 => Unavailable(reason) });

codec_struct!(Object { summary, body });

codec_struct!(ObjectSummary { key, size, etag, last_modified });

codec_list!(ObjectSummary);

codec_struct!(Limits { max_concurrency, tolerated_failure_count, tolerated_failure_percentage });

codec_struct!(Fault { error, cause });

/// The names that the core gives are numbers.
macro_rules! codec_names {
    ($($name:ident),+) => {
        $(impl super::Codec for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                self.0.write(bytes);
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                super::Codec::read(bytes).map(Self)
            }
        })+
    };
}

codec_names!(TaskId, TimerId, MapRunId);

#[cfg(test)]
mod tests {
    use sfn_asl::Value;

    use super::super::codec::{decode, encode};
    use super::*;

    fn fault() -> Fault {
        Fault { error: Some("Bad".into()), cause: None }
    }

    fn object() -> Object {
        let summary = ObjectSummary {
            key: "k".to_owned(),
            size: 3,
            etag: "\"e\"".to_owned(),
            last_modified: Timestamp::from_millis(-1),
        };
        Object { summary, body: vec![0, 255, 7] }
    }

    #[test]
    fn everything_that_can_happen_comes_back_as_it_was() {
        let (task, output) = (TaskId(300), Value::from("out"));
        let events = [
            Event::Started,
            Event::TaskStarted { task, worker: Some("w".into()) },
            Event::TaskAnswered { task, output: output.clone() },
            Event::TaskSucceeded { task, output: output.clone() },
            Event::TaskFailed { task, fault: fault() },
            Event::TaskHeartbeat { task },
            Event::TimerFired { timer: TimerId(1) },
            Event::MapRunEnded { map_run: MapRunId(2), end: MapRunEnd::Succeeded(output.clone()) },
            Event::MapRunEnded { map_run: MapRunId(2), end: MapRunEnd::Failed(fault()) },
            Event::MapRunEnded { map_run: MapRunId(2), end: MapRunEnd::Aborted },
            Event::Stopped(fault()),
            Event::Redriven,
        ];
        let limits =
            Limits { max_concurrency: 7, tolerated_failure_count: 1, tolerated_failure_percentage: 12.5 };
        let refused = [
            ObjectError::NoSuchBucket { bucket: "b".to_owned() },
            ObjectError::NoSuchKey { key: "k".to_owned() },
            ObjectError::Unavailable("full".to_owned()),
        ];
        let ends = [
            Status::Succeeded(output),
            Status::Failed(fault()),
            Status::TimedOut(fault()),
            Status::Aborted(Fault::default()),
        ];
        let map_run_events = [
            MapRunEvent::Started,
            MapRunEvent::Answered(StoreAnswer::Object(object())),
            MapRunEvent::Answered(StoreAnswer::List(vec![object().summary])),
            MapRunEvent::Answered(StoreAnswer::Kept),
            MapRunEvent::Updated(limits),
            MapRunEvent::Stopped,
            MapRunEvent::Redriven,
        ];
        let map_run_events = map_run_events
            .into_iter()
            .chain(refused.map(|error| MapRunEvent::Answered(StoreAnswer::Refused(error))))
            .chain(ends.map(|status| MapRunEvent::ChildEnded { child: 9, status }));
        let news = events.into_iter().map(News::Execution).chain(map_run_events.map(News::MapRun));
        for news in news {
            let happening = Happening { at: Timestamp::from_millis(5), to: Some("arn".into()), news };
            assert_eq!(decode(&encode(&happening)), Some(happening));
        }
    }
}
