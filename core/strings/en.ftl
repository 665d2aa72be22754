# Every word that a person reads, in English. The same ids and variables as es.ftl.
# `id.advice` says what to do.

## Kinds of record

kind-visit = Visit
kind-purchase = Purchase
kind-contact = Contact
kind-note = Note
kind-task = Task
kind-survey_answer = Survey answer
kind-data_confirmed = Data confirmed
kind-client_closed = Client closed
kind-agreement = Agreement
kind-consent = Consent
kind-merge_proposal = Proposal to merge clients
kind-change_request = Change request
kind-not_now = Not now
kind-mode_choice = Portfolio mode
kind-absence = Absence
kind-segment = Segment
kind-notice_read = Notice read
kind-lesson_done = Lesson done
kind-unknown = Record of a newer version
value-unknown = Value of a newer version
value-yes = yes
value-no = no
value-yearly = every year
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

## Office records

office-article = Article
office-price = Price
office-tax = Tax
office-sale = Sale
office-sales_day = Sales of the day
office-sales_month = Sales of the month
office-due_item = Due item
office-credit = Credit
office-order_state = Order state
office-objective = Target
office-person = Person
office-actor = Author
office-territory = Territory
office-visit_plan = Visit plan
office-absence = Absence
office-holiday = Holiday
office-segment = Shared segment
office-notice = Notice
office-census = Census of establishments
office-spend = Acquisition spend
office-setting = Setting
office-parameter = Fitted parameter
office-cross_sell = Cross-sell rules
office-cost = Cost
office-margin = Margin
office-feed = Data from the office

## People

role-rep = Rep
role-manager = Sales manager
role-back_office = Back office
role-administrator = Administrator

## Visits and contacts

visit-planned = Planned
visit-done = Done
visit-cancelled = Cancelled
outcome-order = Order
outcome-no_order = No order
outcome-buyer_away = Buyer away
outcome-shut = Shut
outcome-attended = Attended
no_order-stock_left = Stock left
no_order-price = Price
no_order-competitor = Buys from a competitor
no_order-credit = Credit block or no cash
no_order-service = Service
no_order-product = Product
no_order-buyer_away = Buyer away
no_order-out_of_season = Out of season
no_order-other_way = Orders another way
no_order-other = Another reason
purpose-sell = Sell
purpose-prospect = Prospect
purpose-collect = Collect
purpose-complaint = Handle a complaint
purpose-present = Present what is new
purpose-courtesy = Courtesy
purpose-deliver = Deliver
purpose-win_back = Win back
purpose-renew = Renew an agreement
purpose-other = Something else
channel-phone = Phone
channel-email = Email
channel-message = Message
channel-video = Video call
channel-post = Post
channel-elsewhere = Elsewhere
direction-outgoing = From us
direction-incoming = From the client
clock-trusted = Date certain
clock-uncertain = Date to be confirmed
task-open = Open
task-done = Done
task-dropped = Dropped
void-mistake = Mistake
void-wrong_client = Wrong client
void-twice = Recorded twice
void-cancelled = Cancelled by the client
void-other = Another reason
not_now-visit = Visit
not_now-offer = Offer
not_now-duplicate = Possible duplicate
not_now-warning = Sign of loss
not_now-win_back = Win-back
not_now-confirm_data = Confirm data
not_now-task = Task
not_now-agreement = Agreement
not_now-debt = Overdue balance
not_now-date = Date
not_now-order = Declined order
not_now_reason-busy = Busy
not_now_reason-client_away = Client away
not_now_reason-not_interested = Not interested
not_now_reason-wrong = The proposal is wrong
not_now_reason-other = Another reason
absence-holiday = Holiday
absence-illness = Illness
absence-training = Training
absence-leave = Leave
absence-other = Another reason

## Orders and sales

purchase-order = Order
purchase-direct_sale = Direct sale
purchase-return = Return
price-list = Price list
price-agreed = Agreed price
price-promotion = Promotion
price-manual = Typed price
price-last_purchase = Last purchase
return-damaged = Damaged
return-expired = Expired
return-wrong = Not what was ordered
return-unsold = Unsold
return-quality = Quality
return-other = Another reason
order-received = Received by the office
order-waiting_for_client = Waiting for the new client's code
order-registered = Registered in the ERP
order-served = Served
order-invoiced = Invoiced
order-declined = Declined by the back office
order-cancelled = Cancelled
flag-price = Price differs from the price list
flag-discount = Discount above what is allowed
flag-credit = Above the credit limit
flag-article = Article withdrawn or unknown
flag-amended = Changed after it was registered
flag-same_day = Another order of the client that day
flag-clock = Date to be confirmed
flag-stock = Article out of stock
reaction-task = Task
reaction-notice = Notice
sale-invoice = Invoice
sale-credit_note = Credit note
sale-delivery_note = Delivery note
sale-rebate = Rebate
measure-net_revenue = Net revenue
measure-units = Units
measure-new_clients = New clients
measure-visits = Visits
measure-orders = Orders
measure-won_back = Clients won back

## The relation with the client

status-lead = Lead
status-active = Active
status-dormant = Dormant
status-lost = Lost
status-closed = Closed
loss-price = Price
loss-service = Service
loss-product = Product
loss-competitor = Competitor
loss-moved = Moved
loss-closed_down = Closed down
loss-other = Another reason
mode-accompanied = Accompanied
mode-win_back = Win-back
mode-renewal = Renewal
renewal-manual = Renewed by hand
renewal-automatic = Renews by itself
consent-granted = Accepts advertising
consent-withdrawn = Withdraws consent
consent-opposed = Opt-out
basis-consent = Consent
basis-legitimate_interest = Legitimate interest
basis-contract = Contract
basis-prior_purchase = Bought similar products before
evidence-spoken = Spoken
evidence-signed = Signed
evidence-written = In writing
evidence-on_the_web = On the web
survey-nps = Recommendation (NPS)
survey-csat = Satisfaction (CSAT)
survey-csi = Satisfaction index (CSI)
asked-by_rep = Asked by the rep
asked-by_link = By link
asked-by_phone = By phone
asked-on_paper = On paper
likeness-tax_id = Same tax id
likeness-phone = Same phone
likeness-name = Similar name
likeness-address = Same address
likeness-email = Same email
likeness-known = The rep knows

request-granted = Done
request-declined = Declined

## Fields of the client page

client-name = Trade name
client-legal_name = Legal name
client-tax_id = Tax id
client-erp_code = Client code
client-sector = Kind of establishment
client-phone = Phone
client-mobile = Mobile
client-email = Email
client-web = Web
client-address = Address
client-point = Position on the map
client-language = Language
client-currency = Currency
client-price_list = Price list
client-payment_terms = Payment terms
client-fiscal_group = Fiscal group
client-source = Source
client-visit_every = Visit every (days)
client-hours = Opening hours
client-shut_days = Shut days
client-warning = Warning for visitors
contact-name = Name
contact-role = Position
contact-phone = Phone
contact-mobile = Mobile
contact-email = Email
contact-language = Language
contact-notes = Notes
contact-removed = Contact removed
date-what = Occasion
date-on = Date
date-yearly = Every year
date-contact = Contact
date-removed = Date removed
place-name = Delivery point
place-address = Address
place-point = Position on the map
place-phone = Phone
place-erp_code = Delivery point code
place-hours = Opening hours
place-shut_days = Shut days
place-instructions = Delivery instructions
place-removed = Delivery point removed
profile-tag = Tag
profile-pref = Preference

## Where each item stands

sync-saved = Saved on this phone
sync-received = Received by the office
sync-held = Waiting for another change
sync-refused = Refused by the relay
sync-declined = Declined by the back office
sync-quarantined = Waiting for the administrator
sync-running = Syncing…
sync-up_to_date = Everything up to date
sync-waiting = { $count ->
         [one] One change to send
        *[other] { $count } changes to send
    }
sync-no_network = No network: everything is saved on this phone
sync-no_answer = The relay does not answer: it will be tried again
sync-last = Last sync: { $when }
sync-never = Not synced yet
sync-locked = Locked until it syncs: nothing was deleted

## Attention list

attention-title = Attention list
attention-refused = The relay refused a change
    .advice = See the reason, mend it and send it again, or drop it. Meanwhile it is kept whole.
attention-declined = The back office declined an order
    .advice = See the reason and talk to the client or the back office.
attention-conflict = Two different values
    .advice = See who put each and choose the right one.
attention-uncertain_date = Date to be confirmed
    .advice = The phone's clock could not be trusted. Confirm the day or correct it.
attention-duplicate = Possible duplicate
    .advice = Look at both clients and propose to merge them, or put it off.
attention-orphan = A correction without its original
    .advice = What it corrects has not arrived or is another client's. It is shown as it is.
attention-document_unreadable = A client's page cannot be read
    .advice = It will be fetched again from the relay. If that lasts, tell the administrator.
attention-database_recovered = The phone's database was recovered
    .advice = The damaged one is kept apart. What is missing is fetched again from the relay; look through what you had yet to send.
attention-refound_unsupported = A client's page was made anew on the relay and this version cannot follow
    .advice = Update the app. What is unsent is kept.
attention-actor_refused = The relay does not take this phone as a new author
    .advice = Go on working: everything is saved. Tell the administrator.
attention-order_forged = An order that is not the relay's
    .advice = Somebody asked this phone to delete data without its key. Nothing was deleted. Tell the administrator.
attention-wipe_unsupported = The back office ordered this phone to be wiped and this version cannot
    .advice = Nothing was deleted. Hand the phone in to the administrator.
attention-client_erased = A client was erased, and with it work that had not been sent
    .advice = The back office had to delete everything about this client. Ask there if you need to know why.
attention-new_client_pending = New client pending
    .advice = The back office has to give it a code. Its orders wait.

## Screens and words

word-client_page = Client page
word-rep = Rep
word-territory = Territory
word-handover = Handover
word-cover = Cover
word-visit_plan = Visit plan
word-overdue_visit = Overdue visit
word-outcome = Outcome
word-no_order_reason = Reason for no order
word-next_step = Next step
word-sales_unit = Sales unit
word-catch_weight = Catch weight
word-net_price = Net price
word-free_goods = Free goods
word-rebate = Rebate
word-overdue_balance = Overdue balance
word-credit_limit = Credit limit
word-credit_used = Credit used
word-credit_block = Credit block
word-payment = Payment received
word-settlement = Settlement
word-short_delivery = Short delivery
word-out_of_stock = Out of stock
word-complaint = Complaint
word-achievement = Achievement
word-share_of_wallet = Share of wallet
word-average_order = Average order
word-buying_rhythm = Buying rhythm
word-usual_basket = Usual basket
word-cross_sell = Cross-sell
word-up_sell = Up-sell
word-churn = Churn
word-clv = CLV
word-cohort = Cohort
word-win_back = Win-back
word-new_client = New client
word-workspace = Workspace
word-relay = Relay
word-overview = Overview
action-save = Save
action-cancel = Cancel
action-log_visit = Log visit
action-take_order = Take order
action-add_note = Add note
action-not_now = Not now
action-confirm_data = Confirm data
action-merge = Merge clients
action-choose_value = Choose value
action-try_again = Try again
action-discard = Discard
action-export = Export
action-sync = Sync
action-enrol = Enrol a phone
action-enrol_again = Enrol again and keep the data
action-revoke = Revoke a phone

