//! The methods that programs call: what each takes, what it does natively, and what it is to the builder.
//!
//! Separate from other expressions because a method is a row here and nothing anywhere else.

use sfn::{AnyVal, Flow, literal};

use super::payloads::Type::{self, Flag, Many, Maybe, Number, Text};
use super::payloads::{NUMBERS, Value};

/// A method whose arguments are values.
pub(super) struct Method {
    /// As Rust writes it, its arguments in the places of `{}`.
    pub(super) rust: &'static str,
    /// What it takes where something of a type is wanted, another type being free.
    pub(super) takes: fn(Type, &'static Type) -> Option<Vec<Type>>,
    pub(super) native: fn(&[Value]) -> Value,
    pub(super) twin: fn(&mut Flow, &[AnyVal]) -> AnyVal,
    /// Whether it may give something many times as long as what it takes.
    pub(super) multiplies: bool,
}

/// A method that calls a closure.
pub(super) struct Closure {
    /// As Rust writes it: what it is called on, then the parameter and the body in their places.
    pub(super) rust: [&'static str; 3],
    pub(super) takes: fn(Type, &'static Type) -> Option<Takes>,
    pub(super) native: fn(Value, &mut dyn FnMut(Value) -> Value) -> Value,
    pub(super) twin: Twin,
    pub(super) multiplies: bool,
}

/// What it is called on, what the closure takes, and what that gives, where something of a type is wanted.
type Takes = (Type, Type, Type);

type Twin = fn(&AnyVal, &mut Flow, &str, &mut dyn FnMut(&mut Flow, AnyVal) -> AnyVal) -> AnyVal;

macro_rules! rows {
    ($Row:ident $rust:expr, $takes:expr, $native:expr, $twin:expr $(, $multiplies:literal)?) => {
        $Row { rust: $rust, takes: $takes, native: $native, twin: $twin, multiplies: false $(|| $multiplies)? }
    };
}

impl std::fmt::Debug for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.rust)
    }
}

impl std::fmt::Debug for Closure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.rust)
    }
}

/// What a method takes that gives one type and no other.
fn given(wanted: Type, gives: Type, takes: &[Type]) -> Option<Vec<Type>> {
    (wanted == gives).then(|| takes.to_vec())
}

/// What a list holds that is wanted.
fn listed(wanted: Type) -> Option<&'static Type> {
    match wanted {
        Many(item) => Some(item),
        _ => None,
    }
}

/// What an option holds that is wanted.
fn optional(wanted: Type) -> Option<&'static Type> {
    match wanted {
        Maybe(held) => Some(held),
        _ => None,
    }
}

