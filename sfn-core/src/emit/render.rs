//! Shows a diagnostic as rustc would, with the lines it is about.
//! Separate because it is pure but for the lookup of source text, and the command line shows diagnostics the same way.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin as Line, Renderer, Snippet};
use sfn_asl::{Diagnostic, Origin, Place, Severity};

/// Finds the text that a place is in.
pub trait Excerpts {
    /// What can be shown of a place.
    fn excerpt(&self, place: &Place) -> Excerpt;
}

/// What can be shown of a place.
#[derive(Debug, Clone)]
pub enum Excerpt {
    /// Whole lines of a text, and which of their bytes are meant.
    Lines {
        /// The name of the text.
        path: String,
        /// The number of the first line.
        first: usize,
        /// The lines.
        text: String,
        /// The bytes of `text` to mark.
        span: Range<usize>,
    },
    /// A line and a column of a text that is not at hand.
    Position {
        /// The name of the text.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// No more than words.
    Words(String),
}

impl Excerpt {
    /// The lines of a text that hold these bytes; of many lines, the first ones.
    ///
    /// ```
    /// use sfn_core::emit::Excerpt;
    ///
    /// let excerpt = Excerpt::of("a.json", "{\n  \"A\": 1\n}", 4..7);
    /// let Excerpt::Lines { first, text, span, .. } = excerpt else { panic!("the text is at hand") };
    /// assert_eq!((first, &text[span]), (2, "\"A\""));
    /// ```
    pub fn of(path: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        /// More lines than that show nothing that fewer would not.
        const MOST: usize = 8;
        let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let last = text[start..].match_indices('\n').map(|(at, _)| start + at);
        let ends: Vec<usize> = last.chain([text.len()]).filter(|end| *end >= span.start).take(MOST).collect();
        let end = ends.iter().copied().find(|end| *end >= span.end).or(ends.last().copied());
        let end = end.unwrap_or(text.len());
        Self::Lines {
            path: path.into(),
            first: text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1,
            text: text[start..end].to_owned(),
            span: span.start - start..span.end.min(end) - start,
        }
    }
}

/// How a diagnostic is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Text alone.
    Plain,
    /// With the colours of rustc.
    Coloured,
}

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

impl Excerpts for Sources {
    fn excerpt(&self, place: &Place) -> Excerpt {
        let origin = match place {
            Place::Rust(origin) => origin,
            Place::Definition { .. } | Place::Name(_) => {
                return Excerpt::Words(format!("in the definition, at {place}"));
            }
        };
        let text = self.text(&origin.file);
        match text.as_deref().and_then(|text| Some((text, span(text, origin)?))) {
            Some((text, span)) => Excerpt::of(&*origin.file, text, span),
            None => Excerpt::Position {
                path: origin.file.to_string(),
                line: origin.line as usize,
                column: origin.column as usize,
            },
        }
    }
}

/// The text of a diagnostic.
pub fn render(diagnostic: &Diagnostic, excerpts: &impl Excerpts, look: Look) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE,
    };
    let primary = excerpts.excerpt(&diagnostic.place);
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut group = add(Group::with_title(title), &primary, AnnotationKind::Primary, None);
    let shown: Vec<_> = diagnostic
        .notes
        .iter()
        .map(|note| (note.place.as_ref().map(|place| excerpts.excerpt(place)), note.message.as_str()))
        .collect();
    for (place, message) in &shown {
        group = match place {
            Some(place) => add(group, place, AnnotationKind::Context, Some(message)),
            None => group.element(Level::NOTE.message(*message)),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    match look {
        Look::Plain => Renderer::plain(),
        Look::Coloured => Renderer::styled(),
    }
    .render(&[group])
}

fn add<'a>(
    group: Group<'a>,
    excerpt: &'a Excerpt,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Group<'a> {
    match excerpt {
        Excerpt::Lines { path, first, text, span } => {
            let mut mark: Annotation<'a> = kind.span(span.clone());
            if let Some(label) = label {
                mark = mark.label(label);
            }
            let snippet = Snippet::source(text.as_str()).path(path.as_str()).line_start(*first);
            group.element(snippet.annotation(mark))
        }
        Excerpt::Position { path, line, column } => {
            let group = group.element(Line::path(path.as_str()).line(*line).char_column(*column));
            label.into_iter().fold(group, |group, label| group.element(Level::NOTE.message(label)))
        }
        Excerpt::Words(text) => {
            let group = group.element(Level::NOTE.message(text.as_str()));
            label.into_iter().fold(group, |group, label| group.element(Level::NOTE.message(label)))
        }
    }
}

/// The bytes an origin means: as long as it says, or else the call or the head of a statement that begins there.
fn span(text: &str, origin: &Origin) -> Option<Range<usize>> {
    let line = usize::try_from(origin.line).ok()?.checked_sub(1)?;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let line = text.get(before..)?.lines().next()?;
    let column = usize::try_from(origin.column).ok()?.checked_sub(1)?;
    let start = line.char_indices().nth(column).map(|(at, _)| at)?;
    let rest = &line[start..];
    let length = match origin.length {
        Some(length) => rest.chars().take(length as usize).map(char::len_utf8).sum(),
        None => head(rest),
    };
    let length = length.max(rest.chars().next().map_or(0, char::len_utf8));
    Some(before + start..before + start + length)
}

/// How many bytes of a line belong to what it begins with: a name, with the path and the arguments behind it; of a
/// statement with a block, all before the block.
fn head(line: &str) -> usize {
    let word = |text: &str| {
        text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len())
    };
    let mut length = word(line);
    if matches!(&line[..length], "match" | "if" | "while" | "for") {
        let block = line.rfind('{').filter(|_| line.ends_with('{')).unwrap_or(line.len());
        return line[..block].trim_end().len();
    }
    while let Some(rest) = line[length..].strip_prefix("::") {
        length += 2 + word(rest);
    }
    length += usize::from(line[length..].starts_with("!("));
    length + arguments(&line[length..])
}

/// The length of parentheses that close on this line, and of what stands between them.
fn arguments(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return if letter == ')' { at + 1 } else { 0 };
        }
    }
    0
}
