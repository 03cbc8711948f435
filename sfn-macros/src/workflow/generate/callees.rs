//! What a body calls, for the list of its tasks.
//! Separate from the twin's statements, because a program that serves tasks links the list and not the twin.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

use super::own;

/// The callees of a block.
#[derive(Default)]
pub(super) struct Callees {
    paths: Vec<Path>,
    /// Blocks inside of it with items of their own, by which their callees may be named.
    blocks: TokenStream,
}

impl Callees {
    pub(super) fn call(&mut self, callee: &Path) {
        if !self.paths.contains(callee) {
            self.paths.push(callee.clone());
        }
    }

    /// Adds those of a block inside.
    pub(super) fn block<'t>(&mut self, items: impl Iterator<Item = &'t TokenStream>, inside: Self) {
        let items: TokenStream = items.cloned().collect();
        if items.is_empty() {
            inside.paths.iter().for_each(|path| self.call(path));
            self.blocks.extend(inside.blocks);
        } else {
            self.blocks.extend(quote!({ #items #inside }));
        }
    }

    /// The function of the trait that the twin implements.
    pub(super) fn listed(&self) -> TokenStream {
        let tasks = own("tasks");
        quote! {
            fn list_tasks(#tasks: &mut ::sfn::__private::Tasks) {
                use ::sfn::__private::{AnswersAsCall as _, AnswersNo as _};
                #self
            }
        }
    }
}

/// Statements, where `tasks` is known.
impl ToTokens for Callees {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (Self { paths, blocks }, tasks) = (self, own("tasks"));
        // Named as in the twin, so that rustc says once what is wrong with a name.
        tokens.extend(quote!(#((&::sfn::__private::Called(#paths)).list_tasks(#tasks);)* #blocks));
    }
}
