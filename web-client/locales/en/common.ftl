# Texts that several pages use.

product = Verksted
made-up = { $municipality } does not exist. The municipality, its people and its plan are made up to show Verksted.
language = Language
close = Close
cancel = Cancel
back = Back
loading = Fetching the workshop …
loading-long = The server cannot be reached. Check the network. The page tries again by itself.

group = Group { $number }
group-here = { $here } of { $all }
group-here-long = { $here } of { $all } in the group are present
step = { $number } · { $title }
board = Board
origin-politikk = Council
origin-fag = Administration
from-administration = From the administration

time-left = left
time-over = Time is up
time-label = Time left
time-minutes = { $minutes ->
    [one] 1 minute left
   *[other] { $minutes } minutes left
}

link-live = Connected
link-connecting = Connecting
link-waiting = Reconnecting
link-needed = You can do this when the network is back.
link-offline = Offline – keep writing. What you write is kept here and sent when the network is back.
link-offline-unkept = Offline. Keep the page open until the network is back: the tablet cannot keep what you write if the page is closed.
link-offline-reader = Offline – the page shows what had arrived
link-unwritable = The server cannot save right now – what you write is kept on the tablet
link-unwritable-reader = The server cannot save right now – the page shows what is saved
storage-refused = The tablet cannot keep what you write if the page is closed. Wait until everything is marked as saved before you close it.
late-saving = Saving …

no-link = The link is missing
no-link-more = Scan the code on your card again, or ask the meeting secretary for a new card.
close-1009 = What you sent was too large. Write it in smaller parts.
close-1012 = The server is restarting. The page reconnects by itself.
close-1013 = The network is slow. The page is fetching what is missing.
close-4400 = The page and the server did not understand each other. Reload the page.
close-4401 = The link is no longer valid. Ask the meeting secretary for a new card.
close-4409 = The page has been opened again elsewhere. Reload to use it here.
close-4429 = The seat is open in too many places, or the page sent too much. Close other pages with the same link and reload this one.
close-4503 = The workshop cannot be opened right now. The page tries again by itself.
reload = Reload the page

meeting-planned = The meeting has not been opened yet
meeting-closed = The meeting is adjourned
meeting-closed-more = What was shared is preserved as part of the planning case.

kind-opening = Opening
kind-presentation = Introduction
kind-individual = Individual reflection
kind-group = Group work
kind-plenary = Plenary
kind-priority = Guiding prioritisation
kind-break = Break

plan-in-force = Plan in force
plan-vision = Vision
plan-main-goal = Main goal
plan-land-use = Land-use strategy
plan-priority = Priority area

dots = { $count ->
    [one] 1 dot
   *[other] { $count } dots
}
support = support from { $people } of { $all }
not-a-decision = Guiding – not a formal decision
about-rounds = This is a guiding prioritisation that shows where the council puts the weight. It is not a formal decision.
result = Result
result-too-few = The round is closed. Fewer than three answered, so the answers were erased uncounted.
result-tie = Tie
voted = Voted: { $voted } of { $all }
proposals-none = No proposals yet
merged-from = Merged with
made-up-label = About the municipality
