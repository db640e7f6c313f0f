# The feed, posts, comments, writing, pictures, profiles, friends.

# Feed
feed-choose = Which posts
feed-home = Friends and family
feed-public = From others
feed-share = Share something…
feed-new = { $count ->
    [one] 1 new post
   *[other] { $count } new posts
}
feed-new-more = { $count } new posts or more
feed-seen = You have seen everything since { $time }
feed-more = Show more
feed-end-title = That is everything
feed-end-text = You are up to date. Enjoy your day.
feed-empty-title = It's quiet here
feed-empty-text = This is where you see what your family and friends share. Begin with a photo or a few words, or find the people you know.
feed-empty-write = Write the first post
feed-empty-friends = Find people
feed-public-empty-title = Nothing from others yet
feed-public-empty-text = What people share with everybody who are not your friends stands here, from this home and connected ones. Your own public posts and those of your friends are under Home.
feed-aside = More
feed-aside-all = All { $count } friends
feed-aside-alone = Friends see what you share with them, wherever they live.

# Posts
post = Post
post-by = Post by { $name }
post-menu = More about the post by { $name }
post-copy-link = Copy link
post-edit = Edit
post-edited = Saved
post-history = Earlier versions
post-delivery = Where it has arrived
post-comments-off = Switch comments off
post-comments-on = Switch comments on
post-remove-mention = Remove my mention
post-delete = Delete
post-deleted = Post deleted.
post-deleted-text = It is gone here. The other homes are told to delete their copies; Hearth does so, but nobody can make them.
post-shared = Shared. Visible to: { $audience }
post-refused-kept = Your post was not shared and is kept in your drafts. { $reason }
edited = edited
link-copied = Link copied
link-not-copied = The link could not be copied: { $link }
text-more = Show more
text-less = Show less
text-over = At most { $max } characters
mention-removed = Your mention is removed.
history-title = Earlier versions
history-none = There are no earlier versions that you may see.

# Reactions
react = React
react-own = Any other emoji
react-own-error = One emoji, please
react-do = Use
reactions = Reactions
reaction-by = { $emoji } from { $names }
you = you

# Pictures and files
photos-count = { $count ->
    [one] 1 photo
   *[other] { $count } photos
}
photo-by = Photo by { $name }
video-by = Video by { $name }
photo-open = Open: { $what }
photo-open-of = Open { $number } of { $count }: { $what }
photo-on-its-way = This photo is still on its way
file-download = Download { $name }, { $size }
viewer-title = Photos by { $name }
viewer-info = About this photo
viewer-download = Download
viewer-previous = Previous
viewer-next = Next
zoom-in = Larger
zoom-out = Smaller
media-alt = What can be seen
media-alt-none = Not described
media-caption = Caption
media-file = File
media-pixels = Pixels
media-bytes = Size
alt-title = Describe the picture
alt-hint = For people who do not see it. Say what matters, in a sentence.
alt-badge = Text
alt-add = Describe this picture
alt-edit = Change the description
caption-hint = Stands under the picture, for everybody.
tray = Pictures and files
tray-item = { $name }, { $number } of { $count }. Alt and arrow keys move it.
tray-moved = Moved to { $number } of { $count }
tray-remove = Remove { $name }
tray-sending = Sending { $name }
tray-failed = Try again
tray-remove-short = Remove
tray-refused = Not taken
tray-too-large = This file is larger than 100 MB. Choose a smaller one.
tray-empty = This file is empty. Choose another.
tray-too-many = At most { $max } files fit here. The others were left out.

