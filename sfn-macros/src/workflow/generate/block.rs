//! Blocks and statements of the twin: what is bound, what is chosen, how a block ends.
//! Separate from expressions because these need the builder, and say where they stand.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Member, Type};

use super::callees::Callees;
use super::repeat::Turn;
use super::{flow, origin, own};
use crate::workflow::ast::{Block, Context, Expr, ExprKind, If, Json, Key, Pattern, Statement};

/// What is known while a twin is written.
pub(super) struct Twin {
    /// The line of the statement being written, by which a fault of a value is found without a place of its own.
    pub(super) line: usize,
    /// What the workflow gives, which is asked to be a payload in the signature and nowhere else.
    pub(super) output: Option<Type>,
    /// The loops around the statement being written, the innermost last.
    pub(super) turns: Vec<Turn>,
    /// What a fragment's body leaves with its value, which ends no workflow.
    pub(super) fragment: Option<Ident>,
    /// Whether only what an Express execution can do may be called.
    pub(super) express: bool,
    /// What the block being written calls.
    pub(super) callees: Callees,
}

/// What a block gives to its closure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// Its value.
    Value,
    /// Nothing: a statement.
    Nothing,
    /// Nothing: it ends the workflow or the iteration.
    Outcome,
    /// The value of a branch of `join!` or an iteration of `map`, inside its `Ok`.
    Item,
}

impl Gives {
    pub(super) fn is_value(self) -> bool {
        matches!(self, Self::Value | Self::Item)
    }

    /// The value of a block that does not reach its end.
    fn never(self) -> TokenStream {
        match self {
            Self::Value | Self::Item => quote!(__sfn::AnyVal::never()),
            Self::Nothing | Self::Outcome => TokenStream::new(),
        }
    }
}

impl Twin {
    pub(super) fn workflow(&mut self, body: &Block) -> TokenStream {
        self.block(body, Gives::Outcome)
    }

    /// The inside of a block: statements, then what it gives.
    pub(super) fn block(&mut self, block: &Block, gives: Gives) -> TokenStream {
        let outside = std::mem::take(&mut self.callees);
        let mut tokens = TokenStream::new();
        for statement in &block.statements {
            tokens.extend(self.statement(statement));
        }
        let ended = matches!(block.statements.last(), Some(Statement::Expr(last)) if diverges(last));
        tokens.extend(match &block.tail {
            Some(tail) => self.end(tail, gives),
            None if ended => gives.never(),
            None if gives == Gives::Value => quote!(__sfn::AnyVal::unit()),
            None => gives.never(),
        });
        let items = block.statements.iter().filter_map(|statement| match statement {
            Statement::Item(item) => Some(item),
            _ => None,
        });
        let inside = std::mem::replace(&mut self.callees, outside);
        self.callees.block(items, inside);
        tokens
    }

    /// `flow.at(..)` of what follows.
    pub(super) fn at(&mut self, span: Span) -> TokenStream {
        let (flow, origin) = (flow(), origin(span));
        self.line = span.start().line;
        quote!(#flow.at(__sfn::#origin);)
    }

    fn statement(&mut self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let { pattern, ty, value } => self.binding(pattern, ty.as_deref(), value),
            Statement::LetElse(tested) => self.let_else(tested),
            Statement::LetMut { name, ty, value } => self.changing(name, ty.as_deref(), value),
            Statement::Expr(expr) => self.end(expr, Gives::Nothing),
            Statement::Item(item) => item.clone(),
            Statement::Foreign(_) => TokenStream::new(),
        }
    }

