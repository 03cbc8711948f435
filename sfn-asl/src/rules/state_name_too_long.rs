//! `state-name-too-long`: a name that exceeds what the service takes.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("state-name-too-long");

/// How many characters a State's name may have.
const MAX_CHARACTERS: usize = 80;

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A State name of more than 80 characters.",
    why: "The service refuses the definition.",
    instead: "Shorten the name; the `Comment` has room for the rest.",
    invalid: &[Example::new(
        "/States/ThisNameIsOneCharacterLongerThanTheServiceTakesWhichWouldBeEightyCharactersInAllX",
        r#"{"StartAt": "ThisNameIsOneCharacterLongerThanTheServiceTakesWhichWouldBeEightyCharactersInAllX",
            "States": {"ThisNameIsOneCharacterLongerThanTheServiceTakesWhichWouldBeEightyCharactersInAllX":
            {"Type": "Succeed"}}}"#,
    )],
    valid: &[
        r#"{"StartAt": "ThisNameIsExactlyAsLongAsTheServiceTakesAndThatIsEightyCharactersInAllXXXXXXXXXX",
        "States": {"ThisNameIsExactlyAsLongAsTheServiceTakesAndThatIsEightyCharactersInAllXXXXXXXXXX":
        {"Type": "Succeed"}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        if site.name.len() > MAX_CHARACTERS && site.name.chars().count() > MAX_CHARACTERS {
            let length = site.name.chars().count();
            let message =
                format!("the State name has {length} characters, at most {MAX_CHARACTERS} are allowed");
            found.push(Diagnostic::error(CODE, site.place(), message).with_help("shorten it"));
        }
    }
}
