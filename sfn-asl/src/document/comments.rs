//! The comments of a YAML text and the values they stand with, so that they can be written where these are written.
//! Separate from reading because a text means the same without them.

use std::collections::{HashMap, HashSet};

use super::tree::NodeRef;
use super::{Document, Format, yaml};
use crate::Pointer;

/// The comments of a text.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    /// Those that stand apart before everything else.
    pub(crate) header: Vec<String>,
    /// The others, by the place of the value that each stands with.
    by_place: HashMap<Pointer, Around>,
}

/// The comments around a value, each with its `#`.
#[derive(Debug, Default)]
pub(crate) struct Around {
    /// On lines of their own, before it.
    pub(crate) before: Vec<String>,
    /// On its first line.
    pub(crate) beside: Option<String>,
    /// On lines of their own, behind it.
    pub(crate) after: Vec<String>,
}

impl Comments {
    pub(super) fn of(document: &Document) -> Self {
        let mut comments = Self::default();
        if document.format != Format::Yaml {
            return comments;
        }
        let found = yaml::comments(document.source());
        if found.is_empty() {
            return comments;
        }
        let places = Places::of(document);
        for bytes in found {
            comments.add(document.source(), &places, bytes.start, document.source()[bytes].trim_end());
        }
        comments
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.header.is_empty() && self.by_place.is_empty()
    }

    pub(crate) fn around(&self, place: &Pointer) -> Option<&Around> {
        self.by_place.get(place)
    }

    /// Finds out what a comment stands with.
    fn add(&mut self, text: &str, places: &Places, at: usize, comment: &str) {
        let comment = comment.to_owned();
        let next = places.0.partition_point(|place| place.start < at);
        let (last, next) = (next.checked_sub(1), places.0.get(next));
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before_it = &text[line..at];
        let indent = before_it.len() - before_it.trim_start_matches(' ').len();
        let is_alone = before_it.trim_matches([' ', '\t', '-', '?', ':']).is_empty();
        if let Some(last) = last.filter(|last| places.0[*last].start >= line || !is_alone) {
            // All of what ends on the line where it began, or else what goes on there.
            let is_over = |place: &&Place| place.start >= line && place.end <= at;
            let beside = places.upwards(last).take_while(is_over).last().unwrap_or(&places.0[last]);
            let around = self.by_place.entry(beside.pointer.clone()).or_default();
            match around.beside {
                None => around.beside = Some(comment),
                Some(_) => around.after.push(comment),
            }
        } else if let Some(next) = next.filter(|next| last.is_none() || indent <= next.indent) {
            if last.is_none() && has_blank_line(&text[at..next.start]) {
                self.header.push(comment);
            } else {
                self.by_place.entry(next.pointer.clone()).or_default().before.push(comment);
            }
        } else if let Some(last) = last {
            // It is the last in something: in what is indented as far as it is, or less.
            let owner = places.upwards(last).find(|place| place.indent <= indent);
            let owner = owner.or(next).unwrap_or(&places.0[last]);
            self.by_place.entry(owner.pointer.clone()).or_default().after.push(comment);
        }
    }
}

/// Whether a line of a text that ends where something begins is blank.
fn has_blank_line(text: &str) -> bool {
    text.trim_end_matches(' ').lines().any(|line| line.trim().is_empty())
}

/// All values but the whole, in the order of the text, each where it stands first: aliases stand for others.
struct Places(Vec<Place>);

/// A value that a comment may stand with.
struct Place {
    /// Where it begins: with its name, if it has one.
    start: usize,
    end: usize,
    /// How far the line is indented on which it begins.
    indent: usize,
    pointer: Pointer,
    /// What it is in, by its place in the order.
    parent: Option<usize>,
}

impl Places {
    fn of(document: &Document) -> Self {
        let mut places = Self(Vec::new());
        places.collect(document.root(), &Pointer::root(), None, &mut HashSet::new());
        let (mut line, mut seen) = (0, 0);
        for place in &mut places.0 {
            if let Some(end) = document.source().get(seen..place.start).and_then(|text| text.rfind('\n')) {
                line = seen + end + 1;
            }
            seen = place.start;
            let begin = document.source().get(line..place.start).unwrap_or_default();
            place.indent = begin.len() - begin.trim_start_matches(' ').len();
        }
        places
    }

    fn collect(
        &mut self,
        node: NodeRef<'_>,
        pointer: &Pointer,
        parent: Option<usize>,
        seen: &mut HashSet<usize>,
    ) {
        let (items, fields) = (node.items().into_iter().flatten(), node.fields().into_iter().flatten());
        let items = items.enumerate().map(|(index, item)| (pointer.join(index), item));
        for (pointer, child) in items.chain(fields.map(|field| (pointer.join(field.name()), field))) {
            let (name, span) = (child.name_span(), child.span());
            let start = if name.is_empty() { span.start } else { name.start };
            // What a merge key takes over stands before what it is taken into.
            let is_taken_over = parent.is_some_and(|parent| start < self.0[parent].start);
            if !is_taken_over && seen.insert(child.index()) {
                let number = self.0.len();
                self.0.push(Place { start, end: span.end, indent: 0, pointer: pointer.clone(), parent });
                self.collect(child, &pointer, Some(number), seen);
            }
        }
    }

