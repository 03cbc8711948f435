//! A program as the Rust that `#[workflow]` would read.
//!
//! Separate from what it means: whoever mends a difference reads this, and may put it into the corpus.

use std::fmt::{self, Display, Formatter, Write};

use super::language::{
    Block, Calculated, Calculation, Call, Caught, Expr, FanOut, Match, Operator, Pattern, Program, Rest,
    Settling, Several, Statement, Task, Test, Then, Until, Variable,
};
use super::payloads::Type;

impl Display for Program {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut text = Text { lines: String::new(), depth: 1 };
        text.statements(&self.body);
        if !self.body.diverges() {
            let gives: Vec<_> = self.gives.iter().map(|variable| place(*variable)).collect();
            text.line(&format!("Ok(({},))", gives.join(", ")));
        }
        write!(
            formatter,
            "#[workflow]\nasync fn program((v0, v1): (i32, i32)) -> Result<_, Failed> {{\n{}}}",
            text.lines
        )
    }
}

struct Text {
    lines: String,
    depth: usize,
}

fn name(variable: Variable) -> String {
    format!("v{}", variable.number)
}

/// A variable that is read.
fn place(variable: Variable) -> String {
    match variable.ty {
        Type::Number | Type::Flag => name(variable),
        _ => format!("{}.clone()", name(variable)),
    }
}

fn all<T>(of: &[T], one: impl Fn(&T) -> String) -> String {
    of.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn let_(variable: Option<Variable>) -> String {
    variable.map_or_else(String::new, |variable| format!("let {} = ", name(variable)))
}

fn expr(of: &Expr) -> String {
    match of {
        Expr::Number(number) if *number < 0 => format!("({number})"),
        Expr::Number(number) => number.to_string(),
        Expr::Flag(flag) => flag.to_string(),
        Expr::Text(text) => format!("{text:?}.to_string()"),
        Expr::None => "None".to_owned(),
        Expr::Variable(variable) => place(*variable),
        Expr::Uuid => "uuid()".to_owned(),
        Expr::Binary(operator, one, other) => {
            let operator = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Times => "*",
                Operator::Divide => "/",
                Operator::Remainder => "%",
                Operator::Less => "<",
                Operator::Equal => "==",
                Operator::And => "&&",
                Operator::Or => "||",
            };
            format!("({} {operator} {})", expr(one), expr(other))
        }
        Expr::Not(inner) => format!("!{}", expr(inner)),
        Expr::Field(of, field) => match &**of {
            Expr::Variable(variable) => format!("{}.{field}.clone()", name(*variable)),
            other => format!("{}.{field}.clone()", expr(other).trim_end_matches(".clone()")),
        },
        Expr::Made { ty, variant, parts, base } => {
            let mut fields: Vec<_> =
                parts.iter().map(|(field, value)| format!("{field}: {}", expr(value))).collect();
            fields.extend(base.as_ref().map(|base| format!("..{}", expr(base))));
            match (*variant, fields.is_empty()) {
                ("", _) => format!("{} {{ {} }}", ty.rust(), fields.join(", ")),
                (variant, true) => format!("{}::{variant}", ty.rust()),
                (variant, false) if parts[0].0 == "0" => {
                    format!("{}::{variant}({})", ty.rust(), expr(&parts[0].1))
                }
                (variant, false) => format!("{}::{variant} {{ {} }}", ty.rust(), fields.join(", ")),
            }
        }
        Expr::Pair(one, other) => format!("({}, {})", expr(one), expr(other)),
        Expr::Some(held) => format!("Some({})", expr(held)),
        Expr::List(items) => format!("vec![{}]", all(items, expr)),
        Expr::Format(pieces) => format!("format!(\"{}\", {})", "{}".repeat(pieces.len()), all(pieces, expr)),
        Expr::Method(method, arguments) => filled(method.rust, arguments),
        Expr::Closure { method, of, item, body } => {
            let [before, called, after] = method.rust;
            let called = called.replacen("{}", &name(*item), 1).replacen("{}", &calculation(body), 1);
            format!("{before}{}{called}{after}", expr(of))
        }
        Expr::Fold { list, from, all, item, body } => {
            let (list, from, body) = (expr(list), expr(from), expr(body));
            format!("{list}.into_iter().fold({from}_i32, |{}, {}| {body})", name(*all), name(*item))
        }
        Expr::If(condition, then, otherwise) => {
            format!("if {} {{ {} }} else {{ {} }}", expr(condition), expr(then), expr(otherwise))
        }
        Expr::Match(of) => {
            let arms = all(&of.arms, |arm| {
                format!("{} => {}", arm_head(&arm.pattern, arm.guard.as_ref()), expr(&arm.body))
            });
            format!("match {} {{ {arms} }}", expr(&of.subject))
        }
    }
}

