//! The fields of one State, compiled: each in its query language, under the name the service reports it by.
//! Separate from the loading of States because fields come in spellings, and States in types.

use std::cell::Cell;
use std::sync::Arc;

use sfn_asl::{
    ChoiceRule, Fields, NestedTest, Nullable, Operand as Spelling, QueryLanguage, RuleTest, Shared, State,
    Value, WaitUntil,
};

use super::{LoadError, Places, names, target};
use crate::core::data::{Destination, Operand, Selection};
use crate::core::machine::{Catcher, Items, Leaving, NodeId, Output, Paths, Rule, Test, Until};
use crate::core::step::{Check, DataTest};
use crate::query::jsonpath::{self, Path, ReferencePath};
use crate::query::{Template, Unreadable, jsonata};

/// Reads the fields of one State.
pub(super) struct Reader<'a, 'p> {
    pub(super) state: &'a str,
    pub(super) places: &'a Places<'p>,
    pub(super) language: QueryLanguage,
    /// Set as soon as an expression may take long.
    pub(super) may_take_long: &'a Cell<bool>,
}

/// JSONPath's fields about a State's result; types that have none have nothing of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Results<'a> {
    selector: Option<&'a Value>,
    path: Option<&'a Nullable<String>>,
}

impl<'a> Results<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        match state {
            State::Task(task) => {
                Self { selector: task.result_selector.as_ref(), path: Some(&task.result_path) }
            }
            State::Map(map) => Self { selector: map.result_selector.as_ref(), path: Some(&map.result_path) },
            State::Parallel(parallel) => {
                Self { selector: parallel.result_selector.as_ref(), path: Some(&parallel.result_path) }
            }
            State::Pass(pass) => Self { selector: None, path: Some(&pass.result_path) },
            _ => Self::default(),
        }
    }
}

impl Reader<'_, '_> {
    pub(super) fn next(&self, field: &'static str, name: Option<&str>) -> Result<Option<NodeId>, LoadError> {
        name.map(|name| target(self.places, field, &format!("state `{}`", self.state), name)).transpose()
    }

    pub(super) fn assign(&self, assign: &Fields) -> Result<Vec<(Arc<str>, Template)>, LoadError> {
        if assign.is_empty() {
            return Ok(Vec::new());
        }
        let payload = assign.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        Ok(match self.template("Assign", &payload)? {
            Template::Object(fields) => fields,
            Template::Literal(Value::Object(fields)) => fields
                .iter()
                .map(|(name, value)| (Arc::clone(name), Template::Literal(value.clone())))
                .collect(),
            _ => Vec::new(),
        })
    }

    pub(super) fn output(&self, shared: &Shared, results: Results<'_>) -> Result<Output, LoadError> {
        if self.language == QueryLanguage::Jsonata {
            let output = self.optional("Output", shared.output.as_ref())?;
            return Ok(output.map_or(Output::Result, Output::Template));
        }
        let paths = Paths {
            selector: self.optional("ResultSelector", results.selector)?,
            destination: self.destination(results.path.unwrap_or(&Nullable::Absent))?,
            output: self.selection("OutputPath", &shared.output_path)?,
        };
        Ok(match paths {
            Paths { selector: None, destination: Destination::Whole, output: Selection::Whole } => {
                Output::Result
            }
            paths => Output::Paths(Box::new(paths)),
        })
    }

    pub(super) fn catcher(&self, catcher: &sfn_asl::Catcher) -> Result<Catcher, LoadError> {
        // `OutputPath` is not for what a Catcher has caught.
        let shared = Shared { output: catcher.output.clone(), ..Shared::default() };
        let results = Results { selector: None, path: Some(&catcher.result_path) };
        let leaving = Leaving {
            assign: self.assign(&catcher.assign)?,
            output: self.output(&shared, results)?,
            next: self.next("Next", Some(&catcher.next))?,
        };
        Ok(Catcher { error_equals: names(&catcher.error_equals), leaving })
    }

    pub(super) fn rule(&self, rule: &ChoiceRule, state: &Shared) -> Result<Rule, LoadError> {
        let shared = Shared {
            output: rule.output.clone(),
            output_path: state.output_path.clone(),
            ..Shared::default()
        };
        let leaving = Leaving {
            assign: self.assign(&rule.assign)?,
            output: self.output(&shared, Results::default())?,
            next: self.next("Next", Some(&rule.next))?,
        };
        let test = match &rule.test {
            RuleTest::Condition(condition) => Test::Condition(self.template("Condition", condition)?),
            RuleTest::Data(test) => Test::Data(self.data_test(test)?),
        };
        Ok(Rule { test, leaving })
    }

