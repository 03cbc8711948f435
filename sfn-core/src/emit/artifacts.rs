//! The artifacts as values: the text of each definition and its entry in the manifest.
//! Separate because they are made without files and written without knowing what a workflow is.

use crate::manifest::WorkflowManifest;

/// Everything that one package emits.
#[derive(Clone, Debug, Default)]
pub struct Artifacts {
    /// The package.
    pub package: String,
    /// One per workflow, by name.
    pub workflows: Vec<Artifact>,
    /// Warnings, one line each.
    pub warnings: Vec<String>,
}

/// One emitted workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// The definition's text.
    pub definition: String,
    /// Its entry in the manifest.
    pub entry: WorkflowManifest,
}
