//! Reads the options and the function under `#[task]`.
//! Separate because it neither judges nor writes.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprPath, FnArg, GenericArgument, Ident, Item, ItemFn, Lifetime, Pat, PathArguments,
    PathSegment, ReturnType, Type, TypeImplTrait, TypeReference,
};

use crate::errors::error_at;
use crate::options::{self, Opt};

pub(super) fn read_options(args: TokenStream) -> syn::Result<Vec<Opt>> {
    options::read(args)
}

/// The function under the attribute.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) item: ItemFn,
    pub(super) arguments: Vec<Argument>,
    pub(super) result: Return,
}

/// One parameter of the function.
#[derive(Debug)]
pub(super) enum Argument {
    Receiver(syn::Receiver),
    Typed { pattern: Box<Pat>, ty: Box<Type>, role: Role },
}

/// What a parameter is, by its type or its name.
#[derive(Debug)]
pub(super) enum Role {
    /// A part of the payload.
    Given,
    /// Its type is called `TaskToken`.
    Token(Box<Token>),
    /// Its type is called `TaskContext`.
    Context,
    /// It is called `state` or `_state`, and its type is a reference to this type.
    State(Box<Type>),
}

/// A type that is called `TaskToken`.
#[derive(Debug)]
pub(super) struct Token {
    /// The `T` of `TaskToken<T>`.
    pub(super) output: Option<Type>,
}

/// What the function returns.
#[derive(Debug)]
pub(super) enum Return {
    Nothing,
    Result {
        output: Type,
        error: Type,
    },
    /// Another type, and what callers may take for the output.
    Other {
        written: Type,
        output: Type,
    },
}

/// The function, or an error that says what stands in its place.
pub(super) fn read_function(item: TokenStream) -> syn::Result<Function> {
    let item = match syn::parse2(item)? {
        Item::Fn(item) => item,
        other => {
            // At the attribute: the item itself may be long, and right where it stands.
            let message = format!("`#[task]` stands on an `async fn` with a body, not on {}", kind(&other));
            return Err(error_at("task-signature", Span::call_site(), message));
        }
    };
    let arguments = item.sig.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => Argument::Receiver(receiver.clone()),
        FnArg::Typed(typed) => {
            let role = read_role(&typed.pat, &typed.ty);
            Argument::Typed { pattern: typed.pat.clone(), ty: typed.ty.clone(), role }
        }
    });
    let arguments = arguments.collect();
    let result = read_return(&item.sig.output);
    Ok(Function { item, arguments, result })
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Struct(_) => "a struct",
        Item::Enum(_) => "an enum",
        Item::Impl(_) => "an `impl` block",
        Item::Trait(_) => "a trait",
        Item::Mod(_) => "a module",
        Item::Const(_) => "a constant",
        Item::Static(_) => "a static",
        Item::Type(_) => "a type alias",
        Item::Use(_) => "a `use`",
        _ => "this item",
    }
}

fn read_return(output: &ReturnType) -> Return {
    let ReturnType::Type(_, ty) = output else { return Return::Nothing };
    let arguments = last_segment(ty).filter(|segment| segment.ident == "Result").map(type_arguments);
    match arguments.as_deref() {
        Some([output, error]) => Return::Result { output: output.clone(), error: error.clone() },
        // `io::Result<T>` and the like: callers are to be served with the `T`.
        Some([output]) => Return::Other { written: (**ty).clone(), output: output.clone() },
        _ => Return::Other { written: (**ty).clone(), output: (**ty).clone() },
    }
}

fn read_role(pattern: &Pat, ty: &Type) -> Role {
    let named = matches!(pattern, Pat::Ident(name) if name.ident == "state" || name.ident == "_state");
    if let (true, Type::Reference(reference)) = (named, ty)
        && is_shareable(reference)
    {
        return Role::State(reference.elem.clone());
    }
    match last_segment(ty) {
        Some(segment) if segment.ident == "TaskToken" => {
            Role::Token(Box::new(Token { output: type_arguments(segment).into_iter().next() }))
        }
        Some(segment) if segment.ident == "TaskContext" => Role::Context,
        _ => Role::Given,
    }
}

/// Whether a reference is one to a type of the user's that owns its data.
pub(super) fn is_shareable(reference: &TypeReference) -> bool {
    let is_named = matches!(&*reference.elem, Type::Path(path) if !path.path.is_ident("str"));
    reference.lifetime.is_none()
        && reference.mutability.is_none()
        && is_named
        && unowned(&reference.elem).is_none()
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

fn type_arguments(segment: &PathSegment) -> Vec<Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.collect()
}

/// The first thing in a type that is not owned, or has no name.
pub(crate) fn unowned(ty: &Type) -> Option<Unowned> {
    let mut finder = Finder(None);
    finder.visit_type(ty);
    finder.0
}

/// What makes a type unfit to travel.
#[derive(Debug)]
pub(crate) enum Unowned {
    Reference(TypeReference),
    Lifetime(Lifetime),
    Impl(TypeImplTrait),
}

impl ToTokens for Unowned {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Reference(reference) => reference.to_tokens(tokens),
            Self::Lifetime(lifetime) => lifetime.to_tokens(tokens),
            Self::Impl(implementor) => implementor.to_tokens(tokens),
        }
    }
}

struct Finder(Option<Unowned>);

impl Visit<'_> for Finder {
    fn visit_type_reference(&mut self, reference: &TypeReference) {
        self.0.get_or_insert_with(|| Unowned::Reference(reference.clone()));
    }

    fn visit_type_impl_trait(&mut self, ty: &TypeImplTrait) {
        self.0.get_or_insert_with(|| Unowned::Impl(ty.clone()));
    }

    fn visit_lifetime(&mut self, lifetime: &Lifetime) {
        if lifetime.ident != "static" {
            self.0.get_or_insert_with(|| Unowned::Lifetime(lifetime.clone()));
        }
        visit::visit_lifetime(self, lifetime);
    }
}

/// The first variable in an expression that is wanted.
pub(super) fn mentioned(expression: &Expr, is_wanted: impl Fn(&Ident) -> bool) -> Option<Ident> {
    struct Mentioned<F>(F, Option<Ident>);

    impl<F: Fn(&Ident) -> bool> Visit<'_> for Mentioned<F> {
        fn visit_expr_path(&mut self, path: &ExprPath) {
            if let Some(name) = path.path.get_ident().filter(|name| (self.0)(name)) {
                self.1.get_or_insert_with(|| name.clone());
            }
        }
    }

    let mut mentioned = Mentioned(is_wanted, None);
    mentioned.visit_expr(expression);
    mentioned.1
}

/// The lines of an item's documentation.
pub(super) fn documentation(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            let syn::Expr::Lit(value) = &attribute.meta.require_name_value().ok()?.value else { return None };
            let syn::Lit::Str(text) = &value.lit else { return None };
            let text = text.value();
            Some(text.strip_prefix(' ').map_or(text.clone(), str::to_owned))
        });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
