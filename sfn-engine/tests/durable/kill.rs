//! A server is killed and started again, at random instants, while others start executions and bring results.
//! Separate from the tests of single crash points because here the process, the disk and the sockets are real.
//!
//! `SFN_KILLS` says how often; a few times unless told otherwise. `SFN_KILL_SEED` repeats a run's decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::server::{Client, Folder, Server};
use crate::workload::{ROLE, WORK, Work};

crate::tests![nothing_acknowledged_is_lost_when_the_server_is_killed];

/// How long after its start a server is killed, at most.
const LONGEST_LIFE: u64 = 250;

/// Decides what happens next: a seed decides everything.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        // Xorshift: good enough to be unpredictable, short enough to be read.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// What the clients know.
#[derive(Default)]
struct Known {
    /// The executions that were asked for, by ARN; whether that was acknowledged.
    executions: BTreeMap<String, (usize, i64, bool)>,
    /// The tokens whose use was acknowledged.
    used: BTreeSet<String>,
    /// The tokens that somebody has tried to use and heard nothing.
    in_doubt: BTreeSet<String>,
    /// The histories that were seen.
    seen: BTreeMap<String, Vec<Json>>,
    /// The latest tag that was acknowledged, and the latest that was asked for.
    tagged: (u64, u64),
    next: i64,
}

fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let kills = number("SFN_KILLS").unwrap_or(8);
    let mut dice = Dice(number("SFN_KILL_SEED").unwrap_or(0x5EED));
    let folder = Folder::new("kill");
    let mut known = Known::default();
    for _ in 0..kills {
        let server = Server::start(&folder);
        let client = server.client();
        let life = Duration::from_millis(dice.below(LONGEST_LIFE));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(life);
                server.kill();
            });
            while known.step(&client, &folder, &mut dice).is_some() {}
        });
    }
    let server = Server::start(&folder);
    known.finish(&server.client(), &folder);
}

impl Known {
    /// Does something; nothing if the server went away.
    fn step(&mut self, client: &Client, folder: &Folder, dice: &mut Dice) -> Option<()> {
        match dice.below(8) {
            0..3 => self.start(client, dice),
            3..6 => self.answer_tokens(client, folder),
            6 => self.look(client, dice),
            _ => self.tag(client),
        }
    }

    fn start(&mut self, client: &Client, dice: &mut Dice) -> Option<()> {
        let kind = usize::try_from(dice.below(WORK.len() as u64)).expect("a small number");
        let work = &WORK[kind];
        create(client, work)?;
        self.next += 1;
        let n = self.next;
        let arn = format!("arn:aws:states:us-east-1:123456789012:execution:{}:number-{n}", work.name);
        self.executions.insert(arn.clone(), (kind, n, false));
        let start = json!({
            "stateMachineArn": machine_arn(work), "name": format!("number-{n}"), "input": json!({ "n": n }).to_string()
        });
        let started = client.call("StartExecution", &start)?.expect("a fresh name is taken");
        assert_eq!(started["executionArn"], json!(arn));
        self.executions.insert(arn, (kind, n, true));
        Some(())
    }

    fn answer_tokens(&mut self, client: &Client, folder: &Folder) -> Option<()> {
        let tokens: BTreeMap<String, String> = folder.tokens().into_iter().collect();
        if let Some(token) = self.used.last() {
            let again = client.call("SendTaskSuccess", &json!({ "taskToken": token, "output": "-1" }))?;
            again.expect_err("a token that was used is used up");
        }
        for (token, payload) in tokens {
            if self.used.contains(&token) {
                continue;
            }
            let was_in_doubt = !self.in_doubt.insert(token.clone());
            match client.call("SendTaskSuccess", &json!({ "taskToken": token, "output": payload }))? {
                Ok(_) => {}
                Err(code) => assert!(was_in_doubt, "{token} was lost: {code}"),
            }
            self.in_doubt.remove(&token);
            self.used.insert(token);
        }
        Some(())
    }

