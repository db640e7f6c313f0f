# Conversations with the assistant, models and providers.

chats-list = Conversations
chats-search = Search conversations
chats-pinned = Pinned
chats-week = Last 7 days
chats-month = Last 30 days
chats-older = Older
chats-archived = Archived
chats-back-to-all = Back to all conversations
chats-none-found = No conversation is called “{ $query }”. Try fewer letters.
chats-none-archived = Nothing is archived.
chats-empty = Your conversations will stand here.
chats-new = New conversation
chats-running = An answer is being written
chats-draft = Has a draft
chats-menu = What to do with “{ $title }”
chats-title = Title
chats-rename = Rename
chats-pin = Pin
chats-unpin = Unpin
chats-archive = Archive
chats-unarchive = Take out of the archive
chats-delete = Delete
chats-archived-done = Archived
chats-unarchived-done = Taken out of the archive
chats-deleted = “{ $title }” deleted
chats-select = Select several
chats-select-one = Select
chats-select-all = Select all shown
chats-select-none = Select none
chats-select-done = Stop selecting
chats-select-first = Select a conversation first.
chats-selected = { $count ->
    [0] None selected
    [one] 1 selected
   *[other] { $count } selected
}
chats-pinned-many = { $count ->
    [one] 1 conversation pinned
   *[other] { $count } conversations pinned
}
chats-unpinned-many = { $count ->
    [one] 1 conversation unpinned
   *[other] { $count } conversations unpinned
}
chats-archived-many = { $count ->
    [one] 1 conversation archived
   *[other] { $count } conversations archived
}
chats-unarchived-many = { $count ->
    [one] 1 conversation taken out of the archive
   *[other] { $count } conversations taken out of the archive
}
chats-deleted-many = { $count ->
    [one] 1 conversation deleted
   *[other] { $count } conversations deleted
}

chat-gone = This conversation is not there any more
chat-gone-text = It was deleted in another window or on another device, or it never was yours.
chat-new-title = New conversation
chat-log = Conversation
chat-you = You
chat-answer = Answer
chat-menu = What to do with this conversation
chat-message-menu = What to do with your message
chat-answer-menu = More about this answer
chat-earlier = { $count ->
    [one] Show 1 earlier message
   *[other] Show { $count } earlier messages
}
chat-sending = Sending
chat-show-all = Show all of it
chat-show-less = Show less
chat-composer = Your message
chat-placeholder = Ask something
chat-send = Send
chat-stop = Stop the answer
chat-focus = To the message field
chat-copy-last = Copy the last answer
chat-characters = { $count } of { $max }
chat-too-long = That is longer than 200,000 characters. Shorten it, or send it in parts.
chat-wait-or-stop = Your text stays here. Send it when the answer is finished, or stop the answer first.
chat-kept = Your message is still here.
chat-blocked = This cannot be sent yet. Look above the message field.
chat-blocked-no-provider = No model is set up yet.
chat-blocked-model = The model of this conversation is gone. Choose another below.
chat-blocked-consent = Your messages would go to { $provider }. Read what is sent and agree first.
chat-blocked-unreachable = { $provider } did not answer last time. You can try, or look under Models.
chat-to-models = To the models
chat-message-deleted = Deleted, with what followed
copy-refused = The browser does not allow copying. Select the text and copy it by hand.

chat-phase-queued = Waiting for its turn
chat-phase-retrieving = Looking things up
chat-phase-loading = Loading the model
chat-phase-waiting = Waiting for the first word
chat-phase-thinking = Thinking
chat-phase-streaming = Writing
chat-phase-approval = Waiting for your decision
chat-phase-done = Answer complete
chat-phase-stopped = Stopped
chat-phase-interrupted = The answer broke off. What came is kept.
chat-phase-failed = There is no answer. Your question is kept.
chat-reasoning = Reasoning
chat-reasoning-now = Thinking it over
chat-length = Reached its longest length
chat-empty-answer = The model said nothing
chat-ask-again = Ask again
chat-other-model = Choose another model
chat-retry-in = It makes sense to try again in
chat-quote = Quote
chat-copy-plain = Copy as plain text
chat-rate-up = Good answer
chat-rate-down = Not a good answer
chat-details = About this answer
chat-delete-from-here = Delete from here on
chat-tokens = { $count ->
    [one] 1 token
   *[other] { $count } tokens
}
chat-tokens-about = { $count ->
    [one] about 1 token
   *[other] about { $count } tokens
}
chat-speed = { $speed } tok/s
chat-milliseconds = { $count } ms
chat-info-model = Model
chat-info-provider = Provider
chat-info-place = Where it ran
chat-info-prompt = Question and context
chat-info-completion = Answer
chat-info-reasoning = Of these, reasoning
chat-info-first = Until the first word
chat-info-speed = Speed
chat-info-error = What went wrong
chat-info-finish = Why it ended
chat-info-parameters = Settings used
chat-info-nothing-set = Nothing: the server's own settings held.
chat-info-left-out = Set, but not taken by this server: { $names }
chat-finish-stop = The model was done
chat-finish-stopped = You stopped it
chat-trace = What happened
chat-trace-time = { $seconds } s
chat-trace-continued = Went on with what was there
chat-trace-prepared = { $count ->
    [one] Took 1 message of { $of }, about { $tokens } tokens
   *[other] Took { $count } messages of { $of }, about { $tokens } tokens
}
chat-trace-asked = Asked the server
chat-trace-retrying = The server was not ready; next try after { $seconds } s
chat-trace-loading = The server loads the model
chat-trace-adapted = The server refused a setting; asked without it
chat-trace-trimmed = It did not fit; asked again with half of it
chat-trace-first = The first word came
chat-trace-last = The last word came
chat-trace-ended = Ended
chat-trace-unknown = Something that this version does not know

