//! The bucket of values that are too large to travel. Separate because only stacks whose functions keep some have it.

use super::{attribute, policy_document, reference, substituted, when};
use crate::iam::VALUES;
use crate::yaml::{Entry, Node, entry};

/// The bucket's name in the template.
pub(super) const BUCKET: &str = "StoredValuesBucket";

/// The parameter that says when objects are deleted.
pub(super) const EXPIRATION: &str = "StoredExpirationInDays";

pub(super) fn resources() -> [Entry; 2] {
    let key = [entry("SSEAlgorithm", "aws:kms"), entry("KMSMasterKeyID", reference("KmsKeyArn"))];
    let own = [entry("SSEAlgorithm", "AES256")];
    let encryption = Node::Call("If", Box::new(Node::List(vec!["HasKey".into(), key.into(), own.into()])));
    let rule: Node = [
        entry("Id", "expire"),
        entry("Status", "Enabled"),
        entry("Prefix", VALUES),
        entry("ExpirationInDays", reference(EXPIRATION)),
        entry("AbortIncompleteMultipartUpload", [entry("DaysAfterInitiation", 1)]),
    ]
    .into();
    let encrypted: Node = [
        entry("BucketKeyEnabled", when("HasKey", true.into())),
        entry("ServerSideEncryptionByDefault", encryption),
    ]
    .into();
    let blocked = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let properties = vec![
        entry("BucketEncryption", [entry("ServerSideEncryptionConfiguration", vec![encrypted])]),
        entry("LifecycleConfiguration", [entry("Rules", vec![rule])]),
        entry(
            "OwnershipControls",
            [entry("Rules", vec![Node::from([entry("ObjectOwnership", "BucketOwnerEnforced")])])],
        ),
        entry("PublicAccessBlockConfiguration", blocked.map(|what| entry(what, true)).to_vec()),
    ];
    let insecure = [entry("aws:SecureTransport", "false")];
    let statement: Node = [
        entry("Effect", "Deny"),
        entry("Principal", "*"),
        entry("Action", "s3:*"),
        entry(
            "Resource",
            vec![attribute(&format!("{BUCKET}.Arn")), substituted(format!("${{{BUCKET}.Arn}}/*"))],
        ),
        entry("Condition", [entry("Bool", insecure)]),
    ]
    .into();
    [
        entry(
            BUCKET,
            [
                entry("Type", "AWS::S3::Bucket")
                    .about("Values that are too large to travel, of which references travel."),
                entry("DeletionPolicy", "Retain"),
                entry("UpdateReplacePolicy", "Retain"),
                entry("Properties", properties),
            ],
        ),
        entry(
            format!("{BUCKET}Policy"),
            [
                entry("Type", "AWS::S3::BucketPolicy"),
                entry(
                    "Properties",
                    [
                        entry("Bucket", reference(BUCKET)),
                        entry("PolicyDocument", policy_document(vec![statement])),
                    ],
                ),
            ],
        ),
    ]
}
