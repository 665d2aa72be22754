//! Who is close by, and in what order to go round: places by R*Tree, distances on a sphere.

use rusqlite::{Connection, params};

use crate::model::ClientId;
use crate::rows;

/// Mean radius of the earth in metres (IUGG).
const EARTH_M: f64 = 6_371_008.8;

/// Farther than this nobody is close by.
pub const WITHIN_M_MAX: f64 = 200_000.0;

/// Degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// A client and how far off it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    pub client: ClientId,
    pub name: String,
    pub point: Point,
    /// As the crow flies.
    pub metres: f64,
}

impl Point {
    /// Metres along a great circle (haversine).
    pub fn distance(self, other: Self) -> f64 {
        let half = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
        let (north, east) = (half(other.latitude - self.latitude), half(other.longitude - self.longitude));
        let cos = |point: Self| libm::cos(point.latitude.to_radians());
        let chord = north * north + cos(self) * cos(other) * east * east;
        2.0 * EARTH_M * libm::asin(libm::sqrt(chord.clamp(0.0, 1.0)))
    }
}

/// The open clients at most `within_m` metres from a point, the nearest first; [`WITHIN_M_MAX`] metres and `most` clients
/// at the outside.
pub fn clients(conn: &Connection, around: Point, within_m: f64, most: usize) -> rows::Result<Vec<Nearby>> {
    let within = if within_m.is_nan() { 0.0 } else { within_m.clamp(0.0, WITHIN_M_MAX) };
    let north = (within / EARTH_M).to_degrees();
    let (low, high) = (around.latitude - north, around.latitude + north);
    // How far east that is at the box's end that is nearer to a pole; there every longitude is close.
    let cos = libm::cos(low.abs().max(high.abs()).min(90.0).to_radians());
    let east = if cos > 1e-6 { (north / cos).min(180.0) } else { 180.0 };
    // A box over the 180th meridian goes on at the other side.
    let shifts: &[f64] = &[0.0, -360.0, 360.0];
    let sql = "SELECT c.id, c.name, c.latitude, c.longitude FROM places p JOIN clients c ON c.doc = p.doc
               WHERE p.max_latitude >= ?1 AND p.min_latitude <= ?2
                 AND p.max_longitude >= ?3 AND p.min_longitude <= ?4
                 AND c.latitude IS NOT NULL AND c.longitude IS NOT NULL AND c.closed = 0 AND c.alias_of IS NULL";
    let mut found: Vec<Nearby> = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    for shift in shifts {
        let (west, east) = (around.longitude - east + shift, around.longitude + east + shift);
        if east < -180.0 || west > 180.0 {
            continue;
        }
        let rows = statement.query_map(params![low, high, west, east], |row| {
            let point = Point { latitude: row.get(2)?, longitude: row.get(3)? };
            Ok(Nearby { client: row.get(0)?, name: row.get(1)?, point, metres: around.distance(point) })
        })?;
        for nearby in rows {
            let nearby = nearby?;
            if nearby.metres <= within && found.iter().all(|other| other.client != nearby.client) {
                found.push(nearby);
            }
        }
    }
    found.sort_by(|one, other| one.metres.total_cmp(&other.metres).then(one.client.cmp(&other.client)));
    found.truncate(most);
    Ok(found)
}

/// Stops that are put in order; those beyond stay as they were given, at the end.
pub const STOPS_MAX: usize = 100;

/// An order in which to go round, from `start`: indices into `stops`. Those without a place come last, as given.
///
/// A heuristic, not the shortest way: from each of the [`FIRST_STOPS`] stops nearest to the start, to the nearest stop each
/// time; then, as long as that shortens the way, parts of it are turned round (2-opt; Croes 1958) and single stops are
/// taken elsewhere (Or-opt; Or 1976). The shortest of these ways is taken. Distances are as the crow flies, and nobody has
/// to come back to the start.
pub fn round(start: Point, stops: &[Option<Point>]) -> Vec<usize> {
    let placed: Vec<(usize, Point)> =
        stops.iter().enumerate().filter_map(|(at, stop)| Some((at, (*stop)?))).take(STOPS_MAX).collect();
    let mut first: Vec<usize> = (0..placed.len()).collect();
    first.sort_by(|one, other| {
        start.distance(placed[*one].1).total_cmp(&start.distance(placed[*other].1)).then(one.cmp(other))
    });
    let ways = first.into_iter().take(FIRST_STOPS).map(|first| {
        let mut way = to_the_nearest(first, placed.clone());
        improve(start, &mut way);
        way
    });
    let way =
        ways.min_by(|one, other| length(start, one).total_cmp(&length(start, other))).unwrap_or_default();
    let mut order: Vec<usize> = way.into_iter().map(|(at, _)| at).collect();
    let rest: Vec<usize> = (0..stops.len()).filter(|at| !order.contains(at)).collect();
    order.extend(rest);
    order
}

