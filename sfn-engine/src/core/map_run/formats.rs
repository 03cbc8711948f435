//! What objects hold: JSON, JSON Lines and CSV, taken apart into items.
//! Separate because these are file formats, with rules that have nothing to do with Map Runs.

use std::io::Read;
use std::sync::Arc;

use flate2::read::GzDecoder;
use sfn_asl::Value;

/// How an object's bytes are to be read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::core) enum Format {
    Json {
        /// `ItemsPointer`: a JSON Pointer to the items.
        pointer: Option<Arc<str>>,
    },
    JsonLines,
    Csv {
        /// `CSVHeaders`; where they are not given they are the first row.
        headers: Option<Vec<Arc<str>>>,
        delimiter: u8,
    },
}

/// An item, and its key where the items are the fields of an object.
pub(in crate::core) type Keyed = (Option<Arc<str>>, Value);

/// How large a compressed object may become.
const UNPACKED_BYTES: u64 = 1 << 30;

impl Format {
    /// The items of an object, or why there are none. Gives up after `limit` items.
    pub(super) fn items(&self, body: &[u8], limit: usize) -> Result<Vec<Keyed>, String> {
        let unpacked = unpacked(body)?;
        let body = unpacked.as_deref().unwrap_or(body);
        let mut items = match self {
            Self::Json { pointer } => {
                let value = json(body)?;
                let items = match pointer {
                    Some(pointer) => pointed(&value, pointer).ok_or_else(|| {
                        format!("ItemsPointer '{pointer}' points to nothing in the JSON file.")
                    })?,
                    None => &value,
                };
                each(items).ok_or("Attempting to map over non-iterable node.")?
            }
            Self::JsonLines => json_lines(body, limit)?,
            Self::Csv { headers, delimiter } => csv(body, headers.as_deref(), *delimiter, limit)?,
        };
        items.truncate(limit);
        Ok(items)
    }
}

/// The elements of an array, or the fields of an object as `{"Key", "Value"}`.
pub(in crate::core) fn each(value: &Value) -> Option<Vec<Keyed>> {
    match value {
        Value::Array(items) => Some(items.iter().map(|item| (None, item.clone())).collect()),
        Value::Object(fields) => Some(
            fields
                .iter()
                .map(|(key, value)| {
                    let pair = [("Key", Value::from(Arc::clone(key))), ("Value", value.clone())];
                    (Some(Arc::clone(key)), pair.into_iter().collect())
                })
                .collect(),
        ),
        _ => None,
    }
}

/// A JSON document.
pub(super) fn json(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(without_mark(body)).map_err(|error| format!("The file is not valid JSON: {error}"))
}

fn json_lines(body: &[u8], limit: usize) -> Result<Vec<Keyed>, String> {
    let lines = without_mark(body).split(|byte| *byte == b'\n').enumerate();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .take(limit)
        .map(|(number, line)| match serde_json::from_slice(line) {
            Ok(value) => Ok((None, value)),
            Err(error) => {
                Err(format!("Line {} of the JSON Lines file is not valid JSON: {error}", number + 1))
            }
        })
        .collect()
}

/// Rows as objects of strings. Fields a row lacks are empty, fields without a header are left out.
pub(super) fn csv(
    body: &[u8],
    given: Option<&[Arc<str>]>,
    delimiter: u8,
    limit: usize,
) -> Result<Vec<Keyed>, String> {
    let unreadable = |error: csv::Error| format!("The CSV file cannot be read: {error}");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(without_mark(body));
    let mut row = csv::StringRecord::new();
    let headers: Vec<Arc<str>> = if let Some(given) = given {
        given.to_vec()
    } else {
        reader.read_record(&mut row).map_err(unreadable)?;
        row.iter().map(Arc::from).collect()
    };
    let mut sorted: Vec<_> = headers.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("CSV headers cannot contain duplicates.".to_owned());
    }
    let mut items = Vec::new();
    while items.len() < limit && reader.read_record(&mut row).map_err(unreadable)? {
        let field = |(place, header)| (Arc::clone(header), Value::from(row.get(place).unwrap_or_default()));
        items.push((None, headers.iter().enumerate().map(field).collect()));
    }
    Ok(items)
}

