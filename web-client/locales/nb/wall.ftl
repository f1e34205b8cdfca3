# Storskjermen, og siden for tilhørere.
wall-join-how = Følg med på egen telefon
wall-join-code = Kode
wall-join-scan = Skann koden, eller skriv adressen
wall-qr-label = QR-kode til siden for tilhørere
wall-in = { $connected } av { $seats } folkevalgte er på plass
wall-waiting = Møtet er ikke satt ennå
wall-over = Møtet er hevet
wall-over-more = Takk for i dag. Det dere har skrevet, er lagret.
wall-not-begun = Vi starter snart
wall-notes-none = Ingen notater ennå
wall-no-board = Gruppene har ikke begynt å skrive
wall-proposals = Forslagene
wall-proposals-none = Ingen forslag ennå
wall-proposals-more = { $count ->
    [one] og ett forslag til
   *[other] og { $count } forslag til
  }
wall-rest-none = { $count ->
    [one] Ett forslag fikk ingen prikker
   *[other] { $count } forslag fikk ingen prikker
  }
wall-result = Veiledende prioritering
wall-result-none = Ingen prioritering er åpnet ennå
wall-voted = { $voted } av { $present } har levert
wall-voted-hidden = Resultatet vises for alle samtidig når runden er lukket.
wall-breadth = { $people } av { $voted } ga minst én prikk
wall-tie = Delt { $place }.
wall-place = { $place }.
wall-too-few = For få svar til å vise et resultat
wall-too-few-more = Færre enn { $fewest } leverte. Svarene er slettet uten å bli talt, så ingen kan se hva noen valgte.
wall-link-lost = Mistet kontakten. Viser det som sto sist.

follow-title = Følg verkstedet
follow-trust = Du ser det gruppene har delt. Verkstedet strømmes ikke. Vil du gjøre opptak, spør møteleder.
follow-now = Nå
follow-proposals = Forslagene
follow-column-empty = Ingenting ennå
follow-waiting-more = Siden følger med av seg selv når møteleder setter møtet.
made-up-short = { $municipality } er oppdiktet
