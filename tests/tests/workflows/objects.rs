//! The objects that a run of the corpus finds, and those that it leaves behind.
//!
//! Separate from the scripted tasks because a store outlives a run: both runs begin with one of the same content.

use futures_util::FutureExt;
use serde_json::{Value, json};
use sfn::local::objects::{MemoryStore, ObjectStore, Stored};
use sfn_engine::Timestamp;

/// The lines of an input in files of every format, in the bucket `shop`.
pub fn store_of(input: &Value) -> MemoryStore {
    let store = MemoryStore::new();
    let lines = input["lines"].as_array().cloned().unwrap_or_default();
    let each = |row: &dyn Fn(&Value) -> String| lines.iter().map(row).collect::<String>();
    let rows = |delimiter: &str| {
        each(&|line| {
            let sku = line["sku"].as_str().unwrap_or_default().replace('"', "\"\"");
            format!("\"{sku}\"{delimiter}{}\n", line["quantity"])
        })
    };
    let inventory = json!({
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key",
        "destinationBucket": "arn:aws:s3:::shop",
        "files": [{ "key": "inventory.csv" }],
    });
    let files = [
        ("shop.json", json!({ "lines": lines }).to_string()),
        ("lines.jsonl", each(&|line| format!("{line}\n"))),
        ("lines.csv", format!("sku,quantity\n{}", rows(","))),
        ("bare.csv", rows(";")),
        ("manifest.json", inventory.to_string()),
        ("inventory.csv", each(&|line| format!("\"shop\",\"{}.json\"\n", line["quantity"]))),
    ];
    for (key, body) in files {
        at_once(store.put("shop", key, body.into_bytes(), Timestamp::default()));
    }
    store
}

/// What was written by distributed maps, in the bucket `results`: the outputs, without the names of files, which are
/// another each time.
pub fn outputs_in(store: &MemoryStore) -> Vec<String> {
    let Some(Ok(objects)) = store.list("results", "").now_or_never() else { return Vec::new() };
    let keys = objects.into_iter().map(|object| object.key).filter(|key| key.contains("SUCCEEDED"));
    let bodies = keys.map(|key| at_once(store.get("results", &key)).body);
    bodies.map(|body| String::from_utf8(body).expect("results are text")).collect()
}

fn at_once<T>(stored: Stored<T>) -> T {
    stored.now_or_never().expect("memory answers at once").expect("memory takes anything")
}
