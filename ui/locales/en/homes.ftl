# Pairing, health, notifications.

pair-intro = Connect your home with that of people you trust. Then friends can find each other, and posts travel directly from home to home.
pair-invite-title = Invite a home
pair-invite-text = You make an invite and give it to somebody who runs another home: as a code to scan, a link or a file.
pair-invite-do = Make an invite
pair-accept-title = I was given an invite
pair-link = Link of the invite
pair-link-hint = Begins with hearth://i/. The whole message will do, too.
pair-link-missing = Paste the link first, or choose the file.
pair-open = Look at the invite
pair-choose-file = Choose a file or a picture of the code
pair-drop = or drop or paste it here
pair-picture-no-code = There is no code on this picture that can be made out. Take one from closer by, straight on and sharp, or ask for the link.
pair-picture-unread = This picture cannot be opened here. Send it as PNG or JPEG, or ask for the link.
pair-invite-opened = An invite
pair-admins-only = Only those who run this home can connect it
pair-admins-only-text = Ask the person who set it up.
pair-pending = { $home } waits until you have compared the safety words.
pair-compare = Compare the words
pair-step-invite = Invite
pair-step-look = Look
pair-step-compare = Compare words
pair-step-done = Connected
pair-preview-title = A home invites yours
pair-preview-text = Nothing has been sent to it so far. An invite does not name who made it: you know from whom you have it. The name shows when you compare the words.
pair-preview-until = Good until
pair-preview-shared = What is shared
pair-preview-shared-text = The names of both homes and of the people who connect them, and what people share with everybody. All else goes to friends only.
pair-preview-known = This home is connected already. Accepting renews the connection; nothing is lost.
pair-preview-nothing = When you connect, your home contacts the other one at these addresses.
pair-connect = Connect
pair-connecting = Connecting
pair-not-now = Not now
pair-other-invite = Use another invite
pair-next-expired = Ask for a new one: making it takes the other person a moment.
pair-next-used = Each invite works once. If the connection broke off when you opened it, the other home may show yours already, and still the two are not connected: ask for a new one, it takes the place of the first.
pair-next-own = Send it to the person who runs the other home; they open it there.
pair-next-invalid = Copy the whole link, from hearth:// to its end, or choose the file.
pair-next-unreachable = Is the other computer on and connected? It was tried at: { $addresses }. From outside their network, the other home needs an address that can be reached from the internet.
pair-next-clock = On this computer it is { $time }. If that is right, the other clock is wrong.
pair-next-version = The older of both homes needs an update. The invite stays good until then, as long as its time is not over.
pair-next-identity = Somebody else answered at this address. Ask for a new invite and check the addresses with the other person.
pair-words-title = Do these words match?
pair-words-text = Call the person at { $home } and read the words to each other.
pair-words-label = Safety words
pair-words-how = The other screen must show the same five words in the same order. If it does, nobody is listening in between.
pair-words-language = A window in another language shows its words in that one. Then switch here, until both of you read the same language.
pair-words-in-english = Show the English words
pair-words-in-german = Show the German words
pair-same = They match
pair-not-same = Not the same
pair-done-said = Connected.
pair-not-same-title = The words differ: the connection was cut
pair-not-same-text = Nothing was shared, and the invite is void. Most often one of you looked at another invite. It can also mean that somebody stood in between.
pair-not-same-1 = Make a new invite and hand it over by another way: in person, or by a messenger you trust.
pair-not-same-2 = If the words differ again, do not connect over this network.
pair-cut-title = { $home } has ended the connection
pair-cut-words = The words were called different there, so nothing is connected any more, and the invite is void. Most often one of you looked at another invite. It can also mean that somebody stood in between.
pair-cut-text = It ended while you were here: nothing is connected any more, and the invite is void. Call each other: if the words were called different there, do not take them for the same.
pair-new-invite = Make a new invite
pair-to-health = To the health page
pair-connected-title = You are connected with { $home }
pair-connected-text = The two of you who connected them can find each other now. Everybody else is found there only after saying so: each decides for themselves, here or under Settings, Privacy. Nothing is shared before two people are friends, except what is public.
pair-add-contact = Add { $name } as a friend
pair-asked = { $name } was asked
pair-to-friends = To your friends
pair-close = Done

