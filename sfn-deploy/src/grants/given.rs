//! What a definition says of an argument of a call. Separate because it knows templates and nothing of permissions.

use crate::placeholders::{Part, parts};
use sfn_asl::{Value, is_jsonata_string};

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    /// The same in every execution, once its placeholders are filled in.
    Constant(Vec<Part>),
    /// Only an execution knows it; what it surely begins with.
    Computed(String),
    /// Only an execution knows whether it is there: it would stand in what an expression makes.
    Unknown,
    Missing,
}

impl Given {
    /// What stands between `<` and `>`: of `Shop <orders@shop.example>` the address.
    fn address(self) -> Self {
        let bare = |text: &str| {
            let inner = text.rsplit_once('<').map_or(text, |(_, inner)| inner);
            inner.trim_end().trim_end_matches('>').to_owned()
        };
        match self {
            Self::Constant(mut address) => {
                let opens = |part: &Part| matches!(part, Part::Literal(text) if text.contains('<'));
                address.drain(..address.iter().rposition(opens).unwrap_or_default());
                for part in &mut address {
                    if let Part::Literal(text) = part {
                        *text = bare(text);
                    }
                }
                address.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
                Self::Constant(address)
            }
            // The name of a sender says nothing of the address behind it.
            Self::Computed(name) if name.contains([' ', '"']) && !name.contains('<') => {
                Self::Computed(String::new())
            }
            Self::Computed(beginning) => Self::Computed(bare(&beginning)),
            other => other,
        }
    }
}

