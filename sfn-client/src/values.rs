//! Stored values in a bucket of S3. Separate because only programs whose tasks take or give a
//! [`Stored`](sfn_core::Stored) link its client.

use crate::EnvironmentError;
use crate::environment::{endpoint, of_process, required, variable};
use crate::explained::explained;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_types::SdkConfig;
use sfn_core::{DEFAULT_THRESHOLD, ValueStore, ValueStoreAnswer, ValueStoreError};
use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

/// The variable that names the bucket.
const BUCKET: &str = "SFN_STORED_BUCKET";
/// The variable that says how many bytes of JSON a value may have to travel itself.
const THRESHOLD: &str = "SFN_STORED_THRESHOLD";

/// How long S3 may be silent before the SDK tries again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A bucket of S3 that keeps the bytes of stored values.
///
/// `sfn::lambda::main!` and `sfn::worker::main!` use the one that the environment names. It needs the right to read and write
/// objects under `stored/`, which templates give to the functions and workers that store something.
#[derive(Debug)]
pub struct S3Values {
    client: OnceLock<Client>,
    bucket: String,
    threshold: usize,
}

impl S3Values {
    /// A bucket, through a client that you have configured.
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self { client: client.into(), bucket: bucket.into(), threshold: DEFAULT_THRESHOLD }
    }

    /// The bucket that `SFN_STORED_BUCKET` names, at `AWS_ENDPOINT_URL_S3` where that is set; values travel themselves up to
    /// `SFN_STORED_THRESHOLD` bytes of JSON, or 16 KiB.
    ///
    /// The connection is made when a value is first stored or read.
    ///
    /// # Errors
    ///
    /// No bucket is named.
    pub fn from_environment() -> Result<Self, EnvironmentError> {
        Self::named(OnceLock::new())
    }

    /// The bucket that the environment names, reached with credentials of profiles, containers and web identities too.
    #[cfg(feature = "worker")]
    pub(crate) fn found(found: &SdkConfig) -> Result<Self, EnvironmentError> {
        Self::named(of(found).into())
    }

    fn named(client: OnceLock<Client>) -> Result<Self, EnvironmentError> {
        let bucket = required(BUCKET, variable(BUCKET))?;
        let threshold = variable(THRESHOLD).and_then(|bytes| bytes.parse().ok()).unwrap_or(DEFAULT_THRESHOLD);
        Ok(Self { client, bucket, threshold })
    }

    /// The same, with another number of bytes up to which values travel themselves.
    pub fn threshold(self, bytes: usize) -> Self {
        Self { threshold: bytes, ..self }
    }

    fn client(&self) -> Result<&Client, ValueStoreError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let config = of_process();
        let config = config.map_err(|error| ValueStoreError::Unreachable(Box::new(error)))?;
        Ok(self.client.get_or_init(|| of(&config)))
    }
}

/// A client of that configuration.
fn of(config: &SdkConfig) -> Client {
    let own = Builder::from(config)
        .timeout_config(TimeoutConfig::builder().read_timeout(PATIENCE).build())
        // References have a SHA-256 of their own.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    // Only AWS's own endpoint has a host for each bucket.
    Client::from_conf(own.force_path_style(endpoint(config, "S3").is_some()).build())
}

impl ValueStore for S3Values {
    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>) -> ValueStoreAnswer<'a, String> {
        Box::pin(async move {
            let call =
                self.client()?.put_object().bucket(&self.bucket).key(key).body(ByteStream::from(bytes));
            call.content_type("application/json").send().await.map_err(unreachable)?;
            Ok(self.bucket.clone())
        })
    }

    fn get<'a>(&'a self, bucket: &'a str, key: &'a str) -> ValueStoreAnswer<'a, Vec<u8>> {
        Box::pin(async move {
            let object = self.client()?.get_object().bucket(bucket).key(key).send().await;
            let object = object.map_err(|error| match error.code() {
                Some("NoSuchKey") => ValueStoreError::Missing,
                // Who may not list a bucket is not told which objects it has.
                Some("AccessDenied") => ValueStoreError::Denied,
                _ => unreachable(error),
            })?;
            let bytes = object.body.collect().await;
            Ok(bytes.map_err(|error| ValueStoreError::Unreachable(explained(error)))?.to_vec())
        })
    }

    fn threshold(&self) -> usize {
        self.threshold
    }
}

fn unreachable<E: Error + Send + Sync + 'static, R: std::fmt::Debug + Send + Sync + 'static>(
    error: SdkError<E, R>,
) -> ValueStoreError {
    ValueStoreError::Unreachable(explained(error))
}
