//! Where the last panic happened. Apart from one invocation's handling, because only the process-wide panic hook knows
//! the place, and whoever catches the panic does not.

use std::cell::Cell;
use std::panic;

thread_local! {
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Makes every later panic leave its place behind for its thread, then go on to the hook that was there before.
pub(crate) fn record_places() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PLACE.set(panic.location().map(ToString::to_string));
        previous(panic);
    }));
}

/// The place of this thread's last panic, `<file>:<line>:<column>`, once.
pub(crate) fn take_place() -> Option<String> {
    PLACE.take()
}
