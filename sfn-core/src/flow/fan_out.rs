//! The statements that run several things at once: `parallel` is `join!`, `map` is `map`.
//! Separate because their blocks are scopes of their own, whose values leave by the State's result.

use std::marker::PhantomData;

use super::closures::enumerated;
use super::{Flow, Settled};
use crate::ir::{Block, Expr, Iteration, NodeKind, VariableId, VariableRole};
use crate::val::COUNT;
use crate::{AnyVal, Arg, Origin, Payload, Shape, Symbolic, Val};

/// One branch of a [`parallel`](Flow::parallel).
pub type Branch<'a> = Box<dyn FnOnce(&mut Flow) -> AnyVal + 'a>;

/// A Parallel State about to be recorded by [`run`](Self::run).
#[derive(Debug)]
#[must_use = "branches are recorded by `run`"]
pub struct ParallelStep<'f> {
    flow: &'f mut Flow,
    origin: Origin,
    branches: Vec<(Block, VariableId)>,
    values: Vec<AnyVal>,
    name: Option<String>,
}

impl<'f> ParallelStep<'f> {
    /// The same branches, the State named by hand.
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The same branches, their values under the names they are bound to in Rust (`_` for none).
    pub fn bind(self, names: &[&str]) -> Self {
        for ((_, id), name) in self.branches.iter().zip(names) {
            if *name != "_" {
                self.flow.variables[id.0 as usize].name = Some((*name).to_owned());
            }
        }
        self
    }

    /// Records the branches and gives their values.
    pub fn run(self) -> Vec<AnyVal> {
        let Self { flow, origin, branches, values, name } = self;
        flow.push(origin, NodeKind::Parallel { branches, name, failure: None });
        values
    }

    /// Records the branches; their failure is swallowed: `let _ = join!(..).await;`.
    pub fn ignore(self) {
        self.settle();
    }

    /// Begins a match on what the branches come to: `match join!(..).await { .. }`.
    pub fn matching<V: Symbolic>(self) -> Settled<'f, V> {
        let tasks = self.branches.iter().filter_map(|(body, _)| body.first_task());
        let what = tasks.collect::<Vec<_>>().join(" and ");
        let (origin, values) = (self.origin, self.values.clone());
        let (flow, failure) = self.settle();
        Settled::new(flow, origin, failure, crate::tuple(values), &what)
    }

    fn settle(self) -> (&'f mut Flow, VariableId) {
        let Self { flow, origin, branches, name, .. } = self;
        let failure = flow.variable(None, "failure", VariableRole::Fleeting);
        flow.push(origin, NodeKind::Parallel { branches, name, failure: Some(failure) });
        (flow, failure)
    }

    /// As [`run`](Self::run), the values as a tuple.
    pub fn run_any(self) -> AnyVal {
        crate::tuple(self.run())
    }
}

/// BranchBlocks of known types: a tuple of closures, for [`join`](Flow::join).
pub trait BranchBlocks {
    /// The tuple of their values.
    type Output;

    /// Records each branch and gives the tuple of their values.
    fn record(self, flow: &mut Flow) -> Self::Output;
}

macro_rules! branches {
    ($($body:ident $value:ident),+) => {
        impl<$($body, $value: Symbolic),+> BranchBlocks for ($($body,)+)
        where
            $($body: FnOnce(&mut Flow) -> $value),+
        {
            type Output = ($($value,)+);

            #[track_caller]
            #[expect(non_snake_case, reason = "a branch is named as its type")]
            fn record(self, flow: &mut Flow) -> Self::Output {
                let ($($body,)+) = self;
                let branches: Vec<Branch<'_>> = vec![$(Box::new(|flow| $body(flow).into_any())),+];
                let mut values = flow.parallel(branches).run().into_iter();
                ($($value::from_any(values.next().unwrap_or_else(AnyVal::unit)),)+)
            }
        }
    };
}

branches!(A O, B P);
branches!(A O, B P, C Q);
branches!(A O, B P, C Q, D R);
branches!(A O, B P, C Q, D R, E S);
branches!(A O, B P, C Q, D R, E S, F T);
branches!(A O, B P, C Q, D R, E S, F T, G U);
branches!(A O, B P, C Q, D R, E S, F T, G U, H W);

