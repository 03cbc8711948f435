//! Links that complete tasks, in a run on this machine: the function behind them on a port of its own. Apart from the run,
//! because most workflows make none.

use sfn_core::link_names::{HANDLER, KEY, URL};
use sfn_engine::lambda::{FunctionSpec, FunctionUrl, ProcessPool, ServedUrl};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::Path;

/// What the functions are told of links.
#[derive(Debug)]
pub(crate) struct Links {
    makers: Vec<String>,
    url: FunctionUrl,
    secret: String,
}

impl Links {
    /// A port for the links of these tasks; none without such tasks.
    pub(crate) async fn bind(makers: &[String]) -> io::Result<Option<Self>> {
        if makers.is_empty() {
            return Ok(None);
        }
        // For this run and this machine alone, the random numbers of the standard library will do.
        let [one, other] = [(); 2].map(|()| RandomState::new().hash_one(()));
        let secret = format!("{one:016x}{other:016x}");
        Ok(Some(Self { makers: makers.to_vec(), url: FunctionUrl::bind(0).await?, secret }))
    }

    /// The variables of a task's function, as its template has them; nothing for tasks that make no links.
    pub(crate) fn told(&self, task: &str) -> Option<[(String, String); 2]> {
        let is_maker = self.makers.iter().any(|maker| maker == task);
        is_maker.then(|| [(URL.to_owned(), self.url.url()), self.key()])
    }

    /// The function behind the links.
    pub(crate) fn function(&self, program: &Path) -> (String, FunctionSpec) {
        let mut spec = FunctionSpec::new(program, HANDLER);
        spec.environment.extend([self.key()]);
        (HANDLER.to_owned(), spec)
    }

    /// Has the function answer until what it gives is dropped.
    pub(crate) fn serve(self, pool: &ProcessPool) -> ServedUrl {
        self.url.serve(pool.clone(), HANDLER)
    }

    fn key(&self) -> (String, String) {
        (KEY.to_owned(), self.secret.clone())
    }
}
