//! Which names are variables of the workflow at a point of its text.
//! Separate because a macro sees no name resolution: this is the little of it that the twin needs.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::Pattern;

/// Names in the order of their binding; a block forgets the ones it bound.
#[derive(Debug, Default)]
pub(super) struct Scope(Vec<Ident>);

impl Scope {
    pub(super) fn bind(&mut self, name: &Ident) {
        self.0.push(name.clone());
    }

    pub(super) fn bind_pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name(name) => self.bind(name),
            Pattern::Parts(parts) => parts.iter().for_each(|(_, part)| self.bind_pattern(part)),
            Pattern::Ignored | Pattern::Foreign(..) => {}
        }
    }

    pub(super) fn contains(&self, name: &Ident) -> bool {
        self.0.contains(name)
    }

    pub(super) fn mark(&self) -> usize {
        self.0.len()
    }

    pub(super) fn forget(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// The first variable that stands in Rust text which is copied as it is.
    pub(super) fn variable_in(&self, tokens: TokenStream) -> Option<Ident> {
        let mut after_dot = false;
        for token in tokens {
            let found = match &token {
                TokenTree::Ident(name) => (!after_dot && self.contains(name)).then(|| name.clone()),
                TokenTree::Group(group) => self.variable_in(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => None,
            };
            if found.is_some() {
                return found;
            }
            after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        }
        None
    }
}
