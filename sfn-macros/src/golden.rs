//! Expansions as people would read them, kept as snapshots.
//! Separate because every macro is shown through the same `check`.

use proc_macro2::TokenStream;
use quote::quote;

type Expansion = (TokenStream, Vec<syn::Error>);

/// The expansion, formatted, followed by its errors, each at the line and column of the item as written.
fn show((tokens, errors): Expansion) -> String {
    let formatted = match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_string(),
    };
    let errors: Vec<_> = errors.iter().map(|error| format!("error: {error}\n")).collect();
    formatted + &errors.concat()
}

/// What is wrong with each item, below it.
fn refused(
    items: impl IntoIterator<Item = TokenStream>,
    expand: impl Fn(TokenStream) -> Expansion,
) -> String {
    let shown = items.into_iter().map(|item| {
        let (_, errors) = expand(item.clone());
        let errors: Vec<_> = errors.iter().map(|error| format!("    {error}\n")).collect();
        format!("{item}\n{}\n", errors.concat())
    });
    shown.collect()
}

mod payload {
    use super::{quote, refused, show};
    use crate::payload::expand;

    #[test]
    fn struct_with_names() {
        insta::assert_snapshot!(show(expand(quote! {
            #[serde(rename_all = "camelCase")]
            pub struct Order {
                pub order_id: String,
                #[serde(default)]
                pub lines: Vec<Line>,
                #[serde(with = "hex", skip_serializing_if = "is_zero")]
                key: u8,
                #[serde(skip)]
                cache: Cache,
            }
        })));
    }

    #[test]
    fn generic_struct() {
        insta::assert_snapshot!(show(expand(quote! {
            pub struct Page<T: Clone> { items: Vec<T>, #[serde(default)] first: T }
        })));
    }

    #[test]
    fn tuple_newtype_and_unit() {
        for item in [
            quote!(
                struct Pair(pub u8, Line);
            ),
            quote!(
                struct Id(String);
            ),
            quote!(
                struct Done;
            ),
        ] {
            insta::assert_snapshot!(show(expand(item)));
        }
    }

    #[test]
    fn tagged_enum() {
        insta::assert_snapshot!(show(expand(quote! {
            #[serde(tag = "kind", rename_all = "snake_case")]
            enum Event { Started, Paid(Charge), Moved { to: String } }
        })));
    }

    #[test]
    fn refusals() {
        let items = [
            quote!(union Bits { a: u8 }),
            quote!(
                struct Borrowed<'a> {
                    a: &'a str,
                }
            ),
            quote!(
                #[serde(remote = "Other")]
                struct Mine {
                    a: u8,
                }
            ),
            quote!(
                #[serde(rename_all(serialize = "camelCase"))]
                struct Order {
                    order_id: u8,
                }
            ),
            quote!(
                struct Order {
                    #[serde(rename(serialize = "a"))]
                    order_id: u8,
                }
            ),
            quote!(
                struct Order {
                    #[serde(alias = "id")]
                    order_id: u8,
                }
            ),
            quote!(
                struct Order {
                    #[serde(skip_serializing)]
                    order_id: u8,
                }
            ),
            quote!(
                struct Pair(u8, #[serde(skip)] u8);
            ),
            quote!(
                #[serde(tag = "kind")]
                struct Order {
                    order_id: u8,
                }
            ),
            quote!(
                #[serde(from = "Wire")]
                struct Order {
                    order_id: u8,
                }
            ),
            quote!(
                #[serde(into = "Wire")]
                struct Order {
                    order_id: u8,
                }
            ),
            quote!(
                #[serde(from = "Wire", into = "Other")]
                struct Order {
                    order_id: u8,
                }
            ),
            quote!(
                #[serde(field_identifier)]
                enum Key {
                    A,
                    B,
                }
            ),
            quote!(
                enum Event {
                    A,
                    #[serde(untagged)]
                    B(u8),
                }
            ),
            quote!(
                enum Event {
                    A,
                    #[serde(skip_deserializing)]
                    B(u8),
                }
            ),
            quote!(
                struct Order {
                    #[serde(renam = "a")]
                    order_id: u8,
                }
            ),
        ];
        insta::assert_snapshot!(refused(items, expand));
    }
}

mod task_error {
    use super::{quote, refused, show};
    use crate::task_error::expand;

    #[test]
    fn enum_of_every_style() {
        insta::assert_snapshot!(show(expand(quote! {
            pub enum PaymentError {
                PaymentDeclined { reason: String },
                #[task_error(name = "Gateway.Unavailable", retry)]
                GatewayUnavailable,
                Partial(u32, u32),
            }
        })));
    }

    #[test]
    fn struct_without_fields() {
        insta::assert_snapshot!(show(expand(quote!(
            pub struct Gone;
        ))));
    }

    #[test]
    fn refusals() {
        let long = "x".repeat(257);
        let items = [
            quote!(union Bits { a: u8 }),
            quote!(
                enum E<T> {
                    A(T),
                }
            ),
            quote!(
                #[task_error(retry)]
                enum E {
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(retries)]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(retry, retry)]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(retry = 3)]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = A)]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = "")]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = "States.Timeout")]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = "Lambda.Unknown")]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = "B")]
                    A,
                    B,
                }
            ),
            quote!(
                enum E {
                    #[task_error(name = #long)]
                    A,
                }
            ),
            quote!(
                enum E {
                    #[task_error]
                    A,
                }
            ),
        ];
        insta::assert_snapshot!(refused(items, expand));
    }
}

mod task {
    use super::{TokenStream, quote, refused, show};
    use crate::task::expand;

