//! The operations on Activities and on tags.
//! Separate because each group of operations is a file of its own.

use serde_json::{Value as Json, json};

use super::protocol::{Call, output, some, time};
use crate::control::{ActivityDescription, Control, Refusal};

pub(super) fn create_activity(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let encryption = call.json("encryptionConfiguration");
    let activity = control.create_activity(&call.place, call.required("name"), encryption, call.tags())?;
    Ok(json!({ "activityArn": *activity.arn, "creationDate": time(activity.created) }))
}

pub(super) fn describe_activity(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let activity = control.describe_activity(call.required("activityArn"))?;
    let mut described = item(&activity);
    if let Some(encryption) = activity.encryption {
        described["encryptionConfiguration"] = encryption;
    }
    Ok(described)
}

pub(super) fn list_activities(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let (activities, next) = control.list_activities(&call.place, &call.page())?;
    let activities: Vec<Json> = activities.iter().map(item).collect();
    Ok(output([("activities", some(activities)), ("nextToken", next.map(Json::from))]))
}

fn item(activity: &ActivityDescription) -> Json {
    json!({ "activityArn": *activity.arn, "name": *activity.name, "creationDate": time(activity.created) })
}

pub(super) fn delete_activity(control: &Control, call: &Call) -> Result<Json, Refusal> {
    control.delete_activity(call.required("activityArn"))?;
    Ok(json!({}))
}

pub(super) fn tag_resource(control: &Control, call: &Call) -> Result<Json, Refusal> {
    control.tag(call.required("resourceArn"), call.tags())?;
    Ok(json!({}))
}

pub(super) fn untag_resource(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let keys = call.list("tagKeys").iter().filter_map(|key| key.as_str().map(str::to_owned));
    control.untag(call.required("resourceArn"), keys.collect())?;
    Ok(json!({}))
}

pub(super) fn list_tags(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let tags = control.tags(call.required("resourceArn"))?;
    let tags: Vec<Json> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    Ok(json!({ "tags": tags }))
}
