//! Distributed maps, read into our tree: their sources, with the readers of S3, and their options.
//! Separate from other calls because a source is no value: it stands in its map and nowhere else.

use proc_macro2::Ident;
use syn::{Expr as SynExpr, ExprCall, ExprMethodCall, GenericArgument, Path, PathArguments, Type};

use super::call::{self, option};
use super::reader::Reader;
use super::{Action, Block, CallOption, Expr, ExprKind, Extent, Foreign, Pattern, fixed};

/// `map_distributed(source, async |item| { .. })` and its options.
#[derive(Debug)]
pub(in crate::workflow) struct MapDistributed {
    pub(in crate::workflow) source: Source,
    pub(in crate::workflow) body: Result<(Pattern, Block), Extent>,
    pub(in crate::workflow) options: Vec<MapOption>,
}

#[derive(Debug)]
pub(in crate::workflow) enum MapOption {
    /// `.tolerate(5)`
    Constant(CallOption),
    /// `.express()`
    Flag(Ident),
    /// `.results_to(&job.bucket, "results")`
    ResultsTo(Ident, Vec<Expr>),
}

/// What a distributed map goes through.
#[derive(Debug)]
pub(in crate::workflow) struct Source {
    pub(in crate::workflow) items: Items,
    /// `.batch(100)` and what a reader is told, in their order.
    pub(in crate::workflow) options: Vec<CallOption>,
}

#[derive(Debug)]
pub(in crate::workflow) enum Items {
    Given(Expr),
    Read(Box<ItemReader>),
}

/// `s3::csv::<Row>(&job.bucket, "rows.csv")`
#[derive(Debug)]
pub(in crate::workflow) struct ItemReader {
    pub(in crate::workflow) extent: Extent,
    pub(in crate::workflow) format: Ident,
    pub(in crate::workflow) item: Option<Type>,
    pub(in crate::workflow) arguments: Vec<Expr>,
}

/// The functions that read items, and what each may be told beside `.batch` and `.max_items`.
const FORMATS: [(&str, &[&str]); 6] = [
    ("json", &["items_at"]),
    ("jsonl", &[]),
    ("csv", &["delimiter", "headers"]),
    ("parquet", &[]),
    ("manifest", &[]),
    ("list_objects", &[]),
];

impl ItemReader {
    /// The options of this format alone.
    pub(in crate::workflow) fn own_options(&self) -> &'static [&'static str] {
        let own = FORMATS.iter().find(|(format, _)| self.format == format);
        own.map_or(&[], |(_, options)| options)
    }

    /// Whether its items have a type that is to be written.
    pub(in crate::workflow) fn is_typed(&self) -> bool {
        self.format != "list_objects"
    }
}

pub(super) fn map_distributed(reader: &mut Reader, source: &SynExpr, body: &SynExpr) -> ExprKind {
    let source = self::source(reader, source);
    let body = call::map_body(reader, body);
    let map = MapDistributed { source, body, options: Vec::new() };
    ExprKind::Action(Action::MapDistributed(Box::new(map)))
}

pub(super) fn map_option(reader: &mut Reader, mut map: MapDistributed, method: &ExprMethodCall) -> ExprKind {
    let read = match method.method.to_string().as_str() {
        "max_concurrency" => MapOption::Constant(option(reader, method, fixed::limit)),
        "tolerate" => MapOption::Constant(option(reader, method, fixed::number)),
        "tolerate_percentage" => MapOption::Constant(option(reader, method, fixed::factor)),
        "label" | "named" => MapOption::Constant(option(reader, method, fixed::text)),
        "express" if method.args.is_empty() => MapOption::Flag(method.method.clone()),
        "results_to" => MapOption::ResultsTo(method.method.clone(), reader.exprs(&method.args)),
        _ => return ExprKind::Foreign(Foreign::Expr(Box::new(SynExpr::MethodCall(method.clone())))),
    };
    map.options.push(read);
    ExprKind::Action(Action::MapDistributed(Box::new(map)))
}

fn source(reader: &mut Reader, syntax: &SynExpr) -> Source {
    match syntax {
        SynExpr::Paren(inner) => source(reader, &inner.expr),
        SynExpr::Group(inner) => source(reader, &inner.expr),
        SynExpr::MethodCall(method) => {
            let read = match method.method.to_string().as_str() {
                "batch" | "max_items" => fixed::number,
                "items_at" => fixed::text,
                "delimiter" => fixed::name,
                "headers" => fixed::texts,
                _ => return Source { items: Items::Given(reader.expr(syntax)), options: Vec::new() },
            };
            let mut source = source(reader, &method.receiver);
            source.options.push(option(reader, method, read));
            source
        }
        SynExpr::Call(call) => Source { items: called(reader, syntax, call), options: Vec::new() },
        _ => Source { items: Items::Given(reader.expr(syntax)), options: Vec::new() },
    }
}

fn called(reader: &mut Reader, syntax: &SynExpr, call: &ExprCall) -> Items {
    let SynExpr::Path(path) = &*call.func else { return Items::Given(reader.expr(syntax)) };
    let Some(format) = format(&path.path) else { return Items::Given(reader.expr(syntax)) };
    let item = path.path.segments.last().and_then(|last| match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(ty)) if !matches!(ty, Type::Infer(_)) => Some(ty.clone()),
            _ => None,
        },
        _ => None,
    });
    let arguments = reader.exprs(&call.args);
    Items::Read(Box::new(ItemReader { extent: Extent::of(&path.path), format, item, arguments }))
}

/// The name of a function of ours that reads items: `s3::json` or `sfn::s3::json`.
pub(super) fn format(path: &Path) -> Option<Ident> {
    let names: Vec<_> = path.segments.iter().map(|segment| &segment.ident).collect();
    let format = match names.as_slice() {
        [module, format] if *module == "s3" => format,
        [ours, module, format] if *ours == "sfn" && *module == "s3" => format,
        _ => return None,
    };
    FORMATS.iter().any(|(known, _)| *format == known).then(|| Ident::clone(format))
}
