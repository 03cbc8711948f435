//! What holds for the picture of any State Machine: it is the same every time, its boxes do not overlap, its text is in its
//! boxes, and it is XML.
//! Separate from the unit tests because it looks at the finished picture.

use proptest::prelude::*;
use sfn_asl::StateMachine;

/// A State of a number of kinds, with targets among `count` States and one that does not exist.
fn state(count: usize, depth: u32) -> BoxedStrategy<String> {
    let target = move || (0..=count).prop_map(|index| format!(r#""S{index} & <name>""#));
    let plain = prop_oneof![
        target().prop_map(|next| format!(r#"{{"Type": "Pass", "Comment": "a\n<b>", "Next": {next}}}"#)),
        Just(r#"{"Type": "Wait", "Seconds": 60, "End": true}"#.to_owned()),
        Just(r#"{"Type": "Fail", "Error": "A \"quoted\" error"}"#.to_owned()),
        (target(), target(), target()).prop_map(|(one, two, other)| format!(
            r#"{{"Type": "Choice", "Default": {other}, "Choices": [
                {{"Variable": "$.amount", "NumericGreaterThan": 5, "Next": {one}}},
                {{"Variable": "$.kind", "StringEquals": "a rather long text to be compared with", "Next": {two}}}]}}"#
        )),
        (target(), target()).prop_map(|(next, handler)| format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": {next},
                "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": {handler}}}]}}"#
        )),
    ];
    if depth == 0 {
        return plain.boxed();
    }
    let branches = prop::collection::vec(machine(depth - 1), 0..3);
    let fans = prop_oneof![
        (branches, target()).prop_map(|(branches, next)| format!(
            r#"{{"Type": "Parallel", "Branches": [{}], "Next": {next}}}"#,
            branches.join(",")
        )),
        machine(depth - 1)
            .prop_map(|inner| format!(r#"{{"Type": "Map", "ItemProcessor": {inner}, "End": true}}"#)),
    ];
    prop_oneof![4 => plain, 1 => fans].boxed()
}

fn machine(depth: u32) -> BoxedStrategy<String> {
    let most: usize = if depth == 0 { 4 } else { 14 };
    (1..most)
        .prop_flat_map(move |count| prop::collection::vec(state(count, depth), count))
        .prop_map(|states| {
            let states: Vec<_> = states
                .into_iter()
                .enumerate()
                .map(|(index, state)| format!(r#""S{index} & <name>": {state}"#))
                .collect();
            format!(r#"{{"StartAt": "S0 & <name>", "States": {{{}}}}}"#, states.join(","))
        })
        .boxed()
}

/// What a picture consists of, in the picture's own coordinates.
#[derive(Debug, Clone, Copy)]
struct Rect {
    depth: usize,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// The boxes of the States in a picture, with how deep they are nested.
fn boxes(picture: &str) -> Vec<Rect> {
    let document = roxmltree::Document::parse(picture).expect("a picture is XML");
    let shift = |node: roxmltree::Node<'_, '_>| {
        let text = node.attribute("transform")?.strip_prefix("translate(")?.strip_suffix(')')?;
        let (x, y) = text.split_once(' ')?;
        Some((x.parse::<f64>().ok()?, y.parse::<f64>().ok()?))
    };
    let is_box = |node: &roxmltree::Node<'_, '_>| node.attribute("class") == Some("box");
    let number =
        |node: roxmltree::Node<'_, '_>, name| node.attribute(name).and_then(|text| text.parse().ok());
    let mut found = Vec::new();
    for node in document.descendants().filter(is_box) {
        let shifts: Vec<_> = node.ancestors().filter(roxmltree::Node::is_element).filter_map(shift).collect();
        let (left, top) = shifts.iter().fold((0.0, 0.0), |sum, shift| (sum.0 + shift.0, sum.1 + shift.1));
        let (width, height) = match node.attribute("points") {
            Some(points) => points
                .split(' ')
                .filter_map(|point| point.split_once(','))
                .filter_map(|(x, y)| Some((x.parse::<f64>().ok()?, y.parse::<f64>().ok()?)))
                .fold((0.0, 0.0), |most: (f64, f64), (x, y)| (most.0.max(x), most.1.max(y))),
            None => (number(node, "width").unwrap_or_default(), number(node, "height").unwrap_or_default()),
        };
        found.push(Rect { depth: shifts.len(), left, top, right: left + width, bottom: top + height });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn boxes_of_one_machine_do_not_overlap(text in machine(1)) {
        let machine: StateMachine = text.parse().expect("the generator writes State Machines");
        let picture = sfn_graph::svg(&machine);
        prop_assert_eq!(&picture, &sfn_graph::svg(&machine));
        let boxes = boxes(&picture);
        prop_assert!(boxes.len() >= machine.states.len());
        for (index, one) in boxes.iter().enumerate() {
            for two in &boxes[index + 1..] {
                let is_apart = one.right <= two.left || two.right <= one.left || one.bottom <= two.top || two.bottom <= one.top;
                prop_assert!(one.depth != two.depth || is_apart, "{:?} and {:?} overlap", one, two);
            }
        }
    }

    #[test]
    fn mermaid_has_every_state_and_nothing_that_ends_a_text(text in machine(1)) {
        let machine: StateMachine = text.parse().expect("the generator writes State Machines");
        let picture = sfn_graph::mermaid(&machine);
        for line in picture.lines() {
            prop_assert!(line.matches('"').count() % 2 == 0, "{}", line);
        }
        let opened = picture.lines().filter(|line| line.trim_start().starts_with("subgraph")).count();
        let closed = picture.lines().filter(|line| line.trim() == "end").count();
        prop_assert_eq!(opened, closed);
    }
}
