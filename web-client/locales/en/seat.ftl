# The seat: a councillor's tablet.

seat-title = { $name } – { $workshop }
seat-menu = Menu
welcome = Welcome, { $name }
present-done = You are registered as present
present-soon = Registering you as present …
your-group = You sit in
no-group = You have no group yet
rules-title = Ground rules
rules = One speaks at a time. Everyone gets a turn. We disagree about the matter, not the person. Write so that others understand. Anyone may ask to see what you share.
privacy-title = About privacy
privacy = Your draft is private and is erased when the meeting is adjourned, unless you share it. Shared notes are stored by group and preserved as part of the planning case. In anonymous rounds it is not stored who prioritised what.
planned-wait = The page opens by itself when the chair opens the meeting.
open-wait = The meeting is open. The first step begins soon.
closed-drafts = Your draft has been erased.
late-title = This came too late
late-more = The meeting was adjourned before this was saved, so it is not among the notes. It stands here only, and is gone when you close the page. Copy it if you want to keep it.
late-copy = Copy
late-copied = Copied
break-back = Break. We continue when the time is up.
listen = Feel free to put the tablet down and follow the room.
step-changed = Now: { $title }

chair-open = Open the meeting
chair-open-ask = Open the meeting?
chair-open-more = From now on the councillors can write and prioritise. All tablets follow.
chair-close = Adjourn the meeting
chair-close-ask = Adjourn the meeting?
chair-close-more = All writing stops, and the notes are frozen as they stand. Private drafts are erased. This cannot be taken back.

new-note = New point
new-note-in = New point under { $column }
note-placeholder = Write a point …
note-field = Point under { $column }
note-empty = Empty point
note-edit = Write in the point: { $text }
note-more = More choices for the point
note-up = Move up
note-down = Move down
note-move = Move to “{ $column }”
note-delete = Delete
note-done = Done
note-full = The note is full. Consider splitting it in two.
notes-count = { $count ->
    [one] 1 point
   *[other] { $count } points
}
board-full = { $limit ->
    [one] There is room for one point here.
   *[other] There is room for { $limit } points here.
}
board-empty = This is where the group writes together. Tap “New point” and begin.
board-example = One point is one thought. For example: The bus runs too seldom for young people to take part in the evenings.
writes = { $name } is writing
writes-in = { $name } is writing in { $column }
saved-typed = Not saved yet
saved-device = On the tablet
saved-sent = Sent
saved-saved = Saved
trust-shared = The group sees what you share. Only you see the draft.
columns = Columns
plenary-empty = The groups have not written anything here yet
other-groups-later = The other groups' notes are shown in plenary.

drafts = My draft
drafts-count = My draft ({ $count })
draft-field = Private draft
draft-placeholder = Write keywords for yourself …
draft-new = New draft
draft-full = The pad is full. Share or delete a draft before you begin a new one.
draft-share = Share with the group
draft-share-in = Share under:
draft-delete = Delete the draft
draft-later = You can share when the group writes on the board.
draft-trust = Only you see the draft. It lies on this tablet and is erased when the meeting is adjourned.
draft-shared = Shared with the group

help = We need help
help-asked = Help is on its way
help-asked-more = The facilitator sees that the group asks for help.
undo = Undo
redo = Redo

merge-pick = Merge …
merge-picked = Choose the proposal to merge it with.
merge-into = Merge with this
merge-stop = Cancel
split = Take out again
merge-how = If two proposals are the same, you can merge them. Nothing is rewritten.

ballot-wait = The prioritisation opens soon
ballot-wait-more = Each of you gets { $dots } dots, and can place at most { $most } on the same proposal.
ballot-left = { $count ->
    [one] 1 dot left
   *[other] { $count } dots left
}
ballot-none-left = No dots left
ballot-dot = Dot { $number } on { $option }
ballot-submit = Submit
ballot-change = Change answer
ballot-sending = Submitting …
ballot-delivered = Your answer is submitted. You can change it until the round closes.
ballot-changed = You have changes that are not submitted.
ballot-secret = Nobody in the hall can see what you choose, not even those who lead the workshop. Your answer is sealed, and erased when the round has been counted.
ballot-abstain = You can also submit without dots.
