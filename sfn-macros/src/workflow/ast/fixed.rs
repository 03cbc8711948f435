//! What is the same for every execution: durations, retry policies, names of states.
//! Separate because the twin must not check the user's Rust a second time, so it writes these again from what they say.

use syn::{Expr, ExprCall, Lit, LitFloat, LitInt, LitStr, Path};

/// A constant of an option.
#[derive(Debug)]
pub(in crate::workflow) enum Fixed {
    /// A constant by its name.
    Name(Path),
    Text(LitStr),
    /// `["id", "name"]`
    Texts(Vec<LitStr>),
    Count(LitInt),
    Factor(LitFloat),
    /// `secs(5)`
    Duration(Unit, Box<Fixed>),
    /// `RetryPolicy::new().attempts(5)`
    Policy(Vec<(PolicyOption, Option<Fixed>)>),
    /// Of a wrong type: rustc says so in the user's own function.
    Mistyped,
    /// Rust that only runs.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workflow) enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workflow) enum PolicyOption {
    Attempts,
    Interval,
    Backoff,
    MaxDelay,
    NoJitter,
}

/// The argument of `.timeout`, `.heartbeat` and `sleep`.
pub(super) fn duration(expr: &Expr) -> Fixed {
    match expr {
        Expr::Call(call) => match unit(call) {
            Some(unit) => match call.args.iter().collect::<Vec<_>>().as_slice() {
                [count] => match number(count) {
                    count @ (Fixed::Name(_) | Fixed::Count(_)) => Fixed::Duration(unit, Box::new(count)),
                    other => other,
                },
                _ => Fixed::Mistyped,
            },
            None => Fixed::Unknown,
        },
        _ => named(expr).unwrap_or_else(|| mistyped(expr)),
    }
}

fn unit(call: &ExprCall) -> Option<Unit> {
    let Expr::Path(path) = &*call.func else { return None };
    let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["secs"] | ["sfn", "secs"] | [.., "Duration", "from_secs"] => Some(Unit::Seconds),
        ["mins"] | ["sfn", "mins"] => Some(Unit::Minutes),
        ["hours"] | ["sfn", "hours"] => Some(Unit::Hours),
        ["days"] | ["sfn", "days"] => Some(Unit::Days),
        _ => None,
    }
}

/// The argument of `.retry`.
pub(super) fn retry(expr: &Expr) -> Fixed {
    match expr {
        Expr::MethodCall(method) => {
            let Fixed::Policy(mut options) = retry(&method.receiver) else { return Fixed::Unknown };
            let argument = match method.args.iter().collect::<Vec<_>>().as_slice() {
                [] => None,
                [argument] => Some(*argument),
                _ => return Fixed::Mistyped,
            };
            let (option, value) = match (method.method.to_string().as_str(), argument) {
                ("attempts", Some(count)) => (PolicyOption::Attempts, Some(number(count))),
                ("interval", Some(interval)) => (PolicyOption::Interval, Some(duration(interval))),
                ("backoff", Some(factor)) => (PolicyOption::Backoff, Some(self::factor(factor))),
                ("max_delay", Some(delay)) => (PolicyOption::MaxDelay, Some(duration(delay))),
                ("no_jitter", None) => (PolicyOption::NoJitter, None),
                _ => return Fixed::Mistyped,
            };
            match value {
                Some(unfit @ (Fixed::Mistyped | Fixed::Unknown)) => unfit,
                value => {
                    options.push((option, value));
                    Fixed::Policy(options)
                }
            }
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if ends_with(&path.path, "RetryPolicy", "new") && call.args.is_empty() => {
                Fixed::Policy(Vec::new())
            }
            _ => Fixed::Unknown,
        },
        _ => named(expr).unwrap_or_else(|| mistyped(expr)),
    }
}

/// The argument of `.named` and `.label`.
pub(super) fn text(expr: &Expr) -> Fixed {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Fixed::Text(text.clone()),
            _ => Fixed::Mistyped,
        },
        _ => named(expr).unwrap_or(Fixed::Unknown),
    }
}

/// The argument of `.max_concurrency`: a number written out, which the native run and the builder each take as theirs.
pub(super) fn limit(expr: &Expr) -> Fixed {
    match number(expr) {
        Fixed::Count(count) if count.suffix().is_empty() => Fixed::Count(count),
        Fixed::Mistyped => Fixed::Mistyped,
        _ => Fixed::Unknown,
    }
}

pub(super) fn number(expr: &Expr) -> Fixed {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(count) if count.base10_parse::<u32>().is_ok() => Fixed::Count(count.clone()),
            _ => Fixed::Mistyped,
        },
        _ => named(expr).unwrap_or(Fixed::Unknown),
    }
}

/// The argument of `.tolerate_percentage`, and of a policy's `.backoff`.
pub(super) fn factor(expr: &Expr) -> Fixed {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(factor) => Fixed::Factor(factor.clone()),
            _ => Fixed::Mistyped,
        },
        _ => named(expr).unwrap_or(Fixed::Unknown),
    }
}

/// The argument of `.delimiter`.
pub(super) fn name(expr: &Expr) -> Fixed {
    named(expr).unwrap_or_else(|| mistyped(expr))
}

/// The argument of `.headers`.
pub(super) fn texts(expr: &Expr) -> Fixed {
    let Expr::Array(array) = expr else { return named(expr).unwrap_or_else(|| mistyped(expr)) };
    let texts = array.elems.iter().map(|text| match self::text(text) {
        Fixed::Text(text) => Some(text),
        _ => None,
    });
    texts.collect::<Option<_>>().map_or(Fixed::Unknown, Fixed::Texts)
}

fn named(expr: &Expr) -> Option<Fixed> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => Some(Fixed::Name(path.path.clone())),
        _ => None,
    }
}

fn mistyped(expr: &Expr) -> Fixed {
    if matches!(expr, Expr::Lit(_)) { Fixed::Mistyped } else { Fixed::Unknown }
}

fn ends_with(path: &Path, ty: &str, name: &str) -> bool {
    let mut segments = path.segments.iter().rev();
    segments.next().is_some_and(|segment| segment.ident == name)
        && segments.next().is_some_and(|segment| segment.ident == ty)
}
