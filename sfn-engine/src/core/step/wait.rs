//! The Wait State: time passes.
//! Separate because each State type has a file of its own.

use std::time::Duration;

use sfn_asl::Value;

use crate::Timestamp;
use crate::core::data::{Operand, referenced};
use crate::core::execution::{Alarm, Execution, Progress, Seen, Trouble};
use crate::core::machine::{Node, Until};
use crate::core::strand::{Doing, StrandId};
use crate::query::{Expected, QueryFault, Scope};

impl Execution {
    pub(in crate::core) fn wait(
        &mut self,
        id: StrandId,
        node: &Node,
        input: Value,
        until: &Until,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input(input.clone()));
        let at = match until {
            Until::Seconds(seconds) => self.now.after(Duration::from_secs(whole_seconds(seconds, &scope)?)),
            Until::Timestamp(timestamp) => point(timestamp, &scope)?,
        };
        if at <= self.now {
            return Ok(Progress::Done(input));
        }
        let timer = self.set_timer(at, Alarm::WaitOver(id));
        self.strand(id).doing = Doing::Sleeping(timer);
        Ok(Progress::Pending)
    }
}

fn whole_seconds(seconds: &Operand, scope: &Scope) -> Result<u64, QueryFault> {
    let path = match seconds {
        Operand::Template(template) => {
            return template
                .evaluate_as(Expected::Number, scope, |value| u64::try_from(value.as_i64()?).ok());
        }
        Operand::Path(path) => path,
    };
    let found = referenced("SecondsPath", path, scope)?;
    let complain = |what: &str| {
        QueryFault::runtime(format!("The SecondsPath parameter {what}: {} == {found}", path.source()))
    };
    let seconds = found.as_i64().ok_or_else(|| complain("cannot be parsed as a long value"))?;
    u64::try_from(seconds).map_err(|_| complain("references a negative value"))
}

fn point(timestamp: &Operand, scope: &Scope) -> Result<Timestamp, QueryFault> {
    match timestamp {
        Operand::Template(template) => {
            let text =
                template.evaluate_as(Expected::String, scope, |value| value.as_str().map(str::to_owned))?;
            text.parse().map_err(|_| QueryFault {
                error: QueryFault::EVALUATION,
                location: Some("Timestamp".into()),
                message: format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
                ),
            })
        }
        Operand::Path(path) => {
            let found = referenced("TimestampPath", path, scope)?;
            let parsed = found.as_str().and_then(|text| text.parse().ok());
            parsed.ok_or_else(|| {
                let shown = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                QueryFault::runtime(format!(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {} == {shown}",
                    path.source()
                ))
            })
        }
    }
}
