//! What calls and several things at once mean natively.
//!
//! Separate from other statements because these fail, and what failed is matched on.

use serde_json::Value as Json;
use sfn::prelude::*;
use sfn::{join, map, settling};

use super::values::{Frame, argument, owned_text};
use super::{End, Running, block, valued};
use crate::programs::language::{
    Block, Call, Caught, FanOut, Iteration, Rest, Settling, Several, Task, Then, Variable,
};
use crate::programs::payloads::{Mark, Parcel, Value};
use crate::programs::{counted, find, pack, retried, route, sort, step, undo};
use crate::script::Trouble;

pub(super) async fn call(call: &Call, frame: &mut Frame) -> Result<End, Failed> {
    let given: Vec<_> = call.arguments.iter().map(|argument| frame.value(argument)).collect();
    let (_, output_type) = call.task.signature();
    macro_rules! result {
        ($made:expr) => {{
            let made = $made;
            let at_success = frame.clone();
            let by_output = |output: &_| {
                let (variable, value) = call.undo.as_ref().expect("it is undone");
                let mut frame = at_success.clone();
                frame.set(*variable, Value::of(output_type, output));
                undo(argument(&frame.value(value)))
            };
            let unknown = || {
                let value = call.undo_unknown.as_ref().expect("it is undone");
                undo(argument(&at_success.clone().value(value)))
            };
            let result = match (&call.undo, &call.undo_unknown) {
                (None, None) => made.await,
                (Some(_), None) => made.compensate(by_output).await,
                (None, Some(_)) => made.compensate_unknown(unknown).await,
                (Some(_), Some(_)) => made.compensate(by_output).compensate_unknown(unknown).await,
            };
            result.map(|output| Value::of(output_type, output))
        }};
    }
    let result = match call.task {
        Task::Step => result!(step(argument(&given[0]))),
        Task::Retried => result!(retried(argument(&given[0]))),
        Task::Counted => result!(counted(argument(&given[0]), retry_count())),
        Task::Pack => result!(pack(owned_text(&given[0]), argument(&given[1]))),
        Task::Route => result!(route(given[0].typed::<Parcel>())),
        Task::Find => result!(find(argument(&given[0]))),
        Task::Sort => {
            result!(sort(given[0].typed::<Vec<i32>>(), given[1].typed::<Mark>()))
        }
    };
    match &call.then {
        Then::Propagate(variable) => {
            let output = result?;
            if let Some(variable) = variable {
                frame.set(*variable, output);
            }
            Ok(End::Reached)
        }
        Then::Ignore => Ok(End::Reached),
        Then::Match { bound, ok, arms, rest, value } => match result {
            Ok(output) => {
                frame.set(*bound, output);
                valued(ok, frame, *value).await
            }
            Err(failure) => match arms.iter().find(|(caught, _)| takes(*caught, &failure)) {
                Some((caught, arm)) => {
                    if let (Caught::Refused(number, text), Failure::Task(Trouble::Refused { reason, code })) =
                        (caught, &failure)
                    {
                        frame.set(*number, Value::Number((*code).into()));
                        frame.set(*text, Value::Text(reason.clone()));
                    }
                    valued(arm, frame, *value).await
                }
                None => self::rest(rest, failure.into(), *value, frame).await,
            },
        },
    }
}

async fn rest(
    rest: &Rest,
    failed: Failed,
    value: Option<Variable>,
    frame: &mut Frame,
) -> Result<End, Failed> {
    match rest {
        Rest::Propagates | Rest::Rethrown => Err(failed),
        Rest::Handled(block) => valued(block, frame, value).await,
    }
}

fn takes(caught: Caught, failure: &Failure<Trouble>) -> bool {
    matches!(
        (caught, failure),
        (Caught::Refused(..), Failure::Task(Trouble::Refused { .. }))
            | (Caught::BusyOrMissing, Failure::Task(Trouble::Busy | Trouble::Missing(_)))
            | (Caught::AnyDeclared, Failure::Task(_))
            | (Caught::Timeout, Failure::Timeout)
    )
}

