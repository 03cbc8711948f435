//! The parts of a distributed Map State, compiled; what this engine cannot read is refused here.
//! Separate because the words of `ReaderConfig` and `WriterConfig` are looked at nowhere else.

use std::sync::Arc;

use sfn_asl::{Map, QueryLanguage, ReaderConfig, Value, WriterConfig};

use super::LoadError;
use super::fields::Reader;
use crate::core::machine::{Distributed, ItemBatcher, ItemReader, ResultWriter};
use crate::core::map_run::{Format, Reads, Transformation};
use crate::query::Template;

impl Reader<'_, '_> {
    pub(super) fn distributed(&self, map: &Map) -> Result<Distributed, LoadError> {
        let config = map.item_processor.config.as_ref();
        Ok(Distributed {
            label: map.label.as_deref().map(Arc::from),
            execution_type: config.and_then(|config| config.execution_type).unwrap_or_default(),
            reader: map.item_reader.as_ref().map(|reader| self.item_reader(reader)).transpose()?,
            batcher: map.item_batcher.as_ref().map(|batcher| self.item_batcher(batcher)).transpose()?,
            writer: self.result_writer(map.result_writer.as_ref())?,
        })
    }

    fn item_reader(&self, reader: &sfn_asl::ItemReader) -> Result<ItemReader, LoadError> {
        let nothing = ReaderConfig::default();
        let config = reader.reader_config.as_ref().unwrap_or(&nothing);
        let max_items = reader.reader_config.as_ref().and_then(|config| config.max_items.as_ref());
        Ok(ItemReader {
            reads: reads(&reader.resource, config).map_err(|feature| self.unsupported(feature))?,
            arguments: self.arguments_of(
                "ItemReader",
                reader.arguments.as_ref(),
                reader.parameters.as_ref(),
            )?,
            max_items: self.operand("ItemReader/ReaderConfig/MaxItems", max_items)?,
        })
    }

    /// `Arguments` in JSONata, `Parameters` in JSONPath.
    fn arguments_of(
        &self,
        part: &str,
        arguments: Option<&Value>,
        parameters: Option<&Value>,
    ) -> Result<Option<Template>, LoadError> {
        match self.language {
            QueryLanguage::Jsonata => self.optional(&format!("{part}/Arguments"), arguments),
            QueryLanguage::JsonPath => self.optional(&format!("{part}/Parameters"), parameters),
        }
    }

    fn item_batcher(&self, batcher: &sfn_asl::ItemBatcher) -> Result<ItemBatcher, LoadError> {
        Ok(ItemBatcher {
            input: self.optional("ItemBatcher/BatchInput", batcher.batch_input.as_ref())?,
            max_items: self.operand("ItemBatcher/MaxItemsPerBatch", batcher.max_items_per_batch.as_ref())?,
            max_bytes: self
                .operand("ItemBatcher/MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.as_ref())?,
        })
    }

    fn result_writer(&self, writer: Option<&sfn_asl::ResultWriter>) -> Result<ResultWriter, LoadError> {
        let written = writer.filter(|writer| writer.resource.is_some());
        let nothing = WriterConfig::default();
        let config = writer.and_then(|writer| writer.writer_config.as_ref()).unwrap_or(&nothing);
        let transformation = match config.transformation.as_deref() {
            Some("COMPACT") => Transformation::Compact,
            Some("FLATTEN") => Transformation::Flatten,
            None if written.is_none() => Transformation::Compact,
            None | Some("NONE") => Transformation::None,
            Some(_) => return Err(self.unsupported("a ResultWriter with an unknown Transformation")),
        };
        Ok(ResultWriter {
            arguments: match written {
                Some(writer) => {
                    self.arguments_of("ResultWriter", writer.arguments.as_ref(), writer.parameters.as_ref())?
                }
                None => None,
            },
            transformation,
            is_lines: config.output_type.as_deref() == Some("JSONL"),
        })
    }
}

/// What an Item Reader reads, or what about it this engine does not do.
pub(in crate::core) fn reads(resource: &str, config: &ReaderConfig) -> Result<Reads, &'static str> {
    let is_athena = config.manifest_type.as_deref() == Some("ATHENA_DATA");
    let is_loaded = config.transformation.as_deref() == Some("LOAD_AND_FLATTEN");
    let action = resource.strip_prefix("arn:").and_then(|arn| arn.split_once(":states:::"));
    match (action.map(|(_, action)| action), config.input_type.as_deref()) {
        (Some("s3:listObjectsV2"), _) if is_loaded => Ok(Reads::Listed(format(config)?)),
        (Some("s3:listObjectsV2"), _) => Ok(Reads::List),
        (Some("s3:getObject"), _) if is_athena => Ok(Reads::Athena(format(config)?)),
        (Some("s3:getObject"), Some("MANIFEST")) => Ok(Reads::Inventory),
        (Some("s3:getObject"), _) => Ok(Reads::Object(format(config)?)),
        _ => Err("an ItemReader that reads neither `s3:getObject` nor `s3:listObjectsV2`"),
    }
}

fn format(config: &ReaderConfig) -> Result<Format, &'static str> {
    let delimiter = match config.csv_delimiter.as_deref() {
        None | Some("COMMA") => b',',
        Some("PIPE") => b'|',
        Some("SEMICOLON") => b';',
        Some("SPACE") => b' ',
        Some("TAB") => b'\t',
        Some(_) => return Err("an ItemReader with an unknown CSVDelimiter"),
    };
    let is_given = config.csv_header_location.as_deref() == Some("GIVEN");
    let headers = is_given.then(|| config.csv_headers.iter().map(|name| Arc::from(name.as_str())).collect());
    match config.input_type.as_deref() {
        Some("CSV") => Ok(Format::Csv { headers, delimiter }),
        Some("JSONL") => Ok(Format::JsonLines),
        None | Some("JSON") => Ok(Format::Json { pointer: config.items_pointer.as_deref().map(Arc::from) }),
        Some("PARQUET") => Err("an ItemReader for PARQUET (convert the file to JSONL or CSV)"),
        Some(_) => Err("an ItemReader with an unknown InputType"),
    }
}
