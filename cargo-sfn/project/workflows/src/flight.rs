//! Seats on planes.

use sfn::prelude::*;

/// A seat that is held for somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Seat {
    /// What the airline knows it by.
    pub seat_id: String,
}

/// Why there is no seat.
#[derive(Debug, thiserror::Error, TaskError)]
pub enum FlightError {
    /// Nobody can be squeezed in; asking again does not help.
    #[error("no seat on {flight}")]
    NoSeat {
        /// The flight.
        flight: String,
    },
    /// The airline did not answer; asking again may help.
    #[error("the airline is silent")]
    #[task_error(retry)]
    AirlineSilent,
}

/// Books a seat on a flight.
#[task(timeout = "30s")]
pub async fn book_seat(flight: String, traveller: String) -> Result<Seat, FlightError> {
    match flight.as_str() {
        "full" => Err(FlightError::NoSeat { flight }),
        "silent" => Err(FlightError::AirlineSilent),
        _ => Ok(Seat {
            seat_id: format!("{flight}/{traveller}"),
        }),
    }
}
