//! What only calls of services have: options that take values of the workflow, the task token, JSONata by hand.
//! Separate because tasks know none of it.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr as SynExpr, ExprMethodCall, Ident, LitStr, Macro, Token, Type};

use super::reader::Reader;
use super::{Expr, ExprKind, Part};

/// The options, and how many values each takes.
const PARTS: [(&str, usize); 19] = [
    ("add", 2),
    ("and", 3),
    ("attribute", 2),
    ("cc", 1),
    ("condition", 1),
    ("consistent_read", 0),
    ("content_type", 1),
    ("deduplication_id", 1),
    ("delay_seconds", 1),
    ("group_id", 1),
    ("header", 2),
    ("html", 1),
    ("input", 2),
    ("query", 2),
    ("remove", 1),
    ("reply_to", 1),
    ("set", 2),
    ("subject", 1),
    ("value", 2),
];

/// An option of a service's call, if the method is one.
pub(super) fn part(reader: &mut Reader, method: &ExprMethodCall) -> Option<Part> {
    let known = |(name, count): &&(&str, usize)| method.method == name && method.args.len() == *count;
    PARTS.iter().find(known)?;
    Some(Part { name: method.method.clone(), values: reader.exprs(&method.args) })
}

/// JSONata by hand: `jsonata!("$sum($xs)", xs = &numbers)`.
#[derive(Debug)]
pub(in crate::workflow) struct Jsonata {
    /// What it gives, as the `let` around it says.
    pub(in crate::workflow) ty: Option<Type>,
    pub(in crate::workflow) text: LitStr,
    pub(in crate::workflow) names: Vec<(Ident, Expr)>,
    /// Whether `?` stands behind it.
    pub(in crate::workflow) propagates: bool,
}

struct Invocation {
    text: LitStr,
    names: Vec<(Ident, SynExpr)>,
}

impl Parse for Invocation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let text = input.parse()?;
        let mut names = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            names.push((name, input.parse()?));
        }
        Ok(Self { text, names })
    }
}

pub(super) fn jsonata(reader: &mut Reader, mac: &Macro) -> Option<ExprKind> {
    let Invocation { text, names } = mac.parse_body().ok()?;
    let names = names.into_iter().map(|(name, value)| (name, reader.expr(&value))).collect();
    Some(ExprKind::Jsonata(Box::new(Jsonata { ty: None, text, names, propagates: false })))
}
