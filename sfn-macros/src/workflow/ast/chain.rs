//! The methods that write a lambda: those that take a closure, and those that need the place of each item.
//! Separate from other methods because a closure binds names of its own.

use syn::{Expr as SynExpr, ExprClosure, ExprMethodCall, GenericArgument, Type};

use super::reader::Reader;
use super::{Chain, Closure, Expr, Extent, pattern};

/// A method, the number of its arguments, and of its closure's parameters where it has one, which comes last.
type Known = (&'static str, usize, Option<usize>);

const CHAINS: [Known; 15] = [
    ("map", 0, Some(1)),
    ("filter", 0, Some(1)),
    ("filter_map", 0, Some(1)),
    ("flat_map", 0, Some(1)),
    ("any", 0, Some(1)),
    ("all", 0, Some(1)),
    ("find", 0, Some(1)),
    ("fold", 1, Some(2)),
    ("and_then", 0, Some(1)),
    ("is_some_and", 0, Some(1)),
    ("map_or", 1, Some(1)),
    ("unwrap_or_else", 0, Some(0)),
    ("take", 1, None),
    ("skip", 1, None),
    ("enumerate", 0, None),
];

/// The names of these methods.
pub(in crate::workflow) fn chain_methods() -> impl Iterator<Item = &'static str> {
    CHAINS.iter().map(|(name, ..)| *name)
}

/// Which of these methods a call is.
pub(super) fn known(method: &ExprMethodCall) -> Option<Known> {
    CHAINS.into_iter().find(|(name, count, parameters)| {
        method.method == name && method.args.len() == count + usize::from(parameters.is_some())
    })
}

pub(super) fn read(
    reader: &mut Reader,
    receiver: Expr,
    method: &ExprMethodCall,
    (_, count, parameters): Known,
) -> Chain {
    let arguments = reader.exprs(method.args.iter().take(count));
    let closure = parameters.zip(method.args.last()).map(|(parameters, last)| match last {
        SynExpr::Closure(closure) if closure.asyncness.is_none() && closure.inputs.len() == parameters => {
            Ok(self::closure(reader, closure))
        }
        other => Err(Extent::of(other)),
    });
    Chain { receiver, name: method.method.clone(), arguments, closure }
}

fn closure(reader: &mut Reader, closure: &ExprClosure) -> Closure {
    let mark = reader.scope.mark();
    let parameters: Vec<_> = closure.inputs.iter().map(pattern::binding).collect();
    for parameter in &parameters {
        reader.scope.bind_pattern(parameter);
    }
    let body = reader.expr(&closure.body);
    reader.scope.forget(mark);
    Closure { parameters, body }
}

/// `collect::<Vec<_>>()`
pub(super) fn collects_list(method: &ExprMethodCall) -> bool {
    let Some(turbofish) = &method.turbofish else { return false };
    match turbofish.args.iter().collect::<Vec<_>>().as_slice() {
        [GenericArgument::Type(Type::Path(path))] => {
            path.path.segments.last().is_some_and(|last| last.ident == "Vec")
        }
        _ => false,
    }
}
