//! The macros that a workflow has: `join!`, `format!`, `vec!`, `json!`, `matches!`, `jsonata!`.
//! Separate because what stands between their parentheses is no syntax of Rust before it is read.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr as SynExpr, Macro, Token};

use super::reader::Reader;
use super::{Action, Branch, ExprKind, Foreign, format, json, service, short};

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
        let elements = short::repeated(&repeat).map(|elements| ExprKind::Array(reader.exprs(elements)));
        return elements.unwrap_or_else(foreign);
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
