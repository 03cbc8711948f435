//! Map Runs by ARN: described, listed and changed.
//! Separate from the driver, which keeps them: here are the service's rules of ARNs and pages.

use super::arn::{Arn, Resource};
use super::{Control, Page, Refusal};
use crate::driver::{MapRunDescription, MapRunError, MapRunStatus, MapRunUpdate};

impl Control {
    /// Describes a Map Run.
    ///
    /// # Errors
    /// As the service's `DescribeMapRun`.
    pub async fn describe_map_run(&self, arn: &str) -> Result<MapRunDescription, Refusal> {
        let parsed = Arn::parse(arn)?;
        if parsed.resource != Resource::MapRun {
            return Err(parsed.wrong_kind());
        }
        self.engine().map_run(arn).await.ok_or_else(|| Refusal::no_such_resource(arn))
    }

    /// Lists the Map Runs of an execution, in the order they began.
    ///
    /// # Errors
    /// As the service's `ListMapRuns`.
    pub async fn list_map_runs(
        &self,
        execution: &str,
        page: &Page,
    ) -> Result<(Vec<MapRunDescription>, Option<String>), Refusal> {
        let record = self.standard(execution)?;
        let runs = self.engine().map_runs(&record.arn).await;
        self.pager().cut(self.now(), &format!("map runs {execution}"), runs, page, |run| run.arn.to_string())
    }

    /// Changes what a Map Run that is under way may do.
    ///
    /// # Errors
    /// As the service's `UpdateMapRun`.
    pub async fn update_map_run(&self, arn: &str, update: MapRunUpdate) -> Result<(), Refusal> {
        if self.describe_map_run(arn).await?.status != MapRunStatus::Running {
            let message = "Map Run is already complete and cannot be updated";
            let refusal = Refusal::validation(message);
            return Err(refusal.with_detail("reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"));
        }
        self.engine().update_map_run(arn, update).await.map_err(|error| match error {
            MapRunError::DoesNotExist => Refusal::no_such_resource(arn),
            MapRunError::ShutDown => Refusal::shut_down(),
        })
    }
}
