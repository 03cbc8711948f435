//! Real processes and real sockets: functions behind the Lambda Runtime API, workers at the service's API.
//! Separate because this binary has a second life: started with `_HANDLER` set, it *is* the Lambda function.

mod api;
mod function;
mod functions;
mod hostile;
mod http;
mod service;

#[expect(clippy::print_stdout, reason = "without the usual harness, this is how tests are named")]
fn main() {
    if std::env::var_os("_HANDLER").is_some() {
        return function::serve();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    for (name, test) in api::TESTS.iter().chain(hostile::TESTS).chain(service::TESTS).chain(functions::TESTS)
    {
        println!("test {name}");
        runtime.block_on(test());
    }
}

/// A test by its name.
type Test = (&'static str, fn() -> futures_util::future::BoxFuture<'static, ()>);

/// Lists async functions as tests under their own names.
#[macro_export]
macro_rules! tests {
    ($($name:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[$crate::Test] = &[$((stringify!($name), || Box::pin($name()))),+];
    };
}
