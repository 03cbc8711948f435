//! Reads a regular expression into a tree, as leniently as JavaScript reads one without the flag `u`.
//! Separate because what may be written and how it is matched share nothing but the tree.

use super::class::Class;

/// How deep groups may nest; reading, compiling and looking around recurse as deep.
const DEEPEST: usize = 200;

/// A part of an expression.
#[derive(Debug)]
pub(super) enum Tree {
    /// One after another.
    Sequence(Vec<Tree>),
    /// One of them, the first that leads to a match.
    Alternatives(Vec<Tree>),
    Character(u32),
    Class(Class),
    LineStart,
    LineEnd,
    WordBoundary {
        is_negated: bool,
    },
    /// A group that captures, counted from 1.
    Group {
        number: usize,
        body: Box<Tree>,
    },
    /// What a group captured, again.
    BackReference(usize),
    Look {
        is_behind: bool,
        is_negated: bool,
        body: Box<Tree>,
    },
    Repeat {
        body: Box<Tree>,
        min: u32,
        max: u32,
        is_greedy: bool,
        groups: (usize, usize),
    },
}

/// An expression and how many groups it has.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) tree: Tree,
    pub(super) groups: usize,
}

pub(super) fn parse(source: &str) -> Result<Parsed, String> {
    let characters: Vec<char> = source.chars().collect();
    let names = group_names(&characters);
    for (at, name) in names.iter().enumerate() {
        if name.is_some() && names[..at].contains(name) {
            return Err(format!("the group name `{}` is used twice", name.as_deref().unwrap_or_default()));
        }
    }
    let mut parser = Parser { characters, at: 0, names, opened: 0, depth: 0 };
    let tree = parser.alternatives()?;
    match parser.peek() {
        None => Ok(Parsed { tree, groups: parser.opened }),
        Some(_) => Err("a `)` without a `(`".to_owned()),
    }
}

