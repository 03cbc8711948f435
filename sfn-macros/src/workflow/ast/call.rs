//! Calls: of tasks, of constructors, of the few functions, methods and macros a workflow has.
//! Separate because names decide here what a call is, and nowhere else.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr as SynExpr, ExprCall, ExprMethodCall, Macro, Path, Token};

use super::pattern::{is_variant, starts_upper};
use super::reader::Reader;
use super::{
    Action, Block, Branch, Call, CallOption, Compensation, Constant, Expr, ExprKind, Extent, Fixed, Foreign,
    Map, OkOr, Pattern, Place, chain, context, distributed, fixed, format, json, service, short,
};
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

pub(super) fn function_call(reader: &mut Reader, syntax: &SynExpr, call: &ExprCall) -> ExprKind {
    let path = match &*call.func {
        SynExpr::Path(path) if path.qself.is_none() => &path.path,
        _ => return foreign(syntax),
    };
    let arguments: Vec<_> = call.args.iter().collect();
    if is_commit(path) && arguments.is_empty() {
        return ExprKind::Commit;
    }
    match (ours(path).as_deref(), arguments.as_slice()) {
        (Some("Ok"), [value]) => ExprKind::Ok(Box::new(reader.expr(value))),
        (Some("Err"), [failure]) => ExprKind::Err(Box::new(reader.expr(failure))),
        (Some("Some"), [value]) => ExprKind::Some(Box::new(reader.expr(value))),
        (Some("fail"), [error, cause]) => {
            ExprKind::Fail(Box::new(reader.expr(error)), Box::new(reader.expr(cause)))
        }
        (Some("sleep"), [duration]) => {
            ExprKind::Action(Action::Sleep(Box::new(constant(reader, duration, fixed::duration))))
        }
        (Some("map"), [items, body]) => map(reader, items, body),
        (Some("task_token"), []) => ExprKind::TaskToken,
        (Some(name @ ("execution" | "state_machine")), []) => {
            let advice = match name {
                "execution" => {
                    "`execution()` by itself: ask it for `.id()`, `.name()`, `.start_time()` or `.input::<T>()?`"
                }
                _ => "`state_machine()` by itself: ask it for `.id()` or `.name()`",
            };
            ExprKind::Foreign(Foreign::Let(Extent::of(syntax), advice))
        }
        (Some(name), []) if let Some(asked) = context::function(name, path) => {
            ExprKind::Context(Box::new(asked))
        }
        (Some("map_distributed"), [source, body]) => distributed::map_distributed(reader, source, body),
        (Some(_), _) => ExprKind::Foreign(Foreign::Judged),
        (None, _)
            if path.segments.len() > 1 && path.segments.last().is_some_and(|last| last.ident == "sleep") =>
        {
            let advice = "this `sleep`: write `sleep(secs(30)).await`, which is a Wait State";
            ExprKind::Foreign(Foreign::Let(Extent::of(syntax), advice))
        }
        (None, _) if distributed::format(path).is_some() => {
            let advice = "a reader of items here: write it as the first argument of `map_distributed`";
            ExprKind::Foreign(Foreign::Let(Extent::of(syntax), advice))
        }
        (None, [key]) if path.segments.last().is_some_and(|last| last.ident == "Reverse") => {
            // What is compared the other way round is as good as its opposite.
            ExprKind::Negate(Box::new(reader.expr(key)))
        }
        (None, _) if let Some(made) = of_std(reader, path, &arguments) => made,
        (None, _) if last_is_upper(path) => {
            ExprKind::Constructor { path: path.clone(), arguments: reader.exprs(&call.args) }
        }
        (None, [text]) if is_string_from(path) => reader.expr(text).kind,
        (None, _) if short::is_associated(path) || is_of_rust(path) => foreign(syntax),
        (None, _) => ExprKind::Action(Action::Call(Box::new(Call {
            task: path.clone(),
            arguments: reader.exprs(&call.args),
            options: Vec::new(),
            parts: Vec::new(),
            compensations: Vec::new(),
            starts: false,
        }))),
    }
}

/// `saga::commit`
fn is_commit(path: &Path) -> bool {
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    names.next().is_some_and(|name| name == "commit") && names.next().is_some_and(|name| name == "saga")
}

