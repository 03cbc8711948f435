//! What is wrong with the arguments of Tasks, of Item Readers and of Result Writers, compared with what is called.
//! Separate because three rules ask, and the comparison is one walk.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::rc::Rc;

use sfn_catalogue::{Action, Bounds, Kind, Member, Resource, Shape};
use sfn_jsonata::{Expression, Object};

use super::item_source::{READERS, WRITER, s3_action};
use super::{invalid_argument, missing_argument, unknown_argument, unwrapped_items};
use crate::document::has_placeholder;
use crate::nearest::{listed, nearest, nearest_first};
use crate::survey::{Site, Survey};
use crate::{
    Diagnostic, Edit, Map, Place, Pointer, QueryLanguage, Severity, State, Value, is_jsonata_string,
};

/// Every fault in the arguments of every State, whatever its code, in the order of the States.
pub(crate) fn argument_faults(survey: &Survey<'_>) -> Vec<Diagnostic> {
    let (mut faults, mut members) = (Vec::new(), Members::default());
    for site in &survey.sites {
        match (site.state, site.resource) {
            (State::Task(task), Resource::Known { action, .. }) => {
                let callee = Callee::Action(action);
                let mut walk = Walk { site, part: None, callee, members: &mut members, faults: &mut faults };
                let (field, arguments) = walk.chosen(task.arguments.as_ref(), task.parameters.as_ref());
                if let Some(arguments) = arguments {
                    walk.value(arguments, action.arguments(), Way { token: &field, above: None });
                }
            }
            (State::Map(map), _) => check_map(site, map, &mut members, &mut faults),
            _ => {}
        }
    }
    faults
}

/// The arguments of an Item Reader and of a Result Writer, which are described by the API they call.
fn check_map<'m>(site: &Site<'m>, map: &'m Map, members: &mut Members, faults: &mut Vec<Diagnostic>) {
    let members_of = |action: &str| {
        let action = sfn_catalogue::sdk_service("s3").and_then(|s3| s3.action(action));
        let structure = action.and_then(|action| action.arguments().structure());
        structure.map(|structure| structure.members().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut part = |part, action, all: [&Option<Value>; 2], described: &[Member]| {
        let callee = Callee::S3(action);
        let mut walk = Walk { site, part: Some(part), callee, members: &mut *members, faults: &mut *faults };
        walk.part(all.map(Option::as_ref), described);
    };
    if let Some(reader) = &map.item_reader
        && let Some(action) = s3_action(&reader.resource).filter(|action| READERS.contains(action))
    {
        part("ItemReader", action, [&reader.arguments, &reader.parameters], &members_of(action));
    }
    if let Some(writer) = &map.result_writer
        && let Some(action) = writer.resource.as_deref().and_then(s3_action)
        && action == WRITER
    {
        // It names its objects itself: what it takes is what lists them again.
        let mut members = members_of("listObjectsV2");
        members.retain(|member| ["Bucket", "Prefix", "ExpectedBucketOwner"].contains(&member.name));
        part("ResultWriter", action, [&writer.arguments, &writer.parameters], &members);
    }
}

type Members = HashMap<Shape, Rc<[Member]>, foldhash::fast::RandomState>;

/// What takes arguments.
#[derive(Clone, Copy)]
enum Callee<'m> {
    Action(Action),
    S3(&'m str),
}

impl Display for Callee<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(action) => action.fmt(formatter),
            Self::S3(action) => write!(formatter, "s3:{action}"),
        }
    }
}

struct Walk<'w, 'm> {
    site: &'w Site<'m>,
    /// The field of the State whose arguments they are, unless they are the State's own.
    part: Option<&'static str>,
    /// What takes the arguments.
    callee: Callee<'m>,
    /// The members of each structure, read once.
    members: &'w mut Members,
    faults: &'w mut Vec<Diagnostic>,
}

/// The way down to a value; a pointer is made of it only when there is something to report.
#[derive(Clone, Copy)]
struct Way<'w> {
    token: &'w dyn Display,
    above: Option<&'w Way<'w>>,
}

impl Way<'_> {
    fn pointer(self, state: Pointer) -> Pointer {
        self.above.map_or(state.clone(), |above| above.pointer(state)).join(self.token)
    }
}

