# Tekster som flere sider bruker.

product = Verksted
made-up = { $municipality } finnes ikke. Kommunen, menneskene og planen er laget for å vise fram Verksted.
language = Språk
close = Lukk
cancel = Avbryt
back = Tilbake
loading = Henter verkstedet …
loading-long = Får ikke kontakt med serveren. Sjekk nettet. Siden prøver igjen av seg selv.

group = Gruppe { $number }
group-here = { $here } av { $all }
group-here-long = { $here } av { $all } i gruppa er til stede
step = { $number } · { $title }
board = Tavle
origin-politikk = Politikk
origin-fag = Fag
from-administration = Fra administrasjonen

time-left = igjen
time-over = Tiden er ute
time-label = Tid igjen
time-minutes = { $minutes ->
    [one] 1 minutt igjen
   *[other] { $minutes } minutter igjen
}

link-live = Tilkoblet
link-connecting = Kobler til
link-waiting = Kobler til igjen
link-needed = Du kan gjøre dette når nettet er tilbake.
link-offline = Frakoblet – skriv videre. Det du skriver, blir tatt vare på her og sendt når nettet er tilbake.
link-offline-unkept = Frakoblet. Hold siden åpen til nettet er tilbake: nettbrettet kan ikke ta vare på det du skriver hvis siden lukkes.
link-offline-reader = Frakoblet – siden viser det som var kommet
link-unwritable = Serveren får ikke lagret akkurat nå – det du skriver, ligger på nettbrettet
link-unwritable-reader = Serveren får ikke lagret akkurat nå – siden viser det som er lagret
storage-refused = Nettbrettet kan ikke ta vare på det du skriver hvis siden lukkes. Vent med å lukke den til alt er merket lagret.
late-saving = Lagrer …

no-link = Lenken mangler
no-link-more = Skann koden på kortet ditt på nytt, eller be møtesekretæren om et nytt kort.
close-1009 = Det du sendte, var for stort. Skriv det i mindre deler.
close-1012 = Serveren starter på nytt. Siden kobler til igjen av seg selv.
close-1013 = Nettet er tregt. Siden henter det som mangler.
close-4400 = Siden og serveren forsto ikke hverandre. Last siden på nytt.
close-4401 = Lenken gjelder ikke lenger. Be møtesekretæren om et nytt kort.
close-4409 = Siden er åpnet på nytt et annet sted. Last siden på nytt for å bruke den her.
close-4429 = Plassen er åpen på for mange steder, eller siden sendte for mye. Lukk andre sider med samme lenke, og last denne på nytt.
close-4503 = Verkstedet kan ikke åpnes akkurat nå. Siden prøver igjen av seg selv.
reload = Last siden på nytt

meeting-planned = Møtet er ikke satt ennå
meeting-closed = Møtet er hevet
meeting-closed-more = Det som ble delt, er bevart som del av plansaken.

kind-opening = Åpning
kind-presentation = Innledning
kind-individual = Tenk selv
kind-group = Gruppearbeid
kind-plenary = Plenum
kind-priority = Veiledende prioritering
kind-break = Pause

plan-in-force = Gjeldende plan
plan-vision = Visjon
plan-main-goal = Hovedmål
plan-land-use = Arealstrategi
plan-priority = Satsingsområde

dots = { $count ->
    [one] 1 prikk
   *[other] { $count } prikker
}
support = støtte fra { $people } av { $all }
not-a-decision = Veiledende – ikke et vedtak
about-rounds = Dette er en veiledende prioritering som viser hvor kommunestyret legger vekten. Det er ikke et vedtak.
result = Resultat
result-too-few = Runden er lukket. Færre enn tre svarte, så svarene er slettet uten å bli telt.
result-tie = Likt antall
voted = Stemt: { $voted } av { $all }
proposals-none = Ingen forslag ennå
merged-from = Slått sammen med
made-up-label = Om kommunen