## The apps' screens

app-tab-today = Today
app-tab-clients = Clients
app-tab-review = To review
app-tab-month = My month
app-tab-more = More
app-back = Back
app-undo = Undo
app-close = Close
app-clear = Clear
app-more = Show more
app-today-visits = { $count ->
        [0] Visit plan: no visits planned today
        [one] Visit plan: one visit
       *[other] Visit plan: { $count } visits
    }
app-today-attention = Need attention
app-today-empty = Nothing to do today
app-today-empty-advice = A good time to see somebody you have not seen for a while: look in Clients.
app-today-start-visit = Log visit to { $client }
app-today-put_off = Not now: { $client }
app-today-put_off-done = Put off: { $client }
app-today-stake = At stake { $money }
app-today-at = at { $time }
app-today-call = By phone
app-today-stands_in = Covering for { $person }
app-notice-must_read = Notice from the office
app-notice-read = Mark as read
app-clients-search = Search name, street, tax id, phone…
app-clients-count = { $count ->
        [one] One client
       *[other] { $count } clients
    }
app-clients-all = All
app-clients-nearby = Nearby
app-clients-not_visited = Not visited
app-clients-dormant = Dormant
app-clients-owing = Overdue balance
app-clients-empty = There are no clients on this phone yet
app-clients-empty-advice = They come with the first sync. You can also enter a new one now.
app-clients-none_found = No client with “{ $text }”
app-clients-none_found-advice = Try fewer letters. If the client is new, enter it.
app-clients-conflict = Two values
app-clients-closed = Closed
app-clients-blocked = Blocked
app-clients-last_purchase = Last purchase { $date }
app-clients-never_bought = No purchases yet
app-clients-distance = { $distance } away
app-client-call = Call
app-client-write = Write
app-client-navigate = Navigate
app-client-still_right = Still right
app-client-confirmed = Confirmed { $date }
app-client-confirmed-now = Data confirmed
app-client-never_confirmed = Not confirmed
app-client-contact_data = Contact data
app-client-timeline = Story
app-client-timeline-empty = No visits or orders yet
app-client-account = Balance and credit
app-client-account-as_of = As of the ERP, { $date }
app-client-due = Due { $date }
app-client-was_due = Was due { $date }
app-client-returned = Returned by the bank
app-client-credit = Credit: { $used } of { $limit }
app-client-blocked = Credit block: { $reason }
app-client-basket-last = Last: { $quantity } at { $price }
app-client-stopped = Has stopped buying
app-client-figures = In short
app-client-rhythm = Buys every { $usual } days; { $since } so far
app-client-value = { $money } in twelve months
app-client-class = Class { $class }
app-client-colleague = { $person } was here { $date }
app-client-conflict = { $field }: two different values
app-client-conflict-choose = Choose
app-client-conflict-other = Write another
app-visit-title = Visit
app-visit-outcome = How did it go?
app-visit-reason = Why no order?
app-visit-notes = Notes
app-visit-notes-reminder = The client may ask to read what you write here.
app-visit-dictate = Dictate
app-visit-place = Add where I am
app-visit-place-added = Place added
app-visit-place-denied = No permission for the place: saved without it
app-visit-next = Next step
app-visit-next-none = None
app-visit-next-tomorrow = Tomorrow
app-visit-next-week = In a week
app-visit-next-month = In a month
app-visit-next-what = What is to be done
app-visit-choose = Say how it went to save
app-visit-saved = Visit saved on this phone
app-order-title = Order
app-order-search = Search article or code
app-order-scan = Scan barcode
app-order-repeat = Repeat the last
app-order-usual = Usual
app-order-add = One more: { $article }
app-order-take = One less: { $article }
app-order-quantity = { $quantity } of { $article }
app-order-case = case of { $units }
app-order-price-none = Price: the office sets it
app-order-price-of = { $origin }, { $date }
app-order-lines = { $count ->
        [0] No lines
        [one] One line
       *[other] { $count } lines
    }
app-order-review = Review order
app-order-place = Place the order
app-order-net = Net
app-order-tax = { $name } { $percent } %
app-order-total = Total
app-order-deliver_to = Deliver to
app-order-deliver_on = Deliver on
app-order-unpriced = { $count ->
        [one] One line without a price: the total leaves it out
       *[other] { $count } lines without a price: the total leaves them out
    }
app-order-draft = Draft saved on this phone
app-order-empty = Add the first article
app-order-empty-advice = Search, scan a barcode or repeat the last order.
app-order-back = Back on { $date }
app-sync-title = Sync state
app-sync-on_phone = On this phone alone
app-sync-on_phone-advice = It is safe. It is sent by itself as soon as there is a network.
app-sync-refused = Refused or declined
app-sync-last = Last contact { $when }
app-sync-retry = Trying again in { $time }
app-sync-none = Nothing to send
app-sync-none-advice = All that you saved is at the office.
app-sync-fetching = Fetching the rest: you can work already
app-enrol-title = Enrol this phone
app-enrol-advice = Ask the office for a QR code. It brings your clients, your prices and your visit plan.
app-enrol-scan = Scan the code
app-enrol-paste = Or paste the link here
app-enrol-from = From the relay { $address }
app-enrol-pinned = The relay is known by its key
app-enrol-link = Enrol
app-enrol-working = Enrolling…
app-person-you = You
app-person-somebody = Somebody else
app-taken_back = Undone: { $what }
app-clients-no_place = Where you are could not be found out
app-client-bought = { $events } purchases so far: { $money }
app-client-no_app = No app on this phone can do that
app-client-note_contact = Did you reach the client?
app-client-note = Note it
app-client-noted = Contact noted
app-visit-place-none = Where you are could not be found out: saved without it
app-order-unknown_barcode = No article has the code { $code }
app-order-left_out = Not sold any more and left out: { $articles }
app-take_back = Take this back
app-sync-sealed = Keep what is unsent in a sealed file
app-sync-sealed-advice = Your office alone can open it. For when nothing else works.
app-lock-title = Cartera is locked
app-lock-advice = Unlock it as you unlock the phone. What you were doing is still there.
app-lock-open = Unlock
app-scan-advice = Put the code inside the frame
app-not_taken = There is work that the office did not take
app-not_taken-channel = Work not taken
app-correct = Correct
app-visit-correct = Correct visit
app-visit-corrected = Visit corrected
app-order-state = State of the order
app-order-missing = Short: { $quantity }
app-order-expected = { $value } was expected
app-order-steps = What happened
app-order-lines-title = Line by line
app-review-confirm_date = The day is right
app-settings-quiet = Do not disturb
app-settings-quiet_never = Never
app-settings-quiet_hours = From { $from } to { $to }
app-sync-under_way = Orders under way at the office
app-enrol-no_camera = No permission for the camera: paste the link. Permission is given in the phone's settings.
app-order-placed = Order saved on this phone
app-order-deliver-usual = The usual address
app-order-deliver-soon = As soon as possible
app-order-case-add = Add a case of { $units }: { $article }
app-order-share = Send confirmation
app-order-earlier = A day earlier
app-order-later = A day later
app-order-other_place = Another address
app-new_client-street = Street and number
app-new_client-postcode = Postcode
app-new_client-city = Town
app-new_client-saved = Client saved on this phone
app-new_client-likely = Is it one of these?
app-new_client-name_needed = Enter the name to save
app-review-empty = Nothing to review
app-review-empty-advice = What could not be sent or has two values shows up here.
app-review-discarded = Discarded
app-review-open = Client page
app-review-dismiss = Seen
app-review-pair = The same client?
app-review-not_same = They are two
app-month-effective = Visits with an order
app-month-covered = Clients seen in time
app-month-of = { $part } of { $whole }
app-month-until = until { $date }
app-month-last_year = A year ago: { $money }
app-month-objectives = Objectives
app-month-objectives-none = No objectives this month
app-month-work = Visits and coverage
app-settings-language = Language
app-settings-system = As the phone
app-settings-theme = Look
app-settings-theme_system = As the phone
app-settings-theme_light = Light
app-settings-theme_dark = Dark
app-settings-lock = Ask for the phone's lock
app-settings-lock_always = Always
app-settings-holds = What this phone holds
app-settings-records = Records
app-settings-storage = Storage used
app-settings-fresh = Latest from the office
app-settings-diagnostics = Send diagnostics
app-settings-diagnostics-advice = Counts and times. No name or data of clients.
app-key_lost = The key to this phone's data is lost
    .advice = Nobody can read it here any more. Start anew: what was sent comes back from the relay, and the old data is set aside, not deleted.
app-recover = Recover what can be read
app-recovered = Recovered: { $clients } clients and { $unsent } changes to be sent
app-start_anew = Start anew and set the old data aside
app-locked-unsent = Still safe on this phone, not sent: { $count }
app-locked-advice = This phone has not reached the office for too long. Find a connection and sync: all that was saved is still here.
app-opening = Opening…
app-use-camera = To read the code that links this phone, and the bar codes of articles.
app-use-face_id = So that you alone open Cartera on this phone.
app-use-local_network = To talk to your company's server where it is in the same network.
app-use-location = To note where a visit was or find clients nearby, only when you ask for it.
app-settings-lock_after = { $minutes ->
        [one] After a minute
       *[other] After { $minutes } minutes
    }
word-yes = Yes
word-no = No

## Why an order is not offered to the ERP, or has to be looked at

order-attention-no_client_code = The client has no ERP code yet
    .advice = Register the client in the ERP and put its code into the profile; the order goes out by itself.
order-attention-voided = The rep took it back before the ERP took it
    .advice = Nothing needs to be done.
order-attention-amended = It was changed after the ERP took it
    .advice = Change it in the ERP, then acknowledge the newer version under the same number.
order-attention-voided_after = The rep took it back after the ERP took it
    .advice = Cancel it in the ERP, or ask the rep; then report its state.
order-attention-unreadable = A newer app wrote it than this relay can read
    .advice = Update the relay; the order waits.
