//! The estimate as people and programs read it. Apart from the command, because it says again what was assumed, so that nobody
//! takes an assumption for a fact.

use crate::duration::readable;
use serde_json::{Value, json};
use sfn_asl::{ExecutionType, State, StateMachine, scopes};
use sfn_estimate::{Assumptions, Counts, Estimate, Limit, Prices};
use std::fmt::Write as _;
use std::time::Duration;

type Figure = fn(&Counts) -> f64;

/// All there is to say.
pub(super) struct Report<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ExecutionType,
    pub(super) machine: &'a StateMachine,
    pub(super) definition_bytes: usize,
    pub(super) estimate: Estimate,
    pub(super) limits: Vec<Limit>,
    pub(super) no_express: Option<String>,
    pub(super) assumptions: &'a Assumptions,
    pub(super) prices: &'a Prices,
    pub(super) per_day: Option<f64>,
}

impl Report<'_> {
    pub(super) fn human(&self) -> String {
        let mut text = format!("{} ({})\n\n", self.name, self.kind.as_str());
        let mut line = |name: &str, cells: [String; 3]| {
            let [best, typical, worst] = cells;
            let cells = format!("{name:24}{best:>14}{typical:>14}{worst:>14}");
            text.push_str(cells.trim_end());
            text.push('\n');
        };
        line("an execution", ["best", "typical", "worst"].map(str::to_owned));
        let figures: [(&str, Figure); 8] = [
            ("transitions", |counts| counts.transitions),
            ("history events", |counts| counts.events),
            ("requests", |counts| counts.requests),
            ("Lambda invocations", |counts| counts.invocations),
            ("Lambda GB-seconds", |counts| counts.gb_seconds),
            ("child executions", |counts| counts.standard_children + counts.express_children),
            ("their transitions", |counts| counts.child_transitions),
            ("seconds", |counts| counts.seconds),
        ];
        for (name, figure) in figures {
            let cells = self.all().map(figure);
            if cells.iter().any(|cell| *cell != 0.0) {
                line(name, cells.map(number));
            }
        }
        line("Standard", self.all().map(|counts| dollars(self.prices.standard(counts))));
        if self.no_express.is_none() {
            line("Express", self.all().map(|counts| dollars(self.express(counts))));
        }
        line("Lambda", self.all().map(|counts| dollars(self.prices.lambda(counts))));
        line("in all", self.all().map(|counts| dollars(self.total(counts))));
        if let Some(per_day) = self.per_day {
            line("", [const { String::new() }; 3]);
            line(&format!("{} a day", number(per_day)), ["best", "typical", "worst"].map(str::to_owned));
            let day = |cost: f64| dollars(cost * per_day);
            line("Standard", self.all().map(|counts| day(self.prices.standard(counts))));
            if self.no_express.is_none() {
                line("Express", self.all().map(|counts| day(self.express(counts))));
            }
            line("Lambda", self.all().map(|counts| day(self.prices.lambda(counts))));
            line("in all", self.all().map(|counts| day(self.total(counts))));
        }
        if let Some(reason) = &self.no_express {
            let _ = writeln!(text, "\nIt cannot be Express: {reason}.");
        }
        if self.estimate.fails > 0.0 {
            let percent = number(self.estimate.fails * 100.0);
            let _ = writeln!(text, "\nOf 100 executions {percent} fail.");
        }
        text.push_str("\nquotas\n");
        for limit in &self.limits {
            text.push_str(&shown(limit));
        }
        text.push_str("\nassumed\n");
        for assumed in self.assumed() {
            let _ = writeln!(text, "  {assumed}");
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let costs = |counts: &Counts| {
            json!({
                "standard": self.prices.standard(counts),
                "express": self.no_express.is_none().then(|| self.express(counts)),
                "lambda": self.prices.lambda(counts),
                "total": self.total(counts),
            })
        };
        let [best, typical, worst] =
            self.all().map(|counts| json!({ "counts": counts, "dollars": costs(counts) }));
        json!({
            "name": self.name,
            "type": self.kind.as_str(),
            "best": best,
            "typical": typical,
            "worst": worst,
            "fails": self.estimate.fails,
            "perDay": self.per_day.map(|number| {
                let [best, typical, worst] = self.all().map(|counts| number * self.total(counts));
                json!({ "executions": number, "best": best, "typical": typical, "worst": worst })
            }),
            "noExpress": self.no_express,
            "limits": self.limits,
            "states": self.estimate.states,
            "assumed": self.assumed(),
            "prices": self.prices,
        })
    }

    fn all(&self) -> [&Counts; 3] {
        [&self.estimate.best, &self.estimate.typical, &self.estimate.worst]
    }

    fn express(&self, counts: &Counts) -> f64 {
        self.prices.express(counts, self.definition_bytes, self.assumptions.payload_bytes)
    }

    /// What an execution of its own kind costs, functions included.
    fn total(&self, counts: &Counts) -> f64 {
        let service = match self.kind {
            ExecutionType::Standard => self.prices.standard(counts),
            ExecutionType::Express => self.express(counts),
        };
        service + self.prices.lambda(counts)
    }

    /// What was not said, and therefore taken from the defaults, and where the prices are from.
    fn assumed(&self) -> Vec<String> {
        let Assumptions { odds, loops, items, failures, durations, memory, .. } = self.assumptions;
        let scopes = scopes(self.machine, self.kind);
        let all = || scopes.iter().flat_map(|scope| &scope.machine.states);
        let named = |is_meant: &dyn Fn(&String, &State) -> bool| {
            let found: Vec<_> =
                all().filter(|(name, state)| is_meant(name, state)).map(|(name, _)| &**name).collect();
            match found.len() {
                0 => None,
                1..=4 => Some(sfn_asl::nearest::listed(&found)),
                many => Some(format!("{} and {} others", sfn_asl::nearest::listed(&found[..3]), many - 3)),
            }
        };
        let is_task = |state: &State| matches!(state, State::Task(_));
        let mut assumed = Vec::new();
        let choices = named(&|name, state| {
            matches!(state, State::Choice(_)) && !odds.contains_key(name) && !loops.contains_key(name)
        });
        assumed.extend(
            choices.map(|states| {
                format!("each way out of {states} alike (--odds STATE/WAY=0.1, --loops STATE=3)")
            }),
        );
        if self.estimate.has_loops {
            let rounds = number(self.assumptions.default_loops);
            assumed.push(format!(
                "at worst {rounds} times through each loop that nothing is said of (--loops STATE=3)"
            ));
        }
        let maps = named(&|name, state| matches!(state, State::Map(_)) && !items.contains_key(name));
        let each = number(self.assumptions.default_items);
        assumed.extend(maps.map(|states| format!("{each} items in {states} (--items STATE=100)")));
        let safe = named(&|name, state| is_task(state) && !failures.contains_key(name));
        assumed.extend(safe.map(|states| match self.assumptions.default_failures {
            0.0 => format!("no failures of {states} (--failures STATE=0.01)"),
            odds => {
                format!("{} of 100 attempts of {states} fail (--failures STATE=0.01)", number(odds * 100.0))
            }
        }));
        let timed = named(&|name, state| is_task(state) && !durations.contains_key(name));
        let duration = readable(seconds(self.assumptions.default_duration));
        assumed.extend(timed.map(|states| format!("{duration} in {states} (--duration TASK=200ms)")));
        let waits = named(&|name, state| match state {
            State::Wait(wait) => {
                !matches!(&wait.until, sfn_asl::WaitUntil::Seconds(sfn_asl::Operand::Literal(_)))
                    && !durations.contains_key(name)
            }
            _ => false,
        });
        assumed.extend(waits.map(|states| format!("no time in {states} (--duration STATE=1h)")));
        let functions = named(&|name, state| match state {
            State::Task(task) => {
                let called = &task.resource;
                (called.contains(":lambda:") || called.ends_with('}')) && !memory.contains_key(name)
            }
            _ => false,
        });
        let megabytes = number(self.assumptions.default_memory);
        assumed.extend(
            functions
                .map(|states| format!("{megabytes} MB for the functions of {states} (--memory STATE=512)")),
        );
        assumed.push(format!("{} bytes a payload (--payload BYTES)", number(self.assumptions.payload_bytes)));
        assumed.push(format!(
            "prices of {}, {}, without free tiers and volume discounts (--region-prices FILE)",
            self.prices.region, self.prices.as_of
        ));
        assumed
    }
}

