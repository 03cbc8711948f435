//! Amazon EventBridge: events to buses.
//! Separate because each service is a file of its own.

use super::given::object;
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Element, Expr, ExprKind, Sequence};
use crate::val::Fault;
use crate::{AnyVal, Arg, Shape, TaskCall, service_errors};

service_errors! {
    /// What putting events fails with.
    pub enum Error {
        /// An event was not taken; the others were.
        FailedEntry = "EventBridge.FailedEntry",
        /// The service failed.
        Internal = "EventBridge.InternalException" retry,
        /// Any other error.
        Other = "EventBridge.AmazonEventBridgeException",
    }
}

/// Puts events on a bus: gives their ids.
#[derive(Debug)]
pub struct Put;

/// `events:putEvents`: puts an event on a bus and gives the ids of its events. A detail is a struct or a map.
///
/// ```
/// use std::collections::BTreeMap;
/// use sfn_core::events;
///
/// let order = BTreeMap::from([("orderId".to_owned(), "o-7".to_owned())]);
/// let call = events::put("${OrdersBusName}", "shop.orders", "OrderPlaced", &order).and("shop.stock", "Reserved", &order);
/// # let _ = call;
/// ```
pub fn put(
    bus: impl Arg<String>,
    source: impl Arg<String>,
    detail_type: impl Arg<String>,
    detail: impl AnyArg,
) -> TaskCall<Put> {
    let call = TaskCall::of_service().with_argument("bus", bus).with_argument("source", source);
    call.with_argument("detail_type", detail_type).with("detail", [detail.into_any_arg()])
}

impl TaskCall<Put> {
    /// The same event, and another one.
    pub fn and(self, source: impl Arg<String>, detail_type: impl Arg<String>, detail: impl AnyArg) -> Self {
        let text = |argument| AnyVal::of_argument(argument, Shape::String);
        let (source, detail_type) = (text(source.into_arg()), text(detail_type.into_arg()));
        self.with("and", [source, detail_type, detail.into_any_arg()])
    }
}

fn entry(
    given: &Given,
    source: Option<AnyVal>,
    detail_type: Option<AnyVal>,
    detail: Option<AnyVal>,
) -> AnyVal {
    object([
        ("EventBusName", given.resource("bus")),
        ("Source", source),
        ("DetailType", detail_type),
        ("Detail", detail.map(judged)),
    ])
}

/// A detail, which must be an object.
fn judged(detail: AnyVal) -> AnyVal {
    match detail.shape() {
        Shape::Any | Shape::Record(_) | Shape::Map(_) | Shape::Enum(_) | Shape::Newtype(_) => detail,
        _ => {
            let message = "the detail of an event must be a JSON object";
            let help = "give a struct or a map";
            AnyVal::poison(Shape::Any, Fault::new("event-detail", message, help)).with_faults_of([&detail])
        }
    }
}

impl Integration for Put {
    type Output = Vec<String>;
    type Error = Error;
    const NAME: &'static str = "put_events";
    const ARGUMENTS: &'static [&'static str] = &["bus", "source", "detail_type", "detail"];

    fn request(given: &Given) -> Request {
        let first = entry(given, given.get("source"), given.get("detail_type"), given.get("detail"));
        let others = given.all("and");
        let others = others
            .map(|parts| entry(given, Some(parts.index(0)), Some(parts.index(1)), Some(parts.index(2))));
        let entries: Vec<AnyVal> = std::iter::once(first).chain(others).collect();
        let elements = entries.iter().map(|entry| Element::Plain(entry.expr.clone())).collect();
        let list = AnyVal::new(Expr::new(ExprKind::Array(elements)), Shape::Any).with_faults_of(&entries);
        Request::new("events:putEvents", object([("Entries", Some(list))]))
    }

    fn answer(result: AnyVal) -> AnyVal {
        let ids = Expr::field(&Expr::field(&result.expr, "Entries", None), "EventId", None);
        let ids = Expr::new(ExprKind::Collected(Sequence { expr: ids, nested: false }));
        AnyVal::new(ids, Shape::Array(|| Shape::String))
    }
}
