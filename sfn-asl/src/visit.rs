//! Walks through a State Machine, to look or to change: its States, their templates, the names of the States they lead to.
//! Separate because whoever renames a State or rewrites every template should not have to know where they all stand.

use crate::{ChoiceRule, Fields, Map, Operand, State, StateMachine, Transition, Value, WaitUntil};

/// Writes a visitor and its walk, for shared or for mutable references.
macro_rules! visitor {
    ($(#[$doc:meta])* $visitor:ident, $(#[$walk_doc:meta])* $walk:ident, $walker:ident, $as_ref:ident, $text:ty, [$($mutable:ident)?]) => {
        $(#[$doc])*
        #[expect(unused_variables, reason = "a visitor names what it may be told")]
        pub trait $visitor {
            /// A State Machine, before its States: the whole definition, a Branch, an Item Processor.
            fn machine(&mut self, machine: &$($mutable)? StateMachine) {}

            /// A State, before its parts.
            fn state(&mut self, name: &str, state: &$($mutable)? State) {}

            /// A template: the value of `Arguments`, `Output`, `Parameters` and the like, or of one Variable of an
            /// `Assign`.
            fn template(&mut self, field: &'static str, template: &$($mutable)? Value) {}

            /// A JSONata string that stands for a number or a string, as in `"TimeoutSeconds": "{% $limit %}"`.
            fn expression(&mut self, field: &'static str, expression: $text) {}

            /// The name of the State that a field leads to: `StartAt`, `Next` or `Default`.
            fn target(&mut self, field: &'static str, name: $text) {}
        }

        $(#[$walk_doc])*
        pub fn $walk(machine: &$($mutable)? StateMachine, visitor: &mut impl $visitor) {
            $walker { visitor }.machine(machine);
        }

        struct $walker<'v, V> {
            visitor: &'v mut V,
        }

        impl<V: $visitor> $walker<'_, V> {
            fn machine(&mut self, machine: &$($mutable)? StateMachine) {
                self.visitor.machine(machine);
                self.visitor.target("StartAt", &$($mutable)? machine.start_at);
                for (name, state) in &$($mutable)? machine.states {
                    self.visitor.state(name, state);
                    self.state(state);
                }
            }

            fn state(&mut self, state: &$($mutable)? State) {
                match state {
                    State::Task(task) => {
                        self.template("Credentials", task.credentials.$as_ref());
                        self.template("Parameters", task.parameters.$as_ref());
                        self.template("Arguments", task.arguments.$as_ref());
                        self.operand("TimeoutSeconds", task.timeout_seconds.$as_ref());
                        self.operand("HeartbeatSeconds", task.heartbeat_seconds.$as_ref());
                        self.template("ResultSelector", task.result_selector.$as_ref());
                        for catcher in &$($mutable)? task.catch {
                            self.leave(&$($mutable)? catcher.assign, catcher.output.$as_ref());
                            self.visitor.target("Next", &$($mutable)? catcher.next);
                        }
                        self.transition(&$($mutable)? task.transition);
                    }
                    State::Choice(choice) => {
                        for rule in &$($mutable)? choice.choices {
                            self.rule(rule);
                        }
                        if let Some(default) = &$($mutable)? choice.default {
                            self.visitor.target("Default", default);
                        }
                    }
                    State::Map(map) => self.map(map),
                    State::Parallel(parallel) => {
                        self.template("Parameters", parallel.parameters.$as_ref());
                        self.template("Arguments", parallel.arguments.$as_ref());
                        for branch in &$($mutable)? parallel.branches {
                            self.machine(branch);
                        }
                        self.template("ResultSelector", parallel.result_selector.$as_ref());
                        for catcher in &$($mutable)? parallel.catch {
                            self.leave(&$($mutable)? catcher.assign, catcher.output.$as_ref());
                            self.visitor.target("Next", &$($mutable)? catcher.next);
                        }
                        self.transition(&$($mutable)? parallel.transition);
                    }
                    State::Pass(pass) => {
                        self.template("Parameters", pass.parameters.$as_ref());
                        self.template("Result", pass.result.$as_ref());
                        self.transition(&$($mutable)? pass.transition);
                    }
                    State::Wait(wait) => {
                        match &$($mutable)? wait.until {
                            WaitUntil::Seconds(Operand::Expression(text)) => {
                                self.visitor.expression("Seconds", text);
                            }
                            WaitUntil::Timestamp(Operand::Expression(text)) => {
                                self.visitor.expression("Timestamp", text);
                            }
                            WaitUntil::Seconds(_) | WaitUntil::Timestamp(_) => {}
                        }
                        self.transition(&$($mutable)? wait.transition);
                    }
                    State::Succeed(_) => {}
                    State::Fail(fail) => {
                        self.operand("Error", fail.error.$as_ref());
                        self.operand("Cause", fail.cause.$as_ref());
                    }
                }
                let shared = visitor!(@shared state $($mutable)?);
                self.leave(&$($mutable)? shared.assign, shared.output.$as_ref());
            }

            fn rule(&mut self, rule: &$($mutable)? ChoiceRule) {
                if let crate::RuleTest::Condition(condition) = &$($mutable)? rule.test {
                    self.visitor.template("Condition", condition);
                }
                self.leave(&$($mutable)? rule.assign, rule.output.$as_ref());
                self.visitor.target("Next", &$($mutable)? rule.next);
            }

            fn map(&mut self, map: &$($mutable)? Map) {
                if let Some(reader) = &$($mutable)? map.item_reader {
                    self.template("Parameters", reader.parameters.$as_ref());
                    self.template("Arguments", reader.arguments.$as_ref());
                    if let Some(config) = &$($mutable)? reader.reader_config {
                        self.operand("MaxItems", config.max_items.$as_ref());
                    }
                }
                self.template("Items", map.items.$as_ref());
                self.template("ItemSelector", map.item_selector.$as_ref());
                self.template("Parameters", map.parameters.$as_ref());
                if let Some(batcher) = &$($mutable)? map.item_batcher {
                    self.template("BatchInput", batcher.batch_input.$as_ref());
                    self.operand("MaxItemsPerBatch", batcher.max_items_per_batch.$as_ref());
                    self.operand("MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.$as_ref());
                }
                self.operand("MaxConcurrency", map.max_concurrency.$as_ref());
                self.operand("ToleratedFailureCount", map.tolerated_failure_count.$as_ref());
                self.operand("ToleratedFailurePercentage", map.tolerated_failure_percentage.$as_ref());
                self.machine(&$($mutable)? map.item_processor.machine);
                if let Some(writer) = &$($mutable)? map.result_writer {
                    self.template("Parameters", writer.parameters.$as_ref());
                    self.template("Arguments", writer.arguments.$as_ref());
                }
                self.template("ResultSelector", map.result_selector.$as_ref());
                for catcher in &$($mutable)? map.catch {
                    self.leave(&$($mutable)? catcher.assign, catcher.output.$as_ref());
                    self.visitor.target("Next", &$($mutable)? catcher.next);
                }
                self.transition(&$($mutable)? map.transition);
            }

            fn leave(&mut self, assign: &$($mutable)? Fields, output: Option<&$($mutable)? Value>) {
                for (_, template) in assign {
                    self.visitor.template("Assign", template);
                }
                self.template("Output", output);
            }

            fn template(&mut self, field: &'static str, template: Option<&$($mutable)? Value>) {
                if let Some(template) = template {
                    self.visitor.template(field, template);
                }
            }

            fn operand<T>(&mut self, field: &'static str, operand: Option<&$($mutable)? Operand<T>>) {
                if let Some(Operand::Expression(text)) = operand {
                    self.visitor.expression(field, text);
                }
            }

            fn transition(&mut self, transition: &$($mutable)? Transition) {
                if let Transition::Next(name) = transition {
                    self.visitor.target("Next", name);
                }
            }
        }
    };
    (@shared $state:ident) => { $state.shared() };
    (@shared $state:ident mut) => { $state.shared_mut() };
}

visitor! {
    /// Looks at the parts of a State Machine.
    Visitor,
    /// Shows every part of a State Machine to a visitor, in the order of the document.
    ///
    /// ```
    /// use sfn_asl::{StateMachine, Visitor, walk};
    ///
    /// #[derive(Default)]
    /// struct Targets(Vec<String>);
    ///
    /// impl Visitor for Targets {
    ///     fn target(&mut self, field: &'static str, name: &str) {
    ///         self.0.push(format!("{field} {name}"));
    ///     }
    /// }
    ///
    /// let machine: StateMachine = r#"{"StartAt": "A", "States": {
    ///     "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}"#.parse()?;
    /// let mut targets = Targets::default();
    /// walk(&machine, &mut targets);
    /// assert_eq!(targets.0, ["StartAt A", "Next B"]);
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    walk,
    Walker,
    as_ref,
    &str,
    []
}

visitor! {
    /// Changes the parts of a State Machine.
    VisitorMut,
    /// Hands every part of a State Machine to a visitor that may change it, in the order of the document.
    ///
    /// ```
    /// use sfn_asl::{StateMachine, Value, VisitorMut, walk_mut};
    ///
    /// /// Puts the real function in the place of a placeholder.
    /// struct Substitute;
    ///
    /// impl VisitorMut for Substitute {
    ///     fn template(&mut self, _: &'static str, template: &mut Value) {
    ///         let text = template.to_string().replace("${Charge}", "charge:7");
    ///         *template = serde_json::from_str(&text).expect("it is JSON as before");
    ///     }
    /// }
    ///
    /// let mut machine: StateMachine = r#"{"StartAt": "A", "States": {"A": {
    ///     "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
    ///     "Parameters": {"FunctionName": "${Charge}"}, "End": true}}}"#.parse()?;
    /// walk_mut(&mut machine, &mut Substitute);
    /// assert!(machine.to_json_pretty().contains(r#""FunctionName": "charge:7""#));
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    walk_mut,
    WalkerMut,
    as_mut,
    &mut String,
    [mut]
}