order-attention-in_doubt = The relay came back from a backup, and nobody knows whether the ERP has it already
    .advice = Look for it in the ERP: answer it with its number if it is there, release it if it is not.

## What is wrong with an item of a feed

item-malformed = The item is not of the form that items have
    .advice = Send an object with key, client, value; the API description has an example.
item-item_too_large = The item is too large
    .advice = Split it; one item holds at most a megabyte.
item-unknown_field = There is no such field
    .advice = Leave it out, or use one of the names listed.
item-wrong_type = It is not written as such a value is
    .advice = Write it as the detail says.
item-unknown_client = No client has this id or code
    .advice = Send the client first, or put its ERP code into its profile, then send this again.
item-unknown_territory = No territory has this id or name
    .advice = Create the territory, or mend the name.
item-unknown_order = No order has this id
    .advice = Use the id under which the order was picked up.
item-order_backwards = The order is further on already
    .advice = Nothing needs to be done: orders never go back.
item-repeated_key = The same key stands twice in the batch
    .advice = Send each record once in a batch; the first one was taken.

## What is wrong with a field

problem-required = Something required is missing
    .advice = Fill it in to save.
problem-empty = It is blank
    .advice = Write something or remove it.
problem-too_long = It is too long: at most { $limit }
    .advice = Shorten it.
problem-too_many = There are too many: at most { $limit }
    .advice = Remove some or split them.
problem-too_small = It is too small: at least { $limit }
    .advice = Put a larger value.
problem-too_large = It is too large: at most { $limit }
    .advice = Put a smaller value.
problem-too_precise = It has too many decimals: at most { $limit }
    .advice = Round it.
problem-control_character = It contains a character that cannot be seen
    .advice = Type it again by hand.
problem-form = It is not well-formed
    .advice = Check it and type it again.
problem-unknown_value = This version does not know that value
    .advice = Choose another or update the app.
problem-contradiction = It contradicts another field
    .advice = Remove one of the two.
problem-mismatch = The amount does not add up
    .advice = Have it computed again.
problem-duplicate = It is there twice
    .advice = Keep only one.
problem-order = The end comes before the beginning
    .advice = Change one of the two dates.
warning-tax_id_shape = It does not look like a tax id of that country
    .advice = Check it. It can be saved as it is.
warning-tax_id_check_letter = The check letter or digit of the tax id does not fit
    .advice = Check it. It can be saved as it is.

## Imports: what is wrong with a row

import-required = a required value is missing
import-too_long = the text is longer than { $detail } characters
import-control_character = the text contains a control character
import-encoding = the text is not in the file's encoding
import-cell_error = the formula results in an error
import-number = not a number with '{ $detail }' before the decimals
import-too_small = less than { $detail }
import-too_large = more than { $detail }
import-day = not a date written as { $detail }
import-yes_no = cannot be read as yes or no
import-currency = not a currency of ISO 4217, like EUR
import-currency_missing = there is an amount and no currency: set a default
import-amount_too_large = the amount is too large
import-duplicate = repeats the key of row { $detail }
import-document_differs = differs from the first line of its document, in row { $detail }
import-too_many_lines = the document has more than { $detail } lines
import-period_reversed = the period ends before it begins
import-contradiction = contradicts another value of the row, or is not of its form: { $detail }
import-unknown_client = there is no such client: import the clients first
import-erased = the client was erased for good: remove it there too
import-answer_differs = there is an answer of this key already, and it says something else: what was answered is not changed
import-unknown_article = the article is not in the catalogue
import-unknown_territory = there is no such territory: the client stays unassigned
import-unknown_value = unknown value: '{ $detail }' is taken
import-rounded = more decimals than the currency has: rounded to { $detail }
import-day_as_text = Excel has turned this text into a date: have a look
import-extra_cells = the row has more cells than there are titles
import-positive_credit_note = a credit note has negative amounts: this one adds instead of taking off
import-half_point = latitude and longitude go together: neither is taken
import-not_taken = the value is not understood and not taken
import-tax_id = the tax id does not look right
import-phone = the telephone number does not look right
import-email = the mail address does not look right and is not taken
import-not_removed = what the file lacks is not removed: { $detail }
import-done = Import of { $kind } ({ $source })
import-dry_run = Dry run of importing { $kind } ({ $source }): nothing was stored
import-refused = Import of { $kind } ({ $source }) refused because of its errors: nothing was stored
import-counts = Rows: { $rows }. New: { $new }; changed: { $changed }; unchanged: { $unchanged }; removed: { $removed }; set aside: { $aside } (rows: { $rows_aside })
import-row = row { $row }
import-more = … and { $count } more
import-error = error
import-warning = warning
import-kind-clients = clients
import-kind-articles = articles
import-kind-prices = prices
import-kind-sales = sales documents
import-kind-due_items = due items
import-kind-spend = acquisition spend
import-kind-survey_answers = answers to surveys
import-kept = The mapping is kept for the next time

## Errors: what happened and what to do

error-other = Something happened that this version does not know
    .advice = Update the app. What you saved is still on the phone.
error-invalid = A value is not allowed
    .advice = See the marked fields and mend them.
error-malformed = What was received cannot be read
    .advice = Try again. If that lasts, update the app and tell the administrator.
error-schema = The change does not fit the client's page
    .advice = Update the app. The change is kept, to be sent again.
error-forbidden = You may not do this
    .advice = Ask somebody who may. What you wrote is kept.
error-record_exists = That record exists already with other contents
    .advice = Compare the two. If yours is right, log it again as a new one.
error-too_large = It is too large
    .advice = Split it into smaller parts.
error-erased = That client's data were erased
    .advice = They cannot be brought back. Ask the administrator if you did not expect it.
error-revoked = This phone was revoked
    .advice = Talk to the administrator. What was not sent is still on the phone.
error-equivocation = This phone was restored from a copy
    .advice = Nothing to do: the app goes on as a new author.
error-generation = The client's page was made anew on the relay
    .advice = Nothing to do: your work is carried over.
error-held = An earlier change is missing
    .advice = Nothing to do: it is sent, and this is tried again.
error-too_many_actors = This phone was restored too many times
    .advice = Talk to the administrator to enrol it again, keeping the data.
error-unsupported = The relay cannot do that yet
    .advice = The relay has to be updated. Your work is kept.
error-unsupported_version = The app or the relay is too old for the other
    .advice = Update the app. It keeps working offline and keeps what is unsent.
error-cursor_invalid = The relay does not know where this phone had got to
    .advice = Nothing to do: everything is compared and goes on.
error-unauthenticated = The relay does not know this phone
    .advice = Enrol the phone again and keep the data. Nothing was deleted.
error-not_found = It is not there
    .advice = Check the address and the id.
error-wrong_workspace = These data are another company's
    .advice = Use a code of the company that the phone is linked to.
error-conflict = This was done already, in another way
    .advice = See how it is now, then decide.
error-expired = The code has expired
    .advice = Ask the administrator for a new code.
error-rate_limited = Too many attempts
    .advice = Wait a little and try again.
error-internal = The relay failed
    .advice = It will be tried again. If that lasts, tell the administrator.
error-unavailable = The relay cannot answer now
    .advice = It will be tried again in a moment.
error-misplaced = That record does not belong here
    .advice = Write it on the page where it belongs.
error-not_enrolled = This phone is not enrolled
    .advice = Enrol the phone with the administrator's QR code.
error-unknown_client = That client is not on this phone
    .advice = Sync. If it still is not there, it may be in another territory.
error-unknown_record = That record is not on this phone
    .advice = Sync and try again.
error-unknown_zone = The phone's time zone is not known
    .advice = Choose another time zone in the phone's settings or update the app.
error-relay_unreachable = The relay cannot be reached
    .advice = Check the connection. It will be tried again, and everything is saved on the phone.
error-relay_timed_out = The relay takes too long to answer
    .advice = It will be tried again, and everything is saved on the phone.
error-connection_broken = The connection broke
    .advice = It will be tried again and go on where it was.
error-relay_not_trusted = What answers is not your company's relay
    .advice = It may be a wifi with a login page: open it in the browser or use another network.
error-not_the_relay = What answers is not your company's relay
    .advice = It may be a wifi with a login page: open it in the browser or use another network.
error-relay_address = The relay's address is not valid
    .advice = Scan the administrator's QR code again.
error-answer_too_large = The relay's answer is too large
    .advice = Update the app. If that lasts, tell the administrator.
error-reply_nonsense = The relay's answer makes no sense
    .advice = It will be tried again. If that lasts, tell the administrator.
error-epoch_changed = The relay was restored from a backup
    .advice = Nothing to do: the phone offers again what the relay has lost.
error-unsendable = This change cannot be sent
    .advice = It is kept on the phone. Tell the administrator.
error-no_invitation = This is no code to link a phone
    .advice = Ask the office for a new one, and scan it whole.
error-panicked = The app failed within itself
    .advice = What was saved is safe. Try again.
error-must_reopen = The app failed and has to be opened again
    .advice = What was saved is safe. Close the app and open it again.
error-closed = The data are closed
    .advice = Open the app again.
error-no_workspace_key = The company has no key to receive files
    .advice = Connect the phone to a network to send the work; it stays saved here.
error-seal_failed = The file could not be prepared
    .advice = Try again; the work stays saved here.
error-store_busy = The database is busy
    .advice = Try again. This was not saved.
error-store_full = There is no room left on the phone
    .advice = Free some room and save again. This was not saved; what came before was.
error-store_read_only = The phone cannot be written to
    .advice = Restart the phone. This was not saved; what came before was.
error-store_io = The phone's storage failed
    .advice = Restart the phone. If that lasts, tell the administrator before you delete anything.
error-store_database = The phone's database failed
    .advice = Try again. If that lasts, tell the administrator before you delete anything.
error-database = The database failed
    .advice = Try again. If that lasts, tell the administrator before you delete anything.
error-database_corrupt = The database is damaged
    .advice = Delete nothing: it can be set aside and what is readable recovered. Tell the administrator.
error-store_damaged = The phone's database is damaged
    .advice = Delete nothing: it can be set aside and what is readable recovered. Tell the administrator.
error-store_newer = The data are of a newer version
    .advice = Update the app. Nothing was touched.
error-store_not_a_database = The file is no database of Cartera
    .advice = Choose another file. Nothing was touched.
error-store_other_application = The database is another program's
    .advice = Choose another file. Nothing was touched.
error-store_other_workspace = The database is another company's
    .advice = Use a code of the company that it is linked to.
error-store_key_not_available = The phone is locked
    .advice = Unlock it and try again. Nothing is lost.
error-store_wrong_key = The key does not open these data
    .advice = Delete nothing. Use the administrator's recovery code.
