//! Where a distributed Map reads its items, how it batches them and where it writes its results.
//! Separate from the Map State because only distributed Maps have these parts.

use crate::wire::object;
use crate::{Fields, Operand, Value};

/// `ItemReader`: where the items are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemReader {
    /// `Resource`: who reads (`arn:aws:states:::s3:getObject`, `arn:aws:states:::s3:listObjectsV2`).
    pub resource: String,
    /// `ReaderConfig`.
    pub reader_config: Option<ReaderConfig>,
    /// `Parameters` (JSONPath): what is read, as a Payload Template.
    pub parameters: Option<Value>,
    /// `Arguments` (JSONata): what is read, as a template.
    pub arguments: Option<Value>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ItemReader, "an ItemReader (an object)", {
    required "Resource" resource;
    optional "ReaderConfig" reader_config;
    optional "Parameters" parameters;
    optional "Arguments" arguments;
    rest unknown;
});

/// `ReaderConfig`: what the items look like where they are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReaderConfig {
    /// `InputType`: `CSV`, `JSON`, `JSONL`, `PARQUET`, `MANIFEST`.
    pub input_type: Option<String>,
    /// `ManifestType`: `S3_INVENTORY` or `ATHENA_DATA`.
    pub manifest_type: Option<String>,
    /// `Transformation`: `NONE` or `LOAD_AND_FLATTEN`.
    pub transformation: Option<String>,
    /// `CSVHeaderLocation`: `FIRST_ROW` or `GIVEN`.
    pub csv_header_location: Option<String>,
    /// `CSVHeaders`, where they are given.
    pub csv_headers: Vec<String>,
    /// `CSVDelimiter`: `COMMA`, `PIPE`, `SEMICOLON`, `SPACE`, `TAB`.
    pub csv_delimiter: Option<String>,
    /// `ItemsPointer`: a JSON Pointer to the items within a JSON file.
    pub items_pointer: Option<String>,
    /// `MaxItems`: how many items are read at most.
    pub max_items: Option<Operand<i64>>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ReaderConfig, "a ReaderConfig (an object)", {
    optional "InputType" input_type;
    optional "ManifestType" manifest_type;
    optional "Transformation" transformation;
    optional "CSVHeaderLocation" csv_header_location;
    optional "CSVHeaders" csv_headers;
    optional "CSVDelimiter" csv_delimiter;
    optional "ItemsPointer" items_pointer;
    optional "MaxItems" max_items;
    rest unknown;
});

/// `ItemBatcher`: how several items become the input of one iteration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemBatcher {
    /// `BatchInput`: what every batch carries besides its items, as a template.
    pub batch_input: Option<Value>,
    /// `MaxItemsPerBatch`.
    pub max_items_per_batch: Option<Operand<i64>>,
    /// `MaxInputBytesPerBatch`.
    pub max_input_bytes_per_batch: Option<Operand<i64>>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ItemBatcher, "an ItemBatcher (an object)", {
    optional "BatchInput" batch_input;
    optional "MaxItemsPerBatch" max_items_per_batch;
    optional "MaxInputBytesPerBatch" max_input_bytes_per_batch;
    rest unknown;
});

/// `ResultWriter`: where the results are written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResultWriter {
    /// `Resource`: who writes (`arn:aws:states:::s3:putObject`); absent, only the format is configured.
    pub resource: Option<String>,
    /// `Parameters` (JSONPath): where to, as a Payload Template.
    pub parameters: Option<Value>,
    /// `Arguments` (JSONata): where to, as a template.
    pub arguments: Option<Value>,
    /// `WriterConfig`.
    pub writer_config: Option<WriterConfig>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(ResultWriter, "a ResultWriter (an object)", {
    optional "Resource" resource;
    optional "Parameters" parameters;
    optional "Arguments" arguments;
    optional "WriterConfig" writer_config;
    rest unknown;
});

/// `WriterConfig`: what the results look like.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WriterConfig {
    /// `Transformation`: `NONE`, `COMPACT` or `FLATTEN`.
    pub transformation: Option<String>,
    /// `OutputType`: `JSON` or `JSONL`.
    pub output_type: Option<String>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(WriterConfig, "a WriterConfig (an object)", {
    optional "Transformation" transformation;
    optional "OutputType" output_type;
    rest unknown;
});
