//! The Variables that States set, each with its place.
//! Separate because several rules go through all of them, and they stand in three kinds of places.

use crate::survey::Site;
use crate::{Fields, Pointer, State, flow};

/// A Variable that a State sets, in its own `Assign`, in a Choice Rule's or in a Catcher's.
pub(crate) struct Assignment<'m> {
    /// The number of the State among all sites.
    pub(crate) site: usize,
    /// The list and the index of the Choice Rule or Catcher.
    part: Option<(&'static str, usize)>,
    /// The name as written.
    key: &'m str,
    /// The name of the Variable.
    pub(crate) name: &'m str,
}

impl Assignment<'_> {
    /// Its place, at the site of its State.
    pub(crate) fn pointer(&self, site: &Site<'_>) -> Pointer {
        let state = site.pointer();
        let part = self.part.map_or(state.clone(), |(list, index)| state.join(list).join(index));
        part.join("Assign").join(self.key)
    }
}

/// Every Variable that is set, State by State.
pub(crate) fn assignments<'m>(sites: &[Site<'m>]) -> Vec<Assignment<'m>> {
    let mut found = Vec::new();
    for (number, site) in sites.iter().enumerate() {
        let mut add = |part, assign: &'m Fields| {
            let names = assign.keys().zip(flow::names(assign));
            found.extend(names.map(|(key, name)| Assignment { site: number, part, key, name }));
        };
        add(None, &site.state.shared().assign);
        if let State::Choice(choice) = site.state {
            for (index, rule) in choice.choices.iter().enumerate() {
                add(Some(("Choices", index)), &rule.assign);
            }
        }
        for (index, catcher) in site.state.catch().iter().enumerate() {
            add(Some(("Catch", index)), &catcher.assign);
        }
    }
    found
}
