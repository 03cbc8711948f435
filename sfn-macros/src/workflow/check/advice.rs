//! The Rust a workflow cannot say, and what to write instead.
//! Separate because it is a table: one line of advice for each construct.

use syn::Expr as SynExpr;

use super::Check;
use crate::workflow::ast::{Expr, Extent, Foreign, METHODS, chain_methods, changing_methods};

const MACROS: &str = "a workflow has `format!`, `vec!`, `json!` and `join!`";
const ELSEWHERE: &str =
    "(docs/methods.md lists the methods that values have; do anything else inside a task)";
const OPTIONS: &str =
    "a task call has `.retry`, `.timeout`, `.heartbeat`, `.named`, `.compensate` and `.compensate_unknown`";
const MAP_OPTIONS: &str = "`map` has `.max_concurrency` and `.named`";
const DISTRIBUTED_OPTIONS: &str = "it has `.max_concurrency`, `.tolerate`, `.tolerate_percentage`, `.results_to`, `.express`, `.label` and `.named`; `.batch` belongs to its source";

impl Check {
    pub(super) fn foreign(&mut self, foreign: &Foreign, expr: Option<&Expr>) {
        match foreign {
            Foreign::Expr(syntax) => self.foreign_expr(syntax, expr),
            Foreign::Macro(mac) => {
                let name =
                    mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
                let extent = Extent::of(&mac.path);
                let message = match name.as_str() {
                    "try_join" => {
                        "`try_join!` is not supported in a workflow: write `join!(..).await?`, whose first failure ends the other branches".to_owned()
                    }
                    "format" | "vec" | "join" => format!(
                        "this form of `{name}!` is not supported in a workflow: write the values one by one, separated by commas"
                    ),
                    "panic" | "todo" | "unimplemented" | "unreachable" | "assert" | "assert_eq" | "bail" => {
                        format!(
                            "`{name}!` is not supported in a workflow: fail with `return Err(fail(\"Name\", cause))`"
                        )
                    }
                    "println" | "eprintln" | "print" | "eprint" | "dbg" | "info" | "warn" | "debug"
                    | "error" => {
                        format!("`{name}!` is not supported in a workflow: write logs inside a task")
                    }
                    _ => format!("`{name}!` is not supported in a workflow: {MACROS}"),
                };
                match expr {
                    // rustc may not know it either.
                    Some(expr) if name == "try_join" => {
                        self.blame_utterly("unsupported-macro", expr, extent, &message);
                    }
                    _ => self.fault("unsupported-macro", extent, message),
                }
            }
            Foreign::Item(extent) => {
                self.fault(
                    "unsupported-statement",
                    *extent,
                    "items inside a workflow are not supported: move this out of the function",
                );
            }
            Foreign::Let(extent, advice) => self.unsupported("unsupported-statement", *extent, advice),
            Foreign::Attribute(extent) => self.fault(
                "unsupported-statement",
                *extent,
                "`cfg` inside a workflow is not supported: its definition is the same in every build",
            ),
            Foreign::Judged => {}
        }
    }

    fn foreign_expr(&mut self, syntax: &SynExpr, expr: Option<&Expr>) {
        if let SynExpr::MethodCall(method) = syntax {
            return self.foreign_method(method, expr);
        }
        let (extent, advice) = advice(syntax);
        self.unsupported("unsupported-expression", extent, advice);
    }

    /// An unknown method may be unknown to rustc as well: the call gives way to the error.
    fn foreign_method(&mut self, method: &syn::ExprMethodCall, expr: Option<&Expr>) {
        let name = method.method.to_string();
        let root = root(&method.receiver);
        let code = match root {
            Root::Awaited => "unhandled-result",
            Root::Call | Root::Map | Root::MapDistributed => "unknown-option",
            Root::Value if name == "collect" => "untyped-collection",
            Root::Value => "unsupported-method",
        };
        let message = match root {
            Root::Awaited if name == "unwrap" || name == "expect" => {
                format!("`.{name}(..)` is not supported in a workflow: write `?` after `.await`")
            }
            Root::Awaited => {
                format!("`.{name}(..)` on a result is not supported in a workflow: match on the awaited call")
            }
            Root::Call => format!("`.{name}` is no option of a task call: {OPTIONS}"),
            Root::Map => format!("`.{name}` is no option of `map`: {MAP_OPTIONS}"),
            Root::MapDistributed => {
                format!("`.{name}` is no option of `map_distributed`: {DISTRIBUTED_OPTIONS}")
            }
            Root::Value if name == "collect" => {
                "a workflow must see what it collects, a list, a text or a map: write `.collect::<Vec<_>>()`, `::<String>` or `::<BTreeMap<_, _>>`".to_owned()
            }
            Root::Value if name == "unwrap" || name == "expect" => {
                format!("`.{name}(..)` is not supported in a workflow: write `.unwrap_or(..)`, or `.ok_or(fail(\"Name\", cause))?`")
            }
            Root::Value => {
                let meant = nearest(&name, value_methods());
                let meant = meant.map(|meant| format!(": did you mean `.{meant}(..)`?")).unwrap_or_default();
                format!("`.{name}(..)` is not supported in a workflow{meant} {ELSEWHERE}")
            }
        };
        let extent = Extent::of(&method.method);
        match expr {
            Some(expr) => self.blame_at(code, expr, extent, message),
            None => self.fault(code, extent, message),
        }
    }
}

