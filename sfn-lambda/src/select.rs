//! Which task this process serves: `_HANDLER`, else `SFN_TASK`, else the program's own name. Apart from serving, so that
//! the rule is a function of its inputs and its errors can be read in one place.

use sfn_core::TaskEntry;
use sfn_core::nearest::{listed, nearest};
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
pub(crate) fn asked(variable: impl Fn(&str) -> Option<String>, program: Option<&str>) -> Vec<Asked> {
    let file = program.and_then(|path| std::path::Path::new(path).file_stem()?.to_str());
    let names = [
        ("_HANDLER", variable("_HANDLER")),
        ("SFN_TASK", variable("SFN_TASK")),
        ("the program's name", file.map(str::to_owned)),
    ];
    let mut asked = Vec::new();
    for (from, name) in names {
        asked.extend(name.filter(|name| !name.is_empty()).map(|name| Asked { from, name }));
    }
    asked
}

/// The first task that bears one of the names.
///
/// A task that two workflows share is one task. Lambda always sets `_HANDLER`, often to a word that means nothing here
/// (`bootstrap`), so a name without a task gives way to the next one.
pub(crate) fn select(tasks: &[TaskEntry], asked: &[Asked]) -> Result<TaskEntry, SelectError> {
    let named = |asked: &Asked| tasks.iter().find(|task| task.spec.name == asked.name);
    let Some(task) = asked.iter().find_map(named) else {
        return Err(SelectError::Unknown { asked: asked.to_vec(), known: known(tasks, asked) });
    };
    let (name, origin) = (task.spec.name, task.spec.origin);
    match tasks.iter().find(|other| other.spec.name == name && other.spec.origin != origin) {
        None => Ok(*task),
        Some(other) => Err(SelectError::Ambiguous {
            name,
            first: origin.to_string(),
            second: other.spec.origin.to_string(),
        }),
    }
}

/// The names that could have been meant, the one that was probably meant first.
fn known(tasks: &[TaskEntry], asked: &[Asked]) -> Vec<&'static str> {
    let names = || tasks.iter().map(|task| task.spec.name);
    let meant = asked.iter().find_map(|asked| nearest(&asked.name, names()));
    let mut known = Vec::new();
    for name in meant.into_iter().chain(names()) {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
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
    use sfn_core::{Failed, Origin, Task, TaskSpec};
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
        let outcome = select(tasks, &asked(variable, Some(program)));
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
    fn two_tasks_of_the_name_that_is_asked_for_are_refused() {
        let tasks = [task("charge", 1), task("refund", 5), task("charge", 9)];
        check(&tasks, &[("_HANDLER", "refund")], "bootstrap", Ok("refund"));
        check(
            &tasks,
            &[("_HANDLER", "charge")],
            "bootstrap",
            Err(
                "two tasks are named `charge`: one at a.rs:1:1, one at a.rs:9:1; rename one with `#[task(name = \"..\")]`",
            ),
        );
    }
}
