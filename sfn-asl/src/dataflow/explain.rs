//! Says who lost what a Path looks for, and how to keep it.
//! Separate from the inference because these are words: the chain of States that replaced the document, and advice.

use std::borrow::Cow;

use sfn_catalogue::{Pattern, Resource};

use super::DataFlow;
use super::evaluate::Lost;
use super::outline::{Making, Outline, Source};
use crate::nearest::{listed, nearest};
use crate::{Diagnostic, IntegrationPattern, Map, Note, QueryLanguage, State};

/// How many States that replaced the document are named.
const MOST_NOTES: usize = 3;

/// What is said of every Path that comes to nothing in one and the same value.
pub(super) struct Explanation<'m> {
    lost: Lost<'m>,
    /// The States to blame, the last one first.
    guilty: Vec<(usize, Making)>,
    /// The fields that are there.
    names: Vec<Cow<'m, str>>,
    notes: Vec<Note>,
    /// How to keep what is lost.
    advice: Option<String>,
}

impl<'m> DataFlow<'_, 'm> {
    /// A fault about a Path that comes to nothing, with the States to blame and what to do.
    pub(crate) fn explain(&self, fault: Diagnostic, shown: &str, lost: &Lost<'m>) -> Diagnostic {
        let known = self.explanation.take().filter(|known| known.lost.is_same(lost));
        let explanation = known.unwrap_or_else(|| self.explanation(lost));
        let fault =
            Diagnostic { notes: explanation.notes.clone(), ..fault }.with_help(explanation.help(shown));
        self.explanation.replace(Some(explanation));
        fault
    }

    fn explanation(&self, lost: &Lost<'m>) -> Explanation<'m> {
        let mut guilty = Vec::new();
        let mut source = lost.owner.source();
        while let Source::State(number, making) = source {
            let number = number as usize;
            if guilty.len() == MOST_NOTES || guilty.contains(&(number, making)) {
                break;
            }
            guilty.push((number, making));
            // Only a document that was replaced as a whole had another one before.
            let is_document = lost.depth == 0 && making != Making::Template;
            let before = self.arriving_from(number).filter(|_| is_document);
            source = before.unwrap_or(Source::Elsewhere);
        }
        let names = lost.owner.names();
        let contents = contents(&names, lost.owner.length());
        let notes = guilty.iter().enumerate().map(|(index, (number, making))| Note {
            place: Some(self.survey.sites[*number].place()),
            message: self.note(*number, *making, (lost.depth, index > 0), &contents),
        });
        let notes = notes.collect();
        let advice = match lost.owner {
            Outline::Scalar(_) if lost.depth > 0 => Some(self.advice_on_text(&guilty)),
            _ if lost.is_item && lost.owner.length().is_some() => None,
            _ => self.advice(&guilty, lost.depth),
        };
        Explanation { lost: lost.clone(), guilty, names, notes, advice }
    }

    fn note(
        &self,
        number: usize,
        making: Making,
        (depth, is_earlier): (usize, bool),
        contents: &str,
    ) -> String {
        let site = &self.survey.sites[number];
        let name = site.name;
        let what = match (making, site.state) {
            (Making::Result, State::Task(_)) => match site.resource {
                _ if site.pattern == IntegrationPattern::WaitForCallback => {
                    format!("what is returned with the Task Token of `{name}`")
                }
                Resource::Known { action, .. } => format!("the answer of `{action}` to `{name}`"),
                _ => format!("the result of `{name}`"),
            },
            (Making::Result, State::Parallel(_)) => {
                format!("the array of what the Branches of `{name}` give")
            }
            (Making::Result, State::Map(map)) if is_written(map) => {
                format!("what the Result Writer of `{name}` says of its results")
            }
            (Making::Result, _) => format!("the array of what the items of `{name}` give"),
            (Making::Error, _) => format!("the error that a Catcher of `{name}` has caught"),
            (Making::Nothing, _) => {
                return format!("a Path that is null makes the document of `{name}` empty");
            }
            (Making::Template, _) if is_earlier => {
                return format!("`{name}` had put the whole document together before");
            }
            (Making::Template, _) => return format!("`{name}` puts this together{contents}"),
        };
        match (depth, is_earlier) {
            (0, false) => format!("{what} replaces the whole document here{contents}"),
            (0, true) => format!("{what} had replaced the whole document before"),
            _ => format!("it is read from {what}{contents}"),
        }
    }

    /// What to do about a Path into a text.
    fn advice_on_text(&self, guilty: &[(usize, Making)]) -> String {
        let resource = guilty.first().map(|(number, _)| self.survey.sites[*number].resource);
        match resource {
            Some(Resource::Known { action, pattern: Pattern::RunAJob })
                if action.patterns().any(|pattern| pattern == Pattern::RunAJobWithJson) =>
            {
                "this is text; with `.sync:2` in place of `.sync` it is JSON".to_owned()
            }
            _ => {
                "this is no object; where it is JSON as text, parse it with `States.StringToJson` or `$parse`"
                    .to_owned()
            }
        }
    }

    fn advice(&self, guilty: &[(usize, Making)], depth: usize) -> Option<String> {
        let (first, making) = *guilty.first()?;
        if depth > 0 && making != Making::Nothing {
            return None;
        }
        let site = &self.survey.sites[first];
        let name = |number: usize| self.survey.sites[number].name;
        // What is put together is the earliest: it had no document before it.
        let (template, replaced): (Vec<_>, Vec<_>) =
            guilty.iter().partition(|(_, making)| *making == Making::Template);
        let states: Vec<_> = replaced.iter().map(|(number, _)| name(*number)).collect();
        let keep = match (making, site.language) {
            (Making::Template, _) => return Some(format!("add it to what `{}` puts together", site.name)),
            (_, QueryLanguage::Jsonata) => {
                format!("keep it in the `Output` of {}, or `Assign` it to a Variable before", listed(&states))
            }
            (Making::Error, QueryLanguage::JsonPath) => format!(
                "set `ResultPath` of the Catcher in `{}`, for instance to `$.error`, to keep its input",
                site.name
            ),
            (Making::Nothing, _) => format!("drop the Path that is null from `{}`", site.name),
            (Making::Result, QueryLanguage::JsonPath) => format!(
                "set `ResultPath` of {}, for instance to `$.{}`, so that results stand beside the input",
                listed(&states),
                camel_case(site.name)
            ),
        };
        Some(match template.first() {
            Some((number, _)) => format!("{keep}, and add it to what `{}` puts together", name(*number)),
            None => keep,
        })
    }
}