fn filled(rust: &str, arguments: &[Expr]) -> String {
    arguments.iter().fold(rust.to_owned(), |text, argument| text.replacen("{}", &expr(argument), 1))
}

fn calculation(body: &Calculation) -> String {
    if body.steps.is_empty() {
        return expr(&body.value);
    }
    let mut text = "{ ".to_owned();
    for step in &body.steps {
        let _ = match step {
            Calculated::Let(variable, value) => write!(text, "let {} = {}; ", name(*variable), expr(value)),
            Calculated::Held(variable, option) => {
                write!(text, "let {} = {}?; ", name(*variable), expr(option))
            }
            Calculated::ReturnIf(condition, value) => {
                write!(text, "if {} {{ return {}; }} ", expr(condition), expr(value))
            }
        };
    }
    text + &expr(&body.value) + " }"
}

fn pattern(of: &Pattern) -> String {
    match of {
        Pattern::Any => "_".to_owned(),
        Pattern::Bind(variable) => name(*variable),
        Pattern::Number(number) => number.to_string(),
        Pattern::Flag(flag) => flag.to_string(),
        Pattern::Range(from, to) => format!("{from}..={to}"),
        Pattern::None => "None".to_owned(),
        Pattern::Some(inner) => format!("Some({})", pattern(inner)),
        Pattern::Made(Type::Pair(..), _, parts) => format!("({})", all(parts, |(_, part)| pattern(part))),
        Pattern::Made(ty, variant, parts) => {
            let path = if variant.is_empty() { ty.rust() } else { format!("{}::{variant}", ty.rust()) };
            let (_, fields) = ty.variants().iter().find(|(known, _)| known == variant).expect("a variant");
            match parts.first() {
                None if fields.is_empty() => path,
                Some(("0", part)) => format!("{path}({})", pattern(part)),
                _ => {
                    let mut parts: Vec<_> =
                        parts.iter().map(|(field, part)| format!("{field}: {}", pattern(part))).collect();
                    if parts.len() < fields.len() {
                        parts.push("..".to_owned());
                    }
                    format!("{path} {{ {} }}", parts.join(", "))
                }
            }
        }
        Pattern::Or(alternatives) => alternatives.iter().map(pattern).collect::<Vec<_>>().join(" | "),
    }
}

fn arm_head(of: &Pattern, guard: Option<&Expr>) -> String {
    pattern(of) + &guard.map_or_else(String::new, |guard| format!(" if {}", expr(guard)))
}

fn tests(of: &[Test]) -> String {
    let tests = of.iter().map(|test| match test {
        Test::Let(of, subject) => format!("let {} = {}", pattern(of), expr(subject)),
        Test::Holds(condition) => expr(condition),
    });
    tests.collect::<Vec<_>>().join(" && ")
}

