//! Matches on values: each arm a pattern, and a closure over what it binds.
//! Separate from matches on a task's result, whose arms become Catchers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::block::{Gives, Twin, plain};
use super::expr::literal;
use super::{flow, own};
use crate::workflow::ast::{LetElse, MatchValue, ValueArm, ValuePattern};

impl Twin {
    pub(super) fn match_value(&mut self, choice: &MatchValue, gives: Gives) -> TokenStream {
        let (flow, text) = (flow(), &choice.text);
        let (ahead, subject) = self.ahead(&choice.subject, "subject");
        let arms: Vec<_> = choice.arms.iter().map(|arm| self.value_arm(arm, gives)).collect();
        let matched = quote!(#flow.match_value(#subject, #text, vec![#(#arms),*]));
        if ahead.is_empty() { matched } else { quote!({ #ahead #matched }) }
    }

    fn value_arm(&mut self, arm: &ValueArm, gives: Gives) -> TokenStream {
        let (flow, bound) = (flow(), own("bound"));
        let pattern = self.value_pattern(&arm.pattern);
        let names = arm.pattern.names();
        let guard = arm.guard.as_ref().map(|guard| {
            let parts = names.iter().enumerate().map(|(at, name)| quote!(let #name = #bound[#at].clone();));
            let parts: TokenStream = parts.collect();
            let guard = self.value(guard);
            quote!(.when(|#flow, #bound| { #parts #guard }))
        });
        let parts = bindings(&names, &bound);
        let body = match &arm.body {
            Some(body) => self.end_of_arm(body, gives),
            None if gives.is_value() => quote!(__sfn::AnyVal::unit()),
            None => TokenStream::new(),
        };
        quote!(__sfn::MatchArm::new(#pattern, |#flow, #bound| { #parts #body }) #guard)
    }

    pub(super) fn let_else(&mut self, tested: &LetElse) -> TokenStream {
        let (at, flow, bound, text) =
            (self.at(tested.value.extent.start), flow(), own("bound"), &tested.text);
        let (ahead, subject) = self.ahead(&tested.value, "subject");
        let pattern = self.value_pattern(&tested.pattern);
        let otherwise = self.block(&tested.otherwise, Gives::Nothing);
        let parts = bindings(&tested.pattern.names(), &bound);
        quote! {
            #at #ahead let #bound = #flow.let_else(&#pattern, #subject, #text, |#flow| { #otherwise }); #parts
        }
    }

    fn value_pattern(&mut self, pattern: &ValuePattern) -> TokenStream {
        match pattern {
            ValuePattern::Any | ValuePattern::Foreign(..) => quote!(__sfn::ValuePattern::Any),
            ValuePattern::Name(_) => quote!(__sfn::ValuePattern::Bind),
            ValuePattern::Literal(value) => {
                let value = literal(value);
                quote!(__sfn::ValuePattern::Equals(#value))
            }
            ValuePattern::Constant(path) => quote!(__sfn::ValuePattern::Equals(__sfn::literal(#path))),
            ValuePattern::Range { from, end, inclusive } => {
                let mut bound = |bound: Option<&_>| {
                    bound.map_or_else(
                        || quote!(None),
                        |bound| {
                            let bound = self.value(bound);
                            quote!(Some(#bound))
                        },
                    )
                };
                let (from, end) = (bound(from.as_deref()), bound(end.as_deref()));
                quote!(__sfn::ValuePattern::Range { from: #from, end: #end, inclusive: #inclusive })
            }
            ValuePattern::None => quote!(__sfn::ValuePattern::None),
            ValuePattern::Some(inner) => {
                let inner = self.value_pattern(inner);
                quote!(__sfn::ValuePattern::some(#inner))
            }
            ValuePattern::Variant(name, fields) => {
                let (name, fields) = (plain(name), self.fields(fields));
                quote!(__sfn::ValuePattern::Variant(#name, vec![#fields]))
            }
            ValuePattern::Fields(fields) => {
                let fields = self.fields(fields);
                quote!(__sfn::ValuePattern::Fields(vec![#fields]))
            }
            ValuePattern::Or(alternatives) => {
                let alternatives: Vec<_> = alternatives.iter().map(|one| self.value_pattern(one)).collect();
                quote!(__sfn::ValuePattern::Or(vec![#(#alternatives),*]))
            }
        }
    }

    fn fields(&mut self, fields: &[(syn::Member, ValuePattern)]) -> TokenStream {
        let fields = fields.iter().map(|(place, pattern)| {
            let name = match place {
                syn::Member::Named(name) => plain(name),
                syn::Member::Unnamed(index) => index.index.to_string(),
            };
            let pattern = self.value_pattern(pattern);
            quote!((#name, #pattern),)
        });
        fields.collect()
    }
}

/// The names of a pattern, bound to what it gives.
fn bindings(names: &[&Ident], bound: &Ident) -> TokenStream {
    let flow = flow();
    let lets = names.iter().enumerate().map(|(at, name)| {
        let text = plain(name);
        quote!(let #name = #flow.let_(#text, #bound[#at].clone());)
    });
    lets.collect()
}
