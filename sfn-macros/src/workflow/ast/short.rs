//! Rust that is short for other Rust of the subset, written out before it is read: `matches!`, `[0; 3]`, `.map(String::len)`.
//! Separate because it is about syntax alone: our tree has one form of what Rust has two of.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprClosure, ExprMatch, ExprRepeat, Path, Stmt, Token};

use super::Extent;
use super::pattern::{is_variant, starts_upper};

/// As many elements of `[value; n]` are written out; a longer list is no part of an expression that people read.
const REPEATED: usize = 64;

/// `matches!(value, pattern if guard)`
pub(super) fn matches(tokens: TokenStream) -> Option<ExprMatch> {
    let parts = |input: ParseStream<'_>| {
        let value: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern: TokenStream = input.step(|cursor| {
            let (mut pattern, mut rest) = (TokenStream::new(), *cursor);
            while let Some((token, next)) = rest.token_tree() {
                // A comma at the end is no part of the pattern.
                let is_last_comma =
                    next.eof() && matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
                if !is_last_comma {
                    pattern.extend([token]);
                }
                rest = next;
            }
            Ok((pattern, rest))
        })?;
        Ok((value, pattern))
    };
    let (value, pattern) = parts.parse2(tokens).ok()?;
    let start = Extent::of(&pattern).start;
    let arms = quote_spanned!(start=> match () { #pattern => true, _ => false });
    let matched: ExprMatch = syn::parse2(arms).ok()?;
    Some(ExprMatch { expr: Box::new(value), ..matched })
}

/// The elements of `[value; n]`, where it may be written out.
pub(super) fn repeated(repeat: &ExprRepeat) -> Option<impl Iterator<Item = &Expr>> {
    let Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(count), .. }) = &*repeat.len else { return None };
    let count = count.base10_parse::<usize>().ok();
    let count = count.filter(|count| *count <= REPEATED && is_plain(&repeat.expr))?;
    Some(std::iter::repeat_n(&*repeat.expr, count))
}

/// Whether evaluating it again gives the same and takes nothing.
pub(super) fn is_plain(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Field(field) => is_plain(&field.base),
        Expr::Unary(unary) => is_plain(&unary.expr),
        Expr::Paren(inner) => is_plain(&inner.expr),
        Expr::Reference(inner) => is_plain(&inner.expr),
        _ => false,
    }
}

/// A function in a closure's place, as the closure that calls it: `|value| value.len()` for `String::len`, `|value| Cents(value)`
/// for `Cents`.
pub(super) fn closure(function: &Expr) -> Option<ExprClosure> {
    let Expr::Path(path) = function else { return None };
    let start = Extent::of(path).start;
    let value = Ident::new("value", Span::mixed_site().located_at(start));
    let called = match method(&path.path) {
        Some(method) => quote_spanned!(start=> #value.#method()),
        None if path.path.segments.last().is_some_and(|last| starts_upper(&last.ident)) => {
            quote_spanned!(start=> #path(#value))
        }
        None => return None,
    };
    syn::parse2(quote_spanned!(start=> |#value| #called)).ok()
}

/// The method that a path such as `String::len` or `ToString::to_string` means.
fn method(path: &Path) -> Option<&Ident> {
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    let (last, owner) = (names.next()?, names.next()?);
    (!starts_upper(last) && (starts_upper(owner) || is_primitive(owner))).then_some(last)
}

/// Whether a path is of a function that belongs to a type: `Order::total`, `u8::try_from`.
pub(super) fn is_associated(path: &Path) -> bool {
    is_variant(path) || method(path).is_some()
}

/// Whether it is the name of a type that Rust has by itself.
pub(super) fn is_primitive(name: &Ident) -> bool {
    is_number(name) || ["str", "bool", "char"].iter().any(|known| name == known)
}

pub(super) fn is_number(name: &Ident) -> bool {
    let numbers = [
        "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64",
    ];
    numbers.iter().any(|known| name == known)
}

/// `Default::default()` of a type.
pub(super) fn default_of(value: &Expr, ty: &Path) -> Option<Expr> {
    let Expr::Call(call) = value else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let names: Vec<_> = path.path.segments.iter().rev().take(2).map(|segment| &segment.ident).collect();
    let is_default = matches!(names.as_slice(), [last, owner] if *last == "default" && *owner == "Default");
    let mut ty = ty.clone();
    for segment in &mut ty.segments {
        // `Vec<u8>::default()` is no expression, `Vec::<u8>::default()` is.
        if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token.get_or_insert_with(Default::default);
        }
    }
    let start = Extent::of(path).start;
    is_default.then(|| syn::parse_quote_spanned!(start=> #ty::default()))
}

/// `list.pop()` as a value: the name of what is popped, and the statements `let popped = list.last().cloned(); list.pop();`.
pub(super) fn popped(value: &Expr) -> Option<(Ident, Vec<Stmt>)> {
    let Expr::MethodCall(method) = value else { return None };
    let (list, start) = (&*method.receiver, method.method.span());
    if method.method != "pop" || !method.args.is_empty() || !is_plain(list) {
        return None;
    }
    let name = Ident::new("popped", Span::mixed_site().located_at(start));
    let statements = quote_spanned!(start=> let #name = #list.last().cloned(); #list.pop(););
    Some((name, syn::Block::parse_within.parse2(statements).ok()?))
}
