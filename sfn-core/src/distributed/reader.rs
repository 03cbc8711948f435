//! Item Readers: which objects of S3 hold the items of a distributed map, and what an item is.
//! Separate from the sources at hand because these exist only when the workflow runs.

use std::marker::PhantomData;

use serde_json::Value;
use sfn_asl::{ItemReader, Operand, ReaderConfig};

use super::record::record;
use super::source::{Batch, ItemSource, Items, Source};
use crate::ir::Expr;
use crate::shape::{Content, Tagging};
use crate::val::Fault;
use crate::{AnyVal, Arg, ArgValue, Failed, Payload, Shape, decode};

const GET: &str = "arn:aws:states:::s3:getObject";
const LIST: &str = "arn:aws:states:::s3:listObjectsV2";

/// A reader of items of type `T`, in files of the format `F`.
#[derive(Debug)]
pub struct Reader<T, F = ()> {
    reading: Reading,
    item: AnyVal,
    decode: fn(Value) -> Result<T, Failed>,
    format: PhantomData<fn() -> F>,
}

/// Files of JSON.
#[derive(Debug)]
pub struct Json;

/// Files of comma-separated values.
#[derive(Debug)]
pub struct Csv;

/// What separates the fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A blank.
    Space,
    /// A tab.
    Tab,
}

record! {
    /// An object of S3, as a list of objects describes it.
    Object / ObjectFields {
        /// Its entity tag, quotes included.
        etag: String = "Etag",
        /// Its key.
        key: String = "Key",
        /// When it was written, in seconds since the Unix epoch.
        last_modified: i64 = "LastModified",
        /// How many bytes it has.
        size: i64 = "Size",
        /// How S3 keeps it: `STANDARD`.
        storage_class: String = "StorageClass",
    }
}

/// What is read, without the type of an item.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) resource: &'static str,
    pub(crate) config: ReaderConfig,
    pub(crate) bucket: ArgValue,
    /// A key, or the prefix of keys.
    pub(crate) place: ArgValue,
}

/// The items in an object of JSON: the elements of an array, or those at [`items_at`](Reader::items_at).
///
/// ```
/// use sfn_core::{Definition, literal, s3};
///
/// let definition = Definition::from_flow("shout", "", |flow| {
///     let bucket = flow.input::<String>("bucket");
///     let words = s3::json::<String>(&bucket, "words.json").items_at("/words");
///     let words = flow.map_distributed(words, "word", |_, word| word).express().run();
///     flow.succeed(words);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""Resource": "arn:aws:states:::s3:getObject""#));
/// assert!(text.contains(r#""ItemsPointer": "/words""#));
/// assert!(text.contains(r#""Bucket": "{% $states.input %}""#));
/// ```
pub fn json<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> Reader<T, Json> {
    Reader::typed("JSON", GET, bucket, key)
}

/// The items in an object of JSON Lines: a line each.
pub fn jsonl<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> Reader<T> {
    Reader::typed("JSONL", GET, bucket, key)
}

/// The rows of a CSV file, whose fields are texts: `T` is a struct of `String`s. The first row names the fields, unless
/// [`headers`](Reader::headers) does.
pub fn csv<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> Reader<T, Csv> {
    let reader = Reader::typed("CSV", GET, bucket, key);
    reader.of_texts().configured(|config| config.csv_header_location = Some("FIRST_ROW".to_owned()))
}

/// The rows of a Parquet file, on the service only: nothing on this machine reads them.
pub fn parquet<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> Reader<T> {
    Reader::typed("PARQUET", GET, bucket, key)
}

/// The objects that an S3 Inventory lists, by the key of its `manifest.json`. `T` has a `String` for each column, named
/// as the inventory names it.
pub fn manifest<T: Payload>(bucket: impl Arg<String>, key: impl Arg<String>) -> Reader<T> {
    let reader = Reader::typed("MANIFEST", GET, bucket, key);
    reader.of_texts().configured(|config| config.manifest_type = Some("S3_INVENTORY".to_owned()))
}

/// The objects of a bucket whose keys begin with a prefix.
///
/// ```
/// use sfn_core::{Definition, s3};
///
/// let definition = Definition::from_flow("keys", "", |flow| {
///     let objects = s3::list_objects("reports", "2026/");
///     let keys = flow.map_distributed(objects, "object", |_, object| object.key.clone()).run();
///     flow.succeed(keys);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""Resource": "arn:aws:states:::s3:listObjectsV2""#));
/// assert!(text.contains(r#""Prefix": "2026/""#));
/// ```
pub fn list_objects(bucket: impl Arg<String>, prefix: impl Arg<String>) -> Reader<Object> {
    let reader = Reader::typed("", LIST, bucket, prefix);
    reader.configured(|config| config.input_type = None)
}

