//! Loops and assignments, read into our tree.
//! Separate from other expressions because a `for` is one of three things, which its list tells apart.

use syn::{BinOp, Expr as SynExpr, ExprForLoop, Label, RangeLimits};

use super::reader::Reader;
use super::{Block, ExprKind, Extent, Foreign, Loop, LoopKind, Pattern, pattern};

pub(super) fn looped(label: Option<&Label>, kind: LoopKind, body: Block) -> ExprKind {
    let label = label.map(|label| label.name.clone());
    ExprKind::Loop(Box::new(Loop { label, kind, body }))
}

pub(super) fn for_loop(reader: &mut Reader, repeated: &ExprForLoop) -> ExprKind {
    let foreign = || ExprKind::Foreign(Foreign::Expr(Box::new(SynExpr::ForLoop(repeated.clone()))));
    let mark = reader.scope.mark();
    let item = pattern::binding(&repeated.pat);
    let kind = match plain(&repeated.expr) {
        SynExpr::Range(range) => {
            let (Some(from), Some(end)) = (&range.start, &range.end) else { return foreign() };
            let (from, end) = (reader.expr(from), reader.expr(end));
            let inclusive = matches!(range.limits, RangeLimits::Closed(_));
            LoopKind::Range { at: item, from, end, inclusive }
        }
        SynExpr::MethodCall(method) if method.method == "enumerate" && method.args.is_empty() => {
            let items = match list(&method.receiver) {
                SynExpr::Range(range) if let Some(numbers) = reader.numbers(range) => numbers,
                items => reader.expr(items),
            };
            match item {
                Pattern::Parts(parts) if parts.len() == 2 => {
                    let mut parts = parts.into_iter().map(|(_, part)| part);
                    let mut next = || parts.next().unwrap_or(Pattern::Ignored);
                    LoopKind::Enumerated { at: next(), item: next(), items }
                }
                Pattern::Ignored => {
                    LoopKind::Enumerated { at: Pattern::Ignored, item: Pattern::Ignored, items }
                }
                _ => {
                    let advice = "one name for a place and its item: write `for (at, item) in ..`";
                    let item = Pattern::Foreign(Extent::of(&repeated.pat), advice);
                    LoopKind::Enumerated { at: Pattern::Ignored, item, items }
                }
            }
        }
        items => LoopKind::For { item, items: reader.expr(list(items)) },
    };
    match &kind {
        LoopKind::For { item, .. } => reader.scope.bind_pattern(item),
        LoopKind::Range { at, .. } => reader.scope.bind_pattern(at),
        LoopKind::Enumerated { at, item, .. } => {
            reader.scope.bind_pattern(at);
            reader.scope.bind_pattern(item);
        }
        LoopKind::Endless | LoopKind::While { .. } | LoopKind::WhileLet { .. } => {}
    }
    let body = reader.block(&repeated.body);
    reader.scope.forget(mark);
    looped(repeated.label.as_ref(), kind, body)
}

/// The operator of `+=` and its like.
pub(super) fn assigning(operator: &BinOp) -> Option<BinOp> {
    let span = Extent::of(operator).start;
    Some(match operator {
        BinOp::AddAssign(_) => BinOp::Add(syn::Token![+](span)),
        BinOp::SubAssign(_) => BinOp::Sub(syn::Token![-](span)),
        BinOp::MulAssign(_) => BinOp::Mul(syn::Token![*](span)),
        BinOp::DivAssign(_) => BinOp::Div(syn::Token![/](span)),
        BinOp::RemAssign(_) => BinOp::Rem(syn::Token![%](span)),
        _ => return None,
    })
}

pub(super) fn plain(expr: &SynExpr) -> &SynExpr {
    match expr {
        SynExpr::Paren(inner) => plain(&inner.expr),
        SynExpr::Group(inner) => plain(&inner.expr),
        SynExpr::Reference(inner) if inner.mutability.is_none() => plain(&inner.expr),
        _ => expr,
    }
}

/// The list that an iterator goes through as it is.
fn list(items: &SynExpr) -> &SynExpr {
    match plain(items) {
        SynExpr::MethodCall(method)
            if method.args.is_empty()
                && ["iter", "into_iter", "cloned"].iter().any(|name| method.method == name) =>
        {
            list(&method.receiver)
        }
        other => other,
    }
}
