//! What outlives the process: crashes between any two writes in a store that fails when told, and real processes that
//! are killed.
//! Separate because this binary has a second life: told a folder, it *is* the server that is killed.

mod crash;
mod items;
mod kill;
mod server;
mod store;
mod stories;
mod workload;

#[expect(clippy::print_stdout, reason = "without the usual harness, this is how tests are named")]
fn main() {
    if let Some(folder) = std::env::var_os(server::FOLDER) {
        return server::serve(&folder);
    }
    // `cargo test FILTER` hands its filter to every binary.
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, test) in crash::TESTS.iter().chain(items::TESTS).chain(stories::TESTS).chain(kill::TESTS) {
        if filter.as_ref().is_none_or(|filter| name.contains(filter.as_str())) {
            println!("test {name}");
            test();
        }
    }
}

/// A test by its name.
type Test = (&'static str, fn());

/// Lists functions as tests under their own names.
#[macro_export]
macro_rules! tests {
    ($($name:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[$crate::Test] = &[$((stringify!($name), $name)),+];
    };
}
