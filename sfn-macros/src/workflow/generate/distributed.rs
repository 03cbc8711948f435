//! Distributed maps of the twin: their sources and their options.
//! Separate from other steps because a reader's items get their shape from a type that the user wrote.

use proc_macro2::TokenStream;
use quote::quote;

use super::block::Twin;
use super::step::{fit, fixed, item_name, parameter};
use super::{flow, own};
use crate::workflow::ast::{ItemReader, Items, MapDistributed, MapOption, Source};

impl Twin {
    pub(super) fn map_distributed(&mut self, map: &MapDistributed) -> TokenStream {
        let (flow, source) = (flow(), own("source"));
        let Ok((pattern, body)) = &map.body else { return quote!(__sfn::AnyVal::never()) };
        let mut ahead = TokenStream::new();
        let read = self.source(&map.source);
        let options: TokenStream =
            map.options.iter().map(|option| self.map_option(option, &mut ahead)).collect();
        let (parameter, bound) = parameter(pattern);
        let name = item_name(pattern);
        let body = self.inside(body);
        let mapped = quote!(#flow.map_distributed_any(#source, #name, |#flow, #parameter| { #bound #body }));
        quote!({ let #source = #read; #ahead #mapped #options })
    }

    fn source(&mut self, source: &Source) -> TokenStream {
        let items = match &source.items {
            Items::Given(items) => self.value(items),
            Items::Read(reader) => self.reader(reader),
        };
        let options = source.options.iter().filter(|option| fit(option)).map(|option| {
            let (name, value) = (&option.name, fixed(&option.constant.value));
            quote!(.#name(#value))
        });
        let options: TokenStream = options.collect();
        quote!({ use __sfn::Batch as _; #items #options })
    }

    fn reader(&mut self, reader: &ItemReader) -> TokenStream {
        let format = &reader.format;
        // Another number of arguments is refused in the user's own function.
        let [bucket, place] = reader.arguments.as_slice() else { return quote!(__sfn::AnyVal::never()) };
        let (bucket, place) = (self.value(bucket), self.value(place));
        match &reader.item {
            Some(item) if reader.is_typed() => quote! {
                __sfn::s3::#format::<__sfn::serde_json::Value>(#bucket, #place)
                    .of_shape({ use __sfn::Untyped as _; __sfn::Typed::<#item>::shape_or_any() })
            },
            _ => quote!(__sfn::s3::#format(#bucket, #place)),
        }
    }

    fn map_option(&mut self, option: &MapOption, ahead: &mut TokenStream) -> TokenStream {
        match option {
            MapOption::Constant(option) if fit(option) => {
                let (name, value) = (&option.name, fixed(&option.constant.value));
                quote!(.#name(#value))
            }
            MapOption::Constant(_) => TokenStream::new(),
            MapOption::Flag(name) => quote!(.#name()),
            MapOption::ResultsTo(name, to) => {
                let mut places = Vec::new();
                for (at, place) in to.iter().enumerate() {
                    let variable = own(&format!("place_{at}"));
                    let value = self.value(place);
                    ahead.extend(quote!(let #variable = #value;));
                    places.push(variable);
                }
                quote!(.#name(#(#places),*))
            }
        }
    }
}
