//! The typed skin of a symbolic value: rustc checks what [`AnyVal`] only knows by shape.
//! Separate because it adds types and nothing else; every operation is the erased one.

use std::any::Any;
use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::AnyVal;
use crate::{Arg, Payload, Timestamp};

/// A value of type `T` that exists when the workflow runs.
///
/// It dereferences to the symbolic fields of `T`, so `order.total_cents` reads as it does in Rust.
///
/// ```
/// use sfn_core::{Val, literal};
///
/// let total: Val<u32> = Val::from_erased(literal(40_u32));
/// let more: Val<u32> = total.add(2_u32);
/// assert_eq!(more.erased().as_literal().unwrap(), 42);
/// ```
pub struct Val<T> {
    value: AnyVal,
    /// The `T::Fields`, made when they are first asked for. Erased, so that the struct itself asks nothing of `T`: a
    /// record with a field that is no payload is then one error, on that field.
    fields: OnceCell<Box<dyn Any>>,
    of: PhantomData<fn() -> T>,
}

impl<T> Val<T> {
    /// A field of a record, whose shape the record has given it: what `#[derive(Payload)]` fills a `Fields` with.
    #[doc(hidden)]
    pub fn of_field(value: AnyVal) -> Self {
        Self { value, fields: OnceCell::new(), of: PhantomData }
    }
}

impl<T: Payload> Val<T> {
    /// The value with a type, which the caller vouches for.
    pub fn from_erased(value: AnyVal) -> Self {
        Self::of_field(AnyVal { shape: T::shape(), ..value })
    }

    /// The value without its type.
    pub fn erased(&self) -> &AnyVal {
        &self.value
    }

    /// The value without its type.
    pub fn into_erased(self) -> AnyVal {
        self.value
    }

    /// The value of a block that does not end: one that returns or fails on every path.
    pub fn never() -> Self {
        Self::from_erased(AnyVal::never())
    }

    /// A struct of its fields, by their Rust names.
    ///
    /// ```
    /// use sfn_core::{Payload, Val, literal};
    ///
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/point.in")); }
    /// # use support::Point;
    /// let origin = Val::<Point>::record(vec![("x", literal(0)), ("y", literal(0))]);
    /// assert_eq!(origin.x.erased().as_literal(), Some(&serde_json::json!(0)));
    /// ```
    pub fn record(fields: Vec<(&'static str, AnyVal)>) -> Self {
        Self::from_erased(super::record(T::shape(), fields))
    }

    /// `==` on scalars, strings, enums without data, and options of these.
    pub fn eq(&self, other: impl Arg<T>) -> Val<bool> {
        Val::from_erased(self.value.eq(&AnyVal::of_argument(other.into_arg(), T::shape())))
    }

    /// `!=` on scalars, strings, enums without data, and options of these.
    pub fn ne(&self, other: impl Arg<T>) -> Val<bool> {
        Val::from_erased(self.value.ne(&AnyVal::of_argument(other.into_arg(), T::shape())))
    }

    /// `to_string()` of a string, a boolean, or an integer of at most 32 bits.
    pub fn to_text(&self) -> Val<String> {
        Val::from_erased(self.value.to_text())
    }
}

/// Names the symbolic value of a type by the type: what the fields of a derive-made struct are declared with.
pub trait ValOf {
    /// The symbolic value.
    type Val;
}

impl<T> ValOf for T {
    type Val = Val<T>;
}

/// A type whose arithmetic JSONata does as Rust does.
#[diagnostic::on_unimplemented(
    message = "there is no arithmetic on `{Self}` in a workflow [unsupported-arithmetic]",
    note = "JSONata's numbers are doubles: use integers of at most 32 bits or `f64`, or calculate inside a task"
)]
pub trait Number: Payload {}

/// A type that JSONata orders as Rust does.
#[diagnostic::on_unimplemented(
    message = "there is no order on `{Self}` in a workflow [unsupported-comparison]",
    note = "compare numbers; JSONata orders strings by UTF-16 code units, so compare strings inside a task"
)]
pub trait Ordered: Payload {}

macro_rules! marks {
    ($mark:ident: $($rust:ty),+) => { $(impl $mark for $rust {})+ };
}

marks!(Number: i8, i16, i32, u8, u16, u32, f64);
marks!(Ordered: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64, Timestamp);

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident -> $output:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name(&self, other: impl Arg<T>) -> Val<$output> {
            Val::from_erased(self.value.$name(&AnyVal::of_argument(other.into_arg(), T::shape())))
        }
    )+};
}

impl<T: Number> Val<T> {
    operations! {
        /// `+`
        add -> T;
        /// `-`
        sub -> T;
        /// `*`
        mul -> T;
        /// `/`, which truncates toward zero on integers.
        div -> T;
        /// `%`, with the sign of the dividend.
        rem -> T;
    }

    /// Unary `-`.
    pub fn neg(&self) -> Self {
        Self::from_erased(self.value.neg())
    }
}

impl<T: Ordered> Val<T> {
    operations! {
        /// `<`
        lt -> bool;
        /// `<=`
        le -> bool;
        /// `>`
        gt -> bool;
        /// `>=`
        ge -> bool;
    }
}

impl Val<bool> {
    /// `&&`
    pub fn and(&self, other: &Self) -> Self {
        Self::from_erased(self.value.and(&other.value))
    }

    /// `||`
    pub fn or(&self, other: &Self) -> Self {
        Self::from_erased(self.value.or(&other.value))
    }

    /// `!`
    pub fn not(&self) -> Self {
        Self::from_erased(self.value.not())
    }
}

impl<T: Payload> Deref for Val<T> {
    type Target = T::Fields;

    fn deref(&self) -> &T::Fields {
        let fields = self.fields.get_or_init(|| Box::new(T::fields(&self.value)));
        fields.downcast_ref().unwrap_or_else(|| unreachable!("nothing else fills the cell"))
    }
}

impl<T: Payload> Clone for Val<T> {
    fn clone(&self) -> Self {
        Self::from_erased(self.value.clone())
    }
}

impl<T: Payload> fmt::Debug for Val<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Val").field(&self.value).finish()
    }
}

impl<T: Payload> From<Val<T>> for AnyVal {
    fn from(value: Val<T>) -> Self {
        value.value
    }
}

impl<T: Payload> From<&Val<T>> for AnyVal {
    fn from(value: &Val<T>) -> Self {
        value.value.clone()
    }
}
