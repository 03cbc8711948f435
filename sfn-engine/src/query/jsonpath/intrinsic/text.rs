//! The Intrinsic Functions of texts; nothing where the arguments do not fit.
//! Separate because they are a family.

use std::fmt::Write;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD};
use digest::Digest;
use sfn_asl::Value;

/// How many characters encoding, decoding and hashing take.
const LONGEST: usize = 10_000;

fn fits(text: &str) -> bool {
    text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST
}

pub(super) fn base64_encode(plain: &str) -> Option<Value> {
    fits(plain).then(|| STANDARD.encode(plain).into())
}

/// The text that was encoded. The service's decoder skips what is not of the alphabet, takes that of URLs too, and
/// stops at padding, which may be missing.
pub(super) fn base64_decode(encoded: &str) -> Option<Value> {
    const LENIENT: GeneralPurpose =
        GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));
    if !fits(encoded) {
        return None;
    }
    let written = encoded.bytes().take_while(|byte| *byte != b'=').filter_map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(byte),
        byte => byte.is_ascii_alphanumeric().then_some(byte),
    });
    let mut written: Vec<u8> = written.collect();
    if written.len() % 4 == 1 {
        // Six bits are no byte.
        written.pop();
    }
    let bytes = LENIENT.decode(written).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned().into())
}

/// The hash of a text, or of the JSON of anything else.
pub(super) fn hash(data: &Value, algorithm: &str) -> Option<Value> {
    let json;
    let data = match data {
        Value::String(text) => &**text,
        other => {
            json = other.to_string();
            &json
        }
    };
    if !fits(data) {
        return None;
    }
    let hash = match algorithm {
        "MD5" => hexadecimal::<md5::Md5>(data),
        "SHA-1" => hexadecimal::<sha1::Sha1>(data),
        "SHA-256" => hexadecimal::<sha2::Sha256>(data),
        "SHA-384" => hexadecimal::<sha2::Sha384>(data),
        "SHA-512" => hexadecimal::<sha2::Sha512>(data),
        _ => return None,
    };
    Some(hash.into())
}

fn hexadecimal<D: Digest>(data: &str) -> String {
    D::digest(data.as_bytes()).iter().fold(String::new(), |mut hash, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

/// The value that JSON text stands for; null when it is empty.
pub(super) fn parse(json: &str) -> Option<Value> {
    if json.trim().is_empty() {
        return Some(Value::Null);
    }
    serde_json::from_str(json).ok()
}

/// The stretches between any of the splitters; empty ones are left out.
pub(super) fn split(text: &str, splitters: &str) -> Value {
    let parts = text.split(|character| splitters.contains(character));
    parts.filter(|part| !part.is_empty()).map(Value::from).collect()
}
