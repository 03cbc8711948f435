//! Refuses what JSON cannot carry, and what serde allows but a workflow could not read from the outside.
//! Separate because every rule here is one sentence to the user.

use proc_macro2::TokenStream;
use quote::ToTokens;
use serde_derive_internals::ast::{Container, Data, Field, Style, Variant};
use serde_derive_internals::attr::{Identifier, RenameAllRules, TagType};
use serde_derive_internals::name::MultiName;
use syn::{DeriveInput, GenericParam};

use crate::errors::Errors;

/// What must hold before serde's reader is asked.
pub(super) fn check_input(input: &DeriveInput, errors: &mut Errors) {
    if let syn::Data::Union(data) = &input.data {
        errors.on(
            "payload-form",
            data.union_token,
            "a union is no payload: JSON has no form for it; use an enum",
        );
    }
    for parameter in &input.generics.params {
        if let GenericParam::Lifetime(lifetime) = parameter {
            errors.on(
                "payload-borrowed",
                &lifetime.lifetime,
                "a payload outlives the task that made it and cannot borrow: own the data, as in `String` or `Vec<T>`",
            );
        }
    }
}

/// Whether serde reads and writes the type itself, as it must for anything else to be said.
pub(super) fn check_purpose(container: &Container<'_>, errors: &mut Errors) -> bool {
    let attrs = &container.attrs;
    if let Some(remote) = attrs.remote() {
        errors.on(
            "payload-form",
            remote,
            "`#[serde(remote = \"..\")]` makes no payload: put `#[serde(with = \"..\")]` on the field that holds the type",
        );
        return false;
    }
    if !matches!(attrs.identifier(), Identifier::No) {
        errors.on(
            "payload-form",
            &container.ident,
            "an identifier is no payload: it describes keys and not a value",
        );
        return false;
    }
    true
}

/// What serde understands and we cannot describe.
pub(super) fn check_container(container: &Container<'_>, errors: &mut Errors) {
    check_cases(container, errors);
    check_conversion(container, errors);
    match &container.data {
        _ if container.attrs.transparent() => {}
        Data::Struct(style, fields) => {
            if let TagType::Internal { .. } = container.attrs.tag() {
                errors.on(
                    "payload-form",
                    &container.ident,
                    "`#[serde(tag = \"..\")]` on a struct cannot be described: remove it, or put the struct into an enum",
                );
            }
            check_fields(*style, fields, has_one_case(container.attrs.rename_all_rules()), errors);
        }
        Data::Enum(variants) => variants.iter().for_each(|variant| check_variant(container, variant, errors)),
    }
}

fn check_cases(container: &Container<'_>, errors: &mut Errors) {
    let attrs = &container.attrs;
    if ![attrs.rename_all_rules(), attrs.rename_all_fields_rules()].into_iter().all(has_one_case) {
        errors.on("payload-one-way", &container.ident, TWO_CASES);
    }
}

const TWO_CASES: &str = "names are written in one case and read in another: a payload travels both ways, give \
                         `rename_all` one case";

fn has_one_case(rules: RenameAllRules) -> bool {
    rules.serialize == rules.deserialize
}

fn check_conversion(container: &Container<'_>, errors: &mut Errors) {
    let attrs = &container.attrs;
    match (attrs.type_from().or(attrs.type_try_from()), attrs.type_into()) {
        (Some(from), None) => errors.on(
            "payload-one-way",
            from,
            "a payload travels both ways: beside `from` or `try_from` write `into` with the same type",
        ),
        (None, Some(into)) => errors.on(
            "payload-one-way",
            into,
            "a payload travels both ways: beside `into` write `from` or `try_from` with the same type",
        ),
        (Some(from), Some(into)) if from != into => errors.on(
            "payload-one-way",
            into,
            "a payload travels both ways in one form: give `into` the type of `from` or `try_from`",
        ),
        _ => {}
    }
}

fn check_variant(container: &Container<'_>, variant: &Variant<'_>, errors: &mut Errors) {
    let attrs = &variant.attrs;
    let ident = &variant.original.ident;
    if has_one_case(container.attrs.rename_all_rules()) {
        check_name(attrs.name(), attrs.aliases().len(), errors);
    }
    if attrs.untagged() && !matches!(container.attrs.tag(), TagType::None) {
        errors.on(
            "payload-form",
            ident,
            "a variant without a tag in an enum with tags cannot be described: put `#[serde(untagged)]` on the enum, or \
             nowhere",
        );
    }
    if attrs.skip_serializing() != attrs.skip_deserializing() {
        errors.on(
            "payload-one-way",
            ident,
            "a payload travels both ways: skip the variant with `#[serde(skip)]`, or not at all",
        );
    }
    if !has_one_case(attrs.rename_all_rules()) {
        errors.on("payload-one-way", ident, TWO_CASES);
    }
    if attrs.serialize_with().is_none() && attrs.deserialize_with().is_none() {
        let rules = attrs.rename_all_rules().or(container.attrs.rename_all_fields_rules());
        check_fields(variant.style, &variant.fields, has_one_case(rules), errors);
    }
}

fn check_fields(style: Style, fields: &[Field<'_>], one_case: bool, errors: &mut Errors) {
    for field in fields {
        let attrs = &field.attrs;
        if attrs.skip_serializing() != attrs.skip_deserializing() {
            errors.on(
                "payload-one-way",
                told(field),
                "a payload travels both ways: skip the field with `#[serde(skip)]`, or not at all",
            );
        } else if attrs.skip_serializing() && matches!(style, Style::Tuple | Style::Newtype) {
            errors.on(
                "payload-form",
                told(field),
                "a place of a tuple cannot be skipped, those after it would move: give the fields names",
            );
        } else if matches!(style, Style::Struct) && one_case {
            check_name(attrs.name(), attrs.aliases().len(), errors);
        }
    }
}

/// What of a field is blamed: its name, or its type where it has none.
fn told(field: &Field<'_>) -> TokenStream {
    match &field.original.ident {
        Some(name) => name.to_token_stream(),
        None => field.ty.to_token_stream(),
    }
}

fn check_name(name: &MultiName, names_read: usize, errors: &mut Errors) {
    let [written, read] = [name.serialize_name(), name.deserialize_name()];
    if written != read {
        errors.on(
            "payload-one-way",
            written,
            format!(
                "written as `{written}` and read as `{read}`: a payload travels both ways, give it one name"
            ),
        );
    } else if names_read > 1 {
        errors.on(
            "payload-alias",
            read,
            format!(
                "`{read}` has an alias, and a workflow reads by one name: remove `#[serde(alias = \"..\")]`"
            ),
        );
    }
}