/// Whether the twin names a callee as well: a task or the constructor of a tuple struct.
pub(in crate::workflow) fn is_named_in_twin(path: &Path) -> bool {
    let is_elsewhere = is_commit(path) || distributed::format(path).is_some();
    ours(path).is_none() && !is_variant(path) && !is_elsewhere
}

/// The name of one of our own functions, or of `Ok`, `Err` and `Some`.
pub(super) fn ours(path: &Path) -> Option<String> {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (name, before) = names.split_last()?;
    let is_ours = match before {
        [] => matches!(
            name.as_str(),
            "Ok" | "Err"
                | "Some"
                | "fail"
                | "sleep"
                | "map"
                | "task_token"
                | "map_distributed"
                | "execution"
                | "state_machine"
                | "now"
                | "uuid"
                | "random"
                | "retry_count"
                | "secs"
                | "mins"
                | "hours"
                | "days"
        ),
        [first, ..] => {
            first == "sfn"
                && matches!(
                    name.as_str(),
                    "fail"
                        | "sleep"
                        | "map"
                        | "map_distributed"
                        | "task_token"
                        | "execution"
                        | "state_machine"
                        | "now"
                        | "uuid"
                        | "random"
                        | "retry_count"
                )
        }
    };
    is_ours.then(|| name.clone())
}

/// Whether a callee is `map`, which runs a body for each of many items.
pub(in crate::workflow) fn is_map(callee: &SynExpr) -> bool {
    match callee {
        SynExpr::Path(path) => ours(&path.path).as_deref() == Some("map"),
        SynExpr::Paren(inner) => is_map(&inner.expr),
        _ => false,
    }
}

fn last_is_upper(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| starts_upper(&segment.ident))
}

/// `Vec::new()`, `String::new()`, `BTreeMap::new()`, `BTreeMap::from([(key, value)])`; and `Pii::new(value)`, which is on the
/// wire what the value is.
fn of_std(reader: &mut Reader, path: &Path, arguments: &[&SynExpr]) -> Option<ExprKind> {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match (names.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), arguments) {
        ([.., "Vec", "new" | "default"], []) | ([.., "Vec", "with_capacity"], [_]) => {
            Some(ExprKind::Array(Vec::new()))
        }
        ([.., "Vec", "from"], [list @ (SynExpr::Array(_) | SynExpr::Repeat(_))]) => {
            Some(reader.expr(list).kind)
        }
        ([.., "String", "new" | "default"], []) => {
            Some(ExprKind::Literal(syn::Lit::Str(syn::LitStr::new("", Extent::of(path).start))))
        }
        ([.., "BTreeMap", "new" | "default"], []) => Some(ExprKind::Map(Vec::new())),
        ([.., "BTreeMap", "from"], [SynExpr::Array(entries)]) => {
            let entries = entries.elems.iter().map(|entry| match entry {
                SynExpr::Tuple(pair) if pair.elems.len() == 2 => {
                    Some((reader.expr(&pair.elems[0]), reader.expr(&pair.elems[1])))
                }
                _ => None,
            });
            entries.collect::<Option<Vec<_>>>().map(ExprKind::Map)
        }
        ([.., "Pii", "new"], [value]) => Some(reader.expr(value).kind),
        // `i64::from(n)` is `n as i64` where both are possible.
        ([ty, "from"], [value]) if short::is_number(&path.segments[0].ident) => {
            let ty = syn::parse_str(ty).ok()?;
            Some(ExprKind::Cast(Box::new(reader.expr(value)), Box::new(ty)))
        }
        ([.., owner, "default"], []) if *owner != "Default" => Some(ExprKind::Made(Box::new(made(path)))),
        _ => None,
    }
}

/// Whether it is a function of Rust's own libraries.
fn is_of_rust(path: &Path) -> bool {
    let first = path.segments.first().filter(|_| path.segments.len() > 1);
    first.is_some_and(|first| ["std", "core", "alloc", "mem"].iter().any(|known| first.ident == known))
}

