# The wall, and the page of spectators.
wall-join-how = Follow on your own phone
wall-join-code = Code
wall-join-scan = Scan the code, or type the address
wall-qr-label = QR code of the page for spectators
wall-in = { $connected } of { $seats } elected representatives are here
wall-waiting = The meeting is not open yet
wall-over = The meeting is adjourned
wall-over-more = Thank you for today. What you have written is saved.
wall-not-begun = We start soon
wall-notes-none = No notes yet
wall-no-board = The groups have not begun to write
wall-proposals = The proposals
wall-proposals-none = No proposals yet
wall-proposals-more = { $count ->
    [one] and one more proposal
   *[other] and { $count } more proposals
  }
wall-rest-none = { $count ->
    [one] One proposal got no dots
   *[other] { $count } proposals got no dots
  }
wall-result = Guiding prioritisation
wall-result-none = No prioritisation has been opened yet
wall-voted = { $voted } of { $present } have submitted
wall-voted-hidden = The result is shown to all at once when the round is closed.
wall-breadth = { $people } of { $voted } gave at least one dot
wall-tie = Tied { $place }.
wall-place = { $place }.
wall-too-few = Too few answers to show a result
wall-too-few-more = Fewer than { $fewest } submitted. The answers were erased uncounted, so that nobody can see what anyone chose.
wall-link-lost = Lost contact. Showing what stood last.

follow-title = Follow the workshop
follow-trust = You see what the groups have shared. The workshop is not streamed. If you want to record, ask the chair.
follow-now = Now
follow-proposals = The proposals
follow-column-empty = Nothing yet
follow-waiting-more = The page follows by itself when the chair opens the meeting.
made-up-short = { $municipality } is made up
