//! What a State makes of the outline of its input: its views on the way through, and what leaves it on each way.
//! Separate from the walk because this is the language's order of fields, one State at a time.

use std::borrow::Cow;

use sfn_catalogue::{Action, Pattern, Resource, Shape};

use super::evaluate::{Evaluator, States};
use super::outline::{Items, Making, Outline, Source};
use crate::document::has_placeholder;
use crate::path::{Segment, Selector};
use crate::survey::Site;
use crate::{
    Catcher, ChoiceRule, Comparator, Comparison, DataTest, EdgeKind, ItemReader, Map, Nullable,
    QueryLanguage, ResultWriter, RuleTest, State, Value,
};

/// What the fields of a State see.
#[derive(Clone)]
pub(crate) struct Views<'m> {
    /// The State's input.
    pub(crate) input: Outline<'m>,
    /// What `InputPath` leaves of it.
    pub(crate) effective: Outline<'m>,
    /// What its work gives; its effective input, when it does none.
    pub(crate) result: Outline<'m>,
    /// What `ResultSelector` makes of that.
    pub(crate) selected: Outline<'m>,
    /// The document with that at `ResultPath`, which is what `OutputPath` sees.
    pub(crate) merged: Outline<'m>,
    /// What goes to the next State.
    pub(crate) output: Outline<'m>,
    /// What its Catchers see.
    pub(crate) error: Outline<'m>,
}

/// A State in the walk: where it is, and its number among all.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'v, 'm> {
    pub(crate) site: &'v Site<'m>,
    pub(crate) number: usize,
}

