//! Reads a `MockConfigFile.json` and judges it: every fault with its place.
//! Separate because a mistake in the file must be told before anything runs, not by a Task that is mocked wrongly.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use sfn_asl::Value;

use super::{Mocked, Mocks, Response, TestCase};
use crate::driver::TaskFailure;

/// What is wrong with a mock file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}", pointer = if .pointer.is_empty() { "the mock file" } else { .pointer })]
pub struct MockError {
    /// Where, as a JSON pointer; empty for the whole file.
    pub pointer: String,
    /// What was found, what was expected.
    pub message: String,
}

/// The most attempts one response may list; a Retrier has at most 99,999,999, but nobody mocks each.
const MOST_ATTEMPTS: u32 = 100_000;

impl FromStr for Mocks {
    type Err = MockError;

    /// Reads the text of a `MockConfigFile.json`.
    fn from_str(text: &str) -> Result<Self, MockError> {
        let file: Value = serde_json::from_str(text).map_err(|error| MockError {
            pointer: String::new(),
            message: format!("is not JSON: {error}"),
        })?;
        let root = Place { pointer: String::new(), value: &file };
        root.only(&["StateMachines", "MockedResponses"])?;
        let responses: BTreeMap<String, Arc<Response>> = root
            .required("MockedResponses")?
            .fields()?
            .map(|(name, place)| Ok((name.to_owned(), Arc::new(response(name, &place)?))))
            .collect::<Result<_, MockError>>()?;
        let machines = root.required("StateMachines")?;
        let machines: Result<_, MockError> = machines
            .fields()?
            .map(|(name, place)| Ok((name.to_owned(), machine(&place, &responses)?)))
            .collect();
        Ok(Self { machines: Arc::new(machines?) })
    }
}

fn machine(
    place: &Place<'_>,
    responses: &BTreeMap<String, Arc<Response>>,
) -> Result<BTreeMap<String, TestCase>, MockError> {
    place.only(&["TestCases"])?;
    let test_cases = place.required("TestCases")?;
    test_cases.fields()?.map(|(name, place)| Ok((name.to_owned(), test_case(&place, responses)?))).collect()
}

fn test_case(place: &Place<'_>, responses: &BTreeMap<String, Arc<Response>>) -> Result<TestCase, MockError> {
    let states = place.fields()?.map(|(state, place)| {
        let name = place.text("the name of a mocked response")?;
        let response = responses.get(name).ok_or_else(|| {
            let known: Vec<_> = responses.keys().map(|name| format!("`{name}`")).collect();
            place.fault(format!("there is no mocked response `{name}`, expected one of {}", known.join(", ")))
        })?;
        Ok((state.to_owned(), Arc::clone(response)))
    });
    states.collect()
}

fn response(name: &str, place: &Place<'_>) -> Result<Response, MockError> {
    let mut by_attempt = BTreeMap::new();
    for (attempts, place) in place.fields()? {
        let (first, last) = range(attempts, &place)?;
        let mocked = mocked(&place)?;
        for attempt in first..=last {
            if by_attempt.insert(attempt, mocked.clone()).is_some() {
                return Err(place.fault(format!("attempt {attempt} is mocked twice")));
            }
        }
    }
    let missing = (0..).zip(by_attempt.keys()).find(|(expected, found)| expected != *found);
    if let Some((missing, _)) = missing {
        return Err(place.fault(format!("attempt {missing} is missing, expected all from 0 on")));
    }
    Ok(Response { name: name.to_owned(), by_attempt })
}

/// `"0"` or `"1-2"`.
fn range(attempts: &str, place: &Place<'_>) -> Result<(u32, u32), MockError> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number < MOST_ATTEMPTS);
    let (first, last) = attempts.split_once('-').unwrap_or((attempts, attempts));
    match number(first).zip(number(last)) {
        Some((first, last)) if first <= last => Ok((first, last)),
        _ => Err(place.fault(format!(
            "found `{attempts}`, expected an attempt such as \"0\" or attempts such as \"1-2\", below {MOST_ATTEMPTS}"
        ))),
    }
}

fn mocked(place: &Place<'_>) -> Result<Mocked, MockError> {
    place.only(&["Return", "Throw"])?;
    match (place.optional("Return"), place.optional("Throw")) {
        (Some(returned), None) => Ok(Ok(returned.value.clone())),
        (None, Some(thrown)) => {
            thrown.only(&["Error", "Cause"])?;
            let part = |name| {
                let text = thrown.optional(name).map(|it| it.text("a text").map(str::to_owned));
                text.transpose().map(Option::unwrap_or_default)
            };
            Ok(Err(TaskFailure::new(part("Error")?, part("Cause")?)))
        }
        (Some(_), Some(_)) => Err(place.fault("found both `Return` and `Throw`, expected one of them")),
        (None, None) => Err(place.fault("expected `Return` or `Throw`")),
    }
}

/// A value of the file and where it stands.
struct Place<'a> {
    pointer: String,
    value: &'a Value,
}

impl<'a> Place<'a> {
    fn fault(&self, message: impl Into<String>) -> MockError {
        MockError { pointer: self.pointer.clone(), message: message.into() }
    }

    fn below(&self, name: &str, value: &'a Value) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { pointer: format!("{}/{name}", self.pointer), value }
    }

    fn fields(&self) -> Result<impl Iterator<Item = (&'a str, Self)> + use<'a, '_>, MockError> {
        let fields = self.value.as_object().ok_or_else(|| self.fault("expected an object"))?;
        Ok(fields.iter().map(|(name, value)| (&**name, self.below(name, value))))
    }

    fn only(&self, expected: &[&str]) -> Result<(), MockError> {
        match self.fields()?.find(|(name, _)| !expected.contains(name)) {
            None => Ok(()),
            Some((name, place)) => {
                let expected: Vec<_> = expected.iter().map(|name| format!("`{name}`")).collect();
                Err(place.fault(format!("unknown field `{name}`, expected {}", expected.join(" or "))))
            }
        }
    }

    fn optional(&self, name: &str) -> Option<Self> {
        self.value.get(name).map(|value| self.below(name, value))
    }

    fn required(&self, name: &str) -> Result<Self, MockError> {
        self.optional(name).ok_or_else(|| self.fault(format!("the field `{name}` is missing")))
    }

    fn text(&self, expected: &str) -> Result<&'a str, MockError> {
        self.value.as_str().ok_or_else(|| self.fault(format!("found `{}`, expected {expected}", self.value)))
    }
}
