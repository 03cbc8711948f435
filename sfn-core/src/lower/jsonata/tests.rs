//! How expressions print: precedence, guards, escapes, and arrays of one element.

use serde_json::{Value, json};

use super::print;
use crate::ir::{Element, Expr, ExprKind, Operator, Source, VariableId};

fn check(expr: &Expr, expected: &str) {
    let names = |id: VariableId| ["a", "b", "c"][id.0 as usize].to_owned();
    assert_eq!(print(expr, &names), expected);
}

fn variable(id: u32) -> Expr {
    Expr::variable(VariableId(id))
}

fn binary(left: &Expr, operator: Operator, right: &Expr) -> Expr {
    Expr::binary(operator, left, right)
}

fn guarded(field: &str, absent: Value) -> Expr {
    Expr::field(&variable(0), field, Some(absent))
}

#[test]
fn operators_bind_as_in_jsonata() {
    let [a, b, c] = [variable(0), variable(1), variable(2)];
    let sum = binary(&a, Operator::Add, &b);
    check(&binary(&sum, Operator::Multiply, &c), "($a + $b) * $c");
    check(&binary(&c, Operator::Multiply, &sum), "$c * ($a + $b)");
    check(&binary(&sum, Operator::Subtract, &c), "$a + $b - $c");
    check(&binary(&c, Operator::Subtract, &sum), "$c - ($a + $b)");
    check(&binary(&sum, Operator::Less, &c), "$a + $b < $c");
    let either = binary(&a, Operator::Or, &b);
    check(&binary(&either, Operator::And, &c), "($a or $b) and $c");
    check(&binary(&c, Operator::Or, &either), "$c or $a or $b");
    let equal = binary(&a, Operator::Equal, &b);
    check(&binary(&equal, Operator::Equal, &c), "$a = $b = $c");
    check(&binary(&c, Operator::NotEqual, &equal), "$c != ($a = $b)");
}

#[test]
fn placeholders_keep_what_fills_them_in_and_nothing_else_that_means_something() {
    let placeholder = |text: &str| Expr::new(ExprKind::Placeholder(text.to_owned()));
    check(&placeholder("a-${Name}"), "'a-${Name}'");
    check(&placeholder(r"C:\new's %{if} 100%} ${Name}"), r"'C:\\new\u0027s %\u007Bif} 100%\u007D ${Name}'");
}

#[test]
fn prefix_operators_bind_tightly() {
    let sum = binary(&variable(0), Operator::Add, &variable(1));
    check(&Expr::new(ExprKind::Negate(sum.clone())), "-($a + $b)");
    check(&Expr::new(ExprKind::Not(sum)), "$not($a + $b)");
}

#[test]
fn division_of_integers_truncates() {
    let quotient =
        |signed| Expr::new(ExprKind::Quotient { left: variable(0), right: Expr::literal(3), signed });
    check(&quotient(false), "$floor($a / 3)");
    check(&quotient(true), "($quotient := $a / 3; $quotient < 0 ? $ceil($quotient) : $floor($quotient))");
    let nested = Expr::new(ExprKind::Quotient { left: variable(1), right: quotient(false), signed: false });
    check(&nested, "$floor($b / $floor($a / 3))");
}

#[test]
fn text_is_joined_around_what_binds_looser() {
    let sum = binary(&variable(0), Operator::Add, &Expr::literal(1));
    let parts = vec![Expr::literal("n="), sum, guarded("note", json!("-"))];
    check(&Expr::new(ExprKind::Concat(parts)), "'n=' & ($a + 1) & ($exists($a.note) ? $a.note : '-')");
}

#[test]
fn a_field_that_may_be_absent_is_guarded() {
    check(&guarded("note", Value::Null), "$exists($a.note) ? $a.note : null");
    let inner = Expr::field(&guarded("address", json!({ "city": "-" })), "city", None);
    check(&inner, "($exists($a.address) ? $a.address : {'city': '-'}).city");
    let known = binary(&guarded("note", Value::Null), Operator::NotEqual, &Expr::null());
    check(&known, "($exists($a.note) ? $a.note : null) != null");
}

#[test]
fn fields_are_quoted_where_they_are_no_names() {
    let field = |name| Expr::field(&variable(0), name, None);
    check(&field("order_id"), "$a.order_id");
    check(&field("order-id"), "$a.`order-id`");
    check(&field("in"), "$a.`in`");
    check(&field("1st"), "$a.`1st`");
    check(&field("größe"), "$a.`größe`");
    check(&field("a`b"), "$lookup($a, 'a`b')");
}

#[test]
fn strings_are_escaped_as_jsonata_reads_them() {
    check(&Expr::literal("plain \"quoted\""), "'plain \"quoted\"'");
    check(&Expr::literal("it's \"both\""), "\"it's \\\"both\\\"\"");
    check(&Expr::literal("line\nback\\slash\u{1}"), "'line\\nback\\\\slash\\u0001'");
    check(&Expr::literal("100%} ${Name} %{if}"), "'100%\\u007D $\\u007BName} %\\u007Bif}'");
}

#[test]
fn arrays_keep_elements_that_are_arrays() {
    let elements = vec![
        Element::Plain(variable(0)),
        Element::Array(variable(1)),
        Element::Array(Expr::new(ExprKind::Array(vec![Element::Plain(Expr::literal(1))]))),
        Element::Unknown(variable(2)),
    ];
    check(&Expr::new(ExprKind::Array(elements)), "[$a, [$b], [1], $type($c) = 'array' ? [[$c]] : $c]");
    check(&Expr::index(&Expr::field(&variable(0), "pair", None), 1), "$a.pair[1]");
}

#[test]
fn conditions_nest_to_the_right_without_parentheses() {
    let choose =
        |condition: Expr, then: Expr, otherwise: Expr| Expr::new(ExprKind::If { condition, then, otherwise });
    let inner = choose(variable(1), Expr::literal(1), Expr::literal(2));
    check(&choose(variable(0), Expr::literal(0), inner.clone()), "$a ? 0 : $b ? 1 : 2");
    check(&choose(variable(0), inner, Expr::literal(0)), "$a ? ($b ? 1 : 2) : 0");
}

#[test]
fn names_bound_inside_stand_in_parentheses() {
    let body = binary(&variable(1), Operator::Multiply, &variable(1));
    let bound = binary(&variable(0), Operator::Add, &Expr::literal(1));
    let local = Expr::new(ExprKind::Local { bindings: vec![(VariableId(1), bound)], body });
    check(&local, "($b := $a + 1; $b * $b)");
    check(&binary(&Expr::literal(2), Operator::Multiply, &local), "2 * ($b := $a + 1; $b * $b)");
}

#[test]
fn what_states_can_read_prints_as_the_service_names_it() {
    let source = |source| Expr::field(&Expr::source(source), "x", None);
    check(&source(Source::Payload), "$states.result.Payload.x");
    check(&source(Source::ErrorFields), "$parse($parse($states.errorOutput.Cause).errorMessage).fields.x");
}