# Comments
comments = Comments
comments-all = All comments
comments-count = { $count ->
    [one] 1 comment
   *[other] { $count } comments
}
comments-of = { $words }: post by { $name }
comments-earlier = { $count ->
    [one] Show 1 earlier comment
   *[other] Show { $count } earlier comments
}
comments-none = No comments yet. Say something kind.
comments-off = { $name } has switched comments off.
comments-off-short = Comments off
comments-not-you = You can read this, but not comment on it.
post-kept = From a removed home
post-kept-hint = The home that this came from was removed. It was kept to be read only.
comments-now-on = Comments are on
comments-now-off = Comments are off
comment-do = Comment
comment-by = Comment by { $name }
comment-write = Write a comment…
comment-send = Send
comment-sent = Comment sent
comment-empty = Write something or add a photo.
comment-reply = Reply
comment-reply-to = Reply to { $name }
comment-edit = Edit your comment
comment-edited = Comment saved
comment-menu = More about the comment by { $name }
comment-deleted = This comment was deleted.
comment-deleted-toast = Comment deleted.
comment-pending = Waiting for { $home }
comment-refused = Not accepted
comment-nowhere = This post is no longer here. What you wrote was not sent; copy it if you want to keep it.
comment-before-parent = This reply came before its comment.
comment-continue = { $count ->
    [one] Continue: 1 more reply
   *[other] Continue: { $count } more replies
}
comment-fold = { $count ->
    [one] Hide 1 reply
   *[other] Hide { $count } replies
}
comment-unfold = { $count ->
    [one] Show 1 reply
   *[other] Show { $count } replies
}

# Writing
compose-title = New post
compose-edit-title = Edit post
compose-text = What do you want to share?
compose-placeholder = What do you want to share? @ mentions somebody.
compose-photos = Photos and files
compose-drop = Drop them here
compose-share = Share
compose-share-more = Other ways to end
compose-keep = Keep as a draft
compose-discard = Discard
compose-empty = Write something or add a photo.
compose-kept = Nothing is lost: everything is here again.
compose-kept-draft = Kept as a draft. When you write a post, it is under “{ $drafts }”.
compose-kept-edit = Your change is kept as a draft. It is back when you edit the post again.
compose-restored = Your changes from last time are back.
compose-comments-on = Comments are on. Switch them off
compose-comments-off = Comments are off. Switch them on
compose-files-failed = { $count ->
    [one] 1 file was not taken. Under the pictures stands why: try it again where that is offered, or remove it.
   *[other] { $count } files were not taken. Under the pictures stands why: try them again where that is offered, or remove them.
}
compose-files-refused = { $count ->
    [one] 1 file cannot be shared. Under the pictures stands why. Remove it, then share.
   *[other] { $count } files cannot be shared. Under the pictures stands why. Remove them, then share.
}
compose-sending-files = { $count ->
    [one] Sending 1 file
   *[other] Sending { $count } files
}
compose-waits-files = { $count ->
    [one] Shared as soon as 1 file is there
   *[other] Shared as soon as { $count } files are there
}
audience-to = To
audience-counting = Counting…
audience-uncounted = Counted when your home answers again
audience-nobody = nobody yet
audience-nobody-long = Nobody besides you sees this for now.
audience-people-here = { $people ->
    [one] 1 person in this home
   *[other] { $people } people in this home
}
audience-people-there = { $people ->
    [one] 1 person in another home
   *[other] { $people } people in another home
}
audience-homes = { $homes ->
    [one] whoever lives in 1 connected home
   *[other] whoever lives in { $homes } connected homes
}
audience-people-homes = { $people ->
    [one] 1 person in { $homes } homes
   *[other] { $people } people in { $homes } homes
}
audience-names = Who sees it
audience-more = and { $count } more
audience-loses = No longer visible to { $names }. Copies on other homes are asked back: that relies on those homes.
audience-gains = Newly visible to { $names }.
mention-list = People to mention
mention-none = Nobody with this name could see it.
mention-outside = { $names } cannot see this and will not be told.
drafts = Drafts
drafts-count = { $count ->
    [one] 1 draft
   *[other] { $count } drafts
}
draft-saving = Saving…
draft-saved = Draft saved
draft-not-saved = Not saved yet. It is tried again.
draft-refused = Your home does not keep it like this. It stays in this browser.
draft-no-words = Without words
draft-delete = Delete this draft
draft-discarded = Draft thrown away.
draft-back = Your draft is back in the list.
stale-title = This was changed meanwhile. It reads now:
stale-take = Take that over
stale-mine = Go on with mine