error-store_not_encrypted = The database is not encrypted
    .advice = Open it without a key. Nothing was touched.
error-store_no_encryption = This version cannot open encrypted data
    .advice = Install the official app.
error-document_facts = A stored client's page cannot be read
    .advice = Sync to fetch it again. If that lasts, tell the administrator.
error-document_not_begun = The client's page has not arrived yet
    .advice = Wait until the sync is done.
error-rebase_actor_used = Changes cannot be written anew by this author
    .advice = Try again. The changes are kept.
error-rebase_not_acknowledged = No acknowledged change stands for one of this device
    .advice = Sync again. The changes are kept.
error-snapshot_refused = The client's page that came is not accepted
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_unfaithful = The client's page that came is not the one announced
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_heads = The client's page that came is not the one announced
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_incomplete = The client's page came incomplete
    .advice = It will be fetched again.
error-snapshot_panic = The client's page that came cannot be opened
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_unreadable = The client's page that came cannot be opened
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_malformed = The client's page that came cannot be read
    .advice = It will be fetched again. If that lasts, tell the administrator.
error-snapshot_too_large = The client's page that came is too large
    .advice = Tell the administrator.
error-cbor_truncated = The data are cut off
    .advice = Fetch or export them again.
error-cbor_trailing = Data are left over at the end
    .advice = Fetch or export them again.
error-cbor_not_canonical = The data are not in their one form
    .advice = The program that wrote them must use deterministic CBOR.
error-cbor_wrong_type = A value is not of the expected type
    .advice = Update the app or mend the program that wrote it.
error-cbor_not_utf8 = A text is not UTF-8
    .advice = Mend the program that wrote it.
error-cbor_out_of_range = A number is out of range
    .advice = Mend the program that wrote it.
error-cbor_too_deep = The data are nested too deep
    .advice = Mend the program that wrote them.
error-cbor_too_many_extras = There are too many unknown fields
    .advice = Update the app.
error-cbor_missing_key = A required field is missing
    .advice = Mend the program that wrote it.
error-cbor_too_large = The data are too large
    .advice = Split them into smaller parts.
error-date = That is no date
    .advice = Write it like 2026-09-21.
error-decimal = That is no decimal number
    .advice = Use digits and one decimal point, 18 digits at most.
error-money_currency = That currency is not known
    .advice = Use a code of three letters, such as EUR.
error-money_mixed = Amounts of different currencies are not added
    .advice = Add each currency apart.
error-money_overflow = The amount is too large
    .advice = Check quantities and prices.
error-money_amount = That is no amount of that currency
    .advice = Use digits, and no more decimals than the currency has.
error-amounts_currency = The purchase's currency is not known
    .advice = Choose another currency.
error-amounts_precision = A quantity, price or percentage has too many decimals
    .advice = Round it.
error-amounts_discount = A discount is not valid
    .advice = Put a percentage from 0 to 100 or an amount, not both.
error-amounts_overflow = The amount is too large
    .advice = Check quantities and prices.
error-profile_unknown_key = This version does not know that field
    .advice = Update the app to see it. The value is kept.
error-profile_wrong_type = This version does not understand that value
    .advice = Update the app to see it. The value is kept.

## Answers of the relay, by code: to programs and to the office

relay-internal = The relay failed
    .advice = Try again; if it lasts, give the administrator the request's id.
relay-unavailable = The relay cannot answer now
    .advice = Try again in a moment.
relay-projecting = The relay is preparing its lists after an update
    .advice = Try again in a minute; phones sync meanwhile as ever.
relay-not_found = There is nothing here
    .advice = Check the address and the id.
relay-method_not_allowed = This address does not answer to that method
    .advice = See `Allow`, and /openapi.json.
relay-not_implemented = The service does not do this
    .advice = Leave the option out; the documentation lists those that there are.
relay-malformed = The request cannot be read
    .advice = See the detail, and /openapi.json for the shape.
relay-unsupported_media_type = The body is of another type
    .advice = Send the Content-Type and Content-Encoding that /openapi.json names.
relay-too_large = The body is too large
    .advice = Send less in one request.
relay-timeout = The request took too long
    .advice = Try again, with less in one request.
relay-unauthenticated = The token is unknown or has expired
    .advice = Link the phone again, or log in again; data on a phone stays on it.
relay-revoked = This access was revoked
    .advice = Talk to your administrator.
relay-cursor_invalid = The cursor is not one of this relay's
    .advice = Start again without a cursor.
relay-wrong_workspace = This database belongs to another company
    .advice = Use a code from the company that the database is linked to.
relay-conflict = This was done already, in another way
    .advice = Look at how it is now, then decide.
relay-expired = The code or cursor has expired
    .advice = Ask for a new code, or start again without a cursor.
relay-unsupported_version = The app or the relay is too old for the other
    .advice = Update the app; it keeps working offline and keeps its queue.
relay-unsupported = This relay does not do that yet
    .advice = Update the relay.
relay-invalid_file = The file cannot be imported
    .advice = The detail says what is wrong with it. Mend it and send it again.
relay-import_running = Another file is being imported
    .advice = Wait until it has ended and send this one again.
relay-limit = This would go past a limit
    .advice = See the detail; remove what is not needed any more.
relay-invalid = A value is not allowed
    .advice = See the detail for which and why.
relay-forbidden = You may not do this
    .advice = Ask somebody whose role allows it.
relay-rate_limited = Too many failed attempts from this address
    .advice = Wait, then try again with the right code or token.

## What erasing a client does not reach

erase-stays-phones = Phones hold it until they next sync; then they delete it, unsent work about it too.
erase-stays-backups = Backups made before hold it until they are deleted. A restore erases it again, by the journal.
erase-stays-exports = What was exported before holds it. The next export from a cursor says that all rows of that client are to be taken out.
erase-stays-other_clients = What notes and records of other clients say of it in words stays.
erase-stays-log = Number and hash of its log entries stay, and its id in the audit and the journal: no word of it.

## Exports on the command line

export-done = { $rows } { $rows ->
        [1] row
       *[other] rows
    }. The next export goes on with --since { $cursor }
export-resource = There is no '{ $name }' to export. There is: { $names }
export-several = Only xlsx holds several resources: export each of them alone, or with --format xlsx
export-twice = A workbook has each resource once
export-parameter = { $resource } cannot be chosen by '{ $name }'
export-value = --{ $name } is not understood: { $detail }
export-file = { $file } cannot be written: { $detail }. What was there before is as it was
export-cursor-gone = This cursor is not of this relay's log: the relay was restored, or it is another one's. Export the resource without --since, put what you hold aside, and go on from the new cursor
export-erased = A client was erased since this cursor was given, and the chosen columns leave out client_id or deleted. Export the resource without --since, replace all that you hold of it, and go on from the new cursor

## One person's data

disclosure-title = What we hold about you
disclosure-made = Made on { $at } (UTC).
disclosure-what = Everything that is kept under your name or that names you, as it stands; data.json has the same for programs.
disclosure-others = Data of other people are left out. What somebody wrote in a note's own words stands as it was written: look it through before you hand this file over.
disclosure-profile = Fields of the file card
disclosure-conflicts = Fields to which two people gave different values
disclosure-conflicts-why = All are kept until somebody chooses; until then the first is in use.
disclosure-field = Field
disclosure-value = Value
disclosure-author = Who put it
disclosure-in_use = In use
disclosure-imported = The office, or an imported file

## The relay's command line

cli-client-disclosed = { $file } has everything that is held. Look through the notes before you hand it over: they may name others
cli-backup-made = { $bytes } bytes, opened again and found sound:
cli-backup-no_schedule = None are made by themselves: name a folder with --backup-dir for that
cli-backup-key = Only the recovery key opens it, which is not in it. Keep both, apart.
cli-backup-listed = { $when }  { $bytes } bytes  { $hours } h old  { $workspace }  { $file }
cli-backup-none = There is no backup in { $folder }
cli-backup-sound = { $file } is sound:
cli-backup-contents = {"  "}workspace { $workspace }, log up to entry { $number }
cli-backup-counts = {"  "}{ $clients } clients, { $changes } changes, { $office } office records, { $people } people, { $phones } phones
cli-backup-copying = copying
cli-backup-encrypting = encrypting
cli-backup-checking = checking
cli-demo-no_configuration = the demo makes its own workspace on a free port: of the configuration it takes nothing. --folder says where to keep it
cli-journal-begun = The journal {$file} begins anew with line {$number}. What an older backup lacks of what was decided before is not known any more: after restoring one, confirm every phone.
cli-restore-key = Recovery key (eleven groups of five characters):
cli-restore-would = Restoring it into { $folder } would:
cli-restore-epoch = {"  "}- begin another epoch of the log: phones offer what they have and the backup lacks
cli-restore-logins = {"  "}- end every login and every open one-time code
cli-restore-not_whole =
    {"  "}- find no whole journal: every phone has to be confirmed, every token made anew, every order that waits
    {"    "}looked up in the ERP, and what was revoked, erased, merged or moved since must be done again; needs
    {"    "}--without-journal
cli-restore-again = {"  "}- do { $decisions } decisions of the journal again, the last of { $when }
cli-restore-nothing_lacking = {"  "}- find nothing in the journal that the backup lacks
cli-restore-aside = {"  "}- move { $file } aside, which needs --replace
cli-restore-not_done = Nothing was done. Say --yes to do it.
cli-restore-done = Restored into { $folder }:
cli-restore-followed = { $decisions } decisions of the journal done again
cli-restore-was = What was there before is { $file }
cli-restore-confirm = Confirm the phones with `cartera-relay device confirm`, once you know that none was lost
cli-restore-orders = Orders that wait are not offered to the ERP until somebody says which it has: `cartera-relay order list`
cli-restore-phones = Phones that sync now offer what this backup lacks.
cli-quarantine-listed = { $change }  client { $client }  from device { $device }  { $when }  { $bytes } bytes
cli-quarantine-taken = { $change } taken, entry { $number } of the log
cli-quarantine-all = { $taken } taken, { $left } left: they build on what is not here, or cannot be taken any more
cli-quarantine-refused = { $change } not taken
cli-device-listed = { $device }  { $person }  { $state }  heard of { $when }  { $name }
cli-device-linked = linked
cli-device-unconfirmed = unconfirmed
cli-device-salvage = revoked, salvage
cli-device-wipe = revoked, wipe
cli-device-confirmed = { $count } phones confirmed
cli-device-revoked = { $device } revoked: { $order }
cli-enrol-drawn = QR code in { $file }
cli-enrol-scan = Phone of { $name }: scan it, or open this with the app:
cli-enrol-type = Or type: { $address }  { $code }
cli-enrol-until = Good for one phone until { $when }
cli-enrol-not_serving = No relay serves this folder just now. The code is good once it does, at that address
cli-login = One-time login for { $name }, until { $when }: { $code }
cli-serve-at = Relay at { $url }
cli-serve-pin = Key pin (SHA-256) { $pin }
cli-serve-new = New workspace { $workspace } in { $folder }
cli-serve-key = Recovery key: { $key }
cli-serve-key_file = {"  "}It is in { $file } too. Keep a copy away from this machine: with it and a backup the relay comes back.
cli-serve-backups = Backups go to { $folder }
cli-serve-no_backups = No backups are made: name a folder for them with --backup-dir
cli-serve-stopped = Stopped
cli-segment-listed = { $source } { $key }  { $name }: { $rule } (by name: { $named })
cli-segment-clients = { $name }: { $count ->
    [one] 1 client
   *[other] { $count } clients
}
cli-today-more = And { $count ->
        [one] one client more
       *[other] { $count } clients more
    }; --limit shows up to 500
