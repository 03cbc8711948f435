//! What a Map State runs per item, and how: in the execution itself or in child executions.
//! Separate from the Map State because it is a State Machine with a configuration, under two names.

use crate::document::NodeRef;
use crate::rules::{conflicting_fields, missing_field};
use crate::wire::{Flat, ObjectReader, ObjectWriter, Reading, Wire, object, words};
use crate::{Fields, StateMachine, Value};

/// An Item Processor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemProcessor {
    /// Under which name it stands in the Map State.
    pub field: ProcessorField,
    /// `ProcessorConfig`.
    pub config: Option<ProcessorConfig>,
    /// The State Machine that runs per item.
    pub machine: StateMachine,
}

impl ItemProcessor {
    /// How the iterations run; `INLINE` unless the configuration says otherwise.
    ///
    /// ```
    /// use sfn_asl::{ItemProcessor, ProcessorMode};
    ///
    /// assert_eq!(ItemProcessor::default().mode(), ProcessorMode::Inline);
    /// ```
    pub fn mode(&self) -> ProcessorMode {
        self.config.as_ref().and_then(|config| config.mode).unwrap_or_default()
    }
}

/// The name of a Map State's field that holds its Item Processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProcessorField {
    /// `ItemProcessor`.
    #[default]
    ItemProcessor,
    /// `Iterator`, the older name.
    Iterator,
}

words!(ProcessorField { ItemProcessor = "ItemProcessor", Iterator = "Iterator" });

/// `ProcessorConfig`: how the iterations run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProcessorConfig {
    /// `Mode`; `INLINE` when absent.
    pub mode: Option<ProcessorMode>,
    /// `ExecutionType` of the child executions of a distributed Map.
    pub execution_type: Option<ExecutionType>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ProcessorConfig, "a ProcessorConfig (an object)", {
    optional "Mode" mode;
    optional "ExecutionType" execution_type;
    rest unknown;
});

/// Where the iterations of a Map State run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProcessorMode {
    /// In the execution itself.
    #[default]
    Inline,
    /// Each in a child execution of its own.
    Distributed,
}

words!(ProcessorMode { Inline = "INLINE", Distributed = "DISTRIBUTED" });

/// The two kinds of Executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExecutionType {
    /// Durable, up to a year, billed per transition.
    #[default]
    Standard,
    /// At least once, up to five minutes, billed per request and duration.
    Express,
}

words!(ExecutionType { Standard = "STANDARD", Express = "EXPRESS" });

impl Wire for ItemProcessor {
    fn read<'t>(value: NodeRef<'t>, reading: &mut Reading<'t>) -> Option<Self> {
        let mut reader = ObjectReader::new(value, reading, "a State Machine (an object)")?;
        let config = reader.optional("ProcessorConfig");
        let machine = Flat::take(&mut reader);
        Some(Self { field: ProcessorField::ItemProcessor, config, machine })
    }

    fn write(&self) -> Value {
        let mut writer = ObjectWriter::default();
        self.put_fields(&mut writer);
        writer.finish()
    }

    fn length(&self) -> usize {
        ObjectWriter::length(|writer| self.put_fields(writer))
    }
}

impl ItemProcessor {
    fn put_fields(&self, writer: &mut ObjectWriter) {
        if let Some(config) = &self.config {
            writer.put("ProcessorConfig", config);
        }
        Flat::put(&self.machine, writer);
    }
}

impl Flat for ItemProcessor {
    fn take(reader: &mut ObjectReader<'_, '_>) -> Self {
        let has_current = reader.peek("ItemProcessor").is_some();
        let has_legacy = reader.peek("Iterator").is_some();
        let current: Option<Self> = reader.optional("ItemProcessor");
        let legacy: Option<Self> = reader.optional("Iterator");
        if has_current && has_legacy {
            let message = "found both `ItemProcessor` and `Iterator`";
            reader.fault_at("Iterator", conflicting_fields::CODE, message, "keep `ItemProcessor`");
        } else if !has_current && !has_legacy {
            let message = "the field `ItemProcessor` is required and missing";
            reader.fault(missing_field::CODE, message, "add `ItemProcessor`: what runs per item");
        }
        let legacy = legacy.map(|processor| Self { field: ProcessorField::Iterator, ..processor });
        current.or(legacy).unwrap_or_default()
    }

    fn put(&self, writer: &mut ObjectWriter) {
        writer.put(self.field.as_str(), self);
    }
}
