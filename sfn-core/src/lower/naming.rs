//! What states would like to be called, from the words of the Rust text.
//! Separate from making the names unique, because a wish depends on one node and uniqueness on the whole definition.

use super::graph::NameHint;
use crate::ir::{Block, Call, Choice, ChoiceKind, Expr, Variable, VariableId};

/// The longest name the service takes, in characters.
pub(super) const LONGEST: usize = 80;

pub(super) const SUCCEEDED: &str = "Succeeded";

const UNITS: [(u64, &str); 4] = [(86_400, "Day"), (3_600, "Hour"), (60, "Minute"), (1, "Second")];

pub(super) fn task(call: &Call, variables: &[Variable]) -> NameHint {
    if let Some(pinned) = &call.name {
        return NameHint::Pinned(pinned.clone());
    }
    let binding = variables[call.result.0 as usize].name.as_deref();
    let name = call.service.as_ref().map_or(call.spec.name, |service| &service.name);
    NameHint::Wanted(join([camel(name)]), binding.map(camel))
}

pub(super) fn choice(choice: &Choice) -> String {
    let verb = match choice.kind {
        ChoiceKind::If => "If",
        ChoiceKind::Match => "Match",
        ChoiceKind::While => "While",
        ChoiceKind::For => "For",
    };
    join([verb.to_owned()].into_iter().chain(condition_words(&choice.text)))
}

/// The Rust text of a choice, on one line.
pub(super) fn choice_comment(choice: &Choice) -> String {
    let text = choice.text.split_whitespace().collect::<Vec<_>>().join(" ");
    match choice.kind {
        ChoiceKind::If => text,
        ChoiceKind::Match => format!("match {text}"),
        ChoiceKind::While => format!("while {text}"),
        ChoiceKind::For => format!("for {text}"),
    }
}

pub(super) fn wait(seconds: &Expr) -> String {
    let Some(seconds) = seconds.as_literal().and_then(serde_json::Value::as_u64) else {
        return "Wait".to_owned();
    };
    let fits = |(unit, _): &&(u64, &str)| seconds % unit == 0 && seconds > 0;
    let (unit, word) = UNITS.iter().find(fits).copied().unwrap_or((1, "Second"));
    let count = seconds / unit;
    let plural = if count == 1 { "" } else { "s" };
    format!("Wait{count}{word}{plural}")
}

pub(super) fn parallel(branches: &[(Block, VariableId)]) -> String {
    let tasks = branches.iter().filter_map(|(body, _)| body.first_task()).enumerate();
    let words: Vec<_> =
        tasks.map(|(at, task)| if at == 0 { camel(task) } else { format!("And{}", camel(task)) }).collect();
    if words.is_empty() { "Parallel".to_owned() } else { join(words) }
}

pub(super) fn map(items: &str) -> String {
    join(["Map".to_owned(), camel(items)])
}

pub(super) fn fail(error: &Expr) -> String {
    match error.as_literal().and_then(serde_json::Value::as_str) {
        Some(name) if !name.is_empty() => name.chars().take(LONGEST).collect(),
        _ => "Failed".to_owned(),
    }
}

pub(super) fn pass(first: Option<VariableId>, variables: &[Variable]) -> String {
    let variable = first.map(|id| &variables[id.0 as usize]);
    let name = variable.map_or("", |variable| variable.name.as_deref().unwrap_or(&variable.hint));
    join(["Assign".to_owned(), camel(name)])
}

pub(super) fn flags<'a>(flags: impl Iterator<Item = &'a str>) -> String {
    let mut flags: Vec<_> = flags.collect();
    flags.dedup();
    let words = flags.into_iter().enumerate().map(|(at, flag)| {
        let joint = if at == 0 { "If" } else { "Or" };
        format!("{joint}{}", camel(flag))
    });
    join(words)
}

/// Whether a log holds anything that these tasks undo.
pub(super) fn pending(tasks: &[&str]) -> String {
    let mut tasks = tasks.to_vec();
    tasks.dedup();
    let words = tasks.into_iter().enumerate().map(|(at, task)| {
        let joint = if at == 0 { "While" } else { "Or" };
        format!("{joint}{}", camel(task))
    });
    join(words.chain(["Pending".to_owned()]))
}

/// Whether a branch or an iteration failed.
pub(super) fn if_failed(fan_out: &str) -> String {
    join(["If".to_owned(), camel(fan_out), "Failed".to_owned()])
}

/// All that these tasks undo, at once.
pub(super) fn undo_all(tasks: &[&str]) -> String {
    let mut tasks = tasks.to_vec();
    tasks.dedup();
    let words = tasks.into_iter().enumerate().map(|(at, task)| {
        let joint = if at == 0 { "Map" } else { "Or" };
        format!("{joint}{}", camel(task))
    });
    join(words.chain(["Pending".to_owned()]))
}

pub(super) fn workflow_failed(workflow: &str) -> String {
    join([camel(workflow), "Failed".to_owned()])
}

/// Words put together, as many as a name may hold.
fn join(words: impl IntoIterator<Item = String>) -> String {
    let mut name = String::new();
    for word in words {
        if name.is_empty() {
            name = word.chars().take(LONGEST).collect();
        } else if name.chars().count() + word.chars().count() > LONGEST {
            break;
        } else {
            name.push_str(&word);
        }
    }
    name
}

/// A name of Rust or kebab text as UpperCamel.
pub(super) fn camel(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The words of a condition, its operators spoken.
fn condition_words(text: &str) -> Vec<String> {
    const OPERATORS: [(&str, &str); 14] = [
        ("==", "Is"),
        ("!=", "IsNot"),
        ("<=", "AtMost"),
        (">=", "AtLeast"),
        ("&&", "And"),
        ("||", "Or"),
        ("<", "Below"),
        (">", "Above"),
        ("!", "Not"),
        ("+", "Plus"),
        ("-", "Minus"),
        ("*", "Times"),
        ("/", "By"),
        ("%", "Modulo"),
    ];
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length =
            rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        if length > 0 {
            let (word, behind) = rest.split_at(length);
            let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
            words.push(if is_number { word.replace('_', "") } else { camel(word) });
            rest = behind;
        } else if let Some((operator, word)) =
            OPERATORS.iter().find(|(operator, _)| rest.starts_with(operator))
        {
            words.push((*word).to_owned());
            rest = &rest[operator.len()..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    words
}
