//! What an evaluation gets from outside: variables, the time, randomness and limits.
//! Separate so that the evaluator has no ambient clock, no ambient randomness and no unbounded appetite.

use std::sync::Arc;

use crate::value::{Object, Value};

/// The time, the seed of randomness and the limits of one evaluation.
///
/// ```
/// use sfn_jsonata::{Bindings, Environment, Expression, Value};
///
/// let environment = Environment { now_millis: 1_700_000_000_000, ..Environment::default() };
/// let now: Expression = "$now()".parse()?;
/// let value = now.evaluate(&Value::Null, &Bindings::new(), &environment).unwrap();
/// assert_eq!(value, Some(Value::from("2023-11-14T22:13:20.000Z")));
/// # Ok::<(), sfn_jsonata::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// What `$now()` and `$millis()` say, in milliseconds since the Unix epoch.
    pub now_millis: i64,
    /// Where `$random()`, `$shuffle()` and `$uuid()` start from; equal seeds give equal results.
    pub random_seed: u64,
    /// How much the evaluation may consume.
    pub limits: Limits,
}

/// Bounds on one evaluation; crossing one is an [`EvaluateError`](crate::EvaluateError) with the code `U1001`.
///
/// ```
/// use sfn_jsonata::{Bindings, Environment, Expression, Limits, Value};
///
/// let endless: Expression = "($f := function() { $f() }; $f())".parse()?;
/// let limits = Limits { steps: 10_000, ..Limits::default() };
/// let environment = Environment { limits, ..Environment::default() };
/// let error = endless.evaluate(&Value::Null, &Bindings::new(), &environment).unwrap_err();
/// assert_eq!(error.code, "U1001");
/// # Ok::<(), sfn_jsonata::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes of the syntax tree that may be evaluated, each time counted; eight steps of a search for a regular
    /// expression count as one.
    pub steps: u64,
    /// Nodes that may be under evaluation at the same time.
    pub depth: u32,
    /// Bytes of the thread's stack that the evaluation may use; the default leaves a stack of 2 MiB half free.
    pub stack: usize,
    /// Elements of an array that is made, inner arrays and objects, their elements and the names of fields and, by
    /// the dozen, the characters of strings counted along.
    pub sequence: usize,
    /// Bytes of a string that an operator or a function may make.
    pub string: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 10_000_000, depth: 1_000, stack: 1 << 20, sequence: 10_000_000, string: 64 << 20 }
    }
}

/// Variables by name, without the `$`; a child sees its parent's where it has none of its own.
///
/// ```
/// use std::sync::Arc;
/// use sfn_jsonata::{Bindings, Value};
///
/// let mut outer = Bindings::new();
/// outer.insert("total", Value::from(150));
/// let mut inner = Bindings::child_of(Arc::new(outer));
/// inner.insert("item", Value::from("a"));
/// assert_eq!(inner.get("total"), Some(&Value::from(150)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    own: Object,
    parent: Option<Arc<Bindings>>,
}

impl Bindings {
    /// No variables.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Bindings::new().get("states"), None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// No variables of its own, and all of its parent's.
    ///
    /// ```
    /// use sfn_jsonata::Bindings;
    ///
    /// let inner = Bindings::child_of(std::sync::Arc::new(Bindings::new()));
    /// assert_eq!(inner.get("x"), None);
    /// ```
    pub fn child_of(parent: Arc<Self>) -> Self {
        Self { own: Object::default(), parent: Some(parent) }
    }

    /// Binds a variable, over an older one of the same name.
    ///
    /// ```
    /// use sfn_jsonata::{Bindings, Value};
    ///
    /// let mut bindings = Bindings::new();
    /// bindings.insert("x", Value::Null);
    /// assert_eq!(bindings.get("x"), Some(&Value::Null));
    /// ```
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: Value) {
        self.own.insert(name, value);
    }

    /// The variables of its own, without its parent's.
    ///
    /// ```
    /// use sfn_jsonata::{Bindings, Value};
    ///
    /// let bindings = Bindings::from_iter([("x", Value::Null)]);
    /// assert_eq!(bindings.own().len(), 1);
    /// ```
    pub fn own(&self) -> &Object {
        &self.own
    }

    /// What a variable is bound to.
    ///
    /// ```
    /// assert_eq!(sfn_jsonata::Bindings::new().get("x"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut bindings = self;
        loop {
            if let Some(value) = bindings.own.get(name) {
                return Some(value);
            }
            bindings = bindings.parent.as_deref()?;
        }
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Bindings {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(variables: I) -> Self {
        Self { own: variables.into_iter().collect(), parent: None }
    }
}