impl<'m> Visit<'_, 'm> {
    fn source(&self, making: Making) -> Source {
        Source::State(u32::try_from(self.number).unwrap_or(u32::MAX), making)
    }

    /// What `InputPath` leaves of the input.
    pub(super) fn effective(&self, evaluator: &Evaluator<'_, 'm>, input: &Outline<'m>) -> Outline<'m> {
        match self.site.language {
            QueryLanguage::JsonPath => self.picked(evaluator, &self.site.state.shared().input_path, input),
            QueryLanguage::Jsonata => input.clone(),
        }
    }

    fn picked(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        path: &'m Nullable<String>,
        from: &Outline<'m>,
    ) -> Outline<'m> {
        match path {
            Nullable::Absent => from.clone(),
            Nullable::Null => Outline::object(Vec::new(), self.source(Making::Nothing)),
            Nullable::Value(path) => evaluator.compute(path, from),
        }
    }

    /// What the State Machines inside are started with.
    pub(super) fn inner_input(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        input: &Outline<'m>,
        effective: &Outline<'m>,
    ) -> Outline<'m> {
        let states = States { input, result: None, error: None };
        let source = self.source(Making::Template);
        let fill = |template: Option<&'m Value>| {
            template.map(|template| match self.site.language {
                QueryLanguage::JsonPath => evaluator.payload(template, effective, source),
                QueryLanguage::Jsonata => evaluator.template(template, states, source),
            })
        };
        match self.site.state {
            State::Parallel(parallel) => fill(parallel.parameters.as_ref().or(parallel.arguments.as_ref()))
                .unwrap_or(effective.clone()),
            State::Map(map) => {
                let selected = fill(map.item_selector.as_ref().or(map.parameters.as_ref()));
                let items = fill(map.items.as_ref());
                let item = selected.unwrap_or_else(|| self.item(evaluator, map, items, effective));
                match &map.item_batcher {
                    None => item,
                    Some(batcher) => {
                        let items = Outline::array(Items::Each(item), source);
                        let mut fields = vec![(Cow::from("Items"), items)];
                        if batcher.batch_input.is_some() {
                            fields.push((Cow::from("BatchInput"), Outline::Unknown(Source::Elsewhere)));
                        }
                        Outline::object(fields, source)
                    }
                }
            }
            _ => effective.clone(),
        }
    }

    fn item(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        map: &'m Map,
        items: Option<Outline<'m>>,
        effective: &Outline<'m>,
    ) -> Outline<'m> {
        if let Some(reader) = &map.item_reader {
            return item_of(reader);
        }
        items.unwrap_or_else(|| self.picked(evaluator, &map.items_path, effective)).any_item()
    }

    /// Everything the State's fields see, with the outputs of the State Machines inside it.
    pub(super) fn views(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        input: &Outline<'m>,
        inner: &[Outline<'m>],
    ) -> Views<'m> {
        let effective = self.effective(evaluator, input);
        let result = self.result(evaluator, &effective, inner);
        let error = Outline::Caught(self.source(Making::Error));
        let (selected, merged, output) =
            match self.site.language {
                QueryLanguage::JsonPath => self.leave_by_paths(evaluator, input, &effective, &result),
                QueryLanguage::Jsonata => {
                    let states = States { input, result: self.has_result().then_some(&result), error: None };
                    let output =
                        self.site.state.shared().output.as_ref().map(|template| {
                            evaluator.template(template, states, self.source(Making::Template))
                        });
                    (result.clone(), result.clone(), output.unwrap_or_else(|| result.clone()))
                }
            };
        Views { input: input.clone(), effective, result, selected, merged, output, error }
    }

    pub(crate) fn has_result(&self) -> bool {
        matches!(self.site.state, State::Task(_) | State::Map(_) | State::Parallel(_))
    }

    fn result(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        effective: &Outline<'m>,
        inner: &[Outline<'m>],
    ) -> Outline<'m> {
        let source = self.source(Making::Result);
        match self.site.state {
            State::Task(_) => match self.site.resource {
                Resource::Known { action, pattern } => match action.result(pattern) {
                    Some(shape) if is_nested_execution(action) => execution(shape, pattern, source),
                    Some(shape) => Outline::Described(shape, source),
                    None => Outline::Unknown(source),
                },
                _ => Outline::Unknown(source),
            },
            State::Parallel(_) => Outline::array(Items::Exactly(inner.to_vec()), source),
            State::Map(map) => match (inner, &map.result_writer) {
                ([item], None) => Outline::array(Items::Each(item.clone()), source),
                ([item], Some(writer)) => written(writer, item, source),
                _ => Outline::Unknown(source),
            },
            State::Pass(pass) => match (self.site.language, &pass.result, &pass.parameters) {
                (QueryLanguage::JsonPath, Some(result), _) => literal(result, self.source(Making::Template)),
                (QueryLanguage::JsonPath, None, Some(parameters)) => {
                    evaluator.payload(parameters, effective, self.source(Making::Template))
                }
                _ => effective.clone(),
            },
            State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => effective.clone(),
        }
    }

    fn leave_by_paths(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        input: &Outline<'m>,
        effective: &Outline<'m>,
        result: &Outline<'m>,
    ) -> (Outline<'m>, Outline<'m>, Outline<'m>) {
        let (selector, result_path) = match self.site.state {
            State::Task(task) => (task.result_selector.as_ref(), Some(&task.result_path)),
            State::Map(map) => (map.result_selector.as_ref(), Some(&map.result_path)),
            State::Parallel(parallel) => (parallel.result_selector.as_ref(), Some(&parallel.result_path)),
            State::Pass(pass) => (None, Some(&pass.result_path)),
            State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => (None, None),
        };
        let selected = match selector {
            Some(selector) => evaluator.payload(selector, result, self.source(Making::Template)),
            None => result.clone(),
        };
        let merged = match result_path {
            Some(path) => put(evaluator, path, input, selected.clone()),
            None => effective.clone(),
        };
        let output = self.picked(evaluator, &self.site.state.shared().output_path, &merged);
        (selected, merged, output)
    }

    /// What leaves the State on one of its ways; nothing, when it can never go there.
    pub(super) fn leaves(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        views: &Views<'m>,
        way: EdgeKind,
    ) -> Option<Outline<'m>> {
        match (way, self.site.state) {
            (EdgeKind::Choice(index), State::Choice(choice)) => {
                self.chosen(evaluator, views, &choice.choices[index])
            }
            (EdgeKind::Catch(index), state) => Some(self.caught(evaluator, views, &state.catch()[index])),
            _ => Some(views.output.clone()),
        }
    }

    fn chosen(
        &self,
        evaluator: &Evaluator<'_, 'm>,
        views: &Views<'m>,
        rule: &'m ChoiceRule,
    ) -> Option<Outline<'m>> {
        if self.site.language == QueryLanguage::JsonPath {
            let RuleTest::Data(test) = &rule.test else { return Some(views.output.clone()) };
            let is_missing = &|variable: &'m str| {
                let computed = evaluator.parse(variable);
                computed.path().is_some_and(|path| evaluator.path(path, &views.effective).is_err())
            };
            return (!needs(test, is_missing)).then(|| views.output.clone());
        }
        let states = States { input: &views.input, result: None, error: None };
        Some(match &rule.output {
            Some(template) => evaluator.template(template, states, self.source(Making::Template)),
            // A test for what cannot be there opens a way for other documents than those that are known.
            None if tests_existence(rule) => Outline::Unknown(Source::Elsewhere),
            None => views.input.clone(),
        })
    }

    fn caught(&self, evaluator: &Evaluator<'_, 'm>, views: &Views<'m>, catcher: &'m Catcher) -> Outline<'m> {
        match (self.site.language, &catcher.output) {
            (QueryLanguage::JsonPath, _) => {
                put(evaluator, &catcher.result_path, &views.input, views.error.clone())
            }
            (QueryLanguage::Jsonata, None) => views.error.clone(),
            (QueryLanguage::Jsonata, Some(template)) => {
                let states = States { input: &views.input, result: None, error: Some(&views.error) };
                evaluator.template(template, states, self.source(Making::Template))
            }
        }
    }

    /// Takes note of the Variables the State assigns. Says whether one that has been read turns out to be more.
    pub(super) fn assign(&self, evaluator: &mut Evaluator<'_, 'm>, views: &Views<'m>) -> bool {
        let result = self.has_result().then_some(&views.selected);
        let root = result.unwrap_or(&views.effective);
        let mut is_late = self.assign_all(evaluator, &self.site.state.shared().assign, views, root);
        if let State::Choice(choice) = self.site.state {
            for rule in &choice.choices {
                is_late |= self.assign_all(evaluator, &rule.assign, views, root);
            }
        }
        for catcher in self.site.state.catch() {
            is_late |= self.assign_all(evaluator, &catcher.assign, views, &views.error);
        }
        is_late
    }

    fn assign_all(
        &self,
        evaluator: &mut Evaluator<'_, 'm>,
        assign: &'m crate::Fields,
        views: &Views<'m>,
        root: &Outline<'m>,
    ) -> bool {
        let source = self.source(Making::Template);
        let (input, error) = (&views.input, Some(&views.error));
        let states = States { input, result: self.has_result().then_some(&views.result), error };
        evaluator.assign(assign, |evaluator, key, value| match (self.site.language, value) {
            (QueryLanguage::Jsonata, value) => evaluator.template(value, states, source),
            (QueryLanguage::JsonPath, Value::String(text)) if key.ends_with(".$") => {
                evaluator.compute(text, root)
            }
            (QueryLanguage::JsonPath, value) => evaluator.payload(value, root, source),
        })
    }
}

