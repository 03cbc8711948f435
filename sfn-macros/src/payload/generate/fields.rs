//! Writes the struct of symbolic fields: `OrderFields { order_id: Val<String>, .. }`.
//! Separate because it is for the typed builder alone, and nobody writes its name.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use serde_derive_internals::ast::{Container, Field};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Generics, Ident, Member};

use super::{WireForm, is_opaque, rust_name};

/// The symbolic fields of a container.
pub(super) struct Fields {
    /// Their struct's definition.
    pub(super) item: TokenStream,
    /// Their type.
    pub(super) ty: TokenStream,
    /// Their value, given the symbolic `value` they are fields of.
    pub(super) value: TokenStream,
}

impl Fields {
    pub(super) fn of(container: &Container<'_>, generics: &Generics, form: &WireForm<'_>) -> Self {
        let fields: Vec<_> = match form {
            WireForm::Nothing | WireForm::Enum | WireForm::Converted(_) => {
                return Self { item: TokenStream::new(), ty: quote!(()), value: TokenStream::new() };
            }
            WireForm::Inner(field) => vec![(*field, quote!(::core::clone::Clone::clone(value)))],
            WireForm::Tuple(fields) => {
                fields.iter().enumerate().map(|(place, field)| (field, quote!(value.index(#place)))).collect()
            }
            WireForm::Record(fields) => fields
                .iter()
                .filter(|field| !field.attrs.skip_serializing())
                .map(|field| {
                    let name = rust_name(&field.member);
                    (field, quote!(value.field(#name)))
                })
                .collect(),
        };
        Self::new(container, generics, &fields)
    }

    fn new(container: &Container<'_>, generics: &Generics, fields: &[(&Field<'_>, TokenStream)]) -> Self {
        let name = format_ident!("{}Fields", container.ident.unraw());
        let (_, ty_generics, _) = generics.split_for_impl();
        let values = fields.iter().enumerate().map(|(place, (field, value))| {
            let member = shown(field, place);
            quote!(#member: ::sfn::__private::Val::of_field(#value))
        });
        let marker = marker(container).map(|_| {
            let is_named = is_named(fields);
            let member = if is_named { format_ident!("__of").into() } else { Member::from(fields.len()) };
            quote!(#member: ::core::marker::PhantomData)
        });
        Self {
            item: definition(container, generics, &name, fields),
            ty: quote!(#name #ty_generics),
            value: quote!(#name { #(#values,)* #marker }),
        }
    }
}

fn definition(
    container: &Container<'_>,
    generics: &Generics,
    name: &Ident,
    fields: &[(&Field<'_>, TokenStream)],
) -> TokenStream {
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let visibility = &container.original.vis;
    let marker = marker(container);
    let types = fields.iter().map(|(field, _)| {
        let (visibility, ty) = (&field.original.vis, symbol(field));
        (visibility, &field.member, ty)
    });
    let body = if is_named(fields) {
        let fields = types.map(|(visibility, member, ty)| quote!(#visibility #member: #ty));
        let marker = marker.map(|marker| quote!(__of: #marker));
        quote!(#where_clause { #(#fields,)* #marker })
    } else {
        let fields = types.map(|(visibility, _, ty)| quote!(#visibility #ty));
        quote!((#(#fields,)* #marker) #where_clause;)
    };
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, missing_docs, missing_debug_implementations, unreachable_pub, reason = "written by sfn")]
        #visibility struct #name #impl_generics #body
    }
}

/// The symbolic type of a field.
fn symbol(field: &Field<'_>) -> TokenStream {
    let ty = field.ty;
    if is_opaque(field) {
        quote!(::sfn::__private::Val<::sfn::__private::serde_json::Value>)
    } else {
        // Not `Val<#ty>`: for an unknown name between angle brackets rustc adds advice, and would tell it a second time.
        quote_spanned!(ty.span()=> <#ty as ::sfn::__private::ValOf>::Val)
    }
}

/// The member of the symbolic field: the place of an unnamed one may differ from its place in the type.
fn shown(field: &Field<'_>, place: usize) -> Member {
    match &field.member {
        Member::Named(name) => Member::Named(name.clone()),
        Member::Unnamed(_) => Member::from(place),
    }
}

fn is_named(fields: &[(&Field<'_>, TokenStream)]) -> bool {
    fields.iter().all(|(field, _)| matches!(field.member, Member::Named(_)))
}

/// What uses the generic parameters that only skipped fields mention.
fn marker(container: &Container<'_>) -> Option<TokenStream> {
    let owner = &container.ident;
    let (_, ty_generics, _) = container.generics.split_for_impl();
    (!container.generics.params.is_empty())
        .then(|| quote!(::core::marker::PhantomData<fn() -> #owner #ty_generics>))
}
