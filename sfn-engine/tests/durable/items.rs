//! Items of the tables that stand in for DynamoDB's, process after process.
//! Separate because no execution is needed for it; that their changes are made once is told among the stories.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use sfn_asl::Value;
use sfn_engine::control::{Control, CreateStateMachine, Place, StartExecution};
use sfn_engine::driver::{Engine, VirtualClock};
use sfn_engine::history::Fault;
use sfn_engine::services::Services;

use crate::crash::block_on;
use crate::store::Tables;

crate::tests![
    items_come_back_to_the_table_they_were_put_into,
    an_execution_of_the_same_name_is_not_given_the_answers_of_the_one_before,
    a_table_declared_again_keeps_its_items
];

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

/// Puts its input, and waits.
const PUTS: &str = r#"{ "QueryLanguage": "JSONata", "StartAt": "Put", "States": {
    "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "Wait",
        "Arguments": { "TableName": "orders", "Item": { "id": { "S": "{% $states.input %}" } } } },
    "Wait": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
        "Arguments": { "QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}" } } } }"#;

/// Starts an execution named `one`, and waits until it waits.
async fn put(control: &Control, services: &Services, input: &str) -> Arc<str> {
    let create = CreateStateMachine::new("Puts", PUTS, "arn:aws:iam::123456789012:role/test");
    let machine = control.create_state_machine(&Place::default(), create).expect("it is created").arn;
    let start = StartExecution {
        machine: machine.to_string(),
        input: Some(json!(input).to_string()),
        name: Some("one".to_owned()),
        ..StartExecution::default()
    };
    let execution = control.start_execution(start).expect("it starts").arn;
    for _ in 0..100_000 {
        if services.sent().iter().any(|sent| &*sent.state == "Wait") {
            break;
        }
        tokio::task::yield_now().await;
    }
    control.persisted().await.expect("it is kept");
    execution
}

fn an_execution_of_the_same_name_is_not_given_the_answers_of_the_one_before() {
    block_on(async {
        let tables = Tables::default();
        let open = || {
            let services = Services::new().table("orders", ["id"]);
            let engine = Engine::builder(services.clone()).clock(VirtualClock::at_epoch()).seed(1);
            let control = Arc::new(Control::open(engine, tables.clone()).expect("the store opens"));
            services.connect(&control);
            control.resume();
            (services, control)
        };
        let (services, control) = open();
        put(&control, &services, "a").await;
        drop((services, control));

        let (services, control) = open();
        let one = "arn:aws:states:us-east-1:123456789012:execution:Puts:one";
        control.stop_execution(one, Fault::default()).await.expect("it is stopped");
        control.finished(one).await.expect("it is known");
        control
            .delete_state_machine("arn:aws:states:us-east-1:123456789012:stateMachine:Puts")
            .expect("it is deleted");
        put(&control, &services, "b").await;
        let get = json!({ "TableName": "orders", "Key": { "id": { "S": "b" } } });
        let found = services.call("arn:aws:states:::dynamodb:getItem", Value::from(get), None).await;
        assert_eq!(found.map(|found| Json::from(&found)["Item"].clone()), Ok(json!({ "id": { "S": "b" } })));
    });
}

fn a_table_declared_again_keeps_its_items() {
    block_on(async {
        let services = Services::new().table("orders", ["id"]);
        let item = json!({ "id": { "S": "1" } });
        let call = async |action: &str, arguments: Json| {
            let resource = format!("arn:aws:states:::dynamodb:{action}");
            services
                .call(&resource, Value::from(arguments), None)
                .await
                .map(|answer| Json::from(&answer)["Item"].clone())
        };
        call("putItem", json!({ "TableName": "orders", "Item": item })).await.expect("it is put");
        let _ = services.clone().table("orders", ["id"]);
        let found = call("getItem", json!({ "TableName": "orders", "Key": item })).await;
        assert_eq!(found, Ok(item));
    });
}