fn is_nested_execution(action: Action) -> bool {
    action.service().is_optimised() && action.service().name() == "states"
}

/// What a nested execution ends with: all that describes it, its input and output as text or, in `.sync:2`, as JSON.
fn execution<'m>(shape: Shape, pattern: Pattern, source: Source) -> Outline<'m> {
    let Some(structure) = shape.structure() else { return Outline::Described(shape, source) };
    let fields = structure.members().map(|member| {
        let value = match (member.name, pattern) {
            ("Input" | "Output", Pattern::RunAJob) => Outline::Scalar(source),
            _ => Outline::Described(member.shape, source),
        };
        (Cow::from(member.name), value)
    });
    Outline::object(fields.collect(), source)
}

/// What an Item Reader makes an item of, as far as the definition says.
fn item_of(reader: &ItemReader) -> Outline<'_> {
    let (unknown, text) = (Outline::Unknown(Source::Elsewhere), Outline::Scalar(Source::Elsewhere));
    let config = reader.reader_config.as_ref();
    let is_listed = reader.resource.ends_with(":states:::s3:listObjectsV2");
    if is_listed && config.is_none_or(|config| config.transformation.is_none()) {
        let always = ["Key", "Size", "Etag", "LastModified", "StorageClass"].map(|name| (name, text.clone()));
        let perhaps = ["ChecksumAlgorithm", "ChecksumType", "Owner", "RestoreStatus"];
        let perhaps = perhaps.map(|name| (name, unknown.clone()));
        let fields = always.into_iter().chain(perhaps).map(|(name, value)| (Cow::from(name), value));
        return Outline::object(fields.collect(), Source::Elsewhere);
    }
    let Some(config) = config else { return unknown };
    let is_given = config.csv_header_location.as_deref() == Some("GIVEN");
    let is_literal = config.csv_headers.iter().all(|header| !has_placeholder(header));
    if config.input_type.as_deref() == Some("CSV") && is_given && is_literal {
        let fields = config.csv_headers.iter().map(|header| (Cow::from(header), text.clone()));
        return Outline::object(fields.collect(), Source::Elsewhere);
    }
    unknown
}