    /// A value, and what it is in, up to the whole.
    fn upwards(&self, number: usize) -> impl Iterator<Item = &Place> {
        std::iter::successors(Some(number), |number| self.0[*number].parent).map(|number| &self.0[number])
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Format};

    /// What canonical form makes of a text, and that it stays what it is then.
    fn check(text: &str, expected: &str) {
        let canonical = |text: &str| {
            let document =
                Document::parse(text, Format::Yaml).unwrap_or_else(|error| panic!("{error}\n{text}"));
            document.to_canonical().unwrap_or_else(|error| panic!("{error}\n{text}"))
        };
        assert_eq!(canonical(text), expected);
        assert_eq!(canonical(expected), expected, "once more");
    }

    #[test]
    fn comments_move_with_what_they_stand_with() {
        check(
            "# The whole.\n\nStates: # all of them\n  # Pays.\n  Pay: # first\n    End: true # at once\n    # What it is.\n    Type: Pass\n  # Never comes here.\n\n  Lost:\n    Type: Succeed\n    # Nothing else.\n  # No more.\n# The beginning.\nStartAt: Pay # the first\n# The end.\n",
            "# The whole.\n\n# The beginning.\nStartAt: Pay # the first\n# The end.\nStates: # all of them\n  # Pays.\n  Pay: # first\n    # What it is.\n    Type: Pass\n    End: true # at once\n  # Never comes here.\n  Lost:\n    Type: Succeed\n    # Nothing else.\n  # No more.\n",
        );
    }

    #[test]
    fn comments_keep_their_place_in_lists() {
        check(
            "StartAt: A\nStates:\n  A:\n    Type: Choice\n    Default: B\n    Choices:\n      # big\n      - Next: B # there\n        # how big\n        Variable: $.x\n        NumericGreaterThan: 5\n      # several\n      -\n        # both\n        And: # first\n          - {Variable: $.a, IsPresent: true} # a\n          # b\n          - Variable: $.b # bb\n            IsPresent: true\n          # no c\n        Next: B\n  B: {Type: Succeed} # done\n",
            "StartAt: A\nStates:\n  A:\n    Type: Choice\n    Choices:\n      # big\n      # how big\n      - Variable: $.x\n        NumericGreaterThan: 5\n        Next: B # there\n      # several\n      # both\n      - And: # first\n          # a\n          - Variable: $.a\n            IsPresent: true\n          # b\n          - Variable: $.b # bb\n            IsPresent: true\n          # no c\n        Next: B\n    Default: B\n  B: # done\n    Type: Succeed\n",
        );
    }

    #[test]
    fn comments_beside_texts_of_several_lines_stand_before_them() {
        check(
            "StartAt: A\nComment: | # why\n  one\n  # two\n\n# behind\nStates:\n  A: {Type: Pass, End: true, Result: [1, # one\n    2]} # all\n",
            "# why\nComment: |\n  one\n  # two\nStartAt: A\n# behind\nStates:\n  A:\n    Type: Pass\n    Result:\n      - 1 # one\n      - 2 # all\n    End: true\n",
        );
    }

    #[test]
    fn comments_behind_merge_keys_stay_where_they_are() {
        check(
            "StartAt: A\nStates:\n  A: &a\n    Type: Pass\n    Next: B # there\n  B:\n    <<: *a # as A\n    Comment: x # why\n    Next: C\n  C: {Type: Succeed}\n",
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B # there\n  B: # as A\n    Type: Pass\n    Comment: x # why\n    Next: C\n  C:\n    Type: Succeed\n",
        );
    }

    #[test]
    fn no_comment_is_lost_wherever_it_stands() {
        let text = include_str!("../../tests/canonical/commented.yaml");
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let (before, behind) = (lines[..number].join("\n"), lines[number + 1..].join("\n"));
            let alone = (0..12).step_by(2).map(|indent| format!("{:indent$}# here\n{line}", ""));
            for changed in alone.chain([format!("{line} # here")]) {
                let text = format!("{before}\n{changed}\n{behind}\n");
                let Ok(document) = Document::parse(&*text, Format::Yaml) else { continue };
                // Within a text of several lines it is none.
                let is_comment = document.first_comment().is_some();
                let canonical = document.to_canonical().unwrap_or_else(|error| panic!("{error}\n{text}"));
                assert_eq!(canonical.matches("# here").count(), 1, "{text}\n\n{canonical}");
                let again = Document::parse(&*canonical, Format::Yaml).expect("it is YAML");
                assert_eq!(again.first_comment().is_some(), is_comment, "{text}\n\n{canonical}");
                assert_eq!(again.to_canonical().as_deref(), Ok(&*canonical), "{text}");
            }
        }
    }
}
