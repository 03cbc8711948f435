//! The Intrinsic Functions there are, and what each takes.
//! Separate because this table is all that the reader and the rules know of them; the engine computes them.

use crate::Value;

/// An Intrinsic Function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// The arguments as an array.
    Array,
    /// An array cut into chunks.
    ArrayPartition,
    /// Whether an array holds a value.
    ArrayContains,
    /// The numbers from, to, in steps of.
    ArrayRange,
    /// The element of an index.
    ArrayGetItem,
    /// How many elements an array has.
    ArrayLength,
    /// An array without repetitions.
    ArrayUnique,
    /// A text, encoded.
    Base64Encode,
    /// A text, decoded.
    Base64Decode,
    /// The hash of a value.
    Hash,
    /// Two objects as one.
    JsonMerge,
    /// A text, read as JSON.
    StringToJson,
    /// A value, written as JSON.
    JsonToString,
    /// A random whole number.
    MathRandom,
    /// The sum of two whole numbers.
    MathAdd,
    /// A text cut at characters.
    StringSplit,
    /// A random identifier.
    Uuid,
    /// A text with gaps, filled.
    Format,
}

/// One parameter of an Intrinsic Function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// What it is called in messages.
    pub name: &'static str,
    /// The kind of value it takes.
    pub kind: ArgumentKind,
}

/// The kinds of value a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArgumentKind {
    /// Any value.
    Any,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A number.
    Number,
    /// A text.
    String,
    /// `true` or `false`.
    Boolean,
}

const fn parameter(name: &'static str, kind: ArgumentKind) -> Parameter {
    Parameter { name, kind }
}

/// What a function takes: these, of which the first so many are required, and any number more of the last.
struct Signature {
    name: &'static str,
    function: Function,
    parameters: &'static [Parameter],
    required: usize,
    variadic: bool,
}

const fn fixed(name: &'static str, function: Function, parameters: &'static [Parameter]) -> Signature {
    Signature { name, function, parameters, required: parameters.len(), variadic: false }
}

const ARRAY: Parameter = parameter("array", ArgumentKind::Array);
const TEXT: Parameter = parameter("text", ArgumentKind::String);
const VALUE: Parameter = parameter("value", ArgumentKind::Any);

const fn number(name: &'static str) -> Parameter {
    parameter(name, ArgumentKind::Number)
}

/// In the order of the enum.
const SIGNATURES: &[Signature] = &[
    Signature {
        name: "States.Array",
        function: Function::Array,
        parameters: &[VALUE],
        required: 0,
        variadic: true,
    },
    fixed("States.ArrayPartition", Function::ArrayPartition, &[ARRAY, number("chunk size")]),
    fixed("States.ArrayContains", Function::ArrayContains, &[ARRAY, VALUE]),
    fixed("States.ArrayRange", Function::ArrayRange, &[number("first"), number("last"), number("step")]),
    fixed("States.ArrayGetItem", Function::ArrayGetItem, &[ARRAY, number("index")]),
    fixed("States.ArrayLength", Function::ArrayLength, &[ARRAY]),
    fixed("States.ArrayUnique", Function::ArrayUnique, &[ARRAY]),
    fixed("States.Base64Encode", Function::Base64Encode, &[TEXT]),
    fixed("States.Base64Decode", Function::Base64Decode, &[TEXT]),
    fixed("States.Hash", Function::Hash, &[VALUE, parameter("algorithm", ArgumentKind::String)]),
    fixed(
        "States.JsonMerge",
        Function::JsonMerge,
        &[
            parameter("first object", ArgumentKind::Object),
            parameter("second object", ArgumentKind::Object),
            parameter("deep", ArgumentKind::Any),
        ],
    ),
    fixed("States.StringToJson", Function::StringToJson, &[TEXT]),
    fixed("States.JsonToString", Function::JsonToString, &[VALUE]),
    Signature {
        name: "States.MathRandom",
        function: Function::MathRandom,
        parameters: &[number("first"), number("end"), number("seed")],
        required: 2,
        variadic: false,
    },
    fixed("States.MathAdd", Function::MathAdd, &[number("first"), number("second")]),
    fixed("States.StringSplit", Function::StringSplit, &[TEXT, parameter("splitter", ArgumentKind::String)]),
    fixed("States.UUID", Function::Uuid, &[]),
    Signature {
        name: "States.Format",
        function: Function::Format,
        parameters: &[parameter("template", ArgumentKind::String), VALUE],
        required: 1,
        variadic: true,
    },
];