    #[test]
    fn several_arguments_and_every_option() {
        let options = quote! {
            timeout = "30s", memory = 512, name = "charge-payment",
            retry(attempts = 5, interval = "2s", backoff = 1.5, max_delay = "1m", jitter = none)
        };
        insta::assert_snapshot!(show(expand(
            options,
            quote! {
                /// Charges the card.
                #[cfg(feature = "payments")]
                #[tracing::instrument]
                pub async fn charge_payment(order_id: String, mut amount_cents: u32) -> Result<Charge, PaymentError> {
                    amount_cents += 1;
                    charge(order_id, amount_cents).await
                }
            }
        )));
    }

    #[test]
    fn token() {
        insta::assert_snapshot!(show(expand(
            quote!(timeout = "3d", heartbeat = "1h"),
            quote! {
                async fn request_approval(order: Order, token: TaskToken<Approval>) -> Result<(), ApprovalError> {
                    store(order, token).await
                }
            }
        )));
    }

    #[test]
    fn state_and_context() {
        insta::assert_snapshot!(show(expand(
            TokenStream::new(),
            quote! {
                async fn price(count: u32, state: &Prices, context: TaskContext) -> Result<u32, Infallible> {
                    Ok(state.of(count, context.state()))
                }
            }
        )));
    }

    #[test]
    fn activity() {
        insta::assert_snapshot!(show(expand(
            quote!(activity, timeout = "1h", heartbeat = "1m"),
            quote! {
                async fn print_label(parcel: Parcel) -> Result<String, ShippingError> { print(parcel).await }
            }
        )));
    }

    #[test]
    fn idempotent() {
        insta::assert_snapshot!(show(expand(
            quote!(idempotent),
            quote! {
                async fn reserve(order: Order) -> Result<u32, Infallible> { Ok(order.places()) }
            }
        )));
        insta::assert_snapshot!(show(expand(
            quote!(idempotent = (&order.id, cents), remember = "30d"),
            quote! {
                async fn charge(order: Order, cents: u32, state: &Bank) -> Result<u32, Infallible> {
                    state.charge(&order, cents)
                }
            }
        )));
        insta::assert_snapshot!(show(expand(
            quote!(repeatable),
            quote! {
                async fn rate() -> Result<u32, Infallible> { Ok(5) }
            }
        )));
    }

    #[test]
    fn no_argument() {
        insta::assert_snapshot!(show(expand(
            quote!(retry = none),
            quote! {
                async fn ping() -> Result<(), Infallible> { Ok(()) }
            }
        )));
    }

    /// A wrong function still serves its callers, as far as its signature says how.
    #[test]
    fn wrong_signature() {
        insta::assert_snapshot!(show(expand(
            TokenStream::new(),
            quote! {
                pub fn charge(order: &Order, (a, b): (u8, u8)) -> Charge { todo(order, a, b) }
            }
        )));
    }

    #[test]
    fn wrong_options() {
        let lists = [
            quote!(tiemout = "30s"),
            quote!(timeout),
            quote!(timeout = 30),
            quote!(timeout = "30"),
            quote!(timeout = "0s"),
            quote!(timeout = "30s", timeout = "40s"),
            quote!(heartbeat = "30s"),
            quote!(memory = 64),
            quote!(memory = "512"),
            quote!(name = "charge payment"),
            quote!(name = charge),
            quote!(retry),
            quote!(retry = 5),
            quote!(retry(attempt = 5)),
            quote!(retry(attempts = "5")),
            quote!(retry(interval = 2)),
            quote!(retry(backoff = 0.5)),
            quote!(retry(interval = "10s", max_delay = "5s")),
            quote!(retry(max_delay = "367d")),
            quote!(retry(jitter = some)),
            quote!(timeout "30s"),
        ];
        let item = quote!(
            async fn f(a: u8) -> Result<(), E> {
                Ok(())
            }
        );
        insta::assert_snapshot!(refused(lists, |list| expand(list, item.clone())));
    }

    #[test]
    fn refusals() {
        let items = [
            quote!(
                struct Order;
            ),
            quote!(
                fn f(a: u8) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                const async fn f(a: u8) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async unsafe fn f(a: u8) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async extern "C" fn f(a: u8) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(&self, a: u8) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f<T>(a: T) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: &str) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: Vec<&str>) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: Cow<'_, str>) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: impl Into<String>) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(Order { id }: Order) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(_: Order) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: u8) {}
            ),
            quote!(
                async fn f(a: u8) -> Charge {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: u8) -> io::Result<Charge> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: u8) -> Result<&'static str, E> {
                    Ok("")
                }
            ),
            quote!(
                async fn f(a: u8) -> impl Future<Output = u8> {
                    ready(1)
                }
            ),
            quote!(
                async fn f(token: TaskToken<u8>) -> Result<(), E> {
                    Ok(())
                }
            ),
        ];
        insta::assert_snapshot!(refused(items, |item| expand(TokenStream::new(), item)));
    }

    #[test]
    fn refusals_about_tokens() {
        let item = quote!(
            async fn f(a: TaskToken<u8>) -> Result<(), E> {
                Ok(())
            }
        );
        let lists = [quote!(timeout = "1h30m", heartbeat = "2h"), quote!(timeout = "30s", heartbeat = "30s")];
        insta::assert_snapshot!("times", refused(lists, |list| expand(list, item.clone())));
        let items = [
            quote!(
                async fn f(a: TaskToken<u8>, b: TaskToken<u8>) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: TaskToken) -> Result<(), E> {
                    Ok(())
                }
            ),
            quote!(
                async fn f(a: TaskToken<u8>) -> Result<u8, E> {
                    Ok(1)
                }
            ),
        ];
        insta::assert_snapshot!("signatures", refused(items, |item| expand(quote!(timeout = "30s"), item)));
    }
}