impl Walk<'_, '_> {
    /// The arguments of the State's Query Language, with the name of their field.
    fn chosen<'v>(
        &self,
        arguments: Option<&'v Value>,
        parameters: Option<&'v Value>,
    ) -> (&'static str, Option<&'v Value>) {
        match self.site.language {
            QueryLanguage::Jsonata => ("Arguments", arguments),
            QueryLanguage::JsonPath => ("Parameters", parameters),
        }
    }

    /// The arguments in both Query Languages, of which the State's own counts.
    fn part(&mut self, all: [Option<&Value>; 2], members: &[Member]) {
        let (field, arguments) = self.chosen(all[0], all[1]);
        match arguments {
            // Those of the other Query Language are a fault of their own.
            None if all.iter().any(Option::is_some) => {}
            None => {
                let required = members.iter().filter(|member| member.is_required).map(|member| member.name);
                let names = listed(&required.collect::<Vec<_>>());
                let message = format!("`{}` needs {names}, and there are no `{field}`", self.callee);
                let fault = Diagnostic::error(missing_argument::CODE, self.base(), message);
                self.faults.push(fault.with_help(format!("add `{field}` with {names}")));
            }
            Some(Value::Object(fields)) => {
                self.fields(fields, members, false, Way { token: &field, above: None });
            }
            Some(_) => {}
        }
    }

    fn value(&mut self, value: &Value, shape: Shape, way: Way<'_>) {
        if is_opaque(value) {
            self.expression(value, shape, way);
            return;
        }
        match (value, shape.kind()) {
            (Value::Object(fields), Kind::Structure(structure)) => {
                let members = self.members.entry(shape).or_insert_with(|| structure.members().collect());
                let members = Rc::clone(members);
                self.fields(fields, &members, structure.is_open, way);
            }
            (Value::Object(fields), Kind::Map(shape, _)) => {
                for (name, value) in fields.iter() {
                    if self.computed(name).is_none() {
                        self.value(value, shape, Way { token: name, above: Some(&way) });
                    }
                }
            }
            (Value::Array(items), Kind::List(shape, bounds)) => {
                self.bounds(length(items.len()), bounds, "items", way);
                for (index, item) in items.iter().enumerate() {
                    self.value(item, shape, Way { token: &index, above: Some(&way) });
                }
            }
            (value, kind) => self.scalar(value, &kind, way),
        }
    }

    /// An expression where a list belongs, which gives something else when there is one item.
    fn expression(&mut self, value: &Value, shape: Shape, way: Way<'_>) {
        let Some(text) = value.as_str().filter(|text| is_jsonata_string(text)) else { return };
        if self.site.language == QueryLanguage::JsonPath || !matches!(shape.kind(), Kind::List(..)) {
            return;
        }
        let Ok(expression) = text[2..text.len() - 2].parse::<Expression>() else { return };
        if let Some(span) = expression.unwrapped() {
            self.faults.push(unwrapped_items::fault(self.pointer(way), text, &span));
        }
    }

    fn scalar(&mut self, value: &Value, kind: &Kind, way: Way<'_>) {
        match (value, kind) {
            (Value::String(text), Kind::String(allowed)) => {
                self.bounds(length(text.chars().count()), allowed.length, "characters", way);
                let mut values = allowed.values().peekable();
                if values.peek().is_some() && values.all(|value| value != &**text) {
                    let values: Vec<_> = allowed.values().collect();
                    let message = format!("`{text}` is not among the values of this argument");
                    let help = match nearest(text, values.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("write one of {}", listed(&values[..values.len().min(LISTED)])),
                    };
                    self.invalid(Severity::Warning, way, message, help);
                }
            }
            (Value::Number(number), Kind::Integer(bounds)) if number.as_f64().fract() == 0.0 => {
                self.bounds(number.as_i64().unwrap_or(i64::MAX), *bounds, "as its value", way);
            }
            (Value::Number(_), Kind::Float(_))
            | (Value::Number(_) | Value::String(_), Kind::Timestamp)
            | (Value::Bool(_), Kind::Boolean)
            | (_, Kind::Any | Kind::Blob(_)) => {}
            (value, kind) => {
                let message =
                    format!("this argument is {}, and here stands {}", expected(kind), found(value));
                self.invalid(Severity::Error, way, message, format!("write {}", expected(kind)));
            }
        }
    }

    fn bounds(&mut self, number: i64, bounds: Bounds, of_what: &str, way: Way<'_>) {
        let least = bounds.min.filter(|least| number < *least).map(|least| ("at least", least));
        let most = bounds.max.filter(|most| number > *most).map(|most| ("at most", most));
        if let Some((word, limit)) = least.or(most) {
            let message = format!("this argument takes {word} {limit} {of_what}, and has {number}");
            self.invalid(Severity::Warning, way, message, format!("write {word} {limit}"));
        }
    }

    fn invalid(&mut self, severity: Severity, way: Way<'_>, message: String, help: String) {
        let fault = Diagnostic::error(invalid_argument::CODE, self.pointer(way), message).with_help(help);
        self.faults.push(Diagnostic { severity, ..fault });
    }

    fn fields(&mut self, fields: &Object, members: &[Member], is_open: bool, way: Way<'_>) {
        // A misspelt argument is not missing besides.
        let mut meant = Vec::new();
        for (key, value) in fields.iter() {
            let name = self.computed(key).unwrap_or(key);
            let below = Way { token: key, above: Some(&way) };
            match members.iter().find(|member| member.name == name) {
                Some(member) if name.len() == key.len() => self.value(value, member.shape, below),
                Some(_) => {}
                None if is_open || has_placeholder(name) => {}
                None => {
                    meant.extend(nearest(name, members.iter().map(|member| member.name)));
                    self.unknown(name, members, below);
                }
            }
        }
        let has = |name: &str| {
            fields.contains_key(name)
                || self.site.language == QueryLanguage::JsonPath
                    && fields.keys().any(|key| key.strip_suffix(".$") == Some(name))
        };
        let is_missing =
            |member: &&Member| member.is_required && !has(member.name) && !meant.contains(&member.name);
        for member in members.iter().filter(is_missing) {
            let (owner, name) = (self.owner(way), member.name);
            let message = format!("{owner} needs `{name}`, which is missing");
            let help = format!("add `{name}`");
            self.faults
                .push(Diagnostic::error(missing_argument::CODE, self.pointer(way), message).with_help(help));
        }
    }

    fn unknown(&mut self, name: &str, members: &[Member], way: Way<'_>) {
        let names = || members.iter().map(|member| member.name);
        let owner = way.above.map_or(String::new(), |above| self.owner(*above));
        let message = format!("{owner} has no argument `{name}`");
        let pointer = self.pointer(way);
        let fault = Diagnostic::error(unknown_argument::CODE, Place::Name(pointer.clone()), message);
        let same = names().find(|known| known.eq_ignore_ascii_case(name));
        self.faults.push(match (same, nearest(name, names())) {
            (Some(known), _) => {
                let suffix = if pointer.as_str().ends_with(".$") { ".$" } else { "" };
                let edit = Edit::Rename { pointer, name: format!("{known}{suffix}") };
                fault.with_help(format!("Step Functions spells it `{known}`")).with_fix(edit)
            }
            (None, Some(near)) => fault.with_help(format!("did you mean `{near}`?")),
            (None, None) => {
                let first: Vec<_> = nearest_first(name, names()).into_iter().take(LISTED).collect();
                fault.with_help(format!("remove it; among its arguments are {}", listed(&first)))
            }
        });
    }

    /// What an argument belongs to: what is called, or another argument.
    fn owner(&self, way: Way<'_>) -> String {
        match way.above {
            Some(_) => format!("`{}`", way.token),
            None => format!("`{}`", self.callee),
        }
    }

    /// The name of a field whose value is computed.
    fn computed<'k>(&self, key: &'k str) -> Option<&'k str> {
        (self.site.language == QueryLanguage::JsonPath).then(|| key.strip_suffix(".$")).flatten()
    }

    fn pointer(&self, way: Way<'_>) -> Pointer {
        way.pointer(self.base())
    }

    /// The place of what has the arguments: the State, or its Item Reader or Result Writer.
    fn base(&self) -> Pointer {
        let state = self.site.pointer();
        self.part.map_or_else(|| state.clone(), |part| state.join(part))
    }
}

fn length(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// How many names a help lists at most.
const LISTED: usize = 8;

/// Whether a literal says nothing about the value that the service will get.
fn is_opaque(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => is_jsonata_string(text) || has_placeholder(text),
        _ => false,
    }
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "any value",
        Kind::Boolean => "`true` or `false`",
        Kind::Timestamp => "a timestamp",
        Kind::String(_) | Kind::Blob(_) => "a string",
        Kind::Integer(_) => "a whole number",
        Kind::Float(_) => "a number",
        Kind::List(..) => "an array",
        Kind::Map(..) | Kind::Structure(_) => "an object",
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
