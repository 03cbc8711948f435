//! Judges a function that wants to be a task.
//! Separate because every rule here is one sentence to the user, with the legal form.

mod arguments;
mod options;

use syn::ext::IdentExt;
use syn::{Ident, Type, parse_quote};

use super::ast::{self, Function, Return};
use crate::duration;
use crate::errors::Errors;
use crate::options::Opt;

pub(super) use arguments::{Parameter, Source, Token};
pub(super) use options::{Options, RepetitionOption, RetryOption, RetryPolicy};

/// A task, as far as it could be made out.
#[derive(Debug)]
pub(super) struct Task {
    /// The handler's name.
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) token: Option<Token>,
    pub(super) output: Type,
    pub(super) error: Type,
    pub(super) options: Options,
    /// Whether the function is one that can be called as a task's body.
    pub(super) is_sound: bool,
}

impl Task {
    /// The type of the state it asks for.
    pub(super) fn state(&self) -> Option<&Type> {
        let state = self.parameters.iter().find(|parameter| parameter.source == Source::State);
        state.map(|state| &state.ty)
    }
}

/// Judges everything; gives nothing where callers could not be served in spite of the mistakes.
pub(super) fn check(options: &[Opt], function: &Function, errors: &mut Errors) -> Option<Task> {
    let mut options = options::check(options, errors);
    let options_are_sound = errors.is_empty();
    check_qualifiers(function, errors);
    if !check_generics(function, errors) || !arguments::check_receiver(function, errors) {
        return None;
    }
    let arguments = arguments::check(function, errors);
    let (output, error) = check_return(function, arguments.token.as_ref(), errors);
    if options_are_sound {
        check_times(&mut options, arguments.token.as_ref(), errors);
        check_activity(&options, arguments.token.as_ref(), errors);
        check_repetition(&mut options, &arguments, errors);
    }
    let ident: &Ident = &function.item.sig.ident;
    Some(Task {
        name: options.name.clone().unwrap_or_else(|| ident.unraw().to_string()),
        doc: ast::documentation(&function.item.attrs),
        parameters: arguments.parameters,
        token: arguments.token,
        output,
        error,
        is_sound: errors.is_empty(),
        options,
    })
}

const FORM: &str = "`async fn name(argument: Type) -> Result<Output, Error>`";

fn check_qualifiers(function: &Function, errors: &mut Errors) {
    let signature = &function.item.sig;
    if let Some(token) = &signature.constness {
        errors.on("task-signature", token, format!("a task is not `const`: write {FORM}"));
    }
    if let Some(abi) = &signature.abi {
        errors.on("task-signature", abi, format!("a task is not `extern`: write {FORM}"));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        errors.on("task-signature", token, format!("a task is not `unsafe`: write {FORM}"));
    }
    if signature.asyncness.is_none() {
        errors.on("task-signature", signature.fn_token, format!("a task is an `async fn`: write {FORM}"));
    }
    if let Some(variadic) = &signature.variadic {
        errors.on("task-signature", variadic, format!("a task has no variadic arguments: write {FORM}"));
    }
}

fn check_generics(function: &Function, errors: &mut Errors) -> bool {
    let generics = &function.item.sig.generics;
    if generics.params.is_empty() {
        return true;
    }
    errors.on(
        "task-signature",
        generics,
        "a task has no generic parameters: its payload is one known type; write that type",
    );
    false
}