invite-intro = An invite lets one other home connect with yours.
invite-step-1 = Make it and give it to the person who runs the other home.
invite-step-2 = They open it in their Hearth.
invite-step-3 = You compare five words, by phone for example. Then both homes are connected.
invite-for = Good for
invite-15-minutes = 15 minutes
invite-hour = 1 hour
invite-two-days = 2 days
invite-week = 1 week
invite-create = Make the invite
invite-made = The invite is ready.
invite-qr = Code of the invite, to be scanned by the other home
invite-valid = Good for
invite-over = Its time is over. Make a new one.
invite-how = Let the other person scan the code, or send them the link or the file.
invite-link = Link
invite-copy = Copy the link
invite-save = Save as a file
invite-cancel = Withdraw
invite-cancelled = The invite was withdrawn
invite-once = It works once and is shown only now. Whoever has it can ask to connect, so send it to nobody else.
invite-waiting = Waiting for the other home. You can leave this page; then the words wait on the health page.
invite-open = Open invites
invite-open-hint = Made earlier, not used yet.
invite-made-at = Made

health-good = All is well
health-good-alone = Your home runs. It is not connected with others yet.
health-good-text = Everything has arrived.
health-asleep = { $home } is asleep
health-asleep-many = { $count ->
    [one] 1 home is asleep
   *[other] { $count } homes are asleep
}
health-pending = { $home } is not quite connected
health-pending-text = Compare the safety words to finish.
health-compare = The words with { $home } are not compared yet
health-compare-text = You are connected, but only the same five words on both sides show that nobody stands in between. Compare them below.
health-shut-out = { $home } takes nothing from your home
health-shut-out-text = It answers, but does not let your home in: it may have blocked it, or not know it any more. What waits for it is kept.
health-waiting = Something waits
health-nothing-waits = Nothing waits for it. It reconnects by itself.
health-things-wait = { $count ->
    [one] 1 thing waits and goes out by itself.
   *[other] { $count } things wait and go out by themselves.
}
health-pause = Pause sending for 1 hour
health-pause-said = Nothing is sent until { $time }.
health-paused = Sending is paused until { $time }
health-paused-text = What is written here waits, and goes out then by itself. What other homes send still arrives.
health-resume = Send again now
health-resumed = What waited goes out now.
health-trouble = Something needs you
health-refused = { $count ->
    [one] { $home } refused 1 thing. It stays here; look at its reason below.
   *[other] { $home } refused { $count } things. They stay here; look at the reason below.
}
health-homes = Connected homes
health-connect = Connect a home
health-no-homes = No connected homes yet
health-no-homes-text = Your home works by itself. Connect it with that of family or friends to share with them.
health-parts = This home
health-database = Database
health-database-ok = Fine, { $size }
health-database-bad = It cannot be read. Check the disk, then start Hearth again.
health-disk = Disk
health-disk-ok = { $size } free
health-disk-low = Only { $size } free. Make room; until then no new pictures are taken in.
health-clock = Clock
health-clock-ok = As it is elsewhere
health-clock-alone = Compared with other homes as soon as one is connected
health-clock-off = { $count ->
    [one] 1 minute apart from a connected home. Check the time of both computers.
   *[other] { $count } minutes apart from a connected home. Check the time of both computers.
}
health-listener = For other homes
health-listener-ok = Listens at { $address }
health-listener-off = Does not listen: other homes cannot reach this one, it only reaches them.
health-access = For your own devices
health-access-off = Off: nothing listens for phones and other computers.
health-access-ok = { $count ->
    [one] Open at port { $port }; its certificate is good for { $count } day.
   *[other] Open at port { $port }; its certificate is good for { $count } days.
}
health-access-old = { $count ->
    [0] The certificate that your devices trust has run out. Switch it off and on again under Settings, Devices: a new one is made, which each device trusts once.
    [one] The certificate that your devices trust runs out in { $count } day. Switch it off and on again under Settings, Devices: a new one is made, which each device trusts once.
   *[other] The certificate that your devices trust runs out in { $count } days. Switch it off and on again under Settings, Devices: a new one is made, which each device trusts once.
}
health-access-shut = Phones and other computers do not get in: port { $port } cannot be used. Choose another one under Settings, Devices, or end the program that has it and start Hearth again.
health-provider = Model servers
health-provider-none = None set up
health-provider-ok = { $count ->
    [one] 1 set up
   *[other] { $count } set up
}
health-provider-off = { $count ->
    [one] 1 gives no answers
   *[other] { $count } give no answers
}
health-secrets = Keys
health-secrets-passphrase = Encrypted with your passphrase
health-secrets-keychain = Encrypted, with the key in this computer's keychain
health-secrets-file = Encrypted, with the key on this computer
health-secrets-bad = The keys cannot be read. Restore the key file from your backup.
health-mending = What was lost is coming back
health-cloned = Two copies of { $home } run at the same time. One of the two must be turned off.
health-given-up = Comparing with { $home } was given up: it always had more to tell. Ask its family whether their Hearth is in order.
health-restored-name = Restored
health-restored = This home was restored from an older state. What was lost is being fetched from connected homes: { $done } of { $homes } done.
health-restored-done = This home was restored from an older state. What connected homes had kept is back.
health-restored-aside = { $count ->
    [one] This home was restored from an older state. What connected homes had kept is back, but for 1 thing that could not be taken.
   *[other] This home was restored from an older state. What connected homes had kept is back, but for { $count } things that could not be taken.
}
home-cloned = Two copies of this home run at the same time, so nothing is taken from either. Turn one of the two off.
home-restored = It was restored from an older state. What it lost is being given back.
home-fetching = What this home lost is being fetched from there.
home-claims = It says that this home’s data is older than what it knows of it. What is missing is fetched from there; other homes are not troubled. If this home was not put back from an older copy, and no copy of it runs elsewhere, that home is at fault: tell its people, or block it if it goes on.
home-given-up = After a restore, comparing with this home was given up: it always had more to tell. What it told until then was taken. Ask its family whether their Hearth is in order.
home-fetches = It cannot be called from here. It fetches what is for it by itself, and brings what is for you.
health-part-ok = Fine
health-part-bad = Needs a look
health-level-ok = Fine
health-level-waiting = Waits
health-level-trouble = Needs you
health-kept = Kept from removed homes
health-kept-hint = Whoever could see it when the home was removed can still read it.
health-kept-posts = { $count ->
    [one] One post
   *[other] { $count } posts
}
health-kept-files = { $count ->
    [one] { $posts }, one picture or file ({ $size })
   *[other] { $posts }, { $count } pictures and files ({ $size })
}
health-kept-erase = Erase
health-kept-erase-of = Erase what is kept of { $name }
health-kept-erase-title = Erase what is kept of { $name }?
health-kept-erase-text = The posts, comments and pictures of { $name } that are kept here are gone for everybody in this home. This cannot be undone.
health-kept-erased = What was kept of { $name } is erased
health-copies = Copies of other homes’ files
health-copies-hint = Pictures and files that your home fetched so that they open at once. What was not used longest goes first, and is fetched again when somebody looks at it.
health-copies-used = { $used } of { $allowed }
health-copies-room = Room for copies
health-copies-room-hint = In GB, for example 5 or 0.5. 0 keeps none.
health-copies-edit = Change
health-copies-saved = Saved. What is over it was let go.
health-copies-wrong = Type a number of GB from 0 to 100000.
health-reach = How others reach this home
health-reach-hint = These addresses stand in your invites.
health-no-address = No address is known. Other homes can only be reached from here, not the other way round.
health-addresses = Addresses
health-addresses-hint = One a line, as name:port or IP:port, up to 8.
health-addresses-edit = Change
health-addresses-saved = Addresses saved

