//! Shows a diagnostic as rustc would, with the user's source line.
//! Separate because it is pure but for the lookup of source text, and the command line shows diagnostics the same way.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin as Line, Renderer, Snippet};
use sfn_asl::{Diagnostic, Origin, Place, Severity};

type Lookup = dyn Fn(&str) -> Option<String>;

/// Where source text comes from.
pub struct Sources {
    lookup: Box<Lookup>,
    known: RefCell<BTreeMap<String, Option<Rc<str>>>>,
}

impl Sources {
    /// Source text as a function gives it.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self { lookup: Box::new(lookup), known: RefCell::default() }
    }

    fn text(&self, file: &str) -> Option<Rc<str>> {
        let mut known = self.known.borrow_mut();
        known.entry(file.to_owned()).or_insert_with(|| (self.lookup)(file).map(Rc::from)).clone()
    }
}

/// Source files below a folder or one of those above it, which is how rustc names the files of a workspace.
impl From<PathBuf> for Sources {
    fn from(folder: PathBuf) -> Self {
        Self::new(move |file| {
            folder.ancestors().find_map(|above| std::fs::read_to_string(above.join(file)).ok())
        })
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sources").finish_non_exhaustive()
    }
}

/// The text of a diagnostic, without colours.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE,
    };
    let primary = Shown::new(&diagnostic.place, sources);
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut group = primary.add_to(Group::with_title(title), AnnotationKind::Primary, None);
    let shown: Vec<_> = diagnostic
        .notes
        .iter()
        .map(|note| (note.place.as_ref().map(|place| Shown::new(place, sources)), note.message.as_str()))
        .collect();
    for (place, message) in &shown {
        group = match place {
            Some(place) => place.add_to(group, AnnotationKind::Context, Some(message)),
            None => group.element(Level::NOTE.message(*message)),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::plain().render(&[group])
}

/// A place, with the source text where it is at hand.
enum Shown<'p> {
    Source { origin: &'p Origin, text: Rc<str>, span: Range<usize> },
    Line(&'p Origin),
    Definition(String),
}

impl<'p> Shown<'p> {
    fn new(place: &'p Place, sources: &Sources) -> Self {
        let origin = match place {
            Place::Rust(origin) => origin,
            Place::Definition { .. } => return Self::Definition(format!("in the definition, at {place}")),
        };
        match sources.text(&origin.file) {
            Some(text) => match span(&text, origin) {
                Some(span) => Self::Source { origin, text, span },
                None => Self::Line(origin),
            },
            None => Self::Line(origin),
        }
    }

    fn add_to<'a>(&'a self, group: Group<'a>, kind: AnnotationKind, label: Option<&'a str>) -> Group<'a> {
        match self {
            Self::Source { origin, text, span } => {
                let mut mark: Annotation<'a> = kind.span(span.clone());
                if let Some(label) = label {
                    mark = mark.label(label);
                }
                group.element(Snippet::source(&**text).path(&*origin.file).annotation(mark))
            }
            Self::Line(origin) => {
                let (line, column) = (origin.line as usize, origin.column as usize);
                let group = group.element(Line::path(&*origin.file).line(line).char_column(column));
                label.into_iter().fold(group, |group, label| group.element(Level::NOTE.message(label)))
            }
            Self::Definition(text) => group.element(Level::NOTE.message(text.as_str())),
        }
    }
}

/// The bytes an origin means: as long as it says, or else the word that begins there.
fn span(text: &str, origin: &Origin) -> Option<Range<usize>> {
    let line = usize::try_from(origin.line).ok()?.checked_sub(1)?;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let line = text.get(before..)?.lines().next()?;
    let column = usize::try_from(origin.column).ok()?.checked_sub(1)?;
    let start = line.char_indices().nth(column).map(|(at, _)| at)?;
    let rest = &line[start..];
    let length = match origin.length {
        Some(length) => rest.chars().take(length as usize).map(char::len_utf8).sum(),
        None => rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len()),
    };
    let length = length.max(rest.chars().next().map_or(0, char::len_utf8));
    Some(before + start..before + start + length)
}