cli-visit_plan-rule = { $client }  { $name }: { $class }, every { $weeks ->
    [one] week
   *[other] { $weeks } weeks
} from { $from }
cli-visit_plan-proposed = { $rules } rules would be written and { $removed } removed; { $unchanged } stay. `visit-plan --accept` does it
cli-visit_plan-accepted = { $written } rules written, { $removed } removed, { $unchanged } as they were
cli-order-listed = { $order }  { $when }  { $client }  { $why }
cli-order-released = { $count } orders are offered from now on
cli-order-registered = { $order } is registered as { $number }
cli-people-all = all territories
cli-people-gone = (left)
cli-people-left = { $person } left; phones are told to hand unsent work in
cli-client-moved = { $client } moved
cli-client-there = { $client } was there already
cli-client-unknown = { $client } is not known
cli-client-lent = { $client } lent to { $person }
cli-client-back = { $client } taken back from { $person }
cli-client-merged = { $client } merged into { $kept }
cli-client-merged_before = { $client } was merged into { $kept } already
cli-client-apart = { $client } stands by itself again
cli-client-not_merged = { $client } was not merged
cli-client-proposed = { $absorbed } into { $kept }  by { $person }, { $when }  { $likeness }
cli-erase-done = { $client } erased, entry { $number } of the log
cli-erase-later = Somebody reads an older state of the store: the relay overwrites freed space later
cli-erase-would = Erasing { $client } would delete, for good:
cli-erase-changes = {"  "}{ $changes } changes, { $bytes } bytes
cli-erase-records = {"  "}records: { $list }
cli-erase-office = {"  "}office records: { $list }
cli-erase-refused = {"  "}refused changes: { $count }
cli-erase-imports = {"  "}unfinished imports, to be run again: { $unfinished }; kept reports of imports: { $reports }
cli-erase-alias = {"  "}{ $client } was merged into it, and would stand by itself again
cli-erase-proposals = {"  "}{ $count } proposals of other clients name it, and stay
cli-erase-reach = What this does not reach:
cli-erase-not_done = Nothing was done. To do it: --reason request|retention|mistake --yes
cli-token-listed = { $token }  { $scopes }  until { $state }  used { $used }  { $name }
cli-token-is_revoked = revoked
cli-token-never = never
cli-token-revoked = { $token } revoked

## The demo

demo-title = Cartera: a real portfolio, three phones and a day's work without signal
demo-relay = Relay at { $url }; data in { $folder }
demo-import = The portfolio
demo-import-what = { $clients } clients and { $sales } real sales (CDNOW's public data, 1997-1998), through the relay's own import
demo-import-moved = Every date was moved by { $weeks } whole weeks, so that the last sale falls within the past seven days
demo-import-generated = Names, addresses, phones, catalogue and which discs a sale was of are invented, generated; clients and lines say so
demo-import-clients = Clients
demo-import-articles = Articles
demo-import-sales = Sales
demo-imported = Imported in { $seconds } s, spread over three territories
demo-phones = Three phones are linked by one-time codes
demo-first-sync = { $name }: { $clients } clients on the phone after { $seconds } s ({ $megabytes } MB)
demo-offline = No signal: nobody connects, everything is saved on the phone
demo-worked = { $visits } visits and { $orders } orders worth { $total }; saving each took { $milliseconds } ms on average
demo-new-client = { $name } adds { $client } and takes an order at once
demo-both-edit = { $one } and { $other } change the phone number of { $client }, neither knowing of the other
demo-owned = { $name } writes other payment terms for { $client }; meanwhile the office says that those are the ERP's to change
demo-moved = Meanwhile the office moves { $client } from { $from }'s territory to { $to }'s; { $from } does not know and pays a visit
demo-back = Signal again: the three come back one after the other
demo-again = Once more: who came first gets what the others brought
demo-synced = { $name }: { $sent } changes sent, { $received } received; { $requests } { $requests ->
        [1] request
       *[other] requests
    }, { $kilobytes } kB, { $milliseconds } ms
demo-entered = · comes into the portfolio: { $client }
demo-left = · leave the portfolio: { $count }
demo-repaired = · put right with the relay: { $count } (a defect of ours, counted)
demo-refused = · not taken, { $client }: { $why }
demo-asked = · instead the office is asked for it: { $count }. What was written is not lost
demo-merged = · merged, { $client }: a colleague wrote another value meanwhile; both are kept until somebody chooses
demo-outcome = How things stand
demo-value = Phone { $value }, says { $author }{ $shown ->
        [1] {" "}(the one shown until somebody chooses)
       *[other] {" "}(kept)
    }
demo-together = What { $one } and { $other } did there without knowing of each other is one story now: { $records } records
demo-moved-outcome = The client that was moved: { $to } sees { $records } records, { $from }'s among them; { $gone ->
        [1] { $from }'s phone has it no longer
       *[other] { $from }'s phone still has it
    }
demo-new-outcome = New client in the office: { $client }
demo-unsent = Unsent on the three phones: { $count }. Nothing lost, nothing twice
demo-figures = The portfolio on half a page
demo-figures-took = All figures of { $clients } clients, computed in { $milliseconds } ms from the stored sales
demo-export = The office has it already
demo-export-how = Copy this line; below it, the first that it answers:
demo-console = The console
demo-console-how = This link logs { $name }, sales manager, in: once, within fifteen minutes:
demo-took = All in { $seconds } s
demo-stays = The relay stays up; Ctrl-C stops it

## Figures

rfm-champions = Champions
rfm-loyal = Loyal
rfm-potential_loyalists = Potential loyalists
rfm-new = New
rfm-promising = Promising
rfm-need_attention = Need attention
rfm-about_to_sleep = About to sleep
rfm-at_risk = At risk
rfm-cannot_lose = Cannot lose them
rfm-hibernating = Hibernating
withheld-no_data = no data
withheld-before_history = the window begins before sales are complete
withheld-unfinished = not over yet
withheld-no_duration = no duration yet
withheld-too_early = too early to tell
withheld-too_few = too few data
withheld-not_fitted = the model does not fit
withheld-not_better = no better than 'as in the equal period before'
withheld-mixed = several units
withheld-not_computed = not computed at the office yet
figures-title = Portfolio as of { $date }: { $clients } clients
figures-records = (In square brackets: how many records are behind a figure.)
figures-records-column = Records
figures-cohort-months = Bought so many months later
figures-fitted = Computed on the whole base
figures-worth = Worth
figures-net = Net revenue (without tax)
figures-events = Purchases (days with one)
figures-average = Average transaction
figures-events-each = Purchases per client
figures-clv-so-far = Client value so far
figures-clv-to-come = Value to come, a year
figures-status = Status
figures-movement = Movement
figures-repeat = Repeat rate
figures-retention = Retention of clients
figures-retention-money = Retention in money
figures-churn = Churn
figures-won-back = Won back
figures-cohorts = Clients by month of first purchase
figures-risk = Risk
figures-hhi = Concentration (HHI)
figures-top-1 = Share of the first client
figures-top-10 = Share of the first ten
figures-top-20-percent = Share of the first 20 %
figures-abc = ABC
figures-without-class = Without revenue, no class
figures-segments = RFM segments
figures-model = Models
figures-trial = Tried on the last quarter
figures-trial-passed = passed
figures-calls = To call first
figures-call = buys every { $usual } days, last { $since } days ago; { $stake } at stake
figures-months = Net sales by month, the last of them up to this day
figures-cohorts-sheet = Cohorts
figures-client = Client
figures-cohort-clients = Clients
figures-usual = Usual days between
figures-since = Days since
figures-stake = At stake
figures-last = Last purchase
figures-alive = Chance that it is still a client
figures-expected = Purchases to come, a year
figures-falling = Volume against before
figures-rhythm = Buying rhythm
figures-rhythm-told = every { $usual } days; { $since } since the last
figures-sales = Sales against the year before
period-month_to_date = Month to date
period-quarter_to_date = Quarter to date
period-year_to_date = Year to date
period-twelve_months = Last twelve months (TAM)
figures-by-month = Sales by month
figures-by-rep = Sales by rep, twelve months
figures-by-family = Sales by family, twelve months
figures-without = (unassigned)
figures-falling-clients = Falling volume
figures-falling-count = Clients that buy less
figures-falling-families = Families that a client leaves
figures-objectives = Targets and achievement
figures-pace = at an even pace
figures-concentration = Concentration, twelve months
dimension-group = By fiscal group or client
dimension-region = By region
dimension-family = By family
dimension-rep = By rep
dimension-open_credit = Of credit used
figures-without-first = Left without the first
figures-left-out = Clients left out
figures-coverage = Coverage
figures-covered = Visited in time
figures-covered-weighted = Visited in time, by revenue
figures-no-interval = Without an interval
figures-plan-done = Visit plan done
figures-overdue-visits = Overdue visits
figures-work = Visits, last four weeks
figures-effectiveness = Effectiveness (with an order)
figures-visits-per-day = Visits per day
figures-lines-per-order = Lines per order
figures-without-reason = No order and no reason
figures-relation = Relation
figures-stale = Data not confirmed in six months
figures-mode-set = by hand
figures-renewals = Agreements renewed
figures-renewals-money = Agreements renewed, in money
figures-renewed-for = renewed for
figures-losses = Losses by reason
figures-margin = Margin
figures-margin-total = What sales left, as far as told
figures-margin-share = Of the net revenue of those days
figures-margin-so-far = Margin of a client so far
figures-margin-to-come = Margin of a client to come, a year
figures-payment = Payment
figures-days-to-pay = Days to pay
figures-days-late = Days late
figures-open = Open balance
figures-overdue = Overdue balance
figures-overdue-age = Mean age of the overdue balance, days
figures-returned = Payments returned
figures-voice = Voice of the client
figures-weight = weight
figures-acquisition = Acquisition
figures-new-clients = New clients
figures-cac = Cost per new client (CAC)
figures-leads = Leads
figures-conversion = Leads won
stage-untouched = untouched
stage-contacted = contacted
stage-ordered = with an order
figures-mean-age = mean days
figures-penetration = Penetration: where to expand
figures-of-known = of known clients
figures-of-census = of the census
figures-room = to win