/// The lines of a text, without the blank ones.
pub(super) fn lines(body: &[u8]) -> Result<Vec<String>, String> {
    let text = std::str::from_utf8(without_mark(body)).map_err(|_| "The manifest is not UTF-8 text.")?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// The bytes of a gzip file, or nothing if it is none.
pub(super) fn unpacked(body: &[u8]) -> Result<Option<Vec<u8>>, String> {
    if !body.starts_with(&[0x1F, 0x8B]) {
        return Ok(None);
    }
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(body).take(UNPACKED_BYTES + 1).read_to_end(&mut unpacked);
    read.map_err(|error| format!("The GZIP file cannot be unpacked: {error}"))?;
    if unpacked.len() as u64 > UNPACKED_BYTES {
        return Err(format!("The GZIP file is larger than {UNPACKED_BYTES} bytes when unpacked."));
    }
    Ok(Some(unpacked))
}

fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

fn pointed<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    let tokens = match pointer.strip_prefix('/') {
        Some(rest) => rest,
        None if pointer.is_empty() => return Some(value),
        None => return None,
    };
    tokens.split('/').try_fold(value, |value, token| match value {
        Value::Object(fields) => fields.get(&token.replace("~1", "/").replace("~0", "~")),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Format = Format::Csv { headers: None, delimiter: b',' };

    fn check(format: &Format, body: &str, expected: Result<&str, &str>) {
        let found = format.items(body.as_bytes(), usize::MAX);
        let found =
            found.map(|items| items.into_iter().map(|(_, value)| value).collect::<Value>().to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{format:?} {body:?}");
    }

    #[test]
    fn a_json_file_is_an_array_or_an_object() {
        let whole = Format::Json { pointer: None };
        check(&whole, "[1,{\"a\":2}]", Ok("[1,{\"a\":2}]"));
        check(&whole, "\u{feff}[]", Ok("[]"));
        check(
            &whole,
            "{\"a\":1,\"b\":[2]}",
            Ok("[{\"Key\":\"a\",\"Value\":1},{\"Key\":\"b\",\"Value\":[2]}]"),
        );
        check(&whole, "7", Err("Attempting to map over non-iterable node."));
        check(&whole, "[1,", Err("The file is not valid JSON: EOF while parsing a value at line 1 column 3"));
    }

    #[test]
    fn a_pointer_leads_to_the_items_of_a_json_file() {
        let pointing = |pointer: &str| Format::Json { pointer: Some(pointer.into()) };
        let body = "{\"a\":{\"x/y\":[[1],[2,3]]}}";
        check(&pointing("/a/x~1y"), body, Ok("[[1],[2,3]]"));
        check(&pointing("/a/x~1y/1"), body, Ok("[2,3]"));
        check(&pointing("/a/z"), body, Err("ItemsPointer '/a/z' points to nothing in the JSON file."));
    }

    #[test]
    fn json_lines_may_be_blank_but_not_broken() {
        check(&Format::JsonLines, "{\"a\":1}\r\n\n 2 \n", Ok("[{\"a\":1},2]"));
        check(
            &Format::JsonLines,
            "1\nx\n",
            Err("Line 2 of the JSON Lines file is not valid JSON: expected value at line 1 column 1"),
        );
    }

    #[test]
    fn rows_take_their_names_from_the_headers() {
        check(
            &CSV,
            "a,b\n1,2\n3\n4,5,6\n\n",
            Ok(r#"[{"a":"1","b":"2"},{"a":"3","b":""},{"a":"4","b":"5"}]"#),
        );
        check(&CSV, "a,b\r\n\"x, \"\"y\"\"\nz\",'2'\r\n", Ok(r#"[{"a":"x, \"y\"\nz","b":"'2'"}]"#));
        check(&CSV, "a,a\n1,2\n", Err("CSV headers cannot contain duplicates."));
        check(&CSV, "", Ok("[]"));
        let given = Format::Csv { headers: Some(vec!["x".into()]), delimiter: b'|' };
        check(&given, "1|2\n3|4", Ok(r#"[{"x":"1"},{"x":"3"}]"#));
    }

    #[test]
    fn no_more_items_are_read_than_wanted() {
        for (format, body) in [
            (Format::Json { pointer: None }, "[1,2,3]"),
            (Format::JsonLines, "1\n2\nbroken"),
            (CSV, "a\n1\n2\n3\n"),
        ] {
            assert_eq!(format.items(body.as_bytes(), 2).map(|items| items.len()), Ok(2), "{format:?}");
        }
    }

    #[test]
    fn compressed_files_are_unpacked() {
        use std::io::Write;

        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"1\n2\n").expect("memory takes anything");
        let packed = encoder.finish().expect("memory takes anything");
        assert_eq!(Format::JsonLines.items(&packed, 9).map(|items| items.len()), Ok(2));
        assert!(Format::JsonLines.items(&packed[..8], 9).is_err());
    }
}
