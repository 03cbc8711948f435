//! What a workflow asks of its surroundings: `execution().id()`, `state_machine().name()`, `now()`, `uuid()`, `random()`,
//! `retry_count()`. Separate because no value of the workflow is in them.

use proc_macro2::Ident;
use syn::{Expr as SynExpr, ExprMethodCall, Type};

use super::{ExprKind, call, chain};

/// A question about the surroundings.
#[derive(Debug)]
pub(in crate::workflow) enum Context {
    /// `now()`, `uuid()`, `random()`: something else each time.
    Drawn(Ident),
    RetryCount,
    /// `execution().id()`: whose, and what.
    Part(Ident, Ident),
    /// `execution().input::<Order>()`
    Input {
        ty: Option<Box<Type>>,
        /// Whether `?` stands behind it.
        propagates: bool,
    },
}

impl Context {
    /// The same with `?` behind it.
    pub(super) fn tried(self) -> Self {
        match self {
            Self::Input { ty, .. } => Self::Input { ty, propagates: true },
            other => other,
        }
    }
}

/// A function of this name, called without arguments.
pub(super) fn function(name: &str, path: &syn::Path) -> Option<Context> {
    match name {
        "now" | "uuid" | "random" => {
            let span = path.segments.last()?.ident.span();
            Some(Context::Drawn(Ident::new(name, span)))
        }
        "retry_count" => Some(Context::RetryCount),
        _ => None,
    }
}

/// Whether it is `now()`, `uuid()` or `random()`.
pub(super) fn is_drawn(call: &syn::ExprCall) -> bool {
    let SynExpr::Path(path) = &*call.func else { return false };
    let name = call::ours(&path.path).filter(|_| call.args.is_empty());
    name.is_some_and(|name| matches!(function(&name, &path.path), Some(Context::Drawn(_))))
}

/// `execution().id()` and the like.
pub(super) fn part(method: &ExprMethodCall) -> Option<ExprKind> {
    let SynExpr::Call(whose) = &*method.receiver else { return None };
    let SynExpr::Path(path) = &*whose.func else { return None };
    let name = call::ours(&path.path).filter(|_| whose.args.is_empty() && method.args.is_empty())?;
    let asked = match (name.as_str(), method.method.to_string().as_str()) {
        ("execution", "input") => {
            Context::Input { ty: chain::sole_type(method).cloned().map(Box::new), propagates: false }
        }
        ("execution", "id" | "name" | "start_time") | ("state_machine", "id" | "name")
            if method.turbofish.is_none() =>
        {
            let span = path.path.segments.last()?.ident.span();
            Context::Part(Ident::new(&name, span), method.method.clone())
        }
        _ => return None,
    };
    Some(ExprKind::Context(Box::new(asked)))
}
