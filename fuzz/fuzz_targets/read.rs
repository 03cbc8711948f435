//! Bytes read as JSON and as YAML, judged, and written again: no panic, no hang, every place within the text, the same
//! values twice.
//! Separate because each target is a program.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_asl::{Document, Format, Options};

fuzz_target!(|bytes: &[u8]| {
    check(bytes, Format::Json);
    check(bytes, Format::Yaml);
});

fn check(bytes: &[u8], format: Format) {
    let Ok(document) = Document::parse_bytes(bytes, format) else { return };
    for diagnostic in document.lint(&Options::EXPRESS) {
        assert!(document.text().get(document.highlight(&diagnostic.place)).is_some());
    }
    for definition in document.definitions() {
        if let Ok(definition) = definition.document {
            for diagnostic in definition.lint(&Options::STANDARD) {
                assert!(document.text().get(definition.highlight(&diagnostic.place)).is_some());
            }
        }
    }
    if let Ok(canonical) = document.to_canonical() {
        let again = Document::parse(&*canonical, format).expect("what is written can be read");
        assert_eq!(again.to_canonical().as_deref(), Ok(&*canonical));
    }
    if !document.has_placeholders() {
        let json = Document::parse(document.to_json(), Format::Json).expect("what is written can be read");
        assert_eq!(json.to_value(), document.to_value());
        let yaml = Document::parse(document.to_yaml(), Format::Yaml).expect("what is written can be read");
        assert_eq!(yaml.to_value(), document.to_value());
    }
}
