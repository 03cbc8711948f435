//! Tags of State Machines and Activities.
//! Separate because any resource may have some, and the rules do not depend on which.

use std::sync::Arc;

use super::registry::Tags;
use super::{Change, Control, Refusal, Registry};
use crate::control::arn::Arn;

/// How many tags a resource may have.
const MOST_TAGS: usize = 50;

impl Control {
    /// Sets tags.
    ///
    /// # Errors
    /// As the service's `TagResource`.
    pub fn tag(&self, arn: &str, tags: Vec<(String, String)>) -> Result<(), Refusal> {
        let mut registry = self.registry();
        let resource = registry.tagged(arn)?;
        let tags: Tags = tags.into_iter().collect();
        let mut all = registry.tags.get(&resource).cloned().unwrap_or_default();
        all.extend(tags.clone());
        check(arn, &all)?;
        registry.apply(Change::Tagged { resource, tags });
        Ok(())
    }

    /// Removes tags.
    ///
    /// # Errors
    /// As the service's `UntagResource`.
    pub fn untag(&self, arn: &str, keys: Vec<String>) -> Result<(), Refusal> {
        let mut registry = self.registry();
        let resource = registry.tagged(arn)?;
        registry.apply(Change::Untagged { resource, keys });
        Ok(())
    }

    /// The tags of a resource, in the order they were set.
    ///
    /// # Errors
    /// As the service's `ListTagsForResource`.
    pub fn tags(&self, arn: &str) -> Result<Vec<(String, String)>, Refusal> {
        let registry = self.registry();
        let resource = registry.tagged(arn)?;
        Ok(registry
            .tags
            .get(&resource)
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }
}

impl Registry {
    /// The resource of that ARN, if it is one that may have tags.
    fn tagged(&self, arn: &str) -> Result<Arc<str>, Refusal> {
        Arn::parse(arn)?;
        let machine = self.machines.get(arn).map(|machine| &machine.arn);
        let found = machine.or_else(|| self.activities.get(arn).map(|activity| &activity.arn));
        found.cloned().ok_or_else(|| Refusal::no_such_resource(arn))
    }
}

/// Checks all the tags that a resource is to have.
pub(super) fn check(arn: &str, tags: &Tags) -> Result<(), Refusal> {
    if tags.len() > MOST_TAGS {
        let message = format!("Too many tags: found {}, the limit is {MOST_TAGS}", tags.len());
        return Err(Refusal::new("TooManyTags", message).with_detail("resourceName", arn));
    }
    match tags.keys().find(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        Some(key) => Err(Refusal::validation(format!("Tag key '{key}' must not begin with 'aws:'"))),
        None => Ok(()),
    }
}