/// The groups that capture, with their names: a back reference may stand in front of its group.
fn group_names(characters: &[char]) -> Vec<Option<String>> {
    let mut names = Vec::new();
    let (mut at, mut in_class) = (0, false);
    while let Some(character) = characters.get(at) {
        match character {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match characters.get(at + 1..).unwrap_or_default() {
                ['?', '<', '=' | '!', ..] => {}
                ['?', '<', name @ ..] => {
                    names.push(Some(name.iter().take_while(|one| **one != '>').collect()));
                }
                ['?', ..] => {}
                _ => names.push(None),
            },
            _ => {}
        }
        at += 1;
    }
    names
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    names: Vec<Option<String>>,
    /// How many capturing groups have been opened.
    opened: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn eat(&mut self, text: &str) -> bool {
        let is_here = self.is_at(text);
        if is_here {
            self.at += text.len();
        }
        is_here
    }

    /// Whether these characters, which are ASCII, come next.
    fn is_at(&self, text: &str) -> bool {
        let next = self.characters.get(self.at..self.at + text.len());
        next.is_some_and(|next| next.iter().copied().eq(text.chars()))
    }

    fn alternatives(&mut self) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("groups nest deeper than {DEEPEST} levels"));
        }
        let mut alternatives = vec![self.sequence()?];
        while self.eat("|") {
            alternatives.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Tree::Alternatives(alternatives) })
    }

    fn sequence(&mut self) -> Result<Tree, String> {
        let mut terms = Vec::new();
        while self.peek().is_some_and(|next| next != '|' && next != ')') {
            terms.push(self.term()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Tree::Sequence(terms) })
    }

    fn term(&mut self) -> Result<Tree, String> {
        let (opened, is_grouped) = (self.opened, self.is_at("(?:"));
        let body = self.atom()?;
        let Some((min, max)) = self.quantifier() else { return Ok(body) };
        if min > max {
            return Err("the numbers of a quantifier are out of order".to_owned());
        }
        let is_ahead = matches!(body, Tree::Look { is_behind: false, .. });
        let is_assertion =
            matches!(body, Tree::LineStart | Tree::LineEnd | Tree::WordBoundary { .. } | Tree::Look { .. });
        if is_assertion && !is_ahead && !is_grouped {
            return Err("nothing to repeat".to_owned());
        }
        let is_greedy = !self.eat("?");
        let groups = (opened + 1, self.opened + 1);
        Ok(Tree::Repeat { body: Box::new(body), min, max, is_greedy, groups })
    }

    /// A quantifier, if one stands here; braces that are none are characters like others.
    fn quantifier(&mut self) -> Option<(u32, u32)> {
        let start = self.at;
        let bounds = match self.next()? {
            '*' => Some((0, u32::MAX)),
            '+' => Some((1, u32::MAX)),
            '?' => Some((0, 1)),
            '{' => self.braces(),
            _ => None,
        };
        if bounds.is_none() {
            self.at = start;
        }
        bounds
    }

    /// What follows the brace that opens a quantifier.
    fn braces(&mut self) -> Option<(u32, u32)> {
        let min = self.number()?;
        let max = if self.eat(",") {
            if self.peek() == Some('}') { u32::MAX } else { self.number()? }
        } else {
            min
        };
        self.eat("}").then_some((min, max))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            self.at += 1;
            number = Some(number.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
        }
        number
    }

    fn atom(&mut self) -> Result<Tree, String> {
        if self.quantifier().is_some() {
            return Err("nothing to repeat".to_owned());
        }
        Ok(match self.next() {
            None => Tree::Sequence(Vec::new()),
            Some('^') => Tree::LineStart,
            Some('$') => Tree::LineEnd,
            Some('.') => Tree::Class(Class::dot()),
            Some('(') => self.group()?,
            Some('[') => self.class()?,
            Some('\\') => self.escape()?,
            Some(character) => Tree::Character(character.into()),
        })
    }

    /// What follows an opening parenthesis, to the closing one.
    fn group(&mut self) -> Result<Tree, String> {
        let look =
            [("?=", (false, false)), ("?!", (false, true)), ("?<=", (true, false)), ("?<!", (true, true))];
        let look = look.into_iter().find(|(opening, _)| self.eat(opening)).map(|(_, kind)| kind);
        let number = if look.is_some() || self.eat("?:") {
            None
        } else {
            if self.eat("?") {
                self.group_name()?;
            }
            self.opened += 1;
            Some(self.opened)
        };
        let body = Box::new(self.alternatives()?);
        if !self.eat(")") {
            return Err("a `(` without a `)`".to_owned());
        }
        Ok(match (look, number) {
            (Some((is_behind, is_negated)), _) => Tree::Look { is_behind, is_negated, body },
            (None, Some(number)) => Tree::Group { number, body },
            (None, None) => *body,
        })
    }

    fn group_name(&mut self) -> Result<(), String> {
        if !self.eat("<") {
            return Err(
                "a group that begins with `(?`, expected `(?:`, `(?=`, `(?!`, `(?<=`, `(?<!` or `(?<name>`"
                    .to_owned(),
            );
        }
        let name = self.name().ok_or("a group name without a `>`")?;
        let is_identifier = |(at, one): (usize, char)| {
            one == '$' || one == '_' || if at == 0 { one.is_alphabetic() } else { one.is_alphanumeric() }
        };
        if name.is_empty() || !name.chars().enumerate().all(is_identifier) {
            return Err(format!("the group name `{name}`, expected letters and digits"));
        }
        Ok(())
    }

    /// What stands in front of the next `>`.
    fn name(&mut self) -> Option<String> {
        let rest = self.characters.get(self.at..)?;
        let length = rest.iter().position(|one| *one == '>')?;
        let name = rest[..length].iter().collect();
        self.at += length + 1;
        Some(name)
    }

    /// What follows a backslash outside of classes.
    fn escape(&mut self) -> Result<Tree, String> {
        let Some(letter) = self.peek() else { return Err("a `\\` at the end".to_owned()) };
        if let Some(class) = Class::escaped(letter) {
            self.at += 1;
            return Ok(Tree::Class(class));
        }
        match letter {
            'b' | 'B' => {
                self.at += 1;
                return Ok(Tree::WordBoundary { is_negated: letter == 'B' });
            }
            'k' if self.names.iter().any(Option::is_some) => {
                self.at += 1;
                let name = if self.eat("<") { self.name() } else { None };
                let number =
                    name.and_then(|name| self.names.iter().position(|one| one.as_ref() == Some(&name)));
                return number
                    .map(|at| Tree::BackReference(at + 1))
                    .ok_or_else(|| "`\\k` without the name of a group".to_owned());
            }
            '1'..='9' => {
                let start = self.at;
                let number = self.number().unwrap_or(u32::MAX) as usize;
                if number <= self.names.len() {
                    return Ok(Tree::BackReference(number));
                }
                self.at = start;
            }
            _ => {}
        }
        Ok(Tree::Character(self.character_escape(false)))
    }

    /// The character that what follows a backslash stands for.
    fn character_escape(&mut self, in_class: bool) -> u32 {
        let Some(letter) = self.next() else { return u32::from('\\') };
        match letter {
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 0x09,
            'v' => 0x0B,
            'c' => match self.peek() {
                Some(control)
                    if control.is_ascii_alphabetic()
                        || in_class && (control.is_ascii_digit() || control == '_') =>
                {
                    self.at += 1;
                    u32::from(control) % 32
                }
                _ => {
                    // Not a control character: the backslash is a character, and the `c` another one.
                    self.at -= 1;
                    u32::from('\\')
                }
            },
            '0'..='7' => self.octal(letter),
            'x' => self.hexadecimal(2).unwrap_or_else(|| 'x'.into()),
            'u' => self.code_unit().unwrap_or_else(|| 'u'.into()),
            other => other.into(),
        }
    }

    /// Up to three octal digits, no more than 255.
    fn octal(&mut self, first: char) -> u32 {
        let mut number = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|next| next.to_digit(8)) else { break };
            if number * 8 + digit > 0xFF {
                break;
            }
            number = number * 8 + digit;
            self.at += 1;
        }
        number
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text = self.characters.get(self.at..self.at + digits)?;
        let number = text.iter().try_fold(0, |number, digit| Some(number * 16 + digit.to_digit(16)?))?;
        self.at += digits;
        Some(number)
    }

    /// Four digits, and with them the other half of a pair.
    fn code_unit(&mut self) -> Option<u32> {
        let unit = self.hexadecimal(4)?;
        let start = self.at;
        if (0xD800..0xDC00).contains(&unit) && self.eat("\\u") {
            match self.hexadecimal(4) {
                Some(low @ 0xDC00..0xE000) => {
                    return Some(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                }
                _ => self.at = start,
            }
        }
        Some(unit)
    }

    /// What follows an opening bracket, to the closing one.
    fn class(&mut self) -> Result<Tree, String> {
        let mut class = Class::default();
        if self.eat("^") {
            class.negate();
        }
        while !self.eat("]") {
            let first = self.class_atom()?;
            let rest = self.characters.get(self.at..).unwrap_or_default();
            if !matches!(rest, ['-', behind, ..] if *behind != ']') {
                first.add_to(&mut class);
                continue;
            }
            self.at += 1;
            let last = self.class_atom()?;
            match (&first, &last) {
                (Member::Character(first), Member::Character(last)) if first > last => {
                    return Err("a range of characters that is out of order".to_owned());
                }
                (Member::Character(first), Member::Character(last)) => class.add(*first, *last),
                _ => {
                    first.add_to(&mut class);
                    last.add_to(&mut class);
                    class.add('-'.into(), '-'.into());
                }
            }
        }
        Ok(Tree::Class(class))
    }

    fn class_atom(&mut self) -> Result<Member, String> {
        match self.next() {
            None => Err("a `[` without a `]`".to_owned()),
            Some('\\') => {
                let Some(letter) = self.peek() else { return Err("a `\\` at the end".to_owned()) };
                if let Some(class) = Class::escaped(letter) {
                    self.at += 1;
                    return Ok(Member::Class(class));
                }
                if self.eat("b") {
                    return Ok(Member::Character(0x08));
                }
                Ok(Member::Character(self.character_escape(true)))
            }
            Some(character) => Ok(Member::Character(character.into())),
        }
    }
}

/// One entry of a class.
enum Member {
    Character(u32),
    Class(Class),
}

impl Member {
    fn add_to(&self, class: &mut Class) {
        match self {
            Self::Character(character) => class.add(*character, *character),
            Self::Class(other) => class.add_all(other),
        }
    }
}
