//! Methods on values, those that change what they are called on among them.
//! Separate from calls, whose methods are options of a State.

use quote::ToTokens;
use syn::{Expr as SynExpr, ExprMethodCall};

use super::call::{foreign, sole_expr};
use super::reader::Reader;
use super::{Action, Call, Expr, ExprKind, Extent, OkOr, chain};
use crate::workflow::text;

/// Methods that say nothing new on the wire.
const TRANSPARENT: [&str; 12] = [
    "clone",
    "to_owned",
    "into",
    "as_str",
    "as_ref",
    "as_deref",
    "cloned",
    "copied",
    "iter",
    "into_iter",
    "to_vec",
    "as_slice",
];

/// Methods that the builder has, and how many arguments they take.
pub(in crate::workflow) const METHODS: [(&str, usize); 50] = [
    ("len", 0),
    ("is_empty", 0),
    ("contains", 1),
    ("contains_key", 1),
    ("to_uppercase", 0),
    ("to_lowercase", 0),
    ("join", 1),
    ("is_some", 0),
    ("is_none", 0),
    ("unwrap_or", 1),
    ("unwrap_or_default", 0),
    ("first", 0),
    ("last", 0),
    ("min", 1),
    ("max", 1),
    ("abs", 0),
    ("min", 0),
    ("max", 0),
    ("sum", 0),
    ("count", 0),
    ("rev", 0),
    ("zip", 1),
    ("trim", 0),
    ("trim_start", 0),
    ("trim_end", 0),
    ("replace", 2),
    ("split", 1),
    ("clamp", 2),
    ("unsigned_abs", 0),
    ("abs_diff", 1),
    ("floor", 0),
    ("ceil", 0),
    ("sqrt", 0),
    ("trunc", 0),
    ("is_positive", 0),
    ("is_negative", 0),
    ("saturating_add", 1),
    ("saturating_sub", 1),
    ("saturating_mul", 1),
    ("rem_euclid", 1),
    ("div_euclid", 1),
    ("get", 1),
    ("nth", 1),
    ("chain", 1),
    ("or", 1),
    ("then_some", 1),
    ("expose", 0),
    ("summary", 0),
    ("plus_secs", 1),
    ("secs_since", 1),
];

/// Whether a method behind a call asks what the call gives, and says nothing about the call of a task.
pub(super) fn is_value_method(call: &Call, method: &ExprMethodCall) -> bool {
    let name = method.method.to_string();
    let is_known = chain::known(method).is_some()
        || METHODS.contains(&(name.as_str(), method.args.len()))
        || TRANSPARENT.contains(&name.as_str())
        || matches!(name.as_str(), "to_string" | "collect" | "ok_or" | "ok_or_else" | "parse");
    call.options.is_empty() && call.compensations.is_empty() && is_known
}

pub(super) fn value_method(reader: &mut Reader, receiver: Expr, method: &ExprMethodCall) -> ExprKind {
    let name = method.method.to_string();
    let is_value = match &receiver.kind {
        ExprKind::Step { propagates, .. } => *propagates,
        ExprKind::Action(action) => matches!(action, Action::Call(_)),
        _ => true,
    };
    if is_value && let Some((_, to)) = CHANGES.iter().find(|(known, _)| *known == name) {
        return change(reader, receiver, method, to);
    }
    if is_value && let Some(failure) = otherwise(method) {
        let text = text::one_line(&method.receiver.to_token_stream());
        return ExprKind::OkOr(Box::new(OkOr { option: receiver, text, failure: reader.expr(failure) }));
    }
    if is_value && let Some(known) = chain::known(method) {
        return ExprKind::Chain(Box::new(chain::read(reader, receiver, &method.method, method, known)));
    }
    if is_value
        && name == "collect"
        && let Some(into) = chain::sole_type(method).and_then(chain::into)
    {
        return chain::collected(receiver, method, into);
    }
    if is_value
        && name == "parse"
        && let Some(ty) = chain::sole_type(method)
    {
        return ExprKind::Parse(Box::new(receiver), Box::new(ty.clone()));
    }
    if name == "ok" && method.args.is_empty() && matches!(receiver.kind, ExprKind::Parse(..)) {
        return receiver.kind;
    }
    let typed = method.turbofish.is_some() && name != "sum";
    if is_value && !typed && METHODS.contains(&(name.as_str(), method.args.len())) {
        let arguments = reader.exprs(&method.args);
        return ExprKind::Method { receiver: Box::new(receiver), name: method.method.clone(), arguments };
    }
    if !method.args.is_empty() || method.turbofish.is_some() {
        return foreign(&SynExpr::MethodCall(method.clone()));
    }
    match name.as_str() {
        "to_string" => ExprKind::Text(Box::new(receiver)),
        _ if TRANSPARENT.contains(&name.as_str()) => receiver.kind,
        _ => foreign(&SynExpr::MethodCall(method.clone())),
    }
}

/// Methods that change what they are called on, and what makes the new value of the old.
const CHANGES: [(&str, &str); 16] = [
    ("push", "push"),
    ("push_str", "push_str"),
    ("insert", "insert"),
    ("remove", "remove"),
    ("clear", "clear"),
    ("extend", "chain"),
    ("extend_from_slice", "chain"),
    ("truncate", "take"),
    ("retain", "filter"),
    ("sort", "sort"),
    ("sort_unstable", "sort_unstable"),
    ("sort_by_key", "sort_by_key"),
    ("sort_by_cached_key", "sort_by_key"),
    ("dedup", "dedup"),
    ("reverse", "rev"),
    ("pop", "pop"),
];

/// The names of these methods.
pub(in crate::workflow) fn changing_methods() -> impl Iterator<Item = &'static str> {
    CHANGES.iter().map(|(name, _)| *name)
}

/// `found.push(value)`: the place, and the value it is given.
fn change(reader: &mut Reader, place: Expr, method: &ExprMethodCall, to: &str) -> ExprKind {
    let receiver = reader.expr(&method.receiver);
    let name = proc_macro2::Ident::new(to, method.method.span());
    let value = if let Some(known) = chain::changing(&name, method) {
        ExprKind::Chain(Box::new(chain::read(reader, receiver, &name, method, known)))
    } else if method.turbofish.is_some() {
        return foreign(&SynExpr::MethodCall(method.clone()));
    } else {
        let arguments = reader.exprs(&method.args);
        ExprKind::Method { receiver: Box::new(receiver), name, arguments }
    };
    let value = Expr { extent: Extent::of(method), place: None, kind: value };
    let gives = ["insert", "remove", "pop"].iter().any(|known| method.method == known);
    ExprKind::Change { place: Box::new(place), value: Box::new(value), gives }
}

/// The failure of `ok_or(failure)` and `ok_or_else(|| failure)`.
fn otherwise(method: &ExprMethodCall) -> Option<&SynExpr> {
    let [argument] = method.args.iter().collect::<Vec<_>>()[..] else { return None };
    match argument {
        failure if method.method == "ok_or" => Some(failure),
        SynExpr::Closure(closure) if method.method == "ok_or_else" && closure.inputs.is_empty() => {
            Some(sole_expr(&closure.body))
        }
        _ => None,
    }
}
