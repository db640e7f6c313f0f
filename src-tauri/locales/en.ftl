tray-unread = { $count ->
    [0] Nothing unread
    [one] { $count } unread
   *[other] { $count } unread
 }
tray-status = Everything has arrived
tray-status-help = Something needs you
tray-status-signed-out = Nobody is signed in
tray-status-waiting = { $count ->
    [one] { $count } thing waits to be delivered
   *[other] { $count } things wait to be delivered
 }
tray-status-paused = { $count ->
    [0] Sending is paused until { $time }
    [one] Sending is paused until { $time }: { $count } thing waits
   *[other] Sending is paused until { $time }: { $count } things wait
 }
tray-post = New post
tray-assistant = Ask the assistant
tray-pause = Pause sending for 1 hour
tray-resume = Send again now
tray-open = Open Hearth
tray-quit = Quit
tray-quit-waiting = { $count ->
    [one] Quit; 1 thing then waits for the next start
   *[other] Quit; { $count } things then wait for the next start
}

stays-title = Hearth keeps running
stays-body = Your family can still reach you.
stays-body-tray = Your family can still reach you. You find it in the tray.

ended-title = Hearth is closed
ended-waiting = { $count ->
    [one] 1 thing waits for the next start.
   *[other] { $count } things wait for the next start.
}

notify-hidden = Something new in Hearth
notify-open = Open
notify-people-one = { $name }
notify-people-two = { $name } and { $other }
notify-people-more = { $count ->
    [one] { $name } and 1 other
   *[other] { $name } and { $count } others
}
notify-friend-request = { $who } would like to be your friend
notify-friend-accepted = { $who } accepted your friend request
notify-friend-post = { $who } shared something
notify-comment = { $who } commented on your post
notify-reply = { $who } replied to you
notify-reaction = { $who } reacted to what you shared
notify-mention = { $who } mentioned you
notify-delivery-refused = A post of yours was not accepted
notify-security = Something about your account changed
notify-node-changed = { $what ->
    [connected] Your home is connected with { $home }
    [ended] The connection with { $home } has ended
    [ended_there] { $home } has ended the connection
    [words_differ] The safety words differed: { $home } is not connected
    [words_differ_there] { $home } called the safety words different
    [restored] { $home } was put back to an older state
   *[other] { $home } changed
}
notify-node-unreachable = { $home } has been silent for a day
notify-quota-warning = Your storage is almost full
notify-account-state = Your account changed
notify-backup-failed = The backup failed
