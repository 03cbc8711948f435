//! Every Path and every call of an Intrinsic Function in a definition, parsed: in a field of its own or in a template.
//! Separate because several rules go through all of them, and the fields of eight State types hold some.

use std::ops::Range;
use std::rc::Rc;

use crate::computed::{Computed, Texts};
use crate::dataflow::{ReadAt, Step, each_comparison, way_to_rule};
use crate::survey::Site;
use crate::template::TemplateString;
use crate::{DataTest, Nullable, Operand, RuleTest, State, WaitUntil};

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Any Path.
    Path,
    /// A Path that names one value.
    Reference,
    /// A Path to a place in the input.
    Destination,
    /// A Path or the call of an Intrinsic Function.
    PathOrCall,
}

/// A text of JSONPath.
pub(crate) struct PathText<'m> {
    pub(crate) text: &'m str,
    pub(crate) takes: Takes,
    /// What it means.
    pub(crate) computed: Rc<Computed>,
    at: At,
}

/// Where in its State it stands.
enum At {
    /// Which of the State's strings it is.
    String(usize),
    /// Which of all steps lead to it.
    Way(Range<usize>),
}

/// All texts of JSONPath, State by State, with the ways to them.
pub(crate) struct PathTexts<'m> {
    all: Vec<PathText<'m>>,
    steps: Vec<Step>,
}

impl<'m> PathTexts<'m> {
    /// None yet, with room for as many as that many States usually have.
    pub(crate) fn with_room(states: usize) -> Self {
        Self { all: Vec::with_capacity(2 * states), steps: Vec::with_capacity(4 * states) }
    }

    /// Adds those of a State, and says which they are.
    pub(crate) fn add(
        &mut self,
        state: &'m State,
        strings: &[TemplateString<'m>],
        texts: &Texts<'m>,
    ) -> Range<usize> {
        let first = self.all.len();
        let Self { all, steps } = self;
        each_field(state, &mut |text, takes, way| {
            let start = steps.len();
            steps.extend_from_slice(way);
            all.push(PathText { text, takes, computed: texts.parse(text), at: At::Way(start..steps.len()) });
        });
        let computed = strings.iter().enumerate().filter(|(_, string)| string.is_computed());
        all.extend(computed.map(|(index, string)| {
            let (text, takes) = (string.text, Takes::PathOrCall);
            PathText { text, takes, computed: texts.parse(text), at: At::String(index) }
        }));
        first..self.all.len()
    }

    /// Those of a site.
    pub(crate) fn of(&self, site: &Site<'m>) -> &[PathText<'m>] {
        &self.all[site.paths.clone()]
    }

    /// Where one of a site's stands.
    pub(crate) fn at<'s>(&'s self, site: &'s Site<'m>, path: &PathText<'m>) -> ReadAt<'s, 'm> {
        match &path.at {
            At::String(index) => ReadAt::String(&site.strings[*index]),
            At::Way(steps) => ReadAt::Way(&self.steps[steps.clone()]),
        }
    }
}

/// Visits a text, what its field takes, and the way to it below its State.
type Visit<'v, 'm> = &'v mut dyn FnMut(&'m str, Takes, &[Step]);

