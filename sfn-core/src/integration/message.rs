//! Messages as SNS and SQS both have them: attributes, and the order of those in FIFO topics and queues.
//! Separate because the two services share the format, not each other.

use crate::ir::{Expr, ExprKind};
use crate::{AnyVal, Shape};

use super::Given;
use super::given::{object, pairs};

/// The options that calls for a message have beside those of their service.
macro_rules! message_options {
    ($($task:ty $(where $output:ident)?),+) => {$(
        impl $(<$output: crate::Payload>)? crate::TaskCall<$task> {
            /// The same message, with an attribute: a text, a number or a list of them.
            pub fn attribute(self, name: &'static str, value: impl crate::integration::AnyArg) -> Self {
                self.with("attribute", [crate::literal(name), value.into_any_arg()])
            }

            /// The same message, in order with the others of its group: only for FIFO topics and queues.
            pub fn group_id(self, group: impl crate::Arg<String>) -> Self {
                self.with_argument("group_id", group)
            }

            /// The same message, once among those of the same id: only for FIFO topics and queues.
            pub fn deduplication_id(self, id: impl crate::Arg<String>) -> Self {
                self.with_argument("deduplication_id", id)
            }
        }
    )+};
}

pub(super) use message_options;

/// The arguments of these options.
pub(super) fn arguments(given: &Given) -> [(&'static str, Option<AnyVal>); 3] {
    [
        ("MessageGroupId", given.get("group_id")),
        ("MessageDeduplicationId", given.get("deduplication_id")),
        ("MessageAttributes", pairs(given, "attribute", "the name of a message attribute", attribute)),
    ]
}

/// `MessageId` of a result.
pub(super) fn message_id(result: &AnyVal) -> AnyVal {
    AnyVal::new(Expr::field(&result.expr, "MessageId", None), Shape::String)
}

/// The type beside the text.
fn attribute(value: &AnyVal) -> AnyVal {
    let (kind, text) = match value.shape() {
        Shape::Integer(_) | Shape::Float | Shape::Float32 => ("Number", value.to_text()),
        Shape::Array(_) => {
            let text = Expr::new(ExprKind::Text(value.expr.clone()));
            ("String.Array", AnyVal::new(text, Shape::String).with_faults_of([value]))
        }
        _ => ("String", value.to_text()),
    };
    object([("DataType", Some(crate::literal(kind))), ("StringValue", Some(text))])
}
