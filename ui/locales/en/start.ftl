# Welcome, creating a home, joining, signing in.

start-look = Language and look
theme-system = Like the system
theme-light = Light
theme-dark = Dark

welcome-title = Welcome to Hearth
welcome-text = A home on the network for your family: your pictures, your words, your people, on your own machine.
welcome-create = Create our home
welcome-create-hint = Takes about two minutes.
welcome-promise-home = Everything lives on this machine. No company in between.
welcome-promise-friends = Connect with the homes of people you trust, by words read aloud.
welcome-promise-assistant = An assistant that can stay at home, too.
welcome-invited = Were you invited to somebody's home? Open the link they gave you in your browser.
welcome-elsewhere = This home has not been set up yet. Do that on the machine that Hearth runs on; then come back.
welcome-invite-waits = Your invite to connect with another home waits until yours is set up.

create-step-home = Home
create-step-you = You
create-step-password = Password
create-home-title = What is your home called?
create-home-text = Friends in other homes see this name beside yours.
create-home-name = Name of the home
create-home-name-hint = You can change it later.
create-home-name-example = Hill House
create-you-title = Who are you?
create-you-text = You are the first to live here, and you look after the home.
create-password-title = Choose a password
create-password-text = A long one is better than a strange one. Paste one, or let five words be made for you.
create-do = Create our home

start-your-name = Your name
start-your-name-hint = As family and friends know you.
start-username = Name to sign in with
start-username-hint = Only for signing in; nobody else sees it.
start-birth = Date of birth
date-day = Day
date-month = Month
date-year = Year
start-birth-hint = Protects children here. Friends see the day and month, only you the year. You can change that in your profile.
start-password = Password
start-picture = Add a picture
start-picture-other = Another picture
start-picture-remove = Without a picture
start-error-empty = This is needed.
start-error-length = Between { $least } and { $most } characters, please.
start-error-birth = Enter a date with day, month and year.
start-error-birth-range = This date cannot be right.

done-title = { $home } is ready
done-text = Light is on. What would you like to do first?
done-family = Invite your family
done-family-hint = Give the people you live with an account of their own.
done-pair = Connect with another home
done-pair-hint = Share with family and friends who have a home, too.
done-assistant = Set up the assistant
done-assistant-hint = With a model on this machine, or a service you choose.
done-post = Write the first post
done-post-hint = A picture of the kitchen table will do.
done-invite-waits = Somebody invited your home to connect.
done-open-invite = Look at it

join-title = Move into { $home }
join-text = You were invited to an account of your own here.
join-code = Invite
join-code-hint = The link you were given, or the code in it.
join-do = Move in

device-title = Connect this device
device-text = Hearth will open here as it does at home. Do this on a device that is yours.
device-text-no-code = This home does not know this device yet.
device-step-1 = At the home's own computer, or on a device that is connected, open Settings, Devices.
device-step-2 = Choose “Connect a device”.
device-step-3 = Scan the code with this device's camera, or paste the link here.
device-code = Link or code
device-code-hint = Good for ten minutes, and once.
device-name = Name of this device
device-name-hint = So that you find it in the list.
device-connect = Connect
device-other-code = Use another code

signin-title = Sign in to { $home }
signin-title-plain = Sign in
signin-people = People who signed in here
signin-forget-person = Forget { $name } on this device
signin-do = Sign in
signin-code-title = One more step
signin-code-text = Enter the six digits from your authenticator app.
signin-code = Code
signin-recovery-title = Use a recovery code
signin-recovery-text = One of the ten codes you kept when you set up the second step. Each works once.
signin-recovery = Recovery code
signin-use-recovery = Use a recovery code
signin-use-code = Use the app instead
signin-have-invite = I have an invite
signin-forgot = Forgot your password?
signin-forgot-text = Ask somebody who looks after this home. They can let you back in without ever seeing your password.

welcome-restore = Restore from a backup
welcome-restore-hint = Your home from another computer, or from before.
restore-title = Restore from a backup
restore-text = Choose the backup of your home. Nothing is changed before all of it was checked.
restore-choose = Choose the file
restore-drop = or drop it here
restore-sending = Reading the file
restore-made = Made { $time }
restore-old-off = Keep the old computer switched off: two homes with one key confuse your friends' homes.
