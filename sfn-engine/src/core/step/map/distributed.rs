//! The distributed Map State: hands its items over to a Map Run, and takes what comes of it.
//! Separate because it shares with the inline Map State little more than its fields.

use std::sync::Arc;

use sfn_asl::{QueryLanguage, Value};

use crate::core::data::{NumberKind, Operand};
use crate::core::event::{Command, MapRunId};
use crate::core::execution::{Execution, Progress, Seen, Stage, Trouble};
use crate::core::failure::FailureOrigin;
use crate::core::machine::{Distributed, ItemBatcher, ItemReader, Kind, Map, Node, ResultWriter};
use crate::core::map_run::{Batcher, Children, Destination, Inputs, Source, Writer, each, inputs};
use crate::core::strand::{Doing, RunningMapRun, StrandId};
use crate::core::{Failure, Limits, MapRunEnd, MapRunPlan, PAYLOAD_BYTES};
use crate::history::Details;
use crate::query::{Expected, QueryFault, Scope};

/// How many items the service reads at most.
const MOST_ITEMS: usize = 100_000_000;

impl Execution {
    pub(in crate::core) fn start_map_run(
        &mut self,
        id: StrandId,
        node: &Node,
        input: &Value,
        map: &Map,
        distributed: &Distributed,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input(input.clone()));
        let source = match &distributed.reader {
            Some(reader) => reader.source(&scope)?,
            None => Source::Items(map.items.of(input, &scope, each)?),
        };
        let is_jsonata = node.language == QueryLanguage::Jsonata;
        if let (Source::Items(items), false) = (&source, is_jsonata) {
            self.note(Stage::AfterItemsPath, || items.iter().map(|(_, item)| item.clone()).collect());
        }
        let limit = map.limit(&scope)?;
        self.note(Stage::MaxConcurrency, || Value::from(limit));
        let max_concurrency = whole(limit);
        let batcher = distributed.batcher.as_ref().map(|batcher| batcher.evaluate(&scope)).transpose()?;
        let writer = distributed.writer.evaluate(&scope)?;
        // As in an inline Map: JSONata evaluates all its fields first.
        if is_jsonata {
            map.tolerance(&scope)?;
        }
        let length = if let Source::Items(items) = &source { items.len() } else { 0 };
        self.advance(id, Details::MapStateStarted { length });
        let tolerance = map.tolerance(&scope)?;
        drop(scope);
        let limits = Limits {
            max_concurrency,
            tolerated_failure_count: whole(tolerance.count),
            tolerated_failure_percentage: tolerance.percentage,
        };
        self.note_tolerance(map, &tolerance);