/// The methods a workflow has.
fn value_methods() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(known, _)| *known).chain(chain_methods()).chain(changing_methods())
}

/// The name that a misspelt one is likely to mean.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.len() / 3;
    known
        .map(|known| (distance(name, known), known))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, known)| known)
}

/// How many letters are to be put in, left out or replaced.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (place, wanted) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

enum Root {
    Awaited,
    Call,
    Map,
    MapDistributed,
    Value,
}

/// What a chain of methods begins with.
fn root(receiver: &SynExpr) -> Root {
    match receiver {
        SynExpr::MethodCall(method) => root(&method.receiver),
        SynExpr::Await(_) => Root::Awaited,
        SynExpr::Call(call) => match &*call.func {
            SynExpr::Path(path) if path.path.is_ident("map") => Root::Map,
            SynExpr::Path(path) if path.path.is_ident("map_distributed") => Root::MapDistributed,
            SynExpr::Path(path)
                if !path
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
                    && !crate::workflow::ast::is_variant(&path.path) =>
            {
                Root::Call
            }
            _ => Root::Value,
        },
        _ => Root::Value,
    }
}

/// The smallest guilty piece and `what: advice`.
fn advice(syntax: &SynExpr) -> (Extent, &'static str) {
    let whole = Extent::of(syntax);
    match syntax {
        SynExpr::ForLoop(inner) => (
            Extent::of(&inner.expr),
            "this list of a `for`: go through a `Vec`, or a range with both its ends",
        ),
        SynExpr::Let(inner) if matches!(*inner.expr, SynExpr::Await(_)) => {
            (Extent::of(&inner.let_token), "`if let`: write a `match` on the awaited call")
        }
        SynExpr::Let(inner) => {
            (Extent::of(&inner.let_token), "`let` here: it stands in conditions of `if` and `while`")
        }
        SynExpr::Closure(_) => {
            (whole, "a closure here: methods of lists and options take one, `map` and `.compensate`")
        }
        SynExpr::Async(inner) => (
            Extent::of(&inner.async_token),
            "an `async` block here: write the steps in the workflow itself, or give the block to `join!`",
        ),
        SynExpr::Binary(binary) => (Extent::of(&binary.op), binary_advice(&binary.op)),
        SynExpr::Range(_) => (whole, "a range: make the list inside a task and go through it with `map`"),
        SynExpr::Repeat(_) => (whole, "`[value; n]`: write the elements one by one"),
        SynExpr::Unsafe(inner) => (Extent::of(&inner.unsafe_token), "`unsafe`: do it inside a task"),
        SynExpr::Reference(_) => (whole, "`&mut`: assign to the variable by its name"),
        SynExpr::Call(_) => (whole, "this call: a workflow can call tasks only, by their names"),
        SynExpr::Path(_) => (whole, "this path: name a variable or a constant"),
        SynExpr::Const(_) => (whole, "a `const` block: name a constant"),
        _ => (whole, "this expression: do it inside a task"),
    }
}

fn binary_advice(operator: &syn::BinOp) -> &'static str {
    use syn::BinOp;
    match operator {
        BinOp::BitXor(_) | BinOp::BitAnd(_) | BinOp::BitOr(_) | BinOp::Shl(_) | BinOp::Shr(_) => {
            "bit arithmetic: do it inside a task"
        }
        _ => "this operator: do it inside a task",
    }
}
