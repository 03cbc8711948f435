//! A run as it is shown on stderr. Apart from the run, which lets it see what happens.

use super::part::{Part, called};
use crate::display::Display;
use crate::personal::Personal;
use crate::sample::sample;
use crate::style::Style;
use crate::timeline::Timeline;
use serde_json::Value;
use sfn_core::{TaskManifest, WorkflowManifest};
use sfn_engine::Timestamp;
use sfn_engine::driver::{Observation, Observed};
use sfn_engine::lambda::LogLine;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

/// Everything that a run lets others see.
pub(super) enum News {
    Observed(Observation),
    Logged(LogLine),
}

/// What is shown of a run.
pub(super) struct Screen {
    /// The task behind each function that a definition calls.
    tasks: BTreeMap<String, String>,
    /// A sample of what completes each state that waits for a token.
    samples: HashMap<String, Value>,
    /// The executions that go on, each with its name: first the one that was asked for.
    timelines: Vec<(Arc<str>, Timeline)>,
    pub(super) personal: Personal,
    display: Display<io::Stderr>,
    is_live: bool,
}

impl Screen {
    pub(super) fn new(parts: &[Part], personal: Personal) -> Self {
        let mut samples = HashMap::new();
        let mut longest = 0;
        for (at, Part { workflow, definition, .. }) in parts.iter().enumerate() {
            let definition = serde_json::from_str(&definition.text).unwrap_or_default();
            collect_samples(&definition, workflow, &mut samples);
            longest = longest.max(longest_name(&definition, usize::from(at > 0)));
        }
        let tasks = parts.iter().flat_map(|part| &part.workflow.tasks);
        Self {
            tasks: tasks.map(|task| (called(task), task.name.clone())).collect(),
            samples,
            timelines: Vec::new(),
            personal,
            display: Display::new(io::stderr(), Style::of_stderr(), longest),
            is_live: io::stderr().is_terminal(),
        }
    }

    /// How many states the execution has entered.
    pub(super) fn entered(&self) -> usize {
        self.timelines.first().map_or(0, |(_, timeline)| timeline.entered())
    }

    pub(super) fn take(&mut self, news: News) -> io::Result<()> {
        match news {
            News::Observed(observation) => self.observed(&observation),
            News::Logged(LogLine { function, text, .. }) => {
                let task = self.tasks.get(&*function).map_or(&*function, String::as_str);
                self.display.log(task, &self.personal.hide(&text))
            }
        }
    }

    fn observed(&mut self, observation: &Observation) -> io::Result<()> {
        self.personal.note(observation);
        let known = self.timelines.iter().position(|(execution, _)| *execution == observation.execution);
        let at = known.unwrap_or_else(|| {
            let timeline = Timeline::new(self.samples.clone());
            self.timelines.push((Arc::clone(&observation.execution), timeline));
            self.timelines.len() - 1
        });
        for mut line in self.timelines[at].1.take(observation) {
            line.depth += usize::from(at > 0);
            line.note = self.personal.hide(&line.note);
            self.display.add(&line)?;
        }
        // What others executed is of no interest any more; the first is asked how much it was.
        if at > 0 && matches!(observation.what, Observed::Finished(_)) {
            self.timelines.remove(at);
        }
        Ok(())
    }

    pub(super) fn tick(&mut self, now: Timestamp) -> io::Result<()> {
        if !self.is_live {
            return Ok(());
        }
        let running = self.timelines.iter().enumerate().flat_map(|(at, (_, timeline))| {
            let lines = timeline.running(now).into_iter();
            lines.map(move |line| crate::timeline::Line { depth: line.depth + usize::from(at > 0), ..line })
        });
        self.display.show(&running.collect::<Vec<_>>())
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        if self.is_live { self.display.show(&[]) } else { Ok(()) }
    }
}

/// The length of the longest state name, with the room that its depth takes.
fn longest_name(definition: &Value, depth: usize) -> usize {
    let own = states(definition).map(|(name, state)| {
        let inside = inner(state).map(|inner| longest_name(inner, depth + 1));
        inside.fold(name.chars().count() + 2 * depth, usize::max)
    });
    own.max().unwrap_or_default()
}

/// A sample of the output of each state that calls a task.
fn collect_samples(definition: &Value, workflow: &WorkflowManifest, samples: &mut HashMap<String, Value>) {
    for (name, state) in states(definition) {
        let function = state["Arguments"]["FunctionName"].as_str().or(state["Resource"].as_str());
        let is_called = |task: &&TaskManifest| Some(called(task).as_str()) == function;
        if let Some(task) = workflow.tasks.iter().find(is_called) {
            samples.insert(name.clone(), sample(&task.output));
        }
        inner(state).for_each(|inner| collect_samples(inner, workflow, samples));
    }
}

fn states(definition: &Value) -> impl Iterator<Item = (&String, &Value)> {
    definition["States"].as_object().into_iter().flatten()
}

/// The definitions inside of a Parallel or Map State.
fn inner(state: &Value) -> impl Iterator<Item = &Value> {
    state["Branches"].as_array().into_iter().flatten().chain(state.get("ItemProcessor"))
}
