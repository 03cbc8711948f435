//! What documents call a function: a name, an ARN whole or in part, with or without a qualifier, or a placeholder.
//! Separate because whoever has functions by name must find them however they are called.

use std::borrow::Borrow;
use std::collections::BTreeMap;

/// What a document calls a function.
///
/// ```
/// use sfn_engine::lambda::FunctionName;
///
/// let full = FunctionName::new("arn:aws:lambda:eu-west-1:123456789012:function:charge:live");
/// assert_eq!(full.candidates().collect::<Vec<_>>(), [
///     "arn:aws:lambda:eu-west-1:123456789012:function:charge:live",
///     "arn:aws:lambda:eu-west-1:123456789012:function:charge",
///     "charge:live",
///     "charge",
/// ]);
/// assert_eq!(FunctionName::new("${ChargeArn}").candidates().collect::<Vec<_>>(), ["${ChargeArn}"]);
/// assert_eq!(FunctionName::new("charge:7").version(), "7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionName {
    written: String,
    /// Where the qualifier's colon is in `written`.
    colon: Option<usize>,
    /// Where the name begins in `written`.
    name: usize,
}

impl FunctionName {
    /// A function by what a document calls it.
    pub fn new(written: &str) -> Self {
        const MARK: &str = ":function:";
        let name = written.find(MARK).map_or(0, |place| place + MARK.len());
        // A colon inside a placeholder qualifies nothing.
        let after = written[name..].rfind('}').map_or(name, |place| name + place);
        let colon = written[after..].find(':').map(|place| after + place);
        Self { written: written.to_owned(), colon, name }
    }

    /// A function by name and, apart from it, a qualifier: a version or an alias.
    pub fn qualified(written: &str, qualifier: &str) -> Self {
        Self::new(&format!("{}:{qualifier}", Self::new(written).unqualified()))
    }

    fn unqualified(&self) -> &str {
        &self.written[..self.colon.unwrap_or(self.written.len())]
    }

    fn qualifier(&self) -> Option<&str> {
        self.colon.map(|colon| &self.written[colon + 1..])
    }

    /// The names under which it may be known, the most particular first.
    pub fn candidates(&self) -> impl Iterator<Item = &str> {
        let candidates = [
            self.written.as_str(),
            self.unqualified(),
            &self.written[self.name..],
            &self.unqualified()[self.name..],
        ];
        let is_new = move |place: usize| !candidates[..place].contains(&candidates[place]);
        (0..candidates.len()).filter(move |place| is_new(*place)).map(move |place| candidates[place])
    }

    /// What a map has under the first of the names it knows.
    pub fn find<'m, K: Borrow<str> + Ord, V>(&self, map: &'m BTreeMap<K, V>) -> Option<&'m V> {
        self.candidates().find_map(|name| map.get(name))
    }

    /// The version an invocation of it runs.
    pub fn version(&self) -> &str {
        // Which version an alias stands for is known to nobody here.
        let is_version = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
        self.qualifier().filter(is_version).unwrap_or("$LATEST")
    }

    /// Its ARN, in a region and an account where the name does not say.
    pub fn arn(&self, region: &str, account: &str) -> String {
        let qualifier = self.qualifier().unwrap_or("$LATEST");
        let unqualified = self.unqualified();
        if unqualified.starts_with("arn:") {
            return format!("{unqualified}:{qualifier}");
        }
        format!("arn:aws:lambda:{region}:{account}:function:{}:{qualifier}", &unqualified[self.name..])
    }
}
