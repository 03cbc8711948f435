//! The strings of a State that may hold expressions: which there are, where they stand, and what they can see.
//! Separate because every rule about expressions looks at the same strings.

use crate::{
    ChoiceRule, Fields, Map, Operand, Pointer, RuleTest, State, Task, Value, WaitUntil, is_jsonata_string,
};

/// A string within a State.
#[derive(Debug)]
pub(crate) struct TemplateString<'m> {
    pub(crate) text: &'m str,
    pub(crate) pointer: Pointer,
    /// The field of the State it belongs to.
    pub(crate) field: &'static str,
    pub(crate) moment: Moment,
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

/// Every string of a State's templates and expressions.
pub(crate) fn strings<'m>(state: &'m State, pointer: &Pointer) -> Vec<TemplateString<'m>> {
    let mut walk = Walk { strings: Vec::new(), pointer: pointer.clone(), field: "", moment: Moment::Start };
    walk.state(state);
    walk.strings
}

struct Walk<'m> {
    strings: Vec<TemplateString<'m>>,
    pointer: Pointer,
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
        self.within("Assign", |walk| {
            for (name, value) in assign {
                walk.below(name, |walk| walk.value(value));
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
                    self.below(index, |walk| walk.value(item));
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields.iter() {
                    self.below(name, |walk| walk.value(value));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, text: &'m str) {
        let (pointer, field, moment) = (self.pointer.clone(), self.field, self.moment);
        self.strings.push(TemplateString { text, pointer, field, moment });
    }

    fn each<T>(&mut self, field: &'static str, items: &'m [T], visit: impl Fn(&mut Self, &'m T)) {
        self.within(field, |walk| {
            for (index, item) in items.iter().enumerate() {
                walk.below(index, |walk| visit(walk, item));
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
        self.below(field, visit);
        self.field = before;
    }

    fn below(&mut self, token: impl std::fmt::Display, visit: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push(token);
        visit(self);
        self.pointer.truncate(length);
    }
}

impl<'m> TemplateString<'m> {
    /// The JSONata source between `{%` and `%}`, and at which byte of the string it begins.
    pub(crate) fn jsonata(&self) -> Option<(&'m str, usize)> {
        is_jsonata_string(self.text).then(|| (&self.text[2..self.text.len() - 2], 2))
    }
}
