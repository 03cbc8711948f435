//! Derived shapes against what serde really writes and reads.
//! Separate because only here derive, serde and shape meet.

#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::struct_field_names,
    clippy::items_after_statements,
    clippy::trivially_copy_pass_by_ref,
    reason = "the types of a case stand in its test, and are written for their names"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::{Value, json};
use sfn::prelude::*;
use sfn::{AnyVal, Content, Field, Shape, Tagging, Val, decode, encode};

/// The value's JSON is the expected one, its shape describes it, and every absent field means what the shape says.
fn check<T: Payload + PartialEq + Debug>(value: T, expected: Value) {
    let json = encode(&value).unwrap();
    assert_eq!(json, expected);
    describes(&T::shape(), &json).unwrap_or_else(|fault| panic!("{json} is not {:?}: {fault}", T::shape()));
    assert_eq!(decode::<T>(json.clone()).unwrap(), value);
    if let (Shape::Record(record), Value::Object(object)) = (T::shape(), &json) {
        for field in record.fields.iter().filter(|field| !field.flatten && !field.skipped) {
            let mut without = object.clone();
            without.remove(field.wire);
            let read = decode::<T>(Value::Object(without.clone()));
            match field.default {
                None => assert!(read.is_err(), "`{}` may be absent", field.wire),
                Some(default) => {
                    without.insert(field.wire.to_owned(), default());
                    assert_eq!(
                        read.unwrap(),
                        decode::<T>(Value::Object(without)).unwrap(),
                        "`{}`",
                        field.wire
                    );
                }
            }
        }
    }
}

type Verdict = Result<(), String>;

fn describes(shape: &Shape, json: &Value) -> Verdict {
    let fits = match (shape, json) {
        (Shape::Any, _)
        | (Shape::Null | Shape::Option(_), Value::Null)
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Float, Value::Number(_))
        | (Shape::String, Value::String(_)) => true,
        (Shape::Integer(integer), Value::Number(number)) => {
            number.is_u64() || (integer.signed && number.is_i64())
        }
        (Shape::Option(inner), some) => return describes(&inner(), some),
        (Shape::Newtype(newtype), json) => return describes(&(newtype.inner)(), json),
        (Shape::Array(item), Value::Array(items)) => {
            return items.iter().try_for_each(|json| describes(&item(), json));
        }
        (Shape::Map(value), Value::Object(object)) => {
            return object.values().try_for_each(|json| describes(&value(), json));
        }
        (Shape::Tuple(places), Value::Array(items)) if places.len() == items.len() => {
            return places.iter().zip(items).try_for_each(|(shape, json)| describes(&shape(), json));
        }
        (Shape::Record(record), Value::Object(object)) => {
            return describes_fields(&record.fields, object, &mut Vec::new(), true);
        }
        (Shape::Enum(enumeration), json) => {
            let fits =
                |variant: &&sfn::Variant| describes_variant(enumeration.tagging, variant, json).is_ok();
            enumeration.variants.iter().filter(|variant| !variant.skipped).any(|variant| fits(&variant))
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("{json} is not {shape:?}")) }
}

fn describes_variant(tagging: Tagging, variant: &sfn::Variant, json: &Value) -> Verdict {
    let is_named = |name: Option<&Value>| name == Some(&Value::from(variant.wire));
    let content = match (tagging, json) {
        (Tagging::External, Value::String(name)) if *name == variant.wire => &Value::Null,
        (Tagging::External, Value::Object(object)) if object.len() == 1 => {
            object.get(variant.wire).ok_or("other variant")?
        }
        (Tagging::Internal { tag }, Value::Object(object)) if is_named(object.get(tag)) => {
            match &variant.content {
                Content::Struct(fields) => return describes_fields(fields, object, &mut vec![tag], true),
                Content::Unit => &Value::Null,
                _ => json,
            }
        }
        (Tagging::Adjacent { tag, content }, Value::Object(object)) if is_named(object.get(tag)) => {
            object.get(content).unwrap_or(&Value::Null)
        }
        (Tagging::Untagged, json) => json,
        _ => return Err("other variant".to_owned()),
    };
    match (&variant.content, content) {
        (Content::Unit, Value::Null) => Ok(()),
        (Content::Newtype(shape), json) if matches!(tagging, Tagging::Internal { .. }) => {
            let Shape::Record(record) = shape() else { return Err("no record".to_owned()) };
            let Value::Object(object) = json else { return Err("no object".to_owned()) };
            let Tagging::Internal { tag } = tagging else { return Err("no tag".to_owned()) };
            describes_fields(&record.fields, object, &mut vec![tag], true)
        }
        (Content::Newtype(shape), json) => describes(&shape(), json),
        (Content::Tuple(places), json) => describes(&Shape::Tuple(places.clone()), json),
        (Content::Struct(fields), Value::Object(object)) => {
            describes_fields(fields, object, &mut Vec::new(), true)
        }
        _ => Err("other content".to_owned()),
    }
}

