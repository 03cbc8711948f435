//! The library of functions: a table of names, signatures and implementations.
//! Separate from the evaluator so that a function is one entry here and one Rust function in a file by subject.

mod arguments;
mod array;
mod datetime;
mod encode;
mod format_number;
mod higher_order;
mod integer;
mod number;
mod object;
pub(crate) mod regex;
mod service;
mod string;

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

pub(crate) use arguments::Arguments;
pub use datetime::{read_timestamp, write_timestamp};
pub(crate) use object::clone_of;
pub(crate) use string::text_of;

use crate::evaluate::{Evaluator, Outcome};
use crate::syntax::{Kinds, Signature};

/// A function of the library.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    /// How many arguments a higher-order function passes to it.
    pub(crate) arity: usize,
    /// Whether it takes the longer the larger its arguments are.
    pub(crate) walks: bool,
    written: &'static str,
    signature: OnceLock<Option<Signature>>,
    pub(crate) run: Run,
}

type Run = for<'e, 'a> fn(&'e Evaluator<'a>, &mut Arguments) -> Outcome;

impl Builtin {
    /// The kinds of values it may give; undefined too, since most functions make that of an undefined argument.
    pub(crate) fn result(&self) -> Kinds {
        match self.written.split_once(':').map(|(_, result)| result) {
            Some("n>") => Kinds::NUMBER.with(Kinds::MISSING),
            Some("s>") => Kinds::STRING.with(Kinds::MISSING),
            Some("b>") => Kinds::BOOL.with(Kinds::MISSING),
            _ => Kinds::ANY,
        }
    }

    /// What it wants to be called with.
    pub(crate) fn signature(&self) -> Option<&Signature> {
        self.signature
            .get_or_init(|| (!self.written.is_empty()).then(|| Signature::builtin(self.written)))
            .as_ref()
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Builtin").field(&self.name).finish()
    }
}

/// Functions that look at the outside of their arguments, or count what they do by themselves.
const SHALLOW: [&str; 13] = [
    "append", "boolean", "count", "each", "exists", "filter", "lookup", "map", "not", "reduce", "sift",
    "single", "type",
];

/// The function of a name (without `$`).
pub(crate) fn find(name: &str) -> Option<&'static Builtin> {
    TABLE.get(name)
}

/// The names of all functions (without `$`), by subject.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    functions().into_iter().map(|(name, ..)| name)
}

static TABLE: LazyLock<HashMap<&'static str, Builtin, foldhash::fast::RandomState>> = LazyLock::new(|| {
    let builtins = functions().into_iter().map(|(name, arity, written, run)| {
        let walks = !SHALLOW.contains(&name);
        (name, Builtin { name, arity, walks, written, signature: OnceLock::new(), run })
    });
    builtins.collect()
});

/// Name, arity, signature and implementation of every function, by subject.
#[rustfmt::skip]
fn functions() -> [(&'static str, usize, &'static str, Run); 69] {
    [
        ("string", 1, "<x-b?:s>", string::string),
        ("length", 1, "<s-:n>", string::length),
        ("substring", 3, "<s-nn?:s>", string::substring),
        ("substringBefore", 2, "<s-s:s>", string::substring_before),
        ("substringAfter", 2, "<s-s:s>", string::substring_after),
        ("lowercase", 1, "<s-:s>", string::lowercase),
        ("uppercase", 1, "<s-:s>", string::uppercase),
        ("trim", 1, "<s-:s>", string::trim),
        ("pad", 3, "<s-ns?:s>", string::pad),
        ("join", 2, "<a<s>s?:s>", string::join),
        ("match", 3, "<s-f<s:o>n?:a<o>>", regex::matches),
        ("contains", 2, "<s-(sf):b>", regex::contains),
        ("replace", 4, "<s-(sf)(sf)n?:s>", regex::replace),
        ("split", 3, "<s-(sf)n?:a<s>>", regex::split),
        ("base64encode", 1, "<s-:s>", encode::base64_encode),
        ("base64decode", 1, "<s-:s>", encode::base64_decode),
        ("encodeUrlComponent", 1, "<s-:s>", encode::encode_url_component),
        ("encodeUrl", 1, "<s-:s>", encode::encode_url),
        ("decodeUrlComponent", 1, "<s-:s>", encode::decode_url_component),
        ("decodeUrl", 1, "<s-:s>", encode::decode_url),
        ("number", 1, "<(nsb)-:n>", number::number),
        ("floor", 1, "<n-:n>", number::floor),
        ("ceil", 1, "<n-:n>", number::ceil),
        ("round", 2, "<n-n?:n>", number::round),
        ("abs", 1, "<n-:n>", number::abs),
        ("sqrt", 1, "<n-:n>", number::sqrt),
        ("power", 2, "<n-n:n>", number::power),
        ("formatBase", 2, "<n-n?:s>", number::format_base),
        ("formatNumber", 3, "<n-so?:s>", format_number::format_number),
        ("formatInteger", 2, "<n-s:s>", integer::format_integer),
        ("parseInteger", 2, "<s-s:n>", integer::parse_integer),
        ("sum", 1, "<a<n>:n>", number::sum),
        ("max", 1, "<a<n>:n>", number::max),
        ("min", 1, "<a<n>:n>", number::min),
        ("average", 1, "<a<n>:n>", number::average),
        ("boolean", 1, "<x-:b>", object::boolean),
        ("not", 1, "<x-:b>", object::not),
        ("exists", 1, "<x:b>", object::exists),
        ("type", 1, "<x:s>", object::type_name),
        ("keys", 1, "<x-:a<s>>", object::keys),
        ("lookup", 2, "<x-s:x>", object::lookup),
        ("spread", 1, "<x-:a<o>>", object::spread),
        ("merge", 1, "<a<o>:o>", object::merge),
        ("clone", 1, "<(oa)-:o>", object::clone),
        ("error", 1, "<s?:x>", object::error),
        ("assert", 2, "<bs?:x>", object::assert),
        ("count", 1, "<a:n>", array::count),
        ("append", 2, "<xx:a>", array::append),
        ("reverse", 1, "<a:a>", array::reverse),
        ("distinct", 1, "<x:x>", array::distinct),
        ("shuffle", 1, "<a:a>", array::shuffle),
        ("zip", 0, "<a+>", array::zip),
        ("sort", 2, "<af?:a>", array::sort),
        ("map", 2, "<af>", higher_order::map),
        ("filter", 2, "<af>", higher_order::filter),
        ("single", 2, "<af?>", higher_order::single),
        ("reduce", 3, "<afj?:j>", higher_order::reduce),
        ("each", 2, "<o-f:a>", higher_order::each),
        ("sift", 2, "<o-f?:o>", higher_order::sift),
        ("now", 2, "<s?s?:s>", datetime::now),
        ("millis", 0, "<:n>", datetime::millis),
        ("toMillis", 2, "<s-s?:n>", datetime::to_millis),
        ("fromMillis", 3, "<n-s?s?:s>", datetime::from_millis),
        ("random", 1, "<n?:n>", service::random),
        ("uuid", 0, "<:s>", service::uuid),
        ("parse", 1, "<s-:x>", service::parse),
        ("hash", 2, "<s-s:s>", service::hash),
        ("range", 3, "<nnn:a>", service::range),
        ("partition", 2, "<an:a>", service::partition),
    ]
}
