//! YAML text to tree: what a parser of the whole language reports, made into the values that JSON has.
//! Separate from JSON because YAML has what JSON has not: types by spelling, tags, aliases, strings over many lines.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput, StructureStyle, Tag};

use super::cloudformation::{self, Spelling};
use super::fault::{self, Step, TextFault};
use super::json::is_json_number;
use super::tree::{Builder, Children, Kind, MAX_DEPTH, Name, Span, Text, Tree, number};
use crate::rules::invalid_yaml;

/// How many bytes of text aliases may stand for.
const MAX_ALIASED_BYTES: usize = 1 << 24;

/// Reads a YAML text. Fields that come twice do not stop the reading.
pub(super) fn parse(text: &Arc<str>) -> Result<Tree, Vec<TextFault>> {
    let mut reader = Reader::new(text);
    match reader.stream() {
        Ok(()) if reader.faults.is_empty() => {
            let mut tree = reader.builder.finish().ok_or_else(Vec::new)?;
            if reader.is_tagged {
                cloudformation::make_opaque(&mut tree, Spelling::Tags);
            }
            Ok(tree)
        }
        Ok(()) => Err(reader.faults),
        Err(fault) => {
            reader.faults.push(*fault);
            Err(reader.faults)
        }
    }
}

/// The bytes of the comments of a YAML text, each from its `#` on.
pub(super) fn comments(text: &str) -> Vec<Range<usize>> {
    let options = granit_parser::options! { max_buffered_comment_events: usize::MAX };
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let comments = events.filter(|(event, _)| matches!(event, Event::Comment(..)));
    let mut found: Vec<_> = comments.map(|(_, marks)| bytes(&marks)).collect();
    found.sort_by_key(|bytes| bytes.start);
    found
}

struct Reader<'t> {
    text: &'t str,
    events: Parser<'t, StrInput<'t>>,
    builder: Builder,
    path: Vec<Step<Text>>,
    faults: Vec<TextFault>,
    anchors: HashMap<usize, Anchored>,
    /// Where the last token ends.
    end: usize,
    /// How many bytes aliases stand for, all in all.
    aliased: usize,
    is_tagged: bool,
}

/// A value that aliases may stand for.
#[derive(Clone, Copy)]
struct Anchored {
    kind: Kind,
    extent: Extent,
}

/// How much a value is when everything that aliases stand for is written out.
#[derive(Clone, Copy, Default)]
struct Extent {
    bytes: usize,
    depth: usize,
}

impl Extent {
    fn around(&mut self, inner: Self) {
        self.bytes = self.bytes.saturating_add(inner.bytes);
        self.depth = self.depth.max(inner.depth + 1);
    }
}

type Read<T> = Result<T, Box<TextFault>>;

impl<'t> Reader<'t> {
    fn new(text: &'t Arc<str>) -> Self {
        let mut options = granit_parser::options! { block_scalar_eof_without_line_feed: true };
        options.set_emit_comments(false);
        Self {
            text,
            events: Parser::new_from_str_with_options(text, options),
            builder: Builder::new(text),
            path: Vec::new(),
            faults: Vec::new(),
            anchors: HashMap::new(),
            end: 0,
            aliased: 0,
            is_tagged: false,
        }
    }

