//! Items of the tables that stand in for DynamoDB's, process after process.
//! Separate because no execution is needed for it; that their changes are made once is told among the stories.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_asl::Value;
use sfn_engine::control::Control;
use sfn_engine::driver::{Engine, VirtualClock};
use sfn_engine::services::Services;

use crate::crash::block_on;
use crate::store::Tables;

crate::tests![items_come_back_to_the_table_they_were_put_into];

fn items_come_back_to_the_table_they_were_put_into() {
    let call = async |tables: &Tables, key: &str, action: &str, arguments: Json| {
        let services = Services::new().table("orders", [key]);
        let engine = Engine::builder(services.clone()).clock(VirtualClock::at_epoch()).seed(1);
        let control = Arc::new(Control::open(engine, tables.clone()).expect("the store opens"));
        services.connect(&control);
        let resource = format!("arn:aws:states:::aws-sdk:dynamodb:{action}");
        services.call(&resource, Value::from(arguments), None).await.map(|answer| Json::from(&answer))
    };
    block_on(async {
        let tables = Tables::default();
        let item = json!({ "id": { "S": "1" }, "kind": { "S": "ink" } });
        let put = json!({ "TableName": "orders", "Item": item });
        assert_eq!(call(&tables, "id", "putItem", put.clone()).await, Ok(json!({})));
        let by = |name: &str| json!({ "TableName": "orders", "Key": { (name): item[name].clone() } });
        let found = json!({ "Item": item });
        assert_eq!(call(&tables, "id", "getItem", by("id")).await, Ok(found.clone()));
        // Declared with another key it is another table.
        assert_eq!(call(&tables, "kind", "getItem", by("kind")).await, Ok(json!({})));
        assert_eq!(call(&tables, "id", "deleteItem", by("id")).await, Ok(json!({})));
        assert_eq!(call(&tables, "id", "getItem", by("id")).await, Ok(json!({})));
        // What cannot be kept is not acknowledged.
        let full = tables.failing_after(0);
        let refused = call(&full, "id", "putItem", put).await.expect_err("it cannot be kept");
        assert_eq!((refused.error.as_str(), refused.cause.contains("full")), ("States.Runtime", true));
    });
}
