//! The shape of what a tuple struct or a tuple variant makes, told by its constructor's name alone.
//! Separate from `construct` because the twin must name the constructor without calling it: rustc judges its arguments in the user's own function.

use crate::{Payload, Shape};

/// A function that makes a payload: `Cents` of `struct Cents(u32)`, `Event::Paid` of `enum Event { Paid(Charge) }`.
///
/// `Marker` only tells the kinds of functions apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make a payload [not-a-payload]",
    label = "a workflow can only build payloads",
    note = "add `#[derive(Serialize, Deserialize, Payload)]` to the type, or move the call into a `#[task]`"
)]
pub trait Constructor<Marker> {
    /// What it makes.
    type Made: Payload;
}

/// The shape of what `constructor` makes. It is never called.
///
/// ```
/// assert!(matches!(sfn_core::shape_of_constructor(Some::<u32>), sfn_core::Shape::Option(_)));
/// ```
pub fn shape_of_constructor<F: Constructor<M>, M>(_constructor: F) -> Shape {
    F::Made::shape()
}

macro_rules! constructor {
    ($($argument:ident)+) => {
        impl<F, T: Payload, $($argument),+> Constructor<fn($($argument),+) -> T> for F
        where
            F: Fn($($argument),+) -> T,
        {
            type Made = T;
        }
    };
}

constructor!(A);
constructor!(A B);
constructor!(A B C);
constructor!(A B C D);
constructor!(A B C D E);
constructor!(A B C D E G);
constructor!(A B C D E G H);
constructor!(A B C D E G H I);
