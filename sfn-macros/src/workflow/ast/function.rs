//! A workflow's signature: its input and the type it gives back.
//! Separate because a body is read the same in the function, in a branch and in an iteration.

use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, ItemFn, Pat, PathArguments, ReturnType, Type, parse_quote_spanned};

use super::reader::Reader;
use super::{Block, Input, Parameter, Workflow};

/// Reads a workflow. What is wrong with its signature is left out here and found by the check.
pub(in crate::workflow) fn read(item: &ItemFn) -> Workflow {
    let inputs: Vec<_> = item.sig.inputs.iter().filter_map(input).collect();
    let mut reader = Reader::default();
    for input in &inputs {
        reader.scope.bind(&input.name);
    }
    Workflow { inputs, output: output(&item.sig.output), body: reader.block(&item.block) }
}

/// Reads an `#[expr]` function: its parameters and its body.
pub(in crate::workflow) fn read_calculation(item: &ItemFn) -> (Vec<Parameter>, Block) {
    let parameters = crate::workflow::expr::parameters(item);
    let mut reader = Reader::default();
    for parameter in &parameters {
        reader.scope.bind(&parameter.name);
    }
    let body = reader.block(&item.block);
    (parameters, body)
}

fn input(argument: &FnArg) -> Option<Input> {
    let FnArg::Typed(argument) = argument else { return None };
    match &*argument.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
            let (ty, is_reference) = owned(&argument.ty);
            Some(Input { name: name.ident.clone(), ty, is_reference })
        }
        _ => None,
    }
}

/// The type behind a reference, as it is owned: `String` for `&str`, `Vec<T>` for `&[T]`.
fn owned(ty: &Type) -> (Type, bool) {
    let Type::Reference(reference) = ty else { return (ty.clone(), false) };
    let span = reference.elem.span();
    let owned = match &*reference.elem {
        Type::Path(path) if path.path.is_ident("str") => {
            parse_quote_spanned!(span=> ::std::string::String)
        }
        Type::Slice(slice) => {
            let item = &slice.elem;
            parse_quote_spanned!(span=> ::std::vec::Vec<#item>)
        }
        other => other.clone(),
    };
    (owned, true)
}

/// `U` of `Result<U, Failed>`.
pub(in crate::workflow) fn output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().collect::<Vec<_>>().as_slice() {
        [GenericArgument::Type(output), GenericArgument::Type(Type::Path(failure))]
            if failure.path.segments.last().is_some_and(|last| last.ident == "Failed") =>
        {
            Some(output.clone())
        }
        _ => None,
    }
}
