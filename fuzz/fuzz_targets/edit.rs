//! The fixes of whatever is found, made in the text: the result can be read, or the edit says why not.
//! Separate from reading because an edit is made of a place and a text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_asl::{Document, Edit, Format, Options};

fuzz_target!(|text: &str| {
    let Ok(document) = Document::parse(text, Format::of_text(text)) else { return };
    for diagnostic in document.lint(&Options::STANDARD) {
        let _ = document.edit(&diagnostic.fix);
        if let Some(pointer) = diagnostic.pointer() {
            let _ = document.edit(&[Edit::Remove { pointer: pointer.clone() }]);
            let _ = document.edit(&[Edit::MoveToEnd { pointer: pointer.clone() }]);
        }
    }
});
