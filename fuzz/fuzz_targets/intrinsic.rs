//! Any text as the call of an Intrinsic Function: it is refused or read, and what is wrong has its place in the text.
//! Separate because each target is a program.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_asl::intrinsic::Call;

fuzz_target!(|text: &str| match text.parse::<Call>() {
    Ok(call) => {
        for misfit in call.misfits() {
            assert!(text.get(misfit.span).is_some());
        }
    }
    Err(error) => assert!(text.get(error.span).is_some()),
});
