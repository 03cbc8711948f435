//! Loops and assignments of the twin.
//! Separate from other statements because these know the loops they stand in.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{BinOp, Lifetime, Type};

use super::block::{Gives, Twin, is_pure, parts, plain};
use super::expr::calculated;
use super::matching::bindings;
use super::{flow, own};
use crate::workflow::ast::{Block, Expr, ExprKind, Loop, LoopKind, Pattern};

/// A loop around the code being written, and what its turn is called in the twin.
pub(super) struct Turn {
    label: Option<Lifetime>,
    name: Ident,
    /// Whether it is a labelled block, which is left by its name alone.
    is_block: bool,
}

impl Twin {
    /// A loop as a statement; only `loop` has a value.
    pub(super) fn looped(&mut self, repeated: &Loop) -> TokenStream {
        let flow = flow();
        let turn = own(&format!("turn_{}", self.turns.len()));
        let (ahead, before) = match &repeated.kind {
            LoopKind::Endless | LoopKind::WhileLet { .. } => (TokenStream::new(), TokenStream::new()),
            LoopKind::While { condition, .. } => self.ahead(condition, "condition"),
            LoopKind::For { items, .. } | LoopKind::Enumerated { items, .. } => self.ahead(items, "items"),
            LoopKind::Range { from, end, inclusive, .. } => {
                let (first, from) = self.ahead(from, "from");
                let (second, end) = self.ahead(end, "end");
                let end = if *inclusive { quote!(#end.add(&__sfn::literal(1))) } else { end };
                (quote!(#first #second), quote!(#from, #end))
            }
        };
        let tested = match &repeated.kind {
            LoopKind::WhileLet { tests, .. } => Some(self.tests(tests)),
            _ => None,
        };
        self.turns.push(Turn { label: repeated.label.clone(), name: turn.clone(), is_block: false });
        let body = self.block(&repeated.body, Gives::Nothing);
        self.turns.pop();
        let looped = match &repeated.kind {
            LoopKind::Endless => quote!(#flow.repeat::<__sfn::AnyVal>(|#flow, #turn| { #body })),
            LoopKind::While { text, .. } => {
                quote!(#flow.while_(#before, #text, |#flow, #turn| { #body }))
            }
            LoopKind::WhileLet { text, .. } => {
                let (tests, bound) = (own("tests"), own("bound"));
                let (asked, names) = tested.unwrap_or_default();
                let parts = bindings(&names, &bound);
                quote! {
                    #flow.repeat::<__sfn::AnyVal>(|#flow, #turn| {
                        let (#tests, #bound) = #asked;
                        #flow.while_let(#turn, #tests, #text, |#flow| { #parts #body });
                    })
                }
            }
            LoopKind::For { item, .. } => {
                let (name, value, item) = part(item, "item");
                quote!(#flow.for_each_any(#before, #name, |#flow, #turn, _, #value| { #item #body }))
            }
            LoopKind::Enumerated { at, item, .. } => {
                let (name, value, item) = part(item, "item");
                let (_, place, at) = part(at, "place");
                quote! {
                    #flow.for_each_any(#before, #name, |#flow, #turn, #place, #value| { #at #item #body })
                }
            }
            LoopKind::Range { at, .. } => {
                let (name, value, at) = part(at, "number");
                quote!(#flow.for_range(#before, #name, |#flow, #turn, #value| { #at #body }))
            }
        };
        if ahead.is_empty() { looped } else { quote!({ #ahead #looped }) }
    }

    /// `'name: { .. }`
    pub(super) fn labelled(&mut self, name: &Lifetime, block: &Block, gives: Gives) -> TokenStream {
        let flow = flow();
        let turn = own(&format!("turn_{}", self.turns.len()));
        self.turns.push(Turn { label: Some(name.clone()), name: turn.clone(), is_block: true });
        let inside = if gives.is_value() { Gives::Value } else { Gives::Nothing };
        let body = self.block(block, inside);
        self.turns.pop();
        let ty = if inside == Gives::Value { quote!(__sfn::AnyVal) } else { quote!(()) };
        quote!(#flow.labelled::<#ty>(|#flow, #turn| { #body }))
    }

    pub(super) fn left(&mut self, label: Option<&Lifetime>, value: Option<&Expr>) -> TokenStream {
        let (flow, left) = (flow(), own("left"));
        let turn = self.turn(label);
        match value {
            None => quote!(#flow.leave(#turn, ());),
            Some(value) => {
                let value = self.end(value, Gives::Value);
                quote!(let #left = { #value }; #flow.leave(#turn, #left);)
            }
        }
    }

    pub(super) fn again(&self, label: Option<&Lifetime>) -> TokenStream {
        let flow = flow();
        let turn = self.turn(label);
        quote!(#flow.again(#turn);)
    }

    fn turn(&self, label: Option<&Lifetime>) -> TokenStream {
        let meant = self.turns.iter().rev().find(|turn| match label {
            None => !turn.is_block,
            Some(_) => turn.label.as_ref() == label,
        });
        // A loop that is not there was refused by rustc in the user's own function.
        meant.map_or_else(
            || quote!(::core::unreachable!()),
            |turn| {
                let name = &turn.name;
                quote!(#name)
            },
        )
    }

    /// `let mut name: ty = value;`
    pub(super) fn changing(&mut self, name: &Ident, ty: Option<&Type>, value: &Expr) -> TokenStream {
        let (at, flow, text, first) = (self.at(value.extent.start), flow(), name.to_string(), own("first"));
        let value = self.value(value);
        let typed = ty.map(|ty| quote!(let #first = #first.of::<#ty>();));
        quote!(#at let #first = #value; #typed let #name = #flow.let_mut(#text, #first);)
    }

    /// `place = value;`, with the operator of `place += value;` in between.
    pub(super) fn assigned(&mut self, place: &Expr, operator: Option<&BinOp>, value: &Expr) -> TokenStream {
        let (at, assigned) = (self.at(place.extent.start), own("assigned"));
        let given = if is_pure(value) { self.value(value) } else { self.end(value, Gives::Value) };
        let new = operator.map_or_else(
            || quote!(#assigned),
            |operator| {
                let old = self.value(place);
                calculated(&old, operator, &quote!(#assigned))
            },
        );
        let set = set(place, &new);
        quote!(#at let #assigned = { #given }; #set)
    }

    /// `place.push(value);`
    pub(super) fn changed(&mut self, place: &Expr, value: &Expr) -> TokenStream {
        let at = self.at(place.extent.start);
        let (ahead, value) = self.ahead(value, "changed");
        let set = set(place, &value);
        quote!(#at #ahead #set)
    }
}

/// A pattern as the name of a builder's value, the parameter that takes it, and what binds its parts.
fn part(pattern: &Pattern, fallback: &str) -> (String, Ident, TokenStream) {
    if let Pattern::Name(name) = pattern {
        return (plain(name), name.clone(), TokenStream::new());
    }
    let value = own(fallback);
    let bound = parts(pattern, &quote!(#value));
    (fallback.to_owned(), value, bound)
}

/// Gives the variable that a place is part of its new value.
fn set(place: &Expr, new: &TokenStream) -> TokenStream {
    let flow = flow();
    let mut path = Vec::new();
    let mut root = place;
    while let ExprKind::Field(of, member) = &root.kind {
        path.push(match member {
            syn::Member::Named(name) => plain(name),
            syn::Member::Unnamed(index) => index.index.to_string(),
        });
        root = of;
    }
    path.reverse();
    let ExprKind::Local(name) = &root.kind else { return TokenStream::new() };
    if path.is_empty() {
        return quote!(#flow.set(&#name, #new););
    }
    quote!(#flow.set(&#name, #name.with(&[#(#path),*], &#new));)
}
