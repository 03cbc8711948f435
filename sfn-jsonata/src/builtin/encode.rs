//! Base64 and URL encoding.
//! Separate because both work on bytes and follow JavaScript's tables.

use super::Arguments;
use crate::error::{Fault, fault};
use crate::evaluate::{Evaluator, Outcome};
use crate::value::Value;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What `encodeURIComponent` leaves as it is, besides letters and digits.
const UNRESERVED: &str = "-_.!~*'()";

/// What `encodeURI` leaves as it is on top of that, and `decodeURI` does not decode.
const RESERVED: &str = ";/?:@&=+$,#";

fn on_text(arguments: &Arguments, apply: impl FnOnce(&str) -> Result<String, Fault>) -> Outcome {
    Ok(arguments.text(0)?.map(|text| apply(&text)).transpose()?.map(Value::from))
}

/// Encodes the low byte of each UTF-16 code unit, as the reference does.
pub(super) fn base64_encode(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| {
        let bytes: Vec<u8> = text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect();
        let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let padded = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
            let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
            for place in 0..4 {
                let digit = BASE64[(bits >> (18 - 6 * place)) as usize & 63];
                encoded.push(if place <= chunk.len() { char::from(digit) } else { '=' });
            }
        }
        Ok(encoded)
    })
}

/// Decodes leniently, each byte becoming the character of that number, as the reference does.
pub(super) fn base64_decode(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| {
        let mut decoded = String::with_capacity(text.len() / 4 * 3);
        let mut bits = 0_u32;
        let mut count = 0;
        for byte in text.bytes().take_while(|byte| *byte != b'=') {
            let byte = match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            };
            let Some(digit) = BASE64.iter().position(|known| *known == byte) else { continue };
            bits = bits << 6 | u32::try_from(digit).unwrap_or(0);
            count += 6;
            if count >= 8 {
                count -= 8;
                decoded.push(char::from((bits >> count).to_le_bytes()[0]));
            }
        }
        Ok(decoded)
    })
}

pub(super) fn encode_url_component(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| Ok(percent_encode(text, "")))
}

pub(super) fn encode_url(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| Ok(percent_encode(text, RESERVED)))
}

pub(super) fn decode_url_component(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| percent_decode(text, "").ok_or_else(|| malformed(text, "decodeUrlComponent")))
}

pub(super) fn decode_url(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    on_text(arguments, |text| percent_decode(text, RESERVED).ok_or_else(|| malformed(text, "decodeUrl")))
}

fn malformed(text: &str, function: &str) -> Fault {
    fault("D3140", format!("Malformed URL passed to ${function}(): {}", Value::from(text)))
}

fn percent_encode(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric()
            || byte.is_ascii() && (UNRESERVED.contains(character) || kept.contains(character))
        {
            encoded.push(character);
        } else {
            encoded.push('%');
            encoded.push(hexadecimal(byte >> 4));
            encoded.push(hexadecimal(byte & 15));
        }
    }
    encoded
}

fn hexadecimal(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

/// `None` when an escape is cut off or the bytes are not UTF-8.
fn percent_decode(text: &str, kept: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        if *byte != b'%' {
            decoded.push(*byte);
            rest = behind;
            continue;
        }
        let digits = std::str::from_utf8(behind.get(..2)?).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let escaped = u8::from_str_radix(digits, 16).ok()?;
        if escaped.is_ascii() && kept.contains(char::from(escaped)) {
            decoded.extend_from_slice(&rest[..3]);
        } else {
            decoded.push(escaped);
        }
        rest = &behind[2..];
    }
    String::from_utf8(decoded).ok()
}
