//! Prints an expression as JSONata: as few parentheses as the precedences allow, and no value of one element unwrapped.
//! Separate because it is the only place that knows the language's grammar.

use serde_json::Value;

use super::raw;
use crate::ir::{Element, Expr, ExprKind, Operator, Sequence, Source, VariableId};

/// How tightly a construct holds together; JSONata's own binding powers.
type Power = u8;

const ANY: Power = 0;
const CONDITIONAL: Power = 20;
const OR: Power = 25;
const AND: Power = 30;
const COMPARISON: Power = 40;
const SUM: Power = 50;
const PRODUCT: Power = 60;
const NEGATION: Power = 70;
const PATH: Power = 75;
const ATOM: Power = 80;

/// The variable of a truncating division, which is bound inside it.
const QUOTIENT: &str = "$quotient";

/// What makes a text that UTF-16 orders as UTF-8 orders its original: every byte beyond ASCII behind a mark beyond ASCII.
const ORDINAL: &str =
    r", /[^\u0000-\u007F]+/, function($m) {$replace($encodeUrlComponent($m.match), '%', '\u0080')})";

/// The text of an expression, without the `{%` and `%}` around it.
pub(crate) fn print(expr: &Expr, names: &dyn Fn(VariableId) -> String) -> String {
    let mut printer = Printer { text: String::new(), names };
    printer.expr(expr, ANY);
    printer.text
}

struct Printer<'n> {
    text: String,
    names: &'n dyn Fn(VariableId) -> String,
}