fn shown(limit: &Limit) -> String {
    let of = limit.state.as_ref().map_or_else(String::new, |state| format!(" of `{state}`"));
    let mark = match limit {
        Limit { typical, limit, .. } if typical > limit => "!!",
        Limit { worst, limit, .. } if worst > limit => " !",
        _ => "  ",
    };
    let (typical, worst) = (number(limit.typical), number(limit.worst));
    let used = if typical == worst { typical } else { format!("{typical}, at worst {worst}") };
    let mut text = format!("{mark}{}{of}: {used}, of {}\n", limit.quota, number(limit.limit));
    for reach in &limit.reached {
        let _ = writeln!(text, "      `{}` may have {} {}", reach.state, number(reach.at_most), reach.of);
    }
    text
}

/// A figure as a person reads it: thousands apart, and of small ones the first digits.
fn number(value: f64) -> String {
    if !value.is_finite() || value >= 1e15 {
        return format!("{value:.3e}");
    }
    let decimals = if value.fract() == 0.0 || value >= 1_000.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        3
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match rest.trim_end_matches('0') {
        "" => grouped,
        rest => format!("{grouped}.{rest}"),
    }
}

/// An amount: cents where it is large, four digits that say something where it is small.
fn dollars(amount: f64) -> String {
    if amount == 0.0 {
        return "$0".to_owned();
    }
    if amount >= 1.0 {
        let cents = format!("{amount:.2}");
        let (whole, rest) = cents.split_once('.').unwrap_or((&cents, "00"));
        return format!("${}.{rest}", number(whole.parse().unwrap_or(amount)));
    }
    let digits = (-amount.log10()).floor().clamp(0.0, 12.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
    let decimals = digits as usize + 4;
    format!("${}", format!("{amount:.decimals$}").trim_end_matches('0'))
}

fn seconds(value: f64) -> Duration {
    Duration::try_from_secs_f64(value).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_long_as_they_say_something() {
        let shown = [0.0, 7.0, 7.25, 0.012_34, 12.34, 1_234.5, 25_000.0, 1e18, f64::INFINITY].map(number);
        assert_eq!(shown, ["0", "7", "7.25", "0.012", "12.3", "1,234", "25,000", "1.000e18", "inf"]);
        let shown = [0.0, 0.000_025, 0.000_001_667, 0.25, 25.0, 12_345.678].map(dollars);
        assert_eq!(shown, ["$0", "$0.000025", "$0.000001667", "$0.25", "$25.00", "$12,345.68"]);
    }
}
