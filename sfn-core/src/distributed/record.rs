//! Makes a payload of one of this crate's own structs, as `#[derive(Payload)]` does for everybody else's.
//! Separate because the derive writes paths of the facade, which this crate has none of.

macro_rules! record {
    ($(#[$doc:meta])* $name:ident / $fields:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty = $wire:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* #[serde(rename = $wire)] pub $field: $ty,)+
        }

        #[doc = concat!("The symbolic fields of [`", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $fields {
            $($(#[$field_doc])* pub $field: crate::Val<$ty>,)+
        }

        impl crate::Payload for $name {
            type Fields = $fields;

            fn shape() -> crate::Shape {
                crate::Shape::Record(crate::Record {
                    name: stringify!($name),
                    id: concat!("sfn_core::", stringify!($name)),
                    fields: vec![$(crate::Field::required(stringify!($field), $wire, <$ty as crate::Payload>::shape)),+],
                })
            }

            fn fields(value: &crate::AnyVal) -> Self::Fields {
                $fields { $($field: crate::Val::of_field(value.field(stringify!($field))),)+ }
            }
        }
    };
}

pub(super) use record;
