//! The strings of a State that may hold expressions: which there are, where they stand, and what they can see.
//! Separate because every rule about expressions looks at the same strings.

use std::iter::successors;

use crate::graph::Scope;
use crate::{
    ChoiceRule, Fields, Map, Operand, Pointer, RuleTest, State, Task, Value, WaitUntil, is_jsonata_string,
};

/// The strings of all templates and expressions of a definition, State by State.
#[derive(Debug)]
pub(crate) struct Strings<'m> {
    all: Vec<TemplateString<'m>>,
    /// By State, where its strings begin; one more than there are States.
    first: Vec<usize>,
    /// The ways down to the strings, each as its last step and the index of the step before it. The whole pointers
    /// are put together only for what is reported.
    steps: Vec<(Option<usize>, Token<'m>)>,
}

/// A string within a State.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TemplateString<'m> {
    pub(crate) text: &'m str,
    /// The field of the State it belongs to.
    pub(crate) field: &'static str,
    /// The innermost field it is the value or an element of: `order.$` in a Payload Template.
    pub(crate) key: &'m str,
    /// Whether it is an element of an array.
    pub(crate) is_element: bool,
    pub(crate) moment: Moment,
    step: Option<usize>,
}

/// A step of a way down into a document.
#[derive(Debug, Clone, Copy)]
enum Token<'m> {
    Field(&'m str),
    Index(usize),
}

/// When an expression is evaluated, which decides what `$states` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before the State has a result.
    Start,
    /// With the result of a Task, Map or Parallel State.
    Result,
    /// With the error that a Catcher has caught.
    Caught,
}

impl<'m> Strings<'m> {
    /// Every string of the templates and expressions of all States.
    pub(crate) fn of(scopes: &[Scope<'m>]) -> Self {
        let states: usize = scopes.iter().map(|scope| scope.machine.states.len()).sum();
        // Most States have a string or two.
        let (all, steps) = (Vec::with_capacity(2 * states), Vec::with_capacity(4 * states));
        let mut first = Vec::with_capacity(states + 1);
        first.push(0);
        let strings = Self { all, first, steps };
        let mut walk = Walk { strings, step: None, field: "", moment: Moment::Start };
        for state in scopes.iter().flat_map(|scope| scope.machine.states.values()) {
            walk.state(state);
            walk.strings.first.push(walk.strings.all.len());
        }
        walk.strings
    }

    /// Those of a State, by its number, in the order of its fields as they are evaluated.
    pub(crate) fn of_state(&self, number: usize) -> &[TemplateString<'m>] {
        &self.all[self.first[number]..self.first[number + 1]]
    }

    /// The place of a string, below its State.
    pub(crate) fn pointer(&self, state: Pointer, string: &TemplateString<'m>) -> Pointer {
        let mut way: Vec<_> =
            successors(string.step, |step| self.steps[*step].0).map(|step| self.steps[step].1).collect();
        way.reverse();
        let mut pointer = state;
        for token in way {
            match token {
                Token::Field(name) => pointer.push(name),
                Token::Index(index) => pointer.push(index),
            }
        }
        pointer
    }
}

struct Walk<'m> {
    strings: Strings<'m>,
    step: Option<usize>,
    field: &'static str,
    moment: Moment,
}

impl<'m> Walk<'m> {
    fn state(&mut self, state: &'m State) {
        match state {
            State::Task(task) => self.task(task),
            State::Map(map) => self.map(map),
            State::Parallel(parallel) => {
                self.template("Parameters", parallel.parameters.as_ref());
                self.template("Arguments", parallel.arguments.as_ref());
                self.result_selector(parallel.result_selector.as_ref());
            }
            State::Pass(pass) => self.template("Parameters", pass.parameters.as_ref()),
            State::Wait(wait) => match &wait.until {
                WaitUntil::Seconds(seconds) => self.operand("Seconds", Some(seconds)),
                WaitUntil::Timestamp(timestamp) => self.operand("Timestamp", Some(timestamp)),
            },
            State::Fail(fail) => {
                self.operand("Error", fail.error.as_ref());
                self.operand("Cause", fail.cause.as_ref());
            }
            State::Choice(choice) => self.each("Choices", &choice.choices, Self::choice_rule),
            State::Succeed(_) => {}
        }
        let has_result = matches!(state, State::Task(_) | State::Map(_) | State::Parallel(_));
        let shared = state.shared();
        self.at(if has_result { Moment::Result } else { Moment::Start }, |walk| {
            walk.assign(&shared.assign);
            walk.template("Output", shared.output.as_ref());
        });
        self.at(Moment::Caught, |walk| {
            walk.each("Catch", state.catch(), |walk, catcher| {
                walk.assign(&catcher.assign);
                walk.template("Output", catcher.output.as_ref());
            });
        });
    }

    fn task(&mut self, task: &'m Task) {
        self.template("Credentials", task.credentials.as_ref());
        self.template("Parameters", task.parameters.as_ref());
        self.template("Arguments", task.arguments.as_ref());
        self.operand("TimeoutSeconds", task.timeout_seconds.as_ref());
        self.operand("HeartbeatSeconds", task.heartbeat_seconds.as_ref());
        self.result_selector(task.result_selector.as_ref());
    }

