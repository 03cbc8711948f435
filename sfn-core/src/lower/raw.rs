//! Takes in what somebody wrote by hand: JSONata, in which values stand for names, and whole States.
//! Separate because it reads the language, where its neighbours only write it.

use std::collections::BTreeSet;

use sfn_jsonata::{Expression, Reference};

/// What a free name stands for.
pub(super) struct Argument<'n> {
    pub(super) name: &'n str,
    /// Its expression.
    pub(super) text: String,
    /// Whether the expression holds together without parentheses.
    pub(super) is_whole: bool,
    /// Whether writing it twice costs nothing.
    pub(super) is_trivial: bool,
    /// Whether it is another value each time: how often the text evaluates a place of its own, nobody knows.
    pub(super) is_volatile: bool,
}

/// The text with what its names stand for.
pub(super) fn fill(text: &str, arguments: &[Argument<'_>]) -> String {
    // What cannot be read was reported where it was written.
    let Ok(expression) = text.parse::<Expression>() else { return text.to_owned() };
    let references = expression.references();
    let is_free = |name: &str| references.iter().any(|reference| &*reference.name == name);
    let bound: BTreeSet<&str> = variables(text).filter(|name| !is_free(name)).collect();
    let fits = |argument: &Argument<'_>| {
        let uses = references.iter().filter(|reference| &*reference.name == argument.name).count();
        let is_captured = variables(&argument.text).any(|name| bound.contains(name));
        !is_captured && !argument.is_volatile && (uses <= 1 || argument.is_trivial)
    };
    if arguments.iter().all(fits) {
        return spliced(text, &references, arguments);
    }
    let names: Vec<_> = arguments.iter().map(|argument| format!("${}", argument.name)).collect();
    let values: Vec<_> = arguments.iter().map(|argument| argument.text.as_str()).collect();
    format!("(function({}) {{{text}}})({})", names.join(", "), values.join(", "))
}

fn spliced(text: &str, references: &[Reference], arguments: &[Argument<'_>]) -> String {
    let mut filled = String::new();
    let mut from = 0;
    for reference in references {
        let Some(argument) = arguments.iter().find(|argument| *argument.name == *reference.name) else {
            continue;
        };
        let start = reference.span.start;
        filled.push_str(&text[from..start]);
        // The whole text needs no parentheses inside itself.
        if argument.is_whole || text.len() == argument.name.len() + 1 {
            filled.push_str(&argument.text);
        } else {
            filled.extend(["(", &argument.text, ")"]);
        }
        from = start + 1 + argument.name.len();
    }
    filled.push_str(&text[from..]);
    filled
}

/// The names of the variables in a text, the bound ones included; names in its strings are taken for such.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(|rest| {
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// A State from its JSON, or why it is none.
pub(super) fn state(json: &sfn_asl::Value) -> Result<sfn_asl::State, String> {
    let end = ("End", sfn_asl::Value::from(true));
    let fields = json.as_object().into_iter().flat_map(sfn_jsonata::Object::iter);
    let fields = fields.map(|(name, value)| (&**name, value.clone())).chain([end]);
    let states: sfn_asl::Value = [("State", fields.collect::<sfn_asl::Value>())].into_iter().collect();
    let machine = [("QueryLanguage", "JSONata".into()), ("StartAt", "State".into()), ("States", states)];
    let read = sfn_asl::StateMachine::from_value(&machine.into_iter().collect());
    let mut machine = read.map_err(|error| error.to_string())?;
    machine.states.shift_remove("State").ok_or_else(|| "it holds none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, arguments: &[(&str, &str, bool)], filled: &str) {
        let arguments: Vec<_> = arguments
            .iter()
            .map(|(name, text, is_trivial)| Argument {
                name,
                text: (*text).to_owned(),
                is_whole: *is_trivial,
                is_trivial: *is_trivial,
                is_volatile: text.contains("$uuid"),
            })
            .collect();
        assert_eq!(fill(text, &arguments), filled);
    }

    #[test]
    fn a_name_gives_way_to_what_it_stands_for() {
        check(
            "$sum($xs.price) + $y",
            &[("xs", "$order.lines", true), ("y", "1 + 2", false)],
            "$sum($order.lines.price) + (1 + 2)",
        );
        check("$x + $x", &[("x", "$order.total", true)], "$order.total + $order.total");
        check("$x + ($x := 1; $x)", &[("x", "$order.total", true)], "$order.total + ($x := 1; $x)");
    }

    #[test]
    fn a_value_that_is_calculated_is_calculated_once() {
        check("$x * $x", &[("x", "$a + 1", false)], "(function($x) {$x * $x})($a + 1)");
    }

    #[test]
    fn a_value_that_is_another_each_time_is_drawn_once() {
        check(
            "$xs.{'sku': $, 'batch': $id}",
            &[("xs", "$skus", true), ("id", "$uuid()", false)],
            "(function($xs, $id) {$xs.{'sku': $, 'batch': $id}})($skus, $uuid())",
        );
    }

    #[test]
    fn no_name_of_the_text_captures_one_of_the_values() {
        check(
            "($order := 1; $x + $order)",
            &[("x", "$order.total", true)],
            "(function($x) {($order := 1; $x + $order)})($order.total)",
        );
    }
}
