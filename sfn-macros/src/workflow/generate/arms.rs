//! The arms of a `match`, on a task's result or on literals.
//! Separate because their patterns are the builder's words and no values.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::block::{Gives, Twin, is_pure, parts, plain};
use super::expr::literal;
use super::step::parameter;
use super::{flow, origin, own};
use crate::workflow::ast::{
    Case, Expr, ExprKind, LiteralArm, LiteralPattern, MatchLiteral, MatchTask, Pattern, TaskArm, TaskPattern,
};

impl Twin {
    pub(super) fn match_task(&mut self, choice: &MatchTask, gives: Gives) -> TokenStream {
        let ExprKind::Step { awaited, .. } = &choice.awaited.kind else {
            return quote!(__sfn::AnyVal::never());
        };
        let Some(made) = self.fallible(awaited) else { return quote!(__sfn::AnyVal::never()) };
        let arms: Vec<_> = choice.arms.iter().map(|arm| self.task_arm(arm, gives)).collect();
        quote!(#made.matching() #(#arms)* .end())
    }

    fn task_arm(&mut self, arm: &TaskArm, gives: Gives) -> TokenStream {
        let (flow, origin) = (flow(), origin(arm.span));
        match &arm.pattern {
            TaskPattern::Ok(pattern) => {
                let (parameter, bound) = parameter(pattern);
                let name = match pattern {
                    Pattern::Name(name) => name.to_string(),
                    _ => "_".to_owned(),
                };
                let body = self.end_of_arm(&arm.body, gives);
                quote!(.ok_any(#name, |#flow, #parameter| { #bound #body }))
            }
            TaskPattern::Err(name) => {
                let text = name.as_ref().map_or_else(|| "_".to_owned(), ToString::to_string);
                let parameter = name.as_ref().map_or_else(|| quote!(_), ToTokens::to_token_stream);
                let body = self.end_of_arm(&arm.body, gives);
                quote!(.at(__sfn::#origin).any(#text, |#flow, #parameter| { #body }))
            }
            TaskPattern::Cases(cases) => {
                let fields = own("fields");
                let caught = cases.iter().map(|case| match case {
                    Case::Variant { name, .. } => {
                        let name = plain(name);
                        quote!(.variant(#name))
                    }
                    Case::AnyTask => quote!(.task()),
                    Case::Timeout => quote!(.timeout()),
                    Case::HeartbeatTimeout => quote!(.heartbeat_timeout()),
                    Case::Foreign(..) => TokenStream::new(),
                });
                let caught = quote!(__sfn::Caught::new() #(#caught)*);
                // Alternatives bind the same names; the first says them all.
                let bound: TokenStream = cases
                    .iter()
                    .find_map(|case| match case {
                        Case::Variant { fields, .. } => Some(fields),
                        _ => None,
                    })
                    .into_iter()
                    .flatten()
                    .map(|(place, part)| parts(part, &super::block::member(&quote!(#fields), place)))
                    .collect();
                let body = self.end_of_arm(&arm.body, gives);
                quote!(.at(__sfn::#origin).caught(#caught, |#flow, #fields| { #bound #body }))
            }
            TaskPattern::Foreign(..) => TokenStream::new(),
        }
    }

    /// An arm's body; its braces are the closure's.
    pub(super) fn end_of_arm(&mut self, body: &Expr, gives: Gives) -> TokenStream {
        match &body.kind {
            ExprKind::Block(block) => self.block(block, gives),
            _ => self.end(body, gives),
        }
    }

    pub(super) fn match_literal(&mut self, choice: &MatchLiteral, gives: Gives) -> TokenStream {
        let (flow, text, subject) = (flow(), &choice.text, own("subject"));
        let value = self.value(&choice.subject);
        let is_any = |arm: &LiteralArm| matches!(arm.pattern, LiteralPattern::Any(_));
        // `true` and `false` need no default in Rust: the last arm is it.
        let default = choice.arms.iter().position(is_any).unwrap_or(choice.arms.len().saturating_sub(1));
        let arms: Vec<_> = choice.arms.iter().take(default).map(|arm| self.literal_arm(arm, gives)).collect();
        let default = choice.arms.get(default).map(|arm| {
            let bound = match &arm.pattern {
                LiteralPattern::Any(Some(name)) => {
                    let text = plain(name);
                    quote!(let #name = #flow.let_(#text, #subject.clone());)
                }
                _ => TokenStream::new(),
            };
            let body = self.end_of_arm(&arm.body, gives);
            quote!(#bound #body)
        });
        let named = choice.arms.iter().any(|arm| matches!(arm.pattern, LiteralPattern::Any(Some(_))));
        if named || !is_pure(&choice.subject) {
            return quote!({
                let #subject = #value;
                #flow.switch(#subject.clone(), #text, vec![#(#arms),*], |#flow| { #default })
            });
        }
        quote!(#flow.switch(#value, #text, vec![#(#arms),*], |#flow| { #default }))
    }

    fn literal_arm(&mut self, arm: &LiteralArm, gives: Gives) -> TokenStream {
        let flow = flow();
        let literals: Vec<_> = match &arm.pattern {
            LiteralPattern::Literals(literals) => literals.iter().map(literal).collect(),
            LiteralPattern::Any(_) | LiteralPattern::Foreign(..) => Vec::new(),
        };
        let body = self.end_of_arm(&arm.body, gives);
        quote!((vec![#(#literals),*], Box::new(|#flow| { #body })))
    }
}
