# Avspeling for planleggjaren.
replay-title = Sjå tilbake
replay-loading = Hentar hendingsloggen
replay-loading-more = { $count } hendingar så langt
replay-failed = Fekk ikkje henta hendingsloggen
replay-failed-more = Det som er skrive, ligg trygt. Prøv ein gong til.
replay-refused = Lenkja gir ikkje tilgang til avspeling
replay-refused-more = Bruk lenkja du har fått som planleggjar.
replay-retry = Prøv igjen
replay-empty = Ingenting har hendt enno
replay-empty-more = Når verkstaden er i gang, kan du spele han av her.
replay-frozen = Møtet er heva. Loggen er endeleg.
replay-running = Møtet går føre seg. Du ser det som var skrive då sida vart henta.
replay-more = Hent det nyaste
replay-lanes = Kor mykje kvar gruppe skreiv
replay-lane = Gruppe { $number }, { $count ->
    [one] 1 endring
   *[other] { $count } endringar
  }
replay-steps = Når stega byrja
replay-step-go = Gå til steg { $number } · { $title }, { $time }
replay-round-opened = Prioritering { $round } opna, { $time }
replay-round-closed = Prioritering { $round } lukka, { $time }
replay-play = Spel av
replay-pause = Pause
replay-speed = Fart
replay-times = { $times }× fart
replay-place = Stad i møtet
replay-place-at = { $time }, { $step }
replay-before-steps = før første steg
replay-event-back = Førre hending
replay-event-forward = Neste hending
replay-step-back = Førre steg
replay-step-forward = Neste steg
replay-keys = Piltastar: ti sekund. Shift og piltast: eitt minutt. Punktum og komma: éi hending. Page Up og Page Down: eitt steg. Mellomrom: spel av og pause.
replay-boards = Slik såg tavlene ut
replay-search = Søk i notata
replay-group-all = Alle grupper
replay-board-all = Alle tavler
replay-filter-group = Vis gruppe
replay-filter-board = Vis tavle
replay-notes = { $count ->
    [0] Ingen notat
    [one] 1 notat
   *[other] { $count } notat
  }
replay-notes-none-yet = Ingen hadde skrive noko då.
replay-notes-not-found = Ingen notat passar. Prøv eit anna ord eller ei anna gruppe.
replay-clear = Vis alle
replay-then = Status då
replay-present = { $arrived } av { $seats } var på plass
replay-screen = Storskjermen viste: { $scene }
replay-proposals = Forslaga
replay-proposals-none = Ingen forslag enno.
replay-result = Prioriteringa
replay-result-none = Inga prioritering enno.
replay-result-open = Open. { $voted } hadde levert.
replay-board-followed = Tavla rommet såg på
