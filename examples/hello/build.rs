//! Emits the state machine of `hello`. A build script, so that plain `cargo build` is enough.

fn main() {
    sfn::build::emit([greetings::hello::definition()]);
}
