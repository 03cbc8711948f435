//! The bucket of values that are too large to travel, and what the functions may do in it. Separate because only stacks whose
//! tasks keep some have it.

use super::policy;
use crate::hcl::{Expr, Item, bare, block, comment, literal, row, set, text};
use crate::iam::{KEY, VALUES};

/// The bucket's address.
pub(super) const BUCKET: &str = "aws_s3_bucket.stored_values";

/// The variable that says when objects are deleted.
pub(super) const EXPIRATION: &str = "stored_expiration_in_days";

pub(super) fn resources() -> Vec<Item> {
    let label = "stored_values";
    let bucket = || set("bucket", bare(format!("{BUCKET}.id")));
    let of = |kind: &str, body: Vec<Item>| {
        let body: Vec<Item> = std::iter::once(bucket()).chain(body).collect();
        block("resource", &[kind, label], body)
    };
    let blocked =
        ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    let encryption = [
        set("sse_algorithm", bare("var.kms_key_arn == null ? \"AES256\" : \"aws:kms\"")),
        set("kms_master_key_id", bare("var.kms_key_arn")),
    ];
    let rule = [
        set("id", literal("expire")),
        set("status", literal("Enabled")),
        block("filter", &[], [set("prefix", literal(VALUES))]),
        block("expiration", &[], [set("days", bare(format!("var.{EXPIRATION}")))]),
        block("abort_incomplete_multipart_upload", &[], [set("days_after_initiation", bare("1"))]),
    ];
    let everybody = [set("type", literal("*")), set("identifiers", row(&["*"]))];
    let insecure = [
        set("test", literal("Bool")),
        set("variable", literal("aws:SecureTransport")),
        set("values", row(&["false"])),
    ];
    let refused = block(
        "statement",
        &[],
        [
            set("effect", literal("Deny")),
            set("actions", row(&["s3:*"])),
            set(
                "resources",
                Expr::List(vec![bare(format!("{BUCKET}.arn")), text(format!("${{{BUCKET}.arn}}/*"))]),
            ),
            block("principals", &[], everybody),
            block("condition", &[], insecure),
        ],
    );
    let name = [
        set("description", literal("The bucket of values that are too large to travel, for workers.")),
        set("value", bare(format!("{BUCKET}.bucket"))),
    ];
    vec![
        comment("Values that are too large to travel, of which references travel."),
        block("resource", &["aws_s3_bucket", label], [set("bucket_prefix", text("${var.prefix}stored-"))]),
        of("aws_s3_bucket_public_access_block", blocked.map(|what| set(what, bare("true"))).into()),
        of(
            "aws_s3_bucket_ownership_controls",
            vec![block("rule", &[], [set("object_ownership", literal("BucketOwnerEnforced"))])],
        ),
        of(
            "aws_s3_bucket_server_side_encryption_configuration",
            vec![block(
                "rule",
                &[],
                [
                    set("bucket_key_enabled", bare("var.kms_key_arn != null")),
                    block("apply_server_side_encryption_by_default", &[], encryption),
                ],
            )],
        ),
        of("aws_s3_bucket_lifecycle_configuration", vec![block("rule", &[], rule)]),
        of(
            "aws_s3_bucket_policy",
            vec![set("policy", bare(format!("data.aws_iam_policy_document.{label}.json")))],
        ),
        policy(label, vec![refused]),
        block("output", &["stored_values_bucket_name"], name),
    ]
}

/// What a function may do there: only those that keep values, and only what they do with them.
pub(super) fn rights() -> [Item; 2] {
    let statement = |each: &str, body: [Item; 2]| {
        block("dynamic", &["statement"], [set("for_each", bare(each)), block("content", &[], body)])
    };
    [
        statement(
            "length(each.value.values) > 0 ? [each.value.values] : []",
            [
                set("actions", bare("statement.value")),
                set("resources", Expr::List(vec![text(format!("${{{BUCKET}.arn}}/{VALUES}*"))])),
            ],
        ),
        statement(
            "length(each.value.values) > 0 && var.kms_key_arn != null ? [var.kms_key_arn] : []",
            [set("actions", row(&KEY)), set("resources", bare("[statement.value]"))],
        ),
    ]
}