/// The arguments of a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arguments<'m> {
    /// `Arguments`, where strings in `{% %}` are expressions.
    Jsonata(&'m Value),
    /// `Parameters`, where names that end in `.$` have Paths; `Credentials` may be either.
    JsonPath(&'m Value),
    Nothing,
}

impl<'m> Arguments<'m> {
    pub(super) fn of(arguments: Option<&'m Value>, parameters: Option<&'m Value>) -> Self {
        match (arguments, parameters) {
            (Some(arguments), _) => Self::Jsonata(arguments),
            (None, Some(parameters)) => Self::JsonPath(parameters),
            (None, None) => Self::Nothing,
        }
    }

    /// What stands at a path such as `Entries[].EventBusName`; one for each element of a list.
    pub(super) fn at(self, path: &str) -> Vec<Given> {
        if let Some(path) = path.strip_suffix("<>") {
            return self.at(path).into_iter().map(Given::address).collect();
        }
        match self {
            Self::Jsonata(value) | Self::JsonPath(value) => self.below(value, path),
            Self::Nothing => vec![Given::Missing],
        }
    }

    fn below(self, value: &Value, path: &str) -> Vec<Given> {
        if let Some(text) = value.as_str() {
            return vec![match (is_jsonata_string(text), path.is_empty()) {
                (true, true) => Given::Computed(beginning(text)),
                (true, false) => Given::Unknown,
                (false, true) => Given::Constant(parts(text)),
                (false, false) => Given::Missing,
            }];
        }
        if path.is_empty() {
            return vec![Given::Missing];
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some(name) = first.strip_suffix("{}") {
            return self.keys(value, name);
        }
        let name = first.trim_end_matches("[]");
        match (value.get(name), value.get(format!("{name}.$").as_str())) {
            (Some(found), _) if first.ends_with("[]") => match found.as_array() {
                Some(items) if !items.is_empty() => {
                    items.iter().flat_map(|item| self.below(item, rest)).collect()
                }
                _ => vec![if rest.is_empty() { Given::Computed(String::new()) } else { Given::Unknown }],
            },
            (Some(found), _) => self.below(found, rest),
            (None, Some(path)) if matches!(self, Self::JsonPath(_)) => {
                vec![if rest.is_empty() { Given::Computed(beginning_of_path(path)) } else { Given::Unknown }]
            }
            (None, _) => vec![Given::Missing],
        }
    }

    /// The keys of an object.
    fn keys(self, value: &Value, name: &str) -> Vec<Given> {
        let key_of = |key: &str| match self {
            Self::JsonPath(_) => parts(key.strip_suffix(".$").unwrap_or(key)),
            _ => parts(key),
        };
        match value.get(name).and_then(Value::as_object) {
            Some(object) => object.iter().map(|(key, _)| Given::Constant(key_of(key))).collect(),
            None => vec![Given::Computed(String::new())],
        }
    }
}

/// The text that the value of an expression surely begins with: `{% 'orders/' & $id %}`.
fn beginning(text: &str) -> String {
    let expression = text.trim_start_matches("{%").trim_end_matches("%}").trim();
    // Where quotes are escaped, nothing is made of it.
    if expression.contains('\\') {
        return String::new();
    }
    let Some(quote) = expression.chars().next().filter(|first| "'\"".contains(*first)) else {
        return String::new();
    };
    let Some((literal, behind)) = expression[1..].split_once(quote) else { return String::new() };
    let is_beginning = behind.trim_start().starts_with('&') && nothing_binds_looser(behind);
    if is_beginning { literal.to_owned() } else { String::new() }
}

/// Whether nothing outside of brackets binds looser than `&`, so that what stands before is where the text begins.
fn nothing_binds_looser(behind: &str) -> bool {
    let mut depth = 0_usize;
    let mut word = String::new();
    let mut rest = behind.chars();
    while let Some(character) = rest.next() {
        let is_word = character.is_alphanumeric() || "_$".contains(character);
        if !is_word && depth == 0 && ["or", "and", "in"].contains(&word.as_str()) {
            return false;
        }
        match character {
            '\'' | '"' | '`' if !rest.any(|other| other == character) => return false,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' | '=' | '!' | '<' | '>' | '~' | ':' | '/' if depth == 0 => return false,
            _ => {}
        }
        if is_word { word.push(character) } else { word.clear() }
    }
    true
}

/// The same of a Path: `States.Format('orders/{}', $.id)`.
fn beginning_of_path(path: &Value) -> String {
    let format = path.as_str().and_then(|path| path.trim_start().strip_prefix("States.Format("));
    let literal = format.and_then(|format| format.trim_start().strip_prefix('\''));
    let literal = literal.and_then(|literal| literal.split_once('\'')).map_or("", |(literal, _)| literal);
    let plain = literal.split(['{', '\\']).next().unwrap_or_default();
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_begin_with_what_they_surely_begin_with() {
        let cases = [
            ("{% 'orders/' & $states.input.id & '.json' %}", "orders/"),
            ("{% \"a\" & $f(x ? 1 : 2) %}", "a"),
            ("{% 'a' & $x = 'ab' ? 'c' : 'd' %}", ""),
            ("{% 'a' & $x or\n$y %}", ""),
            ("{% 'a' & $border %}", "a"),
            ("{% 'a' %}", ""),
            ("{% $x & 'a' %}", ""),
            ("{% 'a\\'b' & $x %}", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(beginning(text), expected, "{text}");
        }
        let cases = [("States.Format('orders/{}', $.id)", "orders/"), ("$.key", ""), ("States.UUID()", "")];
        for (text, expected) in cases {
            assert_eq!(beginning_of_path(&Value::from(text)), expected, "{text}");
        }
    }

    #[test]
    fn arguments_are_constant_computed_or_missing() {
        let value: Value = serde_json::from_value(serde_json::json!({
            "TableName": "orders", "Key": "{% $states.input.key %}", "Entries": [{"EventBusName": "a"}, {}],
            "RequestItems": {"t": []}, "Nested.$": "$.x",
        }))
        .unwrap();
        let at = |path: &str| Arguments::Jsonata(&value).at(path);
        let constant = |text: &str| Given::Constant(parts(text));
        assert_eq!(at("TableName"), [constant("orders")]);
        assert_eq!(at("Key"), [Given::Computed(String::new())]);
        assert_eq!(at("Entries[].EventBusName"), [constant("a"), Given::Missing]);
        assert_eq!(at("RequestItems{}"), [constant("t")]);
        assert_eq!(at("Other"), [Given::Missing]);
        let paths = Arguments::JsonPath(&value);
        assert_eq!(paths.at("Nested"), [Given::Computed(String::new())]);
        assert_eq!(paths.at("Nested.TableName"), [Given::Unknown]);
        assert_eq!(at("Key.id"), [Given::Unknown]);
        assert_eq!(at("Nested"), [Given::Missing]);
    }
}
