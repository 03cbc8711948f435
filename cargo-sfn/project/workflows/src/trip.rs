//! The trip: all of it is booked, or nothing.

use crate::{Room, Seat, book_room, book_seat, cancel_room};
use sfn::prelude::*;

/// What somebody wants.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
pub struct Trip {
    /// Where to stay.
    pub city: String,
    /// How to get there.
    pub flight: String,
    /// Who travels.
    pub traveller: String,
}

/// What they get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Booking {
    /// Where they stay.
    pub room: Room,
    /// Where they sit.
    pub seat: Seat,
}

/// Books a trip, or nothing.
#[workflow]
pub async fn book_trip(trip: Trip) -> Result<Booking, Failed> {
    let room = book_room(&trip.city, &trip.traveller)
        .compensate(|room| cancel_room(&room.room_id))
        .await?;
    let seat = book_seat(&trip.flight, &trip.traveller).await?;
    Ok(Booking { room, seat })
}
