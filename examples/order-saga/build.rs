//! Emits the state machine of `order-saga`. A build script, so that plain `cargo build` is enough.

fn main() {
    sfn::build::emit([orders::order_saga::definition()]);
}