impl<T, F> Reader<T, F> {
    fn typed(
        input_type: &str,
        resource: &'static str,
        bucket: impl Arg<String>,
        place: impl Arg<String>,
    ) -> Self
    where
        T: Payload,
    {
        let config = ReaderConfig { input_type: Some(input_type.to_owned()), ..ReaderConfig::default() };
        let reading = Reading { resource, config, bucket: bucket.into_arg(), place: place.into_arg() };
        Self { reading, item: AnyVal::new(Expr::null(), T::shape()), decode, format: PhantomData }
    }

    fn configured(mut self, configure: impl FnOnce(&mut ReaderConfig)) -> Self {
        configure(&mut self.reading.config);
        self
    }

    /// The same reader, of at most so many items.
    pub fn max_items(self, limit: u32) -> Self {
        self.configured(|config| config.max_items = Some(Operand::Literal(i64::from(limit))))
    }

    /// The same reader, its items of a shape that is known by no type.
    #[doc(hidden)]
    pub fn of_shape(mut self, shape: Shape) -> Self {
        self.item = AnyVal::new(Expr::null(), shape);
        if matches!(self.reading.config.input_type.as_deref(), Some("CSV" | "MANIFEST")) {
            return self.of_texts();
        }
        self
    }

    /// Rows hold nothing but texts.
    fn of_texts(mut self) -> Self {
        self.item = self.item.clone().refused_unless_texts();
        self
    }
}

impl<T> Reader<T, Json> {
    /// The same reader, of the items that a JSON Pointer leads to.
    pub fn items_at(self, pointer: &str) -> Self {
        self.configured(|config| config.items_pointer = Some(pointer.to_owned()))
    }
}

impl<T> Reader<T, Csv> {
    /// The same reader, of rows whose fields are separated by something else than a comma.
    pub fn delimiter(self, delimiter: Delimiter) -> Self {
        let name = match delimiter {
            Delimiter::Comma => "COMMA",
            Delimiter::Pipe => "PIPE",
            Delimiter::Semicolon => "SEMICOLON",
            Delimiter::Space => "SPACE",
            Delimiter::Tab => "TAB",
        };
        self.configured(|config| config.csv_delimiter = Some(name.to_owned()))
    }

    /// The same reader, of a file that does not name its fields.
    pub fn headers<const N: usize>(self, headers: [&str; N]) -> Self {
        self.configured(|config| {
            config.csv_header_location = Some("GIVEN".to_owned());
            config.csv_headers = headers.map(str::to_owned).to_vec();
        })
    }
}

impl<T, F> Source for Reader<T, F> {
    type Item = T;

    fn into_source(self) -> ItemSource<T> {
        ItemSource::new(Items::Read(Box::new(self.reading)), self.item, self.decode)
    }
}

impl<T, F> Batch for Reader<T, F> {}

impl Reading {
    /// The Item Reader, given what stands for the bucket and for the key or prefix.
    pub(crate) fn item_reader(
        resource: &str,
        config: &ReaderConfig,
        bucket: sfn_asl::Value,
        place: sfn_asl::Value,
    ) -> ItemReader {
        let name = if resource == LIST { "Prefix" } else { "Key" };
        ItemReader {
            resource: resource.to_owned(),
            reader_config: (*config != ReaderConfig::default()).then(|| config.clone()),
            arguments: Some([("Bucket", bucket), (name, place)].into_iter().collect()),
            ..ItemReader::default()
        }
    }
}

impl AnyVal {
    /// The value, refused if it holds anything but texts.
    fn refused_unless_texts(self) -> Self {
        let misfit = match self.shape() {
            Shape::Record(record) => record
                .fields
                .iter()
                .find(|field| !field.skipped && !is_text(&(field.shape)()))
                .map(|field| format!("field `{}` of `{}` is no text", field.name, record.name)),
            Shape::Map(value) if is_text(&value()) => None,
            Shape::Any => None,
            _ => Some("an item that is no struct".to_owned()),
        };
        match misfit {
            Some(misfit) => {
                let fault = Fault::new(
                    "row-not-of-texts",
                    format!("{misfit}, and a row of a file has nothing but texts"),
                    "give it fields of `String` (or of unit enums), and read numbers from them inside a task",
                );
                Self { faults: vec![fault], ..self }
            }
            None => self,
        }
    }
}

fn is_text(shape: &Shape) -> bool {
    match shape {
        Shape::String | Shape::Any => true,
        Shape::Option(inner) => is_text(&inner()),
        Shape::Newtype(newtype) => is_text(&(newtype.inner)()),
        Shape::Enum(enumeration) => {
            enumeration.tagging == Tagging::External
                && enumeration.variants.iter().all(|variant| matches!(variant.content, Content::Unit))
        }
        _ => false,
    }
}
