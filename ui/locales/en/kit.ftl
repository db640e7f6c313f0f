# Words used everywhere.

action-undo = Undo
action-try-again = Try again
action-copy = Copy
action-copy-text = Copy text
action-discard = Discard
action-close = Close
action-cancel = Cancel
action-back = Back
action-save = Save
action-continue = Continue
action-to-feed = Go to the feed
copied = Copied
loading = Loading

time-just-now = just now
time-minutes = { $count } min
time-hours = { $count } h
time-today = Today
time-yesterday = Yesterday

toasts = Messages
toast-more = { $count ->
    [one] 1 more message
   *[other] { $count } more messages
}
toast-not-saved = Not saved. { $reason }
toast-sent-later = Your home is not reachable. What you wrote is kept here and goes out by itself as soon as it is back.

offline = Your home is not reachable. What is saved here is shown; what you write stays here until it is back.
session-ended = You were signed out.

not-found-title = We can't find this
not-found-text = It may have been deleted, or it was never shared with you.

skip-to-content = Skip to the content
nav-main = Main
nav-home = Home
nav-friends = Friends
nav-requests = Friend requests
nav-requests-count = { $count ->
    [one] 1 friend request
   *[other] { $count } friend requests
}
nav-unread-count = { $count ->
    [one] 1 unread
   *[other] { $count } unread
}
nav-assistant = Assistant
nav-notifications = Notifications
nav-health = Health
nav-models = Models
nav-settings = Settings
nav-search = Search
nav-more = More
nav-compose = New post
pane-resize = Width of the list

command-help = Show the keys
command-palette = Search and commands
command-next-pane = Next part of the window
command-previous-pane = Previous part of the window
command-undo = Undo
command-toasts = To the messages
command-new-post = New post
command-new-chat = New chat with the assistant
command-pair = Connect with another home
command-theme = Switch between light and dark
command-sign-out = Sign out
command-submit = Send
shortcuts-title = Keys

palette = Search and commands
palette-placeholder = Search people, commands, settings
palette-results = Results
palette-none = Nothing found. This searches people, commands and settings, not the words of posts, comments and chats.
palette-count = { $count ->
    [one] 1 result
   *[other] { $count } results
}

audience-me = Only me
audience-me-hint = Nobody else sees it.
audience-local = My home
audience-local-hint = The people who live on this home.
audience-friends = Friends
audience-friends-hint = Your friends here and on other homes.
audience-public = Public
audience-public-hint = The people of this home and of all homes connected with it.
audience-label = Visible to: { $audience }
audience-choose = Who may see it
audience-choose-now = { $label }: { $audience }

delivery-sending = On its way to your home
delivery-waiting = { $homes ->
    [one] Saved here. 1 home still waits for it.
   *[other] Saved here. { $homes } homes still wait for it.
}
delivery-some = On { $delivered } of { $homes } homes
delivery-all = { $homes ->
    [one] Arrived at 1 home
   *[other] Arrived at all { $homes } homes
}
delivery-taking-back = { $homes ->
    [one] Being taken back from 1 home
   *[other] Being taken back from { $homes } homes
}
delivery-refused = { $refused ->
    [one] 1 home refused it
   *[other] { $refused } homes refused it
}

locality-here = Stays here
locality-here-hint = The model runs on this machine. Nothing leaves it.
locality-network = Stays in your network
locality-network-hint = The model runs on a machine in your own network.
locality-remote = Sent to { $name }
locality-remote-hint = What you write and its context are sent to { $name } over the internet.

people-and-more = { $names } and { $count } more
mention-unknown = somebody

password-show = Show the password
password-hide = Hide the password
passphrase-show = Show the passphrase
passphrase-hide = Hide the passphrase
password-generate = Five words
password-rule = At least 8 characters
password-too-short = Too short: at least 8 characters
password-weak = Easy to guess
password-fair = Could be stronger
password-good = Good
password-strong = Very strong

confirm-type = Type “{ $word }” to confirm
confirm-type-mismatch = That is not “{ $word }” yet.

stepper = Step { $current } of { $count }
jump-latest = Latest
jump-new = { $count ->
    [one] 1 new
   *[other] { $count } new
}
task-done = Done
task-open = Open
markdown-table = Table
code-wrap = Wrap lines
combobox-more = { $count ->
    [one] and 1 more: type a few letters
   *[other] and { $count } more: type a few letters
}
combobox-none = Nothing fits. Try fewer letters.
