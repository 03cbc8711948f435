//! A State: one of eight types, each in a file of its own, and what they share.
//! Separate because a State is what the whole language is about; this file only tells the types apart.

mod choice;
mod choice_rule;
mod comparator;
mod fail;
mod item_processor;
mod item_reader;
mod map;
mod parallel;
mod pass;
mod retry_catch;
mod shared;
mod succeed;
mod task;
mod wait;

pub use choice::Choice;
pub use choice_rule::{ChoiceRule, Comparison, DataTest, NestedTest, RuleTest};
pub use comparator::{Comparator, OperandKind};
pub use fail::Fail;
pub use item_processor::{ExecutionType, ItemProcessor, ProcessorConfig, ProcessorField, ProcessorMode};
pub use item_reader::{ItemBatcher, ItemReader, ReaderConfig, ResultWriter, WriterConfig};
pub use map::Map;
pub use parallel::Parallel;
pub use pass::Pass;
pub use retry_catch::{Catcher, JitterStrategy, Retrier};
pub use shared::Shared;
pub use succeed::Succeed;
pub use task::Task;
pub use wait::{Wait, WaitUntil};

use crate::document::NodeRef;
use crate::nearest::nearest;
use crate::rules::invalid_value;
use crate::wire::{Flat, ObjectReader, ObjectWriter, Reading, Wire};
use crate::{Transition, Value};

/// A State, one of eight types. What has so many fields stands in a box, and the State itself is small.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Has work done: a Lambda function, a service, an activity.
    Task(Box<Task>),
    /// Chooses the next State.
    Choice(Box<Choice>),
    /// Runs a State Machine once per item.
    Map(Box<Map>),
    /// Runs several State Machines side by side.
    Parallel(Box<Parallel>),
    /// Transforms data, or does nothing.
    Pass(Box<Pass>),
    /// Waits for a time.
    Wait(Box<Wait>),
    /// Ends its State Machine well.
    Succeed(Box<Succeed>),
    /// Ends the execution with an error.
    Fail(Box<Fail>),
}

/// Writes the things that differ from variant to variant only by the variant's name.
macro_rules! per_type {
    ($($variant:ident),+) => {
        impl State {
            /// The `Type` of the State.
            pub const fn type_name(&self) -> &'static str {
                match self { $(Self::$variant(_) => stringify!($variant)),+ }
            }

            /// The fields that States of every type may have.
            pub fn shared(&self) -> &Shared {
                match self { $(Self::$variant(state) => &state.shared),+ }
            }

            /// The fields that States of every type may have, to be changed.
            pub fn shared_mut(&mut self) -> &mut Shared {
                match self { $(Self::$variant(state) => &mut state.shared),+ }
            }

            fn take(type_name: &str, reader: &mut ObjectReader<'_, '_>) -> Option<Self> {
                match type_name {
                    $(stringify!($variant) => Some(Self::$variant(Flat::take(reader))),)+
                    _ => None,
                }
            }

            fn put(&self, writer: &mut ObjectWriter) {
                match self { $(Self::$variant(state) => state.put(writer)),+ }
            }
        }

        $(
            impl From<$variant> for State {
                fn from(state: $variant) -> Self {
                    Self::$variant(state.into())
                }
            }
        )+

        const TYPES: [&str; 8] = [$(stringify!($variant)),+];
    };
}

per_type!(Task, Choice, Map, Parallel, Pass, Wait, Succeed, Fail);

impl State {
    /// The `Next` or `End` of the State; Choice, Succeed and Fail have none.
    ///
    /// ```
    /// use sfn_asl::{Pass, State, Succeed, Transition};
    ///
    /// assert_eq!(State::from(Pass::default()).transition(), Some(&Transition::End));
    /// assert_eq!(State::from(Succeed::default()).transition(), None);
    /// ```
    pub fn transition(&self) -> Option<&Transition> {
        match self {
            Self::Task(task) => Some(&task.transition),
            Self::Map(map) => Some(&map.transition),
            Self::Parallel(parallel) => Some(&parallel.transition),
            Self::Pass(pass) => Some(&pass.transition),
            Self::Wait(wait) => Some(&wait.transition),
            Self::Choice(_) | Self::Succeed(_) | Self::Fail(_) => None,
        }
    }

    /// The Retriers; only Task, Map and Parallel can have any.
    pub fn retry(&self) -> &[Retrier] {
        match self {
            Self::Task(task) => &task.retry,
            Self::Map(map) => &map.retry,
            Self::Parallel(parallel) => &parallel.retry,
            _ => &[],
        }
    }

    /// The Catchers; only Task, Map and Parallel can have any.
    pub fn catch(&self) -> &[Catcher] {
        match self {
            Self::Task(task) => &task.catch,
            Self::Map(map) => &map.catch,
            Self::Parallel(parallel) => &parallel.catch,
            _ => &[],
        }
    }
}

/// The canonical order of a State's fields. Fields that are not here come after them, in the author's order.
///
/// What it is comes first, then what it works on, then how long it may take, then what it leaves behind, then
/// where it goes: on failure, and at last on success.
const FIELD_ORDER: &[&str] = &[
    "Type",
    "Comment",
    "QueryLanguage",
    "Resource",
    "Credentials",
    "InputPath",
    "ItemReader",
    "Items",
    "ItemsPath",
    "ItemSelector",
    "ItemBatcher",
    "Parameters",
    "Arguments",
    "Result",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "Error",
    "ErrorPath",
    "Cause",
    "CausePath",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Label",
    "ItemProcessor",
    "Iterator",
    "Branches",
    "Choices",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "ResultWriter",
    "ResultSelector",
    "ResultPath",
    "Assign",
    "Output",
    "OutputPath",
    "Retry",
    "Catch",
    "Default",
    "Next",
    "End",
];

impl Wire for State {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let mut reader = ObjectReader::new(value, reading, "a State (an object)")?;
        let found = reader.find("Type");
        let type_name = found.and_then(|found| found.value.as_str());
        match found {
            Some(found) if type_name.is_some() => reader.leave_out(found),
            _ => drop(reader.required::<String>("Type")),
        }
        let state = type_name.and_then(|name| Self::take(name, &mut reader));
        if state.is_some() {
            return state;
        }
        let near = type_name.and_then(|name| nearest(name, TYPES.iter().copied()));
        if let Some(type_name) = type_name {
            let known = TYPES.map(|name| format!("`{name}`")).join(", ");
            let message = match near {
                Some(near) => format!("there is no State type `{type_name}`, did you mean `{near}`?"),
                None => format!("there is no State type `{type_name}`"),
            };
            reader.fault_at("Type", invalid_value::CODE, message, format!("write one of {known}"));
        }
        // What leads to it and where it leads is judged all the same.
        reader.quietly(|reader| Self::take(near.unwrap_or("Pass"), reader))
    }

    fn write(&self) -> Value {
        let mut writer = ObjectWriter::default();
        writer.put("Type", &self.type_name().to_owned());
        self.put(&mut writer);
        writer.sort_by_rank(|name| {
            FIELD_ORDER.iter().position(|known| *known == name).unwrap_or(FIELD_ORDER.len())
        });
        writer.finish()
    }

    fn length(&self) -> usize {
        ObjectWriter::length(|writer| {
            writer.put("Type", &self.type_name().to_owned());
            self.put(writer);
        })
    }
}