home-state-ok = Awake
home-state-fetches = Fetches by itself
home-state-asleep = Asleep
home-state-shut-out = Takes nothing
home-state-pending = Not compared yet
home-state-blocked = Blocked
home-state-removed = Removed
home-state-trouble = Needs you
home-own-name = Calls itself { $name }
home-contact = Connected through { $name }
home-menu = What to do with { $name }
home-rename = Nickname
home-block = Block
home-unblock = Unblock
home-remove = Remove
home-last-contact = Last contact
home-never = Not yet
home-waiting = Waiting to go there
home-nothing = Nothing
home-items = { $count ->
    [one] 1 thing
   *[other] { $count } things
}
home-refused = Refused
home-clock = Its clock
home-clock-ahead = { $count ->
    [one] 1 minute fast
   *[other] { $count } minutes fast
}
home-clock-behind = { $count ->
    [one] 1 minute slow
   *[other] { $count } minutes slow
}
home-next-try = Next try in
home-version = Version
home-try-now = Try now
home-tried = Tried.
home-aside = What waits
home-aside-title = Between here and { $name }
home-aside-nothing = Nothing waits, and nothing was refused.
home-aside-outgoing = Waits to go there
home-aside-refused-there = Refused there
home-aside-incoming = Came from there, waits here for what it belongs to
home-aside-refused-here = Came from there, was not taken here
home-aside-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
home-aside-hint = Only what kind of thing it is. What was written can be read only by those whom it is for.
home-thing-post = Post
home-thing-comment = Comment
home-thing-reaction = Reaction
home-thing-profile = Profile
home-thing-friendship = Friendship
home-thing-home = What the home says of itself
home-thing-post-edit = Change of a post
home-thing-post-deletion = Deletion of a post
home-thing-post-retraction = Request to erase copies of posts
home-thing-post-comments = Comments of a post on or off
home-thing-comment-edit = Change of a comment
home-thing-comment-deletion = Deletion of a comment
home-thing-mention = Name taken out of a post or comment
home-thing-profile-deletion = Deletion of an account
home-thing-other = Something of another version
home-details = Details
home-addresses = Addresses
home-id = Identity
home-since = Connected since
home-error-unreachable = It does not answer: it may be off, or its address has changed. Everything is saved and goes out by itself.
home-error-connection-lost = The connection broke off. It is tried again by itself.
home-error-timeout = It took too long to answer. It is tried again by itself.
home-error-wrong-node = Something else answers at its address. Ask them where their home is now.
home-error-no-address = No address of it is known. It fetches by itself what waits for it, or a new invite brings one.
home-error-malformed = Its answer made no sense. One of the two homes may need an update.
home-error-too-large = More was sent than is taken at once. Wait until what came before was answered; one of the two homes may need an update.
home-error-unsupported-version = It runs another version of Hearth. One of the two needs an update.
home-error-rate-limited = It asked for a pause. It is tried again by itself.
home-error-sequence-gap = The two homes lost count of what was sent, and begin again where it fits.
home-error-unavailable = It is busy or just starting. It is tried again by itself.
home-error-internal = Something broke over there. It is tried again by itself.
home-error-not-connected = It answers, but takes nothing from this home: it may have blocked it, or one of the two was put back to a copy from before you last connected. What is here stays. Ask its people: if they blocked yours, they can take that back; else open a new invite of theirs here, and everything goes on where it was.
home-error-unknown = The last try failed ({ $code }). It is tried again by itself.
home-nickname = What you call it
home-nickname-hint = Only people of your home see this. Empty shows its own name.
home-unblocked = { $name } is unblocked and catches up
home-blocked = { $name } is blocked
home-block-title = Block { $name }?
home-block-1 = Nothing goes there or comes from there any more.
home-block-2 = What came from there is hidden, not deleted.
home-block-3 = You can unblock it at any time; then both catch up.
home-renew-keys = Renew the keys
home-keys-renewing = Agreeing with { $name } on new keys.
home-keys-renewed = You and { $name } use new keys now
home-removed = { $name } was removed
home-remove-title = Remove { $name }?
home-remove-text = The connection ends on both sides. Friendships with people there end. That home is asked to erase what it has from here. Connecting again needs a new invite.
home-remove-password = Your password
home-remove-wrong = The password does not match.
home-remove-copies = What people there shared
home-remove-erase = Erase it here
home-remove-erase-hint = As usual: it was shared with you while you were connected.
home-remove-keep = Keep it, to read only
home-remove-keep-hint = Whoever can see it now still can. Nobody can comment on it or react to it, and you can erase it later.

