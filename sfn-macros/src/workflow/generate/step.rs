//! What is awaited: task calls, pauses, branches and iterations.
//! Separate because these record themselves in the flow, where values do not.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::block::{Gives, Twin, is_pure, parts};
use super::{flow, own};
use crate::workflow::ast::{
    Action, Block, Branch, Call, CallOption, Expr, ExprKind, Fixed, Map, Part, Pattern, PolicyOption, Unit,
};

impl Twin {
    /// A step whose failure ends the workflow, and the name its result is bound to.
    pub(super) fn step(&mut self, awaited: &Expr, name: Option<&str>) -> TokenStream {
        let flow = flow();
        if let ExprKind::Action(Action::Sleep(constant)) = &awaited.kind {
            let duration = fixed(&constant.value);
            return quote!({ #flow.sleep(#duration); __sfn::AnyVal::unit() });
        }
        let Some(made) = self.fallible(awaited) else { return quote!(__sfn::AnyVal::never()) };
        // Branches have results of their own, which are named where they are taken apart.
        let is_join = matches!(awaited.kind, ExprKind::Action(Action::Join(_)));
        let bind = name.filter(|_| !is_join).map(|name| quote!(.bind(#name)));
        quote!(#made #bind.run_any())
    }

    /// A step that gives a result, about to be recorded.
    pub(super) fn fallible(&mut self, awaited: &Expr) -> Option<TokenStream> {
        let flow = flow();
        match &awaited.kind {
            ExprKind::Action(Action::Call(call)) => Some(self.task(call)),
            ExprKind::Action(Action::Join(branches)) => {
                let branches: Vec<_> = branches.iter().map(|branch| self.branch(branch)).collect();
                Some(quote!(#flow.parallel(vec![#(Box::new(|#flow| { #branches })),*])))
            }
            ExprKind::Action(Action::Map(map)) => Some(self.map(map)),
            ExprKind::Action(Action::MapDistributed(map)) => Some(self.map_distributed(map)),
            _ => None,
        }
    }

    /// `let _ = call.await;`
    pub(super) fn ignored_step(&mut self, awaited: &Expr) -> TokenStream {
        if let Some(made) = self.fallible(awaited) {
            return quote!(#made.ignore(););
        }
        let step = self.step(awaited, None);
        quote!(#step;)
    }

    /// `flow.task(..)` with all that is said at the call.
    pub(super) fn task(&mut self, call: &Call) -> TokenStream {
        let flow = flow();
        let compensations = call.compensations.iter().filter_map(|compensation| {
            let (pattern, undo) = compensation.undo.as_ref().ok()?;
            let ExprKind::Action(Action::Call(undo)) = &undo.kind else { return None };
            let undo = self.call(undo);
            if compensation.name == "compensate_unknown" {
                return Some(quote!(.compensate_unknown(|| { #undo })));
            }
            let (parameter, bound) = parameter(pattern);
            Some(quote!(.compensate_any(|#parameter| { #bound #undo })))
        });
        let compensation: TokenStream = compensations.collect();
        let (made, pending) = (self.call(call), own("call"));
        if call.arguments.iter().chain(call.parts.iter().flat_map(|part| &part.values)).all(is_pure) {
            quote!(#flow.task(#made) #compensation)
        } else {
            quote!({ let #pending = #made; #flow.task(#pending) } #compensation)
        }
    }

    /// The call itself: the task's function is named and not called, for its arguments are judged elsewhere.
    fn call(&mut self, call: &Call) -> TokenStream {
        self.callees.call(&call.task);
        let (task, arguments) = (&call.task, self.values(&call.arguments));
        let parts: Vec<_> = call.parts.iter().map(|part| self.part(part)).collect();
        let options = options(&call.options);
        let start = call.starts.then(|| quote!(.start()));
        let called = if self.express && !call.starts { quote!(call_in_express) } else { quote!(call) };
        quote!(__sfn::#called(#task, [#(#arguments),*]) #start #(#parts)* #options)
    }

    fn part(&mut self, part: &Part) -> TokenStream {
        let (name, values) = (part.name.to_string(), self.values(&part.values));
        quote!(.with(#name, [#(#values),*]))
    }

    /// The body of a branch or an iteration, whose `return` ends only that.
    pub(super) fn inside(&mut self, body: &Block) -> TokenStream {
        let fragment = self.fragment.take();
        let body = self.block(body, Gives::Item);
        self.fragment = fragment;
        body
    }

    fn branch(&mut self, branch: &Branch) -> TokenStream {
        match branch {
            Branch::Awaited(awaited) => self.step(awaited, None),
            Branch::Block(body) => self.inside(body),
        }
    }

    fn map(&mut self, map: &Map) -> TokenStream {
        let (flow, list) = (flow(), own("items"));
        let Ok((pattern, body)) = &map.body else { return quote!(__sfn::AnyVal::never()) };
        let items = self.value(&map.items);
        let (parameter, bound) = parameter(pattern);
        let name = item_name(pattern);
        let body = self.inside(body);
        let options = options(&map.options);
        let body = quote!(#name, |#flow, #parameter| { #bound #body });
        if is_pure(&map.items) {
            quote!(#flow.map_any(#items, #body) #options)
        } else {
            quote!({ let #list = #items; #flow.map_any(#list, #body) } #options)
        }
    }
}

/// What an item is called.
pub(super) fn item_name(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Name(name) => name.to_string(),
        _ => "item".to_owned(),
    }
}

/// A closure's parameter, and the statements that take it apart.
pub(super) fn parameter(pattern: &Pattern) -> (Ident, TokenStream) {
    if let Pattern::Name(name) = pattern {
        return (name.clone(), TokenStream::new());
    }
    let whole = own("value");
    let bound = parts(pattern, &quote!(#whole));
    (whole, bound)
}

/// Options as they are said, without the ones that rustc refuses in the user's own function.
fn options(options: &[CallOption]) -> TokenStream {
    options
        .iter()
        .filter(|option| fit(option))
        .map(|CallOption { name, constant }| {
            let value = fixed(&constant.value);
            quote!(.#name(#value))
        })
        .collect()
}

/// Whether rustc has nothing to refuse in the user's own function.
pub(super) fn fit(option: &CallOption) -> bool {
    !matches!(option.constant.value, Fixed::Mistyped | Fixed::Unknown)
}

pub(super) fn fixed(value: &Fixed) -> TokenStream {
    match value {
        Fixed::Name(path) => path.to_token_stream(),
        Fixed::Text(text) => text.to_token_stream(),
        Fixed::Texts(texts) => quote!([#(#texts),*]),
        Fixed::Count(count) => count.to_token_stream(),
        Fixed::Factor(factor) => factor.to_token_stream(),
        Fixed::Duration(unit, count) => {
            let count = fixed(count);
            let unit = match unit {
                Unit::Seconds => quote!(secs),
                Unit::Minutes => quote!(mins),
                Unit::Hours => quote!(hours),
                Unit::Days => quote!(days),
            };
            quote!(__sfn::#unit(#count))
        }
        Fixed::Policy(options) => {
            let options = options.iter().map(|(option, value)| {
                let value = value.as_ref().map(fixed);
                let option = match option {
                    PolicyOption::Attempts => quote!(attempts),
                    PolicyOption::Interval => quote!(interval),
                    PolicyOption::Backoff => quote!(backoff),
                    PolicyOption::MaxDelay => quote!(max_delay),
                    PolicyOption::NoJitter => quote!(no_jitter),
                };
                quote!(.#option(#value))
            });
            quote!(__sfn::RetryPolicy::new() #(#options)*)
        }
        // rustc refuses it in the user's own function.
        Fixed::Mistyped | Fixed::Unknown => quote!(__sfn::secs(0)),
    }
}
