//! The engine from outside: definitions in, outcomes and histories out, on a virtual clock.
//! Separate from the loopback tests because nothing here touches a socket or a process.

mod bounds;
mod determinism;
mod jsonpath;
mod map_run_redrive;
mod map_runs;
mod redrive;
mod stage;
mod states;
mod test_state;
mod timing;
mod tokens;
