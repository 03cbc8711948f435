//! The user's function, as it is compiled: the body in a function of its own, inside a saga.
//! Separate from the twin because this is the half that rustc checks, rust-analyzer reads and tests await.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprParen, Generics, ItemFn, parse_quote, token};

use super::ast::{self, Input, Place, Workflow};
use super::check::{Blamed, Fault};
use super::generate::{fragment, own, parameters};
use super::options::Options;
use super::undoes::Undoes;
use crate::errors;

/// The function that calls the workflow, and the user's own beside it: a function of its own keeps rustc's words about a
/// wrong result where they belong, at the wrong result.
pub(super) fn callable(
    options: &Options,
    function: &ItemFn,
    workflow: &Workflow,
    undoes: &Undoes,
) -> TokenStream {
    let ItemFn { attrs, vis, sig, block, .. } = function;
    let name = &sig.ident;
    let is_outer = |attribute: &&Attribute| {
        ["doc", "deprecated", "must_use", "cfg", "allow"].iter().any(|known| attribute.path().is_ident(known))
    };
    let is_inner = |attribute: &&Attribute| !is_outer(attribute) || attribute.path().is_ident("allow");
    let outer = attrs.iter().filter(is_outer);
    let inner = attrs.iter().filter(is_inner);
    let conditions = attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let parameters = workflow.inputs.iter().map(|Input { name, ty, .. }| {
        let arg = quote_spanned!(ty.span()=> impl ::sfn::__private::Arg<#ty>);
        quote!(#name: #arg)
    });
    let arguments: Vec<_> = workflow
        .inputs
        .iter()
        .map(|Input { name, ty, .. }| quote!(::sfn::__private::Arg::<#ty>::into_arg(#name)))
        .collect();
    let generics = parameters::bounded(options, function, workflow);
    let (implemented, applied, clause) = generics.split_for_impl();
    let own = errors::signature(sig);
    let none = generics.params.is_empty().then(|| errors::parameters(sig));
    let run = if options.inline {
        fragment::run(function, &generics, workflow, undoes)
    } else {
        run(function, &generics, workflow)
    };
    let (call, made) = match (options.inline, arguments.as_slice()) {
        (true, arguments) => (quote!(FragmentCall), quote!(FragmentCall::new(::std::vec![#(#arguments),*]))),
        (false, [input]) => (quote!(WorkflowCall), quote!(WorkflowCall::new(#input))),
        (false, _) => (quote!(WorkflowCall), quote!(WorkflowCall::without_input())),
    };
    quote! {
        #(#outer)*
        #vis fn #name #none #implemented (#(#parameters),*) -> ::sfn::__private::#call<#name #applied> #clause {
            ::sfn::__private::#made
        }

        #(#conditions)*
        const _: () = {
            #(#inner)*
            #[allow(
                clippy::unused_async,
                clippy::redundant_closure,
                clippy::redundant_closure_for_method_calls,
                reason = "a workflow is asynchronous whether or not it waits, and its closures are written out"
            )]
            #own #block

            #run
        };
    }
}

/// The run of a workflow's own function.
fn run(function: &ItemFn, generics: &Generics, workflow: &Workflow) -> TokenStream {
    let name = &function.sig.ident;
    let (implemented, applied, clause) = generics.split_for_impl();
    let turbofish = applied.as_turbofish();
    let input = own(if workflow.inputs.is_empty() { "_input" } else { "input" });
    let given = workflow.inputs.first().map(|_| &input);
    quote! {
        impl #implemented ::sfn::__private::NativeWorkflow for #name #applied #clause {
            async fn run(
                #input: <Self as ::sfn::__private::Workflow>::Input,
            ) -> ::core::result::Result<<Self as ::sfn::__private::Workflow>::Output, ::sfn::__private::Failed> {
                #name #turbofish (#given).await
            }
        }
    }
}

/// Puts parentheses around the callees that the twin names too: there they are values, and a name that does not exist
/// is "not a value" in both, so that rustc prints the two errors as the one they are.
pub(super) fn accept(function: &mut ItemFn) {
    Callees.visit_block_mut(&mut function.block);
}

struct Callees;

impl VisitMut for Callees {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        if let Expr::Path(path) = &*call.func
            && path.qself.is_none()
            && ast::is_named_in_twin(&path.path)
        {
            let start = ast::Extent::of(path).start;
            let func = std::mem::replace(&mut call.func, Box::new(Expr::Verbatim(TokenStream::new())));
            *call.func =
                Expr::Paren(ExprParen { attrs: Vec::new(), paren_token: token::Paren(start), expr: func });
        }
    }

    fn visit_expr_await_mut(&mut self, awaited: &mut syn::ExprAwait) {
        let undoes = is_fan_out(&awaited.base).then(|| Undoes::in_expr(&awaited.base));
        visit_mut::visit_expr_await_mut(self, awaited);
        if let Some(undoes) = undoes.filter(|undoes| !undoes.is_nothing()) {
            let fan_out = &awaited.base;
            *awaited.base = parse_quote!(::sfn::__private::settling(
                |asked: &mut ::sfn::__private::Asked| { let _ = &asked; #undoes },
                #fan_out
            ));
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let Some(mut arguments) = ast::arguments(mac.tokens.clone()) else { return };
        let is_join = mac.path.segments.last().is_some_and(|last| last.ident == "join");
        for argument in &mut arguments {
            self.visit_expr_mut(argument);
            if let (Expr::Async(branch), true) = (argument, is_join) {
                Outcomes.settle_block(&mut branch.block);
                Outcomes.visit_block_mut(&mut branch.block);
            }
        }
        mac.tokens = arguments.into_token_stream();
    }
}

/// Lets a branch of `join!` end with a call's own result, as a branch that is nothing but a call does.
struct Outcomes;

impl Outcomes {
    fn settle_block(&mut self, block: &mut syn::Block) {
        if let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.settle(tail);
        }
    }

    fn settle(&mut self, outcome: &mut Expr) {
        match outcome {
            Expr::Await(_) => *outcome = parse_quote!(::sfn::__private::settled(#outcome)),
            Expr::Block(inner) => self.settle_block(&mut inner.block),
            Expr::If(choice) => {
                self.settle_block(&mut choice.then_branch);
                if let Some((_, otherwise)) = &mut choice.else_branch {
                    self.settle(otherwise);
                }
            }
            Expr::Match(choice) => choice.arms.iter_mut().for_each(|arm| self.settle(&mut arm.body)),
            _ => {}
        }
    }
}

impl VisitMut for Outcomes {
    fn visit_expr_return_mut(&mut self, returned: &mut syn::ExprReturn) {
        visit_mut::visit_expr_return_mut(self, returned);
        if let Some(outcome) = &mut returned.expr {
            self.settle(outcome);
        }
    }

    // Their results are their own.
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
}

/// Whether it runs several things at once.
fn is_fan_out(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(method) => is_fan_out(&method.receiver),
        Expr::Paren(inner) => is_fan_out(&inner.expr),
        Expr::Call(call) => ast::is_map(&call.func),
        Expr::Macro(_) => true,
        _ => false,
    }
}

/// Puts each error in the place of the expression it blames, where rustc would say the same in its own words. What the
/// expression is made of stays, for rustc and for rust-analyzer.
pub(super) fn refuse(function: &mut ItemFn, faults: &[Fault]) {
    if function.sig.asyncness.is_none() {
        function.sig.asyncness = Some(syn::Token![async](function.sig.fn_token.span));
    }
    if ast::output(&function.sig.output).is_none() {
        // Every `?` and every result in the body would be another error about the one type.
        *function.block = parse_quote!({ ::core::unreachable!() });
        function.attrs.push(parse_quote!(#[allow(unused_variables, reason = "the body is left out")]));
        return;
    }
    let blamed =
        faults.iter().filter_map(|fault| Some((fault.blamed?, fault.error.to_compile_error()))).collect();
    Blame(blamed).visit_block_mut(&mut function.block);
}

struct Blame(Vec<(Blamed, TokenStream)>);

impl VisitMut for Blame {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let place = Place::of(expr);
        visit_mut::visit_expr_mut(self, expr);
        for (blamed, error) in &self.0 {
            match blamed {
                Blamed::Whole(whole) if *whole == place => {
                    let kept = kept(expr);
                    *expr = parse_quote!({ #(let _ = #kept;)* #error });
                }
                Blamed::Utterly(whole) if *whole == place => *expr = parse_quote!({ #error }),
                Blamed::Whole(_) | Blamed::Utterly(_) => {}
            }
        }
    }
}

/// The parts of a blamed expression that are not to blame.
fn kept(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Try(tried) => match &*tried.expr {
            inner @ (Expr::MethodCall(_) | Expr::Await(_)) => kept(inner),
            inner => vec![inner],
        },
        Expr::Await(awaited) => match &*awaited.base {
            inner @ (Expr::MethodCall(_) | Expr::Macro(_)) => kept(inner),
            inner => vec![inner],
        },
        Expr::MethodCall(method) => {
            let parts = std::iter::once(&*method.receiver).chain(&method.args);
            // The type of a closure's parameter comes from the method it was given to.
            parts.filter(|part| !matches!(part, Expr::Closure(_))).collect()
        }
        Expr::Match(matched) => vec![&matched.expr],
        Expr::Macro(_) => Vec::new(),
        other => vec![other],
    }
}