    fn stream(&mut self) -> Read<()> {
        if let Some(at) = self.text.find('\0') {
            return Err(self.fault("found the character `\\0`, expected YAML", at..at + 1));
        }
        let mut has_document = false;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd if has_document => return Ok(()),
                Event::StreamEnd => {
                    return Err(self.fault("the text is empty, expected a value", span));
                }
                Event::DocumentStart(..) if has_document => {
                    return Err(self.fault("a second document begins, expected the end of the text", span));
                }
                Event::DocumentStart(..) => {
                    has_document = true;
                    let (event, span) = self.next_marks()?;
                    self.value(Name::default(), event, &span)?;
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Read<(Event<'t>, Range<usize>)> {
        self.next_marks().map(|(event, span)| (event, bytes(&span)))
    }

    fn next_marks(&mut self) -> Read<(Event<'t>, Marks)> {
        match self.events.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.end).min(self.text.len());
                let end = self.text[at..].chars().next().map_or(at, |found| at + found.len_utf8());
                let mut fault = self.fault(error.info(), at..end);
                if self.text[at..].starts_with('%') && self.text[..at].ends_with('{') {
                    fault.0.help = Some("put a JSONata string in quotes: `'{% ... %}'`".to_owned());
                } else if error.info().contains("tab") {
                    fault.0.help = Some("indent with blanks: YAML has no tabs there".to_owned());
                }
                Err(fault)
            }
            None => Err(self.fault("the text ends, expected a value", self.text.len()..self.text.len())),
        }
    }

    fn value(&mut self, name: Name, event: Event<'t>, marks: &Marks) -> Read<Extent> {
        let span = bytes(marks);
        let tag = event.tag().cloned();
        let function = tag.as_ref().and_then(function);
        let Some(function) = function else {
            return self.untagged(name, event, tag.as_ref(), span, None);
        };
        // A short tag is the long form's object, its name written as the tag.
        self.is_tagged = true;
        let tag_span = marks.tag_span().map_or(span.start..span.start, |marks| bytes(&marks));
        let anchor = event.anchor_id().unwrap_or_default();
        let open = self.builder.open();
        let text = self.builder.meant(&function);
        let tag_name = self.builder.name(text, Span::new(tag_span.start, tag_span.end));
        let inner = self.untagged(tag_name, event, None, span, Some(tag_span.end))?;
        let kind = Kind::Object(self.builder.close(open));
        let mut extent = Extent { bytes: function.len(), depth: 0 };
        extent.around(inner);
        self.add(name, kind, tag_span.start..self.end, anchor, extent);
        Ok(extent)
    }

    fn untagged(
        &mut self,
        name: Name,
        event: Event<'t>,
        tag: Option<&Tag>,
        span: Range<usize>,
        after: Option<usize>,
    ) -> Read<Extent> {
        let is_container = matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        if is_container && self.path.len() == MAX_DEPTH {
            let message = format!("arrays and objects nest more than {MAX_DEPTH} deep");
            return Err(self.fault(message, span));
        }
        match event {
            Event::Scalar(meant, style, anchor, _) => {
                let span = self.scalar_span(style, span, after);
                let kind = self.scalar(&meant, style, tag, &span)?;
                let extent = Extent { bytes: meant.len() + 1, depth: 0 };
                self.end = span.end;
                self.add(name, kind, span, anchor, extent);
                Ok(extent)
            }
            Event::SequenceStart(style, anchor, _) => self.sequence(name, style, anchor, span),
            Event::MappingStart(style, anchor, _) => self.mapping(name, style, anchor, span),
            Event::Alias(anchor) => self.alias(name, anchor, span),
            _ => Err(self.fault("found nothing, expected a value", span)),
        }
    }

    fn add(&mut self, name: Name, kind: Kind, span: Range<usize>, anchor: usize, extent: Extent) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { kind, extent });
        }
        self.builder.add(name, kind, Span::new(span.start, span.end));
    }

    fn sequence(
        &mut self,
        name: Name,
        style: StructureStyle,
        anchor: usize,
        span: Range<usize>,
    ) -> Read<Extent> {
        let open = self.builder.open();
        let mut extent = Extent::default();
        loop {
            let (event, marks) = self.next_marks()?;
            if matches!(event, Event::SequenceEnd) {
                self.close(style, &marks);
                break;
            }
            self.path.push(Step::Index(open.len(&self.builder)));
            extent.around(self.value(Name::default(), event, &marks)?);
            self.path.pop();
        }
        let kind = Kind::Array(self.builder.close(open));
        self.add(name, kind, span.start..self.end.max(span.end), anchor, extent);
        Ok(extent)
    }

    fn mapping(
        &mut self,
        name: Name,
        style: StructureStyle,
        anchor: usize,
        span: Range<usize>,
    ) -> Read<Extent> {
        let open = self.builder.open();
        let mut extent = Extent::default();
        let mut merged = Vec::new();
        loop {
            let (event, marks) = self.next_marks()?;
            let key_span = bytes(&marks);
            let (key, style_of_key) = match event {
                Event::MappingEnd => {
                    self.close(style, &marks);
                    break;
                }
                Event::Scalar(key, style, ..) => (key, style),
                _ => {
                    return Err(self.fault("found no string, expected a field's name", key_span));
                }
            };
            self.end = key_span.end;
            if &*key == "<<" && style_of_key == ScalarStyle::Plain {
                self.merge_key(&mut merged, &mut extent)?;
                continue;
            }
            let is_written = self.text.get(key_span.clone()) == Some(&*key);
            let text = if is_written { Text::written(key_span.clone()) } else { self.builder.meant(&key) };
            extent.bytes = extent.bytes.saturating_add(key.len());
            self.path.push(Step::Key(text));
            let (event, marks) = self.next_marks()?;
            let field = self.builder.name(text, Span::new(key_span.start, key_span.end));
            extent.around(self.value(field, event, &marks)?);
            self.path.pop();
        }
        let Self { builder, faults, path, .. } = self;
        for (name, span) in builder.duplicates(open) {
            let pointer = fault::pointer(path, |name| builder.text(name)).join(name);
            faults.push(fault::duplicate(pointer, name, span));
        }
        for children in merged {
            self.builder.merge(open, children);
        }
        let kind = Kind::Object(self.builder.close(open));
        self.add(name, kind, span.start..self.end.max(span.end), anchor, extent);
        Ok(extent)
    }

    /// Reads what follows `<<`: an alias of an object, or several.
    fn merge_key(&mut self, merged: &mut Vec<Children>, extent: &mut Extent) -> Read<()> {
        let (mut event, mut marks) = self.next_marks()?;
        let is_list = matches!(event, Event::SequenceStart(..));
        loop {
            if is_list {
                (event, marks) = self.next_marks()?;
            }
            let span = bytes(&marks);
            self.end = span.end;
            match event {
                Event::SequenceEnd if is_list => return Ok(()),
                Event::Alias(anchor) => {
                    let anchored = self.anchored(anchor, &span)?;
                    let Kind::Object(children) = anchored.kind else {
                        return Err(self.fault("found no object behind `<<`, expected one", span));
                    };
                    merged.push(children);
                    extent.around(anchored.extent);
                }
                _ => return Err(self.fault("found no alias behind `<<`, expected one", span)),
            }
            if !is_list {
                return Ok(());
            }
        }
    }

    fn alias(&mut self, name: Name, anchor: usize, span: Range<usize>) -> Read<Extent> {
        let Anchored { kind, extent } = self.anchored(anchor, &span)?;
        self.end = span.end;
        self.builder.add(name, kind, Span::new(span.start, span.end));
        Ok(extent)
    }

    /// What an alias stands for, within bounds.
    fn anchored(&mut self, anchor: usize, span: &Range<usize>) -> Read<Anchored> {
        let Some(anchored) = self.anchors.get(&anchor).copied() else {
            return Err(self.fault("this alias stands for something that holds it", span.clone()));
        };
        self.aliased = self.aliased.saturating_add(anchored.extent.bytes);
        if self.aliased > MAX_ALIASED_BYTES {
            let message = format!("the aliases stand for more than {MAX_ALIASED_BYTES} bytes");
            return Err(self.fault(message, span.clone()));
        }
        if self.path.len() + anchored.extent.depth > MAX_DEPTH {
            let message = format!("arrays and objects nest more than {MAX_DEPTH} deep");
            return Err(self.fault(message, span.clone()));
        }
        Ok(anchored)
    }

    fn close(&mut self, style: StructureStyle, marks: &Marks) {
        if style == StructureStyle::Flow {
            self.end = bytes(marks).end;
        }
    }

    /// The bytes of a scalar; those of a block with its `|` or `>` and without the blank lines behind it.
    fn scalar_span(&self, style: ScalarStyle, span: Range<usize>, after: Option<usize>) -> Range<usize> {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return span;
        }
        let from = after.unwrap_or(self.end).min(span.start);
        let start = self.text[from..span.start].find(['|', '>']).map_or(span.start, |at| from + at);
        let end = start + self.text[start..span.end].trim_end().len();
        start..end
    }

    fn scalar(
        &mut self,
        meant: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: &Range<usize>,
    ) -> Read<Kind> {
        let is_string = match tag {
            Some(tag) => !matches!(tag.core_suffix(), Some("null" | "bool" | "int" | "float")),
            None => style != ScalarStyle::Plain,
        };
        if !is_string {
            match meant {
                "" | "~" | "null" | "Null" | "NULL" => return Ok(Kind::Null),
                "true" | "True" | "TRUE" => return Ok(Kind::Bool(true)),
                "false" | "False" | "FALSE" => return Ok(Kind::Bool(false)),
                _ => {}
            }
            if is_json_number(meant) && number(meant).is_some() && style == ScalarStyle::Plain {
                return Ok(Kind::Number(Text::written(span.clone())));
            }
            if let Some(number) = core_number(meant) {
                if !number.is_finite() {
                    return Err(self.fault(format!("found `{meant}`, JSON has no such number"), span.clone()));
                }
                let spelled = crate::Value::from(number).to_string();
                return Ok(Kind::Number(self.builder.meant(&spelled)));
            }
        }
        let is_written = self.text.get(span.clone()) == Some(meant);
        Ok(Kind::String(if is_written { Text::written(span.clone()) } else { self.builder.meant(meant) }))
    }

    fn fault(&self, message: impl std::fmt::Display, bytes: Range<usize>) -> Box<TextFault> {
        let pointer = fault::pointer(&self.path, |name| self.builder.text(name));
        Box::new(fault::syntax(invalid_yaml::CODE, pointer, message, bytes))
    }
}