/// Stops from which a way is begun.
const FIRST_STOPS: usize = 6;

/// From one stop to the nearest that is left, each time.
fn to_the_nearest(first: usize, mut left: Vec<(usize, Point)>) -> Vec<(usize, Point)> {
    let mut way = vec![left.remove(first)];
    while let Some((_, here)) = way.last().copied()
        && let Some(next) = (0..left.len()).min_by(|one, other| {
            here.distance(left[*one].1).total_cmp(&here.distance(left[*other].1)).then(one.cmp(other))
        })
    {
        way.push(left.remove(next));
    }
    way
}

fn length(start: Point, way: &[(usize, Point)]) -> f64 {
    let from = std::iter::once(start).chain(way.iter().map(|stop| stop.1));
    from.zip(way).map(|(from, to)| from.distance(to.1)).sum()
}

/// What shortens a way by less does not count, so that rounding cannot go on for ever.
const LEAST_M: f64 = 1e-3;

/// Turns parts of the way round, and takes single stops elsewhere, while that shortens it.
fn improve(start: Point, way: &mut Vec<(usize, Point)>) {
    while turn_round(start, way) || take_elsewhere(start, way) {}
}

fn turn_round(start: Point, way: &mut [(usize, Point)]) -> bool {
    for from in 0..way.len() {
        for to in from + 1..way.len() {
            let before = if from == 0 { start } else { way[from - 1].1 };
            let after = way.get(to + 1).map(|stop| stop.1);
            let leg = |last: Point| after.map_or(0.0, |after| last.distance(after));
            let now = before.distance(way[from].1) + leg(way[to].1);
            let turned = before.distance(way[to].1) + leg(way[from].1);
            if turned + LEAST_M < now {
                way[from..=to].reverse();
                return true;
            }
        }
    }
    false
}