        let run_id: Arc<str> = self.random.uuid().into();
        let label = distributed.label.clone().unwrap_or_else(|| self.random.uuid().into());
        let arn = self.identity.map_run_arn(&label, &run_id);
        self.advance(id, Details::MapRunStarted { map_run_arn: Arc::clone(&arn) });
        let children = Children {
            machine: Arc::clone(&self.machine),
            graph: map.body,
            execution_type: distributed.execution_type,
            label,
            parent: Arc::clone(&self.identity),
        };
        let (view, seed) = (self.view(id, node, input.clone()), self.random.next_u64());
        let plan = MapRunPlan {
            arn: Arc::clone(&arn),
            id: run_id,
            children,
            source,
            view,
            batcher,
            limits,
            writer,
            seed,
        };
        if self.trial().is_some() {
            return self.mocked_map_run(node, &plan);
        }
        let map_run = MapRunId(self.name());
        self.map_runs.insert(map_run, id);
        self.strand(id).doing = Doing::MapRun(RunningMapRun { id: map_run, arn, redrives: 0 });
        self.command(Command::StartMapRun { map_run, plan: Arc::new(plan) });
        Ok(Progress::Pending)
    }

    /// What stands in for a Map Run: its items are taken as far as its children would have them.
    fn mocked_map_run(&mut self, node: &Node, plan: &MapRunPlan) -> Result<Progress, Trouble> {
        let data = self.trial().and_then(|trial| trial.reader_data.clone()).unwrap_or_default();
        let Inputs { read, selected, batched } =
            inputs(plan, data.as_bytes()).map_err(|fault| Failure { fault, origin: FailureOrigin::State })?;
        let is_jsonpath = node.language == QueryLanguage::JsonPath;
        if let (Source::Objects { reads, .. }, true) = (&plan.source, is_jsonpath) {
            let stage = if reads.has_pointer() { Stage::AfterItemsPointer } else { Stage::AfterItemsPath };
            self.note(stage, || read.into());
        }
        let Kind::Map(map) = &node.kind else { return Ok(Progress::Pending) };
        if map.item_selector.is_some() {
            self.note(Stage::AfterItemSelector, || selected.clone().into());
        }
        let iterations = batched.as_ref().unwrap_or(&selected).len();
        if let Some(batched) = batched {
            self.note(Stage::AfterItemBatcher, || batched.into());
        }
        self.mocked_iterations(iterations, &plan.limits, plan.writer.destination.is_some())
    }

    pub(in crate::core) fn map_run_ended(&mut self, map_run: MapRunId, end: MapRunEnd) {
        let Some(id) = self.map_runs.remove(&map_run) else { return };
        let machine = Arc::clone(&self.machine);
        let node = self.node(&machine, id);
        let doing = std::mem::replace(&mut self.strand(id).doing, Doing::Ready);
        match end {
            MapRunEnd::Succeeded(result) => {
                // What follows the State follows from the start of its Map Run, not from its end.
                let started = self.strand(id).cursor;
                let succeeded = self.record(started, Details::MapRunSucceeded);
                self.record(succeeded, Details::MapStateSucceeded);
                self.succeed_state(id, node, result);
            }
            MapRunEnd::Failed(fault) => {
                self.advance(id, Details::MapRunFailed(fault.clone()));
                if let Doing::MapRun(map_run) = doing {
                    self.wreck_map_run(id, map_run);
                }
                self.fail_state(id, node, Failure { fault, origin: FailureOrigin::State }.into());
            }
            // Only its own execution stops a Map Run, and does not wait for it.
            MapRunEnd::Aborted => {}
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates at both ends"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

impl ItemReader {
    fn source(&self, scope: &Scope) -> Result<Source, QueryFault> {
        let arguments = self.arguments.as_ref().map(|it| it.evaluate(scope)).transpose()?.unwrap_or_default();
        let limit = match self.limit(scope)? {
            Ok(limit) => limit,
            Err(cause) => return Ok(Source::Nowhere(cause)),
        };
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(str::to_owned);
        let place =
            if self.reads.is_list() { text("Prefix").or_else(|| Some(String::new())) } else { text("Key") };
        Ok(match (text("Bucket"), place) {
            (Some(bucket), Some(place)) => {
                Source::Objects { reads: self.reads.clone(), bucket, place, limit }
            }
            (None, _) => Source::Nowhere("The ItemReader names no Bucket.".to_owned()),
            (_, None) => Source::Nowhere("The ItemReader names no Key.".to_owned()),
        })
    }

    /// How many items are wanted, or why that makes no sense: the service says so only when it reads.
    fn limit(&self, scope: &Scope) -> Result<Result<usize, String>, QueryFault> {
        let wanted = match &self.max_items {
            None => 0,
            Some(Operand::Template(template)) => {
                template.evaluate_as(Expected::Number, scope, Value::as_i64)?
            }
            Some(Operand::Path(path)) => {
                let found = path.evaluate(scope)?;
                let Some(wanted) = found.as_i64() else {
                    let shown = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                    return Ok(Err(format!(
                        "The MaxItemsPath field refers to value '{shown}' which is not a valid integer: {}",
                        path.source()
                    )));
                };
                wanted
            }
        };
        Ok(match usize::try_from(wanted) {
            Ok(0) => Ok(MOST_ITEMS),
            Ok(limit) => Ok(limit.min(MOST_ITEMS)),
            Err(_) => Err("field MaxItems must be positive".to_owned()),
        })
    }
}

impl ItemBatcher {
    fn evaluate(&self, scope: &Scope) -> Result<Batcher, QueryFault> {
        let limit = |operand: &Option<Operand>, field: &str, most: usize| {
            let Some(operand) = operand else { return Ok(most) };
            let limit = whole(operand.number(&format!("{field}Path"), NumberKind::Integer, scope)?);
            match usize::try_from(limit) {
                Ok(0) => Err(QueryFault::runtime(format!("{field} must be positive."))),
                Ok(limit) => Ok(limit.min(most)),
                Err(_) => Ok(most),
            }
        };
        Ok(Batcher {
            input: self.input.as_ref().map(|input| input.evaluate(scope)).transpose()?,
            max_items: limit(&self.max_items, "MaxItemsPerBatch", usize::MAX)?,
            max_bytes: limit(&self.max_bytes, "MaxInputBytesPerBatch", PAYLOAD_BYTES)?,
        })
    }
}

impl ResultWriter {
    fn evaluate(&self, scope: &Scope) -> Result<Writer, QueryFault> {
        let destination = match &self.arguments {
            Some(arguments) => {
                let arguments = arguments.evaluate(scope)?;
                let text =
                    |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                Some(Destination { bucket: text("Bucket"), prefix: text("Prefix") })
            }
            None => None,
        };
        Ok(Writer { destination, transformation: self.transformation, is_lines: self.is_lines })
    }
}
