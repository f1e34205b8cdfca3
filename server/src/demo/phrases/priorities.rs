//! Board 10, *Satsingsområder*.

/// *Gjeldende som bør endres*
pub(super) const TO_CHANGE: &[&str] = &[
    "Bærekraftig tjenestetilbud er for bredt. Alt får plass der",
    "Del samferdsel i to: buss og vei for seg, nett og strøm for seg",
    "Inkluderende samfunn bør handle mer om unge som står utenfor",
    "«Planstyrt kommune» er en måte å jobbe på, ikke en satsing",
    "Varierte boliger bør bli en egen satsing",
    "«Hensiktsmessig» er et ord som ikke sier noe",
    "Oppvekst må skilles ut som eget område",
    "Kollektivtilbudet bestemmer vi ikke alene. Skriv hva vi selv skal gjøre",
    "Klima og miljø drukner sist i lista under tjenester",
    "Attraktiv arbeidsgiver må høyere opp, det er folk vi mangler",
    "Frivilligheten er nevnt, men ikke forpliktende",
    "Næringsutvikling er nesten borte. Ta den tilbake",
    "De eldre er ikke nevnt med ett ord",
    "Slå sammen bredbånd og energi med beredskap",
];

/// *Tydelig nok retning?*
pub(super) const CLEAR_ENOUGH: &[&str] = &[
    "Nei, alle partier kan være for alt dette",
    "Delvis. Målene er fine, men sier ikke hva vi velger bort",
    "Tydelig på bosteder, utydelig på tjenester",
    "Vi mangler tall og frister",
    "Ja på inkludering. Der vet vi hva som skal gjøres",
    "Nei, økonomiplanen peker en annen vei",
    "Vanskelig å bruke når vi har en sak på bordet",
    "To av tre. Samferdsel er mest ønsker til fylket",
    "Retningen er grei, men ingen eier den",
    "Det går ikke an å si nei til noe ut fra dette",
    "Det burde stått hva som er annerledes om fire år",
    "Tydelig for administrasjonen, ikke for innbyggerne",
    "Nei. «Attraktiv» og «framtidsrettet» kan bety hva som helst",
    "Gi hver satsing ett mål vi kan telle",
];

/// *Viktige satsinger – hvorfor?*
pub(super) const IMPORTANT: &[&str] = &[
    "Boliger i hele kommunen. I dag finnes det nesten ingenting å flytte til",
    "Beholde fagfolkene våre, ellers hjelper ingen plan",
    "Tidlig innsats for barn. Det er billigst og best",
    "Buss som passer til skole og jobb, så familier kan bo i grendene",
    "Eldre som mestrer hverdagen hjemme. Institusjon til alle har vi ikke råd til",
    "Møteplasser i hver grend. Det holder folk friske",
    "Nye arbeidsplasser. Vi har både kraft og folk som kan faget",
    "Orden i økonomien, så vi har noe å velge mellom",
    "Flomsikring. Det som kom i fjor, kommer igjen",
    "Fiber til alle innen fire år, for bedriftene og hjemmekontorene",
    "Unge utenfor inn i jobb eller skole. Hver og en teller",
    "Avklar skolestrukturen én gang for alle, så folk tør å bygge",
    "Landbruket, for mat og for at bygdene skal leve",
    "Et levende sentrum, så det finnes et sted å møtes",
    "Psykisk helse blant unge. Køen er for lang",
    "Trygge skoleveier. Foreldre kjører fordi de må",
    "Få innflytterne til å bli. Følg dem opp det første året",
    "Vann og avløp. Etterslepet kan ikke skyves lenger",
];