parameters-open = How the model answers here
parameters-open-set = How the model answers here: something is set
parameters-title = How the model answers here
parameters-title-account = How models answer
parameters-about = For this conversation. What you leave empty is as in your defaults, and else as the server has it.
parameters-about-account = For all your conversations that set nothing themselves. What you leave empty is not sent; the server then does as it usually does.
parameters-to-account = Change your defaults under Models
parameters-saved = Saved. It holds from the next answer on.
parameters-none = Nothing is set; servers do as they usually do.
parameters-pair = { $name }: { $value }
parameters-change = Change
parameters-clear = Empty all
parameters-temperature = Temperature
parameters-temperature-hint = 0 to 2. Low is exact, high is varied.
parameters-top-p = Top-p
parameters-top-p-hint = 0 to 1. How much of what is likely is considered. Change this or the temperature, not both.
parameters-max-tokens = Longest answer
parameters-max-tokens-hint = In tokens, 1 to 131,072. A token is about three quarters of a word.
parameters-stop = Texts that end an answer
parameters-stop-hint = One a line, up to 4. Write \n for the end of a line.
parameters-context = Context
parameters-context-hint = In tokens: how much of the conversation is sent. How much the model takes is set on its server.
parameters-context-ollama = In tokens: how much the model takes in. Ollama is told; more needs more memory.
parameters-default = Your default: { $value }
parameters-server = As the server has it
parameters-model = As the model has it
entry-no-number = Enter a number, such as 0.7.
entry-no-whole = Enter a whole number.

chat-welcome = What can I help with?
chat-welcome-text = Ask, draft, plan, explain. Only you see your conversations, and it always says beside the model where your words go.
chat-starters = Ways to begin
chat-starter-1 = Plan a weekend
chat-starter-1-text = Plan a weekend with two children, some of it outdoors and not expensive. Ask me first what you need to know.
chat-starter-2 = Explain a letter
chat-starter-2-text = Explain this letter in plain words and tell me what I have to do and by when:

    {""}
chat-starter-3 = Cook with what is there
chat-starter-3-text = What can I cook for four people in 40 minutes with what I have here:{" "}
chat-no-model-title = First, a model
chat-no-model-text = The assistant answers with a language model. It can run on this computer, so that nothing leaves it, or on a server of your choice.
chat-no-model-do = Set up a model

model-picker = Model
model-picker-now = { $label }: { $model }
model-none = Choose a model
model-search = Search models
model-search-none = No model is called that.
model-picker-empty = No models are known yet. Check the connection under Models.
model-manage = Models and providers
model-context = { $count } tokens of context
model-loaded = in memory
model-can-vision = pictures
model-can-tools = tools
model-can-reasoning = reasoning
model-can-embedding = for search only
model-can-audio = sound
model-can-chat = conversations
model-form-title = About { $model }
model-form-can = What it can
model-form-embedding = search (embeddings)
model-form-context-hint = In tokens, 512 to 2,097,152. Empty is as the server tells.
model-form-told = The server tells { $value }
model-form-untold = The server does not tell
model-form-reset = As the server tells
provider-offline-note = Does not answer at the moment
provider-consent-note = Needs your agreement first

models-default-title = Used for new conversations
models-default-hint = Each conversation can still use another one.
models-for-me = For me
models-for-me-hint = Goes before the one of the home.
models-for-home = For this home
models-for-home-hint = For everybody who chose none.
models-default-clear = Use none ({ $what })
models-default-me = My default
models-default-home = The home's default
models-use-for-me = Use it for my new conversations
models-use-for-home = Use it for this home
models-menu = What to do with { $model }
models-add = Add a model by its id
models-add-id = Id of the model
models-add-hint = The name that the server knows it by, letter by letter.
models-add-do = Add the model
models-added = { $model } added
models-describe = Describe it otherwise
models-remove = Remove
models-removed = { $model } removed
models-by-hand = Added by hand
models-described = Described otherwise
models-described-tip = Somebody said about it otherwise than its server does.