/// `Order::default()`
fn made(path: &Path) -> SynExpr {
    let start = Extent::of(path).start;
    syn::parse_quote_spanned!(start=> #path())
}

/// `Default::default()` of a type that is written elsewhere.
pub(super) fn default_of(value: &SynExpr, ty: &Path) -> Option<ExprKind> {
    short::default_of(value, ty).map(|made| ExprKind::Made(Box::new(made)))
}

fn is_string_from(path: &Path) -> bool {
    path.segments.len() == 2 && path.segments[0].ident == "String" && path.segments[1].ident == "from"
}

fn foreign(syntax: &SynExpr) -> ExprKind {
    ExprKind::Foreign(Foreign::Expr(Box::new(syntax.clone())))
}

fn map(reader: &mut Reader, items: &SynExpr, body: &SynExpr) -> ExprKind {
    let items = reader.expr(items);
    let body = map_body(reader, body);
    ExprKind::Action(Action::Map(Box::new(Map { items, body, options: Vec::new() })))
}

/// `async |item| { .. }`
pub(super) fn map_body(reader: &mut Reader, body: &SynExpr) -> Result<(Pattern, Block), Extent> {
    match body {
        SynExpr::Closure(closure) if closure.asyncness.is_some() => {
            reader.closure(closure, |reader, body| match body {
                SynExpr::Block(block) => reader.block(&block.block),
                expr => Block { statements: Vec::new(), tail: Some(reader.expr(expr)) },
            })
        }
        _ => Err(Extent::of(body)),
    }
}

/// Whether a method behind a call asks what the call gives, and says nothing about the call of a task.
pub(super) fn is_value_method(call: &Call, method: &ExprMethodCall) -> bool {
    let name = method.method.to_string();
    let is_known = chain::known(method).is_some()
        || METHODS.contains(&(name.as_str(), method.args.len()))
        || TRANSPARENT.contains(&name.as_str())
        || matches!(name.as_str(), "to_string" | "collect" | "ok_or" | "ok_or_else" | "parse");
    call.options.is_empty() && call.compensations.is_empty() && is_known
}

pub(super) fn call_option(reader: &mut Reader, mut call: Call, method: &ExprMethodCall) -> ExprKind {
    if let Some(part) = service::part(reader, method) {
        call.parts.push(part);
        return ExprKind::Action(Action::Call(Box::new(call)));
    }
    match method.method.to_string().as_str() {
        "timeout" | "heartbeat" => call.options.push(option(reader, method, fixed::duration)),
        "retry" => call.options.push(option(reader, method, fixed::retry)),
        "named" => call.options.push(option(reader, method, fixed::text)),
        "start" if method.args.is_empty() => call.starts = true,
        "compensate_unknown" => {
            let undo = match method.args.iter().collect::<Vec<_>>().as_slice() {
                [SynExpr::Closure(closure)] if closure.asyncness.is_none() && closure.inputs.is_empty() => {
                    Ok((Pattern::Ignored, reader.expr(sole_expr(&closure.body))))
                }
                [] => Err(Extent::of(&method.method)),
                _ => Err(Extent::of(&method.args)),
            };
            call.compensations.push(Compensation { name: method.method.clone(), undo });
        }
        "compensate" => {
            let undo = match method.args.iter().collect::<Vec<_>>().as_slice() {
                [SynExpr::Closure(closure)] if closure.asyncness.is_none() => {
                    reader.closure(closure, |reader, body| reader.expr(sole_expr(body)))
                }
                [] => Err(Extent::of(&method.method)),
                _ => Err(Extent::of(&method.args)),
            };
            call.compensations.push(Compensation { name: method.method.clone(), undo });
        }
        _ => return foreign(&SynExpr::MethodCall(method.clone())),
    }
    ExprKind::Action(Action::Call(Box::new(call)))
}

/// `{ call(..) }` is `call(..)`.
fn sole_expr(body: &SynExpr) -> &SynExpr {
    match body {
        SynExpr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(expr, None)] => sole_expr(expr),
            _ => body,
        },
        _ => body,
    }
}

pub(super) fn map_option(reader: &mut Reader, mut map: Map, method: &ExprMethodCall) -> ExprKind {
    match method.method.to_string().as_str() {
        "max_concurrency" => map.options.push(option(reader, method, fixed::limit)),
        "named" => map.options.push(option(reader, method, fixed::text)),
        _ => return foreign(&SynExpr::MethodCall(method.clone())),
    }
    ExprKind::Action(Action::Map(Box::new(map)))
}

