//! A suite's figures: how many cases reach each tier, which fall short, and which of those were known to.
//! Separate so that every suite counts and excuses in the same way.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The known differences of all suites, by the suite's name.
#[derive(Deserialize)]
pub(crate) struct Differences(BTreeMap<String, Vec<Difference>>);

/// One class of known differences.
#[derive(Deserialize)]
struct Difference {
    reason: String,
    /// How many tiers its cases reach all the same.
    #[serde(default)]
    reaches: usize,
    /// The ids of its cases.
    cases: Vec<String>,
}

impl Differences {
    pub(crate) fn read() -> Self {
        let read: Self =
            serde_json::from_str(include_str!("differences.json")).expect("the list of differences is valid");
        for (suite, classes) in &read.0 {
            let reasoned = classes.iter().all(|class| !class.reason.is_empty());
            assert!(reasoned, "every class of differences of `{suite}` has a reason");
        }
        read
    }
}

/// What one suite found.
pub(crate) struct Suite {
    labels: &'static [&'static str],
    /// How many cases reach each tier.
    reached: Vec<usize>,
    cases: usize,
    /// The tiers that listed cases reach, by id.
    listed: BTreeMap<String, usize>,
    short: Vec<String>,
    surprises: Vec<String>,
}

impl Suite {
    /// A suite whose tiers have these labels; each tier includes those before it.
    pub(crate) fn new(name: &str, labels: &'static [&'static str], differences: &Differences) -> Self {
        let classes = differences.0.get(name).into_iter().flatten();
        let listed =
            classes.flat_map(|class| class.cases.iter().map(|case| (case.clone(), class.reaches))).collect();
        Self {
            labels,
            reached: vec![0; labels.len()],
            cases: 0,
            listed,
            short: Vec::new(),
            surprises: Vec::new(),
        }
    }

    /// Counts a case: what is wrong with it tier by tier, where anything is.
    pub(crate) fn count(&mut self, id: &str, faults: impl IntoIterator<Item = Result<(), String>>) {
        self.cases += 1;
        let mut faults = faults.into_iter().zip(self.labels);
        let fault = faults.by_ref().enumerate().find_map(|(tier, (result, _))| Some((tier, result.err()?)));
        let tier = fault.as_ref().map_or(self.labels.len(), |(tier, _)| *tier);
        for count in self.reached.iter_mut().take(tier) {
            *count += 1;
        }
        let expected = self.listed.get(id).copied();
        match (&fault, expected) {
            (Some((tier, _)), Some(expected)) if *tier == expected => {
                self.short.push(format!("{id}: {} is a known difference", self.labels[*tier]));
            }
            (Some((tier, fault)), _) => {
                self.surprises.push(format!("{id}: falls short of {}: {fault:.1500}", self.labels[*tier]));
            }
            (None, Some(_)) => {
                self.surprises.push(format!("{id}: holds now, take it off the list of differences"));
            }
            (None, None) => {}
        }
    }

    /// Prints figures and cases; gives the number of surprises.
    pub(crate) fn report(&self) -> usize {
        for (label, reached) in self.labels.iter().zip(&self.reached) {
            println!("{label} {reached}/{}", self.cases);
        }
        for line in self.short.iter().chain(&self.surprises) {
            println!("  {line}");
        }
        self.surprises.len()
    }
}