    fn binding(&mut self, pattern: &Pattern, ty: Option<&Type>, value: &Expr) -> TokenStream {
        let declared =
            ty.map(|ty| quote!(.declared(&{ use __sfn::Untyped as _; __sfn::Typed::<#ty>::shape_or_any() })));
        match pattern {
            Pattern::Ignored => self.ignored(value),
            Pattern::Name(name) if is_pure(value) => {
                let (at, flow, text) = (self.at(value.extent.start), flow(), name.to_string());
                let value = self.value(value);
                quote!(#at let #name = #flow.let_(#text, #value #declared);)
            }
            Pattern::Name(name) => {
                let at = self.at(value.extent.start);
                let text = name.to_string();
                if let ExprKind::Step { awaited, .. } = &value.kind {
                    let step = self.step(awaited, Some(&text));
                    return quote!(#at let #name = #step;);
                }
                let flow = flow();
                let value = self.value(value);
                quote!(#at let #name = #value #declared; let #name = #flow.let_(#text, #name);)
            }
            Pattern::Parts(_) | Pattern::Foreign(..) => {
                let (at, whole) = (self.at(value.extent.start), own("value"));
                let value = self.value(value);
                let parts = parts(pattern, &whole.to_token_stream());
                quote!(#at let #whole = #value #declared; #parts)
            }
        }
    }

    /// `let _ = ..;`
    fn ignored(&mut self, value: &Expr) -> TokenStream {
        match &value.kind {
            ExprKind::Step { awaited, propagates: false } => {
                let at = self.at(value.extent.start);
                let step = self.ignored_step(awaited);
                quote!(#at #step)
            }
            _ => self.end(value, Gives::Nothing),
        }
    }

    /// The last expression of a block, or a statement.
    pub(super) fn end(&mut self, expr: &Expr, gives: Gives) -> TokenStream {
        match &expr.kind {
            ExprKind::Ok(value) => self.succeeded(expr, value, gives),
            ExprKind::Err(failure) => {
                let failed = self.failed(expr, failure);
                let never = gives.never();
                quote!(#failed #never)
            }
            ExprKind::Return(result) => {
                let ended = result.as_ref().map(|result| self.end(result, Gives::Outcome));
                let never = gives.never();
                quote!(#ended #never)
            }
            ExprKind::Block(block) => {
                let block = self.block(block, gives);
                quote!({ #block })
            }
            ExprKind::Labelled(label, block) => {
                let at = self.at(expr.extent.start);
                let labelled = self.labelled(label, block, gives);
                let semicolon = (!gives.is_value()).then(|| quote!(;));
                let never = if gives.is_value() { TokenStream::new() } else { gives.never() };
                quote!(#at #labelled #semicolon #never)
            }
            ExprKind::Break(label, value) => {
                let at = self.at(expr.extent.start);
                let left = self.left(label.as_ref(), value.as_deref());
                let never = gives.never();
                quote!(#at #left #never)
            }
            ExprKind::Commit => {
                let (at, flow) = (self.at(expr.extent.start), flow());
                let unit = gives.is_value().then(|| quote!(__sfn::AnyVal::unit()));
                quote!(#at #flow.commit(); #unit)
            }
            ExprKind::Continue(label) => {
                let at = self.at(expr.extent.start);
                let again = self.again(label.as_ref());
                let never = gives.never();
                quote!(#at #again #never)
            }
            ExprKind::Loop(repeated) if gives != Gives::Value => {
                let at = self.at(expr.extent.start);
                let looped = self.looped(repeated);
                let never = gives.never();
                quote!(#at #looped; #never)
            }
            ExprKind::Try(_) if gives == Gives::Nothing => {
                let (at, value) = (self.at(expr.extent.start), self.value(expr));
                quote!(#at #value;)
            }
            ExprKind::Assign { place, operator, value } => {
                let assigned = self.assigned(place, operator.as_ref(), value);
                let unit = (gives == Gives::Value).then(|| quote!(__sfn::AnyVal::unit()));
                quote!(#assigned #unit)
            }
            ExprKind::Change { place, value, .. } => {
                let pushed = self.changed(place, value);
                let unit = (gives == Gives::Value).then(|| quote!(__sfn::AnyVal::unit()));
                quote!(#pushed #unit)
            }
            ExprKind::If(_)
            | ExprKind::IfLet(_)
            | ExprKind::MatchTask(_)
            | ExprKind::MatchLiteral(_)
            | ExprKind::MatchValue(_)
                if !(gives == Gives::Value && is_pure(expr)) =>
            {
                let at = self.at(expr.extent.start);
                let choice = self.choice(expr, gives);
                if gives.is_value() { quote!(#at #choice) } else { quote!(#at #choice;) }
            }
            ExprKind::Step { awaited, .. } if gives == Gives::Nothing => {
                let at = self.at(expr.extent.start);
                let step = self.step(awaited, None);
                quote!(#at #step;)
            }
            _ => match gives {
                Gives::Value => {
                    let at = (!is_pure(expr)).then(|| self.at(expr.extent.start));
                    let value = self.value(expr);
                    quote!(#at #value)
                }
                Gives::Nothing => TokenStream::new(),
                // A whole step at the end passes its result on.
                Gives::Outcome | Gives::Item => self.succeeded(expr, expr, gives),
            },
        }
    }

    fn succeeded(&mut self, whole: &Expr, value: &Expr, gives: Gives) -> TokenStream {
        let (at, flow, result) = (self.at(whole.extent.start), flow(), own("result"));
        let pure = is_pure(value);
        let value = self.value(value);
        let ends = |value: &TokenStream| {
            let leave = self.fragment.as_ref().map(|turn| quote!(#flow.leave(#turn, #value);));
            leave.unwrap_or_else(|| quote!(#flow.succeed(#value);))
        };
        match gives {
            Gives::Item | Gives::Value => quote!(#at #value),
            Gives::Outcome | Gives::Nothing if pure => {
                let ended = ends(&value);
                quote!(#at #ended)
            }
            Gives::Outcome | Gives::Nothing => {
                let ended = ends(&result.to_token_stream());
                quote!(#at let #result = #value; #ended)
            }
        }
    }

    pub(super) fn failed(&mut self, whole: &Expr, failure: &Expr) -> TokenStream {
        let (at, flow) = (self.at(whole.extent.start), flow());
        if let ExprKind::Fail(error, cause) = &failure.kind {
            let (first, error) = self.ahead(error, "error");
            let (second, cause) = self.ahead(cause, "cause");
            return quote!(#at #first #second #flow.fail(#error, #cause););
        }
        let failure = self.value(failure);
        quote!(#at #flow.rethrow(#failure);)
    }

    /// An `if` or a `match` whose arms give something.
    pub(super) fn choice(&mut self, expr: &Expr, gives: Gives) -> TokenStream {
        match &expr.kind {
            ExprKind::If(choice) => self.choose(choice, gives),
            ExprKind::IfLet(choice) => self.if_let(choice, gives),
            ExprKind::MatchTask(choice) => self.match_task(choice, gives),
            ExprKind::MatchLiteral(choice) => self.match_literal(choice, gives),
            ExprKind::MatchValue(choice) => self.match_value(choice, gives),
            _ => self.end(expr, gives),
        }
    }

    fn choose(&mut self, choice: &If, gives: Gives) -> TokenStream {
        let (flow, text) = (flow(), &choice.text);
        let (ahead, condition) = self.ahead(&choice.condition, "condition");
        let then = self.block(&choice.then, gives);
        let otherwise = self.otherwise(choice.otherwise.as_ref(), gives);
        let chosen = quote!(#flow.choose(#condition, #text, |#flow| { #then }, |#flow| { #otherwise }));
        if ahead.is_empty() { chosen } else { quote!({ #ahead #chosen }) }
    }

    /// What follows `else`.
    pub(super) fn otherwise(&mut self, otherwise: Option<&Expr>, gives: Gives) -> TokenStream {
        match otherwise {
            Some(Expr { kind: ExprKind::Block(block), .. }) => self.block(block, gives),
            Some(otherwise) => self.end(otherwise, gives),
            None if gives.is_value() => quote!(__sfn::AnyVal::unit()),
            None => TokenStream::new(),
        }
    }
}

/// The names of a pattern, bound to the parts of a value.
pub(super) fn parts(pattern: &Pattern, value: &TokenStream) -> TokenStream {
    let flow = flow();
    match pattern {
        Pattern::Name(name) => {
            let text = name.to_string();
            quote!(let #name = #flow.let_(#text, #value);)
        }
        Pattern::Parts(of) => of
            .iter()
            .map(|(place, part)| {
                let part_of = member(value, place);
                parts(part, &part_of)
            })
            .collect(),
        Pattern::Ignored | Pattern::Foreign(..) => TokenStream::new(),
    }
}

/// `value.field("name")` or `value.index(0)`.
pub(super) fn member(value: &TokenStream, place: &Member) -> TokenStream {
    match place {
        Member::Named(name) => {
            let name = plain(name);
            quote!(#value.field(#name))
        }
        Member::Unnamed(index) => {
            let index = proc_macro2::Literal::u32_unsuffixed(index.index);
            quote!(#value.index(#index))
        }
    }
}

/// A name without `r#`.
pub(super) fn plain(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}

fn diverges(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Return(_) | ExprKind::Break(..) | ExprKind::Continue(_) => true,
        ExprKind::Block(block) => ends(block),
        ExprKind::If(choice) => ends(&choice.then) && choice.otherwise.as_ref().is_some_and(diverges),
        ExprKind::IfLet(choice) => ends(&choice.then) && choice.otherwise.as_ref().is_some_and(diverges),
        ExprKind::MatchTask(choice) => choice.arms.iter().all(|arm| diverges(&arm.body)),
        ExprKind::MatchLiteral(choice) => choice.arms.iter().all(|arm| diverges(&arm.body)),
        ExprKind::MatchValue(choice) => choice.arms.iter().all(|arm| diverges(&arm.body)),
        _ => false,
    }
}

fn ends(block: &Block) -> bool {
    match (&block.tail, block.statements.last()) {
        (Some(tail), _) => diverges(tail),
        (None, Some(Statement::Expr(last))) => diverges(last),
        _ => false,
    }
}

fn is_pure_json(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Value(value) => is_pure(value),
        Json::Array(items) => items.iter().all(is_pure_json),
        Json::Object(entries) => entries
            .iter()
            .all(|(key, value)| is_pure_json(value) && !matches!(key, Key::Value(key) if !is_pure(key))),
    }
}

/// Whether a value is written without the builder.
pub(super) fn is_pure(expr: &Expr) -> bool {
    use crate::workflow::ast::Piece;
    match &expr.kind {
        ExprKind::Field(inner, _)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::Text(inner)
        | ExprKind::Some(inner)
        | ExprKind::Cast(inner, _) => is_pure(inner),
        ExprKind::Method { receiver, arguments, .. } => is_pure(receiver) && arguments.iter().all(is_pure),
        ExprKind::Index(list, place) => is_pure(list) && is_pure(place),
        ExprKind::Record { fields, base, .. } => {
            fields.iter().all(|(_, value)| is_pure(value)) && base.as_deref().is_none_or(is_pure)
        }
        ExprKind::Map(entries) => entries.iter().all(|(key, value)| is_pure(key) && is_pure(value)),
        ExprKind::Json(json) => is_pure_json(json),
        ExprKind::Constructor { arguments: values, .. }
        | ExprKind::Tuple(values)
        | ExprKind::Array(values) => values.iter().all(is_pure),
        ExprKind::Binary(left, _, right) | ExprKind::Range { from: left, end: right, .. } => {
            is_pure(left) && is_pure(right)
        }
        ExprKind::Format(Ok(pieces)) => pieces.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Value(value) | Piece::Filled(value, _) => is_pure(value),
        }),
        ExprKind::Context(asked) => !matches!(**asked, Context::Drawn(_)),
        ExprKind::If(_)
        | ExprKind::IfLet(_)
        | ExprKind::Labelled(..)
        | ExprKind::Try(_)
        | ExprKind::OkOr(_)
        | ExprKind::Action(_)
        | ExprKind::MatchTask(_)
        | ExprKind::MatchLiteral(_)
        | ExprKind::MatchValue(_)
        | ExprKind::Block(_)
        | ExprKind::Chain(_)
        | ExprKind::Return(_)
        | ExprKind::Commit
        | ExprKind::Loop(_)
        | ExprKind::Break(..)
        | ExprKind::Continue(_)
        | ExprKind::Assign { .. }
        | ExprKind::Change { .. }
        | ExprKind::Parse(..)
        | ExprKind::Step { .. } => false,
        _ => true,
    }
}