# Delivery
delivery-title = Where it has arrived
delivery-intro = What you share is kept here and sent to each home of your readers, as soon as that home can be reached.
delivery-only-here = It stays on this home: nobody elsewhere is to see it.
delivery-state-delivered = Arrived
delivery-state-waiting = Waiting
delivery-state-refused = Refused
delivery-state-taking-back = Being taken back
delivery-is-taken-back = It is being taken back from { $home }. That goes out by itself as soon as that home can be reached; until it has answered, the post can still be read there.
delivery-readers = { $count ->
    [one] 1 reader
   *[other] { $count } readers
}
delivery-try-now = Try now
delivery-tried = Trying again
delivery-next-now = Being tried now
delivery-next-seconds = Next try in { $count } s
delivery-next-minutes = Next try in { $count } min
delivery-next-at = Next try { $time }
delivery-paused = Your home sends nothing until { $time }. Then this goes on by itself.
delivery-reason-waiting = It is saved here and goes out by itself.
delivery-reason-overtaken = It arrived too late to be shown: what it belongs to had been deleted there, or nobody there might see it any more.
delivery-reason-waiting-there = { $home } keeps it until what it refers to has come, and shows it then. If that does not come within 30 days, it is dropped there.
delivery-reason-home-unreachable = { $home } is asleep or away. It goes out by itself when that home is back.
delivery-reason-not-authorised = { $home } does not take this from you. Ask its family whether you are still friends there.
delivery-reason-waited-too-long = What it refers to did not come to { $home } within 30 days, so it was dropped there. If it has come meanwhile, write it anew.
delivery-reason-id-not-yours = { $home } takes it for somebody else's: it bears an id that is not yours. Delete it and write it anew.
delivery-reason-too-many-strangers = { $home } has met as many people by way of your home as it takes from a single one, and does not know you yet. So this cannot arrive there.
delivery-reason-not-connected = { $home } is no longer connected with your home.
delivery-reason-paused = Sending to { $home } is paused.
delivery-reason-rate-limited = { $home } asked to wait a little. It goes out by itself.
delivery-reason-clock-skew = The clocks of the two homes differ by more than five minutes. Check the time on both.
delivery-reason-unreachable = { $home } is asleep or away. It goes out by itself when that home is back.
delivery-reason-timeout = { $home } took too long to answer. It goes out by itself when that home is quicker again.
delivery-reason-connection-lost = The connection to { $home } broke off. It goes out by itself at the next try.
delivery-reason-wrong-node = Something else answers at the address of { $home }. It waits here: ask the family there where their home is now.
delivery-reason-no-address = No address of { $home } is known. It goes out by itself when that home asks for it, or when a new invite brings an address.
delivery-reason-malformed = The answer of { $home } made no sense. One of the two homes may need an update; it waits here.
delivery-reason-too-large = { $home } sent more than is taken at once. Its Hearth may need an update; it waits here.
delivery-reason-internal = Something broke at { $home }. It goes out by itself at a later try.
delivery-reason-storage-error = Your home could not read or write its disk. Check it; it goes out by itself afterwards.
delivery-reason-bad-signature = { $home } could not prove who it is, so nothing was sent. If it stays so, connect the two homes anew.
delivery-reason-replayed = { $home } took it for something it already had. It is tried again by itself.
delivery-reason-wrong-destination = At the address of { $home } another home answers. It waits here: ask the family there where their home is now.
delivery-reason-unsupported-version = { $home } runs another version of Hearth. One of the two needs an update; it waits here.
delivery-reason-version-mismatch = { $home } runs another version of Hearth. One of the two needs an update; it waits here.
delivery-reason-out-of-scope = The connection with { $home } does not cover this. Connect the two homes fully to share it there.
delivery-reason-invalid-activity = { $home } could not make sense of it. One of the two homes may need an update.
delivery-reason-unsupported-type = { $home } does not know this kind yet. Its Hearth needs an update.
delivery-reason-sequence-gap = The two homes lost count of what was sent. They begin again by themselves where it fits.
delivery-reason-epoch-changed = One of the two homes was restored from an older state. They compare what they have, and it goes out by itself then.
delivery-reason-cloned = Another copy of your home runs at the same time. Turn one of the two off; it goes out by itself then.
delivery-reason-not-found = { $home } does not know what this belongs to. It may have been deleted there.
delivery-reason-unavailable = { $home } is busy or just starting. It goes out by itself at a later try.
delivery-reason-other = { $home } could not take it. Try again; if it stays so, tell the family there.

