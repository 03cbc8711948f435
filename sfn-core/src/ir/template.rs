//! A call's payload in two parts: what is written into its State, and what only the run knows.
//! Separate because a call that undoes a step is given later what was known when the step succeeded: the second part is
//! kept until then, the first is in the State anyway.

use super::{Call, Compensation, Expr, ExprKind, Source, VariableId};

impl Compensation {
    /// The call as it is made when it is due, if that is later than what it is given is known.
    pub(crate) fn later(&self) -> Option<Call> {
        self.kept_in.map(|variable| self.call.with_kept(&Expr::variable(variable)))
    }
}

impl Call {
    /// What only the run knows of the payload.
    pub(crate) fn kept(&self) -> Option<Expr> {
        let payload = self.payload.as_ref()?;
        if self.is_given_whole() { Some(payload.clone()) } else { kept(payload) }
    }

    /// The call with that taken from where it is kept.
    pub(crate) fn with_kept(&self, from: &Expr) -> Self {
        let given = |payload: &Expr| if self.is_given_whole() { from.clone() } else { filled(payload, from) };
        Self { payload: self.payload.as_ref().map(given), ..self.clone() }
    }

    /// Whether a handler is called with a payload that is known before: the whole of it is kept, constants included,
    /// which is shorter than to put it together again.
    fn is_given_whole(&self) -> bool {
        self.service.is_none() && !self.payload.as_ref().is_some_and(belongs_to_state)
    }
}

fn kept(part: &Expr) -> Option<Expr> {
    if is_fixed(part) {
        return None;
    }
    match part.kind() {
        ExprKind::Object(entries) => {
            let entries = entries.iter().filter_map(|(name, entry)| Some((name.clone(), kept(entry)?)));
            Some(Expr::new(ExprKind::Object(entries.collect())))
        }
        ExprKind::Array(elements) => {
            let elements =
                elements.iter().map(|element| element.with(kept(element.expr()).unwrap_or_else(Expr::null)));
            Some(Expr::new(ExprKind::Array(elements.collect())))
        }
        _ if belongs_to_state(part) => {
            let entries = read_by(part).into_iter().enumerate().map(|(at, id)| (key(at), Expr::variable(id)));
            Some(Expr::new(ExprKind::Object(entries.collect())))
        }
        _ => Some(part.clone()),
    }
}

fn filled(part: &Expr, from: &Expr) -> Expr {
    if is_fixed(part) {
        return part.clone();
    }
    match part.kind() {
        ExprKind::Object(entries) => {
            let entry = |(name, entry): &(String, Expr)| {
                let from = Expr::field(from, name, None);
                (name.clone(), filled(entry, &from))
            };
            Expr::new(ExprKind::Object(entries.iter().map(entry).collect()))
        }
        ExprKind::Array(elements) => {
            let elements = elements.iter().enumerate();
            let elements =
                elements.map(|(at, element)| element.with(filled(element.expr(), &Expr::index(from, at))));
            Expr::new(ExprKind::Array(elements.collect()))
        }
        _ if belongs_to_state(part) => {
            let read = read_by(part);
            part.replace(&|id| {
                read.iter().position(|known| *known == id).map(|at| Expr::field(from, &key(at), None))
            })
        }
        _ => from.clone(),
    }
}

/// Whether it is the same whenever it is evaluated, or is what the State that evaluates it makes of it.
fn is_fixed(part: &Expr) -> bool {
    match part.kind() {
        ExprKind::Literal(_) | ExprKind::Placeholder(_) | ExprKind::Source(_) => true,
        ExprKind::Raw { names, .. } => names.is_empty(),
        ExprKind::Object(entries) => entries.iter().all(|(_, entry)| is_fixed(entry)),
        ExprKind::Array(elements) => elements.iter().all(|element| is_fixed(element.expr())),
        _ => belongs_to_state(part) && read_by(part).is_empty(),
    }
}

/// Whether the State that makes the call must evaluate it: only that has a Task Token, and only that is where the task runs.
fn belongs_to_state(part: &Expr) -> bool {
    match part.kind() {
        ExprKind::Source(source) => {
            matches!(source, Source::TaskToken | Source::TaskContext | Source::Visit | Source::VisitOfItem)
        }
        ExprKind::Raw { text, .. } if text.contains("$states") => true,
        _ => {
            let mut belongs = false;
            part.for_each_child(|child| belongs |= belongs_to_state(child));
            belongs
        }
    }
}

/// The variables that it reads, each once.
fn read_by(part: &Expr) -> Vec<VariableId> {
    let mut read = Vec::new();
    part.for_each_variable(&mut |id| {
        if !read.contains(&id) {
            read.push(id);
        }
    });
    read
}

/// What one of several variables is called where they are kept.
fn key(at: usize) -> String {
    format!("v{}", at + 1)
}
