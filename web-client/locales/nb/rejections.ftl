# Hvorfor noe ikke ble gjort. Én setning, og helst hva man kan gjøre.

rejection-not_allowed = Dette kan ikke gjøres fra denne siden.
rejection-meeting_not_open = Møtet er ikke satt ennå.
rejection-meeting_closed = Møtet er hevet. Det kan ikke skrives mer.
rejection-step_moved = Rommet er på et annet steg nå. Se en gang til.
rejection-no_such_step = Steget finnes ikke.
rejection-round_still_open = Lukk prioriteringen først.
rejection-board_not_open = Tavla er ikke åpen nå. Det du skrev, ligger i kladden din.
rejection-no_such_column = Kolonnen finnes ikke.
rejection-no_group = Du har ikke fått plass i en gruppe ennå. Si fra til administrasjonen.
rejection-no_such_note = Notatet finnes ikke i gruppa di. Det du skrev, ligger i kladden din.
rejection-note_deleted = Noen i gruppa slettet notatet. Det du skrev, ligger i kladden din.
rejection-note_id_taken = Notatet finnes allerede.
rejection-too_many_notes = { $limit ->
    [one] Det er plass til ett notat her. Det du skrev, ligger i kladden din.
   *[other] Det er plass til { $limit } notater her. Slett ett først. Det du skrev, ligger i kladden din.
}
rejection-board_full = Tavla til gruppa er full. Kort ned et langt notat, eller skriv videre på neste tavle.
rejection-text_too_long = Notatet er fullt. Del det gjerne i to.
rejection-text_unfit = Notatet ble hentet på nytt. Det du skrev, ligger i kladden din.
rejection-no_such_seat = Plassen finnes ikke.
rejection-no_such_group = Gruppa finnes ikke.
rejection-no_such_proposal = Forslagene kan ikke slås sammen nå.
rejection-same_proposal = Forslagene står sammen allerede.
rejection-nothing_to_prioritise = Det er ingen forslag å prioritere ennå.
rejection-too_many_options = En prioritering kan ha høyst { $limit } forslag. Slå sammen noen først.
rejection-round_not_open = Runden er lukket.
rejection-not_present = Du er ikke registrert som til stede ennå. Last siden på nytt, og lever igjen.
rejection-too_many_dots = { $limit ->
    [one] Du har én prikk.
   *[other] Du har { $limit } prikker.
}
rejection-too_many_on_one = { $limit ->
    [one] Høyst én prikk på samme forslag.
   *[other] Høyst { $limit } prikker på samme forslag.
}
rejection-no_such_option = Forslaget er ikke med i denne runden.
rejection-message_length = En beskjed har 1 til { $limit } tegn.
rejection-malformed = Serveren forsto ikke siden. Last siden på nytt.
rejection-too_fast = Det gikk litt fort. Siden prøver igjen.
rejection-storage_unavailable = Serveren får ikke lagret akkurat nå. Det du skriver, ligger på nettbrettet.
