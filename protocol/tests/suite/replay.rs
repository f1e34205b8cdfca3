//! History is the truth: whoever folds it, from wherever, however stored, comes to the same room.

use proptest::prelude::*;
use verksted_protocol::ids::Seq;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded, decode_stored, encode_stored};
use verksted_protocol::workshop::{Event, Workshop};

use crate::common::{Room, turns};

fn fold<'a>(mut state: Workshop, events: impl IntoIterator<Item = &'a Recorded<Event>>) -> Workshop {
    for event in events {
        state.apply(event);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn what_is_stored_folds_to_the_live_room(turns in turns()) {
        let room = Room::after(&turns);
        let mut read = Vec::new();
        for event in &room.log {
            let bytes = encode_stored(event);
            let back: Recorded<Event> = decode_stored(event.seq, event.at, &bytes).expect("stored bytes are read");
            prop_assert_eq!(&back, event);
            prop_assert_eq!(encode_stored(&back), bytes);
            read.push(back);
        }
        prop_assert_eq!(fold(Workshop::default(), &read), room.state);
    }

    #[test]
    fn a_snapshot_anywhere_and_what_follows_it_is_the_live_room(turns in turns(), at in any::<prop::sample::Index>()) {
        let room = Room::after(&turns);
        let (before, after) = room.log.split_at(at.index(room.log.len()));
        let kept = Snapshot::new(Seq(before.len() as u64), fold(Workshop::default(), before));
        let kept = Snapshot::<Workshop>::decode(&kept.encode()).expect("a snapshot is read");
        prop_assert_eq!(kept.seq, Seq(before.len() as u64));
        prop_assert_eq!(fold(kept.state, after), room.state);
    }
}

#[test]
fn random_rooms_write_share_vote_and_are_refused() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut kinds, mut refused) = (std::collections::BTreeSet::new(), 0);
    for _ in 0..500 {
        let room = Room::after(&turns().new_tree(&mut runner).expect("turns can be made").current());
        refused += room.refused;
        kinds.extend(room.log.iter().map(|recorded| crate::golden::event_kind(&recorded.event)));
    }
    assert!(refused > 5_000, "{refused}");
    let missing: Vec<_> = crate::golden::EVENT_KINDS.iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "no random room ever saw {missing:?}");
}
