//! Final names: of states, unique over the whole definition; of variables, unique and never a function's.
//! Separate because names are given once everything that needs one is known, in reading order.

use std::collections::{BTreeMap, BTreeSet};

use sfn_asl::{Code, Diagnostic};

use super::graph::{Graph, NameHint, StateId};
use super::judge::place;
use super::naming::LONGEST;
use crate::ir::{Expr, ExprKind, Variable, VariableId};

/// Names a variable may not have: of the service's functions, which it would hide, of its own variable, and of the one
/// that a truncating division binds.
const TAKEN: &str = "\
    abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl \
    decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor \
    formatBase formatInteger formatNumber fromMillis hash join keys length lookup lowercase map match \
    max merge millis min not now number pad parse parseInteger partition power quotient random range \
    reduce replace reverse round shuffle sift single sort split spread sqrt states string substring \
    substringAfter substringBefore sum toMillis trim type uppercase uuid zip";

/// Every state of a definition in reading order, nested scopes behind the state they belong to.
pub(super) fn reading_order(graph: &Graph, start: StateId) -> Vec<StateId> {
    let mut order = Vec::new();
    for id in graph.scope(start) {
        order.push(id);
        for inner in graph.state(id).kind.scopes() {
            order.extend(reading_order(graph, inner));
        }
    }
    order
}

/// The names of states, by number.
pub(super) fn states(
    graph: &Graph,
    order: &[StateId],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<StateId, String> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for id in order {
        let state = graph.state(*id);
        if let NameHint::Pinned(name) = &state.name {
            let place = place(state.origin);
            if taken.insert(name.clone()) {
                names.insert(*id, name.clone());
            } else {
                let message = format!("two States are named `{name}` by hand");
                let diagnostic = Diagnostic::error(Code::new("duplicate-state-name"), place, message);
                diagnostics.push(diagnostic.with_help("give one of them another name"));
            }
        }
    }
    let mut next = BTreeMap::new();
    for id in order {
        if names.contains_key(id) {
            continue;
        }
        let (base, binding) = match &graph.state(*id).name {
            NameHint::Wanted(base, binding) => (base, binding.as_deref()),
            // Reported above; under a name of its own its other faults are told, and no others.
            NameHint::Pinned(name) => (name, None),
        };
        let name = free_state_name(base, binding, &taken, &mut next);
        taken.insert(name.clone());
        names.insert(*id, name);
    }
    names
}

fn free_state_name(
    base: &str,
    binding: Option<&str>,
    taken: &BTreeSet<String>,
    next: &mut BTreeMap<String, u32>,
) -> String {
    if !taken.contains(base) {
        return base.to_owned();
    }
    if let Some(binding) = binding {
        let longer = format!("{base}{binding}");
        if longer.chars().count() <= LONGEST && !taken.contains(&longer) {
            return longer;
        }
    }
    let number = next.entry(base.to_owned()).or_insert(2);
    loop {
        let suffix = number.to_string();
        *number += 1;
        let kept: String = base.chars().take(LONGEST - suffix.len()).collect();
        let name = kept + &suffix;
        if !taken.contains(&name) {
            return name;
        }
    }
}

/// The names of the variables that the definition assigns or binds, by number: first those that it assigns, unique over
/// all of it; then those that an expression binds, unique where they meet.
pub(super) fn variables(
    graph: &mut Graph,
    order: &[StateId],
    variables: &[Variable],
) -> BTreeMap<VariableId, String> {
    let mut assigned = BTreeSet::new();
    let mut inside = Inside::default();
    for id in order {
        let kind = &mut graph.states[id.0].kind;
        for edge in kind.edges() {
            for (variable, value) in &edge.assigns {
                assigned.insert(*variable);
                inside.visit(value);
            }
            edge.output.iter().for_each(|output| inside.visit(output));
        }
        kind.own_mut().into_iter().for_each(|expr| inside.visit(expr));
    }
    let mut names: BTreeMap<VariableId, String> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for id in assigned {
        let name = free_variable_name(&variables[id.0 as usize], &taken);
        taken.insert(name.clone());
        names.insert(id, name);
    }
    for (id, met) in inside.met {
        if names.contains_key(&id) {
            continue;
        }
        let mut taken = taken.clone();
        taken.extend(met.iter().filter_map(|other| names.get(other).cloned()));
        names.insert(id, free_variable_name(&variables[id.0 as usize], &taken));
    }
    names
}

fn free_variable_name(variable: &Variable, taken: &BTreeSet<String>) -> String {
    let base = legal(variable.name.as_deref().unwrap_or(&variable.hint));
    let is_function = TAKEN.split_whitespace().any(|taken| taken == base);
    if !is_function && !taken.contains(&base) {
        return base;
    }
    let first = if is_function { 1 } else { 2 };
    let mut numbered = (first..).map(|number: u32| format!("{base}_{number}"));
    numbered.find(|name| !taken.contains(name)).unwrap_or(base)
}

/// The variables that expressions bind, each with those that are bound around it or inside it.
#[derive(Default)]
struct Inside {
    met: BTreeMap<VariableId, BTreeSet<VariableId>>,
    around: Vec<VariableId>,
}

impl Inside {
    fn visit(&mut self, expr: &Expr) {
        let outside = self.around.len();
        match expr.kind() {
            ExprKind::Local { bindings, .. } => bindings.iter().for_each(|(id, _)| self.bind(*id)),
            ExprKind::Lambda { parameters, .. } => parameters.iter().for_each(|id| self.bind(*id)),
            _ => {}
        }
        expr.for_each_child(|child| self.visit(child));
        self.around.truncate(outside);
    }

    fn bind(&mut self, id: VariableId) {
        self.met.entry(id).or_default().extend(&self.around);
        for around in &self.around {
            self.met.entry(*around).or_default().insert(id);
        }
        self.around.push(id);
    }
}

/// A Rust name as the service wants one: it begins with a letter and leaves room for a number.
fn legal(name: &str) -> String {
    let name = name.trim_start_matches("r#").trim_start_matches('_');
    let legal = |letter: char| if letter.is_alphanumeric() { letter } else { '_' };
    let name: String = name.chars().map(legal).take(LONGEST - 6).collect();
    if name.starts_with(char::is_alphabetic) { name } else { format!("value{name}") }
}