## Segments

segment-name = Name
segment-legal_name = Legal name
segment-tax_id = Tax id
segment-erp_code = Office code
segment-sector = Kind of establishment
segment-city = Town
segment-phone = Phone
segment-email = Email
segment-tag = Tag
segment-preference = Preference
segment-conflicts = Fields with two values
segment-closed = Closed
segment-last_visit = Last visit
segment-confirmed = Data confirmed on
segment-days_since_visit = Days since the last visit
segment-days_since_confirmed = Days since the data were confirmed
segment-open_balance = Open balance
segment-overdue_balance = Overdue balance
segment-territory = Territory
segment-rep = Rep
segment-region = Region
segment-fiscal_group = Fiscal group
segment-source = Origin
segment-known_since = Known since
segment-last_order = Last order
segment-days_since_order = Days since the last order
segment-visits = Visits in the last days
segment-contacts = Calls and messages in the last days
segment-orders = Orders in the last days
segment-visit_interval = Days within which it is to be visited
segment-visit_overdue = Visit overdue
segment-contact_confirmed = Contact data confirmed on
segment-contact_stale = Contact data out of date
segment-status = Status
segment-mode = Portfolio mode
segment-loss_reason = Reason for closing
segment-agreement_until = Agreement ends on
segment-days_to_agreement_end = Days until the agreement ends
segment-first_purchase = First purchase
segment-last_purchase = Last purchase
segment-days_since_purchase = Days since the last purchase
segment-purchases = Days with a purchase
segment-usual_gap = Buying rhythm, in days
segment-missed_slots = Usual purchases that went by
segment-rhythm_missed = Missed its rhythm
segment-falling = Falling volume
segment-volume_ratio = Last weeks over those before
segment-abc_class = ABC class
segment-value_so_far = Value so far
segment-average_purchase = Average order
segment-predicted_value = Value to come in a year
segment-at_stake = Value at stake
segment-revenue = Net revenue of the last days
segment-purchases_a_year = Purchases a year so far
segment-expected_purchases = Purchases to come in a year
segment-alive = Chance that it is still a client
segment-rfm_segment = RFM segment
segment-rfm_recency = Score of recency
segment-rfm_frequency = Score of frequency
segment-rfm_monetary = Score of revenue
segment-days_overdue = Mean days overdue
segment-days_to_pay = Mean days to pay
segment-days_late = Mean days late
segment-payments_returned = Payments returned
segment-credit_limit = Credit limit
segment-credit_used = Credit used
segment-nps_answer = Latest answer to the NPS question
error-rule_unexpected = The segment's rule cannot be read at one place
    .advice = Look at the place that is told: something else should stand there.
error-rule_field = The rule names a field that does not exist
    .advice = Choose one of the fields of the list.
error-rule_operator = That comparison makes no sense for the field
    .advice = Choose another comparison.
error-rule_word = The field has no such value
    .advice = Choose one of its values.
error-rule_mixed = "and" and "or" stand side by side
    .advice = Put one of them in parentheses.
error-rule_nested = There are parentheses within parentheses
    .advice = One level is enough: write it without the inner ones.
error-rule_unclosed = A text in quotes has no end
    .advice = Close the quotes.
error-rule_too_long = The rule is too long
    .advice = Make two segments of it.
error-rule_too_many_conditions = The rule has too many conditions
    .advice = Make two segments of it.
error-rule_too_many_values = A list of the rule has too many values
    .advice = Make the list shorter.

## What to do today, and why

why-declined = The office did not take an order: { $reason }
    .advice = Mend the order or talk to the client.
why-overdue = { $days ->
        [one] The visit of yesterday was not made
       *[other] A visit is overdue by { $days } days
    }
    .advice = Visit, or move the visit.
why-task = { $days ->
        [0] To do today: { $what }
        [one] To do since yesterday: { $what }
       *[other] To do for { $days } days: { $what }
    }
    .advice = Do it, or put it off.
why-next_step = { $days ->
        [0] Agreed for today: { $what }
        [one] Agreed for yesterday: { $what }
       *[other] Agreed { $days } days ago: { $what }
    }
    .advice = Do it, and note the contact.
why-owes = { $days ->
        [one] Something fell due yesterday
       *[other] Overdue for { $days } days
    }
    .advice = Ask for the payment.
why-agreement = { $days ->
        [0] { $title } ends today
        [one] { $title } ends tomorrow
       *[other] { $title } ends in { $days } days
    }
    .advice = Talk about renewing it.
why-agreement_ended = { $days ->
        [one] { $title } ended yesterday
       *[other] { $title } ended { $days } days ago
    }
why-rhythm = Buys every { $usual } days; { $since } since the last purchase
    .advice = Call: something may have happened.
why-falling = Buys { $percent } % less than before
    .advice = Ask what is bought elsewhere, and why.
why-win_back = { $status } for { $days ->
        [0] less than a day
        [one] a day
       *[other] { $days } days
    } ({ $reason }); { $tried }
    .advice = Ask for the reason, and note what was offered.
why-date = { $days ->
        [0] Today: { $what }
        [one] Tomorrow: { $what }
       *[other] In { $days } days: { $what }
    }
    .advice = A word is enough.
why-unconfirmed = Contact data not confirmed for six months
    .advice = Look whether they are still right.
why-unconfirmed_never = Nobody has confirmed the contact data yet

## What to offer a client

standing-too_few = Too few purchases to tell
standing-usual = Bought as usual
standing-due = Due again
standing-stopped = Given up
offers-looked_at = Since { $from }: { $documents }, { $events }
offers-documents = { $documents ->
        [one] 1 document
       *[other] { $documents } documents
    }
offers-days = { $events ->
        [one] 1 day with a purchase
       *[other] { $events } days with a purchase
    }
offers-basket = Usual basket
offers-due = Due again
offers-stopped = Given up
offers-cross_sell = Cross-sell
offers-too_few = Bought too seldom to tell
offers-article = { $purchases } times, every { $gap } days, last { $last }; usually { $quantity } { $unit }
offers-rule = with { $has }: { $both } of { $clients } clients that buy it, among { $all }
offers-overdue = overdue
offers-not_on_sale = not on sale
offers-out_of_stock = out of stock

## Life cycle

life_cycle-acquisition = Acquisition
life_cycle-development = Development
life_cycle-retention = Retention
life_cycle-loyalty = Loyalty
life_cycle-left = Left: to be won back
step-first_purchase = A first purchase
step-second_purchase = A second purchase
step-purchases = { $count ->
        [one] 1 purchase more, until it has a rhythm of its own
       *[other] { $count } purchases more, until it has a rhythm of its own
    }
step-until = Going on buying until { $day }, when it has been a client for a year
step-wake = A purchase: it is dormant
step-rhythm = A purchase: it missed its rhythm
step-volume = Buying as much as before: { $amount } are missing
step-return = A purchase wins it back
step-keep = It is where it should be: keep what works, ask for a recommendation
figures-life_cycle = Life cycle
figures-moves_on = What would move it on
segment-life_cycle = Stage of the life cycle

## Recovery of clients

recovery-attempts = { $attempts ->
        [0] nothing was tried yet
        [one] tried once
       *[other] tried { $attempts } times
    }
recovery-unknown = nobody knows why
recovery-ask_reason = Ask for the reason, and note it.
recovery-offer = Offer something against the reason, and note what.
recovery-try_again = Try again, with another offer.
recovery-wait = Somebody tried: wait until { $day }.
recovery-let_go = Let it go: close it, with the reason.
recovery-back = It bought again on { $day }.

## Unsent work

unsent-waiting = Goes with the next connection
unsent-behind = Waits for other work about the same client to be settled
unsent-held = The office has it and waits for something else
unsent-anew = Is prepared again to be sent
unsent-page = Waits for the client's page to arrive

## Sections of a client's page

section-identity = Who it is
section-contact = Contact data
section-people = People
section-visiting = Place and opening hours
section-deliveries = Delivery points
section-terms = Terms
section-dates = Dates

## The console

console-skip = Skip to the content
console-navigation = Sections
console-language = Language
console-theme = Appearance
theme-system = Automatic
theme-light = Light
theme-dark = Dark
console-home = To the first page
console-login = Log in
console-login-action = Log in
console-login-name = Login name
console-login-name-hint = As you like: ana.lopez, or your email address.
console-login-name-empty = Type a login name.
console-login-name-too_long = Use { $count } characters at most.
console-login-name-characters = Use letters, digits and . _ - + @ only, without blanks.
console-login-name-taken = Somebody else has that login name: choose another one.
console-login-wrong = The login name or the password is wrong. Look at both, or ask an administrator for a login code.
console-login-wait = { $count ->
        [one] Too many attempts: wait a second.
       *[other] Too many attempts: wait { $count } seconds.
    }
console-login-by_code = I have a login code
console-login-by_password = Log in with a name and a password
console-password = Password
console-password-first = Set a password
console-password-change = Change the password
console-password-why = With a password you can log in without asking for a code each time.
console-password-later = Not now
console-password-none = No password: you log in with codes
console-password-since = Password set on
console-password-current = Current password
console-password-new = New password
console-password-hint = { $least } to { $most } characters. Several words in a row are easy to remember and hard to guess. Your other sessions will end.
console-password-too_short = Use at least { $least } characters.
console-password-too_long = Use { $most } characters at most.
console-password-guessable = It is easy to guess: try several words that do not belong together.
console-password-wrong = This is not your current password.
console-welcome = Welcome
console-welcome-given = Your link holds a one-time login code.
console-code = Login code
console-code-hint = The 26 letters and digits that you were given; hyphens do not matter.
console-code-wrong = There is no such code, or it was used: ask an administrator for another one.
console-code-expired = This code has expired: ask an administrator for another one.
console-account = Your account
console-role = Role
console-logout = Log out
console-sessions = Open sessions
console-sessions-hint = End those that you do not know, and change the password.
console-session-this = This one
console-session-unknown = Unknown browser
console-session-since = Since { $when }
console-session-until = until { $when }
console-session-end = End
word-clients = Clients
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
console-clients = { $count ->
        [one] One client
       *[other] { $count } clients
    }
