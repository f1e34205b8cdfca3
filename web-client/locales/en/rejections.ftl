# Why something was not done. One sentence, preferably with what one can do.

rejection-not_allowed = This cannot be done from this page.
rejection-meeting_not_open = The meeting has not been opened yet.
rejection-meeting_closed = The meeting is adjourned. Nothing more can be written.
rejection-step_moved = The room is at another step now. Look again.
rejection-no_such_step = There is no such step.
rejection-round_still_open = Close the prioritisation first.
rejection-board_not_open = The board is not open now. What you wrote is in your draft.
rejection-no_such_column = There is no such column.
rejection-no_group = You have no group yet. Tell the administration.
rejection-no_such_note = The note is not in your group. What you wrote is in your draft.
rejection-note_deleted = Somebody in the group deleted the note. What you wrote is in your draft.
rejection-note_id_taken = The note exists already.
rejection-too_many_notes = { $limit ->
    [one] There is room for one note here. What you wrote is in your draft.
   *[other] There is room for { $limit } notes here. Delete one first. What you wrote is in your draft.
}
rejection-board_full = Your group's board is full. Shorten a long note, or go on writing on the next board.
rejection-text_too_long = The note is full. Consider splitting it in two.
rejection-text_unfit = The note was fetched anew. What you wrote is in your draft.
rejection-no_such_seat = There is no such seat.
rejection-no_such_group = There is no such group.
rejection-no_such_proposal = The proposals cannot be merged now.
rejection-same_proposal = The proposals stand together already.
rejection-nothing_to_prioritise = There are no proposals to prioritise yet.
rejection-too_many_options = A round can have { $limit } proposals at most. Merge some first.
rejection-round_not_open = The round is closed.
rejection-not_present = You are not registered as present yet. Load the page again, and answer again.
rejection-too_many_dots = { $limit ->
    [one] You have one dot.
   *[other] You have { $limit } dots.
}
rejection-too_many_on_one = { $limit ->
    [one] At most one dot on the same proposal.
   *[other] At most { $limit } dots on the same proposal.
}
rejection-no_such_option = The proposal is not part of this round.
rejection-message_length = A message has 1 to { $limit } characters.
rejection-malformed = The server did not understand the page. Reload it.
rejection-too_fast = That was a little fast. The page tries again.
rejection-storage_unavailable = The server cannot save right now. What you write is kept on the tablet.