/// Visits the fields of a State that hold a Path; those of templates are among its strings.
fn each_field<'m>(state: &'m State, visit: Visit<'_, 'm>) {
    let shared = state.shared();
    nullable(&shared.input_path, Takes::Path, &[Step::Field("InputPath")], visit);
    nullable(&shared.output_path, Takes::Path, &[Step::Field("OutputPath")], visit);
    let destination = Takes::Destination;
    match state {
        State::Task(task) => {
            nullable(&task.result_path, destination, &[Step::Field("ResultPath")], visit);
            operand(
                task.timeout_seconds.as_ref(),
                Takes::Reference,
                &[Step::Field("TimeoutSecondsPath")],
                visit,
            );
            operand(
                task.heartbeat_seconds.as_ref(),
                Takes::Reference,
                &[Step::Field("HeartbeatSecondsPath")],
                visit,
            );
        }
        State::Parallel(parallel) => {
            nullable(&parallel.result_path, destination, &[Step::Field("ResultPath")], visit);
        }
        State::Pass(pass) => nullable(&pass.result_path, destination, &[Step::Field("ResultPath")], visit),
        State::Map(map) => {
            nullable(&map.items_path, Takes::Path, &[Step::Field("ItemsPath")], visit);
            nullable(&map.result_path, destination, &[Step::Field("ResultPath")], visit);
            operand(
                map.max_concurrency.as_ref(),
                Takes::Reference,
                &[Step::Field("MaxConcurrencyPath")],
                visit,
            );
            let count = map.tolerated_failure_count.as_ref();
            operand(count, Takes::Reference, &[Step::Field("ToleratedFailureCountPath")], visit);
            let percentage = map.tolerated_failure_percentage.as_ref();
            operand(percentage, Takes::Reference, &[Step::Field("ToleratedFailurePercentagePath")], visit);
            if let Some(config) = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref()) {
                let way = ["ItemReader", "ReaderConfig", "MaxItemsPath"].map(Step::Field);
                operand(config.max_items.as_ref(), Takes::Reference, &way, visit);
            }
            if let Some(batcher) = &map.item_batcher {
                let (items, bytes) = (&batcher.max_items_per_batch, &batcher.max_input_bytes_per_batch);
                let way = |field| ["ItemBatcher", field].map(Step::Field);
                operand(items.as_ref(), Takes::Reference, &way("MaxItemsPerBatchPath"), visit);
                operand(bytes.as_ref(), Takes::Reference, &way("MaxInputBytesPerBatchPath"), visit);
            }
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => {
                operand(Some(seconds), Takes::Reference, &[Step::Field("SecondsPath")], visit);
            }
            WaitUntil::Timestamp(timestamp) => {
                operand(Some(timestamp), Takes::Reference, &[Step::Field("TimestampPath")], visit);
            }
        },
        State::Fail(fail) => {
            operand(fail.error.as_ref(), Takes::PathOrCall, &[Step::Field("ErrorPath")], visit);
            operand(fail.cause.as_ref(), Takes::PathOrCall, &[Step::Field("CausePath")], visit);
        }
        State::Choice(choice) => {
            for (index, rule) in choice.choices.iter().enumerate() {
                if let RuleTest::Data(test) = &rule.test {
                    data_test(test, &mut way_to_rule(index), visit);
                }
            }
        }
        State::Succeed(_) => {}
    }
    for (index, catcher) in state.catch().iter().enumerate() {
        let way = [Step::Field("Catch"), Step::Index(index), Step::Field("ResultPath")];
        nullable(&catcher.result_path, destination, &way, visit);
    }
}

fn nullable<'m>(path: &'m Nullable<String>, takes: Takes, way: &[Step], visit: Visit<'_, 'm>) {
    if let Nullable::Value(path) = path {
        visit(path, takes, way);
    }
}

fn operand<'m, T>(operand: Option<&'m Operand<T>>, takes: Takes, way: &[Step], visit: Visit<'_, 'm>) {
    if let Some(Operand::Path(path)) = operand {
        visit(path, takes, way);
    }
}

fn data_test<'m>(test: &'m DataTest, way: &mut Vec<Step>, visit: Visit<'_, 'm>) {
    each_comparison(test, way, &mut |comparison, way| {
        let mut read = |field, text: &'m str| {
            way.push(Step::Field(field));
            visit(text, Takes::Path, way);
            way.pop();
        };
        read("Variable", &comparison.variable);
        let field = comparison.comparator.as_str();
        if field.ends_with("Path")
            && let Some(path) = comparison.operand.as_str()
        {
            read(field, path);
        }
    });
}