    fn map(&mut self, map: &'m Map) {
        if let Some(reader) = &map.item_reader {
            self.within("ItemReader", |walk| {
                walk.template("Parameters", reader.parameters.as_ref());
                walk.template("Arguments", reader.arguments.as_ref());
                if let Some(config) = &reader.reader_config {
                    walk.within("ReaderConfig", |walk| walk.operand("MaxItems", config.max_items.as_ref()));
                }
            });
        }
        self.template("Items", map.items.as_ref());
        self.template("ItemSelector", map.item_selector.as_ref());
        self.template("Parameters", map.parameters.as_ref());
        if let Some(batcher) = &map.item_batcher {
            self.within("ItemBatcher", |walk| {
                walk.template("BatchInput", batcher.batch_input.as_ref());
                walk.operand("MaxItemsPerBatch", batcher.max_items_per_batch.as_ref());
                walk.operand("MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.as_ref());
            });
        }
        self.operand("MaxConcurrency", map.max_concurrency.as_ref());
        self.operand("ToleratedFailureCount", map.tolerated_failure_count.as_ref());
        self.operand("ToleratedFailurePercentage", map.tolerated_failure_percentage.as_ref());
        if let Some(writer) = &map.result_writer {
            self.within("ResultWriter", |walk| {
                walk.template("Parameters", writer.parameters.as_ref());
                walk.template("Arguments", writer.arguments.as_ref());
            });
        }
        self.result_selector(map.result_selector.as_ref());
    }

    fn choice_rule(&mut self, rule: &'m ChoiceRule) {
        if let RuleTest::Condition(condition) = &rule.test {
            self.template("Condition", Some(condition));
        }
        self.assign(&rule.assign);
        self.template("Output", rule.output.as_ref());
    }

    fn result_selector(&mut self, selector: Option<&'m Value>) {
        self.at(Moment::Result, |walk| walk.template("ResultSelector", selector));
    }

    fn assign(&mut self, assign: &'m Fields) {
        if assign.is_empty() {
            return;
        }
        self.within("Assign", |walk| {
            for (name, value) in assign {
                walk.below(Token::Field(name), |walk| walk.value(value));
            }
        });
    }

    fn template(&mut self, field: &'static str, template: Option<&'m Value>) {
        if let Some(template) = template {
            self.within(field, |walk| walk.value(template));
        }
    }

    fn operand<T>(&mut self, field: &'static str, operand: Option<&'m Operand<T>>) {
        if let Some(Operand::Expression(text)) = operand {
            self.within(field, |walk| walk.string(text));
        }
    }

    fn value(&mut self, value: &'m Value) {
        match value {
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(Token::Index(index), |walk| walk.value(item));
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields.iter() {
                    self.below(Token::Field(name), |walk| walk.value(value));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, text: &'m str) {
        let key = successors(self.step, |step| self.strings.steps[*step].0)
            .find_map(|step| match self.strings.steps[step].1 {
                Token::Field(name) => Some(name),
                Token::Index(_) => None,
            })
            .unwrap_or_default();
        let is_element = self.step.is_some_and(|step| matches!(self.strings.steps[step].1, Token::Index(_)));
        let (field, moment, step) = (self.field, self.moment, self.step);
        self.strings.all.push(TemplateString { text, field, key, is_element, moment, step });
    }

    fn each<T>(&mut self, field: &'static str, items: &'m [T], visit: impl Fn(&mut Self, &'m T)) {
        if items.is_empty() {
            return;
        }
        self.within(field, |walk| {
            for (index, item) in items.iter().enumerate() {
                walk.below(Token::Index(index), |walk| visit(walk, item));
            }
        });
    }

    fn at(&mut self, moment: Moment, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.moment, moment);
        visit(self);
        self.moment = before;
    }

    /// Goes into a field; the outermost one gives the strings below their field's name.
    fn within(&mut self, field: &'static str, visit: impl FnOnce(&mut Self)) {
        let before = self.field;
        if before.is_empty() {
            self.field = field;
        }
        self.below(Token::Field(field), visit);
        self.field = before;
    }

    /// Goes a step down. A step that no string needs is forgotten on the way back.
    fn below(&mut self, token: Token<'m>, visit: impl FnOnce(&mut Self)) {
        let (before, strings) = (self.step, self.strings.all.len());
        self.strings.steps.push((before, token));
        self.step = Some(self.strings.steps.len() - 1);
        visit(self);
        if self.strings.all.len() == strings {
            self.strings.steps.pop();
        }
        self.step = before;
    }
}

impl<'m> TemplateString<'m> {
    /// Whether its field's name says that it is a Path or an Intrinsic Function, in JSONPath.
    pub(crate) fn is_computed(&self) -> bool {
        self.key.ends_with(".$")
    }

    /// Whether it is the whole value of that field of the State.
    pub(crate) fn is_whole(&self, field: &str) -> bool {
        self.field == field && self.key == field && !self.is_element
    }

    /// The JSONata source between `{%` and `%}`, and at which byte of the string it begins.
    pub(crate) fn jsonata(&self) -> Option<(&'m str, usize)> {
        is_jsonata_string(self.text).then(|| (expression_in(self.text), 2))
    }
}

/// What a JSONata string has between its `{%` and `%}`.
pub(crate) fn expression_in(text: &str) -> &str {
    &text[2..text.len() - 2]
}