fn take_elsewhere(start: Point, way: &mut Vec<(usize, Point)>) -> bool {
    // What a stop costs between two others, the second of which may be missing.
    let detour = |before: Point, stop: Point, after: Option<Point>| {
        before.distance(stop) + after.map_or(0.0, |after| stop.distance(after) - before.distance(after))
    };
    for from in 0..way.len() {
        let stop = way.remove(from);
        let at = |place: usize| {
            let before = if place == 0 { start } else { way[place - 1].1 };
            detour(before, stop.1, way.get(place).map(|stop| stop.1))
        };
        let now = at(from);
        let best = (0..=way.len()).min_by(|one, other| at(*one).total_cmp(&at(*other))).unwrap_or(from);
        let shortens = at(best) + LEAST_M < now;
        way.insert(if shortens { best } else { from }, stop);
        if shortens {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

    use proptest::prelude::*;

    use super::*;
    use crate::rows::MIGRATIONS;

    const fn at(latitude: f64, longitude: f64) -> Point {
        Point { latitude, longitude }
    }

    const MADRID: Point = at(40.4168, -3.7038);
    const BARCELONA: Point = at(41.3874, 2.1686);

    fn store(places: &[Point]) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
        for (n, place) in places.iter().enumerate() {
            let (doc, id) = (n as i64 + 1, ClientId::from_bytes([n as u8 + 1; 16]));
            let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                       VALUES (?1, ?2, 0, x'', x'', 0, 0)";
            conn.execute(sql, params![doc, id]).unwrap();
            let sql = "INSERT INTO clients (doc, id, latitude, longitude) VALUES (?1, ?2, ?3, ?4)";
            conn.execute(sql, params![doc, id, place.latitude, place.longitude]).unwrap();
            let sql = "INSERT INTO places VALUES (?1, ?2, ?2, ?3, ?3)";
            conn.execute(sql, params![doc, place.latitude, place.longitude]).unwrap();
        }
        conn
    }

    fn found(conn: &Connection, around: Point, within: f64) -> Vec<u8> {
        let nearby = clients(conn, around, within, 99).unwrap();
        nearby.into_iter().map(|nearby| nearby.client.as_bytes()[0]).collect()
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        // 504.6 km between the two towns' centres; a degree of the meridian is 111.195 km.
        assert!((MADRID.distance(BARCELONA) / 1_000.0 - 505.0).abs() < 1.5);
        assert!((at(0.0, 0.0).distance(at(1.0, 0.0)) - 111_195.08).abs() < 0.1);
        assert!((at(0.0, 179.5).distance(at(0.0, -179.5)) - 111_195.08).abs() < 0.1);
        assert_eq!(MADRID.distance(MADRID), 0.0);
        assert!((at(0.0, 0.0).distance(at(0.0, 180.0)) - std::f64::consts::PI * EARTH_M).abs() < 1.0);
    }

    #[test]
    fn the_nearest_come_first_and_nobody_from_beyond() {
        let conn = store(&[at(40.4168, -3.7138), at(40.4168, -3.7048), at(40.6, -3.7), BARCELONA]);
        assert_eq!(found(&conn, MADRID, 5_000.0), [2, 1]);
        assert_eq!(found(&conn, MADRID, 30_000.0), [2, 1, 3]);
        assert_eq!(found(&conn, MADRID, f64::INFINITY), [2, 1, 3], "nobody is close by so far off");
        assert_eq!(found(&conn, MADRID, f64::NAN), [] as [u8; 0]);
        assert_eq!(found(&conn, MADRID, -1.0), [] as [u8; 0]);
        conn.execute("UPDATE clients SET closed_on = 1 WHERE doc = 2", []).unwrap();
        conn.execute("UPDATE clients SET alias_of = id WHERE doc = 1", []).unwrap();
        assert_eq!(found(&conn, MADRID, 30_000.0), [3]);
        assert_eq!(clients(&conn, MADRID, 30_000.0, 0).unwrap(), []);
    }

    #[test]
    fn it_is_a_circle_whatever_the_latitude() {
        // 800 m to the east at 60 degrees north, and 800 m to the north and to the east.
        let degrees = (800.0 / EARTH_M).to_degrees();
        let conn = store(&[at(60.0, 2.0 * degrees), at(60.0 + degrees, 2.0 * degrees)]);
        assert_eq!(found(&conn, at(60.0, 0.0), 1_000.0), [1]);
        assert_eq!(found(&conn, at(60.0, 0.0), 1_200.0), [1, 2]);
    }

    #[test]
    fn over_the_180th_meridian_and_at_the_poles() {
        let conn =
            store(&[at(0.0, 179.9), at(0.0, -179.9), at(89.95, 10.0), at(89.95, -170.0), at(-89.99, 0.0)]);
        assert_eq!(found(&conn, at(0.0, 179.95), 30_000.0), [1, 2]);
        assert_eq!(found(&conn, at(0.0, -179.95), 30_000.0), [2, 1]);
        assert_eq!(found(&conn, at(89.99, 10.0), 30_000.0), [3, 4]);
        assert_eq!(found(&conn, at(-90.0, 123.0), 30_000.0), [5]);
    }

    fn length(start: Point, stops: &[Option<Point>], order: &[usize]) -> f64 {
        let (mut here, mut sum) = (start, 0.0);
        for stop in order.iter().filter_map(|at| stops[*at]) {
            sum += here.distance(stop);
            here = stop;
        }
        sum
    }

    #[test]
    fn a_way_does_not_cross_itself() {
        // To the nearest each time goes past the stop at the left and comes back for it at the end.
        let stops = [at(0.0, 0.1), at(0.0, -0.11), at(0.0, 0.2), at(0.0, 0.45)].map(Some);
        assert_eq!(round(at(0.0, 0.0), &stops), [1, 0, 2, 3]);
        let with_none = [None, Some(at(0.0, 0.2)), None, Some(at(0.0, 0.1))];
        assert_eq!(round(at(0.0, 0.0), &with_none), [3, 1, 0, 2]);
        assert_eq!(round(MADRID, &[]), [] as [usize; 0]);
        let many = vec![Some(MADRID); STOPS_MAX + 2];
        assert_eq!(round(MADRID, &many).len(), STOPS_MAX + 2);
    }

    /// From the nearest alone the way was more than a fifth longer than the best.
    #[test]
    fn the_nearest_is_not_always_the_first() {
        let places = [
            (0.3544254069304571, 0.34642450901957855),
            (0.4768848916574967, 0.25424082374093665),
            (0.807576142794233, 0.49169317110581595),
            (0.3955713772449823, 0.5822166367009216),
            (0.9310168013400661, 0.5296416569549428),
            (0.16106752456271206, 0.5317901386248624),
        ];
        near_the_best(&places).unwrap();
    }

    proptest! {
        /// Everybody is visited once, and of six stops the way is at most a fifth longer than the best.
        #[test]
        fn everybody_once_and_not_far_from_the_best(places in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 1..7)) {
            near_the_best(&places)?;
        }
    }

    fn near_the_best(places: &[(f64, f64)]) -> Result<(), TestCaseError> {
        let start = at(0.5, 0.5);
        let stops: Vec<_> =
            places.iter().map(|(latitude, longitude)| Some(at(*latitude, *longitude))).collect();
        let order = round(start, &stops);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..stops.len()).collect::<Vec<_>>());
        let mut best = f64::INFINITY;
        permute(&mut (0..stops.len()).collect::<Vec<_>>(), 0, &mut |order| {
            best = best.min(length(start, &stops, order))
        });
        prop_assert!(length(start, &stops, &order) <= best * 1.2 + 1e-6);
        Ok(())
    }

    fn permute(items: &mut Vec<usize>, from: usize, visit: &mut dyn FnMut(&[usize])) {
        if from == items.len() {
            return visit(items);
        }
        for at in from..items.len() {
            items.swap(from, at);
            permute(items, from + 1, visit);
            items.swap(from, at);
        }
    }
}