/// Whether a string may be written without quotes, in a block: nobody takes it for something else.
pub(super) fn is_plain_string(text: &str) -> bool {
    // Also what older versions of YAML take for a boolean.
    const WORDS: [&str; 11] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"];
    let begins = text.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$' | '/'));
    let is_usual = |letter: char| letter == ' ' || letter.is_ascii_graphic() || letter.is_alphanumeric();
    begins
        && text.chars().all(is_usual)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn bytes(marks: &Marks) -> Range<usize> {
    marks.byte_range().unwrap_or_default()
}

/// The function of CloudFormation that a short tag names.
fn function(tag: &Tag) -> Option<String> {
    let (handle, suffix) = tag.parts();
    if handle != "!" || suffix.is_empty() {
        return None;
    }
    Some(match suffix {
        "Ref" | "Condition" => suffix.to_owned(),
        _ => format!("Fn::{suffix}"),
    })
}

/// A number of YAML's core schema that JSON would not write so.
fn core_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().map(f64::from);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned == text => Some(f64::NAN),
        _ => match (unsigned.get(..2), unsigned == text) {
            (Some("0x"), true) => radix(&unsigned[2..], 16),
            (Some("0o"), true) => radix(&unsigned[2..], 8),
            _ => {
                let is_part =
                    |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
                let begins = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
                (begins && unsigned.bytes().all(is_part)).then(|| text.parse().ok()).flatten()
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Format};

    fn check(text: &str, expected: &str) {
        let found = Document::parse(text, Format::Yaml).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(found.to_value().to_string(), expected, "{text}");
    }

    fn check_fault(text: &str, expected: &str) {
        let error = Document::parse(text, Format::Yaml).expect_err(text);
        assert_eq!(error.to_string(), expected, "{text}");
    }

    #[test]
    fn scalars_have_the_types_of_the_core_schema() {
        check("[a, '1', 1, 1.50, +7, 007, 0x1F, 0o17, .5, 1e2]", r#"["a","1",1,1.5,7,7,31,15,0.5,100]"#);
        check(
            "[~, null, '', true, False, yes, !!str 1, !!int 1]",
            r#"[null,null,"",true,false,"yes","1",1]"#,
        );
        check("a:\nb: 2024-01-01T00:00:00Z", r#"{"a":null,"b":"2024-01-01T00:00:00Z"}"#);
        check("1: a\ntrue: b", r#"{"1":"a","true":"b"}"#);
        check("x: |\n  a\n   b\ny: >-\n  a\n  b", r#"{"x":"a\n b\n","y":"a b"}"#);
        check_fault("a: [.inf]", "line 1, column 5, `/a/0`: found `.inf`, JSON has no such number");
    }

    #[test]
    fn aliases_and_merge_keys_stand_for_what_they_name() {
        check("a: &x {k: [1]}\nb: *x", r#"{"a":{"k":[1]},"b":{"k":[1]}}"#);
        check("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3", r#"{"a":{"k":1,"l":2},"b":{"l":3,"k":1}}"#);
        check("- &x {k: 1}\n- &y {k: 2, l: 3}\n- <<: [*x, *y]", r#"[{"k":1},{"k":2,"l":3},{"k":1,"l":3}]"#);
        check_fault("a: &x [*x]", "line 1, column 8, `/a/0`: this alias stands for something that holds it");
    }

    #[test]
    fn short_tags_are_placeholders() {
        check("a: !Ref Name", r#"{"a":"${Name}"}"#);
        check("a: !GetAtt Name.Arn", r#"{"a":"${Name.Arn}"}"#);
        check("a: !Sub 'x-${Name}'\nb: !Sub ['${N}', {N: 1}]", r#"{"a":"x-${Name}","b":"${N}"}"#);
        check("a: !Join ['-', [x, !Ref Name]]", r#"{"a":"x-${Name}"}"#);
        check("a: !If [A, b, c]", r#"{"a":"${Fn::If}"}"#);
    }

    #[test]
    fn what_is_no_definition_in_yaml_is_reported_where_it_is() {
        check_fault("", "line 1, column 1, `/`: the text is empty, expected a value");
        check_fault("# nothing\n", "line 2, column 1, `/`: the text is empty, expected a value");
        check_fault(
            "a: 1\n---\nb: 1\n",
            "line 2, column 1, `/`: a second document begins, expected the end of the text",
        );
        check_fault("a: 1\nb:\n  c: 2\n  c: 3", "line 4, column 3, `/b/c`: the field `c` stands here twice");
        check_fault("a: \u{0}", "line 1, column 4, `/`: found the character `\\0`, expected YAML");
        check_fault("? [a]\n: b", "line 1, column 3, `/`: found no string, expected a field's name");
        let error = Document::parse("A:\n  Output: {% $x %}", Format::Yaml).expect_err("it needs quotes");
        let help = error.faults()[0].diagnostic.help.as_deref();
        assert_eq!(help, Some("put a JSONata string in quotes: `'{% ... %}'`"));
    }

    #[test]
    fn aliases_do_not_swell() {
        let level = |level: usize| {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            format!("a{level}: &a{level} [{aliases}]\n")
        };
        let bomb = "a0: &a0 [x, x, x, x]\n".to_owned() + &(1..12).map(level).collect::<String>();
        let error = Document::parse(bomb, Format::Yaml).expect_err("it swells");
        assert!(error.to_string().contains("the aliases stand for more than"), "{error}");
        let level = |level: usize| format!("a{level}: &a{level} [*a{}]\n", level - 1);
        let chain = "a0: &a0 [x]\n".to_owned() + &(1..10_000).map(level).collect::<String>();
        let error = Document::parse(chain, Format::Yaml).expect_err("it is deep");
        assert!(error.to_string().contains("nest more than 200 deep"), "{error}");
    }
}