/// A Map State about to be recorded by [`run`](Self::run).
#[derive(Debug)]
#[must_use = "a map is recorded by `run`"]
pub struct MapStep<'f, O> {
    flow: &'f mut Flow,
    origin: Origin,
    iteration: Iteration,
    item: AnyVal,
    output: PhantomData<fn() -> O>,
}

impl<'f, O> MapStep<'f, O> {
    /// The same map, at most so many iterations at a time.
    pub fn max_concurrency(mut self, limit: u32) -> Self {
        self.iteration.max_concurrency = Some(limit);
        self
    }

    /// The same map, its State named by hand.
    pub fn named(mut self, name: &str) -> Self {
        self.iteration.name = Some(name.to_owned());
        self
    }

    /// The same map, its result under the name it is bound to in Rust.
    pub fn bind(self, name: &str) -> Self {
        if name != "_" {
            self.flow.variables[self.iteration.result.0 as usize].name = Some(name.to_owned());
        }
        self
    }

    /// Records the map and gives the array of the iterations' values, in the order of the items.
    pub fn run_any(self) -> AnyVal {
        let results = Expr::variable(self.iteration.result);
        self.flow.push(self.origin, NodeKind::Map(Box::new(self.iteration)));
        AnyVal::list(results, self.item)
    }

    /// Records the map; its failure is swallowed: `let _ = map(..).await;`.
    pub fn ignore(mut self) {
        self.iteration.failure = Some(self.flow.variable(None, "failure", VariableRole::Fleeting));
        self.run_any();
    }

    /// Begins a match on what the iterations come to: `match map(..).await { .. }`.
    pub fn matching<V: Symbolic>(self) -> Settled<'f, V> {
        let Self { flow, origin, mut iteration, item, output: _ } = self;
        let failure = flow.variable(None, "failure", VariableRole::Fleeting);
        iteration.failure = Some(failure);
        let (results, what) = (Expr::variable(iteration.result), format!("map {}", iteration.items_name));
        flow.push(origin, NodeKind::Map(Box::new(iteration)));
        Settled::new(flow, origin, failure, AnyVal::list(results, item), &what)
    }
}

impl<O: Payload> MapStep<'_, O> {
    /// Records the map and gives the iterations' values, in the order of the items.
    pub fn run(self) -> Val<Vec<O>> {
        Val::from_erased(self.run_any())
    }
}

