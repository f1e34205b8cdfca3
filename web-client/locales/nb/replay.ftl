# Avspilling for planleggeren.
replay-title = Se tilbake
replay-loading = Henter hendelsesloggen
replay-loading-more = { $count } hendelser så langt
replay-failed = Fikk ikke hentet hendelsesloggen
replay-failed-more = Det som er skrevet, ligger trygt. Prøv en gang til.
replay-refused = Lenka gir ikke adgang til avspilling
replay-refused-more = Bruk lenka du har fått som planlegger.
replay-retry = Prøv igjen
replay-empty = Ingenting har skjedd ennå
replay-empty-more = Når verkstedet er i gang, kan du spille det av her.
replay-frozen = Møtet er hevet. Loggen er endelig.
replay-running = Møtet pågår. Du ser det som var skrevet da siden ble hentet.
replay-more = Hent det nyeste
replay-lanes = Hvor mye hver gruppe skrev
replay-lane = Gruppe { $number }, { $count ->
    [one] 1 endring
   *[other] { $count } endringer
  }
replay-steps = Når stegene begynte
replay-step-go = Gå til steg { $number } · { $title }, { $time }
replay-round-opened = Prioritering { $round } åpnet, { $time }
replay-round-closed = Prioritering { $round } lukket, { $time }
replay-play = Spill av
replay-pause = Pause
replay-speed = Fart
replay-times = { $times }× fart
replay-place = Sted i møtet
replay-place-at = { $time }, { $step }
replay-before-steps = før første steg
replay-event-back = Forrige hendelse
replay-event-forward = Neste hendelse
replay-step-back = Forrige steg
replay-step-forward = Neste steg
replay-keys = Piltaster: ti sekunder. Shift og piltast: ett minutt. Punktum og komma: én hendelse. Page Up og Page Down: ett steg. Mellomrom: spill av og pause.
replay-boards = Slik så tavlene ut
replay-search = Søk i notatene
replay-group-all = Alle grupper
replay-board-all = Alle tavler
replay-filter-group = Vis gruppe
replay-filter-board = Vis tavle
replay-notes = { $count ->
    [0] Ingen notater
    [one] 1 notat
   *[other] { $count } notater
  }
replay-notes-none-yet = Ingen hadde skrevet noe da.
replay-notes-not-found = Ingen notater passer. Prøv et annet ord eller en annen gruppe.
replay-clear = Vis alle
replay-then = Status da
replay-present = { $arrived } av { $seats } var på plass
replay-screen = Storskjermen viste: { $scene }
replay-proposals = Forslagene
replay-proposals-none = Ingen forslag ennå.
replay-result = Prioriteringen
replay-result-none = Ingen prioritering ennå.
replay-result-open = Åpen. { $voted } hadde levert.
replay-board-followed = Tavla rommet så på