    /// Looks at an execution: what was seen of it stays true.
    fn look(&mut self, client: &Client, dice: &mut Dice) -> Option<()> {
        let started: Vec<_> =
            self.executions.iter().filter(|(_, (.., acknowledged))| *acknowledged).collect();
        if started.is_empty() {
            return Some(());
        }
        let place = usize::try_from(dice.below(started.len() as u64)).expect("a small number");
        let arn = started[place].0.clone();
        let now = history(client, &arn)?;
        let before = self.seen.insert(arn.clone(), now.clone()).unwrap_or_default();
        assert!(now.starts_with(&before), "{arn} has another past:\n{before:#?}\n{now:#?}");
        Some(())
    }

    /// Tags a State Machine with a number that only grows.
    fn tag(&mut self, client: &Client) -> Option<()> {
        let work = &WORK[0];
        create(client, work)?;
        let (acknowledged, asked) = self.tagged;
        let tags = client.call("ListTagsForResource", &json!({ "resourceArn": machine_arn(work) }))?;
        let tags = tags.expect("the State Machine is there");
        let found = tags["tags"][0]["value"].as_str().and_then(|text| text.parse().ok()).unwrap_or(0);
        assert!((acknowledged..=asked).contains(&found), "{found} of {acknowledged}..={asked}: {tags}");
        self.tagged.1 = asked + 1;
        let tag = json!({ "key": "count", "value": (asked + 1).to_string() });
        let tagged =
            client.call("TagResource", &json!({ "resourceArn": machine_arn(work), "tags": [tag] }))?;
        tagged.expect("it can be tagged");
        self.tagged.0 = asked + 1;
        Some(())
    }

    /// Lets everything come to its end, and checks it.
    fn finish(&mut self, client: &Client, folder: &Folder) {
        let limit = Instant::now() + Duration::from_mins(2);
        let mut open: BTreeMap<_, _> = self.executions.clone();
        assert!(open.values().any(|(.., acknowledged)| *acknowledged), "nothing was ever acknowledged");
        while !open.is_empty() {
            assert!(Instant::now() < limit, "these never ended: {open:?}");
            self.answer_tokens(client, folder).expect("nobody kills this server");
            open.retain(|arn, (kind, n, acknowledged)| {
                let described = client.call("DescribeExecution", &json!({ "executionArn": arn }));
                let described = match described.expect("nobody kills this server") {
                    Ok(described) => described,
                    Err(code) => {
                        assert!(!*acknowledged, "{arn} was lost: {code}");
                        return false;
                    }
                };
                if described["status"] == "RUNNING" {
                    return true;
                }
                let output =
                    described["output"].as_str().map(|text| serde_json::from_str(text).expect("JSON"));
                assert_eq!(output, Some((WORK[*kind].result)(*n)), "{described}");
                let history = history(client, arn).expect("nobody kills this server");
                check(arn, &history);
                let before = self.seen.get(arn).map_or(&[][..], Vec::as_slice);
                assert!(history.starts_with(before), "{arn} has another past");
                false
            });
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn machine_arn(work: &Work) -> String {
    format!("arn:aws:states:us-east-1:123456789012:stateMachine:{}", work.name)
}

/// Creates a State Machine, unless it is there.
fn create(client: &Client, work: &Work) -> Option<()> {
    let definition = (work.definition)().to_string();
    let create = json!({ "name": work.name, "definition": definition, "roleArn": ROLE });
    client.call("CreateStateMachine", &create)?.expect("it is created, or was before");
    Some(())
}

fn history(client: &Client, arn: &str) -> Option<Vec<Json>> {
    let page = json!({ "executionArn": arn, "maxResults": 1000 });
    let answer = client.call("GetExecutionHistory", &page)?.expect("its history can be read");
    Some(answer["events"].as_array().expect("events").clone())
}

/// Histories have no gaps, and no task in them ends twice.
fn check(arn: &str, history: &[Json]) {
    let ids: Vec<_> = history.iter().map(|event| event["id"].as_u64().expect("an id")).collect();
    assert!(ids.iter().copied().eq(1..=history.len() as u64), "{arn}: {ids:?}");
    let count = |kind: &str| history.iter().filter(|event| event["type"] == kind).count();
    assert_eq!(count("TaskScheduled"), count("TaskSucceeded") + count("TaskFailed"), "{arn}: {history:#?}");
    assert_eq!(count("ExecutionSucceeded"), 1, "{arn}: {history:#?}");
    let times: Vec<_> = history.iter().map(|event| event["timestamp"].as_f64().expect("a time")).collect();
    assert!(times.is_sorted(), "{arn}: {times:?}");
}
