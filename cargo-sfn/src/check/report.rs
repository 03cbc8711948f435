//! What was found, in each of the formats. Apart from judging, and one file per format.

mod github;
mod human;
mod json;
mod sarif;

pub(crate) use github::github;
pub(crate) use human::human;
pub(crate) use json::json;
pub(crate) use sarif::sarif;

use super::judge::{File, Found, InFile, Judged};
use sfn_asl::Location;
use std::ops::Range;

/// Every fault, with its file.
fn each(judged: &[Judged]) -> impl Iterator<Item = (&File, &Found)> {
    judged.iter().flat_map(|judged| judged.found.iter().map(|found| (&judged.file, found)))
}

/// Where bytes of a file begin and end.
fn region(file: &File, bytes: &Range<usize>) -> (Location, Location) {
    (Location::of(&file.text, bytes.start), Location::of(&file.text, bytes.end))
}
