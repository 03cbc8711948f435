//! Function signatures such as `<s-n?:s>`: reading them and checking arguments against them.
//! Separate because builtin functions and lambdas share this little language.

use crate::value::Value;

/// More parameters than any signature needs; keeps the check cheap.
const MAX_PARAMETERS: usize = 64;

/// What a function wants to be called with.
#[derive(Debug)]
pub(crate) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Debug)]
struct Parameter {
    kinds: Kinds,
    /// Anything is accepted here and put into an array if it is none.
    wraps: bool,
    /// What the elements of an array must be, as written between `<` and `>`.
    elements: Option<String>,
    /// Takes the context when the argument is left out.
    takes_context: bool,
    /// How many arguments it takes at least and at most.
    least: usize,
    most: usize,
}

/// A set of kinds of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const ARRAY: Self = Self(1);
    pub(crate) const BOOL: Self = Self(2);
    pub(crate) const FUNCTION: Self = Self(4);
    pub(crate) const NULL: Self = Self(8);
    pub(crate) const NUMBER: Self = Self(16);
    pub(crate) const OBJECT: Self = Self(32);
    pub(crate) const STRING: Self = Self(64);
    pub(crate) const MISSING: Self = Self(128);

    pub(crate) const ANY: Self = Self(0xff);

    /// The kind of a value; undefined is [`Kinds::MISSING`].
    pub(crate) fn of(value: Option<&Value>) -> Self {
        match value {
            None => Self::MISSING,
            Some(Value::Null) => Self::NULL,
            Some(Value::Bool(_)) => Self::BOOL,
            Some(Value::Number(_)) => Self::NUMBER,
            Some(Value::String(_)) => Self::STRING,
            Some(Value::Array(_)) => Self::ARRAY,
            Some(Value::Object(fields)) if fields.function().is_some() => Self::FUNCTION,
            Some(Value::Object(fields)) if fields.is_undefined() => Self::MISSING,
            Some(Value::Object(_)) => Self::OBJECT,
        }
    }

    fn from_symbol(symbol: char) -> Option<Self> {
        Some(match symbol {
            'a' => Self::ARRAY,
            'b' => Self::BOOL,
            'f' => Self::FUNCTION,
            'l' => Self::NULL,
            'n' => Self::NUMBER,
            'o' => Self::OBJECT,
            's' => Self::STRING,
            'm' => Self::MISSING,
            _ => return None,
        })
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether some kind is in both sets.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// In words, besides undefined: `a number or a string`. Nothing for what may be anything.
    pub(crate) fn name(self) -> Option<String> {
        const NAMES: [(Kinds, &str); 7] = [
            (Kinds::ARRAY, "an array"),
            (Kinds::BOOL, "a boolean"),
            (Kinds::FUNCTION, "a function"),
            (Kinds::NULL, "null"),
            (Kinds::NUMBER, "a number"),
            (Kinds::OBJECT, "an object"),
            (Kinds::STRING, "a string"),
        ];
        let names: Vec<_> =
            NAMES.iter().filter(|(kind, _)| self.overlaps(*kind)).map(|(_, name)| *name).collect();
        (1..NAMES.len()).contains(&names.len()).then(|| names.join(" or "))
    }
}

