//! The parts of a Map State that runs child executions: what a child gets, where items are read and results go.
//! Separate from other States because few definitions have any of it.

use sfn_asl::{
    ExecutionType, ItemBatcher, ItemProcessor, Map, Operand, ProcessorConfig, ProcessorMode, ResultWriter,
    Value, WriterConfig,
};

use super::document::Document;
use crate::distributed::Reading;
use crate::ir::{Distributed, Expr, Iteration, Source, VariableId};

/// Where a child that is handed more than its item finds it.
const ITEM: &str = "item";

impl Iteration {
    /// What the variables of the body stand for when it begins.
    pub(super) fn inputs(&self) -> Vec<(VariableId, Expr)> {
        if let Some(distributed) = &self.distributed {
            return distributed.inputs(self.item);
        }
        let place = self.place.map(|place| (place, Expr::source(Source::ItemIndex)));
        [(self.item, Expr::source(Source::Input))].into_iter().chain(place).collect()
    }
}

impl Distributed {
    /// What the variables of the body stand for in a child's input.
    fn inputs(&self, item: VariableId) -> Vec<(VariableId, Expr)> {
        let field = |of: &Expr, name: &str| Expr::field(of, name, None);
        let input = Expr::source(Source::Input);
        let (items, beside) = match self.batch {
            Some(_) => (field(&input, "Items"), field(&input, "BatchInput")),
            None if self.is_accompanied() => (field(&input, ITEM), input),
            None => (input.clone(), input),
        };
        let captured = self.captures.iter().map(|capture| (capture.variable, field(&beside, &capture.name)));
        [(item, items)].into_iter().chain(captured).collect()
    }
}

impl Document<'_> {
    /// A Map State with all that is said of its children.
    pub(super) fn distributed(&self, distributed: &Distributed, inline: Map) -> Map {
        let captures = || {
            let captures = distributed.captures.iter();
            captures.map(|capture| (capture.name.as_str(), self.template(&capture.value)))
        };
        let item = || (ITEM, self.template(&Expr::source(Source::Item)));
        let has_captures = !distributed.captures.is_empty();
        Map {
            items: inline.items.filter(|_| distributed.reader.is_none()),
            item_reader: distributed.reader.as_ref().map(|reader| {
                let [bucket, place] = [&reader.bucket, &reader.place].map(|expr| self.template(expr));
                Reading::item_reader(reader.resource, &reader.config, bucket, place)
            }),
            item_selector: distributed
                .is_accompanied()
                .then(|| [item()].into_iter().chain(captures()).collect()),
            item_batcher: distributed.batch.map(|size| ItemBatcher {
                batch_input: has_captures.then(|| captures().collect()),
                max_items_per_batch: Some(Operand::Literal(i64::from(size))),
                ..ItemBatcher::default()
            }),
            tolerated_failure_count: distributed.tolerated.map(|count| Operand::Literal(i64::from(count))),
            tolerated_failure_percentage: distributed.tolerated_percentage.map(Operand::Literal),
            label: distributed.label.clone(),
            item_processor: ItemProcessor {
                config: Some(ProcessorConfig {
                    mode: Some(ProcessorMode::Distributed),
                    execution_type: Some(if distributed.is_express {
                        ExecutionType::Express
                    } else {
                        ExecutionType::Standard
                    }),
                    ..ProcessorConfig::default()
                }),
                ..inline.item_processor
            },
            result_writer: self.result_writer(distributed),
            ..inline
        }
    }

    fn result_writer(&self, distributed: &Distributed) -> Option<ResultWriter> {
        let config = |transformation: &str, output: &str| WriterConfig {
            transformation: Some(transformation.to_owned()),
            output_type: Some(output.to_owned()),
            ..WriterConfig::default()
        };
        match &distributed.results_to {
            Some((bucket, prefix)) => {
                let place = [("Bucket", self.template(bucket)), ("Prefix", self.template(prefix))];
                Some(ResultWriter {
                    resource: Some("arn:aws:states:::s3:putObject".to_owned()),
                    arguments: Some(place.into_iter().collect::<Value>()),
                    writer_config: Some(config("COMPACT", "JSONL")),
                    ..ResultWriter::default()
                })
            }
            None if distributed.keeps_records => {
                Some(ResultWriter { writer_config: Some(config("NONE", "JSON")), ..ResultWriter::default() })
            }
            None => None,
        }
    }
}