console-records = { $count ->
        [one] from one record
       *[other] from { $count } records
    }
console-answers = { $count ->
        [one] one answer
       *[other] { $count } answers
    }
console-period = Period
console-currency = Currency
console-as_of = As of
console-show = Show
console-date-wrong = This is no date: write year, month and day, such as 2026-11-25.
console-now = Now
console-year-before = A year before
console-change = Change
console-against-year = { $change } against a year before
console-month = Month
console-numbers = See the numbers
console-about = What each figure is
console-nothing = There is nothing to show here yet.
console-made = Computed on { $when }
console-calls = Whom to visit this week
console-calls-caption = They buy regularly and are late; those worth most first
console-segments-heading = Clients and sales by segment (RFM)
console-slipping = Dormant clients
console-overdue-heading = Overdue visits by territory
console-team = The team
console-about-net = What was invoiced without tax, less credit notes, since there are data.
console-about-clv_so_far = What a client has brought on average: average purchase × frequency × duration. It is value so far, not a prediction.
console-about-clv_to_come = What today's clients are expected to buy in a year (BG/NBD and Gamma-Gamma). Shown only if it did better than 'as the year before' on the last quarter.
console-about-sales = Net sales of the period to date, against the same days of the year before.
console-about-retention = Of the clients who bought in the window before, how many bought in this one too.
console-about-repeat = Of the clients who ever bought, how many did so at least twice.
console-about-slipping = They have not bought for more than three times their usual rhythm, and less than six: they can still be won back.
console-about-falling = In the last four weeks they bought 70 % or less of what they did in the same weeks a year ago.
console-about-top = What part of sales comes from the 20 % of clients who buy most.
console-about-covered = Clients visited within the interval of their class (A, B or C), or their own.
console-about-weighted = The same, each client counted by what it buys.
console-about-overdue = Clients whose visit interval has passed. Absences and shut days do not count.
console-about-stale = Clients whose contact data nobody has confirmed in six months.
console-about-nps = Those who answer 9 or 10 less those who answer 0 to 6, in per cent. Not shown with few answers.
console-about-csat = Answers of 4 or 5, from 1 to 5, in per cent.
console-about-csi = Weighted mean of several questions, from 0 to 100.
console-ago = { $count ->
        [0] today
        [one] yesterday
       *[other] { $count } days ago
    }
console-every = { $count ->
        [0] every day
        [one] every day
       *[other] every { $count } days
    }
console-conflicts = { $count ->
        [one] one field with two values
       *[other] { $count } fields with two values
    }
console-search = Search
console-search-hint = Name, tax id, code, town, contact or phone.
console-all = All
console-segment = Segment
console-only = Only
console-only-late = Those who are late
console-only-falling = Those who buy less
console-only-overdue = With an overdue visit
console-only-conflicts = With two different values
console-sort = Order
console-sort-name = Name
console-sort-net = Most sales
console-sort-at_stake = Most at stake
console-sort-bought = Last purchase
console-sort-visited = Last visit
console-clear = Clear
console-none-found = No client fits all that you ask for. Drop a filter or try fewer letters.
console-no-clients = There are no clients yet: they come with the first import or the first new client.
console-nameless = (no name)
console-visited = Last visit
console-net = Net sales
console-late = late
console-pages = Pages
console-range = { $from }–{ $to } of { $count }
console-first = First page
console-next = Next page
console-calls-all = See all who are late
console-yes = Yes
console-no = No
console-on = On
console-off = Off
console-imported = imported from { $source }
console-somebody = somebody unknown
console-second = Two-step verification
console-second-why = Besides the password, the six digits that an application on your phone shows are asked for. Scan the code with it, and type the digits.
console-second-qr = QR code for the authenticator
console-second-type = If you cannot scan it, type this key:
console-second-on = Turn on
console-second-off = Turn off
console-second-is_on = It is on: your authenticator's digits are asked for when you log in.
console-digits = Six-digit code
console-digits-hint = The one that your authenticator shows now.
console-digits-wrong = These digits do not do: type those that it shows now, or wait for the next.
console-digits-lost = Without the phone? Ask an administrator for a login code.
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
console-done-chosen = Chosen: that value stays, for everybody.
console-done-gone = Somebody has chosen meanwhile: this is what there is now.
console-done-moved = The client has moved to another territory.
console-done-there = The client was in that territory already.
console-done-separated = The clients stand by themselves again.
console-merged = This client is merged into another one, which has its figures.
console-merged-open = Open the other one
console-separate = Separate them
console-absorbed = Clients merged into this one
console-in_use = in use
console-since = { $count ->
        [0] today
        [one] one day since the last
       *[other] { $count } days since the last
    }
console-orders-open = Open orders
console-tasks = Tasks
console-contacts = Contacts
console-places = Delivery points
console-dates = Dates
console-move = Move to another territory
console-move-hint = Whoever looks after that territory gets the client. The phone before keeps it until it has sent its own work.
console-move-action = Move
console-about-last = The last day with a purchase.
console-about-rhythm = Half of the time no more than this many days pass between two purchases.
console-about-stake = What it usually buys, for each purchase that it missed, half a year of them at most.
console-about-average = Net sales by days with a purchase.
console-about-abc = A: those who make up 80 % of twelve months' sales; B: up to 95 %; C: the rest.
console-about-segment = By how recent, how frequent and how large its purchases are (RFM).
console-about-alive = By the BG/NBD model. With one purchase it is too early to tell.
console-about-falling_volume = What it bought in the last four weeks against the same weeks a year ago, or those before.

## The console: attention

console-attention-none = Nothing to look at. All is well.
console-attention-all = See all
console-attention-more = The first { $count } are shown.
console-attention-conflicts = Clients with two different values
    .advice = Two people changed the same field without knowing of each other. Open the client, see who put each value, and choose.
console-attention-orders = Orders that do not go out to the ERP, or have to be looked at there
    .advice = The other orders go their way.
console-attention-proposals = Proposals to merge clients
    .advice = Reps propose them. The one that is kept has the figures of both; it can be undone.
console-attention-duplicates = Likely duplicates
    .advice = They are alike for these reasons. Open both before you merge them; it can be undone.
console-attention-quarantined = Work to be taken after a restore
    .advice = A phone offered it, and nothing proves that it was here before. Take the oldest first.
console-attention-refused = Refused work
    .advice = It is kept whole, with its reason. Whoever wrote it sees it on the phone, and may mend it and send it again.
console-attention-phones = Phones that are silent
    .advice = Ask whoever has it: while it does not sync, its work is on the phone alone.
console-attention-feeds = The office's data are not renewed
    .advice = See whether the program that sends them still runs.
console-attention-repairs = Repairs
    .advice = A phone's data were not the relay's, and were repaired by themselves. That is a defect of ours: tell us if it happens again.
console-attention-repaired = { $count ->
        [one] One repair since the relay began
       *[other] { $count } repairs since the relay began
    }
console-attention-silent = { $count ->
        [0] today
        [one] silent since yesterday
       *[other] silent for { $count } days
    }
console-attention-elsewhere = A client that is not here
console-attention-release = Offer to the ERP
console-attention-keep = Keep { $name }
console-attention-accept = Take
console-attention-refuse = Do not take
console-attention-confirm = Confirm
console-attention-unconfirmed = not confirmed after a restore
console-attention-bytes = Save the change as it came
console-bytes = { $count ->
        [one] one byte
       *[other] { $count } bytes
    }
console-done-merged = The clients are merged.
console-done-released = The order is offered to the ERP.
console-done-confirmed = The phone is confirmed, and served again.
console-done-accepted = Taken.
console-done-refused = It is not taken; it stays among the refused.
console-done-conflict = It builds on another change: take the oldest first.

## The console: people and phones

console-people = People
console-people-here = Who works here
console-people-left = Who works here no more
console-people-all = All territories
console-people-none = None
console-people-gone = Works here no more
console-people-phones = { $count ->
        [0] no phone
        [one] one phone
       *[other] { $count } phones
    }
console-people-seen = { $count ->
        [0] synced today
        [one] synced yesterday
       *[other] synced { $count } days ago
    }
console-people-new = Somebody new
console-people-name = Name
console-people-name-wrong = Type a name, { $count } characters at most.
console-people-add = Add
console-people-change = Data and rights
console-people-last = Nobody else administers: make somebody else an administrator first.
console-people-leave = Leaving
console-people-leave-hint = Sessions end and phones are revoked; they hand in what they have not sent. What this person wrote is kept.
console-people-leave-action = Works here no more
console-territories = Territories
console-territory-new = New territory
console-territory-add = Add the territory
console-territory-rename = Change the name
console-territory-taken = There is a territory of that name.
console-phones = Phones
console-phones-hint = Revoke: it is served nothing more, and hands in what it has not sent. Wipe: it also deletes everything, what it has not sent too.
console-phones-none = No phone yet: link one with a code.
console-phones-since = linked on { $when }
console-phones-salvage = Revoke
console-phones-wipe = Wipe
console-phones-revoked = revoked
console-phones-wiped = wiped
console-codes = One-time codes
console-codes-hint = They are good for fifteen minutes, and shown once.
console-codes-login = Login code for the console
console-code-phone = Scan this code with the application on the phone that is to be linked.
console-code-login = This link logs in to the console once; a password can be set then.
console-code-qr = QR code
console-code-until = Good until { $when }.
console-done-added = Added.
console-done-changed = Saved.
console-done-revoked = The phone is revoked.
console-done-wiped = The phone will be wiped as soon as it connects.
console-done-left = Works here no more: sessions and phones have ended.
console-done-territory = The territories are saved.

## The console: work

console-work = Work
console-work-visits = Visits
console-work-orders = Orders
console-work-notices = Notices
console-work-by = By
console-work-total = All
console-work-nobody = No rep
console-work-weeks = Weeks
console-work-before = ‹ Before
console-work-after = After ›
console-work-this_week = This week
console-work-today = today
console-work-days = From { $from } to { $to }
console-work-week-hint = Visits made / planned. Choose a day to see each visit.
console-work-day = Visits of { $weekday }, { $day }
console-work-day-none = No visit is planned for that day, and none was made.
console-work-stands_in = stands in for { $person }
console-work-otherwise = contact without a visit
console-work-missed = not made
console-work-moved = moved to { $day }
console-work-off-holiday = holiday
console-work-off-shut = client shut
console-work-off-away = away, nobody stands in
console-work-overdue = Overdue visits
    .advice = Nobody has visited them for longer than agreed; the longest first.
console-work-overdue-none = Everybody was visited in time.
console-work-since = { $count ->
        [one] visited yesterday
       *[other] visited { $count } days ago
    }
