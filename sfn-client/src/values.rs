//! Stored values in a bucket of S3. Separate because only programs whose tasks take or give a
//! [`Stored`](sfn_core::Stored) link its client.

use crate::EnvironmentError;
use crate::environment::{Environment, https};
use crate::explained::explained;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Region, RequestChecksumCalculation, ResponseChecksumValidation,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
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
/// `sfn::lambda::main!` uses the one that the environment names. It needs the right to read and write objects under
/// `stored/`, which templates give to the functions that store something. A worker runs within
/// `Surroundings::with_value_store`.
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
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let bucket = read(BUCKET).ok_or(EnvironmentError { variable: BUCKET })?;
        let threshold = read(THRESHOLD).and_then(|bytes| bytes.parse().ok()).unwrap_or(DEFAULT_THRESHOLD);
        Ok(Self { client: OnceLock::new(), bucket, threshold })
    }

    /// The same, with another number of bytes up to which values travel themselves.
    pub fn threshold(self, bytes: usize) -> Self {
        Self { threshold: bytes, ..self }
    }

    fn client(&self) -> Result<&Client, ValueStoreError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let environment = Environment::of_process("AWS_ENDPOINT_URL_S3");
        let client = of(environment.map_err(|error| ValueStoreError::Unreachable(Box::new(error)))?);
        Ok(self.client.get_or_init(|| client))
    }
}

fn of(environment: Environment) -> Client {
    let Environment { region, credentials, url } = environment;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .http_client(https())
        .timeout_config(TimeoutConfig::builder().read_timeout(PATIENCE).build())
        // References have a SHA-256 of their own.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    Client::from_conf(match url {
        Some(url) => config.endpoint_url(url).force_path_style(true).build(),
        None => config.build(),
    })
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
