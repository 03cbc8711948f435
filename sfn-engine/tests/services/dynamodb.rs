//! DynamoDB: what operations and expressions do to a table, and what the service refuses.
//! Separate because expressions are a language of their own.

use serde_json::{Value as Json, json};
use sfn_engine::services::Services;

use crate::stage::{result, run};

async fn called(services: &Services, action: &str, arguments: Json) -> Result<Json, (String, String)> {
    let mut all = json!({ "TableName": "orders" });
    all.as_object_mut().expect("an object").extend(arguments.as_object().expect("fields").clone());
    result(&run(services.clone(), &format!("arn:aws:states:::aws-sdk:dynamodb:{action}"), all).await)
}

fn item() -> Json {
    json!({ "id": { "S": "1" }, "n": { "N": "5" }, "tags": { "SS": ["a", "b"] },
        "lines": { "L": [{ "S": "x" }, { "M": { "qty": { "N": "2" } } }] }, "who": { "M": { "name": { "S": "Ada" } } } })
}

async fn table() -> Services {
    let services = Services::new().table("orders", ["id"]);
    called(&services, "putItem", json!({ "Item": item() })).await.expect("it is put");
    services
}

#[tokio::test]
async fn whole_items_come_and_go() {
    let services = table().await;
    let key = json!({ "Key": { "id": { "S": "1" } } });
    assert_eq!(called(&services, "getItem", key.clone()).await, Ok(json!({ "Item": item() })));
    let replaced = json!({ "Item": { "id": { "S": "1" } }, "ReturnValues": "ALL_OLD" });
    assert_eq!(called(&services, "putItem", replaced).await, Ok(json!({ "Attributes": item() })));
    assert_eq!(called(&services, "deleteItem", key.clone()).await, Ok(json!({})));
    assert_eq!(called(&services, "getItem", key).await, Ok(json!({})));
}

#[tokio::test]
async fn the_optimised_integration_adds_the_calls_metadata() {
    let arguments = json!({ "TableName": "orders", "Key": { "id": { "S": "1" } } });
    let answer =
        result(&run(table().await, "arn:aws:states:::dynamodb:getItem", arguments).await).expect("an answer");
    assert_eq!(answer["Item"], item());
    let headers = answer["SdkHttpMetadata"]["HttpHeaders"].as_object().expect("headers");
    let names: Vec<_> = headers.keys().map(String::as_str).collect();
    let expected =
        ["Connection", "Content-Length", "Content-Type", "Date", "Server", "x-amz-crc32", "x-amzn-RequestId"];
    assert_eq!(names, expected);
    // The service's own checksum of `{}`.
    let put = json!({ "TableName": "orders", "Item": { "id": { "S": "2" } } });
    let answer =
        result(&run(table().await, "arn:aws:states:::dynamodb:putItem", put).await).expect("an answer");
    assert_eq!(answer["SdkHttpMetadata"]["HttpHeaders"]["x-amz-crc32"], "2745614147");
}

#[tokio::test]
async fn conditions_hold_or_do_not() {
    let names = json!({ "#n": "n" });
    let values = json!({ ":5": { "N": "5.0" }, ":6": { "N": "6" }, ":a": { "S": "a" }, ":A": { "S": "A" },
        ":x": { "S": "x" }, ":t": { "S": "SS" }, ":2": { "N": "2" } });
    for (condition, holds) in [
        ("attribute_exists(id)", true),
        ("attribute_exists(gone)", false),
        ("attribute_not_exists(gone)", true),
        ("attribute_not_exists(who.#n)", true),
        ("attribute_type(tags, :t)", true),
        ("#n = :5", true),
        ("n <> :5", false),
        ("n < :6 and n >= :5", true),
        ("n > :6 OR n <= :5", true),
        ("NOT n = :6", true),
        ("NOT (n = :5 AND gone = :5)", true),
        ("n BETWEEN :5 AND :6", true),
        ("n IN (:6, :5)", true),
        ("n IN (:6)", false),
        ("contains(tags, :a)", true),
        ("contains(lines, :x)", true),
        ("begins_with(who.name, :A)", true),
        ("begins_with(who.name, :a)", false),
        ("lines[1].qty = :2", true),
        ("size(lines) = :2", true),
        ("gone <> :5", true),
        ("gone < :5", false),
    ] {
        let services = table().await;
        let arguments = json!({ "Item": { "id": { "S": "1" } }, "ConditionExpression": condition,
            "ExpressionAttributeNames": names, "ExpressionAttributeValues": values });
        let found = called(&services, "putItem", arguments).await;
        match found {
            Ok(_) => assert!(holds, "{condition}"),
            Err((error, cause)) => {
                assert_eq!(error, "DynamoDb.ConditionalCheckFailedException", "{condition}: {cause}");
                assert!(!holds, "{condition}");
                assert!(cause.starts_with("The conditional request failed (Service: DynamoDb, "), "{cause}");
            }
        }
    }
}

