//! The Wait State: time passes.
//! Separate because each State type has a file of its own.

use std::time::Duration;

use sfn_asl::Value;

use crate::Timestamp;
use crate::core::execution::{Alarm, Execution, Progress, Seen, Trouble};
use crate::core::machine::{Node, Until};
use crate::core::strand::{Doing, StrandId};
use crate::query::{Expected, QueryFault};

impl Execution {
    pub(in crate::core) fn wait(
        &mut self,
        id: StrandId,
        node: &Node,
        until: &Until,
    ) -> Result<Progress, Trouble> {
        let scope = self.scope(id, node, Seen::Input);
        let at = match until {
            Until::Seconds(seconds) => {
                let seconds = seconds
                    .evaluate_as(Expected::Number, &scope, |value| u64::try_from(value.as_i64()?).ok())?;
                self.now.after(Duration::from_secs(seconds))
            }
            Until::Timestamp(timestamp) => {
                let text = timestamp
                    .evaluate_as(Expected::String, &scope, |value| value.as_str().map(str::to_owned))?;
                text.parse::<Timestamp>().map_err(|_| unparsable(&text))?
            }
        };
        if at <= self.now {
            let input: Value = self.strand(id).input.clone();
            return Ok(Progress::Done(input));
        }
        let timer = self.set_timer(at, Alarm::WaitOver(id));
        self.strand(id).doing = Doing::Sleeping(timer);
        Ok(Progress::Pending)
    }
}

fn unparsable(text: &str) -> QueryFault {
    QueryFault {
        location: Some("Timestamp".into()),
        message: format!(
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
        ),
    }
}
