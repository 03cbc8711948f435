//! Whether something in a piece of the user's function is undone should the workflow fail.
//! Separate because a workflow that is inlined says so by its type alone, so that part of the answer is left to the run.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAwait, ExprMethodCall, Macro, Path};

use super::ast;

/// What is known of a piece of text.
#[derive(Debug, Default)]
pub(super) struct Undoes {
    /// Whether it says `.compensate(..)` itself.
    by_itself: bool,
    /// What it calls, some of which may be workflows that are inlined.
    callees: Vec<Path>,
}

impl Undoes {
    pub(super) fn in_expr(expr: &Expr) -> Self {
        let mut found = Self::default();
        found.visit_expr(expr);
        found
    }

    pub(super) fn in_block(block: &Block) -> Self {
        let mut found = Self::default();
        found.visit_block(block);
        found
    }

    /// Whether there is nothing to ask.
    pub(super) fn is_nothing(&self) -> bool {
        !self.by_itself && self.callees.is_empty()
    }

    /// Takes note of a call that is run, whatever is said behind it.
    fn run(&mut self, call: &Expr) {
        match call {
            Expr::MethodCall(method) => self.run(&method.receiver),
            Expr::Paren(inner) => self.run(&inner.expr),
            Expr::Call(call) => {
                if let Expr::Path(callee) = &*call.func
                    && callee.qself.is_none()
                    && ast::is_named_in_twin(&callee.path)
                    && !self.callees.contains(&callee.path)
                {
                    self.callees.push(callee.path.clone());
                }
            }
            _ => {}
        }
    }
}

impl<'t> Visit<'t> for Undoes {
    fn visit_expr_method_call(&mut self, method: &'t ExprMethodCall) {
        self.by_itself |= method.method == "compensate" || method.method == "compensate_unknown";
        visit::visit_expr_method_call(self, method);
    }

    fn visit_expr_await(&mut self, awaited: &'t ExprAwait) {
        self.run(&awaited.base);
        visit::visit_expr_await(self, awaited);
    }

    fn visit_macro(&mut self, mac: &'t Macro) {
        let is_join = mac.path.segments.last().is_some_and(|last| last.ident == "join");
        for argument in ast::arguments(mac.tokens.clone()).iter().flatten() {
            let mut inside = Self::in_expr(argument);
            if is_join {
                inside.run(argument);
            }
            self.by_itself |= inside.by_itself;
            let callees = inside.callees.into_iter().filter(|callee| !self.callees.contains(callee));
            self.callees.extend(callees.collect::<Vec<_>>());
        }
    }
}

/// The answer, where `asked` is known.
impl ToTokens for Undoes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let callees = &self.callees;
        tokens.extend(match callees.as_slice() {
            [_, ..] if !self.by_itself => {
                // Named as in the twin, so that rustc says once what is wrong with a name.
                quote!({
                    use ::sfn::__private::{AnswersAsCall as _, AnswersNo as _};
                    #((&::sfn::__private::Called(#callees)).compensates(asked))||*
                })
            }
            _ => self.by_itself.to_token_stream(),
        });
    }
}
