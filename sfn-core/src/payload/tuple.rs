//! Tuples of payloads, of one to eight places.
//! Separate because only here each place has a symbolic value of its own type.

use crate::{AnyVal, Payload, Shape, Val};

macro_rules! tuples {
    ($(($($place:ident $index:tt),+),)+) => {$(
        impl<$($place: Payload),+> Payload for ($($place,)+) {
            type Fields = ($(Val<$place>,)+);

            fn shape() -> Shape {
                Shape::Tuple(vec![$($place::shape),+])
            }

            fn fields(value: &AnyVal) -> Self::Fields {
                ($(Val::<$place>::from_erased(value.index($index)),)+)
            }
        }
    )+};
}

tuples! {
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7),
}
