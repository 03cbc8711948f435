//! Who answers a Task: routes, mocks, stand-ins, workers, and what their answers look like.
//! Separate from the engine's own tests, which are about States.

mod activities;
mod dynamodb;
mod http_task;
mod jobs;
mod mocks;
mod nested;
mod objects;
mod routes;
mod stage;
mod stand_ins;