pub(super) fn number(value: &Value) -> i64 {
    match value {
        Value::Number(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

pub(super) fn flag(value: &Value) -> bool {
    match value {
        Value::Flag(flag) => *flag,
        other => panic!("{other:?} is no flag"),
    }
}

pub(super) fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

pub(super) fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Many(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

pub(super) fn maybe(value: Value) -> Option<Value> {
    match value {
        Value::Maybe(held) => held.map(|held| *held),
        other => panic!("{other:?} is no option"),
    }
}

fn optioned(held: Option<Value>) -> Value {
    Value::Maybe(held.map(Box::new))
}

fn list(of: &Value) -> Vec<Value> {
    items(of.clone())
}

fn option(of: &Value) -> Option<Value> {
    maybe(of.clone())
}

fn counted(count: usize) -> Value {
    Value::Number(i64::try_from(count).expect("few"))
}

pub(super) static METHODS: [Method; 33] = [
    rows!(Method "{}.min({})", |w, _| given(w, Number, &[Number, Number]),
        |v| Value::Number(number(&v[0]).min(number(&v[1]))), |_, v| v[0].min(&v[1])),
    rows!(Method "{}.max({})", |w, _| given(w, Number, &[Number, Number]),
        |v| Value::Number(number(&v[0]).max(number(&v[1]))), |_, v| v[0].max(&v[1])),
    rows!(Method "{}.abs()", |w, _| given(w, Number, &[Number]),
        |v| Value::Number(number(&v[0]).abs()), |_, v| v[0].abs()),
    rows!(Method "{}.signum()", |w, _| given(w, Number, &[Number]),
        |v| Value::Number(number(&v[0]).signum()), |flow, v| v[0].signum(flow)),
    rows!(Method "{}.rem_euclid(7)", |w, _| given(w, Number, &[Number]),
        |v| Value::Number(number(&v[0]).rem_euclid(7)), |_, v| v[0].rem_euclid(&literal(7))),
    rows!(Method "({}.len() as i32)", |w, _| given(w, Number, &[Text]),
        |v| counted(text(&v[0]).len()), |_, v| v[0].len().cast::<i32>()),
    rows!(Method "({}.len() as i32)", |w, free| given(w, Number, &[Many(free)]),
        |v| counted(list(&v[0]).len()), |_, v| v[0].len().cast::<i32>()),
    rows!(Method "{}.iter().sum::<i32>()", |w, _| given(w, Number, &[NUMBERS]),
        |v| Value::Number(list(&v[0]).iter().map(number).sum()), |_, v| v[0].sum()),
    rows!(Method "{}.unwrap_or_default()", |w, _| given(w, Number, &[Maybe(&Number)]),
        |v| option(&v[0]).unwrap_or(Value::Number(0)), |_, v| v[0].unwrap_or_default()),
    rows!(Method "{}.unwrap_or({})", |w, _| Some(vec![Maybe(w.held()?), w]),
        |v| option(&v[0]).unwrap_or(v[1].clone()), |_, v| v[0].unwrap_or(&v[1])),
    rows!(Method "{}.or({})", |w, _| Some(vec![Maybe(optional(w)?), w]),
        |v| if option(&v[0]).is_some() { v[0].clone() } else { v[1].clone() }, |_, v| v[0].or_option(&v[1])),
    rows!(Method "{}.is_some()", |w, free| given(w, Flag, &[Maybe(free)]),
        |v| Value::Flag(option(&v[0]).is_some()), |_, v| v[0].is_some()),
    rows!(Method "{}.is_none()", |w, free| given(w, Flag, &[Maybe(free)]),
        |v| Value::Flag(option(&v[0]).is_none()), |_, v| v[0].is_none()),
    rows!(Method "{}.then_some({})", |w, _| Some(vec![Flag, *optional(w)?]),
        |v| optioned(flag(&v[0]).then(|| v[1].clone())), |_, v| v[0].then_some(&v[1])),
    rows!(Method "{}.parse::<i32>().ok()", |w, _| given(w, Maybe(&Number), &[Text]),
        |v| optioned(text(&v[0]).parse::<i32>().ok().map(|n| Value::Number(n.into()))),
        |flow, v| v[0].parsed::<i32>(flow)),
    rows!(Method "{}.strip_prefix(\"a\").map(|rest| rest.to_string())", |w, _| given(w, Maybe(&Text), &[Text]),
        |v| optioned(text(&v[0]).strip_prefix('a').map(|rest| Value::Text(rest.to_owned()))),
        |flow, v| v[0].strip_prefix(&literal("a"), flow).map(flow, "rest", |_, rest| rest)),
    rows!(Method "{}.to_string()", |w, _| given(w, Text, &[Number]),
        |v| Value::Text(number(&v[0]).to_string()), |_, v| v[0].to_text()),
    rows!(Method "{}.to_uppercase()", |w, _| given(w, Text, &[Text]),
        |v| Value::Text(text(&v[0]).to_uppercase()), |_, v| v[0].to_uppercase()),
    rows!(Method "{}.trim().to_string()", |w, _| given(w, Text, &[Text]),
        |v| Value::Text(text(&v[0]).trim().to_owned()), |_, v| v[0].trim()),
    rows!(Method "{}.replace(\"1\", \" é\")", |w, _| given(w, Text, &[Text]),
        |v| Value::Text(text(&v[0]).replace('1', " é")), |_, v| v[0].replace(&literal("1"), &literal(" é")), true),
    rows!(Method "{}.join(\"-\")", |w, _| given(w, Text, &[Many(&Text)]),
        |v| Value::Text(list(&v[0]).iter().map(text).collect::<Vec<_>>().join("-")),
        |_, v| v[0].join(&literal("-")), true),
    rows!(Method "{}.is_empty()", |w, _| given(w, Flag, &[Text]),
        |v| Value::Flag(text(&v[0]).is_empty()), |_, v| v[0].is_empty()),
    rows!(Method "{}.contains({}.as_str())", |w, _| given(w, Flag, &[Text, Text]),
        |v| Value::Flag(text(&v[0]).contains(text(&v[1]))), |_, v| v[0].contains(&v[1])),
    rows!(Method "{}.starts_with({}.as_str())", |w, _| given(w, Flag, &[Text, Text]),
        |v| Value::Flag(text(&v[0]).starts_with(text(&v[1]))), |flow, v| v[0].starts_with(&v[1], flow)),
    rows!(Method "{}.contains(&{})", |w, _| given(w, Flag, &[NUMBERS, Number]),
        |v| Value::Flag(list(&v[0]).contains(&v[1])), |_, v| v[0].contains(&v[1])),
    rows!(Method "{}.first().cloned()", |w, _| Some(vec![Many(optional(w)?)]),
        |v| optioned(list(&v[0]).first().cloned()), |_, v| v[0].first()),
    rows!(Method "{}.last().cloned()", |w, _| Some(vec![Many(optional(w)?)]),
        |v| optioned(list(&v[0]).last().cloned()), |_, v| v[0].last()),
    rows!(Method "{}.get(1).cloned()", |w, _| Some(vec![Many(optional(w)?)]),
        |v| optioned(list(&v[0]).get(1).cloned()), |_, v| v[0].nth(&literal(1))),
    rows!(Method "{}.iter().max().cloned()", |w, _| given(w, Maybe(&Number), &[NUMBERS]),
        |v| optioned(list(&v[0]).iter().map(number).max().map(Value::Number)), |_, v| v[0].greatest()),
    rows!(Method "{}.iter().skip(1).cloned().collect::<Vec<_>>()", |w, _| listed(w).map(|_| vec![w]),
        |v| Value::Many(list(&v[0]).into_iter().skip(1).collect()), |flow, v| v[0].skip(&literal(1), flow)),
    rows!(Method "{}.iter().rev().cloned().collect::<Vec<_>>()", |w, _| listed(w).map(|_| vec![w]),
        |v| Value::Many(list(&v[0]).into_iter().rev().collect()), |_, v| v[0].rev()),
    rows!(Method "{}.iter().chain({}.iter()).cloned().collect::<Vec<_>>()", |w, _| listed(w).map(|_| vec![w, w]),
        |v| Value::Many(list(&v[0]).into_iter().chain(list(&v[1])).collect()), |_, v| v[0].chain(&v[1]), true),
    rows!(Method "{}.iter().take(3).cloned().collect::<Vec<_>>()", |w, _| listed(w).map(|_| vec![w]),
        |v| Value::Many(list(&v[0]).into_iter().take(3).collect()), |flow, v| v[0].take(&literal(3), flow)),
];

pub(super) static CLOSURES: [Closure; 15] = [
    rows!(Closure ["", ".into_iter().map(|{}| {})", ".collect::<Vec<_>>()"],
        |w, free| listed(w).map(|item| (Many(free), *free, *item)),
        |of, f| Value::Many(items(of).into_iter().map(f).collect()), |of, flow, name, f| of.map(flow, name, f)),
    rows!(Closure ["", ".iter().filter(|{}| {})", ".cloned().collect::<Vec<_>>()"],
        |w, _| listed(w).map(|item| (w, *item, Flag)),
        |of, f| Value::Many(items(of).into_iter().filter(|item| flag(&f(item.clone()))).collect()),
        |of, flow, name, f| of.filter(flow, name, f)),
    rows!(Closure ["", ".into_iter().filter_map(|{}| {})", ".collect::<Vec<_>>()"],
        |w, free| Some((Many(free), *free, Maybe(listed(w)?.held()?))),
        |of, f| Value::Many(items(of).into_iter().filter_map(|item| maybe(f(item))).collect()),
        |of, flow, name, f| of.filter_map(flow, name, f)),
    rows!(Closure ["", ".into_iter().flat_map(|{}| {})", ".collect::<Vec<_>>()"],
        |w, free| listed(w).map(|_| (Many(free), *free, w)),
        |of, f| Value::Many(items(of).into_iter().flat_map(|item| self::items(f(item))).collect()),
        |of, flow, name, f| of.flat_map(flow, name, f), true),
    rows!(Closure ["", ".into_iter().any(|{}| {})", ""], |w, free| (w == Flag).then_some((Many(free), *free, Flag)),
        |of, f| Value::Flag(items(of).into_iter().any(|item| flag(&f(item)))),
        |of, flow, name, f| of.any(flow, name, f)),
    rows!(Closure ["", ".into_iter().all(|{}| {})", ""], |w, free| (w == Flag).then_some((Many(free), *free, Flag)),
        |of, f| Value::Flag(items(of).into_iter().all(|item| flag(&f(item)))),
        |of, flow, name, f| of.all(flow, name, f)),
    rows!(Closure ["", ".iter().find(|{}| {})", ".cloned()"],
        |w, _| optional(w).map(|item| (Many(item), *item, Flag)),
        |of, f| optioned(items(of).into_iter().find(|item| flag(&f(item.clone())))),
        |of, flow, name, f| of.find(flow, name, f)),
    rows!(Closure ["", ".into_iter().find_map(|{}| {})", ""],
        |w, free| optional(w).map(|_| (Many(free), *free, w)),
        |of, f| optioned(items(of).into_iter().find_map(|item| maybe(f(item)))),
        |of, flow, name, f| of.find_map(flow, name, f)),
    rows!(Closure ["", ".iter().max_by_key(|{}| {})", ".cloned()"],
        |w, _| optional(w).map(|item| (Many(item), *item, Number)),
        |of, f| optioned(items(of).into_iter().max_by_key(|item| number(&f(item.clone())))),
        |of, flow, name, f| of.max_by_key(flow, name, f)),
    rows!(Closure ["", ".iter().filter(|{}| {})", ".count() as i32"],
        |w, free| (w == Number).then_some((Many(free), *free, Flag)),
        |of, f| counted(items(of).into_iter().filter(|item| flag(&f(item.clone()))).count()),
        |of, flow, name, f| of.filter(flow, name, f).count().cast::<i32>()),
    rows!(Closure ["", ".map(|{}| {})", ""], |w, free| Some((Maybe(free), *free, *optional(w)?)),
        |of, f| optioned(maybe(of).map(f)), |of, flow, name, f| of.map(flow, name, f)),
    rows!(Closure ["", ".and_then(|{}| {})", ""], |w, free| optional(w).map(|_| (Maybe(free), *free, w)),
        |of, f| optioned(maybe(of).and_then(|held| maybe(f(held)))),
        |of, flow, name, f| of.and_then(flow, name, f)),
    rows!(Closure ["", ".filter(|{}| {})", ""], |w, _| optional(w).map(|held| (w, *held, Flag)),
        |of, f| optioned(maybe(of).filter(|held| flag(&f(held.clone())))),
        |of, flow, name, f| of.filter(flow, name, f)),
    rows!(Closure ["", ".is_some_and(|{}| {})", ""], |w, free| (w == Flag).then_some((Maybe(free), *free, Flag)),
        |of, f| Value::Flag(maybe(of).is_some_and(|held| flag(&f(held)))),
        |of, flow, name, f| of.is_some_and(flow, name, f)),
    rows!(Closure ["", ".map_or(7, |{}| {})", ""], |w, free| (w == Number).then_some((Maybe(free), *free, Number)),
        |of, f| maybe(of).map_or(Value::Number(7), f),
        |of, flow, name, f| of.map_or(&literal(7), flow, name, f)),
];
