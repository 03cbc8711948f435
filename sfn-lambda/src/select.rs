//! Which task this process serves: `_HANDLER`, else `SFN_TASK`, else the program's own name. Apart from serving, so that
//! the rule is a function of its inputs and its errors can be read in one place.

use sfn_core::nearest::{listed, nearest_first};
use sfn_core::{TaskEntry, TaskSpec};
use std::fmt;

/// A task's name as somebody asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Where the name stood: an environment variable or "the program's name".
    pub(crate) from: &'static str,
    /// The name.
    pub(crate) name: String,
}

/// Why no task can be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SelectError {
    #[error("no task is named {}; this program serves {}", asked_for(.asked), listed(.known))]
    Unknown { asked: Vec<Asked>, known: Vec<&'static str> },
    #[error(
        "two tasks are named `{name}`: one at {first}, one at {second}; rename one with `#[task(name = \"..\")]`"
    )]
    Ambiguous { name: &'static str, first: String, second: String },
}

/// The names to try, the most deliberate first.
pub(crate) fn asked(variable: impl Fn(&str) -> Option<String>, program: Option<String>) -> Vec<Asked> {
    let variables = ["_HANDLER", "SFN_TASK"].map(|from| Some(Asked { from, name: variable(from)? }));
    let program = program.and_then(|path| {
        let name = std::path::Path::new(&path).file_stem()?.to_str()?.to_owned();
        Some(Asked { from: "the program's name", name })
    });
    variables.into_iter().chain([program]).flatten().filter(|asked| !asked.name.is_empty()).collect()
}

/// The first task that bears one of the names.
///
/// A task that two workflows share is one task. Lambda always sets `_HANDLER`, often to a word that means nothing here
/// (`bootstrap`), so a name without a task gives way to the next one.
pub(crate) fn select(tasks: &[TaskEntry], asked: &[Asked]) -> Result<TaskEntry, SelectError> {
    for (at, task) in tasks.iter().enumerate() {
        let same_name = |other: &&TaskEntry| other.spec.name == task.spec.name;
        if let Some(other) =
            tasks[..at].iter().find(same_name).filter(|other| !is_same(&other.spec, &task.spec))
        {
            return Err(SelectError::Ambiguous {
                name: task.spec.name,
                first: other.spec.origin.to_string(),
                second: task.spec.origin.to_string(),
            });
        }
    }
    let named = |asked: &Asked| tasks.iter().find(|task| task.spec.name == asked.name);
    asked.iter().find_map(named).copied().ok_or_else(|| SelectError::Unknown {
        asked: asked.to_vec(),
        known: nearest_first(
            asked.first().map_or("", |asked| &asked.name),
            tasks.iter().map(|task| task.spec.name),
        ),
    })
}

fn is_same(a: &TaskSpec, b: &TaskSpec) -> bool {
    a.origin == b.origin
}

fn asked_for(asked: &[Asked]) -> String {
    match asked {
        [] => "by `_HANDLER`, `SFN_TASK` or the program's name".to_owned(),
        asked => asked.iter().map(Asked::to_string).collect::<Vec<_>>().join(", nor "),
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.name, self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use sfn_core::{Failed, Origin, Task};
    use std::convert::Infallible;

    struct Nothing;

    impl Task for Nothing {
        type Output = ();
        type Error = Infallible;

        const SPEC: TaskSpec = TaskSpec::new::<Self>("nothing", Origin::new("a.rs", 1, 1));

        async fn run(_: Value) -> Result<Value, Failed> {
            Ok(Value::Null)
        }
    }

    fn task(name: &'static str, line: u32) -> TaskEntry {
        let mut task = TaskEntry::of::<Nothing>();
        (task.spec.name, task.spec.origin) = (name, Origin::new("a.rs", line, 1));
        task
    }

    #[track_caller]
    fn check(tasks: &[TaskEntry], variables: &[(&str, &str)], program: &str, expected: Result<&str, &str>) {
        let variable = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let outcome = select(tasks, &asked(variable, Some(program.to_owned())));
        let outcome = outcome.map(|task| task.spec.name).map_err(|error| error.to_string());
        assert_eq!(outcome.as_ref().map(|name| *name).map_err(String::as_str), expected);
    }

    #[test]
    fn the_most_deliberate_name_that_a_task_bears_wins() {
        let tasks = [task("charge", 1), task("refund", 2), task("charge", 1)];
        let both = [("_HANDLER", "refund"), ("SFN_TASK", "charge")];
        check(&tasks, &both, "bin/charge", Ok("refund"));
        check(&tasks, &both[1..], "bin/refund", Ok("charge"));
        check(&tasks, &[("_HANDLER", "")], "bin/refund", Ok("refund"));
        check(
            &tasks,
            &[("_HANDLER", "refnd")],
            "bin/bootstrap",
            Err(
                "no task is named `refnd` (_HANDLER), nor `bootstrap` (the program's name); this program serves `refund`, \
                 `charge`",
            ),
        );
    }

    #[test]
    fn two_tasks_of_one_name_are_refused() {
        check(
            &[task("charge", 1), task("charge", 9)],
            &[("_HANDLER", "charge")],
            "bootstrap",
            Err(
                "two tasks are named `charge`: one at a.rs:1:1, one at a.rs:9:1; rename one with `#[task(name = \"..\")]`",
            ),
        );
    }
}
