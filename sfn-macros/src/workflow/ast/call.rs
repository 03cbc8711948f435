//! Calls: of tasks with their options, of constructors, of the few functions a workflow has.
//! Separate because names decide here what a call is, and nowhere else.

use quote::ToTokens;
use syn::{Expr as SynExpr, ExprCall, ExprMethodCall, Path};

use super::pattern::{is_variant, starts_upper};
use super::reader::Reader;
use super::{
    Action, Block, Call, CallOption, Compensation, Constant, ExprKind, Extent, Fixed, Foreign, Map, Pattern,
    Place, context, distributed, fixed, service, short,
};

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

pub(super) fn foreign(syntax: &SynExpr) -> ExprKind {
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
        name @ ("compensate" | "compensate_unknown") => {
            let arguments: Vec<_> = method.args.iter().collect();
            let undo = match (arguments.as_slice(), name) {
                ([SynExpr::Closure(closure)], "compensate") if closure.asyncness.is_none() => {
                    reader.closure(closure, |reader, body| reader.expr(sole_expr(body)))
                }
                ([SynExpr::Closure(closure)], "compensate_unknown")
                    if closure.asyncness.is_none() && closure.inputs.is_empty() =>
                {
                    Ok((Pattern::Ignored, reader.expr(sole_expr(&closure.body))))
                }
                ([], _) => Err(Extent::of(&method.method)),
                _ => Err(Extent::of(&method.args)),
            };
            call.compensations.push(Compensation { name: method.method.clone(), undo });
        }
        _ => return foreign(&SynExpr::MethodCall(method.clone())),
    }
    ExprKind::Action(Action::Call(Box::new(call)))
}

/// `{ call(..) }` is `call(..)`.
pub(super) fn sole_expr(body: &SynExpr) -> &SynExpr {
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
