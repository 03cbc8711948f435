//! Judges the arguments of a task: names, owned types, one token.
//! Separate because arguments are where most mistakes are made.

use quote::format_ident;
use syn::spanned::Spanned;
use syn::{Ident, Pat, Type, parse_quote};

use crate::errors::Errors;
use crate::task::ast::{Argument, Function, Role, Unowned, is_shareable, unowned};

/// One argument: a key of the payload.
#[derive(Debug)]
pub(in crate::task) struct Parameter {
    pub(in crate::task) name: Ident,
    pub(in crate::task) ty: Type,
    /// Where its value comes from.
    pub(in crate::task) source: Source,
}

/// Where the value of an argument comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::task) enum Source {
    /// The caller: it is a part of the payload.
    Caller,
    Token,
    Context,
    /// The process; the parameter's type is what the reference points to.
    State,
}

/// The token argument.
#[derive(Debug)]
pub(in crate::task) struct Token {
    /// `TaskToken<Approval>`, as written.
    pub(in crate::task) ty: Type,
    /// `Approval`.
    pub(in crate::task) output: Type,
}

/// The arguments, as far as they could be made out.
pub(super) struct Arguments {
    pub(super) parameters: Vec<Parameter>,
    pub(super) token: Option<Token>,
}

pub(super) fn check_receiver(function: &Function, errors: &mut Errors) -> bool {
    for argument in &function.arguments {
        if let Argument::Receiver(receiver) = argument {
            errors.on(
                "task-signature",
                receiver,
                "a task has no `self`: it is a free function, and what it needs comes as arguments",
            );
            return false;
        }
    }
    true
}

pub(super) fn check(function: &Function, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments { parameters: Vec::new(), token: None };
    for (place, argument) in function.arguments.iter().enumerate() {
        let Argument::Typed { pattern, ty, role } = argument else { continue };
        let name = check_name(pattern, place, errors);
        if let Role::State(ty) = role {
            arguments.parameters.push(Parameter { name, ty: (**ty).clone(), source: Source::State });
            continue;
        }
        let ty = check_owned(ty, errors);
        let source = match role {
            Role::Token(_) => Source::Token,
            Role::Context => Source::Context,
            Role::Given | Role::State(_) => Source::Caller,
        };
        let is_second = arguments.parameters.iter().any(|other| other.source == Source::Context);
        if source == Source::Context && is_second {
            errors.on("task-argument", &ty, "a task has one context, and this is a second: remove one");
            continue;
        }
        if let Role::Token(token) = role {
            // Without its parameter rustc refuses it, wherever it stands.
            let output = token.output.clone().unwrap_or_else(|| parse_quote!(()));
            if arguments.token.is_some() {
                errors.on("task-token", &ty, "a task has one token, and this is a second: remove one");
                continue;
            }
            arguments.token = Some(Token { ty: ty.clone(), output });
        }
        arguments.parameters.push(Parameter { name, ty, source });
    }
    arguments
}

fn check_name(pattern: &Pat, place: usize, errors: &mut Errors) -> Ident {
    match pattern {
        Pat::Ident(named) if named.by_ref.is_none() && named.subpat.is_none() => named.ident.clone(),
        other => {
            errors.on(
                "task-argument",
                other,
                "an argument of a task has a plain name, which is its key in the payload: write `name: Type`, and take it \
                 apart in the body",
            );
            format_ident!("argument{place}", span = other.span())
        }
    }
}

/// The type, if it owns its data; else one that does, for what else is to be said.
fn check_owned(ty: &Type, errors: &mut Errors) -> Type {
    let Some(fault) = unowned(ty) else { return ty.clone() };
    let message = match &fault {
        Unowned::Reference(reference) if is_shareable(reference) => {
            "an argument of a task is owned, for it arrives from the wire: write the type itself; callers still pass a \
             reference. What the invocations of a process share is named `state`: `state: &AppState`"
        }
        Unowned::Reference(_) => {
            "an argument of a task is owned, for it arrives from the wire: write `String`, `Vec<T>` or the type itself; \
             callers still pass a reference"
        }
        Unowned::Lifetime(_) => {
            "an argument of a task is owned, for it arrives from the wire: use a type without lifetimes"
        }
        Unowned::Impl(_) => "an argument of a task has one known type: write that type instead of `impl ..`",
    };
    errors.on("task-argument", &fault, message);
    // Behind anything but an outermost reference there is no telling what the owned type would be.
    match ty {
        Type::Reference(reference) => owned(&reference.elem),
        _ => any(),
    }
}

fn owned(referent: &Type) -> Type {
    match referent {
        Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
        Type::Slice(slice) if unowned(&slice.elem).is_none() => {
            let item = &slice.elem;
            parse_quote!(::std::vec::Vec<#item>)
        }
        ty if unowned(ty).is_none() => ty.clone(),
        _ => any(),
    }
}

/// A type that is a payload whatever else is wrong.
pub(super) fn any() -> Type {
    parse_quote!(::sfn::__private::serde_json::Value)
}