models-empty-title = Where should answers come from?
models-empty-text = The assistant needs a language model. You can change this at any time.
models-begin-here = On this computer
models-begin-here-text = With Ollama, free of charge. Nothing you write leaves this machine.
models-begin-here-do = Connect Ollama
models-step-install = Install Ollama
models-step-pull = Get a model, for example:
models-step-connect = Connect it here
models-begin-server = On another server
models-begin-server-text = One in your network, or a company's service, that speaks the OpenAI protocol: LM Studio, vLLM, TabbyAPI, llama.cpp, OpenAI and others.
models-begin-server-note = Before anything is sent there, you read what and where, and agree.
models-begin-server-do = Connect a server

providers-title = Providers
providers-hint = Servers that run models for you.
provider-add = Add a provider
provider-edit = Change the provider
provider-menu = What to do with { $name }
provider-kind = Kind
provider-kind-ollama = Ollama
provider-kind-ollama-hint = On this computer or one in your network
provider-kind-openai = OpenAI-compatible
provider-kind-openai-hint = LM Studio, vLLM, TabbyAPI, services
provider-name = Name
provider-name-hint = As it will be shown to you.
provider-name-missing = Give it a name.
provider-address = Address
provider-address-example = https://models.example.org/v1
provider-address-hint = Begins with http:// or https://
provider-address-wrong = Enter an address that begins with http:// or https://.
provider-key = Key
provider-key-hint = Only if the server asks for one. It is kept encrypted and never shown again.
provider-key-stored = A key is stored. Leave this empty to keep it.
provider-key-remove = Remove the stored key
provider-moved = With another address, the stored key is dropped and everybody agrees anew before anything is sent there.
provider-owner = For whom
provider-owner-home = The whole home
provider-owner-home-hint = Everybody here can use it
provider-owner-me = Only me
provider-owner-me-hint = Nobody else sees or uses it
provider-limits = How long to wait
provider-limits-hint = In seconds, 10 to 900. Leave empty what should be as usual.
provider-limit-connect = For a connection
provider-limit-first = For the first word
provider-limit-first-usual = usually 120, here 300
provider-limit-idle = Between two words
provider-limit-turn = For the whole answer
provider-limit-usual = usually { $count }
provider-online = Answers
provider-offline = Does not answer
provider-refuses = Refuses the key
provider-trouble = Answers, but not as it should
provider-unchecked = Not checked yet
provider-has-key = With a key
provider-check = Check the connection
provider-checking = Checking
provider-checked = Checked
provider-models = { $count ->
    [one] 1 model
   *[other] { $count } models
}
provider-models-all = Show all { $count }
provider-models-less = Show fewer
provider-no-models = The server lists no models.
provider-no-models-ollama = Ollama runs, but has no model yet. Get one with “ollama pull llama3.2”, then check again.
provider-delete = Delete
provider-delete-title = Delete { $name }?
provider-delete-text = The address and the stored key go. Conversations stay; to go on with one, you choose another model.
provider-deleted = { $name } deleted
locality-cloud = the cloud of { $name }
locality-unknown = Not clear where
locality-unknown-hint = The address cannot be found now, so nobody can say where your words would go.

check-title = What the check found
check-good = The connection works.
check-bad = The connection does not work yet.
check-reached = The server answers.
check-reached-in = The server answers, in { $count } ms.
check-not-reached = No server answers at this address. Is it switched on, and is the address right?
check-key-good = You may use it.
check-key-bad = It refuses the key. Enter the right one under “Change the provider”.
check-models = { $count ->
    [0] It lists no models.
    [one] 1 model found.
   *[other] { $count } models found.
}
check-hint-v1 = The address lacks /v1. This one works: { $address }
check-hint-address = The server answers at another address: { $address }
check-hint-ollama = This is an Ollama server. Choose the kind Ollama.
check-hint-openai = This is an OpenAI-compatible server. Choose that kind.
check-hint-no-list = The server does not tell which models it has. Add one by its id below.
check-hint-not-encrypted = The connection goes over the internet without encryption. Use https if the server offers it.
check-hint-incomplete = The server is slow; some details of its models are missing.
check-hint-profile = It looks like another kind of server than before. That is taken into account now.

consent-title = Before anything goes to { $name }
consent-title-cloud = Some models here answer from a cloud
consent-what = What is sent
consent-what-text = What you write in conversations that use it, the conversation so far, and the name of the model.
consent-where = Where to
consent-where-network = To { $host }, a machine in your own network. Who runs that machine can read it.
consent-where-internet = Over the internet to { $host }. Who runs that service can read it and, by their own terms, keep it.
consent-where-cloud = { $name } runs on this computer, but passes some of its models' conversations on over the internet to a service that can read and keep them.
consent-where-unknown = To { $host }. The address cannot be found at the moment, so it is not clear where that is. Check the address first.
consent-not = What is not sent
consent-not-text = Your posts, friends, pictures and other conversations.
consent-later = You can take this back at any time.
consent-agree = Agree
consent-given = You agreed that your messages go to { $name }
consent-since = Since { $time }, for { $host }
consent-take-back = Take back
consent-taken-back = Nothing more is sent to { $name }
