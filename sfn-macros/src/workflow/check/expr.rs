//! Which expressions may stand where: as a statement, as a value, inside another expression, or as the result.
//! Separate because that is the grammar of the subset; what awaited things allow inside is `step`.

use syn::{BinOp, Lit};

use super::{Check, End, Inside};
use crate::workflow::ast::{
    Action, Context, Expr, ExprKind, FormatFault, If, IfLet, Json, Jsonata, Key, LiteralArm, LiteralPattern,
    MatchLiteral, MatchValue, OkOr, Piece, ValueArm,
};

impl Check {
    pub(super) fn end(&mut self, expr: &Expr, end: End) {
        match end {
            End::Outcome => self.outcome(expr),
            End::Value => self.value(expr),
        }
    }

    /// The result of the workflow, or of an iteration of `map`.
    fn outcome(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Ok(value) => self.value(value),
            ExprKind::Err(failure) => self.failure(failure),
            ExprKind::If(choice) => self.choice(choice, End::Outcome),
            ExprKind::IfLet(choice) => self.if_let(choice, End::Outcome),
            ExprKind::OkOr(either) => self.ok_or(either),
            ExprKind::MatchTask(choice) => self.match_task(expr, choice, End::Outcome),
            ExprKind::MatchLiteral(choice) => self.match_literal(choice, End::Outcome),
            ExprKind::MatchValue(choice) => self.match_value(choice, End::Outcome),
            ExprKind::Block(block) => self.block(block, End::Outcome),
            ExprKind::Step { awaited, .. } => self.step(expr, awaited),
            ExprKind::Action(action) => self.not_awaited(expr, action),
            // A plain value lacks its `Ok`, and rustc says so.
            _ => self.value(expr),
        }
    }

    /// What `Err(..)` holds: a new failure, or one that was caught.
    fn failure(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Fail(error, cause) => {
                self.operand(error);
                self.operand(cause);
            }
            ExprKind::Local(_) | ExprKind::Constant(_) => {}
            _ => self.blame(
                "failure-form",
                expr,
                "a workflow cannot make this failure: write `fail(\"Name\", cause)`, or pass on one that was caught",
            ),
        }
    }

    pub(super) fn statement(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Step { awaited, propagates: false } if !is_pause(awaited) => {
                self.step(expr, awaited);
                self.fault(
                    "dropped-result",
                    expr.extent,
                    "the result is dropped: write `.await?`, or `let _ = ..` to go on after a failure",
                );
            }
            ExprKind::Change { place, value, .. } => self.change(place, value),
            ExprKind::Action(action) => self.not_awaited(expr, action),
            ExprKind::Ok(_) | ExprKind::Err(_) | ExprKind::Fail(..) => {
                self.fault("dropped-result", expr.extent, "this result is dropped: write `return` before it");
            }
            _ => self.value(expr),
        }
    }

    /// A method that changes a place.
    fn change(&mut self, place: &Expr, value: &Expr) {
        self.place(place);
        self.operand(value);
    }

    /// `let _ = ..;`
    pub(super) fn ignored(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Step { awaited, .. } => {
                self.step(expr, awaited);
            }
            _ => self.value(expr),
        }
    }

    /// A value bound by `let` or at the end of a block: what it is made of may take steps.
    pub(super) fn value(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Step { awaited, propagates } => {
                self.step(expr, awaited);
                // What cannot be awaited at all is told there.
                let is_step = matches!(awaited.kind, ExprKind::Action(_));
                if !propagates && is_step && !is_pause(awaited) {
                    self.blame(
                        "unhandled-result",
                        expr,
                        "an awaited call gives a `Result`: write `.await?`, or match on it with `match .. { Ok(value) => .. }`",
                    );
                }
            }
            ExprKind::If(choice) => self.choice(choice, End::Value),
            ExprKind::IfLet(choice) => self.if_let(choice, End::Value),
            ExprKind::Try(inner) if let ExprKind::OkOr(either) = &inner.kind => self.ok_or(either),
            ExprKind::MatchTask(choice) => self.match_task(expr, choice, End::Value),
            ExprKind::MatchLiteral(choice) => self.match_literal(choice, End::Value),
            ExprKind::MatchValue(choice) => self.match_value(choice, End::Value),
            ExprKind::Block(block) | ExprKind::Labelled(_, block) => self.block(block, End::Value),
            ExprKind::Return(Some(result)) => self.outcome(result),
            ExprKind::Return(None) | ExprKind::Break(_, None) | ExprKind::Continue(_) | ExprKind::Commit => {}
            ExprKind::Loop(repeated) => self.repeat(repeated),
            ExprKind::Break(_, Some(value)) => self.value(value),
            ExprKind::Assign { place, value, .. } => {
                self.place(place);
                self.value(value);
            }
            ExprKind::Change { place, value, gives } => {
                self.change(place, value);
                if *gives {
                    let message = "what this method gives cannot be had in a workflow: read it first, and change the variable on a line of its own";
                    self.fault("value-of-change", expr.extent, message);
                }
            }
            _ => self.operand(expr),
        }
    }

    fn choice(&mut self, choice: &If, end: End) {
        self.operand(&choice.condition);
        self.block(&choice.then, end);
        if let Some(otherwise) = &choice.otherwise {
            self.end(otherwise, end);
        }
    }

    fn if_let(&mut self, choice: &IfLet, end: End) {
        self.tests(&choice.tests);
        self.block(&choice.then, end);
        if let Some(otherwise) = &choice.otherwise {
            self.end(otherwise, end);
        }
    }

    fn ok_or(&mut self, either: &OkOr) {
        self.operand(&either.option);
        self.failure(&either.failure);
    }

    fn match_literal(&mut self, choice: &MatchLiteral, end: End) {
        self.operand(&choice.subject);
        for LiteralArm { pattern, body, .. } in &choice.arms {
            if let LiteralPattern::Foreign(extent, advice) = pattern {
                self.unsupported("unsupported-pattern", *extent, advice);
            }
            self.end(body, end);
        }
    }

    fn match_value(&mut self, choice: &MatchValue, end: End) {
        self.operand(&choice.subject);
        for ValueArm { pattern, guard, body } in &choice.arms {
            self.value_pattern(pattern);
            if let Some(guard) = guard {
                self.perhaps(guard);
            }
            self.end(body, end);
        }
    }

    /// Whether an expression here is evaluated once whenever its statement is.
    fn takes_steps(&self) -> bool {
        self.inside == Inside::Nothing && !self.may_be_skipped
    }

    /// A part of a larger expression.
    pub(super) fn operand(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Unit
            | ExprKind::Local(_)
            | ExprKind::Constant(_)
            | ExprKind::None
            | ExprKind::Made(_)
            | ExprKind::TaskToken => {}
            ExprKind::Context(asked) => self.context(expr, asked),
            ExprKind::Jsonata(jsonata) => self.jsonata(expr, jsonata),
            ExprKind::Literal(literal) => self.literal(expr, literal),
            ExprKind::Field(inner, _)
            | ExprKind::Cast(inner, _)
            | ExprKind::Parse(inner, _)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Some(inner)
            | ExprKind::Text(inner) => self.operand(inner),
            ExprKind::Method { receiver, arguments, .. } => {
                self.operand(receiver);
                self.operands(arguments);
            }
            ExprKind::Chain(chain) => self.chain(chain),
            ExprKind::Record { fields, base, .. } => {
                for value in fields.iter().map(|(_, value)| value).chain(base.as_deref()) {
                    self.operand(value);
                }
            }
            ExprKind::Map(entries) => {
                for (key, value) in entries {
                    self.operand(key);
                    self.operand(value);
                }
            }
            ExprKind::Json(json) => self.json(json),
            ExprKind::Constructor { arguments: values, .. }
            | ExprKind::Tuple(values)
            | ExprKind::Array(values) => {
                self.operands(values);
            }
            ExprKind::Binary(left, BinOp::And(_) | BinOp::Or(_), right) => {
                self.operand(left);
                self.perhaps(right);
            }
            ExprKind::Range { from: left, end: right, .. }
            | ExprKind::Index(left, right)
            | ExprKind::Binary(left, _, right) => {
                self.operand(left);
                self.operand(right);
            }
            ExprKind::Format(Ok(pieces)) => {
                for piece in pieces {
                    if let Piece::Value(value) | Piece::Filled(value, _) = piece {
                        self.operand(value);
                    }
                }
            }
            ExprKind::Format(Err(fault)) => self.format_fault(expr, fault),
            ExprKind::If(_) | ExprKind::IfLet(_) | ExprKind::MatchLiteral(_) | ExprKind::MatchValue(_) => {
                self.choosing(expr);
            }
            ExprKind::Block(block) => self.calculation(block),
            ExprKind::Commit
            | ExprKind::Labelled(..)
            | ExprKind::Loop(_)
            | ExprKind::Break(..)
            | ExprKind::Continue(_)
            | ExprKind::Assign { .. }
            | ExprKind::Change { .. } => {
                self.fault(
                    "statement-in-expression",
                    expr.extent,
                    "a statement inside an expression: write it before, on a line of its own",
                );
            }
            ExprKind::Step { .. } | ExprKind::MatchTask(_) if self.takes_steps() => self.value(expr),
            ExprKind::Step { .. } | ExprKind::MatchTask(_) => {
                self.fault("conditional-step", expr.extent, "this step would be taken only sometimes: take it before with `let`, or inside of an `if`");
            }
            ExprKind::Return(_) => {
                self.fault(
                    "statement-in-expression",
                    expr.extent,
                    "`return` inside an expression: write it on a line of its own",
                );
            }
            ExprKind::Action(Action::Call(call))
                if call.options.is_empty() && call.compensations.is_empty() =>
            {
                self.operands(&call.arguments);
            }
            ExprKind::Action(action) => self.not_awaited(expr, action),
            ExprKind::Try(inner) => self.question_mark(expr, inner),
            ExprKind::Ok(_) | ExprKind::Err(_) | ExprKind::Fail(..) | ExprKind::OkOr(_) => self.fault(
                "result-as-value",
                expr.extent,
                "a `Result` is not a value of a workflow: return it, or write it as the last expression",
            ),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(expr)),
        }
    }

    /// `inner?` inside an expression.
    fn question_mark(&mut self, expr: &Expr, inner: &Expr) {
        match &inner.kind {
            ExprKind::Action(action) => self.not_awaited(expr, action),
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(expr)),
            ExprKind::OkOr(_) if self.takes_steps() => self.value(expr),
            ExprKind::OkOr(_) => self.fault(
                "question-mark-in-expression",
                expr.extent,
                "`?` inside an expression: bind its result with `let` first",
            ),
            _ if self.inside == Inside::Closure => self.fault(
                "question-mark-in-expression",
                expr.extent,
                "`?` inside an expression: bind what the option holds with `let` first",
            ),
            _ => self.blame(
                "not-awaited",
                expr,
                "`?` without `.await`: a workflow can call tasks only, and awaits them (`task(..).await?`)",
            ),
        }
    }

    fn operands<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.operand(expr);
        }
    }

    fn jsonata(&mut self, expr: &Expr, jsonata: &Jsonata) {
        jsonata.names.iter().for_each(|(_, value)| self.operand(value));
        if jsonata.ty.is_none() {
            self.blame(
                "untyped-jsonata",
                expr,
                "nobody says what this JSONata gives: bind it with its type, `let total: u32 = jsonata!(..)?;`",
            );
        } else if !jsonata.propagates {
            self.blame("unhandled-result", expr, "an evaluation may fail: write `?` behind `jsonata!(..)`");
        }
    }

    fn context(&mut self, expr: &Expr, asked: &Context) {
        match asked {
            Context::Drawn(name) if self.in_undo => self.fault(
                "drawn-in-compensation",
                expr.extent,
                format!("`{name}()` inside a compensation: bind the value with `let` before the step"),
            ),
            Context::Input { ty: None, .. } => self.blame(
                "untyped-input",
                expr,
                "nobody says what the input is: write its type, `execution().input::<Order>()?`",
            ),
            Context::Input { propagates: false, .. } => self.blame(
                "unhandled-result",
                expr,
                "the input may be something else: write `?` behind `execution().input::<..>()`",
            ),
            Context::Drawn(_) | Context::RetryCount | Context::Part(..) | Context::Input { .. } => {}
        }
    }

    fn json(&mut self, json: &Json) {
        match json {
            Json::Null => {}
            Json::Value(value) => self.operand(value),
            Json::Array(items) => items.iter().for_each(|item| self.json(item)),
            Json::Object(entries) => {
                for (key, value) in entries {
                    if let Key::Value(key) = key {
                        self.operand(key);
                    }
                    self.json(value);
                }
            }
        }
    }

    fn not_awaited(&mut self, expr: &Expr, action: &Action) {
        let message = match action {
            Action::Call(call) => {
                let task =
                    call.task.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
                format!(
                    "`{task}(..)` is not awaited: write `{task}(..).await?` (a workflow can call tasks only; other functions belong inside tasks)"
                )
            }
            Action::Sleep(_) => "`sleep(..)` is not awaited: write `sleep(..).await`".to_owned(),
            Action::Join(_) => "`join!(..)` is not awaited: write `join!(..).await?`".to_owned(),
            Action::Map(_) => "`map(..)` is not awaited: write `map(..).await?`".to_owned(),
            Action::MapDistributed(_) => {
                "`map_distributed(..)` is not awaited: write `map_distributed(..).await?`".to_owned()
            }
        };
        self.blame("not-awaited", expr, message);
    }

    fn literal(&mut self, expr: &Expr, literal: &Lit) {
        match literal {
            Lit::Str(_) | Lit::Bool(_) | Lit::Char(_) | Lit::Float(_) => {}
            Lit::Int(number) => {
                let fits = number.base10_parse::<u64>().is_ok() || number.base10_parse::<i64>().is_ok();
                let wide = matches!(number.suffix(), "u128" | "i128");
                if wide || !fits {
                    self.fault("wide-integer", expr.extent, "this integer is wider than 64 bits, which no payload carries");
                }
            }
            _ => self.fault(
                "unsupported-expression",
                expr.extent,
                "this literal does not travel as JSON: a workflow has strings, numbers, booleans and characters",
            ),
        }
    }

    fn format_fault(&mut self, expr: &Expr, fault: &FormatFault) {
        match fault {
            FormatFault::NotLiteral | FormatFault::Malformed => {}
            FormatFault::Specification(specification) => self.fault(
                "unsupported-format",
                expr.extent,
                format!("`{{:{specification}}}` is not supported in a workflow: write `{{}}`, or format inside a task"),
            ),
            FormatFault::UnknownName(name) => self.blame(
                "unsupported-format",
                expr,
                format!("`{name}` is no variable of this workflow: pass it as an argument, `format!(\"{{}}\", {name})`"),
            ),
            FormatFault::Explicit(name) => self.fault(
                "unsupported-format",
                expr.extent,
                format!("the explicit argument `{name}` is not supported in a workflow: write `{{}}` or `{{variable}}`, or bind the value with `let` first"),
            ),
        }
    }
}

pub(super) fn is_pause(awaited: &Expr) -> bool {
    matches!(awaited.kind, ExprKind::Action(Action::Sleep(_)))
}
