//! Matches on values: each arm a pattern, and a closure over what it binds.
//! Separate from matches on a task's result, whose arms become Catchers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::block::{Gives, Twin, is_pure, plain};
use super::expr::literal;
use super::{flow, own};
use crate::workflow::ast::{Expr, IfLet, LetElse, MatchValue, OkOr, Test, ValueArm, ValuePattern};

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
        let body = self.end_of_arm(&arm.body, gives);
        quote!(__sfn::MatchArm::new(#pattern, |#flow, #bound| { #parts #body }) #guard)
    }

    pub(super) fn if_let(&mut self, choice: &IfLet, gives: Gives) -> TokenStream {
        let (flow, tests, bound, text) = (flow(), own("tests"), own("bound"), &choice.text);
        let (asked, names) = self.tests(&choice.tests);
        let parts = bindings(&names, &bound);
        let then = self.block(&choice.then, gives);
        let otherwise = self.otherwise(choice.otherwise.as_ref(), gives);
        quote!({
            let (#tests, #bound) = #asked;
            #flow.if_let(#tests, #text, |#flow| { #parts #then }, |#flow| { #otherwise })
        })
    }

    /// The parts of a condition, and the names they bind: a block that gives the tests and what is bound.
    pub(super) fn tests<'t>(&mut self, parts: &'t [Test]) -> (TokenStream, Vec<&'t Ident>) {
        let (flow, tests, bound) = (flow(), own("tests"), own("bound"));
        let mut names = Vec::new();
        let mut asked = TokenStream::new();
        for (at, part) in parts.iter().enumerate() {
            asked.extend(match part {
                Test::Let(pattern, subject) => {
                    let (ahead, subject) = self.asked(at, subject, "subject");
                    let more = pattern.names();
                    let pattern = self.value_pattern(pattern);
                    let lets: TokenStream = (0..)
                        .zip(&more)
                        .map(|(at, name): (usize, _)| quote!(let #name = #tests.bound(#at);))
                        .collect();
                    names.extend(more);
                    quote!(#ahead #flow.test(&mut #tests, &#pattern, #subject); #lets)
                }
                Test::Holds(condition) => {
                    let (ahead, condition) = self.asked(at, condition, "condition");
                    quote!(#ahead #flow.hold(&mut #tests, &#condition);)
                }
            });
        }
        let asked = quote!({
            let mut #tests = __sfn::Tests::default();
            #asked
            let #bound: Vec<__sfn::AnyVal> = vec![#(#names.clone()),*];
            (#tests, #bound)
        });
        (asked, names)
    }

    /// The value that a part of a condition asks about. Only that of the first is always asked for.
    fn asked(&mut self, at: usize, value: &Expr, name: &str) -> (TokenStream, TokenStream) {
        if at == 0 || is_pure(value) {
            return self.ahead(value, name);
        }
        let (value, name) = (self.perhaps(value), own(name));
        (quote!(let #name = #value;), quote!(#name))
    }

    /// `option.ok_or(fail(..))?`
    pub(super) fn ok_or(&mut self, either: &OkOr) -> TokenStream {
        let failed = self.failed(&either.failure, &either.failure);
        self.some_or(&either.option, &format!("{} is none", either.text), &failed)
    }

    /// `option?` of a calculation, which gives `None` otherwise.
    pub(super) fn held(&mut self, option: &Expr) -> TokenStream {
        let flow = flow();
        self.some_or(option, "?", &quote!(#flow.succeed(__sfn::AnyVal::none());))
    }

    fn some_or(&mut self, option: &Expr, text: &str, otherwise: &TokenStream) -> TokenStream {
        let flow = flow();
        let (ahead, subject) = self.ahead(option, "subject");
        let pattern = quote!(__sfn::ValuePattern::some(__sfn::ValuePattern::Bind));
        quote!({
            #ahead
            #flow.let_else(&#pattern, #subject, #text, |#flow| { #otherwise }).remove(0)
        })
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
pub(super) fn bindings(names: &[&Ident], bound: &Ident) -> TokenStream {
    let flow = flow();
    let lets = names.iter().enumerate().map(|(at, name)| {
        let text = plain(name);
        quote!(let #name = #flow.let_(#text, #bound[#at].clone());)
    });
    lets.collect()
}
