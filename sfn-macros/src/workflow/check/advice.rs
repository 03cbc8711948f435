//! The Rust a workflow cannot say, and what to write instead.
//! Separate because it is a table: one line of advice for each construct.

use syn::Expr as SynExpr;

use super::Check;
use crate::workflow::ast::{Expr, Extent, Foreign, METHODS, chain_methods, changing_methods};

const MACROS: &str = "a workflow has `format!`, `vec!`, `matches!`, `json!` and `join!`";
const REPEATED: &str =
    "`[value; n]` takes a name or a literal and a number up to 64; make longer lists inside a task";
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
                    "vec" => format!("this form of `vec!` is not supported in a workflow: {REPEATED}"),
                    "format" | "join" => format!(
                        "this form of `{name}!` is not supported in a workflow: write the values one by one, separated by commas"
                    ),
                    "panic" | "todo" | "unimplemented" | "unreachable" | "assert" | "assert_eq" | "assert_ne"
                    | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" | "bail" | "ensure" => {
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
            Root::Value if let Some(instead) = instead(&name) => {
                format!("`.{name}(..)` is not supported in a workflow: {instead}")
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

/// What says the same as a method of Rust's that a workflow does not have, or comes near to it.
fn instead(method: &str) -> Option<&'static str> {
    Some(match method {
        "sort_by" | "sort_unstable_by" | "sort_unstable_by_key" => {
            "write `.sort_by_key(|item| ..)`, with `std::cmp::Reverse(..)` where the largest comes first"
        }
        "max_by" | "min_by" => "write `.max_by_key(|item| ..)` or `.min_by_key(|item| ..)`",
        "cmp" | "partial_cmp" | "total_cmp" => "compare with `<` and `==` in an `if`",
        "reduce" => "write `.fold(first, |all, item| ..)`, or `.max()`, `.min()`, `.sum()`",
        "try_fold" | "scan" => {
            "write `.fold(first, |all, item| ..)`, or a `for` with a variable that changes"
        }
        "for_each" => "write a `for`",
        "windows" | "array_windows" => {
            "write `list.iter().zip(list.iter().skip(1))`, which gives each item with the next"
        }
        "chunks" | "split_at" | "split_first" | "split_last" | "concat_with" => {
            "take parts with `.iter().skip(n).take(n)`, or cut the list inside a task"
        }
        "take_while" | "skip_while" | "map_while" => {
            "ask `.position(|item| ..)` first, and write `.take(n)` or `.skip(n)`"
        }
        "entry" | "or_insert" | "or_insert_with" | "or_default" | "and_modify" => {
            "read with `.get(..)`, and write what it is then with `.insert(key, value)`"
        }
        "swap" | "swap_remove" | "drain" | "split_off" | "rotate_left" | "rotate_right" | "fill"
        | "append" => "make the new list of the old one (`.iter()..collect::<Vec<_>>()`) and assign it",
        "iter_mut" | "values_mut" | "get_mut" | "last_mut" | "first_mut" | "as_mut" => {
            "nothing is changed in its place: make the new value of the old one and assign it"
        }
        "chars" | "bytes" | "as_bytes" | "char_indices" | "graphemes" => {
            "letters are only counted (`.chars().count()`): look at them inside a task"
        }
        "lines" => "write `.split(\"\\n\")`",
        "split_whitespace" | "split_ascii_whitespace" => "write `.split(\" \")`, or split inside a task",
        "wrapping_add" | "wrapping_sub" | "wrapping_mul" | "overflowing_add" | "overflowing_sub" => {
            "write `checked_..`, which gives an `Option`, or `saturating_..`"
        }
        "parse" => "say what is read: `.parse::<u32>()`",
        "take" | "replace_with" | "insert_with" => "read the value, and assign a new one",
        "unzip_into" | "cycle" | "inspect" | "peekable" | "rposition" | "is_sorted" | "xor" | "ok"
        | "err" => "do it inside a task",
        _ => return None,
    })
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
        SynExpr::Closure(_) => (
            whole,
            "a closure here: write a function beside the workflow and put `#[expr]` on it (only methods of values, `map` and `.compensate` take closures)",
        ),
        SynExpr::Async(inner) => (
            Extent::of(&inner.async_token),
            "an `async` block here: write the steps in the workflow itself, or give the block to `join!`",
        ),
        SynExpr::Binary(binary) => (Extent::of(&binary.op), binary_advice(&binary.op)),
        SynExpr::Range(_) => (
            whole,
            "a range here: go through it with `for`, or make a list of it (`(0..n).collect::<Vec<_>>()`); take a part of a list with `.iter().skip(n).take(n)`, and cut texts inside a task",
        ),
        SynExpr::Repeat(_) => (
            whole,
            "this list: `[value; n]` takes a name or a literal and a number up to 64; make longer lists inside a task",
        ),
        SynExpr::Unsafe(inner) => (Extent::of(&inner.unsafe_token), "`unsafe`: do it inside a task"),
        SynExpr::Reference(_) => (whole, "`&mut`: assign to the variable by its name"),
        SynExpr::Call(call) => (whole, call_advice(call)),
        SynExpr::Path(_) => (whole, "this path: name a variable or a constant"),
        SynExpr::Const(_) => (whole, "a `const` block: name a constant"),
        _ => (whole, "this expression: do it inside a task"),
    }
}

fn call_advice(call: &syn::ExprCall) -> &'static str {
    let SynExpr::Path(path) = &*call.func else {
        return "this call: a workflow can call tasks and `#[expr]` functions only, by their names";
    };
    let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "Default", "default"] => "`Default::default()` here: name the type, `Order::default()`",
        [.., "try_from"] => "this conversion: write `as` where the number fits, or convert inside a task",
        _ => {
            "this call: a workflow can call tasks and `#[expr]` functions only, by their names; let the rest be done inside a task"
        }
    }
}

fn binary_advice(operator: &syn::BinOp) -> &'static str {
    use syn::BinOp;
    match operator {
        BinOp::BitAndAssign(_) | BinOp::BitOrAssign(_) | BinOp::BitXorAssign(_) => {
            "this operator: on `bool`s write `flag = flag && ..`, `||` or `!=`; do bit arithmetic inside a task"
        }
        BinOp::BitXor(_) | BinOp::BitAnd(_) | BinOp::BitOr(_) | BinOp::Shl(_) | BinOp::Shr(_) => {
            "bit arithmetic: on `bool`s write `&&`, `||` or `!=`; do the rest inside a task"
        }
        _ => "this operator: do it inside a task",
    }
}
