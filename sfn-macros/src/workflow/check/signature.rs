//! The form of a workflow's first line.
//! Separate because every mistake in it has the same answer: the legal form.

use syn::{FnArg, ItemFn, Pat, PatType, ReturnType, Type};

use super::Check;
use crate::task::{Unowned, unowned};
use crate::workflow::ast::{self, Extent};
use crate::workflow::options::Options;

const FORM: &str = "a workflow is written `async fn name(input: Input) -> Result<Output, Failed>`";

pub(in crate::workflow) const NOT_A_FUNCTION: &str = "`#[workflow]` stands on a function: a workflow is written `async fn name(input: Input) -> Result<Output, Failed>`";

pub(super) fn check(check: &mut Check, options: &Options, function: &ItemFn) {
    let signature = &function.sig;
    if let Some(constness) = &signature.constness {
        check.fault(
            "workflow-signature",
            Extent::of(constness),
            format!("a workflow cannot be `const`: {FORM}"),
        );
    }
    if let syn::Safety::Unsafe(safety) = &signature.safety {
        check.fault(
            "workflow-signature",
            Extent::of(safety),
            format!("a workflow cannot be `unsafe`: {FORM}"),
        );
    }
    if let Some(abi) = &signature.abi {
        check.fault("workflow-signature", Extent::of(abi), format!("a workflow has no foreign ABI: {FORM}"));
    }
    if signature.asyncness.is_none() {
        check.fault(
            "workflow-signature",
            Extent::of(&signature.fn_token),
            format!("this function is not `async`: {FORM}"),
        );
    }
    if let Some(lifetime) = signature.generics.lifetimes().next() {
        let message = "a workflow names no lifetimes: leave them out";
        check.fault("workflow-signature", Extent::of(lifetime), message);
    }
    let is_text = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("char"));
    let constants = signature.generics.const_params().filter(|_| !options.inline);
    for constant in constants.filter(|constant| is_text(&constant.ty)) {
        let message = "what a workflow is defined for is a part of its name: take a number, a `bool`, or a type that \
                       implements `Profile` and has the character as a constant";
        check.fault("workflow-signature", Extent::of(&constant.ty), message);
    }
    inputs(check, options, function);
    output(check, function);
}

fn inputs(check: &mut Check, options: &Options, function: &ItemFn) {
    let inputs = &function.sig.inputs;
    if let Some(FnArg::Receiver(receiver)) = inputs.first() {
        let message = format!("a workflow has no `self`, it is a free function: {FORM}");
        return check.fault("workflow-signature", Extent::of(receiver), message);
    }
    if options.inline {
        for input in inputs {
            if let FnArg::Typed(input) = input {
                parameter(check, input);
            }
        }
        return;
    }
    if inputs.len() > 1 {
        let surplus: Vec<_> = inputs.iter().skip(1).collect();
        let message = "a workflow has one input: put the parameters into a struct that derives `Payload`, or inline it \
                       (`#[workflow(inline)]`)";
        return check.fault(
            "workflow-input",
            Extent { start: Extent::of(surplus[0]).start, end: Extent::of(inputs).end },
            message,
        );
    }
    if let Some(FnArg::Typed(input)) = inputs.first() {
        parameter(check, input);
        if let Some(fault) = unowned(&input.ty) {
            let message = match &fault {
                Unowned::Reference(_) => {
                    "the input of a workflow is owned, for it arrives from the wire: write `String`, `Vec<T>` or the type \
                     itself"
                }
                Unowned::Lifetime(_) => {
                    "the input of a workflow is owned, for it arrives from the wire: use a type without lifetimes"
                }
                Unowned::Impl(_) => {
                    "the input of a workflow has one known type: write that type instead of `impl ..`"
                }
            };
            check.fault("workflow-input", Extent::of(&fault), message);
        }
    }
}

fn parameter(check: &mut Check, input: &PatType) {
    let plain = matches!(&*input.pat, Pat::Ident(name)
        if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none());
    if !plain {
        let message = "the input of a workflow is a plain name: take it apart with `let` in the body";
        check.fault("workflow-input", Extent::of(&input.pat), message);
    }
}

fn output(check: &mut Check, function: &ItemFn) {
    if ast::output(&function.sig.output).is_some() {
        return;
    }
    match &function.sig.output {
        ReturnType::Default => {
            check.fault(
                "workflow-result",
                Extent::of(&function.sig.ident),
                format!("a workflow gives back a `Result`: {FORM}"),
            );
        }
        ReturnType::Type(_, ty) => check.fault(
            "workflow-result",
            Extent::of(ty),
            format!("a workflow gives back `Result<Output, Failed>`, spelled out: {FORM}"),
        ),
    }
}