#[tokio::test]
async fn updates_change_what_they_name() {
    let values = json!({ ":1": { "N": "1" }, ":v": { "S": "v" }, ":set": { "SS": ["b", "c"] },
        ":all": { "SS": ["a", "b"] }, ":list": { "L": [{ "S": "y" }] } });
    for (update, new) in [
        ("SET S = :v", json!({ "S": { "S": "v" } })),
        ("set n = n + :1", json!({ "n": { "N": "6" } })),
        ("SET n = n - :1, S = :v", json!({ "n": { "N": "4" }, "S": { "S": "v" } })),
        (
            "SET m = if_not_exists(m, :1), n = if_not_exists(n, :1)",
            json!({ "m": { "N": "1" }, "n": { "N": "5" } }),
        ),
        ("SET m = list_append(:list, :list)", json!({ "m": { "L": [{ "S": "y" }, { "S": "y" }] } })),
        ("SET who.name = :v", json!({ "who": { "M": { "name": { "S": "v" } } } })),
        ("SET lines[9] = :v REMOVE lines[1]", json!({ "lines": { "L": [{ "S": "x" }, { "S": "v" }] } })),
        ("REMOVE gone", json!({})),
        ("ADD n :1", json!({ "n": { "N": "6" } })),
        ("ADD m :1", json!({ "m": { "N": "1" } })),
        ("ADD tags :set", json!({ "tags": { "SS": ["a", "b", "c"] } })),
        ("DELETE tags :set", json!({ "tags": { "SS": ["a"] } })),
        ("DELETE tags :all", json!({})),
    ] {
        let arguments = json!({ "Key": { "id": { "S": "1" } }, "UpdateExpression": update,
            "ExpressionAttributeValues": values, "ReturnValues": "UPDATED_NEW" });
        let found = called(&table().await, "updateItem", arguments).await;
        assert_eq!(found, Ok(json!({ "Attributes": new })), "{update}");
    }
    let services = table().await;
    let fresh = json!({ "Key": { "id": { "S": "2" } }, "UpdateExpression": "SET n = :1",
        "ExpressionAttributeValues": values, "ReturnValues": "ALL_NEW" });
    let expected = json!({ "Attributes": { "id": { "S": "2" }, "n": { "N": "1" } } });
    assert_eq!(called(&services, "updateItem", fresh).await, Ok(expected));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of refusals")]
async fn what_the_service_refuses_is_refused() {
    let key = json!({ "id": { "S": "1" } });
    let update = |expression: &str| json!({ "Key": key, "UpdateExpression": expression });
    let deep = format!("SET a = {}b{}", "if_not_exists(c, ".repeat(100), ")".repeat(100));
    for (action, arguments, error, cause) in [
        (
            "putItem",
            json!({ "Item": null }),
            "DynamoDbException",
            "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
        ),
        (
            "putItem",
            json!({ "TableName": "none", "Item": item() }),
            "ResourceNotFoundException",
            "Requested resource not found",
        ),
        (
            "putItem",
            json!({ "TableName": "/bad", "Item": item() }),
            "DynamoDbException",
            "1 validation error detected: Value '/bad' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        ),
        (
            "putItem",
            json!({ "Item": { "n": { "N": "1" } } }),
            "DynamoDbException",
            "One or more parameter values were invalid: Missing the key id in the item",
        ),
        (
            "getItem",
            json!({ "Key": { "n": { "N": "1" } } }),
            "DynamoDbException",
            "The provided key element does not match the schema",
        ),
        (
            "updateItem",
            update("SET a = :no"),
            "DynamoDbException",
            "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :no",
        ),
        (
            "updateItem",
            update("SET #a = b"),
            "DynamoDbException",
            "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a",
        ),
        (
            "updateItem",
            update("SET a b"),
            "DynamoDbException",
            "Invalid UpdateExpression: Syntax error; token: \"b\", near: \"SET a b\"",
        ),
        (
            "updateItem",
            update("SET a ="),
            "DynamoDbException",
            "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"SET a =\"",
        ),
        (
            "updateItem",
            update("CHANGE a"),
            "DynamoDbException",
            "Invalid UpdateExpression: Syntax error; token: \"CHANGE\"",
        ),
        (
            "updateItem",
            update("SET id = n"),
            "DynamoDbException",
            "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
        ),
        (
            "updateItem",
            update("SET a = gone"),
            "DynamoDbException",
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (
            "updateItem",
            update("SET gone.a = n"),
            "DynamoDbException",
            "The document path provided in the update expression is invalid for update",
        ),
        (
            "updateItem",
            update("ADD who n"),
            "DynamoDbException",
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "updateItem",
            update(&deep),
            "DynamoDbException",
            "Invalid UpdateExpression: The expression has redundant parentheses or is nested too deep",
        ),
    ] {
        let (found, why) = called(&table().await, action, arguments.clone()).await.expect_err(cause);
        assert_eq!(found, format!("DynamoDb.{error}"), "{arguments}: {why}");
        assert!(why.starts_with(cause), "{why}\n{cause}");
    }
    let (error, cause) =
        called(&table().await, "getItem", json!({ "Key": key, "ProjectionExpression": "n" }))
            .await
            .unwrap_err();
    assert_eq!(error, "States.Runtime");
    assert!(
        cause.starts_with(
            "the DynamoDB of this machine does not do `ProjectionExpression`, only TableName, Key, "
        ),
        "{cause}"
    );
}
