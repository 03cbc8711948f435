//! The methods that write a lambda: those that take a closure, and those that need the place of each item.
//! Separate from other methods because a closure binds names of its own.

use proc_macro2::Ident;
use syn::{Expr as SynExpr, ExprClosure, ExprMethodCall, GenericArgument, Type};

use super::reader::Reader;
use super::{Chain, Closure, Expr, ExprKind, Extent, pattern, short};

/// A method, the number of its arguments, and of its closure's parameters where it has one, which comes last.
type Known = (&'static str, usize, Option<usize>);

const CHAINS: [Known; 46] = [
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
    ("position", 0, Some(1)),
    ("find_map", 0, Some(1)),
    ("max_by_key", 0, Some(1)),
    ("min_by_key", 0, Some(1)),
    ("partition", 0, Some(1)),
    ("is_none_or", 0, Some(1)),
    ("or_else", 0, Some(0)),
    ("then", 0, Some(0)),
    ("starts_with", 1, None),
    ("ends_with", 1, None),
    ("strip_prefix", 1, None),
    ("strip_suffix", 1, None),
    ("split_once", 1, None),
    ("repeat", 1, None),
    ("pow", 1, None),
    ("checked_add", 1, None),
    ("checked_sub", 1, None),
    ("checked_mul", 1, None),
    ("checked_div", 1, None),
    ("checked_rem", 1, None),
    ("signum", 0, None),
    ("round", 0, None),
    ("keys", 0, None),
    ("values", 0, None),
    ("into_keys", 0, None),
    ("into_values", 0, None),
    ("step_by", 1, None),
    ("flatten", 0, None),
    ("concat", 0, None),
    ("product", 0, None),
    ("unzip", 0, None),
];

/// The methods that change a list or a map and write a lambda for it, by the names of what makes the new value.
const CHANGING: [Known; 8] = [
    ("filter", 0, Some(1)),
    ("sort_by_key", 0, Some(1)),
    ("sort", 0, None),
    ("sort_unstable", 0, None),
    ("dedup", 0, None),
    ("remove", 1, None),
    ("take", 1, None),
    ("pop", 0, None),
];

/// The names of these methods.
pub(in crate::workflow) fn chain_methods() -> impl Iterator<Item = &'static str> {
    CHAINS.iter().map(|(name, ..)| *name)
}

/// Which of these methods a call is.
pub(super) fn known(method: &ExprMethodCall) -> Option<Known> {
    of(&CHAINS, &method.method, method)
}

/// The same of a method that changes what it is called on.
pub(super) fn changing(name: &Ident, method: &ExprMethodCall) -> Option<Known> {
    of(&CHANGING, name, method)
}

fn of(table: &[Known], wanted: &Ident, method: &ExprMethodCall) -> Option<Known> {
    table.iter().copied().find(|(name, count, parameters)| {
        wanted == name && method.args.len() == count + usize::from(parameters.is_some())
    })
}

/// A method without arguments under the builder's name for it.
pub(super) fn plain(receiver: Expr, method: &ExprMethodCall, name: &str) -> ExprKind {
    let name = Ident::new(name, method.method.span());
    ExprKind::Chain(Box::new(Chain { receiver, name, arguments: Vec::new(), closure: None }))
}

pub(super) fn read(
    reader: &mut Reader,
    receiver: Expr,
    name: &Ident,
    method: &ExprMethodCall,
    (_, count, parameters): Known,
) -> Chain {
    let arguments = reader.exprs(method.args.iter().take(count));
    let closure = parameters.zip(method.args.last()).map(|(parameters, last)| match last {
        SynExpr::Closure(closure) if closure.asyncness.is_none() && closure.inputs.len() == parameters => {
            Ok(self::closure(reader, closure))
        }
        function
            if parameters == 1
                && let Some(closure) = short::closure(function) =>
        {
            Ok(reader.invented(|reader| self::closure(reader, &closure)))
        }
        other => Err(Extent::of(other)),
    });
    let name = match name.to_string().as_str() {
        "into_keys" => Ident::new("keys", name.span()),
        "into_values" => Ident::new("values", name.span()),
        _ => name.clone(),
    };
    Chain { receiver, name, arguments, closure }
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

/// What an iterator is collected into.
#[derive(Clone, Copy)]
pub(super) enum Into {
    List,
    Text,
    Map,
}

/// What an iterator is collected into, by its type: `Vec<_>`, `String`, `BTreeMap<_, _>`.
pub(super) fn into(ty: &Type) -> Option<Into> {
    let Type::Path(path) = ty else { return None };
    let last = &path.path.segments.last()?.ident;
    match last.to_string().as_str() {
        "Vec" => Some(Into::List),
        "String" => Some(Into::Text),
        "BTreeMap" => Some(Into::Map),
        _ => None,
    }
}

/// `iterator.collect()`
pub(super) fn collected(receiver: Expr, method: &ExprMethodCall, into: Into) -> ExprKind {
    match into {
        Into::List => receiver.kind,
        Into::Text => plain(receiver, method, "concat"),
        Into::Map => plain(receiver, method, "collect_map"),
    }
}

/// The type between `::<` and `>`.
pub(super) fn sole_type(method: &ExprMethodCall) -> Option<&Type> {
    match method.turbofish.as_ref()?.args.iter().collect::<Vec<_>>().as_slice() {
        [GenericArgument::Type(ty)] => Some(ty),
        _ => None,
    }
}