notice-empty-title = All caught up
notice-empty-text = When somebody answers you, asks to be friends or mentions you, it stands here.
notice-mark-all = Mark all as read
notice-mark-read = Mark as read
notice-new = New
notice-settings = Settings of notifications
notice-more = Show older
notice-accept = Accept
notice-decline = No
notice-now-friends = You and { $name } are friends
notice-declined = Declined. { $name } is not told.
notice-somebody = Somebody
notice-a-home = A home
notice-two = { $first } and { $second }
notice-many = { $count ->
    [one] { $first }, { $second } and 1 more
   *[other] { $first }, { $second } and { $count } more
}
notice-friend-request = { $names } would like to be friends with you
notice-friend-accepted = { $names } accepted: you are friends now
notice-friend-post = { $count ->
    [one] { $names } shared something
   *[other] { $names } shared something
}
notice-comment = { $count ->
    [one] { $names } commented on your post
   *[other] { $names } commented on your post
}
notice-reply = { $count ->
    [one] { $names } replied to you
   *[other] { $names } replied to you
}
notice-reaction = { $count ->
    [one] { $names } reacted to your post
   *[other] { $names } reacted to your post
}
notice-reaction-comment = { $count ->
    [one] { $names } reacted to your comment
   *[other] { $names } reacted to your comment
}
notice-mention = { $count ->
    [one] { $names } mentioned you
   *[other] { $names } mentioned you
}
notice-delivery-refused = A home refused your post
notice-home-changed = The connection with { $home } has changed
notice-home-connected = Your home is connected with { $home }
notice-home-ended = The connection with { $home } was ended here; friendships with people there ended too
notice-home-ended-there = { $home } has ended the connection; friendships with people there ended too
notice-home-words = The connection with { $home } was cut, as the safety words differed
notice-home-words-there = { $home } has cut the connection: the safety words were called different there
notice-home-restored = { $home } was put back to an older state; what it lost is given back
notice-backup-failed = The backup failed. The one before is kept.
notice-home-silent = { $home } has been silent for more than a day
notice-quota = Your storage is nearly full
notice-security = Something about the safety of your account has changed
notice-security-device = A new device signed in as you
notice-security-password = Your password was changed
notice-security-reset-code = { $names } made a code with which you can choose a new password
notice-security-reset-code-here = At the home's computer a code was made with which you can choose a new password
notice-security-reset = Your password was set anew with a code; you were signed out everywhere
notice-security-totp-on = The second step at sign-in was switched on
notice-security-totp-off = The second step at sign-in was switched off
notice-security-role = Your role in this home was changed
notice-security-codes = Your recovery codes were renewed
notice-security-username = Your sign-in name was changed
notice-account = Something about your account has changed
notice-account-suspended = Your account was locked
notice-account-reinstated = Your account was unlocked
notice-account-deleting = Your account will be deleted in 14 days
notice-account-restored = Your account will not be deleted