impl Flow {
    /// Runs branches side by side: a Parallel State. The first failure ends all of them.
    ///
    /// For branches of known types, [`join`](Self::join) reads better.
    #[track_caller]
    pub fn parallel(&mut self, branches: Vec<Branch<'_>>) -> ParallelStep<'_> {
        let origin = self.here();
        let mut recorded = Vec::new();
        let mut values = Vec::new();
        for body in branches {
            let branch = self.scope(body);
            self.report_faults(origin, &branch.value);
            let hint = branch.block.first_task().unwrap_or("result").to_owned();
            let id = self.variable(None, &hint, VariableRole::Bound);
            values.push(branch.value.standing_for(Expr::variable(id)));
            recorded.push((branch.block, id));
        }
        ParallelStep { flow: self, origin, branches: recorded, values, name: None }
    }

    /// `join!(a, b)`: runs a tuple of branches side by side and gives the tuple of their values.
    ///
    /// ```
    /// use sfn_core::Definition;
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
    /// # use support::greet;
    ///
    /// let definition = Definition::from_flow("both", "", |flow| {
    ///     let (ada, bob) = flow.join((
    ///         |flow: &mut sfn_core::Flow| flow.task(greet("Ada")).run(),
    ///         |flow: &mut sfn_core::Flow| flow.task(greet("Bob")).named("GreetBob").run(),
    ///     ));
    ///     flow.succeed(sfn_core::tuple(vec![ada.into_erased(), bob.into_erased()]));
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains(r#""{% $states.result[0] %}""#));
    /// ```
    #[track_caller]
    pub fn join<B: BranchBlocks>(&mut self, branches: B) -> B::Output {
        branches.record(self)
    }

    /// Runs a block for each item: a Map State. Its value is the array of the block's values.
    ///
    /// ```
    /// use sfn_core::Definition;
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/greeting.in")); }
    /// # use support::greet;
    ///
    /// let definition = Definition::from_flow("all", "", |flow| {
    ///     let names = flow.input::<Vec<String>>("names");
    ///     let greetings = flow.map(names, "name", |flow, name| flow.task(greet(&name)).run()).max_concurrency(5);
    ///     let greetings = greetings.run();
    ///     flow.succeed(greetings);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains(r#""Items": "{% $states.input %}""#));
    /// assert!(text.contains(r#""MaxConcurrency": 5"#));
    /// ```
    #[track_caller]
    pub fn map<T: Payload, O: Payload>(
        &mut self,
        items: impl Arg<Vec<T>>,
        item_name: &str,
        body: impl FnOnce(&mut Self, Val<T>) -> Val<O>,
    ) -> MapStep<'_, O> {
        let origin = self.here();
        let items = AnyVal::of_argument(items.into_arg(), Vec::<T>::shape());
        let body = |flow: &mut Self, item| body(flow, Val::from_erased(item)).into_erased();
        self.iterate(origin, items, item_name, body)
    }

    /// As [`map`](Self::map), items and values erased; of an [enumeration](AnyVal::enumerate) the block receives places
    /// and items.
    #[track_caller]
    pub fn map_any(
        &mut self,
        items: AnyVal,
        item_name: &str,
        body: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> MapStep<'_, serde_json::Value> {
        let origin = self.here();
        self.iterate(origin, items, item_name, body)
    }

    fn iterate<O>(
        &mut self,
        origin: Origin,
        items: AnyVal,
        item_name: &str,
        body: impl FnOnce(&mut Self, AnyVal) -> AnyVal,
    ) -> MapStep<'_, O> {
        self.report_faults(origin, &items);
        let numbered = enumerated(&items);
        let is_numbered = numbered.is_some();
        let items = numbered.unwrap_or(items);
        let of = self.item_of(origin, &items, "`map`");
        let name = Some(item_name).filter(|_| !is_numbered);
        let item = self.variable(name, "item", VariableRole::Bound);
        let place = is_numbered.then(|| self.variable(None, "place", VariableRole::Bound));
        self.shapes.insert(item, of.shape.clone());
        self.places.push(place);
        let recorded = self.scope(|flow| {
            let item = of.standing_for(Expr::variable(item));
            let place = place.map(|place| AnyVal::new(Expr::variable(place), COUNT));
            body(flow, place.map_or_else(|| item.clone(), |place| crate::tuple(vec![place, item.clone()])))
        });
        let place = self.places.pop().flatten();
        self.report_faults(origin, &recorded.value);
        let result = self.variable(None, "results", VariableRole::Bound);
        let iteration = Iteration {
            items_name: self.items_name(&items.expr, item_name),
            items: items.expr,
            item,
            place,
            body: recorded.block,
            result,
            failure: None,
            max_concurrency: None,
            name: None,
            distributed: None,
        };
        MapStep { flow: self, origin, iteration, item: recorded.value, output: PhantomData }
    }

    /// An item of those that a statement goes through, wherever it stands.
    pub(super) fn item_of(&mut self, origin: Origin, items: &AnyVal, statement: &str) -> AnyVal {
        items.item().unwrap_or_else(|| {
            if items.is_never() {
                return AnyVal::never();
            }
            if items.faults.is_empty() {
                let message = format!("{statement} needs an array of items");
                self.report("not-an-array", origin, message, "give it a `Vec`");
            }
            AnyVal::new(Expr::null(), Shape::Any)
        })
    }

    /// What people call the items: the field or variable they come from.
    pub(super) fn items_name(&self, items: &Expr, item_name: &str) -> String {
        match items.kind() {
            crate::ir::ExprKind::Field { wire, .. } => wire.clone(),
            crate::ir::ExprKind::Variable(id) => {
                let variable = &self.variables[id.0 as usize];
                variable.name.clone().unwrap_or_else(|| variable.hint.clone())
            }
            _ => item_name.to_owned(),
        }
    }
}
