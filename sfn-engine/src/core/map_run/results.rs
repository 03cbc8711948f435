//! What children came to: gathered by their order, and given as the Map State's result or as files.
//! Separate because the layout of the files is a contract with whoever reads them.

use std::collections::BTreeMap;
use std::sync::Arc;

use sfn_asl::Value;

use super::plan::{Destination, MapRunPlan, Transformation, Writer};
use super::reader::StoreRequest;
use crate::Timestamp;
use crate::core::{Identity, Status};

/// A child execution that is over.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) identity: Identity,
    pub(super) input: Value,
    pub(super) status: Status,
    pub(super) started: Timestamp,
    pub(super) stopped: Timestamp,
    pub(super) redrives: u64,
}

/// One child's part of the results.
#[derive(Debug)]
struct Part {
    succeeded: bool,
    /// The output, or all that is known about the execution.
    value: Value,
}

/// The results so far.
#[derive(Debug, Default)]
pub(super) struct Results {
    parts: BTreeMap<u64, Part>,
}

impl Results {
    /// Takes a child's result; children are in order of their numbers.
    pub(super) fn add(&mut self, writer: &Writer, child: u64, finished: Finished) {
        let part = match finished.status {
            Status::Succeeded(output) if writer.transformation != Transformation::None => {
                Part { succeeded: true, value: output }
            }
            ref status => {
                Part { succeeded: matches!(status, Status::Succeeded(_)), value: finished.record() }
            }
        };
        self.parts.insert(child, part);
    }

    /// The Map State's result where nothing is written.
    pub(super) fn value(&self, writer: &Writer) -> Value {
        let values = transformed(writer, self.parts.values());
        if writer.is_lines { Value::from(lines(&values)) } else { Value::from(values) }
    }

    /// The files to be written, the manifest last; and the Map State's result.
    pub(super) fn files(
        &self,
        plan: &MapRunPlan,
        destination: &Destination,
        pending: &[Value],
    ) -> (Vec<StoreRequest>, Value) {
        let folder = match destination.prefix.trim_end_matches('/') {
            "" => plan.id.to_string(),
            prefix => format!("{prefix}/{}", plan.id),
        };
        let put = |name: &str, body: String| StoreRequest::Put {
            bucket: destination.bucket.clone(),
            key: format!("{folder}/{name}"),
            body: body.into_bytes(),
        };
        let (succeeded, failed): (Vec<_>, Vec<_>) = self.parts.values().partition(|part| part.succeeded);
        let failed = failed.into_iter().map(|part| part.value.clone()).collect();
        let pending = pending.iter().map(pending_record).collect();
        let kinds =
            [("FAILED", failed), ("PENDING", pending), ("SUCCEEDED", transformed(&plan.writer, succeeded))];
        let extension = if plan.writer.is_lines { "jsonl" } else { "json" };
        let mut requests = Vec::new();
        let mut written = Vec::new();
        for (kind, values) in kinds {
            let mut files = Vec::new();
            if !values.is_empty() {
                let is_lines = plan.writer.is_lines;
                let body = if is_lines { lines(&values) } else { Value::from(values).to_string() };
                let name = format!("{kind}_0.{extension}");
                let size = Value::from(i64::try_from(body.len()).unwrap_or(i64::MAX));
                let fields = [("Key", Value::from(format!("{folder}/{name}"))), ("Size", size)];
                files.push(fields.into_iter().collect());
                requests.push(put(&name, body));
            }
            written.push((kind, Value::from(files)));
        }
        let manifest: Value = [
            ("DestinationBucket", Value::from(destination.bucket.as_str())),
            ("MapRunArn", Value::from(Arc::clone(&plan.arn))),
            ("ResultFiles", written.into_iter().collect()),
        ]
        .into_iter()
        .collect();
        requests.push(put("manifest.json", manifest.to_string()));
        let details = [
            ("Bucket", Value::from(destination.bucket.as_str())),
            ("Key", Value::from(format!("{folder}/manifest.json"))),
        ];
        let result = [
            ("MapRunArn", Value::from(Arc::clone(&plan.arn))),
            ("ResultWriterDetails", details.into_iter().collect()),
        ];
        (requests, result.into_iter().collect())
    }
}

fn transformed<'p>(writer: &Writer, parts: impl IntoIterator<Item = &'p Part>) -> Vec<Value> {
    let mut values = Vec::new();
    for part in parts {
        match &part.value {
            Value::Array(items) if part.succeeded && writer.transformation == Transformation::Flatten => {
                values.extend(items.iter().cloned());
            }
            value => values.push(value.clone()),
        }
    }
    values
}

fn lines(values: &[Value]) -> String {
    values.iter().flat_map(|value| [value.to_string(), "\n".to_owned()]).collect()
}

fn included() -> Value {
    [("Included", Value::from(true))].into_iter().collect()
}

fn pending_record(input: &Value) -> Value {
    let fields = [
        ("Input", Value::from(input.to_string())),
        ("InputDetails", included()),
        ("Status", Value::from("PENDING")),
    ];
    fields.into_iter().collect()
}

impl Finished {
    /// All that is known about the execution, in the service's words.
    fn record(&self) -> Value {
        let text = |text: &Arc<str>| Value::from(Arc::clone(text));
        let (status, output, fault) = match &self.status {
            Status::Succeeded(output) => ("SUCCEEDED", Some(output), None),
            Status::Failed(fault) => ("FAILED", None, Some(fault)),
            Status::TimedOut(fault) => ("TIMED_OUT", None, Some(fault)),
            Status::Aborted(fault) => ("ABORTED", None, Some(fault)),
        };
        let (redrive, reason) = match output {
            Some(_) => ("NOT_REDRIVABLE", Some("Execution is SUCCEEDED and cannot be redriven")),
            None => ("REDRIVABLE_BY_MAP_RUN", None),
        };
        let fields = [
            ("Cause", fault.and_then(|fault| fault.cause.as_ref()).map(text)),
            ("Error", fault.and_then(|fault| fault.error.as_ref()).map(text)),
            ("ExecutionArn", Some(text(&self.identity.execution_arn))),
            ("Input", Some(Value::from(self.input.to_string()))),
            ("InputDetails", Some(included())),
            ("Name", Some(text(&self.identity.name))),
            ("Output", output.map(|output| Value::from(output.to_string()))),
            ("OutputDetails", output.map(|_| included())),
            ("RedriveCount", Some(Value::from(i64::try_from(self.redrives).unwrap_or(i64::MAX)))),
            ("RedriveStatus", Some(Value::from(redrive))),
            ("RedriveStatusReason", reason.map(Value::from)),
            ("StartDate", Some(Value::from(self.started.to_string()))),
            ("StateMachineArn", Some(text(&self.identity.machine_arn))),
            ("Status", Some(Value::from(status))),
            ("StopDate", Some(Value::from(self.stopped.to_string()))),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
