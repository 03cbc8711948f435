//! Every Path that a State reads in JSONPath, with what it is applied to.
//! Separate because the fields of eight State types read Paths, and a rule about Paths asks for all of them.

use super::outline::Outline;
use super::state::Views;
use crate::survey::Site;
use crate::template::{Moment, TemplateString};
use crate::{
    ChoiceRule, Comparator, Comparison, DataTest, Map, Nullable, Operand, OperandKind, Pointer, RuleTest,
    State, WaitUntil,
};

/// A Path, or an Intrinsic Function with Paths among its arguments, that a State reads.
pub(crate) struct Read<'v, 'm> {
    pub(crate) text: &'m str,
    /// What it is applied to.
    pub(crate) root: &'v Outline<'m>,
    /// What it is perhaps applied to instead.
    pub(crate) other: Option<&'v Outline<'m>>,
    /// Whether it is read whenever the State is reached.
    pub(crate) is_certain: bool,
}

/// Where in its State something is read.
pub(crate) enum ReadAt<'v, 'm> {
    Way(&'v [Step]),
    String(&'v TemplateString<'m>),
}

/// A step down into a State.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Field(&'static str),
    Index(usize),
}

impl<'m> ReadAt<'_, 'm> {
    pub(crate) fn pointer(&self, site: &Site<'m>) -> Pointer {
        match self {
            Self::String(string) => site.pointer_of(string),
            Self::Way(steps) => {
                let mut pointer = site.pointer();
                for step in *steps {
                    match step {
                        Step::Field(name) => pointer.push(name),
                        Step::Index(index) => pointer.push(index),
                    }
                }
                pointer
            }
        }
    }
}

/// Visits everything that a State in JSONPath reads.
pub(crate) fn each_read<'m>(
    site: &Site<'m>,
    views: &Views<'m>,
    visit: &mut impl FnMut(Read<'_, 'm>, ReadAt<'_, 'm>),
) {
    path_fields(site, views, visit);
    if let State::Map(map) = site.state {
        map_parts(map, views, visit);
    }
    for string in site.strings.iter().filter(|string| string.is_computed()) {
        let (root, other) = match (string.field, string.moment) {
            ("ResultSelector", _) => (&views.result, None),
            (_, Moment::Caught) => (&views.error, Some(&views.input)),
            ("Assign", Moment::Result) => (&views.selected, Some(&views.effective)),
            ("Assign" | "Choices" | "Credentials", _) => (&views.effective, Some(&views.input)),
            _ => (&views.effective, None),
        };
        visit(Read { text: string.text, root, other, is_certain: true }, ReadAt::String(string));
    }
    if let State::Choice(choice) = site.state {
        for (index, rule) in choice.choices.iter().enumerate() {
            choice_reads(index, rule, views, visit);
        }
    }
}

fn path_fields<'m>(site: &Site<'m>, views: &Views<'m>, visit: &mut impl FnMut(Read<'_, 'm>, ReadAt<'_, 'm>)) {
    let mut read = |field: &'static str, text: Option<&'m str>, root, other| {
        if let Some(text) = text {
            visit(Read { text, root, other, is_certain: true }, ReadAt::Way(&[Step::Field(field)]));
        }
    };
    let shared = site.state.shared();
    read("InputPath", path(&shared.input_path), &views.input, None);
    let (effective, input) = (&views.effective, Some(&views.input));
    match site.state {
        State::Task(task) => {
            read("TimeoutSecondsPath", operand(task.timeout_seconds.as_ref()), effective, input);
            read("HeartbeatSecondsPath", operand(task.heartbeat_seconds.as_ref()), effective, input);
        }
        State::Map(map) => {
            // With an `ItemReader` it is applied to what that reads.
            let items_path = path(&map.items_path).filter(|_| map.item_reader.is_none());
            read("ItemsPath", items_path, effective, None);
            read("MaxConcurrencyPath", operand(map.max_concurrency.as_ref()), effective, input);
            read(
                "ToleratedFailureCountPath",
                operand(map.tolerated_failure_count.as_ref()),
                effective,
                input,
            );
            let percentage = operand(map.tolerated_failure_percentage.as_ref());
            read("ToleratedFailurePercentagePath", percentage, effective, input);
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => read("SecondsPath", operand(Some(seconds)), effective, input),
            WaitUntil::Timestamp(timestamp) => {
                read("TimestampPath", operand(Some(timestamp)), effective, input);
            }
        },
        State::Fail(fail) => {
            read("ErrorPath", operand(fail.error.as_ref()), effective, input);
            read("CausePath", operand(fail.cause.as_ref()), effective, input);
        }
        State::Choice(_) | State::Parallel(_) | State::Pass(_) | State::Succeed(_) => {}
    }
    read("OutputPath", path(&shared.output_path), &views.merged, None);
}