impl Printer<'_> {
    fn put(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
    }

    /// Prints an expression where one of at least this power is expected.
    fn expr(&mut self, expr: &Expr, expected: Power) {
        let parenthesize = power(expr) < expected;
        if parenthesize {
            self.text.push('(');
        }
        self.bare(expr);
        if parenthesize {
            self.text.push(')');
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match expr.kind() {
            ExprKind::Literal(value) => self.literal(value),
            ExprKind::Variable(id) => {
                self.text.push('$');
                self.put((self.names)(*id));
            }
            ExprKind::Source(source) => self.put(source_text(*source)),
            ExprKind::Field { of, wire, absent: None } => self.field(of, wire),
            ExprKind::Field { of, wire, absent: Some(absent) } => {
                self.put("$exists(");
                self.field(of, wire);
                self.put(") ? ");
                self.field(of, wire);
                self.put(" : ");
                self.literal(absent);
            }
            ExprKind::Index { of, index } => {
                self.list_of(of);
                self.put(format!("[{index}]"));
            }
            ExprKind::Element { of, at } => {
                self.list_of(of);
                self.text.push('[');
                self.expr(at, ANY);
                self.text.push(']');
            }
            ExprKind::Function { name, arguments } => {
                self.put(format!("${name}("));
                self.list(arguments, ", ", |printer, argument| printer.expr(argument, ANY));
                self.text.push(')');
            }
            ExprKind::Lambda { parameters, body } => {
                self.put("function(");
                self.list(parameters, ", ", |printer, id| printer.put(format!("${}", (printer.names)(*id))));
                self.put(") {");
                self.expr(body, ANY);
                self.text.push('}');
            }
            ExprKind::Collected(sequence) => {
                self.text.push('[');
                self.sequence(sequence);
                self.text.push(']');
            }
            ExprKind::FirstOr(sequence, otherwise) => {
                self.text.push('[');
                self.sequence(sequence);
                self.put(", ");
                self.element(otherwise);
                self.put("][0]");
            }
            ExprKind::Pattern(pattern) => self.put(format!("/{pattern}/")),
            ExprKind::Ordinal(inner) => {
                self.put("$replace(");
                self.expr(inner, ANY);
                self.put(ORDINAL);
            }
            ExprKind::When { condition, then } => {
                self.expr(condition, CONDITIONAL + 1);
                self.put(" ? ");
                self.expr(then, CONDITIONAL + 1);
            }
            ExprKind::Exists(inner) => self.call("$exists", inner),
            ExprKind::Not(inner) => self.call("$not", inner),
            ExprKind::Text(inner) => self.call("$string", inner),
            ExprKind::Negate(inner) => {
                self.text.push('-');
                self.expr(inner, NEGATION);
            }
            ExprKind::Binary { operator, left, right } => self.binary(*operator, left, right),
            ExprKind::Quotient { left, right, signed } => self.quotient(left, right, *signed),
            ExprKind::Concat(parts) => self.list(parts, " & ", |printer, part| printer.expr(part, SUM + 1)),
            ExprKind::If { condition, then, otherwise } => {
                self.expr(condition, CONDITIONAL + 1);
                self.put(" ? ");
                self.expr(then, CONDITIONAL + 1);
                self.put(" : ");
                self.expr(otherwise, CONDITIONAL);
            }
            ExprKind::Merge(_)
            | ExprKind::Array(_)
            | ExprKind::Range { .. }
            | ExprKind::Object(_)
            | ExprKind::Entry { .. }
            | ExprKind::Placeholder(_)
            | ExprKind::Raw { .. }
            | ExprKind::Local { .. } => self.bracketed(expr),
        }
    }

    /// What stands in brackets of its own.
    fn bracketed(&mut self, expr: &Expr) {
        match expr.kind() {
            ExprKind::Merge(parts) => {
                self.put("$merge([");
                self.list(parts, ", ", |printer, part| printer.expr(part, ANY));
                self.put("])");
            }
            ExprKind::Array(elements) => {
                self.text.push('[');
                self.list(elements, ", ", Self::element);
                self.text.push(']');
            }
            ExprKind::Range { from, last } => {
                self.text.push('[');
                self.expr(from, CONDITIONAL + 1);
                self.put("..");
                self.expr(last, CONDITIONAL + 1);
                self.text.push(']');
            }
            ExprKind::Object(entries) => {
                self.text.push('{');
                self.list(entries, ", ", |printer, (name, value)| {
                    printer.string(name);
                    printer.put(": ");
                    printer.expr(value, ANY);
                });
                self.text.push('}');
            }
            ExprKind::Entry { key, value } => {
                self.text.push('{');
                self.expr(key, ANY);
                self.put(": ");
                self.expr(value, ANY);
                self.text.push('}');
            }
            // Its `${` is to be found by whoever fills it in.
            ExprKind::Placeholder(text) => self.placeholder(text),
            ExprKind::Raw { text, names } => self.raw(text, names),
            ExprKind::Local { bindings, body } => {
                self.text.push('(');
                for (id, bound) in bindings {
                    self.put(format!("${} := ", (self.names)(*id)));
                    self.expr(bound, ANY);
                    self.put("; ");
                }
                self.expr(body, ANY);
                self.text.push(')');
            }
            _ => {}
        }
    }

    /// A text with what its names stand for.
    fn raw(&mut self, text: &str, names: &[(String, Expr)]) {
        let arguments = names.iter().map(|(name, expr)| raw::Argument {
            name,
            text: print(expr, self.names),
            // A place of a place is another question to the same list.
            is_whole: power(expr) >= PATH && !is_place(expr),
            is_trivial: expr.is_trivial(),
            is_volatile: expr.is_volatile(),
        });
        let filled = raw::fill(text, &arguments.collect::<Vec<_>>());
        self.put(filled);
    }

    /// A list of which a place is read. JSONata takes two places in a row for two questions to the same list.
    fn list_of(&mut self, list: &Expr) {
        self.expr(list, if is_place(list) { ATOM } else { PATH });
    }

    fn list<T>(&mut self, items: &[T], separator: &str, mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put(separator);
            }
            print(self, item);
        }
    }

    /// What a function gave, inside a constructor; `[]` keeps the only list among it from being taken for the whole.
    fn sequence(&mut self, sequence: &Sequence) {
        self.expr(&sequence.expr, PATH);
        if sequence.nested {
            self.put("[]");
        }
    }

    fn call(&mut self, function: &str, argument: &Expr) {
        self.put(function);
        self.text.push('(');
        self.expr(argument, ANY);
        self.text.push(')');
    }

    fn field(&mut self, of: &Expr, wire: &str) {
        // A name cannot hold the quote that names are quoted with.
        if wire.contains('`') {
            self.put("$lookup(");
            self.expr(of, ANY);
            self.put(", ");
            self.string(wire);
            self.text.push(')');
            return;
        }
        self.expr(of, if begins_with_constructor(of) { ATOM } else { PATH });
        self.text.push('.');
        if is_name(wire) {
            self.put(wire);
        } else {
            self.put(format!("`{wire}`"));
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr) {
        let power = operator_power(operator);
        // `and` and `or` may be regrouped; the others read from the left.
        let regroups = matches!(operator, Operator::And | Operator::Or);
        self.expr(left, power);
        self.put(format!(" {} ", operator_text(operator)));
        self.expr(right, if regroups { power } else { power + 1 });
    }

    fn quotient(&mut self, left: &Expr, right: &Expr, signed: bool) {
        self.put(if signed { "($quotient := " } else { "$floor(" });
        if right.as_literal().and_then(Value::as_i64) == Some(1) {
            self.expr(left, ANY);
        } else {
            self.binary(Operator::Divide, left, right);
        }
        if signed {
            self.put(format!("; {QUOTIENT} < 0 ? $ceil({QUOTIENT}) : $floor({QUOTIENT})"));
        }
        self.text.push(')');
    }

    /// An element of a constructor, which flattens whatever array it is given but one in brackets of its own.
    fn element(&mut self, element: &Element) {
        match element {
            Element::Array(expr) if !is_constructor(expr) => {
                self.text.push('[');
                self.expr(expr, ANY);
                self.text.push(']');
            }
            Element::Plain(expr) | Element::Array(expr) => self.expr(expr, ANY),
            Element::Unknown(expr) => {
                self.call("$type", expr);
                self.put(" = 'array' ? [[");
                self.expr(expr, ANY);
                self.put("]] : ");
                self.expr(expr, CONDITIONAL);
            }
        }
    }

    fn literal(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => self.put(value.to_string()),
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.text.push('[');
                self.list(items, ", ", Self::literal);
                self.text.push(']');
            }
            Value::Object(entries) => {
                let entries: Vec<_> = entries.iter().collect();
                self.text.push('{');
                self.list(&entries, ", ", |printer, (name, value)| {
                    printer.string(name);
                    printer.put(": ");
                    printer.literal(value);
                });
                self.text.push('}');
            }
        }
    }

    /// A string in the quotes it does not hold; JSONata knows no escape for a single one.
    fn string(&mut self, text: &str) {
        let quote = if text.contains('\'') { '"' } else { '\'' };
        self.quoted(text, quote, &|before, letter| match letter {
            '"' if quote == '"' => Some("\\\""),
            // What CloudFormation or Terraform would put in.
            '{' if before == '$' => Some("\\u007B"),
            _ => None,
        });
    }

    /// A text whose `${` is to be found by whoever fills it in.
    fn placeholder(&mut self, text: &str) {
        self.quoted(text, '\'', &|_, letter| (letter == '\'').then_some("\\u0027"));
    }

    fn quoted(&mut self, text: &str, quote: char, escape: &dyn Fn(char, char) -> Option<&'static str>) {
        self.text.push(quote);
        let mut before = ' ';
        for letter in text.chars() {
            match letter {
                other if let Some(escaped) = escape(before, other) => self.put(escaped),
                '\\' => self.put("\\\\"),
                '\n' => self.put("\\n"),
                '\t' => self.put("\\t"),
                '\r' => self.put("\\r"),
                // `%}` would end the expression, `%{` begins what Terraform works off.
                '}' if before == '%' => self.put("\\u007D"),
                '{' if before == '%' => self.put("\\u007B"),
                control if control.is_control() => self.put(format!("\\u{:04X}", control as u32)),
                other => self.text.push(other),
            }
            before = letter;
        }
        self.text.push(quote);
    }
}