pub(super) async fn fan_out(fan_out: &FanOut, several: &Several, frame: &mut Frame) -> Result<End, Failed> {
    let result = outputs(fan_out, frame).await;
    match several {
        Several::Propagate(variables) => {
            for (variable, given) in variables.iter().zip(result?) {
                frame.set(*variable, given);
            }
            Ok(End::Reached)
        }
        Several::Ignore => Ok(End::Reached),
        Several::Match(Settling { bound, ok, failed, value }) => match result {
            Ok(outputs) => {
                for (variable, given) in bound.iter().zip(outputs) {
                    frame.set(*variable, given);
                }
                valued(ok, frame, *value).await
            }
            Err(failure) => rest(failed, failure, *value, frame).await,
        },
    }
}

async fn outputs(fan_out: &FanOut, frame: &mut Frame) -> Result<Vec<Value>, Failed> {
    let settles = |_: &mut sfn::Asked| fan_out.settles();
    match fan_out {
        FanOut::Join(branches) => {
            let mut running = branches.iter().map(|inside| branch(inside, frame.clone()));
            let mut next = || running.next().expect("two or three");
            if branches.len() == 2 {
                let (one, two) = settling(settles, join((next(), next()))).await?;
                return Ok(vec![one, two]);
            }
            let (one, two, three) = settling(settles, join((next(), next(), next()))).await?;
            Ok(vec![one, two, three])
        }
        FanOut::Map(Iteration { items, item, body, max_concurrency, .. }) => {
            let (items, around) = (frame.items(items), frame.clone());
            let mut mapped = map(items, |given: Value| {
                let mut frame = around.clone();
                frame.set(*item, given);
                branch(body, frame)
            });
            if let Some(limit) = max_concurrency {
                mapped = mapped.max_concurrency(usize::from(*limit));
            }
            Ok(vec![Value::Many(settling(settles, mapped).await?)])
        }
        FanOut::Distributed { of, is_batched, tolerate } => {
            let Iteration { items, item, body, gives, max_concurrency } = of;
            let items: Vec<Json> = frame.items(items).iter().map(Value::json).collect();
            let around = frame.clone();
            let run = |given: Json| {
                let mut frame = around.clone();
                frame.set(*item, Value::read(item.ty, given));
                let output = branch(body, frame);
                async move { Ok(output.await?.json()) }
            };
            // The body as the engine sees it: each value as it travels.
            macro_rules! mapped {
                ($mapped:expr) => {{
                    let mapped = $mapped;
                    let mapped = match max_concurrency {
                        Some(limit) => mapped.max_concurrency(usize::from(*limit)),
                        None => mapped,
                    };
                    match tolerate {
                        Some(most) => {
                            let (outputs, failed) = mapped.tolerate(*most).await?;
                            let errors = failed.into_iter().map(|(_, failure)| Value::Text(failure.error));
                            (outputs, Some(Value::Many(errors.collect())))
                        }
                        None => (mapped.await?, None),
                    }
                }};
            }
            let (outputs, errors) = if *is_batched {
                mapped!(map_distributed(items.batch(2), |batch: Vec<Json>| run(Json::from(batch))))
            } else {
                mapped!(map_distributed(items, run))
            };
            let outputs = outputs.into_iter().map(|output: Json| Value::read(*gives, output)).collect();
            Ok([Value::Many(outputs)].into_iter().chain(errors).collect())
        }
    }
}

/// A branch: its value, or what it returned.
fn branch(inside: &Block, mut frame: Frame) -> Running<'_, Value> {
    Box::pin(async move {
        match block(inside, &mut frame).await? {
            End::Returned(value) => Ok(value),
            _ => Ok(frame.value(inside.value.as_ref().expect("a branch has a value at its end"))),
        }
    })
}