/// What the task gives and what it fails with, as far as the signature says it.
fn check_return(function: &Function, token: Option<&Token>, errors: &mut Errors) -> (Type, Type) {
    const CANNOT_FAIL: &str = "a task that cannot fail returns `Result<Output, std::convert::Infallible>`";
    let infallible = parse_quote!(::core::convert::Infallible);
    let (output, error) = match &function.result {
        Return::Result { output, error } => {
            let is_unit = matches!(output, Type::Tuple(tuple) if tuple.elems.is_empty());
            if token.is_some() && !is_unit {
                errors.on(
                    "task-token",
                    output,
                    "the output of a task with a token comes through the token: return `Result<(), Error>`",
                );
            }
            (check_owned(output, errors), check_owned(error, errors))
        }
        Return::Nothing => {
            let message =
                format!("a task returns `Result<Output, Error>`, this one returns nothing; {CANNOT_FAIL}");
            errors.at("task-result", function.item.sig.ident.span(), message);
            (parse_quote!(()), infallible)
        }
        Return::Other { written, output } => {
            errors.on(
                "task-result",
                written,
                format!("a task returns `Result<Output, Error>`, found another type; {CANNOT_FAIL}"),
            );
            (if ast::unowned(output).is_none() { output.clone() } else { arguments::any() }, infallible)
        }
    };
    (token.map_or(output, |token| token.output.clone()), error)
}

/// The type, or one that does for what else is to be said.
fn check_owned(ty: &Type, errors: &mut Errors) -> Type {
    match ast::unowned(ty) {
        None => ty.clone(),
        Some(fault) => {
            errors.on(
                "task-result",
                fault,
                "what a task gives is owned and has one known type, for it goes to the wire: write that type",
            );
            arguments::any()
        }
    }
}

/// Judges timeout and heartbeat against each other and against who completes the task.
fn check_times(options: &mut Options, token: Option<&Token>, errors: &mut Errors) {
    match (options.timeout, options.heartbeat) {
        (_, Some((_, span))) if token.is_none() && options.activity.is_none() => errors.at(
            "heartbeat-without-token",
            span,
            "`heartbeat` needs a task token, with which to send it: add an argument `token: TaskToken<Output>`",
        ),
        (None, _) => {
            if let Some(token) = token {
                errors.on(
                    "token-without-timeout",
                    &token.ty,
                    "a task with a token needs a timeout, or a lost token blocks its workflow for a year: write \
                     `#[task(timeout = \"3d\")]`",
                );
            } else if let Some(span) = options.activity {
                errors.at(
                    "activity-without-timeout",
                    span,
                    "a task of a worker needs a timeout, or a lost worker blocks its workflow for a year: write \
                     `#[task(activity, timeout = \"1h\")]`",
                );
            }
        }
        (Some((timeout, _)), Some((heartbeat, span))) if heartbeat >= timeout => {
            let most = duration::write(timeout);
            let message = format!("`heartbeat` is shorter than `timeout`: choose less than `{most}`");
            errors.at("heartbeat-beyond-timeout", span, message);
        }
        _ => {}
    }
}

/// Judges what a worker's task cannot have.
fn check_activity(options: &Options, token: Option<&Token>, errors: &mut Errors) {
    let Some(span) = options.activity else { return };
    if let Some(token) = token {
        errors.on(
            "activity-with-token",
            &token.ty,
            "a task of a worker is completed by its worker: return the output, or remove `activity` and complete the token",
        );
    }
    if options.memory_mb.is_some() {
        let message =
            "`memory` is a Lambda function's, and a task of a worker has none: remove one of the two";
        errors.at("activity-with-memory", span, message);
    }
}

/// Judges what an idempotent task cannot have, and what its key is made of.
fn check_repetition(options: &mut Options, arguments: &arguments::Arguments, errors: &mut Errors) {
    let RepetitionOption::Replays { key, .. } = &mut options.repetition else { return };
    if let Some(token) = &arguments.token {
        errors.on(
            "idempotent-with-token",
            &token.ty,
            "each attempt of a task with a token has another token, so none can be given what another gave: let whoever gets \
             the token tell calls apart, and write `repeatable` instead of `idempotent`",
        );
    }
    let is_given = |name: &Ident| {
        let mut others = arguments.parameters.iter().filter(|other| other.source != Source::Caller);
        !others.any(|other| other.name == *name)
    };
    if let Some(foreign) = key.iter().find_map(|key| ast::mentioned(key, |name| !is_given(name))) {
        let message = format!(
            "the key is made of what callers give, so that a second call has it again, and `{foreign}` is not given by them"
        );
        errors.on("idempotency-key", &foreign, message);
        // To rustc it would be a second mistake.
        *key = None;
    }
}
