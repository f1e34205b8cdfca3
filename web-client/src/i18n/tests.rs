use std::collections::BTreeSet;

use verksted_protocol::message::close;
use verksted_protocol::rejection::Rejection;

use super::*;

/// Names of messages: lines that begin with one.
fn names(language: Language) -> BTreeSet<&'static str> {
    let lines = room_files(language).into_iter().flat_map(str::lines);
    let named = lines.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    named.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim()).collect()
}

/// The protocol's own samples, of which there is one for every kind.
fn every_rejection() -> Vec<Rejection> {
    let samples = include_str!("../../../protocol/tests/golden/rejections.jsonl").lines();
    samples.map(|line| serde_json::from_str(line).expect("a rejection")).collect()
}

#[test]
fn all_languages_say_the_same_things() {
    let norwegian = names(Language::Bokmaal);
    assert!(norwegian.len() > 100);
    for language in [Language::Nynorsk, Language::English] {
        let here = names(language);
        let missing: Vec<_> = norwegian.symmetric_difference(&here).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.code());
    }
}

#[test]
fn every_file_can_be_read_and_names_nothing_twice() {
    for language in Language::ALL {
        let mut bundle = FluentBundle::new(vec![language.id()]);
        for file in room_files(language) {
            let resource = FluentResource::try_new(file.to_owned());
            assert!(resource.is_ok(), "{} {:?}", language.code(), resource.err().map(|(_, errors)| errors));
            let added = bundle.add_resource(resource.unwrap());
            assert!(added.is_ok(), "{} {added:?}", language.code());
        }
    }
}

#[test]
fn every_refusal_has_its_sentence() {
    for language in Language::ALL {
        let names = names(language);
        for rejection in every_rejection() {
            let name = format!("rejection-{}", rejection.code());
            assert!(names.contains(name.as_str()), "{} lacks {name}", language.code());
        }
        for code in close::ALL {
            let name = format!("close-{code}");
            assert!(names.contains(name.as_str()), "{} lacks {name}", language.code());
        }
    }
}

#[test]
fn one_and_many_are_told_apart() {
    speak(Language::Bokmaal, room_files);
    assert_eq!(crate::t!("ballot-left", count = 1), "1 prikk igjen");
    assert_eq!(crate::t!("ballot-left", count = 2), "2 prikker igjen");
}

#[test]
fn norwegian_texts_do_not_shout() {
    for language in [Language::Bokmaal, Language::Nynorsk] {
        for file in room_files(language) {
            let loud = file.lines().find(|line| !line.starts_with('#') && line.contains('!'));
            assert_eq!(loud, None, "{}", language.code());
        }
    }
}
