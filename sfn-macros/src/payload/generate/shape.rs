//! Writes the value of `Payload::shape`.
//! Separate because it is the one place where serde's attributes become our description.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use serde_derive_internals::ast::{Container, Data, Field, Style, Variant};
use serde_derive_internals::attr::{Default, TagType};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{WireForm, is_opaque, rust_name};

/// What a container's absence as a field means.
pub(super) fn absent(form: &WireForm<'_>) -> TokenStream {
    match form {
        // A struct around an `Option` is absent only where serde does not see the struct.
        WireForm::Inner(field) if !field.attrs.transparent() => quote!(::core::option::Option::None),
        WireForm::Inner(_) | WireForm::Converted(_) => {
            quote!(::sfn::__private::part_absent::<Self, __Wrapped, 0>())
        }
        WireForm::Nothing | WireForm::Tuple(_) | WireForm::Record(_) | WireForm::Enum => {
            quote!(::core::option::Option::None)
        }
    }
}

pub(super) fn shape(container: &Container<'_>, form: &WireForm<'_>) -> TokenStream {
    let name = container.ident.unraw().to_string();
    match form {
        WireForm::Converted(_) => quote!(::sfn::__private::part_shape::<Self, __Wrapped, 0>()),
        WireForm::Inner(field) => {
            let name = rust_name(&field.member);
            quote!(::sfn::__private::newtype_shape(#name, ::sfn::__private::part_shape::<Self, __Wrapped, 0>))
        }
        WireForm::Nothing => quote!(::sfn::__private::Shape::Null),
        WireForm::Tuple(fields) => {
            let places = fields.iter().map(shape_of);
            quote!(::sfn::__private::Shape::Tuple(::std::vec![#(#places),*]))
        }
        WireForm::Record(fields) => {
            let fields = fields.iter().map(|field| field_value(field, container.attrs.default()));
            quote! {
                ::sfn::__private::Shape::Record(::sfn::__private::Record {
                    name: #name,
                    id: ::core::any::type_name::<Self>(),
                    fields: ::std::vec![#(#fields),*],
                })
            }
        }
        WireForm::Enum => {
            let tagging = tagging(container.attrs.tag());
            let variants = variants(&container.data).iter().map(variant_value);
            quote! {
                ::sfn::__private::Shape::Enum(::sfn::__private::Enumeration {
                    name: #name,
                    id: ::core::any::type_name::<Self>(),
                    tagging: ::sfn::__private::Tagging::#tagging,
                    variants: ::std::vec![#(#variants),*],
                })
            }
        }
    }
}

fn variants<'a>(data: &'a Data<'a>) -> &'a [Variant<'a>] {
    match data {
        Data::Enum(variants) => variants,
        Data::Struct(..) => &[],
    }
}

fn tagging(tag: &TagType) -> TokenStream {
    match tag {
        TagType::External => quote!(External),
        TagType::Internal { tag } => quote!(Internal { tag: #tag }),
        TagType::Adjacent { tag, content } => quote!(Adjacent { tag: #tag, content: #content }),
        TagType::None => quote!(Untagged),
    }
}

fn variant_value(variant: &Variant<'_>) -> TokenStream {
    let name = variant.ident.unraw().to_string();
    let wire = &variant.attrs.name().serialize_name().value;
    let skipped = variant.attrs.skip_serializing();
    let content = content(variant, skipped);
    quote! {
        ::sfn::__private::Variant {
            name: #name,
            wire: #wire,
            content: ::sfn::__private::Content::#content,
            skipped: #skipped,
        }
    }
}

fn content(variant: &Variant<'_>, skipped: bool) -> TokenStream {
    let converted = variant.attrs.serialize_with().is_some() || variant.attrs.deserialize_with().is_some();
    match variant.style {
        _ if skipped => quote!(Unit),
        _ if converted => {
            let any = any_shape();
            quote!(Newtype(#any))
        }
        Style::Unit => quote!(Unit),
        Style::Newtype => {
            let shapes = variant.fields.iter().map(shape_of);
            quote!(Newtype(#(#shapes)*))
        }
        Style::Tuple => {
            let shapes = variant.fields.iter().map(shape_of);
            quote!(Tuple(::std::vec![#(#shapes),*]))
        }
        Style::Struct => {
            let fields = variant.fields.iter().map(|field| field_value(field, &Default::None));
            quote!(Struct(::std::vec![#(#fields),*]))
        }
    }
}

fn field_value(field: &Field<'_>, container_default: &Default) -> TokenStream {
    let attrs = &field.attrs;
    let name = rust_name(&field.member);
    let wire = &attrs.name().serialize_name().value;
    let (flatten, skipped, omitted) =
        (attrs.flatten(), attrs.skip_serializing(), attrs.skip_serializing_if().is_some());
    let (shape, default) = if skipped {
        (any_shape(), quote!(::core::option::Option::None))
    } else {
        (shape_of(field), default(field, container_default))
    };
    quote! {
        ::sfn::__private::Field {
            name: #name,
            wire: #wire,
            shape: #shape,
            flatten: #flatten,
            skipped: #skipped,
            omitted: #omitted,
            default: #default,
        }
    }
}

/// What the field's absence means: its own default, the container's, or what its type says.
fn default(field: &Field<'_>, container_default: &Default) -> TokenStream {
    let (ty, member) = (field.ty, &field.member);
    let value = match (field.attrs.default(), container_default) {
        (Default::Default, _) => quote!(<#ty as ::core::default::Default>::default()),
        (Default::Path(path), _) => quote!(#path()),
        (Default::None, Default::Default) => quote!(<Self as ::core::default::Default>::default().#member),
        (Default::None, Default::Path(path)) => quote!(#path().#member),
        (Default::None, Default::None) if is_opaque(field) => return quote!(::core::option::Option::None),
        (Default::None, Default::None) => {
            return quote_spanned!(ty.span()=> <#ty as ::sfn::__private::Payload>::ABSENT);
        }
    };
    let serialized = if let Some(path) = field.attrs.serialize_with() {
        quote!(#path(&value, ::sfn::__private::serde_json::value::Serializer))
    } else {
        quote!(::sfn::__private::serde_json::to_value(&value))
    };
    quote! {
        ::core::option::Option::Some(|| {
            let value: #ty = #value;
            ::sfn::__private::default_json(#serialized)
        })
    }
}

fn shape_of(field: &Field<'_>) -> TokenStream {
    let ty = field.ty;
    if is_opaque(field) {
        any_shape()
    } else {
        quote_spanned!(ty.span()=> <#ty as ::sfn::__private::Payload>::shape)
    }
}

fn any_shape() -> TokenStream {
    quote!(<::sfn::__private::serde_json::Value as ::sfn::__private::Payload>::shape)
}
