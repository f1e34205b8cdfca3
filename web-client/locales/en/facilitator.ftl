# The page of the one who leads the workshop.
lead-title = Lead the workshop
lead-programme = Running order
lead-minutes = { $minutes } min
lead-step-done = Done
lead-step-now = Now
lead-step-next = Next
lead-total = { $minutes } min in all
lead-over = The meeting is adjourned
lead-over-more = Everything is saved. Nobody can write any more; you can still choose what the wall shows.
lead-waiting = The chair has not opened the meeting yet
lead-waiting-more = The running order starts when the chair has opened the meeting. Until then you can print seat cards and see who is here.

lead-extend = + { $minutes } min
lead-extend-long = + { $minutes } min, give more time
lead-start = Start “{ $title }”
lead-next = Next step
lead-next-ask = Go to { $number } · { $title }?
lead-next-ask-more = All tablets change at once. The step lasts { $minutes } minutes.
lead-next-ask-shares = The board of step { $board } becomes visible to all groups.
lead-start-ask = Start { $number } · { $title }?
lead-back-ask = Go back to { $number } · { $title }?
lead-go = Go to the step
lead-step-runs = This step is running now.

lead-groups = The groups
lead-connected = connected
lead-notes = { $count ->
    [0] No notes yet
    [one] 1 note
   *[other] { $count } notes
  }
lead-activity = Writing in the last { $minutes } minutes
lead-writing = Writing now
lead-silent = Quiet for { $minutes } min
lead-help-since = { $minutes ->
    [0] Asks for help
   *[other] Asks for help, { $minutes } min
  }
lead-help-done = Helped
lead-help-done-long = Helped: group { $number }
lead-help-call = Group { $number } asks for help.
lead-last-lines = Last written
lead-members = Who sits here
lead-person-away = not connected
lead-person-move = Move { $name } to
lead-person-no-group = Without a group

lead-missing = { $count ->
    [0] Everyone is connected.
    [one] 1 is not connected
   *[other] { $count } are not connected
  }
lead-print = Print seat cards
lead-message = Message to all
lead-message-more = Shown on all tablets, marked as from the administration.
lead-message-field = Message, at most { $limit } characters
lead-message-left = { $left } characters left
lead-message-too-long = { $over ->
    [one] 1 character too long
   *[other] { $over } characters too long
  }
lead-message-send = Send to all
lead-message-standing = On the tablets now
lead-message-withdraw = Take the message down

lead-round = Guiding prioritisation
lead-round-open = Open the prioritisation
lead-round-again = Open a new round
lead-round-open-ask = Open the prioritisation?
lead-round-open-more = { $options ->
    [one] One proposal appears
   *[other] { $options } proposals appear
  } on all tablets. Each person has { $dots } dots, at most { $most } on the same proposal. Nobody sees a result until you close.
lead-round-close = Close the prioritisation
lead-round-close-ask = Close the prioritisation?
lead-round-close-more = { $voted } of { $present } have submitted. The result is shown to all at once, and nobody can change their answer afterwards.
lead-round-close-few = Fewer than { $fewest } have submitted. The answers will be erased uncounted, so that nobody can see what anyone chose.
lead-round-voted = { $voted } of { $present } have submitted
lead-round-hidden = Nobody sees what anyone has chosen, not even you, until the round is closed.
lead-round-nothing = There are no proposals to prioritise yet.
lead-round-waits = You cannot go on while the prioritisation is open.
lead-round-closed = The prioritisation is closed
lead-round-result = See the result in the column of the wall.

lead-screen = Wall
lead-screen-shows = Shows now: { $scene }
lead-screen-ready = Ready to be shown: { $scene }
lead-scene-joining = Joining
lead-scene-step = The step
lead-scene-groups = The groups
lead-scene-proposals = The proposals
lead-scene-result = The result

lead-no-pen = You see everything that is shared, but cannot write or change what the groups write.
lead-ready = The meeting is open
lead-ready-more = Start the first step when everyone is ready.
lead-person-move-ask = Move { $name } to group { $group }?
lead-person-move-more = The tablet changes group at once. What is written stays in the group where it was written.
lead-person-go = Move