impl Function {
    /// The function of that name.
    ///
    /// ```
    /// use sfn_asl::intrinsic::Function;
    ///
    /// assert_eq!(Function::named("States.UUID"), Some(Function::Uuid));
    /// assert_eq!(Function::named("States.Uuid"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        SIGNATURES.iter().find(|signature| signature.name == name).map(|signature| signature.function)
    }

    /// The names there are.
    ///
    /// ```
    /// assert_eq!(sfn_asl::intrinsic::Function::names().count(), 18);
    /// ```
    pub fn names() -> impl Iterator<Item = &'static str> {
        SIGNATURES.iter().map(|signature| signature.name)
    }

    /// The name.
    ///
    /// ```
    /// assert_eq!(sfn_asl::intrinsic::Function::MathAdd.name(), "States.MathAdd");
    /// ```
    pub fn name(self) -> &'static str {
        self.signature().name
    }

    /// The parameter that takes the argument of that index.
    ///
    /// ```
    /// use sfn_asl::intrinsic::{ArgumentKind, Function};
    ///
    /// assert_eq!(Function::Format.parameter(7).map(|parameter| parameter.kind), Some(ArgumentKind::Any));
    /// assert_eq!(Function::MathAdd.parameter(2), None);
    /// ```
    pub fn parameter(self, index: usize) -> Option<Parameter> {
        let signature = self.signature();
        let last = signature.parameters.last().filter(|_| signature.variadic);
        signature.parameters.get(index).or(last).copied()
    }

    /// Whether it can be called with so many arguments.
    ///
    /// ```
    /// use sfn_asl::intrinsic::Function;
    ///
    /// assert!(Function::MathRandom.takes(2) && Function::MathRandom.takes(3));
    /// assert!(!Function::Uuid.takes(1));
    /// ```
    pub fn takes(self, count: usize) -> bool {
        let signature = self.signature();
        count >= signature.required && (signature.variadic || count <= signature.parameters.len())
    }

    /// How many arguments it takes, in words.
    ///
    /// ```
    /// use sfn_asl::intrinsic::Function;
    ///
    /// assert_eq!(Function::MathRandom.arity(), "2 or 3 arguments");
    /// assert_eq!(Function::Format.arity(), "at least 1 argument");
    /// ```
    pub fn arity(self) -> String {
        let Signature { required, variadic, parameters, .. } = self.signature();
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        match (parameters.len(), *required) {
            (0, _) => "no argument".to_owned(),
            (_, required) if *variadic => format!("at least {required} {}", plural(required)),
            (most, required) if most != required => format!("{required} or {most} arguments"),
            (most, _) => format!("{most} {}", plural(most)),
        }
    }

    /// The kind of value it gives; nothing when that depends on its arguments.
    ///
    /// ```
    /// use sfn_asl::intrinsic::{ArgumentKind, Function};
    ///
    /// assert_eq!(Function::StringSplit.result(), Some(ArgumentKind::Array));
    /// assert_eq!(Function::StringToJson.result(), None);
    /// ```
    pub fn result(self) -> Option<ArgumentKind> {
        Some(match self {
            Self::Array | Self::ArrayPartition | Self::ArrayRange | Self::ArrayUnique | Self::StringSplit => {
                ArgumentKind::Array
            }
            Self::ArrayContains => ArgumentKind::Boolean,
            Self::ArrayLength | Self::MathRandom | Self::MathAdd => ArgumentKind::Number,
            Self::JsonMerge => ArgumentKind::Object,
            Self::Base64Encode
            | Self::Base64Decode
            | Self::Hash
            | Self::JsonToString
            | Self::Uuid
            | Self::Format => ArgumentKind::String,
            Self::ArrayGetItem | Self::StringToJson => return None,
        })
    }

    fn signature(self) -> &'static Signature {
        &SIGNATURES[self as usize]
    }
}

impl ArgumentKind {
    /// Whether the value is of this kind.
    ///
    /// ```
    /// use sfn_asl::{Value, intrinsic::ArgumentKind};
    ///
    /// assert!(ArgumentKind::Number.accepts(&Value::from(1)));
    /// assert!(!ArgumentKind::Array.accepts(&Value::from(1)));
    /// ```
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Array => matches!(value, Value::Array(_)),
            Self::Object => matches!(value, Value::Object(_)),
            Self::Number => matches!(value, Value::Number(_)),
            Self::String => matches!(value, Value::String(_)),
            Self::Boolean => matches!(value, Value::Bool(_)),
        }
    }

    /// The kind in words.
    ///
    /// ```
    /// assert_eq!(sfn_asl::intrinsic::ArgumentKind::Array.described(), "an array");
    /// ```
    pub fn described(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Number => "a number",
            Self::String => "a text",
            Self::Boolean => "`true` or `false`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SIGNATURES;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, signature) in SIGNATURES.iter().enumerate() {
            assert_eq!(signature.function as usize, index, "{}", signature.name);
        }
    }
}