/// Whether it is a place of a list, as JSONata writes one.
fn is_place(expr: &Expr) -> bool {
    matches!(expr.kind(), ExprKind::Index { .. } | ExprKind::Element { .. })
}

fn power(expr: &Expr) -> Power {
    match expr.kind() {
        ExprKind::Raw { .. } => ANY,
        ExprKind::Field { absent: Some(_), .. } | ExprKind::If { .. } | ExprKind::When { .. } => CONDITIONAL,
        ExprKind::Binary { operator, .. } => operator_power(*operator),
        ExprKind::Concat(_) => SUM,
        ExprKind::Negate(_) => NEGATION,
        ExprKind::Field { .. }
        | ExprKind::Index { .. }
        | ExprKind::Element { .. }
        | ExprKind::FirstOr(..) => PATH,
        _ => ATOM,
    }
}

fn operator_power(operator: Operator) -> Power {
    match operator {
        Operator::Or => OR,
        Operator::And => AND,
        Operator::Add | Operator::Subtract => SUM,
        Operator::Multiply | Operator::Divide | Operator::Remainder => PRODUCT,
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::In => COMPARISON,
    }
}

fn operator_text(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::And => "and",
        Operator::Or => "or",
        other => other.rust(),
    }
}

fn source_text(source: Source) -> &'static str {
    match source {
        Source::Input => "$states.input",
        Source::ExecutionInput => "$states.context.Execution.Input",
        Source::Result => "$states.result",
        Source::Payload => "$states.result.Payload",
        Source::ErrorOutput => "$states.errorOutput",
        Source::ErrorFields => "$parse($parse($states.errorOutput.Cause).errorMessage).fields",
        Source::ExecutionId => "$states.context.Execution.Id",
        Source::ExecutionName => "$states.context.Execution.Name",
        Source::StartTime => "$states.context.Execution.StartTime",
        Source::MachineId => "$states.context.StateMachine.Id",
        Source::MachineName => "$states.context.StateMachine.Name",
        Source::RetryCount => "$states.context.State.RetryCount",
        Source::TaskToken => "$states.context.Task.Token",
        Source::Item => "$states.context.Map.Item.Value",
        // Only a State with Retriers has a RetryCount; without one the entry is left out.
        Source::TaskContext => {
            "$states.context.{'execution': Execution.Id, 'state': State.Name, 'retryCount': State.RetryCount}"
        }
        Source::Visit => {
            "$states.context.{'execution': Execution.Id, 'state': State.Name, 'entered': State.EnteredTime}"
        }
        Source::VisitOfItem => {
            "$states.context.{'execution': Execution.Id, 'state': State.Name, 'entered': State.EnteredTime, 'item': Map.Item.Index}"
        }
        Source::ItemIndex => "$states.context.Map.Item.Index",
    }
}

/// Whether an element of an array constructor is taken, which a path goes on from only in brackets: `([$a, $b][0]).c`.
fn begins_with_constructor(expr: &Expr) -> bool {
    match expr.kind() {
        ExprKind::FirstOr(..) => true,
        ExprKind::Index { of, .. } | ExprKind::Element { of, .. } => {
            is_constructor(of) || begins_with_constructor(of)
        }
        _ => false,
    }
}

fn is_constructor(expr: &Expr) -> bool {
    match expr.kind() {
        ExprKind::Array(_) | ExprKind::Range { .. } | ExprKind::Collected(_) => true,
        ExprKind::Literal(value) => value.is_array(),
        _ => false,
    }
}

/// Whether a field needs no quotes.
fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let continues = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    starts && continues && !matches!(text, "and" | "or" | "in" | "true" | "false" | "null" | "function")
}

#[cfg(test)]
mod tests;
