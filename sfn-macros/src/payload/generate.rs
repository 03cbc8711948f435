//! Writes the implementation of `Payload`: the shape, and the struct of symbolic fields.
//! Separate because it is total: whatever it is given has been judged.

mod fields;
mod shape;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use serde_derive_internals::ast::{Container, Data, Field, Style};
use serde_derive_internals::attr::Default;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{DeriveInput, Generics, Ident, Member, Path, Type, parse_quote};

use self::fields::Fields;

/// The implementation for a container.
pub(super) fn generate(container: &Container<'_>) -> TokenStream {
    let generics = bounded_generics(container);
    let form = wire_form(container);
    let fields = Fields::of(container, &generics, &form);
    let (item, wrapped) = (fields.item, wrapped(container, &generics, &form));
    implementation(
        container.original,
        &generics,
        &Parts {
            fields_type: fields.ty,
            absent: shape::absent(&form),
            shape: shape::shape(container, &form),
            fields: fields.value,
            items: quote!(#item #wrapped),
        },
    )
}

/// An implementation that asks nothing of the type's parts, for a type that has been refused.
pub(super) fn opaque(input: &DeriveInput) -> TokenStream {
    implementation(
        input,
        &input.generics,
        &Parts {
            fields_type: quote!(()),
            absent: quote!(::core::option::Option::None),
            shape: quote!(::sfn::__private::Shape::Any),
            fields: quote!(),
            items: TokenStream::new(),
        },
    )
}

/// The type of the one value that a container travels as, where it alone is asked to be a payload.
fn wrapped(container: &Container<'_>, generics: &Generics, form: &WireForm<'_>) -> TokenStream {
    let ty = match form {
        WireForm::Converted(ty) => ty.to_token_stream(),
        WireForm::Inner(field) if is_opaque(field) => quote!(::sfn::__private::serde_json::Value),
        WireForm::Inner(field) => field.ty.to_token_stream(),
        WireForm::Nothing | WireForm::Tuple(_) | WireForm::Record(_) | WireForm::Enum => {
            return TokenStream::new();
        }
    };
    let ident = &container.ident;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = container.generics.split_for_impl();
    quote! {
        struct __Wrapped;

        impl #impl_generics ::sfn::__private::Part<__Wrapped, 0> for #ident #ty_generics #where_clause {
            type Type = #ty;
        }
    }
}

/// What the JSON of a container is made of.
enum WireForm<'a> {
    /// Another type's JSON: `#[serde(from = "..", into = "..")]`.
    Converted(&'a Type),
    /// The JSON of one field: `#[serde(transparent)]`, or a struct around one value.
    Inner(&'a Field<'a>),
    /// `null`.
    Nothing,
    /// An array.
    Tuple(&'a [Field<'a>]),
    /// An object.
    Record(&'a [Field<'a>]),
    /// One of several.
    Enum,
}

fn wire_form<'a>(container: &'a Container<'_>) -> WireForm<'a> {
    if let Some(ty) = container.attrs.type_into() {
        return WireForm::Converted(ty);
    }
    match &container.data {
        Data::Enum(_) => WireForm::Enum,
        Data::Struct(style, fields) => match (fields.iter().find(|field| field.attrs.transparent()), style) {
            (Some(field), _) => WireForm::Inner(field),
            (None, Style::Newtype) => WireForm::Inner(&fields[0]),
            (None, Style::Unit) => WireForm::Nothing,
            (None, Style::Tuple) => WireForm::Tuple(fields),
            (None, Style::Struct) => WireForm::Record(fields),
        },
    }
}

/// The name a workflow says: `type` for `r#type`, `0` for an unnamed field.
fn rust_name(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(place) => place.index.to_string(),
    }
}

/// The JSON of this field is known to serde's attributes only.
fn is_opaque(field: &Field<'_>) -> bool {
    field.attrs.serialize_with().is_some() || field.attrs.deserialize_with().is_some()
}

/// The container's generics, with what its payload asks of them.
fn bounded_generics(container: &Container<'_>) -> Generics {
    let mut generics = container.generics.clone();
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    if parameters.is_empty() {
        return generics;
    }
    let defaulted =
        container.data.all_fields().filter(|field| matches!(field.attrs.default(), Default::Default));
    let mut mentioned = Mentioned::default();
    defaulted.for_each(|field| mentioned.visit_type(field.ty));
    let clause = generics.make_where_clause();
    for parameter in parameters {
        clause.predicates.push(parse_quote!(#parameter: ::sfn::__private::Payload));
        // As serde asks it, or the type could not be read.
        if mentioned.0.contains(&parameter) {
            clause.predicates.push(parse_quote!(#parameter: ::core::default::Default));
        }
    }
    generics
}

/// The names that stand alone in a type, among them its parameters.
#[derive(Default)]
struct Mentioned(Vec<Ident>);

impl Visit<'_> for Mentioned {
    fn visit_path(&mut self, path: &Path) {
        self.0.extend(path.get_ident().cloned());
        visit::visit_path(self, path);
    }
}

struct Parts {
    fields_type: TokenStream,
    absent: TokenStream,
    shape: TokenStream,
    fields: TokenStream,
    items: TokenStream,
}

fn implementation(input: &DeriveInput, generics: &Generics, parts: &Parts) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let Parts { fields_type, absent, shape, fields, items } = parts;
    // The header stands where the type's name does, and so does what rustc says about it.
    let header = quote_spanned! {ident.span()=>
        impl #impl_generics ::sfn::__private::Payload for #ident #ty_generics #where_clause
    };
    quote! {
        const _: () = {
            #items

            #[automatically_derived]
            #header {
                type Fields = #fields_type;
                const ABSENT: ::core::option::Option<fn() -> ::sfn::__private::serde_json::Value> = #absent;

                fn shape() -> ::sfn::__private::Shape {
                    #shape
                }

                fn fields(value: &::sfn::__private::AnyVal) -> #fields_type {
                    #fields
                }
            }
        };
    }
}
