//! The errors of services, under the names by which Step Functions knows them.
//! Separate from a task's errors because no handler writes their cause: it is the service's own text.

/// Declares the errors that a service integration may raise, each with what the service said.
///
/// ```
/// use sfn_core::{TaskError, service_errors};
///
/// service_errors! {
///     /// What `aws-sdk:s3:headObject` fails with.
///     pub enum HeadObjectError {
///         /// There is no such object.
///         NoSuchKey = "S3.NoSuchKeyException",
///         /// Too many requests.
///         SlowDown = "S3.SlowDownException" retry,
///     }
/// }
///
/// let [missing, slow] = HeadObjectError::ERRORS else { panic!("there are two") };
/// assert_eq!((missing.name, missing.retry), ("S3.NoSuchKeyException", false));
/// assert_eq!((slow.variant, slow.retry), ("SlowDown", true));
/// ```
///
/// A `match` names the variants: `Err(Failure::Task(HeadObjectError::NoSuchKey(cause))) => ..`. Those marked `retry` are
/// retried by default.
#[macro_export]
macro_rules! service_errors {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$about:meta])* $variant:ident = $error:literal $($retry:ident)?),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$about])* $variant(::std::string::String)),+
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant(cause) => ::std::write!(formatter, "{}: {cause}", $error)),+
                }
            }
        }

        impl ::std::error::Error for $name {}

        impl $crate::TaskError for $name {
            const ERRORS: &'static [$crate::ErrorSpec] = &[
                $($crate::ErrorSpec {
                    variant: ::std::stringify!($variant),
                    name: $error,
                    retry: $crate::service_errors!(@$($retry)?),
                    fields: &[$crate::ErrorField {
                        name: "0",
                        wire: "0",
                        shape: <::std::string::String as $crate::Payload>::shape,
                    }],
                }),+
            ];
            const CAUSE_IS_TEXT: bool = true;

            fn error_name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $error),+ }
            }

            fn fields(&self) -> $crate::__serde_json::Value {
                match self { $(Self::$variant(cause) => $crate::ErrorFields::unnamed([cause.as_str().into()])),+ }
            }

            fn from_fields(error_name: &str, fields: $crate::__serde_json::Value) -> ::std::option::Option<Self> {
                let cause = $crate::ErrorFields::new(fields).take("0")?;
                match error_name {
                    $($error => ::std::option::Option::Some(Self::$variant(cause)),)+
                    _ => ::std::option::Option::None,
                }
            }
        }
    };
    (@retry) => { true };
    (@) => { false };
}
