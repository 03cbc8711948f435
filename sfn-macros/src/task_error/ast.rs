//! Reads an enum or a struct with its `#[task_error(..)]` attributes.
//! Separate because it neither judges nor writes.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Ident, Meta, Token};

use crate::errors::error;
use crate::options::{self, Opt};

/// The item under the derive.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// One error, named by the struct.
    Struct(Case),
    /// One error per variant, with the options that stand on the enum itself.
    Enum(Vec<Case>, Vec<Opt>),
    Union(Token![union]),
}

/// A variant of the enum, or the struct.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) ident: Ident,
    pub(super) options: Vec<Opt>,
    pub(super) fields: Fields,
}

pub(super) fn read(item: TokenStream) -> syn::Result<Input> {
    let input: DeriveInput = syn::parse2(item)?;
    let options = read_options(&input.attrs)?;
    let body = match input.data {
        Data::Struct(data) => Body::Struct(Case { ident: input.ident.clone(), options, fields: data.fields }),
        Data::Enum(data) => {
            let cases = data.variants.into_iter().map(|variant| {
                let options = read_options(&variant.attrs)?;
                Ok(Case { ident: variant.ident, options, fields: variant.fields })
            });
            Body::Enum(cases.collect::<syn::Result<_>>()?, options)
        }
        Data::Union(data) => Body::Union(data.union_token),
    };
    Ok(Input { ident: input.ident, generics: input.generics, body })
}

fn read_options(attributes: &[Attribute]) -> syn::Result<Vec<Opt>> {
    let ours = attributes.iter().filter(|attribute| attribute.path().is_ident("task_error"));
    let lists = ours.map(|attribute| match &attribute.meta {
        Meta::List(list) => options::read(list.tokens.clone()),
        other => Err(error(
            "option-syntax",
            other,
            "expected options in parentheses: write `#[task_error(retry)]`",
        )),
    });
    Ok(lists.collect::<syn::Result<Vec<_>>>()?.into_iter().flatten().collect())
}
