# Activity: what was said, what runs, what could not be saved. And the menu of the person.

nav-activity = Activity
nav-activity-unsaved = { $count ->
    [one] 1 not saved
   *[other] { $count } not saved
}
me-menu = { $name }: menu
me-menu-group = You and this window
me-profile = Your profile
me-keys = Keys
me-theme-system = Theme: as the system
me-theme-light = Theme: light
me-theme-dark = Theme: dark

activity-unsaved = Not saved
activity-unsaved-hint = What your home refused or did not get. It stays here until you send or discard it, also after a restart of this window.
activity-jobs = Running
activity-said = Messages
activity-said-hint = Everything that was said since this window was opened.
activity-empty-title = All quiet
activity-empty-text = What was done, what runs and what could not be saved appears here.
activity-upload = Sending “{ $name }”
activity-upload-waiting = “{ $name }” waits to be sent
activity-cancel = Cancel “{ $what }”
activity-for = running for { $time }

unsaved-post = Post
unsaved-comment = Comment
unsaved-reply = Reply
unsaved-edit = Change to a comment
unsaved-words = Text
unsaved-files = { $count ->
    [one] 1 file
   *[other] { $count } files
}
unsaved-by-itself = It goes out by itself as soon as your home is back.
unsaved-sent = Sent.
unsaved-discarded = Discarded.
unsaved-back = It is in the list again.
