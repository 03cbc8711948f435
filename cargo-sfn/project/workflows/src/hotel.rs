//! Rooms in hotels.

use sfn::prelude::*;
use std::convert::Infallible;

/// A room that is held for somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Room {
    /// What to cancel when the trip falls through.
    pub room_id: String,
}

/// Books a room in a city.
#[task(timeout = "30s")]
pub async fn book_room(city: String, traveller: String) -> Result<Room, Infallible> {
    Ok(Room {
        room_id: format!("{city}/{traveller}"),
    })
}

/// Gives a room back.
#[task(timeout = "30s")]
pub async fn cancel_room(room_id: String) -> Result<(), Infallible> {
    eprintln!("cancelled {room_id}");
    Ok(())
}
