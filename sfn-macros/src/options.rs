//! The options of an attribute as written: `timeout = "30s", retry(attempts = 5), retry = none`.
//! Separate because every attribute of ours speaks this one grammar, and each judges the options in its own way.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Token, parenthesized, token};

use crate::errors::{Errors, error_at};

/// One option.
#[derive(Debug)]
pub(crate) struct Opt {
    pub(crate) name: Ident,
    pub(crate) value: OptValue,
}

/// What an option is set to.
#[derive(Debug)]
pub(crate) enum OptValue {
    /// `retry`
    Mark,
    /// `memory = 512`
    Literal(Lit),
    /// `retry = none`
    Word(Ident),
    /// `retry(attempts = 5)`
    List(Vec<Opt>),
    /// `idempotent = order.id`
    Expression(Box<Expr>),
}

impl Opt {
    /// The whole of it, for an error about its value.
    pub(crate) fn value_span(&self) -> Span {
        match &self.value {
            OptValue::Literal(literal) => literal.span(),
            OptValue::Word(word) => word.span(),
            OptValue::Expression(expression) => expression.span(),
            OptValue::Mark | OptValue::List(_) => self.name.span(),
        }
    }
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
        let value = if input.peek(token::Paren) {
            let list;
            parenthesized!(list in input);
            OptValue::List(list.call(Punctuated::<Self, Token![,]>::parse_terminated)?.into_iter().collect())
        } else if input.parse::<Option<Token![=]>>()?.is_none() {
            if input.peek(Lit) {
                let literal: Lit = input.parse()?;
                let message = format!("expected `=`: write `{name} = {}`", literal.to_token_stream());
                return Err(syn::Error::new(literal.span(), message));
            }
            OptValue::Mark
        } else {
            value(input)?
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(
                "expected `,`: an option is a name, or a name and one literal, as in `memory = 512`",
            ));
        }
        Ok(Self { name, value })
    }
}

/// What stands behind `=`.
fn value(input: ParseStream<'_>) -> syn::Result<OptValue> {
    let ends = |ahead: ParseStream<'_>| ahead.is_empty() || ahead.peek(Token![,]);
    let ahead = input.fork();
    let is_word = ahead.parse::<Ident>().is_ok() && ends(&ahead);
    let ahead = input.fork();
    let is_expression = !input.peek(Lit) && ahead.parse::<Expr>().is_ok() && ends(&ahead);
    Ok(if is_expression && !is_word {
        OptValue::Expression(input.parse()?)
    } else if input.peek(Ident) {
        OptValue::Word(input.parse()?)
    } else {
        OptValue::Literal(input.parse()?)
    })
}

/// What is said of lints, by whatever says it: `allow(..)`, `warn(..)`, `deny(..)`.
#[derive(Debug, Default)]
pub(crate) struct Levels(Vec<(&'static str, Ident)>);

impl Levels {
    /// Takes one of these options.
    pub(crate) fn take(&mut self, option: &Opt, errors: &mut Errors) {
        let name = &option.name;
        let variant = match name.to_string().as_str() {
            "allow" => "Allow",
            "warn" => "Warn",
            _ => "Deny",
        };
        let lints = match &option.value {
            OptValue::List(lints) => lints.as_slice(),
            _ => &[],
        };
        let misfit = lints.iter().find(|lint| !matches!(lint.value, OptValue::Mark));
        if lints.is_empty() || misfit.is_some() {
            let message = format!("`{name}` takes names of lints: write `{name}(sensitive_field)`");
            errors.at("option-value", misfit.unwrap_or(option).value_span(), message);
        }
        self.0.extend(lints.iter().map(|lint| (variant, lint.name.clone())));
    }

    /// The names of the lints.
    pub(crate) fn lints(&self) -> impl Iterator<Item = &Ident> {
        self.0.iter().map(|(_, lint)| lint)
    }

    /// Each lint and its level. A name that is none is rustc's to find, on the user's token.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (TokenStream, TokenStream)> {
        self.0.iter().map(|(level, lint)| {
            let variant = Ident::new(level, Span::mixed_site());
            let constant = Ident::new(&lint.to_string().to_uppercase(), lint.span());
            (quote!(::sfn::__private::lint::#constant), quote!(::sfn::__private::lint::Level::#variant))
        })
    }
}

/// Reads options separated by commas.
pub(crate) fn read(tokens: TokenStream) -> syn::Result<Vec<Opt>> {
    let options = Punctuated::<Opt, Token![,]>::parse_terminated.parse2(tokens);
    let options = options.map_err(|error| error_at("option-syntax", error.span(), &error))?;
    Ok(options.into_iter().collect())
}

/// Refuses an option that is not known, and one that is given twice.
pub(crate) fn check_names(options: &[Opt], owner: &str, known: &[&str], errors: &mut Errors) {
    for (index, option) in options.iter().enumerate() {
        let name = option.name.to_string();
        if !known.contains(&name.as_str()) {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            errors.at(
                "unknown-option",
                option.name.span(),
                format!("unknown option `{name}`; the options of {owner} are {}", known.join(", ")),
            );
        } else if options[..index].iter().any(|earlier| earlier.name == name) {
            errors.at(
                "repeated-option",
                option.name.span(),
                format!("option `{name}` is given twice; keep one"),
            );
        }
    }
}