/// The Paths of an Item Reader and an Item Batcher.
fn map_parts<'m>(map: &'m Map, views: &Views<'m>, visit: &mut impl FnMut(Read<'_, 'm>, ReadAt<'_, 'm>)) {
    let mut read = |way: &[&'static str], text: Option<&'m str>| {
        let Some(text) = text else { return };
        let (root, other) = (&views.effective, Some(&views.input));
        let way: Vec<_> = way.iter().copied().map(Step::Field).collect();
        visit(Read { text, root, other, is_certain: true }, ReadAt::Way(&way));
    };
    if let Some(config) = map.item_reader.as_ref().and_then(|reader| reader.reader_config.as_ref()) {
        read(&["ItemReader", "ReaderConfig", "MaxItemsPath"], operand(config.max_items.as_ref()));
    }
    if let Some(batcher) = &map.item_batcher {
        let (items, bytes) = (&batcher.max_items_per_batch, &batcher.max_input_bytes_per_batch);
        read(&["ItemBatcher", "MaxItemsPerBatchPath"], operand(items.as_ref()));
        read(&["ItemBatcher", "MaxInputBytesPerBatchPath"], operand(bytes.as_ref()));
    }
}

fn path(path: &Nullable<String>) -> Option<&str> {
    path.value().map(String::as_str)
}

fn operand<T>(operand: Option<&Operand<T>>) -> Option<&str> {
    match operand {
        Some(Operand::Path(path)) => Some(path),
        _ => None,
    }
}

fn choice_reads<'m>(
    index: usize,
    rule: &'m ChoiceRule,
    views: &Views<'m>,
    visit: &mut impl FnMut(Read<'_, 'm>, ReadAt<'_, 'm>),
) {
    let RuleTest::Data(test) = &rule.test else { return };
    let mut way = way_to_rule(index);
    let mut is_first = index == 0;
    let mut tested = Vec::new();
    each_comparison(test, &mut way, &mut |comparison, _| {
        if comparison.comparator == Comparator::IsPresent {
            tested.push(comparison.variable.as_str());
        }
    });
    // Whether the rule asks itself if there is something at a Path or above it.
    let is_tested = |variable: &str| tested.iter().any(|tested| variable.starts_with(tested));
    each_comparison(test, &mut way, &mut |comparison, way| {
        let is_certain = std::mem::replace(&mut is_first, false);
        if comparison.comparator == Comparator::IsPresent || is_tested(&comparison.variable) {
            return;
        }
        let mut read = |field, text: &'m str| {
            way.push(Step::Field(field));
            let (root, other) = (&views.effective, Some(&views.input));
            visit(Read { text, root, other, is_certain }, ReadAt::Way(way));
            way.pop();
        };
        read("Variable", &comparison.variable);
        if comparison.comparator.operand_kind() == OperandKind::Path
            && let Some(path) = comparison.operand.as_str()
        {
            read(comparison.comparator.as_str(), path);
        }
    });
}

/// The way to a Choice Rule, with room for the further way to most of its comparisons.
pub(crate) fn way_to_rule(index: usize) -> Vec<Step> {
    const USUAL: usize = 8;
    let mut way = Vec::with_capacity(USUAL);
    way.extend([Step::Field("Choices"), Step::Index(index)]);
    way
}

/// Visits every comparison of a test, with the way to it, on which the visitor may go further and must come back.
pub(crate) fn each_comparison<'m>(
    test: &'m DataTest,
    way: &mut Vec<Step>,
    visit: &mut impl FnMut(&'m Comparison, &mut Vec<Step>),
) {
    let length = way.len();
    match test {
        DataTest::Comparison(comparison) => visit(comparison, way),
        DataTest::Not(nested) => {
            way.push(Step::Field("Not"));
            each_comparison(&nested.test, way, visit);
        }
        DataTest::And(tests) | DataTest::Or(tests) => {
            way.push(Step::Field(if matches!(test, DataTest::And(_)) { "And" } else { "Or" }));
            for (index, nested) in tests.iter().enumerate() {
                way.push(Step::Index(index));
                each_comparison(&nested.test, way, visit);
                way.pop();
            }
        }
    }
    way.truncate(length);
}
