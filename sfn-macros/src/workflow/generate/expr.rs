//! Expressions of the twin: each gives an erased symbolic value.
//! Separate because values are pure: they neither take a place nor change the flow.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{BinOp, Lit, LitInt, Member, Path, PathSegment, Type};

use super::block::{Gives, Twin, is_pure, member, parts, plain};
use super::{flow, origin, own};
use crate::workflow::ast::{
    self, Action, Block, Chain, Context, Expr, ExprKind, Extent, Filled, Json, Jsonata, Key, Pattern, Piece,
    Statement,
};

impl Twin {
    /// An expression that gives an owned value.
    pub(super) fn value(&mut self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            ExprKind::Local(name) => quote!(#name.clone()),
            _ => self.borrowed(expr),
        }
    }

    /// The same as the receiver of a method, where a variable needs no clone.
    fn borrowed(&mut self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            ExprKind::Unit => quote!(__sfn::AnyVal::unit()),
            ExprKind::None => quote!(__sfn::AnyVal::none()),
            ExprKind::Some(inner) => {
                let inner = self.value(inner);
                quote!(__sfn::AnyVal::some(#inner))
            }
            ExprKind::Local(name) => name.to_token_stream(),
            ExprKind::Constant(path) => constant(path),
            ExprKind::Literal(literal) => self::literal(literal),
            ExprKind::Field(base, place) => {
                let base = self.borrowed(base);
                member(&base, place)
            }
            ExprKind::Record { path, fields, base } => self.record(path, fields, base.as_deref()),
            ExprKind::Map(entries) => self.map_of(entries),
            ExprKind::Json(json) => self.json(json),
            ExprKind::Range { from, end, inclusive } => self.range(expr, from, end, *inclusive),
            ExprKind::Made(made) => quote_spanned!(expr.extent.start=> __sfn::literal(#made)),
            ExprKind::Parse(text, ty) => {
                let (flow, text) = (flow(), self.borrowed(text));
                self.placed(expr, quote!(__sfn::AnyVal::parsed::<#ty>(&#text, #flow)))
            }
            ExprKind::Constructor { path, arguments } => self.constructor(path, arguments),
            ExprKind::Tuple(values) => {
                let values = self.values(values);
                quote!(__sfn::tuple(vec![#(#values),*]))
            }
            ExprKind::Array(values) => {
                let values = self.values(values);
                quote!(__sfn::array(vec![#(#values),*]))
            }
            ExprKind::Not(inner) => {
                let inner = self.borrowed(inner);
                quote!(#inner.not())
            }
            ExprKind::Negate(inner) => self.negated(expr, inner),
            ExprKind::Binary(left, operator, right) => self.binary(expr, left, operator, right),
            ExprKind::Format(Ok(pieces)) => self.format(expr, pieces),
            ExprKind::Method { receiver, name, arguments } => self.method(expr, receiver, name, arguments),
            ExprKind::Chain(chain) => {
                let chained = self.chain(chain);
                self.placed(expr, chained)
            }
            ExprKind::Index(list, place) => {
                let (list, place) = (self.borrowed(list), self.borrowed(place));
                self.placed(expr, quote!(#list.at_place(&#place)))
            }
            ExprKind::Cast(inner, ty) => {
                let inner = self.borrowed(inner);
                self.placed(expr, quote!(#inner.cast::<#ty>()))
            }
            ExprKind::Text(inner) => {
                let inner = self.borrowed(inner);
                self.placed(expr, quote!(#inner.to_text()))
            }
            ExprKind::Context(asked) => context(asked),
            ExprKind::TaskToken => quote!(__sfn::AnyVal::task_token()),
            ExprKind::Jsonata(jsonata) => self.jsonata(jsonata),
            ExprKind::Step { awaited, .. } if expr.extent.start.start().line != self.line => {
                let (at, step) = (self.at(expr.extent.start), self.step(awaited, None));
                quote!({ #at #step })
            }
            ExprKind::Step { awaited, .. } => self.step(awaited, None),
            ExprKind::Action(Action::Call(call)) => {
                let (flow, function, given) = (flow(), &call.task, own("given"));
                let arguments = self.values(&call.arguments);
                let called = quote!({
                    let #given = vec![#(#arguments),*];
                    __sfn::inlined::<#function>(#flow, #given)
                });
                self.placed(expr, called)
            }
            ExprKind::If(_)
            | ExprKind::IfLet(_)
            | ExprKind::MatchTask(_)
            | ExprKind::MatchLiteral(_)
            | ExprKind::MatchValue(_) => self.choice(expr, Gives::Value),
            ExprKind::Block(block) => self.value_block(block),
            ExprKind::Loop(repeated) if matches!(repeated.kind, ast::LoopKind::Endless) => {
                self.looped(repeated)
            }
            ExprKind::Try(inner) => match &inner.kind {
                ExprKind::OkOr(either) => self.ok_or(either),
                _ => self.held(inner),
            },
            ExprKind::OkOr(either) => self.ok_or(either),
            ExprKind::Labelled(..)
            | ExprKind::Loop(_)
            | ExprKind::Break(..)
            | ExprKind::Continue(_)
            | ExprKind::Commit
            | ExprKind::Assign { .. }
            | ExprKind::Change { .. } => {
                let ended = self.end(expr, Gives::Value);
                quote!({ #ended })
            }
            // What rustc refuses in the user's own function needs no twin.
            _ => quote!(__sfn::AnyVal::never()),
        }
    }

    /// `(from..end)`
    fn range(&mut self, expr: &Expr, from: &Expr, end: &Expr, inclusive: bool) -> TokenStream {
        let (from, end) = (self.borrowed(from), self.borrowed(end));
        let range = if inclusive { quote!(range_inclusive) } else { quote!(range) };
        self.placed(expr, quote!(__sfn::AnyVal::#range(&#from, &#end)))
    }

    /// `BTreeMap::from([(key, value)])`
    fn map_of(&mut self, entries: &[(Expr, Expr)]) -> TokenStream {
        let entries: Vec<_> = entries
            .iter()
            .map(|(key, value)| {
                let (key, value) = (self.value(key), self.value(value));
                quote!((#key, #value))
            })
            .collect();
        quote!(__sfn::map_of(vec![#(#entries),*]))
    }

    /// JSONata by hand; a fault of the text is found within the literal.
    fn jsonata(&mut self, jsonata: &Jsonata) -> TokenStream {
        let Jsonata { ty, text, names, .. } = jsonata;
        let names: Vec<_> = names
            .iter()
            .map(|(name, value)| {
                let (name, value) = (plain(name), self.value(value));
                quote!((#name, #value))
            })
            .collect();
        let (origin, source) = (origin(text.span()), text.token().to_string());
        quote!(__sfn::AnyVal::jsonata::<#ty>(#text, #source, __sfn::#origin, [#(#names),*]))
    }

    pub(super) fn values(&mut self, values: &[Expr]) -> Vec<TokenStream> {
        values.iter().map(|value| self.value(value)).collect()
    }

    fn value_block(&mut self, block: &Block) -> TokenStream {
        match (block.statements.as_slice(), &block.tail) {
            ([], Some(tail)) if is_pure(tail) => self.value(tail),
            _ => {
                let lets = block.statements.iter().all(|statement| match statement {
                    Statement::Let { value, .. } => calculates(value),
                    Statement::Item(_) => true,
                    _ => false,
                });
                let tail = block.tail.as_ref().is_some_and(calculates);
                let inside = self.block(block, Gives::Value);
                if !block.statements.is_empty() && lets && tail {
                    let flow = flow();
                    return quote!(#flow.calculation(|#flow| { #inside }));
                }
                quote!({ #inside })
            }
        }
    }

    fn method(&mut self, expr: &Expr, receiver: &Expr, name: &Ident, arguments: &[Expr]) -> TokenStream {
        let receiver = self.borrowed(receiver);
        let arguments: Vec<_> = arguments.iter().map(|argument| self.borrowed(argument)).collect();
        let name_in_twin = match (plain(name).as_str(), arguments.len()) {
            ("min", 0) => "least".to_owned(),
            ("max", 0) => "greatest".to_owned(),
            ("or", _) => "or_option".to_owned(),
            (name, _) => name.to_owned(),
        };
        let method = Ident::new(&name_in_twin, name.span().resolved_at(proc_macro2::Span::call_site()));
        self.placed(expr, quote!(__sfn::AnyVal::#method(&#receiver, #(&#arguments),*)))
    }

    /// A method that is given the flow, to name what its lambda binds.
    fn chain(&mut self, chain: &Chain) -> TokenStream {
        let flow = flow();
        let receiver = self.borrowed(&chain.receiver);
        let arguments: Vec<_> = chain.arguments.iter().map(|argument| self.borrowed(argument)).collect();
        let name = Ident::new(&plain(&chain.name), proc_macro2::Span::call_site());
        let line = self.line;
        let closure = match &chain.closure {
            Some(Ok(closure)) => {
                let (mut names, mut values, mut bound) = (Vec::new(), Vec::new(), TokenStream::new());
                for (at, pattern) in closure.parameters.iter().enumerate() {
                    if let Pattern::Name(name) = pattern {
                        names.push(plain(name));
                        values.push(name.clone());
                        continue;
                    }
                    let whole = own(&format!("value_{at}"));
                    bound.extend(parts(pattern, &whole.to_token_stream()));
                    names.push("_".to_owned());
                    values.push(whole);
                }
                let body = self.end_of_arm(&closure.body, Gives::Value);
                quote!(, #(#names,)* |#flow, #(#values),*| { #bound #body })
            }
            // Refused in the user's own function.
            Some(Err(_)) => return quote!(__sfn::AnyVal::never()),
            None => TokenStream::new(),
        };
        self.line = line;
        quote!(__sfn::AnyVal::#name(&#receiver, #(&#arguments,)* #flow #closure))
    }

    /// A value for a method of the flow, which cannot be calculated while that one is called: the statement before, and
    /// the value.
    pub(super) fn ahead(&mut self, expr: &Expr, name: &str) -> (TokenStream, TokenStream) {
        let value = self.value(expr);
        if is_pure(expr) {
            return (TokenStream::new(), value);
        }
        let name = own(name);
        (quote!(let #name = #value;), name.to_token_stream())
    }

    /// A value that may be refused carries its place when it stands on another line than its statement.
    fn placed(&self, expr: &Expr, value: TokenStream) -> TokenStream {
        if expr.extent.start.start().line == self.line {
            return value;
        }
        let origin = origin(expr.extent.start);
        quote!(#value.at(__sfn::#origin))
    }

    fn json(&mut self, json: &Json) -> TokenStream {
        match json {
            Json::Null => quote!(__sfn::literal(())),
            Json::Value(value) => self.value(value),
            Json::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.json(item)).collect();
                quote!(__sfn::json_array(vec![#(#items),*]))
            }
            Json::Object(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| {
                        let key = match key {
                            Key::Text(text) => quote!(__sfn::literal(#text)),
                            Key::Value(key) => self.value(key),
                        };
                        let value = self.json(value);
                        quote!((#key, #value))
                    })
                    .collect();
                quote!(__sfn::json_object(vec![#(#entries),*]))
            }
        }
    }

    fn record(&mut self, path: &Path, fields: &[(Member, Expr)], base: Option<&Expr>) -> TokenStream {
        let names: Vec<_> = fields.iter().map(|(place, _)| name_of(place)).collect();
        let values: Vec<_> = fields.iter().map(|(_, value)| self.value(value)).collect();
        if let Some((shape, name)) = variant(path) {
            return quote!(__sfn::variant(#shape, #name, __sfn::VariantFields::Struct(vec![#((#names, #values)),*])));
        }
        // A type that is no payload is told at the user's own literal.
        let shape = if self.is_output(path) {
            quote!(__sfn::output_shape::<Self>())
        } else {
            quote_spanned!(Extent::of(path).start=> __sfn::shape_of(|| #path { ..__sfn::never() }))
        };
        if let Some(base) = base.map(|base| self.borrowed(base)) {
            return quote!(__sfn::record_with(#shape, vec![#((#names, #values)),*], &#base));
        }
        quote!(__sfn::record(#shape, vec![#((#names, #values)),*]))
    }

    fn constructor(&mut self, path: &Path, arguments: &[Expr]) -> TokenStream {
        let values = self.values(arguments);
        if let Some((shape, name)) = variant(path) {
            return quote!(__sfn::variant(#shape, #name, __sfn::VariantFields::Tuple(vec![#(#values),*])));
        }
        let names = (0..values.len()).map(|index| index.to_string());
        let shape = if self.is_output(path) {
            quote!(__sfn::output_shape::<Self>())
        } else {
            quote!(__sfn::shape_of_constructor(#path))
        };
        quote!(__sfn::record(#shape, vec![#((#names, #values)),*]))
    }

    /// Whether the path is the workflow's output, word for word.
    fn is_output(&self, path: &Path) -> bool {
        matches!(&self.output, Some(Type::Path(output)) if output.qself.is_none() && output.path == *path)
    }

    fn negated(&mut self, expr: &Expr, inner: &Expr) -> TokenStream {
        if let ExprKind::Literal(Lit::Int(_) | Lit::Float(_)) = &inner.kind {
            let ExprKind::Literal(literal) = &inner.kind else { return TokenStream::new() };
            let number = number(literal);
            return quote!(__sfn::literal(-#number));
        }
        let inner = self.borrowed(inner);
        self.placed(expr, quote!(#inner.neg()))
    }

    fn binary(&mut self, expr: &Expr, left: &Expr, operator: &BinOp, right: &Expr) -> TokenStream {
        let left = self.borrowed(left);
        let right = match operator {
            BinOp::And(_) | BinOp::Or(_) => self.perhaps(right),
            _ => self.borrowed(right),
        };
        self.placed(expr, calculated(&left, operator, &right))
    }

    /// A part of an expression that is evaluated only if another part says so: nothing of it stands in front of the whole.
    pub(super) fn perhaps(&mut self, expr: &Expr) -> TokenStream {
        if is_pure(expr) {
            return self.borrowed(expr);
        }
        let (flow, value) = (flow(), self.value(expr));
        quote!(#flow.calculation(|#flow| #value))
    }

    fn format(&mut self, expr: &Expr, pieces: &[Piece]) -> TokenStream {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => quote!(__sfn::literal(#text)),
                Piece::Value(value) => self.value(value),
                Piece::Filled(value, Filled { width, fill, align }) => {
                    let (value, fill) = (self.borrowed(value), fill.to_string());
                    let align = match align {
                        Some('<') => quote!(Left),
                        Some(_) => quote!(Right),
                        None => quote!(Usual),
                    };
                    quote!(#value.padded(#width, #fill, __sfn::Align::#align))
                }
            })
            .collect();
        self.placed(expr, quote!(__sfn::concat(vec![#(#pieces),*])))
    }
}

/// The operation of two values.
pub(super) fn calculated(left: &TokenStream, operator: &BinOp, right: &TokenStream) -> TokenStream {
    let method = match operator {
        BinOp::Add(_) => quote!(add),
        BinOp::Sub(_) => quote!(sub),
        BinOp::Mul(_) => quote!(mul),
        BinOp::Div(_) => quote!(div),
        BinOp::Rem(_) => quote!(rem),
        BinOp::And(_) => quote!(and),
        BinOp::Or(_) => quote!(or),
        BinOp::Eq(_) => quote!(eq),
        BinOp::Ne(_) => quote!(ne),
        BinOp::Lt(_) => quote!(lt),
        BinOp::Le(_) => quote!(le),
        BinOp::Gt(_) => quote!(gt),
        _ => quote!(ge),
    };
    quote!(__sfn::AnyVal::#method(&#left, &#right))
}

/// A question about the surroundings.
fn context(asked: &Context) -> TokenStream {
    match asked {
        Context::Drawn(function) => {
            let (flow, function) =
                (flow(), Ident::new(&function.to_string(), proc_macro2::Span::call_site()));
            quote!(#flow.#function().into_erased())
        }
        Context::RetryCount => quote!(__sfn::AnyVal::retry_count()),
        Context::Part(whose, part) => {
            let whose = if whose == "execution" { quote!(ExecutionVal) } else { quote!(StateMachineVal) };
            quote!(__sfn::#whose.#part().into_erased())
        }
        Context::Input { ty: Some(ty), .. } => quote!(__sfn::ExecutionVal.input::<#ty>().into_erased()),
        // Refused in the user's own function.
        Context::Input { ty: None, .. } => quote!(__sfn::AnyVal::never()),
    }
}

/// A constant, a unit struct, or a unit variant.
fn constant(path: &Path) -> TokenStream {
    let is_screaming = path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        name.len() > 1 && !name.contains(char::is_lowercase)
    });
    match variant(path) {
        Some((shape, name)) if !is_screaming => {
            quote!(__sfn::variant(#shape, #name, __sfn::VariantFields::Unit))
        }
        _ => quote!(__sfn::literal(#path)),
    }
}

/// The shape of a variant's enum, and the variant's name. The variant itself is not named as Rust: whether it exists is
/// judged in the user's own function.
fn variant(path: &Path) -> Option<(TokenStream, String)> {
    if !ast::is_variant(path) {
        return None;
    }
    let mut probe = path.clone();
    let last = probe.segments.last_mut()?;
    let name = plain(&last.ident);
    *last = PathSegment::from(Ident::new("__probe", last.ident.span()));
    let start = Extent::of(path).start;
    Some((quote_spanned!(start=> __sfn::shape_of(|| #probe())), name))
}

pub(super) fn literal(literal: &Lit) -> TokenStream {
    let literal = number(literal);
    quote!(__sfn::literal(#literal))
}

/// A number has no other to take its type from in the twin, so a wide one says it is wide.
fn number(literal: &Lit) -> TokenStream {
    match literal {
        Lit::Int(number) if number.suffix().is_empty() && number.base10_parse::<i32>().is_err() => {
            let wide = if number.base10_parse::<i64>().is_ok() { "i64" } else { "u64" };
            LitInt::new(&format!("{}{wide}", number.base10_digits()), number.span()).to_token_stream()
        }
        Lit::Int(number) if number.base10_digits().starts_with('-') => {
            let digits = number.base10_digits().trim_start_matches('-');
            let positive = LitInt::new(&format!("{digits}{}", number.suffix()), number.span());
            quote!(-#positive)
        }
        other => other.to_token_stream(),
    }
}

/// Whether a value is one expression of values and closures, without a step or a choice of steps.
fn calculates(expr: &Expr) -> bool {
    is_pure(expr) || matches!(expr.kind, ExprKind::Chain(_))
}

fn name_of(place: &Member) -> Literal {
    match place {
        Member::Named(name) => Literal::string(&plain(name)),
        Member::Unnamed(index) => Literal::string(&index.index.to_string()),
    }
}
