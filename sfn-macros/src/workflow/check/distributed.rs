//! What a distributed map may go through, and what it may be told.
//! Separate from the inline `map` because each reader has options of its own.

use super::Check;
use crate::workflow::ast::{Expr, Extent, ItemReader, Items, MapDistributed, MapOption, Source};

impl Check {
    /// A distributed map that is awaited by `whole`.
    pub(super) fn map_distributed(&mut self, whole: &Expr, map: &MapDistributed) {
        self.source(whole, &map.source);
        let outer = std::mem::replace(&mut self.in_child, true);
        self.map_body(whole, &map.body, "map_distributed");
        self.in_child = outer;
        for (at, option) in map.options.iter().enumerate() {
            match option {
                MapOption::Constant(option) => self.constant(&option.name.to_string(), &option.constant),
                MapOption::Flag(_) => {}
                MapOption::ResultsTo(name, to) => {
                    for argument in to {
                        self.operand(argument);
                    }
                    let is_first =
                        map.options[..at].iter().all(|other| !matches!(other, MapOption::ResultsTo(..)));
                    if !is_first {
                        self.fault(
                            "repeated-option",
                            Extent::of(name),
                            "a second `.results_to`: results are written to one place",
                        );
                    }
                }
            }
        }
    }

    fn source(&mut self, whole: &Expr, source: &Source) {
        match &source.items {
            Items::Given(items) => self.operand(items),
            Items::Read(reader) => {
                for argument in &reader.arguments {
                    self.operand(argument);
                }
                if reader.is_typed() && reader.item.is_none() {
                    let format = &reader.format;
                    let message = format!(
                        "`s3::{format}` must say what an item is: write `s3::{format}::<Item>(bucket, key)`"
                    );
                    self.blame_utterly("untyped-reader", whole, reader.extent, &message);
                }
            }
        }
        let mut is_batched = false;
        for option in &source.options {
            let (name, extent) = (option.name.to_string(), Extent::of(&option.name));
            if is_batched {
                let message = if name == "batch" {
                    "a second `.batch`: items are put together once".to_owned()
                } else {
                    format!("`.{name}` behind `.batch`: write it before")
                };
                self.blame_utterly("distributed-source", whole, extent, &message);
            } else if let Some(message) = refused(&source.items, &name) {
                self.blame_utterly("unknown-option", whole, extent, &message);
            } else {
                self.constant(&name, &option.constant);
            }
            is_batched |= name == "batch";
        }
    }
}

/// Why a source does not take an option.
fn refused(items: &Items, name: &str) -> Option<String> {
    match (items, name) {
        (_, "batch") | (Items::Read(_), "max_items") => None,
        (Items::Given(_), _) => {
            Some(format!("`.{name}` is for readers as `s3::json(..)`: a list has `.batch` alone"))
        }
        (Items::Read(reader), name) if reader.own_options().contains(&name) => None,
        (Items::Read(reader), name) => {
            Some(format!("`.{name}` is no option of `s3::{}`: it has {}", reader.format, known(reader)))
        }
    }
}

fn known(reader: &ItemReader) -> String {
    let names = ["batch", "max_items"].iter().chain(reader.own_options());
    let names: Vec<_> = names.map(|name| format!("`.{name}`")).collect();
    names.join(", ")
}
