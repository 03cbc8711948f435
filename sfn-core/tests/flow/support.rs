//! Payloads and tasks as the macros would make them, written by two small macros of our own.
//! Separate because every test of the builder needs some, and the real macros stand in another crate.

use serde::{Deserialize, Serialize};
use sfn_core::{
    AnyVal, Arg, ArgumentSpec, ErrorField, ErrorFields, ErrorSpec, Failed, Field, Origin, Pattern, Payload,
    Record, Retry, Shape, Task, TaskCall, TaskError, TaskSpec, Val, days, secs,
};

macro_rules! payload {
    ($(#[$meta:meta])* $name:ident / $fields:ident { $($field:ident as $wire:literal: $rust:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub(crate) struct $name {
            $(#[serde(rename = $wire)] pub(crate) $field: $rust,)*
        }

        pub(crate) struct $fields {
            $(pub(crate) $field: Val<$rust>,)*
        }

        impl std::fmt::Debug for $fields {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))*.finish()
            }
        }

        impl Payload for $name {
            type Fields = $fields;

            fn shape() -> Shape {
                let fields = vec![$(Field {
                    default: null_if_optional::<$rust>(),
                    ..Field::required(stringify!($field), $wire, <$rust as Payload>::shape)
                },)*];
                Shape::Record(Record { name: stringify!($name), id: concat!("support::", stringify!($name)), fields })
            }

            fn fields(value: &AnyVal) -> $fields {
                $fields { $($field: Val::from_erased(value.field(stringify!($field))),)* }
            }
        }
    };
}

macro_rules! task {
    (
        $(#[doc = $doc:literal])*
        fn $name:ident($($argument:ident: $rust:ty),*) -> $output:ty, $error:ty;
        $($option:ident: $value:expr),*
    ) => {
        #[expect(non_camel_case_types, reason = "a task is named as its function")]
        #[derive(Debug)]
        pub(crate) struct $name {}

        pub(crate) fn $name($($argument: impl Arg<$rust>),*) -> TaskCall<$name> {
            TaskCall::new(vec![$((stringify!($argument), $argument.into_arg())),*])
        }

        impl Task for $name {
            type Output = $output;
            type Error = $error;
            const SPEC: TaskSpec = TaskSpec {
                doc: concat!($($doc, "\n",)* ""),
                arguments: &[$(ArgumentSpec::new(stringify!($argument), <$rust as Payload>::shape)),*],
                $($option: $value,)*
                ..TaskSpec::new::<Self>(stringify!($name), Origin::new("src/tasks.rs", line!(), 1))
            };

            async fn run(_: serde_json::Value) -> Result<serde_json::Value, Failed> {
                Ok(serde_json::Value::Null)
            }
        }
    };
}

macro_rules! error {
    ($name:ident { $($variant:ident as $wire:literal retry $retry:literal { $($field:ident: $rust:ty),* }),* $(,)? }) => {
        #[derive(Debug)]
        pub(crate) enum $name { $($variant { $($field: $rust),* }),* }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.error_name())
            }
        }

        impl std::error::Error for $name {}

        impl TaskError for $name {
            const ERRORS: &'static [ErrorSpec] = &[$(ErrorSpec {
                variant: stringify!($variant),
                name: $wire,
                retry: $retry,
                fields: &[$(ErrorField {
                    name: stringify!($field),
                    wire: stringify!($field),
                    shape: <$rust as Payload>::shape,
                }),*],
            }),*];

            fn error_name(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $wire),* }
            }

            fn fields(&self) -> serde_json::Value {
                match self { $(Self::$variant { $($field),* } => serde_json::json!({ $(stringify!($field): $field),* })),* }
            }

            fn from_fields(name: &str, fields: serde_json::Value) -> Option<Self> {
                let mut fields = ErrorFields::new(fields);
                match name {
                    $($wire => Some(Self::$variant { $($field: fields.take(stringify!($field))?),* }),)*
                    _ => None,
                }
            }
        }
    };
}

fn null_if_optional<T: Payload>() -> Option<fn() -> serde_json::Value> {
    matches!(T::shape(), Shape::Option(_)).then_some(|| serde_json::Value::Null)
}

payload!(Line / LineFields { sku as "sku": String, quantity as "quantity": u32 });
payload!(#[expect(clippy::struct_field_names, reason = "the field is the order's identity")] Order / OrderFields {
    order_id as "orderId": String,
    customer_email as "customerEmail": String,
    lines as "lines": Vec<Line>,
    total_cents as "totalCents": u32,
    coupon as "coupon": Option<String>,
});
payload!(Reservation / ReservationFields { reservation_id as "reservationId": String });
payload!(Charge / ChargeFields { charge_id as "chargeId": String, fee_cents as "feeCents": u32 });
payload!(Approval / ApprovalFields { granted as "granted": bool, by as "by": String });
payload!(Confirmation / ConfirmationFields { order_id as "orderId": String, charge_id as "chargeId": String });

error!(StockError { InsufficientStock as "InsufficientStock" retry false { sku: String } });
error!(PaymentError {
    PaymentDeclined as "PaymentDeclined" retry false { reason: String },
    GatewayUnavailable as "Gateway.Unavailable" retry true {},
});
error!(PlainError { Refused as "Refused" retry false { why: String } });

task! {
    /// Refuses orders that make no sense.
    fn validate_order(order: Order) -> (), PlainError;
}
task! {
    /// Holds the goods of an order.
    fn reserve_inventory(order_id: String, lines: Vec<Line>) -> Reservation, StockError;
    timeout: Some(secs(60))
}
task! {
    fn release_inventory(reservation_id: String) -> (), PlainError;
}
task! {
    /// Charges the card of an order.
    ///
    /// The gateway answers within seconds.
    fn charge_payment(order_id: String, amount_cents: u32) -> Charge, PaymentError;
    timeout: Some(secs(30))
}
task! {
    fn refund_payment(charge_id: String) -> (), PlainError;
    retry: Retry::None
}
task! {
    fn email_customer(order: Order) -> String, PlainError;
}
task! {
    fn publish_fulfilled(order: Order) -> u32, PlainError;
}
task! {
    fn ping() -> u32, PlainError;
}
task! {
    fn notify(text: String) -> (), PlainError;
}
task! {
    fn pack(line: Line) -> String, PlainError;
}
task! {
    fn ship(parcels: Vec<String>, count: i32) -> String, PlainError;
}

#[expect(non_camel_case_types, reason = "a task is named as its function")]
#[derive(Debug)]
pub(crate) struct request_approval {}

pub(crate) fn request_approval(order: impl Arg<Order>) -> TaskCall<request_approval> {
    TaskCall::new(vec![("order", order.into_arg())])
}

impl Task for request_approval {
    type Output = Approval;
    type Error = PlainError;
    const SPEC: TaskSpec = TaskSpec {
        doc: "Asks a person; the answer comes back through the task token.",
        pattern: Pattern::WaitForCallback,
        arguments: &[ArgumentSpec::new("order", <Order as Payload>::shape), ArgumentSpec::token("token")],
        timeout: Some(days(3)),
        ..TaskSpec::new::<Self>("request_approval", Origin::new("src/tasks.rs", line!(), 1))
    };

    async fn run(_: serde_json::Value) -> Result<serde_json::Value, Failed> {
        Ok(serde_json::Value::Null)
    }
}
