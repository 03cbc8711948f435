//! Writes the implementation of `TaskError`.
//! Separate because it is total: whatever it is given has been judged.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Fields, Ident, Index, Type};

use super::check::{Declaration, Declared};

pub(super) fn generate(declaration: &Declaration) -> TokenStream {
    let Declaration { ident, is_enum, errors } = declaration;
    let mut cases = Vec::new();
    let mut place = 0;
    for error in errors {
        cases.push(Case::of(error, *is_enum, place));
        place += error.fields.len();
    }
    let parts = parts(ident, &cases);
    let specs = cases.iter().map(Case::spec);
    let names = cases.iter().map(Case::name_arm);
    let fields = cases.iter().map(Case::fields_arm);
    let reads = cases.iter().map(Case::read_arm);
    // A reference to an enum without variants is not known to be impossible.
    let scrutinee = if cases.is_empty() { quote!(*self) } else { quote!(self) };
    let opened = if cases.iter().any(|case| !case.fields.is_empty()) {
        quote!(let mut fields = ::sfn::__private::ErrorFields::new(fields);)
    } else {
        quote!(::core::mem::drop(fields);)
    };
    let implementation = quote! {
        #[automatically_derived]
        impl ::sfn::__private::TaskError for #ident {
            const ERRORS: &'static [::sfn::__private::ErrorSpec] = &[#(#specs),*];

            fn error_name(&self) -> &'static str {
                match #scrutinee { #(#names,)* }
            }

            fn fields(&self) -> ::sfn::__private::serde_json::Value {
                match #scrutinee { #(#fields,)* }
            }

            fn from_fields(
                error_name: &str,
                fields: ::sfn::__private::serde_json::Value,
            ) -> ::core::option::Option<Self> {
                #opened
                match error_name {
                    #(#reads,)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
    if parts.is_empty() { implementation } else { quote!(const _: () = { #parts #implementation };) }
}

/// The fields' types, each where it alone is asked to be a payload.
fn parts(ident: &Ident, cases: &[Case<'_>]) -> TokenStream {
    let parts: Vec<_> = cases
        .iter()
        .flat_map(|case| &case.fields)
        .map(|Field { part, ty, .. }| {
            quote! {
                impl ::sfn::__private::Part<__Fields, #part> for #ident {
                    type Type = #ty;
                }
            }
        })
        .collect();
    if parts.is_empty() { TokenStream::new() } else { quote!(struct __Fields; #(#parts)*) }
}

/// One error with the tokens that its arms share.
struct Case<'a> {
    error: &'a Declared,
    /// `Self::PaymentDeclined`, or `Self`.
    path: TokenStream,
    fields: Vec<Field<'a>>,
}

struct Field<'a> {
    /// Its place among the fields of all errors.
    part: Index,
    /// The Rust name, which is also the name on the wire.
    name: String,
    /// `reason`, or `0`.
    member: TokenStream,
    /// What the field is bound to in a pattern.
    binding: Ident,
    ty: &'a Type,
}

impl<'a> Case<'a> {
    fn of(error: &'a Declared, is_enum: bool, first: usize) -> Self {
        let ident = &error.ident;
        let fields = error.fields.iter().enumerate().map(|(place, field)| match &field.ident {
            Some(ident) => Field {
                part: Index::from(first + place),
                name: ident.unraw().to_string(),
                member: ident.to_token_stream(),
                binding: ident.clone(),
                ty: &field.ty,
            },
            None => Field {
                part: Index::from(first + place),
                name: place.to_string(),
                member: Index::from(place).to_token_stream(),
                binding: format_ident!("field{place}"),
                ty: &field.ty,
            },
        });
        let path = if is_enum { quote!(Self::#ident) } else { quote!(Self) };
        Self { error, path, fields: fields.collect() }
    }

    fn spec(&self) -> TokenStream {
        let variant = self.error.ident.unraw().to_string();
        let Declared { name, retry, .. } = self.error;
        let fields = self.fields.iter().map(|Field { name, part, .. }| {
            let shape = quote!(::sfn::__private::part_shape::<Self, __Fields, #part>);
            quote!(::sfn::__private::ErrorField { name: #name, wire: #name, shape: #shape })
        });
        quote! {
            ::sfn::__private::ErrorSpec { variant: #variant, name: #name, retry: #retry, fields: &[#(#fields),*] }
        }
    }

    fn name_arm(&self) -> TokenStream {
        let (path, name) = (&self.path, &self.error.name);
        quote!(#path { .. } => #name)
    }

    fn fields_arm(&self) -> TokenStream {
        let path = &self.path;
        if self.fields.is_empty() {
            return quote!(#path { .. } => ::sfn::__private::serde_json::Value::Null);
        }
        let bindings = self.fields.iter().map(|Field { member, binding, .. }| match self.error.fields {
            Fields::Named(_) => quote!(#binding),
            Fields::Unnamed(_) | Fields::Unit => quote!(#member: #binding),
        });
        let values = self.fields.iter().map(|Field { name, binding, part, .. }| {
            let json = quote!(::sfn::__private::part_json::<Self, __Fields, #part>);
            match self.error.fields {
                Fields::Named(_) => quote!((#name, #json(#binding))),
                Fields::Unnamed(_) | Fields::Unit => quote!(#json(#binding)),
            }
        });
        let form = match self.error.fields {
            Fields::Named(_) => quote!(named),
            Fields::Unnamed(_) | Fields::Unit => quote!(unnamed),
        };
        quote!(#path { #(#bindings),* } => ::sfn::__private::ErrorFields::#form([#(#values),*]))
    }

    fn read_arm(&self) -> TokenStream {
        let (path, name) = (&self.path, &self.error.name);
        let values = self.fields.iter().map(|Field { name, member, part, .. }| {
            let take = quote!(::sfn::__private::part_field::<Self, __Fields, #part>);
            quote!(#member: #take(&mut fields, #name)?)
        });
        quote!(#name => ::core::option::Option::Some(#path { #(#values),* }))
    }
}