console-work-never = { $count ->
        [one] never visited since added, yesterday
       *[other] never visited since added, { $count } days ago
    }
console-work-within = { $count ->
        [one] due every day
       *[other] due every { $count } days
    }
console-work-classes = Visit plan by ABC classes
console-work-classes-hint = Each client gets as many visits as its class asks for. What was set by hand does not change.
console-work-classes-show = See what would change
console-work-classes-told = New or other rules: { $rules }. Taken away: { $gone }. Unchanged: { $unchanged }.
console-work-classes-accept = Apply to the visit plan
console-work-absences = Absences and cover
    .advice = Visits of whoever is away go to whoever stands in; with nobody, they do not count as overdue.
console-work-absences-none = No absence ahead.
console-work-absent = Who is away
console-work-absent-new = New absence
console-work-absent-from = First day
console-work-absent-to = Last day
console-work-absent-why = Reason
console-work-absent-end = Take away
console-work-choose = Choose somebody
console-work-unsaid = Not said
console-work-no_cover = Nobody
console-work-covers = { $person } stands in
console-work-uncovered = no cover
console-work-by_themselves = noted on the phone
console-work-from = from { $day }
console-work-until = until { $day }
console-work-notices-none = No notice holds now.
console-work-notices-read = Read by { $read } of { $count }
console-work-notices-unread = Not read
console-work-notices-done = Read
console-work-notices-must = must be read
console-work-notices-must-hint = It stands first until it is read
console-work-notices-new = New notice
console-work-notices-title = Title
console-work-notices-text = Text
console-work-notices-whom = For
console-work-notices-from = From (optional)
console-work-notices-until = Until (optional)
console-work-notices-publish = Publish
console-work-notices-withdraw = Withdraw
console-done-notice = The notice is published: phones get it with their next sync.
console-done-notice_withdrawn = The notice is withdrawn.
console-done-absence = The absence is saved.
console-done-absence_ended = The absence is taken away.
console-done-classes = The visit plan is written: phones get it with their next sync.

## The console: orders

console-orders-stages = States
console-orders-all = All
console-orders-none = No order here.
console-orders-order = Order
console-orders-of = Order of { $name }
console-orders-received = Received
console-orders-deliver = Deliver
console-orders-ref = Client's number
console-orders-number = Number in the ERP
console-orders-invoice = Invoice
console-orders-article = Article
console-orders-quantity = Quantity
console-orders-price = Price
console-orders-net = Amount
console-orders-total = Total with tax:
console-orders-lines = { $count ->
        [one] One line
       *[other] { $count } lines
    }
console-orders-unread = There are no lines to show: it was taken back, or a newer application wrote it.
console-orders-answer = Answer by hand
console-orders-answer-hint = Only where no program picks orders up: there is one answer, and the rep gets it.
console-orders-register = Registered under this number
console-orders-reason = Why it is not accepted
console-orders-reason-hint = The rep reads it on the phone.
console-orders-decline = Do not accept
console-orders-number-wrong = Type the number that it has in the ERP, in one short line.
console-orders-reason-wrong = Type the reason in a few words.
console-done-registered = The order is registered.
console-done-declined = The order is not accepted: the rep reads the reason.
console-done-order_answered = It was answered already: this is what was said.

## The console: one person's data

console-privacy = Data protection
console-disclosure = All that is held about a person
console-disclosure-hint = One file with all of the data, for whoever asks for it by right. Who asked is recorded. Choose the client or one of its contacts.
console-erase = Erase for ever
console-erase-hint = Every byte of the client is erased and nobody gets it back. To stop working with it, close it instead.
console-erase-goes = What is erased
console-erase-stays = What is not
console-erase-changes = { $count ->
        [one] One change of its page
       *[other] { $count } changes of its page
    }
console-erase-refused = { $count ->
        [one] One refused change
       *[other] { $count } refused changes
    }
console-erase-imports = { $count ->
        [one] One unfinished import, to be done again
       *[other] { $count } unfinished imports, to be done again
    }
console-erase-reports = { $count ->
        [one] One kept report of an import
       *[other] { $count } kept reports of imports
    }
console-erase-aliases = { $count ->
        [one] One client merged into this one stands by itself again
       *[other] { $count } clients merged into this one stand by themselves again
    }
console-erase-proposals = { $count ->
        [one] One proposal of another client names it, and stays
       *[other] { $count } proposals of other clients name it, and stay
    }
console-erase-reason = Reason
console-erase-reason-none = Choose a reason
console-erase-reason-wrong = Choose why it is erased: that is recorded.
console-erase-reason-request = The person asks for it
console-erase-reason-retention = There is no ground any more to keep it
console-erase-reason-mistake = It should never have been here
console-erase-type = To confirm
console-erase-type-hint = Type ERASE, in capitals.
console-erase-word = ERASE
console-erase-action = Erase for ever
console-done-erased = The client is erased for ever.
console-done-erased_later = The client is erased; the space that it took is overwritten within minutes.

## The console: settings

console-settings = Settings
console-settings-phones = Phones
console-settings-orders = Orders and client pages
console-settings-visits = Visits
console-settings-figures = Figures
console-settings-cross_sell = Cross-sell
console-settings-refit = When it is computed anew
console-settings-default = The usual
console-settings-wrong = Nothing was saved: look at “{ $setting }”.
console-settings-number = A whole number from { $min } to { $max }.
console-settings-perhaps = A whole number from { $min } to { $max }, or nothing.
console-settings-word = Choose one of the options.
console-settings-fields = Fields with blanks between: { $fields }.
console-done-settings = The settings are saved.
setting-offline_days = Days without a connection before it locks
    .about = The phone locks, and deletes nothing, until it syncs. 0: never. 30 unless it is said.
setting-write_after_leave_days = Days to send what is left of a client handed over
    .about = Who gave it up may still send what was written before. 90 unless it is said.
setting-sales_months = Months of sales with their lines on phones
    .about = What is before stays as sums by month. 15 unless it is said.
setting-rep_discount_percent = Discount that a rep may give (%)
    .about = More is flagged in the order; it is never refused. Empty: no limit of its own.
setting-erp_fields = Fields that are the ERP's
    .about = A rep's edit of one is a request and not a change. For instance: payment_terms.
setting-visit_days_a = Days between visits, class A
    .about = After so many days without a visit it is overdue. 15 unless it is said.
setting-visit_days_b = Days between visits, class B
    .about = 30 unless it is said.
setting-visit_days_c = Days between visits, class C
    .about = 60 unless it is said.
setting-visit_weeks_a = Visit plan: every how many weeks, class A
    .about = For the visit plan by classes. 0: no visit. 1 unless it is said.
setting-visit_weeks_b = Visit plan: every how many weeks, class B
    .about = 2 unless it is said.
setting-visit_weeks_c = Visit plan: every how many weeks, class C
    .about = 4 unless it is said.
setting-align_easter = Compare Easter with Easter
    .about = 1: yes. 0: the same weeks of the year are compared. 1 unless it is said.
setting-sales_source = Where figures come from
    .about = The office's invoices or, where there are none, the reps' orders.
setting-sales_source-office = The office's invoices
setting-sales_source-purchases = The reps' orders
setting-history_start = First day of complete sales
    .about = What is before is no history. The first day of any sale unless it is said.
setting-status_rule = When a client is dormant
    .about = By each one's rhythm, or dormant after 90 days and lost after 180, for all.
setting-status_rule-rhythm = By its buying rhythm
setting-status_rule-fixed = By the same terms for all
setting-retention_months = Months of the retention window
    .about = 12 unless it is said.
setting-value_months = Months that ABC classes and segments look back
    .about = 0: the whole history. 12 unless it is said.
setting-discount_basis_points = What waiting a month for money costs (hundredths of a %)
    .about = 100 is 1 % a month. 100 unless it is said.
setting-nps_answers_min = Answers at least for a percentage
    .about = With fewer the figure is not told. 30 unless it is said.
setting-cross_sell_clients_min = Clients of a rule at least
    .about = How many have to buy both things before it is proposed. 5 unless it is said.
setting-cross_sell_support_percent = Weight of a rule at least (%)
    .about = Which part of the clients has to fit it. 2 unless it is said.
setting-cross_sell_lift_percent = Strength of a rule at least (%)
    .about = 100 is what chance would do. 120 unless it is said.
setting-refit_share_percent = Changes that make it be computed anew (%)
    .about = Which part of the clients has new sales. 5 unless it is said.
setting-refit_hours = Hours between one time and the next at least
    .about = 24 unless it is said.

## The console: help

console-help = Help
console-help-lessons = Lessons
console-help-count = You have done { $done } of { $count }
console-help-find = Search
console-help-none = Nothing says that: try another word.
console-help-open = Open the page
console-help-mark = Mark as done
console-help-is_done = done
console-help-done = Done on { $day }
console-help-next = Go on with:
console-help-about = To understand this page:

## The console: data

console-data = Data
console-exports = Export
console-exports-hint = The same that Excel, Power BI and the ERP get. Who exports what is recorded.
console-feeds = What comes from the office
    .advice = When each of them last came.
console-feeds-records = { $count ->
        [one] one record
       *[other] { $count } records
    }
console-tokens = Tokens for programs
    .advice = Each program has its own: it can be taken from one without touching the others.
console-tokens-new = New token
console-tokens-name = For which program
console-tokens-name-hint = For instance: the board's Power BI.
console-tokens-scopes = What it may do
console-tokens-scopes-wrong = Choose one thing at least, and from 1 to 1095 days.
console-tokens-days = Days for which it is good
console-tokens-make = Make the token
console-tokens-made = New token
console-tokens-once = Copy it now: it is not shown again.
console-tokens-try = To try it:
console-tokens-unused = not used yet
console-tokens-used = used on { $when }
console-tokens-revoke = Revoke
console-tokens-ended = no good any more
console-scope-export = Read exports and figures
console-scope-office_write = Send data and imports
console-scope-orders = Pick orders up
console-scope-metrics = Read the relay's measurements
console-backups = Backups
    .advice = Encrypted: the recovery key alone opens them. To go back to one: cartera-relay restore, which says first what it will do.
console-backups-none = No backups are made: start the relay with --backup-dir.
console-backups-failed = The last job with backups failed ({ $code }): see the relay's log.
console-backups-kb = { $count } KB
console-backups-checked = looked through on { $when }
console-backups-sound = sound
console-backups-damaged = damaged
console-backups-verify = Look through
console-backups-make = Make a backup now
console-audit = Who did what
console-audit-caption = What was done, the latest first
console-done-token_revoked = The token is no good any more.
console-done-backup_begun = The backup is under way.
console-done-backup_check = The backup is being looked through.
console-done-backup_busy = A job with backups is under way already.