    fn data_test(&self, test: &sfn_asl::DataTest) -> Result<DataTest, LoadError> {
        let all = |tests: &[NestedTest]| {
            tests.iter().map(|it| self.data_test(&it.test)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match test {
            sfn_asl::DataTest::And(tests) => DataTest::And(all(tests)?),
            sfn_asl::DataTest::Or(tests) => DataTest::Or(all(tests)?),
            sfn_asl::DataTest::Not(test) => DataTest::Not(Box::new(self.data_test(&test.test)?)),
            sfn_asl::DataTest::Comparison(comparison) => {
                let operand = comparison.comparator.as_str();
                DataTest::Comparison {
                    variable: self.path("Variable", &comparison.variable)?,
                    check: Check::new(comparison.comparator, &comparison.operand, |text| {
                        self.path(operand, text)
                    })?,
                }
            }
        })
    }

    pub(super) fn until(&self, until: &WaitUntil) -> Result<Until, LoadError> {
        Ok(match until {
            WaitUntil::Seconds(seconds) => Until::Seconds(self.spelling("Seconds", seconds)?),
            WaitUntil::Timestamp(timestamp) => Until::Timestamp(self.spelling("Timestamp", timestamp)?),
        })
    }

    pub(super) fn items(&self, map: &sfn_asl::Map) -> Result<Items, LoadError> {
        if self.language == QueryLanguage::JsonPath {
            return Ok(Items::Path(self.selection("ItemsPath", &map.items_path)?));
        }
        Ok(self.optional("Items", map.items.as_ref())?.map_or(Items::Input, Items::Template))
    }

    pub(super) fn operand<T: Clone + Into<Value>>(
        &self,
        field: &str,
        operand: Option<&Spelling<T>>,
    ) -> Result<Option<Operand>, LoadError> {
        operand.map(|operand| self.spelling(field, operand)).transpose()
    }

    fn spelling<T: Clone + Into<Value>>(
        &self,
        field: &str,
        operand: &Spelling<T>,
    ) -> Result<Operand, LoadError> {
        Ok(match operand {
            Spelling::Literal(value) => Operand::Template(Template::Literal(value.clone().into())),
            Spelling::Expression(text) => {
                Operand::Template(self.template(field, &Value::from(text.as_str()))?)
            }
            Spelling::Path(text) => Operand::Path(self.path(&format!("{field}Path"), text)?),
        })
    }

    /// A text whose `...Path` twin may be an Intrinsic Function.
    pub(super) fn text(
        &self,
        field: &str,
        operand: Option<&Spelling<String>>,
    ) -> Result<Option<Template>, LoadError> {
        match operand {
            None => Ok(None),
            Some(Spelling::Literal(text)) => Ok(Some(Template::Literal(Value::from(text.as_str())))),
            Some(Spelling::Expression(text)) => self.template(field, &Value::from(text.as_str())).map(Some),
            Some(Spelling::Path(text)) => {
                let compiled = jsonpath::expression(text, &format!("{field}Path"));
                compiled.map(Some).map_err(|unreadable| self.unreadable(unreadable))
            }
        }
    }

    /// The work's input: `Arguments` in JSONata, `Parameters` in JSONPath.
    pub(super) fn arguments(
        &self,
        arguments: Option<&Value>,
        parameters: Option<&Value>,
    ) -> Result<Option<Template>, LoadError> {
        match self.language {
            QueryLanguage::Jsonata => self.optional("Arguments", arguments),
            QueryLanguage::JsonPath => self.optional("Parameters", parameters),
        }
    }

    pub(super) fn selection(
        &self,
        field: &'static str,
        path: &Nullable<String>,
    ) -> Result<Selection, LoadError> {
        Ok(match path {
            Nullable::Absent => Selection::Whole,
            Nullable::Null => Selection::Nothing,
            Nullable::Value(text) if text == "$" => Selection::Whole,
            Nullable::Value(text) => Selection::Part(self.path(field, text)?),
        })
    }

    fn destination(&self, path: &Nullable<String>) -> Result<Destination, LoadError> {
        Ok(match path {
            Nullable::Absent => Destination::Whole,
            Nullable::Null => Destination::Nowhere,
            Nullable::Value(text) if text == "$" => Destination::Whole,
            Nullable::Value(text) => Destination::At(
                ReferencePath::new(text, "ResultPath").map_err(|unreadable| self.unreadable(unreadable))?,
            ),
        })
    }

    fn path(&self, field: &str, text: &str) -> Result<Path, LoadError> {
        Path::new(text, field).map_err(|unreadable| self.unreadable(unreadable))
    }

    pub(super) fn optional(
        &self,
        field: &str,
        payload: Option<&Value>,
    ) -> Result<Option<Template>, LoadError> {
        payload.map(|payload| self.template(field, payload)).transpose()
    }

    pub(super) fn template(&self, field: &str, payload: &Value) -> Result<Template, LoadError> {
        let compiled = match self.language {
            QueryLanguage::Jsonata => jsonata::template(payload, field),
            QueryLanguage::JsonPath => jsonpath::template(payload, field),
        };
        let template = compiled.map_err(|unreadable| self.unreadable(unreadable))?;
        self.may_take_long.set(self.may_take_long.get() || template.may_take_long());
        Ok(template)
    }

    fn unreadable(&self, unreadable: Unreadable) -> LoadError {
        LoadError::Expression {
            state: self.state.to_owned(),
            field: unreadable.field,
            error: unreadable.error,
        }
    }

    pub(super) fn unsupported(&self, feature: &'static str) -> LoadError {
        LoadError::Unsupported { state: self.state.to_owned(), feature }
    }
}