/// A signature that cannot be read.
#[derive(Debug)]
pub(super) struct SignatureError {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Arguments that do not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The argument with this number (from 1) does not fit.
    Argument(usize),
    /// The context does not fit in place of the argument with this number.
    Context(usize),
    /// The argument must be an array of these.
    Elements(usize, &'static str),
}

impl Signature {
    /// Reads the text between and including `<` and `>`.
    pub(super) fn parse(text: &str) -> Result<Self, SignatureError> {
        let symbols: Vec<char> = text.chars().collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut at = 1;
        while at < symbols.len() && symbols[at] != ':' {
            let symbol = symbols[at];
            match symbol {
                's' | 'n' | 'b' | 'l' | 'o' | 'a' | 'f' | 'j' | 'x' => parameters.push(Parameter::of(symbol)),
                '(' => {
                    let end = closing(&symbols, at, '(', ')');
                    let choice = &symbols[at + 1..end];
                    if choice.contains(&'<') {
                        return Err(SignatureError {
                            code: "S0402",
                            message: "a choice of types cannot contain parameterized types".to_owned(),
                        });
                    }
                    let kinds = choice.iter().filter_map(|symbol| Kinds::from_symbol(*symbol));
                    let kinds = kinds.fold(Kinds::MISSING, Kinds::with);
                    parameters.push(Parameter::one(kinds));
                    at = end;
                }
                '<' => {
                    let Some(parameter) = parameters.last_mut().filter(|parameter| parameter.takes_type())
                    else {
                        return Err(SignatureError {
                            code: "S0401",
                            message: "type parameters can only follow arrays `a` and functions `f`"
                                .to_owned(),
                        });
                    };
                    let end = closing(&symbols, at, '<', '>');
                    parameter.elements = Some(symbols[at + 1..end].iter().collect());
                    at = end;
                }
                '-' | '?' | '+' => {
                    if let Some(parameter) = parameters.last_mut() {
                        parameter.takes_context |= symbol == '-';
                        if symbol == '+' {
                            parameter.most = usize::MAX;
                        } else {
                            parameter.least = 0;
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        if parameters.len() > MAX_PARAMETERS {
            let message = format!("{} parameters, expected at most {MAX_PARAMETERS}", parameters.len());
            return Err(SignatureError { code: "S0900", message });
        }
        Ok(Self { parameters })
    }

    /// A signature that is part of this crate.
    pub(crate) fn builtin(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self { parameters: Vec::new() })
    }

    /// Checks the arguments, fills in the context and wraps what must be an array.
    pub(crate) fn validate(
        &self,
        arguments: Vec<Option<Value>>,
        context: Option<&Value>,
    ) -> Result<Vec<Option<Value>>, Mismatch> {
        let kinds: Vec<Kinds> = arguments.iter().map(|argument| Kinds::of(argument.as_ref())).collect();
        let Some(counts) = distribute(&self.parameters, &kinds, true) else {
            return Err(Mismatch::Argument(self.first_misfit(&kinds)));
        };
        let mut validated = Vec::with_capacity(self.parameters.len());
        let mut arguments = arguments.into_iter();
        let mut at = 0;
        for (parameter, count) in self.parameters.iter().zip(counts) {
            if count == 0 {
                if !parameter.takes_context {
                    validated.push(arguments.next().flatten());
                    at += 1;
                } else if parameter.kinds.overlaps(Kinds::of(context)) {
                    validated.push(context.cloned());
                } else {
                    return Err(Mismatch::Context(at + 1));
                }
                continue;
            }
            for _ in 0..count {
                let argument = arguments.next().flatten();
                validated.push(if parameter.wraps { parameter.wrapped(argument, at)? } else { argument });
                at += 1;
            }
        }
        Ok(validated)
    }

    /// The number of the first argument that cannot fit, where each may be of any of its kinds; one past the last
    /// argument when there are too few.
    pub(crate) fn misfit(&self, kinds: &[Kinds]) -> Option<usize> {
        let fits = distribute(&self.parameters, kinds, true).is_some();
        (!fits).then(|| self.first_misfit(kinds))
    }

    /// How many arguments it takes at least and at most.
    pub(crate) fn arity(&self) -> (usize, usize) {
        let least = self.parameters.iter().map(|parameter| parameter.least).sum();
        let most =
            self.parameters.iter().fold(0_usize, |most, parameter| most.saturating_add(parameter.most));
        (least, most)
    }

    /// What the parameter of a number, from 1, takes.
    pub(crate) fn expected(&self, number: usize) -> Kinds {
        self.parameters.get(number - 1).map_or(Kinds::ANY, |parameter| parameter.kinds)
    }

    /// The number of the argument up to which a prefix of the parameters fits.
    fn first_misfit(&self, kinds: &[Kinds]) -> usize {
        let mut good = 0;
        for end in 1..=self.parameters.len() {
            match distribute(&self.parameters[..end], kinds, false) {
                Some(counts) => good = counts.iter().sum(),
                None => break,
            }
        }
        good + 1
    }
}

impl Parameter {
    fn of(symbol: char) -> Self {
        let kinds = match symbol {
            'f' => Kinds::FUNCTION,
            'a' | 'x' => Kinds::ANY,
            'j' => Kinds(Kinds::ANY.0 & !Kinds::FUNCTION.0),
            symbol => Kinds::from_symbol(symbol).unwrap_or_default().with(Kinds::MISSING),
        };
        Self { wraps: symbol == 'a', ..Self::one(kinds) }
    }

    fn one(kinds: Kinds) -> Self {
        Self { kinds, wraps: false, elements: None, takes_context: false, least: 1, most: 1 }
    }

    /// Type parameters may follow arrays and functions only.
    fn takes_type(&self) -> bool {
        self.wraps || self.kinds == Kinds::FUNCTION
    }

    /// The argument as an array whose elements are what the signature wants.
    fn wrapped(&self, argument: Option<Value>, at: usize) -> Result<Option<Value>, Mismatch> {
        let Some(value) = argument else { return Ok(None) };
        let is_array = matches!(value, Value::Array(_));
        if let Some(elements) = &self.elements {
            let wanted = elements.chars().next().and_then(Kinds::from_symbol).unwrap_or_default();
            let fits = match &value {
                Value::Array(items) => items.iter().all(|item| Kinds::of(Some(item)) == wanted),
                single => elements.len() == 1 && Kinds::of(Some(single)) == wanted,
            };
            if !fits {
                return Err(Mismatch::Elements(at + 1, plural(elements)));
            }
        }
        Ok(Some(if is_array { value } else { Value::from(vec![value]) }))
    }
}

fn plural(elements: &str) -> &'static str {
    match elements {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => "values",
    }
}

/// The position of the bracket that closes the one at `start`, or the end.
fn closing(symbols: &[char], start: usize, open: char, close: char) -> usize {
    let mut depth = 0_usize;
    for (at, symbol) in symbols.iter().enumerate().skip(start) {
        if *symbol == open {
            depth += 1;
        } else if *symbol == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    symbols.len()
}

/// How many arguments each parameter takes: as many as it can, given that the others must get theirs.
fn distribute(parameters: &[Parameter], kinds: &[Kinds], all: bool) -> Option<Vec<usize>> {
    let one_each = parameters.len() == kinds.len()
        && parameters.iter().zip(kinds).all(|(parameter, kind)| parameter.kinds.overlaps(*kind));
    if one_each {
        return Some(vec![1; kinds.len()]);
    }
    let width = kinds.len() + 1;
    let mut search = Search { parameters, kinds, all, failed: vec![false; (parameters.len() + 1) * width] };
    let mut counts = Vec::with_capacity(parameters.len());
    search.fits(0, 0, &mut counts).then_some(counts)
}

struct Search<'a> {
    parameters: &'a [Parameter],
    kinds: &'a [Kinds],
    /// Whether every argument must be taken.
    all: bool,
    /// Which pairs of parameter and argument are known to lead nowhere.
    failed: Vec<bool>,
}

impl Search<'_> {
    fn fits(&mut self, parameter: usize, argument: usize, counts: &mut Vec<usize>) -> bool {
        let Some(wanted) = self.parameters.get(parameter) else {
            return !self.all || argument == self.kinds.len();
        };
        let key = parameter * (self.kinds.len() + 1) + argument;
        if self.failed[key] {
            return false;
        }
        let fitting = self.kinds[argument..].iter().take_while(|kind| wanted.kinds.overlaps(**kind)).count();
        for count in (wanted.least..=wanted.most.min(fitting)).rev() {
            counts.push(count);
            if self.fits(parameter + 1, argument + count, counts) {
                return true;
            }
            counts.pop();
        }
        self.failed[key] = true;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Mismatch, Signature, Value};

    fn check(signature: &str, arguments: &[&str], context: &str, expected: Result<&str, Mismatch>) {
        let read = |text: &str| match text {
            "undefined" => None,
            text => Some(serde_json::from_str::<Value>(text).unwrap()),
        };
        let arguments = arguments.iter().map(|text| read(text)).collect();
        let actual =
            Signature::builtin(signature).validate(arguments, read(context).as_ref()).map(|values| {
                let values = values
                    .iter()
                    .map(|value| value.as_ref().map_or("undefined".to_owned(), Value::to_string));
                values.collect::<Vec<_>>().join(" ")
            });
        assert_eq!(actual, expected.map(str::to_owned), "{signature}");
    }

    #[test]
    fn the_context_stands_in_for_a_missing_argument() {
        check("<s-nn?:s>", &["1"], r#""abc""#, Ok(r#""abc" 1 undefined"#));
        check("<s-:s>", &[], "5", Err(Mismatch::Context(1)));
    }

    #[test]
    fn single_values_become_arrays_of_the_right_elements() {
        check("<a<n>:n>", &["5"], "null", Ok("[5]"));
        check("<a<n>:n>", &[r#"[1,"a"]"#], "null", Err(Mismatch::Elements(1, "numbers")));
        check("<a<n>:n>", &["null"], "null", Err(Mismatch::Elements(1, "numbers")));
    }

    #[test]
    fn the_first_misfit_is_named() {
        check("<s-s:s>", &[r#""a""#, "1"], "null", Err(Mismatch::Argument(2)));
        check("<x-b?:s>", &["1", "true", "2"], "null", Err(Mismatch::Argument(3)));
    }
}
