//! Payloads from other crates, each behind the feature of its crate's name.
//! Separate because none of them has parts a workflow may look into: they are strings with a syntax.

#[cfg(any(feature = "uuid", feature = "jiff", feature = "chrono"))]
macro_rules! opaque_strings {
    ($($rust:ty,)+) => {$(
        impl $crate::Payload for $rust {
            type Fields = ();

            fn shape() -> $crate::Shape {
                $crate::Shape::String
            }

            fn fields(_: &$crate::AnyVal) -> Self::Fields {}
        }
    )+};
}

#[cfg(feature = "uuid")]
opaque_strings! { uuid::Uuid, }

#[cfg(feature = "jiff")]
opaque_strings! {
    jiff::Timestamp,
    jiff::Zoned,
    jiff::civil::Date,
    jiff::civil::DateTime,
    jiff::civil::Time,
    jiff::Span,
    jiff::SignedDuration,
}

#[cfg(feature = "chrono")]
opaque_strings! {
    chrono::DateTime<chrono::Utc>,
    chrono::DateTime<chrono::FixedOffset>,
    chrono::NaiveDate,
    chrono::NaiveDateTime,
    chrono::NaiveTime,
}
