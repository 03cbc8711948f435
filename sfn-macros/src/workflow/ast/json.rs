//! What stands inside `serde_json::json!`.
//! Separate because it is JSON with expressions in it, and no Rust until one of those begins.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr as SynExpr, Ident, LitStr, Token, braced, bracketed, parenthesized, token};

use super::Expr;
use super::reader::Reader;

/// A JSON value with expressions in it.
#[derive(Debug)]
pub(in crate::workflow) enum Json {
    Null,
    Value(Expr),
    Array(Vec<Self>),
    Object(Vec<(Key, Self)>),
}

/// The name of an entry.
#[derive(Debug)]
pub(in crate::workflow) enum Key {
    Text(String),
    Value(Expr),
}

pub(super) fn read(reader: &mut Reader, tokens: TokenStream) -> Option<Json> {
    let syntax = Syntax::parse.parse2(tokens).ok()?;
    Some(value(reader, &syntax))
}

enum Syntax {
    Null,
    Value(Box<SynExpr>),
    Array(Vec<Self>),
    Object(Vec<(SyntaxKey, Self)>),
}

enum SyntaxKey {
    Text(String),
    Value(Box<SynExpr>),
}

impl Parse for Syntax {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(token::Brace) {
            let inside;
            braced!(inside in input);
            let mut entries = Vec::new();
            while !inside.is_empty() {
                let key = SyntaxKey::parse(&inside)?;
                inside.parse::<Token![:]>()?;
                entries.push((key, Self::parse(&inside)?));
                inside.parse::<Option<Token![,]>>()?;
            }
            return Ok(Self::Object(entries));
        }
        if input.peek(token::Bracket) {
            let inside;
            bracketed!(inside in input);
            let mut items = Vec::new();
            while !inside.is_empty() {
                items.push(Self::parse(&inside)?);
                inside.parse::<Option<Token![,]>>()?;
            }
            return Ok(Self::Array(items));
        }
        if input.fork().parse::<Ident>().is_ok_and(|word| word == "null") {
            input.parse::<Ident>()?;
            return Ok(Self::Null);
        }
        Ok(Self::Value(Box::new(input.parse()?)))
    }
}

impl Parse for SyntaxKey {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Text(input.parse::<LitStr>()?.value()));
        }
        let inside;
        parenthesized!(inside in input);
        Ok(Self::Value(Box::new(inside.parse()?)))
    }
}

fn value(reader: &mut Reader, syntax: &Syntax) -> Json {
    match syntax {
        Syntax::Null => Json::Null,
        Syntax::Value(expr) => Json::Value(reader.expr(expr)),
        Syntax::Array(items) => Json::Array(items.iter().map(|item| value(reader, item)).collect()),
        Syntax::Object(entries) => {
            let entries = entries.iter().map(|(key, held)| {
                let key = match key {
                    SyntaxKey::Text(text) => Key::Text(text.clone()),
                    SyntaxKey::Value(expr) => Key::Value(reader.expr(expr)),
                };
                (key, value(reader, held))
            });
            Json::Object(entries.collect())
        }
    }
}