/// What a Map State gives that has a Result Writer: where the results are, or the results as its configuration says.
fn written<'m>(writer: &ResultWriter, item: &Outline<'m>, source: Source) -> Outline<'m> {
    let field = |name: &'static str, value: Outline<'m>| (Cow::from(name), value);
    let text = || Outline::Scalar(source);
    if writer.resource.is_some() {
        let details = vec![field("Bucket", text()), field("Key", text())];
        let details = Outline::object(details, source);
        return Outline::object(
            vec![field("MapRunArn", text()), field("ResultWriterDetails", details)],
            source,
        );
    }
    let config = writer.writer_config.as_ref();
    match config.and_then(|config| Some((config.transformation.as_deref()?, config.output_type.as_deref()))) {
        Some(("COMPACT", None | Some("JSON"))) => Outline::array(Items::Each(item.clone()), source),
        Some((_, None | Some("JSON"))) => Outline::array(Items::Each(Outline::Unknown(source)), source),
        _ => Outline::Unknown(source),
    }
}

fn tests_existence(rule: &ChoiceRule) -> bool {
    match &rule.test {
        RuleTest::Condition(Value::String(text)) => text.contains("$exists") || text.contains("$type"),
        _ => false,
    }
}

fn literal(value: &Value, source: Source) -> Outline<'_> {
    match value {
        Value::Object(_) | Value::Array(_) => Outline::Literal(value, source),
        Value::String(text) if text.starts_with("${") => Outline::Unknown(Source::Elsewhere),
        _ => Outline::Scalar(source),
    }
}

/// A document with a value at a `ResultPath`.
fn put<'m>(
    evaluator: &Evaluator<'_, 'm>,
    path: &'m Nullable<String>,
    document: &Outline<'m>,
    value: Outline<'m>,
) -> Outline<'m> {
    let text = match path {
        Nullable::Absent => return value,
        Nullable::Null => return document.clone(),
        Nullable::Value(text) => text,
    };
    let computed = evaluator.parse(text);
    let Some(path) = computed.path() else { return Outline::Unknown(Source::Elsewhere) };
    let is_field = |segment: &&Segment| matches!(segment.selector, Selector::Child(_));
    let fields = path.segments.iter().take_while(is_field).count();
    let goes_into_an_array = fields < path.segments.len();
    let value = if goes_into_an_array { Outline::Unknown(Source::Elsewhere) } else { value };
    document.with(&mut path.segments[..fields].iter().map(|segment| segment.name_in(text)), value)
}

/// Whether among the Paths that must be there for a test to hold is one of those.
fn needs<'m>(test: &'m DataTest, is_one: &impl Fn(&'m str) -> bool) -> bool {
    match test {
        DataTest::And(tests) => tests.iter().any(|nested| needs(&nested.test, is_one)),
        DataTest::Comparison(Comparison { variable, comparator, operand }) => {
            let is_for_absence = *comparator == Comparator::IsPresent && operand.as_bool() != Some(true);
            !is_for_absence && is_one(variable)
        }
        DataTest::Or(_) | DataTest::Not(_) => false,
    }
}
