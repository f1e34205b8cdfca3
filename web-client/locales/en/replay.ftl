# Replay for the planner.
replay-title = Look back
replay-loading = Fetching the event log
replay-loading-more = { $count } events so far
replay-failed = Could not fetch the event log
replay-failed-more = What is written is safe. Try once more.
replay-refused = The link gives no access to replay
replay-refused-more = Use the link you got as a planner.
replay-retry = Try again
replay-empty = Nothing has happened yet
replay-empty-more = When the workshop is under way you can replay it here.
replay-frozen = The meeting is adjourned. The log is final.
replay-running = The meeting is going on. You see what was written when the page was fetched.
replay-more = Fetch the newest
replay-lanes = How much each group wrote
replay-lane = Group { $number }, { $count ->
    [one] 1 change
   *[other] { $count } changes
  }
replay-steps = When the steps began
replay-step-go = Go to step { $number } · { $title }, { $time }
replay-round-opened = Prioritisation { $round } opened, { $time }
replay-round-closed = Prioritisation { $round } closed, { $time }
replay-play = Play
replay-pause = Pause
replay-speed = Speed
replay-times = { $times }× speed
replay-place = Place in the meeting
replay-place-at = { $time }, { $step }
replay-before-steps = before the first step
replay-event-back = Previous event
replay-event-forward = Next event
replay-step-back = Previous step
replay-step-forward = Next step
replay-keys = Arrow keys: ten seconds. Shift and arrow key: one minute. Full stop and comma: one event. Page Up and Page Down: one step. Space: play and pause.
replay-boards = What the boards looked like
replay-search = Search the notes
replay-group-all = All groups
replay-board-all = All boards
replay-filter-group = Show group
replay-filter-board = Show board
replay-notes = { $count ->
    [0] No notes
    [one] 1 note
   *[other] { $count } notes
  }
replay-notes-none-yet = Nobody had written anything by then.
replay-notes-not-found = No notes match. Try another word or another group.
replay-clear = Show all
replay-then = As it stood then
replay-present = { $arrived } of { $seats } were here
replay-screen = The wall showed: { $scene }
replay-proposals = The proposals
replay-proposals-none = No proposals yet.
replay-result = The prioritisation
replay-result-none = No prioritisation yet.
replay-result-open = Open. { $voted } had submitted.
replay-board-followed = The board the room looked at
