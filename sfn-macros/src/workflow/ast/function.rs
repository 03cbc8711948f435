//! A workflow's signature: its input and the type it gives back.
//! Separate because a body is read the same in the function, in a branch and in an iteration.

use syn::{FnArg, GenericArgument, ItemFn, Pat, PathArguments, ReturnType, Type};

use super::reader::Reader;
use super::{Input, Workflow};

/// Reads a workflow. What is wrong with its signature is left out here and found by the check.
pub(in crate::workflow) fn read(item: &ItemFn) -> Workflow {
    let input = item.sig.inputs.first().and_then(input);
    let mut reader = Reader::default();
    if let Some(input) = &input {
        reader.scope.bind(&input.name);
    }
    Workflow { input, output: output(&item.sig.output), body: reader.block(&item.block) }
}

fn input(argument: &FnArg) -> Option<Input> {
    let FnArg::Typed(argument) = argument else { return None };
    match &*argument.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
            Some(Input { name: name.ident.clone(), ty: (*argument.ty).clone() })
        }
        _ => None,
    }
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
