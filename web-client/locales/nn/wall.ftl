# Storskjermen, og sida for tilhøyrarar.
wall-join-how = Følg med på eigen telefon
wall-join-code = Kode
wall-join-scan = Skann koden, eller skriv adressa
wall-qr-label = QR-kode til sida for tilhøyrarar
wall-in = { $connected } av { $seats } folkevalde er på plass
wall-waiting = Møtet er ikkje sett enno
wall-over = Møtet er heva
wall-over-more = Takk for i dag. Det de har skrive, er lagra.
wall-not-begun = Vi startar snart
wall-notes-none = Ingen notat enno
wall-no-board = Gruppene har ikkje byrja å skrive
wall-proposals = Forslaga
wall-proposals-none = Ingen forslag enno
wall-proposals-more = { $count ->
    [one] og eitt forslag til
   *[other] og { $count } forslag til
  }
wall-rest-none = { $count ->
    [one] Eitt forslag fekk ingen prikkar
   *[other] { $count } forslag fekk ingen prikkar
  }
wall-result = Rettleiande prioritering
wall-result-none = Inga prioritering er opna enno
wall-voted = { $voted } av { $present } har levert
wall-voted-hidden = Resultatet blir vist for alle samstundes når runden er lukka.
wall-breadth = { $people } av { $voted } gav minst éin prikk
wall-tie = Delt { $place }.
wall-place = { $place }.
wall-too-few = For få svar til å vise eit resultat
wall-too-few-more = Færre enn { $fewest } leverte. Svara er sletta utan å bli talde, så ingen kan sjå kva nokon valde.
wall-link-lost = Mista kontakten. Viser det som stod sist.

follow-title = Følg verkstaden
follow-trust = Du ser det gruppene har delt. Verkstaden blir ikkje strøymd. Vil du gjere opptak, spør møteleiar.
follow-now = No
follow-proposals = Forslaga
follow-column-empty = Ingenting enno
follow-waiting-more = Sida følgjer med av seg sjølv når møteleiar set møtet.
made-up-short = { $municipality } er oppdikta