pub(super) fn option(reader: &Reader, method: &ExprMethodCall, read: fn(&SynExpr) -> Fixed) -> CallOption {
    let constant = if let [argument] = method.args.iter().collect::<Vec<_>>().as_slice() {
        constant(reader, argument, read)
    } else {
        let extent = Extent::of(&method.method);
        Constant { extent, place: None, value: Fixed::Mistyped, variable: None }
    };
    CallOption { name: method.method.clone(), constant }
}

fn constant(reader: &Reader, syntax: &SynExpr, read: fn(&SynExpr) -> Fixed) -> Constant {
    Constant {
        extent: Extent::of(syntax),
        place: (!reader.in_macro).then(|| Place::of(syntax)),
        value: read(syntax),
        variable: reader.scope.variable_in(syntax.to_token_stream()),
    }
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

pub(super) fn macro_call(reader: &mut Reader, mac: &Macro) -> ExprKind {
    let foreign = || ExprKind::Foreign(Foreign::Macro(Box::new(mac.clone())));
    let names: Vec<_> = mac.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let name = match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["jsonata"] | ["sfn", "jsonata"] => return service::jsonata(reader, mac).unwrap_or_else(foreign),
        ["json"] | ["serde_json", "json"] => {
            return json::read(reader, mac.tokens.clone())
                .map_or_else(foreign, |json| ExprKind::Json(Box::new(json)));
        }
        ["matches"] | ["std" | "core", "matches"] => {
            let matched = short::matches(mac.tokens.clone());
            return matched.map_or_else(foreign, |matched| reader.expr(&SynExpr::Match(matched)).kind);
        }
        ["format" | "vec" | "join"] => names[0].as_str(),
        ["std", "format" | "vec"] | ["sfn", "join"] => names[1].as_str(),
        _ => return foreign(),
    };
    if name == "vec"
        && let Ok(SynExpr::Repeat(repeat)) = bracketed(&mac.tokens)
    {
        let Some(times) = short::times(&repeat.expr, &repeat.len) else { return foreign() };
        return ExprKind::Array((0..times).map(|_| reader.expr(&repeat.expr)).collect());
    }
    let Some(arguments) = arguments(mac.tokens.clone()) else { return foreign() };
    match name {
        "vec" => ExprKind::Array(reader.exprs(&arguments)),
        "join" => {
            let branches = arguments.iter().map(|argument| branch(reader, argument));
            ExprKind::Action(Action::Join(branches.collect()))
        }
        _ => ExprKind::Format(formatted(reader, &arguments)),
    }
}

/// The tokens of a `vec!` as those of an array.
fn bracketed(tokens: &TokenStream) -> syn::Result<SynExpr> {
    syn::parse2(quote::quote!([#tokens]))
}

fn branch(reader: &mut Reader, syntax: &SynExpr) -> Branch {
    match syntax {
        SynExpr::Async(block) => Branch::Block(reader.block(&block.block)),
        other => Branch::Awaited(reader.expr(other)),
    }
}

/// The expressions between a macro's commas.
pub(in crate::workflow) fn arguments(tokens: TokenStream) -> Option<Punctuated<SynExpr, Token![,]>> {
    Punctuated::parse_terminated.parse2(tokens).ok()
}

fn formatted(
    reader: &mut Reader,
    arguments: &Punctuated<SynExpr, Token![,]>,
) -> Result<Vec<format::Piece>, format::FormatFault> {
    let mut arguments = arguments.iter();
    let Some(SynExpr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) = arguments.next() else {
        return Err(format::FormatFault::NotLiteral);
    };
    let (mut places, mut named) = (Vec::new(), Vec::new());
    for value in arguments {
        match value {
            SynExpr::Assign(assign) => {
                let name: proc_macro2::Ident =
                    syn::parse2(assign.left.to_token_stream()).map_err(|_| format::FormatFault::Malformed)?;
                // Holes are filled in the order of the text, these are evaluated in their own.
                if !short::is_plain(&assign.right) {
                    return Err(format::FormatFault::Explicit(name.to_string()));
                }
                named.push((name, reader.expr(&assign.right)));
            }
            place => places.push(reader.expr(place)),
        }
    }
    let values = format::Values { places: places.into_iter(), named };
    format::pieces(&text.value(), text.span(), values, &reader.scope)
}
