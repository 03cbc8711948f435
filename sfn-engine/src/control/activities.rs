//! Activities: created, described, listed and deleted.
//! Separate from the driver, where their tasks wait for workers; here they are names.

use std::sync::Arc;

use serde_json::Value as Json;

use super::arn::{Arn, Resource, is_name};
use super::machines::check_encryption;
use super::registry::{Activity, Tags};
use super::{Change, Control, Page, Place, Refusal, tags};
use crate::Timestamp;

/// An Activity.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityDescription {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// When it was created.
    pub created: Timestamp,
    /// `encryptionConfiguration`, when it was given.
    pub encryption: Option<Json>,
}

impl Control {
    /// Creates an Activity. Doing it again changes nothing.
    ///
    /// # Errors
    /// As the service's `CreateActivity`.
    pub fn create_activity(
        &self,
        place: &Place,
        name: &str,
        encryption: Option<&Json>,
        tags: Vec<(String, String)>,
    ) -> Result<ActivityDescription, Refusal> {
        if !is_name(name) {
            return Err(Refusal::invalid_name(name));
        }
        let encryption = encryption.map(check_encryption).transpose()?;
        let arn = place.activity(name);
        let tags: Tags = tags.into_iter().collect();
        tags::check(&arn, &tags)?;
        let mut registry = self.registry();
        if let Some(there) = registry.activities.get(arn.as_str()) {
            if there.encryption == encryption {
                return Ok(describe(there));
            }
            let message = format!("Activity already exists: '{arn}'");
            return Err(Refusal::new("ActivityAlreadyExists", message));
        }
        let activity = Activity { arn: arn.into(), name: name.into(), created: self.now(), encryption };
        let described = describe(&activity);
        self.engine().create_activity_at(&activity.arn, name);
        registry.apply(Change::ActivityCreated { activity, tags });
        Ok(described)
    }

    /// Describes an Activity.
    ///
    /// # Errors
    /// As the service's `DescribeActivity`.
    pub fn describe_activity(&self, arn: &str) -> Result<ActivityDescription, Refusal> {
        check_activity_arn(arn)?;
        self.registry().activities.get(arn).map(describe).ok_or_else(|| Refusal::no_such_activity(arn))
    }

    /// Lists the Activities of a place, by name.
    ///
    /// # Errors
    /// The token is none of ours.
    pub fn list_activities(
        &self,
        place: &Place,
        page: &Page,
    ) -> Result<(Vec<ActivityDescription>, Option<String>), Refusal> {
        let here = place.activity("");
        let activities: Vec<_> = self
            .registry()
            .activities
            .values()
            .filter(|activity| activity.arn.starts_with(&here))
            .map(describe)
            .collect();
        self.pager().cut(self.now(), "activities", activities, page, |activity| activity.arn.to_string())
    }

    /// Deletes an Activity. Tasks that wait for a worker of it go on waiting.
    ///
    /// # Errors
    /// As the service's `DeleteActivity`. Deleting what is not there is none.
    pub fn delete_activity(&self, arn: &str) -> Result<(), Refusal> {
        check_activity_arn(arn)?;
        let mut registry = self.registry();
        if let Some(activity) = registry.activities.get(arn).map(|activity| Arc::clone(&activity.arn)) {
            self.engine().delete_activity(&activity);
            registry.apply(Change::ActivityDeleted { activity });
        }
        Ok(())
    }
}

fn check_activity_arn(arn: &str) -> Result<(), Refusal> {
    let parsed = Arn::parse(arn)?;
    if parsed.resource == Resource::Activity { Ok(()) } else { Err(parsed.wrong_kind()) }
}

fn describe(activity: &Activity) -> ActivityDescription {
    ActivityDescription {
        arn: Arc::clone(&activity.arn),
        name: Arc::clone(&activity.name),
        created: activity.created,
        encryption: activity.encryption.clone(),
    }
}