impl Text {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.lines, "{}{line}", "    ".repeat(self.depth));
    }

    fn statements(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    /// `head { .. } tail`; `ok` is put around the block's value.
    fn braced(&mut self, head: &str, block: &Block, value: impl Fn(String) -> String, tail: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.statements(block);
        if let Some(given) = &block.value {
            self.line(&value(expr(given)));
        }
        self.depth -= 1;
        self.line(&format!("}}{tail}"));
    }

    fn block(&mut self, head: &str, block: &Block, tail: &str) {
        self.braced(head, block, |value| value, tail);
    }

    #[expect(clippy::too_many_lines, reason = "a line or two for each statement of the language")]
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let(variable, value) => {
                self.line(&format!("{}{};", let_(Some(*variable)), expr(value)));
            }
            Statement::LetMut(variable, value) => {
                let (name, ty) = (name(*variable), variable.ty.rust());
                self.line(&format!("let mut {name}: {ty} = {};", expr(value)));
            }
            Statement::Set(variable, value) => self.line(&format!("{} = {};", name(*variable), expr(value))),
            Statement::SetField(variable, path, value) => {
                self.line(&format!("{}.{} = {};", name(*variable), path.join("."), expr(value)));
            }
            Statement::Push(variable, value) => {
                self.line(&format!("{}.push({});", name(*variable), expr(value)));
            }
            Statement::LetElse { pattern: of, subject, otherwise } => {
                self.block(&format!("let {} = {} else", pattern(of), expr(subject)), otherwise, ";");
            }
            Statement::OkOr(variable, option, error) => self.line(&format!(
                "{}{}.ok_or(fail({error:?}, \"by hand\"))?;",
                let_(Some(*variable)),
                expr(option)
            )),
            Statement::Take(key, given) => {
                self.line(&format!("take({}, {}).await?;", expr(key), expr(given)));
            }
            Statement::Call(call) => self.call(call),
            Statement::If { condition, then, otherwise, value } => {
                self.choice(&format!("{}if {}", let_(*value), expr(condition)), then, otherwise);
            }
            Statement::IfLet { tests: asked, then, otherwise, value } => {
                self.choice(&format!("{}if {}", let_(*value), tests(asked)), then, otherwise);
            }
            Statement::Switch { subject, arms, default, value } => {
                let of = if matches!(arms[0].0[0], Expr::Text(_)) { ".as_str()" } else { "" };
                self.line(&format!("{}match {}{of} {{", let_(*value), expr(subject)));
                self.depth += 1;
                for (literals, arm) in arms {
                    let literals: Vec<_> = literals
                        .iter()
                        .map(|one| match one {
                            Expr::Text(text) => format!("{text:?}"),
                            Expr::Number(number) => number.to_string(),
                            other => expr(other),
                        })
                        .collect();
                    self.block(&format!("{} =>", literals.join(" | ")), arm, "");
                }
                self.block("_ =>", default, "");
                self.depth -= 1;
                self.line("};");
            }
            Statement::Match { of: Match { subject, arms }, value } => {
                self.line(&format!("{}match {} {{", let_(*value), expr(subject)));
                self.depth += 1;
                for arm in arms {
                    self.block(&format!("{} =>", arm_head(&arm.pattern, arm.guard.as_ref())), &arm.body, "");
                }
                self.depth -= 1;
                self.line("};");
            }
            Statement::Loop { number, left, turns, until, body, value } => {
                let left = name(*left);
                self.line(&format!("let mut {left}: i32 = {turns};"));
                let head = match until {
                    Until::Not(condition) => format!("while {left} > 0 && !{}", expr(condition)),
                    Until::Unfit(asked) => format!("while {left} > 0 && {}", tests(asked)),
                    Until::Broken(_) => "loop".to_owned(),
                };
                self.line(&format!("{}'l{number}: {head} {{", let_(*value)));
                self.depth += 1;
                if let Until::Broken(given) = until {
                    let given = given.as_ref().map_or_else(String::new, |given| format!(" {}", expr(given)));
                    self.line(&format!("if {left} <= 0 {{ break 'l{number}{given}; }}"));
                }
                self.line(&format!("{left} -= 1;"));
                self.statements(body);
                self.depth -= 1;
                self.line("};");
            }
            Statement::Each { number, items, place, item, body } => match place {
                Some(place) => {
                    let head = format!(
                        "'l{number}: for (at, {}) in {}.into_iter().enumerate()",
                        name(*item),
                        expr(items)
                    );
                    self.line(&format!("{head} {{ let {} = at as i32;", name(*place)));
                    self.block("", body, "}");
                }
                None => self.block(&format!("'l{number}: for {} in {}", name(*item), expr(items)), body, ""),
            },
            Statement::Range { number, from, to, item, body } => {
                self.block(&format!("'l{number}: for {} in {from}..{}", name(*item), expr(to)), body, "");
            }
            Statement::Labelled { number, body, value } => {
                self.block(&format!("{}'l{number}:", let_(*value)), body, ";");
            }
            Statement::Break(number, value) => {
                let value = value.as_ref().map_or_else(String::new, |value| format!(" {}", expr(value)));
                self.line(&format!("break 'l{number}{value};"));
            }
            Statement::Continue(number) => self.line(&format!("continue 'l{number};")),
            Statement::Return(value) => self.line(&format!("return Ok({});", expr(value))),
            Statement::Fail(error) => self.line(&format!("return Err(fail({error:?}, \"by hand\"));")),
            Statement::FanOut(fan_out, several) => self.fan_out(fan_out, several),
            Statement::Sleep(seconds) => self.line(&format!("sleep(secs({seconds})).await;")),
            Statement::Commit => self.line("saga::commit();"),
        }
    }

    fn choice(&mut self, head: &str, then: &Block, otherwise: &Block) {
        self.block(head, then, "");
        self.block("else", otherwise, ";");
    }

    fn call(&mut self, call: &Call) {
        let mut made =
            format!("{}({}", format!("{:?}", call.task).to_lowercase(), all(&call.arguments, expr));
        made += if call.task == Task::Counted { ", retry_count())" } else { ")" };
        if let Some((output, value)) = &call.undo {
            let _ = write!(made, ".compensate(|{}| undo({}))", name(*output), expr(value));
        }
        if let Some(value) = &call.undo_unknown {
            let _ = write!(made, ".compensate_unknown(|| undo({}))", expr(value));
        }
        match &call.then {
            Then::Propagate(variable) => self.line(&format!("{}{made}.await?;", let_(*variable))),
            Then::Ignore => self.line(&format!("let _ = {made}.await;")),
            Then::Match { bound, ok, arms, rest, value } => {
                self.line(&format!("{}match {made}.await {{", let_(*value)));
                self.depth += 1;
                self.block(&format!("Ok({}) =>", name(*bound)), ok, "");
                for (caught, arm) in arms {
                    let caught = match caught {
                        Caught::Refused(code, reason) => format!(
                            "Err(Failure::Task(Trouble::Refused {{ code: {}, reason: {} }}))",
                            name(*code),
                            name(*reason)
                        ),
                        Caught::BusyOrMissing => {
                            "Err(Failure::Task(Trouble::Busy | Trouble::Missing(_)))".to_owned()
                        }
                        Caught::AnyDeclared => "Err(Failure::Task(_))".to_owned(),
                        Caught::Timeout => "Err(Failure::Timeout)".to_owned(),
                    };
                    self.block(&format!("{caught} =>"), arm, "");
                }
                self.rest(rest);
            }
        }
    }

    /// The last arm, and the end of the match.
    fn rest(&mut self, rest: &Rest) {
        match rest {
            Rest::Propagates | Rest::Rethrown => self.line("Err(other) => return Err(other.into()),"),
            Rest::Handled(block) => self.block("Err(_) =>", block, ""),
        }
        self.depth -= 1;
        self.line("};");
    }

    fn fan_out(&mut self, fan_out: &FanOut, several: &Several) {
        let bound = |variables: &[Variable]| match variables {
            [only] => name(*only),
            several => format!("({})", all(several, |variable| name(*variable))),
        };
        let (head, tail) = match several {
            Several::Propagate(variables) => (format!("let {} = ", bound(variables)), ".await?;"),
            Several::Ignore => ("let _ = ".to_owned(), ".await;"),
            Several::Match(Settling { value, .. }) => (format!("{}match ", let_(*value)), ".await {"),
        };
        let ok = |value| format!("Ok({value})");
        match fan_out {
            FanOut::Join(branches) => {
                self.line(&format!("{head}join!("));
                self.depth += 1;
                for branch in branches {
                    self.braced("async", branch, ok, ",");
                }
                self.depth -= 1;
                self.line(&format!("){tail}"));
            }
            FanOut::Map(of) | FanOut::Distributed { of, .. } => {
                let (mut function, mut items, mut options) = ("map", expr(&of.items), String::new());
                if let FanOut::Distributed { is_batched, tolerate, .. } = fan_out {
                    function = "map_distributed";
                    items += if *is_batched { ".batch(2)" } else { "" };
                    options = tolerate.map_or_else(String::new, |most| format!(".tolerate({most})"));
                }
                if let Some(limit) = of.max_concurrency {
                    let _ = write!(options, ".max_concurrency({limit})");
                }
                let head = format!("{head}{function}({items}, async |{}|", name(of.item));
                self.braced(&head, &of.body, ok, &format!("){options}{tail}"));
            }
        }
        if let Several::Match(Settling { bound: names, ok, failed, .. }) = several {
            self.depth += 1;
            self.block(&format!("Ok({}) =>", bound(names)), ok, "");
            self.rest(failed);
        }
    }
}
