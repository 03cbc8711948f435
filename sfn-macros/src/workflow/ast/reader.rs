//! Blocks, statements and expressions, read into our tree.
//! Separate from calls and patterns because this is the recursion they all hang on.

use quote::ToTokens;
use syn::{BinOp, Expr as SynExpr, Local, Stmt, UnOp};

use super::scope::Scope;
use super::{
    Action, Block, Case, Context, Expr, ExprKind, Extent, Foreign, LetElse, LiteralArm, LiteralPattern,
    LoopKind, MatchLiteral, MatchTask, MatchValue, Pattern, Place, Statement, TaskArm, TaskPattern, ValueArm,
    ValuePattern, call, chain, context, distributed, macros, method, pattern, repeat, short,
};
use crate::workflow::{expr, text};

/// Reads the user's syntax in order, knowing which variables are bound so far.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) scope: Scope,
    /// Inside a macro's tokens, whose expressions have no place in the user's function.
    pub(super) in_macro: bool,
}

impl Reader {
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        let mark = self.scope.mark();
        let (tail, statements) = match block.stmts.split_last() {
            Some((Stmt::Expr(tail, None), statements)) => (Some(tail), statements),
            _ => (None, block.stmts.as_slice()),
        };
        let tail_macro = match block.stmts.last() {
            Some(Stmt::Macro(tail)) if tail.semi_token.is_none() => Some(tail),
            _ => None,
        };
        let statements = &statements[..statements.len() - usize::from(tail_macro.is_some())];
        let statements = statements.iter().flat_map(|statement| self.written_out(statement)).collect();
        let tail = match (tail, tail_macro) {
            (Some(tail), _) => Some(self.expr(tail)),
            (None, Some(tail)) => {
                Some(self.outside(Extent::of(&tail.mac), |reader| reader.macro_call(&tail.mac)))
            }
            (None, None) => None,
        };
        self.scope.forget(mark);
        Block { statements, tail }
    }

    /// A statement, or those that it is short for.
    fn written_out(&mut self, statement: &Stmt) -> Vec<Statement> {
        if let Stmt::Local(local) = statement
            && let Some(init) = &local.init
            && let Some((popped, mut statements)) = self.popped(&init.expr)
        {
            statements.push(self.bound(local, popped));
            return statements;
        }
        vec![self.statement(statement)]
    }

    /// `list.pop()` as a value: what is popped, behind the statements that read and remove it.
    pub(super) fn popped(&mut self, value: &SynExpr) -> Option<(Expr, Vec<Statement>)> {
        let (name, statements) = short::popped(value)?;
        let statements = self.invented(|reader| statements.iter().map(|one| reader.statement(one)).collect());
        let extent = Extent::of(value);
        Some((Expr { extent, place: None, kind: ExprKind::Local(name) }, statements))
    }

    /// Reads what stands nowhere like this in the user's function: between the parentheses of a macro, or written out.
    pub(super) fn invented<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.in_macro, true);
        let read = read(self);
        self.in_macro = outer;
        read
    }

    fn statement(&mut self, statement: &Stmt) -> Statement {
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item @ (syn::Item::Const(_) | syn::Item::Use(_))) => {
                Statement::Item(item.to_token_stream())
            }
            Stmt::Item(item) => Statement::Foreign(Foreign::Item(Extent::of(item))),
            Stmt::Expr(expr, _) => Statement::Expr(self.expr(expr)),
            Stmt::Macro(call) => {
                let extent = Extent::of(&call.mac);
                Statement::Expr(self.outside(extent, |reader| reader.macro_call(&call.mac)))
            }
        }
    }

    fn local(&mut self, local: &Local) -> Statement {
        if let Some(attribute) = local.attrs.iter().find(|attribute| is_conditional(attribute)) {
            return Statement::Foreign(Foreign::Attribute(Extent::of(attribute)));
        }
        let Some(init) = &local.init else {
            self.scope.bind_pattern(&pattern::binding(&local.pat));
            return Statement::Foreign(Foreign::Let(
                Extent::of(local),
                "`let` without a value: give the value here",
            ));
        };
        let annotated = annotation(local);
        let mut value =
            annotated.and_then(|ty| self.annotated(&init.expr, ty)).unwrap_or_else(|| self.expr(&init.expr));
        if let (ExprKind::Jsonata(jsonata), Some(ty)) = (&mut value.kind, annotated) {
            jsonata.ty = Some(ty.clone());
        }
        self.bound(local, value)
    }

    /// A value that does not itself say what the type behind its name does.
    fn annotated(&mut self, value: &SynExpr, ty: &syn::Type) -> Option<Expr> {
        let kind = match (value, ty) {
            (SynExpr::MethodCall(method), _) if method.method == "collect" && method.turbofish.is_none() => {
                let into = chain::into(ty)?;
                chain::collected(self.expr(&method.receiver), method, into)
            }
            (_, syn::Type::Path(path)) => call::default_of(value, &path.path)?,
            _ => return None,
        };
        Some(Expr { extent: Extent::of(value), place: Some(Place::of(value)), kind })
    }

    /// A `let` of a value.
    fn bound(&mut self, local: &Local, value: Expr) -> Statement {
        let annotated = annotation(local);
        if let Some((_, diverge)) = local.init.as_ref().and_then(|init| init.diverge.as_ref()) {
            let otherwise = match &**diverge {
                SynExpr::Block(block) => self.block(&block.block),
                _ => Block { statements: Vec::new(), tail: None },
            };
            let pattern = self.value_pattern(&local.pat);
            pattern.names().into_iter().for_each(|name| self.scope.bind(name));
            let text = text::one_line(&quote::quote!(#local).into_iter().take_while(not_else).collect());
            let text = text.trim_end_matches(';').trim().to_owned();
            return Statement::LetElse(Box::new(LetElse { pattern, value, text, otherwise }));
        }
        if let Some((name, ty)) = pattern::mutable(&local.pat) {
            self.scope.bind(&name);
            return Statement::LetMut { name, ty: ty.map(Box::new), value };
        }
        let bound = pattern::binding(&local.pat);
        self.scope.bind_pattern(&bound);
        let ty = annotated.filter(|_| tells_little(&value)).and_then(expr::owned).map(Box::new);
        Statement::Let { pattern: bound, ty, value }
    }

    /// An expression without a place of its own.
    fn outside(&mut self, extent: Extent, kind: impl FnOnce(&mut Self) -> ExprKind) -> Expr {
        Expr { extent, place: None, kind: kind(self) }
    }

    pub(super) fn expr(&mut self, syntax: &SynExpr) -> Expr {
        let place = (!self.in_macro).then(|| Place::of(syntax));
        let kind = match syntax {
            // Nothing that changes the value on the wire.
            SynExpr::Paren(inner) => return self.expr(&inner.expr),
            SynExpr::Group(inner) => return self.expr(&inner.expr),
            SynExpr::Reference(inner) if inner.mutability.is_none() => return self.expr(&inner.expr),
            SynExpr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => return self.expr(&inner.expr),
            SynExpr::MethodCall(method) => self.method(method),
            SynExpr::Call(call) => self.call(syntax, call),
            SynExpr::Macro(call) => self.macro_call(&call.mac),
            SynExpr::Path(path) if path.qself.is_none() => self.path(&path.path),
            SynExpr::Lit(literal) => ExprKind::Literal(literal.lit.clone()),
            SynExpr::Field(field) => ExprKind::Field(Box::new(self.expr(&field.base)), field.member.clone()),
            SynExpr::Struct(record) if record.qself.is_none() => ExprKind::Record {
                path: record.path.clone(),
                fields: record
                    .fields
                    .iter()
                    .map(|field| (field.member.clone(), self.expr(&field.expr)))
                    .collect(),
                base: record.rest.as_ref().map(|base| Box::new(self.base(base, &record.path))),
            },
            SynExpr::Tuple(tuple) if tuple.elems.is_empty() => ExprKind::Unit,
            SynExpr::Tuple(tuple) => ExprKind::Tuple(self.exprs(&tuple.elems)),
            SynExpr::Array(array) => ExprKind::Array(self.exprs(&array.elems)),
            SynExpr::Repeat(repeat) if let Some(elements) = short::repeated(repeat) => {
                ExprKind::Array(self.exprs(elements))
            }
            SynExpr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                ExprKind::Not(Box::new(self.expr(&unary.expr)))
            }
            SynExpr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                ExprKind::Negate(Box::new(self.expr(&unary.expr)))
            }
            SynExpr::Binary(binary) if is_supported(&binary.op) => ExprKind::Binary(
                Box::new(self.expr(&binary.left)),
                binary.op,
                Box::new(self.expr(&binary.right)),
            ),
            SynExpr::If(choice) => self.choice(choice),
            SynExpr::Match(choice) => self.matching(choice),
            SynExpr::Block(block) => {
                let body = Box::new(self.block(&block.block));
                match &block.label {
                    Some(label) => ExprKind::Labelled(label.name.clone(), body),
                    None => ExprKind::Block(body),
                }
            }
            SynExpr::Return(value) => {
                ExprKind::Return(value.expr.as_ref().map(|value| Box::new(self.expr(value))))
            }
            SynExpr::Index(index) => {
                ExprKind::Index(Box::new(self.expr(&index.expr)), Box::new(self.expr(&index.index)))
            }
            SynExpr::Cast(cast) => ExprKind::Cast(Box::new(self.expr(&cast.expr)), cast.ty.clone()),
            SynExpr::Loop(repeated) => {
                let body = self.block(&repeated.body);
                repeat::looped(repeated.label.as_ref(), LoopKind::Endless, body)
            }
            SynExpr::While(repeated) => self.while_loop(repeated),
            SynExpr::ForLoop(repeated) => repeat::for_loop(self, repeated),
            SynExpr::Break(left) => {
                let value = left.expr.as_ref().map(|value| Box::new(self.expr(value)));
                ExprKind::Break(left.label.clone(), value)
            }
            SynExpr::Continue(again) => ExprKind::Continue(again.label.clone()),
            SynExpr::Assign(assign) => {
                let (place, value) = (self.expr(&assign.left), self.expr(&assign.right));
                ExprKind::Assign { place: Box::new(place), operator: None, value: Box::new(value) }
            }
            SynExpr::Binary(binary) if let Some(operator) = repeat::assigning(&binary.op) => {
                let (place, value) = (self.expr(&binary.left), self.expr(&binary.right));
                let operator = Some(operator);
                ExprKind::Assign { place: Box::new(place), operator, value: Box::new(value) }
            }
            SynExpr::Try(tried) => self.tried(&tried.expr),
            SynExpr::Await(awaited) => {
                ExprKind::Step { awaited: Box::new(self.expr(&awaited.base)), propagates: false }
            }
            _ => ExprKind::Foreign(Foreign::Expr(Box::new(syntax.clone()))),
        };
        Expr { extent: Extent::of(syntax), place, kind }
    }

    /// What the other fields of a struct are taken from.
    fn base(&mut self, base: &SynExpr, record: &syn::Path) -> Expr {
        match call::default_of(base, record) {
            Some(kind) => Expr { extent: Extent::of(base), place: Some(Place::of(base)), kind },
            None => self.expr(base),
        }
    }

    pub(super) fn exprs<'a>(&mut self, syntax: impl IntoIterator<Item = &'a SynExpr>) -> Vec<Expr> {
        syntax.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn tried(&mut self, inner: &SynExpr) -> ExprKind {
        let inner = self.expr(inner);
        match inner.kind {
            ExprKind::Step { awaited, propagates: false } => ExprKind::Step { awaited, propagates: true },
            ExprKind::Jsonata(mut jsonata) => {
                jsonata.propagates = true;
                ExprKind::Jsonata(jsonata)
            }
            ExprKind::Context(asked) if matches!(*asked, Context::Input { .. }) => {
                ExprKind::Context(Box::new(asked.tried()))
            }
            _ => ExprKind::Try(Box::new(inner)),
        }
    }

    fn path(&self, path: &syn::Path) -> ExprKind {
        match path.get_ident() {
            Some(name) if self.scope.contains(name) => ExprKind::Local(name.clone()),
            Some(name) if name == "None" => ExprKind::None,
            _ => ExprKind::Constant(path.clone()),
        }
    }

    fn value_arm(&mut self, arm: &syn::Arm) -> ValueArm {
        let mark = self.scope.mark();
        let (pattern, guard) = match &arm.pat {
            syn::Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        let pattern = self.value_pattern(pattern);
        pattern.names().into_iter().for_each(|name| self.scope.bind(name));
        let guard = guard.map(|guard| self.expr(guard));
        let body = self.expr(&arm.body);
        self.scope.forget(mark);
        ValueArm { pattern, guard, body }
    }

    /// The subject tells the two kinds of `match` apart: something awaited, or a value.
    fn matching(&mut self, choice: &syn::ExprMatch) -> ExprKind {
        let subject = self.expr(&choice.expr);
        let is_call = matches!(subject.kind, ExprKind::Action(Action::Call(_)));
        let awaits = matches!(subject.kind, ExprKind::Step { propagates: false, .. } | ExprKind::Action(_));
        let on_result = choice.arms.iter().any(|arm| matches!(pattern::task(&arm.pat), TaskPattern::Ok(_)));
        // A call that is not awaited gives a value, unless it is matched on as a task's result.
        if awaits && (on_result || !is_call) || on_result && matches!(subject.kind, ExprKind::Local(_)) {
            let arms = choice.arms.iter().map(|arm| self.task_arm(arm)).collect();
            return ExprKind::MatchTask(Box::new(MatchTask { awaited: subject, arms }));
        }
        let text = text::one_line(&choice.expr.to_token_stream());
        let text = text.strip_suffix(".as_str()").unwrap_or(&text).to_owned();
        let is_foreign = |arm: &syn::Arm| matches!(pattern::literal(&arm.pat), LiteralPattern::Foreign(..));
        if choice.arms.iter().any(is_foreign) {
            let arms = choice.arms.iter().map(|arm| self.value_arm(arm)).collect();
            return ExprKind::MatchValue(Box::new(MatchValue { subject, text, arms }));
        }
        let arms = choice.arms.iter().map(|arm| self.literal_arm(arm)).collect();
        ExprKind::MatchLiteral(Box::new(MatchLiteral { subject, text, arms }))
    }

    fn task_arm(&mut self, arm: &syn::Arm) -> TaskArm {
        let mark = self.scope.mark();
        let pattern = pattern::task(&arm.pat);
        match &pattern {
            TaskPattern::Ok(bound) => self.scope.bind_pattern(bound),
            TaskPattern::Err(Some(name)) => self.scope.bind(name),
            TaskPattern::Cases(cases) => {
                for case in cases {
                    if let Case::Variant { fields, .. } = case {
                        for (_, field) in fields {
                            self.scope.bind_pattern(field);
                        }
                    }
                }
            }
            TaskPattern::Err(None) | TaskPattern::Foreign(..) => {}
        }
        let body = self.expr(&arm.body);
        self.scope.forget(mark);
        TaskArm { span: Extent::of(&arm.pat).start, pattern, body }
    }

    fn literal_arm(&mut self, arm: &syn::Arm) -> LiteralArm {
        let mark = self.scope.mark();
        let pattern = pattern::literal(&arm.pat);
        if let LiteralPattern::Any(Some(name)) = &pattern {
            self.scope.bind(name);
        }
        let body = self.expr(&arm.body);
        self.scope.forget(mark);
        LiteralArm { pattern, body }
    }

    /// The body of a closure, which sees the variables around it and its parameter.
    pub(super) fn closure<T>(
        &mut self,
        closure: &syn::ExprClosure,
        body: impl FnOnce(&mut Self, &SynExpr) -> T,
    ) -> Result<(Pattern, T), Extent> {
        let [parameter] = closure.inputs.iter().collect::<Vec<_>>()[..] else {
            return Err(Extent::of(closure));
        };
        let mark = self.scope.mark();
        let parameter = pattern::binding(parameter);
        self.scope.bind_pattern(&parameter);
        let body = body(self, &closure.body);
        self.scope.forget(mark);
        Ok((parameter, body))
    }

    fn macro_call(&mut self, mac: &syn::Macro) -> ExprKind {
        self.invented(|reader| macros::macro_call(reader, mac))
    }

    fn method(&mut self, method: &syn::ExprMethodCall) -> ExprKind {
        if method.method == "count"
            && let SynExpr::MethodCall(chars) = &*method.receiver
            && chars.method == "chars"
        {
            let name = proc_macro2::Ident::new("char_count", method.method.span());
            let receiver = Box::new(self.expr(&chars.receiver));
            return ExprKind::Method { receiver, name, arguments: Vec::new() };
        }
        if let Some(asked) = context::part(method) {
            return asked;
        }
        if let SynExpr::Range(range) = repeat::plain(&method.receiver)
            && let Some(asked) = self.of_range(range, method)
        {
            return asked;
        }
        let receiver = self.expr(&method.receiver);
        match receiver.kind {
            ExprKind::Action(Action::Call(call)) if !method::is_value_method(&call, method) => {
                call::call_option(self, *call, method)
            }
            ExprKind::Action(Action::Map(map)) => call::map_option(self, *map, method),
            ExprKind::Action(Action::MapDistributed(map)) => distributed::map_option(self, *map, method),
            _ => method::value_method(self, receiver, method),
        }
    }

    /// A method of a range: whether it contains something, or one of the list of its numbers.
    fn of_range(&mut self, range: &syn::ExprRange, method: &syn::ExprMethodCall) -> Option<ExprKind> {
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let extent = Extent::of(range);
        if method.method == "contains" && method.args.len() == 1 {
            let value = &method.args[0];
            let text = text::one_line(&value.to_token_stream());
            let subject = self.expr(value);
            let mut bound =
                |bound: &Option<Box<SynExpr>>| bound.as_ref().map(|bound| Box::new(self.expr(bound)));
            let within = ValuePattern::Range { from: bound(&range.start), end: bound(&range.end), inclusive };
            let arm = |pattern, holds| {
                let holds = syn::LitBool { value: holds, span: extent.start };
                let kind = ExprKind::Literal(syn::Lit::Bool(holds));
                ValueArm { pattern, guard: None, body: Expr { extent, place: None, kind } }
            };
            let arms = vec![arm(within, true), arm(ValuePattern::Any, false)];
            return Some(ExprKind::MatchValue(Box::new(MatchValue { subject, text, arms })));
        }
        let numbers = self.numbers(range)?;
        Some(method::value_method(self, numbers, method))
    }

    /// The list of a range's numbers, if it has both its ends.
    pub(super) fn numbers(&mut self, range: &syn::ExprRange) -> Option<Expr> {
        let (from, end) = (range.start.as_ref()?, range.end.as_ref()?);
        let (from, end) = (Box::new(self.expr(from)), Box::new(self.expr(end)));
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let kind = ExprKind::Range { from, end, inclusive };
        Some(Expr { extent: Extent::of(range), place: None, kind })
    }

    fn call(&mut self, syntax: &SynExpr, call: &syn::ExprCall) -> ExprKind {
        call::function_call(self, syntax, call)
    }
}

/// The type behind the name of a `let`.
fn annotation(local: &Local) -> Option<&syn::Type> {
    match &local.pat {
        syn::Pat::Type(typed) => Some(&typed.ty),
        _ => None,
    }
}

/// Whether a value by itself says less of its type than an annotation does: it is, or holds, a constant.
fn tells_little(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::None | ExprKind::Literal(_) | ExprKind::Array(_) | ExprKind::Map(_) => true,
        ExprKind::Some(inner) | ExprKind::Negate(inner) => tells_little(inner),
        ExprKind::Tuple(places) => places.iter().any(tells_little),
        _ => false,
    }
}

fn not_else(token: &proc_macro2::TokenTree) -> bool {
    !matches!(token, proc_macro2::TokenTree::Ident(word) if word == "else")
}

/// Whether an attribute decides what is compiled, which the twin could not follow.
fn is_conditional(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

fn is_supported(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::Add(_)
            | BinOp::Sub(_)
            | BinOp::Mul(_)
            | BinOp::Div(_)
            | BinOp::Rem(_)
            | BinOp::And(_)
            | BinOp::Or(_)
            | BinOp::Eq(_)
            | BinOp::Ne(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
    )
}
