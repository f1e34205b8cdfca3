//! Made-up councillors. First names are common ones; surnames are put together like farm names, so that a full name
//! belongs to nobody who sits in a council.

const FIRST: [&str; 44] = [
    "Ingebjørg",
    "Torstein",
    "Solfrid",
    "Amund",
    "Marit",
    "Yusuf",
    "Gunnhild",
    "Eivind",
    "Astrid",
    "Halvard",
    "Randi",
    "Sjur",
    "Bodil",
    "Mathias",
    "Oddny",
    "Knut",
    "Leila",
    "Asbjørn",
    "Turid",
    "Piotr",
    "Hanne",
    "Brage",
    "Synnøve",
    "Endre",
    "Kjellaug",
    "Ola",
    "Tiril",
    "Gaute",
    "Aina",
    "Reidar",
    "Vigdis",
    "Sondre",
    "Elle",
    "Trygve",
    "Mona",
    "Herman",
    "Borghild",
    "Jostein",
    "Nora",
    "Arvid",
    "Selma",
    "Tormod",
    "Guri",
    "Eskil",
];

const LAST: [&str; 45] = [
    "Haugstølen",
    "Kvernlykkja",
    "Brattvoll",
    "Myrestad",
    "Lindeflaten",
    "Øverkvern",
    "Storbråten",
    "Fossegrind",
    "Skarlund",
    "Tjernmoen",
    "Rognhaug",
    "Elvestrand",
    "Bjørkelia",
    "Nordgrend",
    "Setermoen",
    "Hegglien",
    "Granerud",
    "Steinsletta",
    "Almebakk",
    "Vikestøl",
    "Furulykken",
    "Sandbrekke",
    "Åsgrend",
    "Kleivhaug",
    "Lauvstøl",
    "Nesgrind",
    "Ospelund",
    "Dalevoll",
    "Heimstad",
    "Krokmyr",
    "Bergstøl",
    "Ytregrend",
    "Moseter",
    "Svartfoss",
    "Rabbelia",
    "Tunmoen",
    "Vardeng",
    "Kirkebråten",
    "Slåttmyr",
    "Einerhaug",
    "Oterbekk",
    "Lykkjestad",
    "Grønnstøl",
    "Hamarlia",
    "Trollkleiv",
];

/// The full name of councillor number `index`. All of the first 1980 differ.
pub(super) fn name(index: usize) -> String {
    // 44 and 45 have no common divisor, so the pair repeats only after all 44 × 45 of them.
    format!("{} {}", FIRST[index % FIRST.len()], LAST[index % LAST.len()])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_councillors_share_a_name() {
        let names: HashSet<String> = (0..87).map(name).collect();
        assert_eq!(names.len(), 87);
        assert_eq!(FIRST.iter().collect::<HashSet<_>>().len(), FIRST.len());
        assert_eq!(LAST.iter().collect::<HashSet<_>>().len(), LAST.len());
    }
}
