//! What seals links, as the environment says: a secret of Secrets Manager. Separate because it is another service's client.

use crate::EnvironmentError;
use crate::environment::{of_process, variable};
use crate::explained::explained;
use aws_sdk_secretsmanager::Client;
use sfn_core::{LinkError, LinkKey, link_names};
use std::error::Error;

/// Why links cannot be made or served in this process.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkSecretError {
    /// The environment does not say where the service is, or who asks.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The secret is too short.
    #[error(transparent)]
    Weak(#[from] LinkError),
    /// The secret could not be read.
    #[error("the secret of links, `{arn}`, cannot be read: {reason}")]
    Unread {
        /// Which one.
        arn: String,
        /// Why.
        reason: Box<dyn Error + Send + Sync>,
    },
}

/// Installs what seals and opens links, as the environment says: the secret of Secrets Manager whose ARN is in
/// `SFN_LINK_KEY_ARN`, or the one in `SFN_LINK_KEY`; links begin with what is in `SFN_LINK_URL`. Without such variables it
/// installs nothing.
///
/// `sfn::lambda::main!` does this for its own process. The secret is read once: after it has changed, processes that began
/// before go on with the old one, and links that it sealed are none any more.
///
/// # Errors
///
/// See [`LinkSecretError`].
pub async fn install_links() -> Result<(), LinkSecretError> {
    let secret = match (variable(link_names::KEY), variable(link_names::KEY_ARN)) {
        (Some(secret), _) => secret,
        (None, Some(arn)) => read(arn).await?,
        (None, None) => return Ok(()),
    };
    sfn_core::install_links(LinkKey::from_secret(&secret)?, variable(link_names::URL).unwrap_or_default());
    Ok(())
}

async fn read(arn: String) -> Result<String, LinkSecretError> {
    let secret = Client::new(&of_process()?).get_secret_value().secret_id(&arn).send().await;
    let text = secret
        .map_err(explained)
        .and_then(|secret| secret.secret_string.ok_or_else(|| "it is no text, but bytes".into()));
    text.map_err(|reason| LinkSecretError::Unread { arn, reason })
}