fn describes_fields(
    fields: &[Field],
    object: &serde_json::Map<String, Value>,
    known: &mut Vec<&'static str>,
    is_outermost: bool,
) -> Verdict {
    let mut takes_rest = false;
    for field in fields.iter().filter(|field| !field.skipped) {
        match ((field.shape)(), field.flatten) {
            (Shape::Record(record), true) => describes_fields(&record.fields, object, known, false)?,
            (_, true) => takes_rest = true,
            (shape, false) => {
                known.push(field.wire);
                match object.get(field.wire) {
                    Some(json) => describes(&shape, json)?,
                    None if field.omitted => {}
                    None => return Err(format!("`{}` is absent", field.wire)),
                }
            }
        }
    }
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) if is_outermost && !takes_rest => Err(format!("`{key}` is not described")),
        _ => Ok(()),
    }
}

/// The derives every type here has.
macro_rules! payloads {
    ($($item:item)+) => {$(
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Payload)]
        $item
    )+};
}

macro_rules! choices {
    ($($item:item)+) => {$(
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
        $item
    )+};
}

#[test]
fn names_are_serdes() {
    payloads! {
        #[serde(rename_all = "camelCase")]
        struct Order {
            order_id: String,
            #[serde(rename = "cents")]
            total_cents: u32,
            r#type: char,
            #[serde(skip)]
            seen: bool,
        }
    }
    check(
        Order { order_id: "o".into(), total_cents: 5, r#type: 'x', seen: false },
        json!({ "orderId": "o", "cents": 5, "type": "x" }),
    );
    let Shape::Record(order) = Order::shape() else { panic!() };
    assert_eq!(order.name, "Order");
    assert_eq!(
        order.fields.iter().map(|field| field.name).collect::<Vec<_>>(),
        ["order_id", "total_cents", "type", "seen"]
    );
}

#[test]
fn absence_means_what_it_means_to_serde() {
    fn seven() -> u8 {
        7
    }
    mod hex {
        use serde::{Deserialize, Deserializer, Serializer};

        pub(super) fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&format!("{value:x}"))
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
            u8::from_str_radix(&String::deserialize(deserializer)?, 16).map_err(serde::de::Error::custom)
        }
    }
    payloads! {
        struct Fields {
            plain: u8,
            option: Option<u8>,
            boxed: Box<Option<u8>>,
            wrapped: Transparent,
            #[serde(skip_serializing_if = "Option::is_none")]
            omitted: Option<u8>,
            #[serde(default)]
            zero: u8,
            #[serde(default = "seven")]
            seven: u8,
            #[serde(with = "hex")]
            hex: u8,
            #[serde(with = "hex", default = "seven")]
            default_hex: u8,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            list: Vec<u8>,
        }
        #[serde(transparent)]
        struct Transparent { inner: Option<u8> }
    }
    check(
        Fields { option: Some(1), hex: 255, list: vec![1], ..Fields::default() },
        json!({ "plain": 0, "option": 1, "boxed": null, "wrapped": null, "zero": 0, "seven": 0, "hex": "ff",
            "default_hex": "0", "list": [1] }),
    );

    #[derive(Debug, PartialEq, Serialize, Deserialize, Payload)]
    #[serde(default)]
    struct Container {
        count: u8,
        #[serde(default)]
        own: u8,
    }
    impl Default for Container {
        fn default() -> Self {
            Self { count: 3, own: 4 }
        }
    }
    check(Container { count: 1, own: 2 }, json!({ "count": 1, "own": 2 }));
    let Shape::Record(container) = Container::shape() else { panic!() };
    let defaults: Vec<_> = container.fields.iter().map(|field| field.default.unwrap()()).collect();
    assert_eq!(defaults, [json!(3), json!(0)]);
}

#[test]
fn structs_of_every_style_are_described() {
    payloads! {
        struct Unit;
        struct Empty {}
        struct Newtype(Vec<u8>);
        struct Pair(u8, String);
        struct Outer {
            #[serde(flatten)]
            inner: Inner,
            #[serde(flatten)]
            rest: BTreeMap<String, u8>,
        }
        struct Inner { a: u8, b: Option<bool> }
    }
    check(Unit, json!(null));
    check(Empty {}, json!({}));
    check(Newtype(vec![1]), json!([1]));
    check(Pair(1, "x".into()), json!([1, "x"]));
    let rest = BTreeMap::from([("more".to_owned(), 2)]);
    check(Outer { inner: Inner { a: 1, b: None }, rest }, json!({ "a": 1, "b": null, "more": 2 }));
}