invite-intro-limited = With this invite another home connects with you alone: your friends there see what you share with friends, and nobody else's things go there.
invite-scope = What it opens
invite-scope-full = A friend's home
invite-scope-full-text = The whole home: people here and there can become friends. Each decides whether people of connected homes find them.
invite-scope-person = Limited: only with you
invite-scope-person-text = Only you and people of that home can become friends. Nothing of others in this home goes there.
invite-limited = Limited, only with you
pair-invite-self = Invite somebody for yourself
pair-preview-limited-text = This invite is limited to the person who made it. People here can become friends with that person; nothing else goes either way.
home-limited = Limited
home-limited-text = This connection is only for what these people share with friends:
home-end = End
home-end-title = End the connection for { $name }?
home-end-text = { $name } and people connected through { $home } are friends no longer, and copies of what they shared are deleted on both sides. Connecting again needs a new invite.
home-ended = The connection for { $name } has ended
home-loses-friendships = { $count ->
    [one] One friendship ends.
   *[other] { $count } friendships end.
}
home-loses-posts = { $count ->
    [one] One post from there is deleted here.
   *[other] { $count } posts from there are deleted here.
}
home-loses-files = { $count ->
    [one] One picture or file from there is deleted here ({ $size }).
   *[other] { $count } pictures and files from there are deleted here ({ $size }).
}
home-loses-waiting = { $count ->
    [one] One thing that waits for it is never sent.
   *[other] { $count } things that wait for it are never sent.
}
home-loses-kept = What people here wrote stays here.

health-files = Pictures and files
health-files-ok = All there
health-files-gone = { $count ->
    [one] 1 picture or file of this home is gone from its disk. If somebody moved it, put it back; else restore the last good backup under Settings, Backups.
   *[other] { $count } pictures and files of this home are gone from its disk. If somebody moved them, put them back; else restore the last good backup under Settings, Backups.
}
health-files-copies = { $count ->
    [one] 1 copy of another home’s file is gone; it is fetched again when somebody opens it.
   *[other] { $count } copies of other homes’ files are gone; each is fetched again when somebody opens it.
}
health-files-bad = Their folder cannot be read. Check the disk, then start Hearth again.
health-backup = Backup
health-backup-none = None yet. Set one up under Settings, Backups.
health-backup-due = None is there. The next one is made { $time }, or at once under Settings, Backups.
health-backup-old = The newest is of { $time }, long ago. The next one is made { $next }, or at once under Settings, Backups.
health-backup-folder = The folder for backups is not there, so none can be made. If it is on another drive, connect that; see Settings, Backups.
health-backup-ok = The newest is of { $time }.
health-backup-elsewhere = The newest is of { $time }. It was put outside the folder of backups, where nobody looks after it.
health-backup-bad = The last one failed. The one before is kept; see Settings, Backups.