# Profiles
profile = Profile
profile-yours = Your profile
profile-parts = Parts of the profile
profile-posts = Posts
profile-about = About
profile-friends = Friends
profile-photos = Newest photos
profile-menu = More
profile-your-home = lives with you
profile-mutual = Also friends with { $names }
profile-mutual-badge = Friend of yours
profile-posts-of = Posts by { $name }
profile-posts-none = { $name } has not shared anything yet
profile-posts-none-mine = You have not shared anything yet
profile-posts-none-mine-text = A photo or a few words: your posts stand here for the people who may see them.
profile-posts-hidden = Nothing to see here yet
profile-posts-hidden-text = What { $name } shares with friends shows when you are friends.
profile-friends-hidden = This list is not visible to you
profile-friends-none = No friends to show yet
profile-rename = Change your name
profile-name = Your name
profile-name-hint = As your family and friends see it.
profile-name-empty = Enter a name.
profile-picture-open = Look at the picture of { $name }
profile-picture-change = Change your picture
profile-picture-remove = Remove your picture
picture-changed = Your picture is changed.
picture-removed = Your picture is removed.
picture-unreadable = This picture cannot be read here. Choose a JPEG, PNG, GIF or WebP.
crop-title = Your picture
crop-frame = The part that is shown. Arrow keys move it, plus and minus change its size.
crop-zoom = Size
crop-done = Use this
saved = Saved
about-own-hint = You decide for each line who sees it. Press a line to change it.
about-none-title = { $name } keeps this private
about-none-text = Nothing is filled in that you may see.
about-findable = Connected homes can find me
about-findable-hint = People of connected homes see your name and can ask to be friends.
field-picture = Picture
field-picture-hint = Who sees your picture.
field-username = Sign-in name
field-birthday = Birthday
field-birth-year = Year of birth
field-hometown = Home town
field-occupation = Occupation
field-bio = About me
field-website = Website
field-email = E-mail
field-phone = Telephone
field-address = Address
field-friend-list = Friends
field-friend-list-hint = Who in your home sees whom you are friends with. The list does not leave it: friends elsewhere do not see it.
field-empty = Not filled in
field-add = Add: { $name }
field-edit = Edit: { $name }
field-audience = Who sees: { $name }

# Friends
friend-add = Add friend
friend-add-name = Ask { $name } to be friends
friend-requested = Requested
friend-requested-name = You asked { $name }
friend-cancel = Take back
friend-cancel-name = Take back your request to { $name }
friend-accept = Accept
friend-accept-name = Accept { $name }
friend-decline = Decline
friend-decline-name = Decline { $name }
friend-is = Friends
friend-is-name = You and { $name } are friends
friend-remove = End friendship
friend-now = You and { $name } are friends now.
friend-asked = { $name } is asked. You will hear when there is an answer.
friend-declined = Declined. { $name } is not told.
friend-cancelled = Your request to { $name } is taken back.
friend-ended = You and { $name } are no longer friends.
friends-find = Find people by name or home
friends-yours = { $count ->
    [one] 1 friend
   *[other] { $count } friends
}
friends-others = People you may know
friends-others-hint = From this home and the homes it is connected with.
friends-none-yet = You have no friends here yet. Ask somebody below.
friends-nobody = Nobody found for “{ $query }”
friends-nobody-hint = Here are the people of this home, and those of connected homes who let themselves be found. Who is missing can allow it in their home, under Settings, Privacy.
friends-empty-title = Nobody here yet
friends-empty-text = Friends live on this home or on others. Connect with another family's home, to become friends with people there.
requests = Requests
request-new = New
request-title = Ask { $name }
request-what = When they accept, you see what the other shares with friends.
request-note = A few words (if you like)
request-send = Ask
requests-in = Waiting for your answer
requests-out = Waiting for theirs
requests-out-hint = They decide in their own time.
requests-empty-title = No open requests
requests-empty-text = When somebody asks to be friends, it stands here.
requests-empty-do = Find people