#[test]
fn enums_in_every_tagging_are_described() {
    payloads! { struct Inner { a: u8 } }
    choices! {
        #[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
        enum External { UnitLike, New(u8), Pair(u8, bool), Named { long_name: u8 }, #[serde(skip)] #[expect(dead_code, reason = "it never travels")] Never }
        #[serde(tag = "kind")]
        enum Internal { Unit, New(Inner), Named { #[serde(rename = "x")] long_name: u8 } }
        #[serde(tag = "kind", content = "of")]
        enum Adjacent { Unit, New(u8), Pair(u8, bool), Named { a: u8 } }
        #[serde(untagged)]
        enum Untagged { New(u8), Named { a: u8 }, Pair(u8, bool) }
    }
    check(External::UnitLike, json!("unit-like"));
    check(External::New(1), json!({ "new": 1 }));
    check(External::Pair(1, true), json!({ "pair": [1, true] }));
    check(External::Named { long_name: 1 }, json!({ "named": { "longName": 1 } }));
    check(Internal::Unit, json!({ "kind": "Unit" }));
    check(Internal::New(Inner { a: 1 }), json!({ "kind": "New", "a": 1 }));
    check(Internal::Named { long_name: 1 }, json!({ "kind": "Named", "x": 1 }));
    check(Adjacent::Unit, json!({ "kind": "Unit" }));
    check(Adjacent::New(1), json!({ "kind": "New", "of": 1 }));
    check(Adjacent::Pair(1, true), json!({ "kind": "Pair", "of": [1, true] }));
    check(Adjacent::Named { a: 1 }, json!({ "kind": "Named", "of": { "a": 1 } }));
    check(Untagged::New(1), json!(1));
    check(Untagged::Named { a: 1 }, json!({ "a": 1 }));
    check(Untagged::Pair(1, true), json!([1, true]));
}

#[test]
fn types_that_convert_have_the_shape_of_the_other() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
    #[serde(try_from = "String", into = "String")]
    struct Email(String);
    impl TryFrom<String> for Email {
        type Error = &'static str;

        fn try_from(text: String) -> Result<Self, Self::Error> {
            if text.contains('@') { Ok(Self(text)) } else { Err("no email address") }
        }
    }
    impl From<Email> for String {
        fn from(email: Email) -> Self {
            email.0
        }
    }
    check(Email("a@b".into()), json!("a@b"));
    assert!(matches!(Email::shape(), Shape::String));
}

#[test]
fn generic_and_recursive_types_describe_themselves() {
    payloads! {
        struct Page<T> { items: Vec<T>, next: Option<Box<Page<T>>>, #[serde(default)] first: T }
        struct Marked<T: Clone> where T: Debug { #[serde(skip)] never: Option<T>, a: u8 }
    }
    choices! {
        enum Tree { Leaf(u8), Node { left: Box<Tree>, right: Box<Tree> } }
    }
    let page = Page { items: vec![1_u8], next: Some(Box::new(Page::default())), first: 0 };
    check(page, json!({ "items": [1], "next": { "items": [], "next": null, "first": 0 }, "first": 0 }));
    check(Marked { never: None::<String>, a: 1 }, json!({ "a": 1 }));
    let leaf = || Box::new(Tree::Leaf(1));
    check(
        Tree::Node { left: leaf(), right: leaf() },
        json!({ "Node": { "left": { "Leaf": 1 }, "right": { "Leaf": 1 } } }),
    );
}

#[test]
fn the_standard_library_is_described() {
    check((1_u8, "a".to_owned(), true), json!([1, "a", true]));
    check([1_i64, -2], json!([1, -2]));
    check(BTreeMap::from([("a".to_owned(), 1.5_f64)]), json!({ "a": 1.5 }));
    check(None::<u8>, json!(null));
    check(json!({ "any": [1] }), json!({ "any": [1] }));
    check(Box::new('x'), json!("x"));
}

#[test]
fn symbolic_fields_are_of_the_fields_types() {
    payloads! {
        struct Order { customer: Customer, total: u32, pair: Pair }
        struct Customer { name: String }
        struct Pair(u8, bool);
    }
    let json = json!({ "customer": { "name": "n" }, "total": 5, "pair": [1, true] });
    let order = Val::<Order>::from_erased(AnyVal::constant(json, Order::shape()));
    let (total, name, second): (&Val<u32>, &Val<String>, &Val<bool>) =
        (&order.total, &order.customer.name, &order.pair.1);
    assert!(matches!(total.erased().shape(), Shape::Integer(_)));
    assert!(matches!(name.erased().shape(), Shape::String));
    assert!(matches!(second.erased().shape(), Shape::Bool));
}