impl Explanation<'_> {
    /// What to do about one of the Paths.
    fn help(&self, shown: &str) -> String {
        let field = shown.rsplit(['.', '$']).next().unwrap_or(shown);
        let is_known = !self.guilty.is_empty();
        let near = nearest(field, self.names.iter().map(|name| &**name)).filter(|_| is_known);
        if let Some(near) = near {
            return format!("did you mean `{near}`?");
        }
        let Some(advice) = &self.advice else {
            return "read what is there, or make an earlier State put it there".to_owned();
        };
        let is_envelope = self.names.iter().any(|name| &**name == "Payload");
        match shown.strip_prefix("$.").filter(|_| is_envelope) {
            Some(path) => format!("{advice}; what the function itself answers is at `$.Payload.{path}`"),
            None => advice.clone(),
        }
    }
}

/// Whether the results of a Map State are written elsewhere.
fn is_written(map: &Map) -> bool {
    map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some())
}

/// The fields that are there instead.
fn contents(names: &[Cow<'_, str>], items: Option<usize>) -> String {
    const MOST: usize = 6;
    let shown: Vec<_> = names.iter().take(MOST).map(|name| &**name).collect();
    match (names.len(), items) {
        (_, Some(1)) => ": it has 1 item".to_owned(),
        (_, Some(items)) => format!(": it has {items} items"),
        (0, None) => String::new(),
        (length, None) if length > MOST => format!(": it has {} and others", listed(&shown)),
        _ => format!(": it has {}", listed(&shown)),
    }
}

/// A State's name as the name of a field.
fn camel_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut field = String::new();
    for word in words {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        let first = if field.is_empty() { first.to_lowercase() } else { first.to_uppercase() };
        field.push_str(&first);
        field.push_str(rest);
    }
    if field.is_empty() { "result".to_owned() } else { field }
}
