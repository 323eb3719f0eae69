# Licensed under the Apache License, Version 2.0. See http://www.apache.org/licenses/LICENSE-2.0
"""Writes the text that the mini-encoder is pretrained on.

A document is a handful of sentences about one everyday situation. A template spells its choices as
"(a|b|c)" and its slots as "{slot}". No label leaves this module: `documents` yields plain strings, and
eight of the twenty situations belong to no intent of examples/data. None of these templates is shared with
examples/data/generate_intents.py (its --check compares them, and looks for whole sentences as well).

    python corpus.py 5        prints five documents
"""
import itertools
import random
import re
import sys

# Values are separated by spaces; an underscore stands for a space inside a value.
SLOTS = {
    "p": "anna ben carla david elena frank grace hugo ines jonas karin leo maria nina oscar paula robert "
        "sofia tom vera mom dad grandma grandpa my_sister my_brother my_uncle my_aunt my_neighbour "
        "my_boss my_cousin our_friend my_wife my_husband our_daughter our_son",
    "city": "paris berlin london rome madrid lisbon vienna oslo dublin prague athens zurich geneva hamburg "
        "boston chicago seattle denver toronto sydney tokyo warsaw milan porto",
    "day": "today tonight tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday "
        "this_morning this_afternoon this_evening this_week the_weekend next_week on_monday on_tuesday "
        "on_wednesday on_thursday on_friday on_saturday on_sunday at_the_weekend later right_now",
    "clock": "5 6 7 8 9 10 11 4 5:30 6:15 6:30 6:45 7:15 7:30 7:45 8:15 8:30 9:30 10:45 six seven eight nine "
        "half_past_six half_past_seven quarter_to_eight quarter_past_five ten_past_nine noon dawn 6_am "
        "7_am 8_pm 9_pm five ten eleven twelve one two three 3 2 1 12",
    "num": "two three four five six seven eight nine ten twelve 2 3 4 5 6 7 8 9 10 12",
    "cash": "20 30 40 50 60 75 80 90 100 120 150 200 250 300 400 500 ten twenty thirty forty fifty sixty "
        "eighty ninety a_hundred two_hundred five_hundred a_thousand 15 25 35 45",
    "coin": "dollars euros pounds bucks francs",
    "food": "milk eggs bread butter cheese apples bananas tomatoes potatoes onions carrots rice pasta flour "
        "sugar salt coffee tea yogurt chicken fish lemons oranges grapes spinach mushrooms honey beans "
        "lettuce cereal juice olives garlic peppers olive_oil orange_juice",
    "thing": "soap shampoo toothpaste paper_towels toilet_paper napkins batteries detergent candles tissues",
    "dish": "pancakes lasagna risotto soup curry pizza chili omelette goulash paella dumplings stew brownies "
        "waffles meatballs ratatouille apple_pie banana_bread fried_rice roast_chicken tomato_soup "
        "carrot_cake potato_salad mushroom_sauce fish_pie lemon_cake vegetable_curry",
    "lang": "french german spanish italian portuguese polish greek japanese dutch swedish russian chinese "
        "turkish arabic korean danish",
    "hello": "hello good_morning thank_you goodbye good_night i_am_hungry where_is_the_station excuse_me "
        "see_you_tomorrow how_much_is_it i_love_you happy_birthday the_bill_please my_friend good_luck "
        "i_am_lost cheers bread water sorry welcome",
    "genre": "jazz rock pop blues reggae techno soul folk metal disco country hip_hop classical piano opera "
        "electronic swing funk punk",
    "room": "kitchen bedroom bathroom hallway garage office attic basement porch garden balcony living_room "
        "dining_room guest_room kids_room study",
    "spot": "airport museum library hospital stadium harbour castle zoo cinema park beach university "
        "train_station city_hall post_office old_town shopping_mall bus_station gas_station pharmacy "
        "swimming_pool opera_house art_gallery cathedral market_square",
    "cuisine": "italian french indian thai mexican greek japanese turkish spanish chinese korean vegan "
        "vietnamese lebanese",
    "goods": "shoes headphones book jacket laptop phone camera chair desk bike_helmet sweater coffee_machine "
        "keyboard watch backpack dress sofa printer tent boots",
    "news": "i_am_running_late the_meeting_moved dinner_is_ready we_are_on_the_train the_baby_is_here "
        "i_will_be_home_soon we_are_stuck the_keys_are_under_the_mat practice_is_cancelled i_miss_her "
        "i_passed_the_exam we_arrived_safely i_can_not_come happy_birthday see_you_soon the_door_is_open "
        "i_am_at_work i_am_on_my_way",
    "wet": "rain drizzle showers snow sleet hail a_downpour thunder a_storm a_thunderstorm fog mist frost "
        "heavy_rain light_snow a_blizzard lightning rainfall",
    "wadj": "sunny rainy cloudy chilly cold freezing hot humid windy stormy foggy warm mild wet dry damp "
        "frosty snowy breezy overcast icy muggy scorching clear misty",
    "rouse": "wake_up get_up wake rise get_out_of_bed be_awake be_up jump_out_of_bed leave_the_bed "
        "stop_snoozing",
    "bell": "alarm clock alarm_clock buzzer bell wake_up_call beep phone_alarm",
    "tune": "song track tune melody music album record playlist single ballad hit concert soundtrack hits "
        "songs tunes tracks records",
    "star": "singer band group artist pianist guitarist choir orchestra drummer musician",
    "funds": "money cash funds the_deposit the_payment the_rent the_savings the_loan the_debt the_amount "
        "the_sum the_wages the_allowance",
    "pays": "transferred sent wired paid moved deposited remitted lent owed gave credited",
    "pay": "transfer send wire pay move deposit remit lend owe give credit",
    "acct": "account bank_account savings_account checking_account bank savings wallet deposit_account",
    "inn": "restaurant bistro diner brasserie tavern pizzeria steakhouse trattoria cafe grill sushi_bar "
        "eatery sushi_place",
    "seat": "table seats spot booth corner_table places reservation window_table table_outside booking bookings seat",
    "reserved": "booked reserved got requested arranged held secured found",
    "reserve": "book reserve get request arrange hold secure find",
    "trans": "translate interpret say express pronounce phrase render spell put understand explain read decode",
    "words": "word phrase sentence expression term saying translation meaning greeting vocabulary",
    "route": "route way directions path road map shortcut journey itinerary street highway detour drive walk "
        "navigation",
    "go": "drive get walk navigate travel ride head cycle go come find_the_way steer",
    "shop": "supermarket grocery_store shop market store corner_shop bakery",
    "list": "shopping_list list grocery_list basket cart trolley shopping_basket shopping_cart shopping "
        "groceries",
    "lamp": "light lamp bulb lantern chandelier spotlight lights lamps bulbs light_switch lampshade "
        "night_light ceiling_light lighting spotlights",
    "glow": "bright dim dark brighter dimmer darker pitch_black gloomy lit glowing blinding soft dazzling "
        "shining",
    "note": "message text email note mail letter text_message line reply postcard voicemail memo",
    "wrote": "texted messaged emailed wrote_to told informed answered notified called contacted pinged alerted",
    "write": "text message email write_to tell inform answer notify call contact ping alert",
    "cook": "cook make bake prepare fry roast simmer boil whip_up grill steam stir",
    "cooked": "cooked made baked prepared fried roasted simmered boiled grilled steamed whipped_up",
    "box": "package parcel delivery shipment order box consignment packet purchase goods",
    "carrier": "courier postman delivery_van driver mailman carrier delivery_service post shipping_company",
    "sent": "shipped delivered dispatched sent_out mailed tracked on_its_way in_transit delayed handed_over "
        "out_for_delivery posted",
}

GENERIC = [
    "it was a (long|quiet|busy|strange|lovely) day", "{p} (smiled|nodded|laughed|sighed) and said nothing",
    "that is (how it goes|what happened|all we know|fine with me)", "nobody knew what to do next",
    "{p} was (happy|tired|pleased|worried) about that", "in the end it all worked out",
    "we talked about it for a while", "i had no idea about any of it", "thanks , that would be great",
    "{p} asked for a little help with it", "could anybody help ?", "sure , no problem",
    "{p} wanted to (know|hear|see) more about it", "i have to do the same {day}",
    "{day} it is {p} 's turn", "that is a good idea , {p} said",
]

# A frame wraps a whole sentence, so that the small words belong to no one situation.
FRAMES = [
    "{s}", "{s}", "{s}", "{s}", "{s}", "{s}", "{p} said that {s}", "i think {s}", "please believe me , {s}",
    "can you imagine , {s}", "hey {p} , {s}", "do you know whether {s} ?", "i wonder why {s}",
    "could it be that {s} ?", "ok so {s}", "the thing is that {s}", "tell me , is it true that {s} ?",
    "i would like it if {s}", "i need you to know that {s}", "{day} , {s}", "show me again how {s}",
    "is it possible that {s} ?", "what if {s} ?", "honestly , {s}", "{p} wants to hear that {s}",
    "give me a moment , {s}", "would you mind that {s} ?", "i hope {s}", "just so you know , {s}",
    "{s} , and i want you to remember it", "{s} , if you please", "{s} , for me at least", "{s} , right ?",
    "i don 't think that {s}", "i 'm sure {s}", "i 've heard {s}", "we 're told that {s}", "who says {s} ?", "which is why {s}",
    "as far as i know {s}", "there is a chance that {s}", "it is nice that {s}", "i feel like {s}", "isn 't it so that {s} ?",
    "last time {s}", "the latest is , {s}", "so many people say {s}", "it seems {s}", "what 's up with {p} ? {s}",
    "kindly note that {s}", "i 'd say {s}", "what i mean is , {s}", "let 's be honest , {s}", "any idea if {s} ?",
]

# Requests and questions about the same situation; wrapped by ASK, never by FRAMES.
ASK = [
    "{p} asked me to {v}", "{p} offered to {v}", "we were about to {v}", "would {p} be willing to {v} ?",
    "{p} forgot to {v}", "they had promised to {v}", "it is time for {p} to {v}", "{p} never learned to {v}",
    "somebody should {v}", "must we really {v} ?", "{p} begged us to {v}", "why did {p} not {v} ?",
    "{p} can {v} whenever there is time", "i used to {v} , but not any more", "{p} is going to {v} , please wait",
    "you have to {v} , {p} told me", "how could {p} {v} without help ?", "shall we {v} , {p} ?",
    "go and {v} , will you ?", "i am gonna {v} , said {p}", "do not {v} yet , please", "{p} had better {v}", "i gotta {v}", "i wanna {v}", "we don 't want to {v}",
    "i 've got to {v}", "you ought to {v}", "go ahead , {p} , and {v}", "any other chance to {v} ?", "which of us will {v} ?",
    "{p} is free to {v}", "{p} can teach you how to {v}", "is there any use if we {v} ?", "i am waiting for {p} to {v}",
    "how many of us {v} ?", "would you like {p} to {v} ?", "{p} feels like it is due to {v}",
]

SITUATIONS = {
    "weather": ([
        "the (weather|forecast|outlook|sky|climate) (over|around|near) {city} was {wadj} and {wadj} (all day|all week|for days)",
        "{p} saw (dark|grey|heavy|black) clouds and (took|packed|carried|grabbed) (an umbrella|a raincoat|a jacket|a coat|boots|a scarf|gloves|sunglasses|sunscreen)",
        "after {wet} came (sunshine|the sun|a rainbow|a breeze|wind|clear skies|a gust) and the (temperature|thermometer) (climbed|rose|fell|dropped) by {num} degrees",
        "it (rained|snowed|poured|drizzled|hailed|thundered) in {city} until the (sun|sunshine|wind|breeze|sky) came back",
        "the forecast (promised|announced|expected|predicted) {wet} and {wet} with {wadj} (winds|air|weather|skies|spells|temperatures)",
        "{wadj} (weather|air|skies|conditions) and {wet} (kept|drove) everybody (inside|indoors|away from the beach)",
        "(outside|outdoors) it was {num} degrees , {wadj} and {wadj} , with {wet} later",
        "the {wadj} wind brought {wet} , so wear a (coat|raincoat|jacket|hat|scarf) or take an umbrella",
        "{wet} in the morning , {wadj} in the afternoon , that is the weather in {city}",
        "it is going to (rain|snow|pour|drizzle|freeze|be {wadj}|be {wadj}) in {city} , so the (forecast|weather report|thermometer|radar|outlook) says",
        "how {wadj} it gets depends on the (clouds|wind|season|sun|humidity|temperature|climate|pressure)",
        "{p} got (wet|soaked|cold|frozen) in {wet} because the (weather|forecast|sky) turned {wadj} and the umbrella broke",
    ], ["check the (weather|forecast|temperature|sky|thermometer|outlook)", "bring an umbrella against {wet}",
        "dress for {wadj} weather", "watch the (clouds|storm|sky|rain|snow)",
        "stay dry in {wet}", "go outside while it is {wadj}",
        "wear a (raincoat|coat|jacket|hat) when it is {wadj} outside",
        "hope for (sun|sunshine|blue skies|clear skies) instead of {wet}"]),
    "waking": ([
        "the {bell} (rang|beeped|buzzed|went off|sounded) at {clock} and {p} had to {rouse}",
        "{p} (overslept|slept in|dozed|snoozed|slept) because the {bell} (did not ring|was silent|was not set|never went off)",
        "to {rouse} at {clock} {p} needs (an alarm|a loud clock|a buzzer|two alarms|a wake up call)",
        "{p} pressed snooze and (fell asleep again|dozed off|slept until {clock}|missed the early start)",
        "(sleepy|asleep|tired|drowsy|half awake) people hate it when the {bell} goes off early in the morning",
        "{p} set the {bell} for {clock} , went to (sleep|bed) and wanted to {rouse} early",
        "at {clock} sharp the {bell} will (ring|buzz|beep|wake us|rouse us|go off|get us out of bed)",
        "no more (sleep|snoozing|napping|dozing|sleeping in) , you must {rouse} by {clock}",
        "{p} was still asleep at {clock} although the {bell} was (loud|set|ringing|buzzing)",
        "rouse {p} at {clock} or the early (shift|train|flight|class) leaves while {p} is asleep",
        "a nap of {num} minutes , then the {bell} (wakes|rouses|buzzes) and everyone has to {rouse}",
    ], ["set the {bell} (for|to) {clock}", "{rouse} at {clock}", "{rouse} before {clock} in the morning",
        "turn the {bell} off and sleep on", "snooze until {clock}", "nap until the {bell} rings",
        "wake {p} at {clock}", "rouse {p} before {clock}", "ring the {bell} at {clock}",
        "oversleep on an early morning", "sleep without (an alarm|a clock|a buzzer)",
        "change the {bell} from {clock} to {clock}"]),
    "music": ([
        "the {star} (played|sang|performed|recorded) a {genre} {tune} on the (radio|stage|speakers|stereo|guitar|piano)",
        "{p} (listened to|heard|put on|played|hummed|enjoyed|streamed|loved) (a|the|an old|that|some) {genre} {tune}",
        "the speakers (played|blasted) {genre} and {p} turned (up|down) the volume of the {tune}",
        "{genre} is {p} 's favourite kind of music , every {tune} makes us (dance|sing|hum)",
        "while listening to a recording , {p} says the {star} has a new {tune} full of {genre} (sounds|rhythm|melodies|guitars|drums|beats|vibes)",
        "with (headphones|speakers|a stereo|the radio) on , {p} listens to one {genre} {tune} after another",
        "the (chorus|beat|rhythm|lyrics|melody|sound) of this {tune} by the {genre} {star} is in my ears",
        "at the party we danced to {genre} while the {star} played {tune} after {tune}",
        "{p} sang along to the {tune} , the guitar was loud and the {star} was great",
        "skip this {tune} , the next {genre} {tune} on the (album|playlist|record|radio) sounds better",
        "we heard the {star} live , {genre} {tune} and all , what a (concert|gig|show|sound)",
        "shuffle the {genre} playlist and you will hear a {tune} by that {star}",
    ], ["play {p} a {genre} {tune}", "listen to a {genre} {tune}", "put on the {genre} {tune} again",
        "hear some {genre} on the (speakers|radio|stereo)", "turn up the {tune}", "dance to {genre} music",
        "sing the {tune} of that {star}",
        "play the guitar like a {genre} {star}", "stream the {star} 's new {tune}", "hum the {tune}",
        "listen to the {star} play {genre}", "shuffle the playlist", "skip the {tune}"]),
    "money": ([
        "{p} {pays} {cash} {coin} from the {acct} to {p}",
        "the {acct} was (empty|full|low) after {p} {pays} {cash} {coin}",
        "{p} owed {p} {cash} {coin} and {pays} {funds} by (bank|transfer|wire|card|online banking)",
        "{funds} of {cash} {coin} was {pays} into the {acct}",
        "the bank (charged|took) a fee when {p} {pays} {funds} abroad",
        "{p} lent me {cash} {coin} , so i {pays} it back from my {acct}",
        "{cash} {coin} for {funds} , {cash} {coin} for the bills , and the {acct} is empty",
        "{p} settled the (debt|bill|loan|rent|invoice) and {pays} {cash} {coin}",
        "{p} 's {acct} received {cash} {coin} , the {funds} arrived from the bank",
        "a (transfer|payment|deposit|wire|remittance) of {cash} {coin} left the {acct} and {p} got {funds}",
        "the (balance|debt|credit|loan) is {cash} {coin} , said the bank , and {p} {pays} half of {funds}",
        "split the (bill|rent|costs|debt) , {p} {pays} {cash} {coin} and i {pays} the rest",
    ], ["{pay} {p} {cash} {coin}", "{pay} {cash} {coin} to {p}", "{pay} {funds} from the {acct}",
        "settle the (debt|loan|rent|bill) of {cash} {coin}", "pay {p} back the {cash} {coin}",
        "put {cash} {coin} into the {acct}",
        "{pay} {cash} {coin} out of the {acct}", "repay {p} {cash} {coin}", "take {cash} {coin} from the bank",
        "save {cash} {coin} in the {acct}", "shift {cash} {coin} from the {acct} to the {acct}",
        "reimburse {p} with {cash} {coin}"]),
    "eating out": ([
        "{p} {reserved} a {seat} for {num} at the {cuisine} {inn}",
        "the {inn} was (full|packed|crowded|fully booked) , no {seat} for {num} (guests|people|diners|persons) {day}",
        "we (dined|ate|were eating|had dinner|had lunch|had supper|had brunch) at a {cuisine} {inn} , a {seat} for {num} by the window",
        "the waiter of the {inn} showed the party of {num} to their {seat}",
        "{p} phoned the {cuisine} {inn} and {reserved} a {seat} at {clock}",
        "a {seat} for {num} at {clock} , said the {cuisine} {inn} , under the name of {p}",
        "{p} likes to (dine|eat out|have dinner|have lunch|eat|go out for dinner) at the {inn} , the {cuisine} food and the waiters are great",
        "without a (reservation|booking) the {inn} has no {seat} for a party of {num}",
        "the {cuisine} {inn} in {city} has a terrace , {p} {reserved} a {seat} there for {num} guests",
        "the (chef|waiter|waitress|host) at the {inn} kept a {seat} for our (dinner|lunch|supper|brunch|anniversary|birthday dinner)",
        "{num} of us will (dine|eat|sit|have supper|have lunch) at the {inn} , the {seat} is {reserved} for {clock}",
    ], ["{reserve} a {seat} at the {inn}", "{reserve} a {seat} for {num}",
        "{reserve} a {seat} for {num} at a {cuisine} {inn}", "dine at the {cuisine} {inn}",
        "eat out at a {inn} with {num} (friends|guests|people)", "call the {inn} about a {seat}",
        "have (dinner|lunch|supper|brunch) for {num} at the {inn}", "sit at a {seat} of the {inn}",
        "cancel the {seat} at the {inn}", "take {num} guests to the {cuisine} {inn}"]),
    "languages": ([
        "in {lang} the {words} for {hello} is hard to {trans}",
        "{p} speaks {lang} and can {trans} any {words} into {lang}",
        "the (interpreter|translator|native speaker|teacher|guide|tourist) had to {trans} the {lang} {words}",
        "a {lang} {words} can mean {hello} in {lang}",
        "{p} learned {lang} (abroad|at school|in {city}) , the first {words} was {hello}",
        "how {lang} speakers {trans} {hello} is not how {lang} speakers {trans} it",
        "the dictionary (gives|has|shows) a {words} in {lang} for {hello} and how it is pronounced",
        "{p} could not {trans} what the {lang} (sign|menu|letter|poem|waiter|lady) meant , a foreign language",
        "from {lang} into {lang} , {p} translated every {words}",
        "the locals greet you with {hello} , a {lang} {words} that foreigners {trans} badly",
        "(grammar|vocabulary|pronunciation|spelling) of a foreign language like {lang} is hard , {p} only knows the {words} {hello}",
        "{hello} , in {lang} that {words} sounds funny , in {lang} it is easy to {trans}",
    ], ["{trans} {hello} in proper {lang}", "{trans} the {words} into {lang}", "{trans} this {lang} {words}",
        "speak {lang}", "learn {lang} (vocabulary|grammar|words|phrases)", "{trans} a {words} from {lang} to {lang}",
        "ask the locals in {lang}",
        "pronounce the {lang} {words}", "find the {lang} {words} in the dictionary",
        "know what the {words} means in {lang}", "look for the {lang} equivalent of {hello}"]),
    "routes": ([
        "the {route} to the {spot} (was blocked|is long|goes past the {spot}|is closed|was short|takes {num} minutes)",
        "{p} got lost and asked for the {route} to the {spot}",
        "we wanted to {go} to the {spot} , but the traffic on the (highway|road|bridge|motorway|street) was bad",
        "turn (left|right) at the {spot} , then {go} {num} (miles|blocks|kilometers) to the {spot}",
        "the map shows a {route} from the {spot} to {city}",
        "the fastest {route} to {city} avoids the (tunnel|bridge|toll road|traffic jam|highway|roadworks|motorway)",
        "it is {num} (miles|kilometers|minutes|blocks) by (car|bike|bus|foot|tram) to the {spot} , {p} took the shortest {route}",
        "{p} has to {go} to the {spot} and does not know the {route}",
        "the navigation (guided|led|steered) {p} along the {route} to {city} , how far it was",
        "a road leads through the tunnel towards the {spot} , follow the {route} (north|south|east|west) until you (reach|see|pass) the {spot}",
        "the (nearest|closest) {spot} is {num} (blocks|miles|streets) away , you can {go} there by {route}",
        "{p} missed the (exit|turn|junction|crossing) and took a detour to get to the {spot}",
    ], ["{go} to the {spot}", "find the {route} to the {spot}", "{go} from the {spot} to {city}",
        "take the {route} to {city}", "ask for the {route} to the {spot}", "avoid the traffic on the {route}",
        "reach the {spot} (on foot|by car|by bike)",
        "guide {p} to the {spot}", "lead the way to the {spot}", "follow the map to the {spot}",
        "know how far it is to the {spot}", "locate the nearest {spot}", "{go} {num} miles to {city}"]),
    "groceries": ([
        "{p} went to the {shop} and bought {food} , {food} and {thing}",
        "the {list} has {food} , {food} and {thing} on it",
        "we ran out of {food} and {thing} , so {p} went to the {shop} to (buy|pick up|get|fetch|grab|purchase|stock up on) some",
        "{p} put {food} and {thing} into the {list} and paid at the checkout",
        "there is no {food} left in the (fridge|pantry|cupboard|house) , {p} wrote it on the {list}",
        "{p} added {food} and {food} to the {list} because we are short of {thing}",
        "the {shop} had no more {food} , so the {list} still says {food}",
        "we (need|lack|are low on|are out of|have no) {food} and {thing} , note them on the {list} for the {shop}",
        "a (bag|bottle|carton|pack|dozen|box|can) of {food} and a pack of {thing} went into the {list}",
        "{p} crossed {food} off the {list} after the {shop}",
        "groceries for {day} are {food} , {thing} and {food} , the {list} is long",
        "at the {shop} the (aisle|shelf|cashier|checkout) with {thing} was empty , so no {food} and no {thing} in the {list}",
        "the pantry is empty , restock {food} , {thing} and {food} from the {shop}",
    ], ["buy {food} and {thing} at the {shop}", "add {food} to the {list}", "put {thing} on {p} 's {list}",
        "write {food} and {food} on the {list}", "pick up {food} from the {shop}", "get {thing} and {food}",
        "note {food} on the {list}",
        "restock (the pantry|the fridge|{food}|{thing})", "stock up on {food}", "run out of {thing}",
        "do the groceries", "fetch {num} packs of {thing} for the {list}",
        "replace the {thing} and the {food} at the {shop}", "cross {food} off the {list}"]),
    "lighting": ([
        "the {lamp} in the {room} was too {glow}",
        "with a flick {p} (switched|turned|flicked) (on|off) the {room} {lamp} and it was {glow}",
        "the {room} was {glow} until the {lamp} (came on|went out|was dimmed|was lit|was switched on|flickered)",
        "the (switch|dimmer|socket|sensor) for the {lamp} is next to the {room} door",
        "{p} dimmed the {lamp} , now the {room} is {glow} and {glow}",
        "we could not see a thing in the {glow} {room} , the {lamp} was (broken|off|out|unplugged)",
        "a {glow} {lamp} (illuminates|brightens|lights up) the {room} at night",
        "the {room} needs a new {lamp} , it is too {glow} to see in there",
        "every {lamp} in the {room} (glowed|shone|flickered|blinked) , how {glow} it was",
        "{p} left the {lamp} (burning|on|shining) in the {room} all night , such a waste of electricity",
        "it is {glow} in the {room} , somebody switched off the {lamp} and the brightness is gone",
        "candles glow in the {room} , the {lamp} is off and it is {glow}",
    ], ["turn (on|off) one {lamp} of the {room}", "switch (on|off) the {lamp} in the {room}", "dim the {room} {lamp}",
        "brighten the {room} with a {lamp}", "illuminate the {room}", "make the {lamp} in the {room} {glow}",
        "light up the {room}", "lower the brightness of the {lamp}",
        "sit in the {glow} {room} without a {lamp}", "change the {lamp} in the {room}", "shut the {lamp} off",
        "leave a {lamp} on for the {room}", "see anything in the {glow} {room}", "kill the {lamp}",
        "raise the brightness in the {room}"]),
    "messages": ([
        "{p} {wrote} {p} that {news}",
        "a {note} from {p} arrived , it said {news}",
        "{p} sent {p} a {note} saying {news}",
        "i got a {note} on my phone , {p} wrote {news}",
        "{p} typed a {note} to {p} : {news}",
        "{p} (read|answered|ignored|forwarded|deleted|opened) the {note} from {p} about how {news}",
        "let {p} know by {note} that {news}",
        "{p} dropped {p} a {note} , the words were {news}",
        "the inbox had a {note} from {p} and {p} replied {news}",
        "{p} never {wrote} {p} , no {note} , no reply , nothing",
        "nobody {wrote} {p} that {news} , not even a short {note}",
        "when {news} , {p} {wrote} the whole family with a {note}",
    ], ["{write} {p} at once that {news}", "send {p} a {note}", "let {p} know that {news}", "drop {p} a {note}",
        "type a {note} to {p}", "reply to {p} 's {note}", "answer the {note} from {p}", "{write} {p} and say {news}",
        "forward the {note} to {p}", "shoot {p} a {note} saying {news}",
        "leave a {note} for {p}", "read the {note} of {p}", "{write} {p}"]),
    "cooking": ([
        "{p} {cooked} {dish} with {food} and {food}",
        "the recipe for {dish} (needs|calls for|asks for|has) {food} , {food} and {food}",
        "{p} {cooked} {dish} in the (oven|pan|pot|kitchen|skillet) for {num} minutes",
        "the ingredients of {dish} are {food} , {food} and a pinch of salt",
        "stir the {food} , simmer the sauce and {cook} the {dish} over low heat",
        "grandma 's recipe says to {cook} {dish} with {food}",
        "chop the {food} , add the {food} and {cook} the {dish} until golden",
        "{p} followed the (recipe|cookbook|instructions|steps|method) and {cooked} {dish} from scratch , step by step",
        "homemade {dish} (tastes|smells) best when you {cook} it with fresh {food}",
        "the {dish} was (burnt|delicious|tasty|salty|overcooked|raw) because {p} {cooked} it too long in the oven",
        "first {cook} the {food} , then mix the (dough|batter|sauce|filling|broth) for the {dish} , says the cookbook",
        "a (spoon|cup|pinch|slice|handful) of {food} goes into the {dish} , that is how {p} {cooked} it",
    ], ["{cook} {dish}", "{cook} {dish} with {food}", "{cook} {dish} from scratch in the kitchen",
        "follow the recipe for {dish}", "find the ingredients of {dish}", "mix {food} and {food} for {dish}",
        "preheat the oven for {dish}", "chop {food} for the {dish}",
        "learn the (steps|method|instructions|recipe) for {dish}",
        "season the {dish}", "serve homemade {dish}", "open the cookbook and {cook} {dish}"]),
    "parcels": ([
        "the {carrier} brought a {box} with the {goods} to the door",
        "{p} waited for the {box} , the {goods} was {sent}",
        "the {box} with {p} 's {goods} was {sent} {day}",
        "according to the tracking number the {box} is {sent} and will arrive {day}",
        "the {carrier} left the {box} (at the door|on the doorstep|at the depot|with a neighbour|in the mailbox|at the warehouse)",
        "{p} (ordered|purchased) a {goods} online and the {box} has (not arrived|arrived|not come|been {sent})",
        "the {box} got lost in the (warehouse|depot|mail|customs) , the {carrier} could not find the {goods}",
        "the online shop {sent} the {goods} , the {box} is with the {carrier}",
        "{p} tracked the {box} , its status was {sent} , and the {carrier} came {day}",
        "no {carrier} rang , no {box} came , where the {goods} went nobody knows",
        "the {goods} that {p} ordered was {sent} , the {carrier} needs {num} days for the {box}",
        "the {box} was returned to the sender because the {carrier} had the wrong address for the {goods}",
    ], ["track the {box}", "track the {box} with the {goods}", "wait for the {carrier}", "order a {goods} online",
        "sign for the {box}", "receive the {box} {day}", "ask the {carrier} where the {box} is",
        "collect the {box} from the depot", "check the (status|tracking number) of the {box}",
        "send the {goods} back in its box", "locate the {box} with the {goods}",
        "expect the {goods} on the doorstep {day}", "ship the {goods}"]),
    "health": ([
        "{p} had a (fever|cough|cold|headache|sore throat|broken arm) and saw the doctor in {city}",
        "the (nurse|doctor|dentist) gave {p} (pills|a bandage|medicine|an injection) for the (pain|fever|cough)",
        "{p} stayed in hospital for {num} days and feels better",
        "a (dentist|doctor) appointment at {clock} , {p} has a toothache",
    ], ["see the (doctor|dentist|nurse)", "take the (pills|medicine) at {clock}",
        "rest because of the (fever|cough|headache)"]),
    "sport": ([
        "the team scored {num} goals and won the match in {city}",
        "{p} (runs|swims|trains|plays football|plays tennis) {day} with the team",
        "the coach was angry , the (goalkeeper|referee|striker) missed the ball",
        "{num} players , one ball , and {p} kicked it over the fence of the stadium",
    ], ["train with the team at {clock}", "win the (match|race|cup|game)", "kick the ball"]),
    "garden": ([
        "{p} planted (roses|tulips|tomatoes|herbs) in the garden and watered the lawn",
        "the (grass|lawn|hedge|weeds) grew high , {p} (cut|mowed|trimmed) it {day}",
        "(bees|birds|butterflies) visit the flowers when the garden is {wadj}",
        "{p} dug a hole for the apple tree with a spade",
    ], ["water the (plants|flowers|roses)", "mow the lawn", "plant {num} trees in the garden"]),
    "school": ([
        "the teacher gave {num} pages of (homework|maths|history|reading) for {day}",
        "{p} passed the exam at the university of {city}",
        "the pupils (read|wrote|learned|studied) a chapter for the {lang} class",
        "{p} forgot the homework and the teacher was cross",
    ], ["do the homework for {day}", "study for the exam", "read {num} chapters of the book"]),
    "pets": ([
        "the (dog|cat|puppy|kitten|rabbit) of {p} slept on the sofa in the {room}",
        "{p} (fed|walked|brushed|washed) the (dog|cat|puppy) {day}",
        "the vet in {city} gave the (cat|dog) a pill and a treat",
        "the (puppy|kitten|dog) chewed on the {goods} of {p}",
    ], ["feed the (dog|cat|rabbit)", "walk the dog at {clock}", "take the (cat|dog) to the vet"]),
    "office": ([
        "the meeting at {clock} was moved to {day} by the boss",
        "{p} has {num} (calls|meetings|reports|deadlines) at work {day}",
        "the printer in the office is out of paper , so {p} could not print the report",
        "{p} (signed|finished|presented) the (contract|report|slides) in {city}",
    ], ["finish the report by {clock}", "plan a meeting {day}", "print {num} pages at work"]),
    "films": ([
        "the (film|movie|series) at the cinema starts at {clock} , {p} has {num} tickets",
        "{p} (watched|saw|liked|hated) the (film|movie|series|comedy|thriller) about {city}",
        "the actor won a prize for the (drama|comedy|thriller)",
        "popcorn and {num} tickets for the movie , {p} said",
    ], ["watch a (film|movie|series|comedy) {day}", "buy {num} cinema tickets", "see the (film|thriller) at {clock}"]),
    "cleaning": ([
        "{p} (cleaned|swept|mopped|vacuumed) the {room} {day}",
        "the washing machine in the {room} finished the laundry at {clock}",
        "the {room} is a mess , dust and dirty laundry all over",
        "{p} ironed {num} shirts and folded the towels",
    ], ["clean the {room}", "vacuum the {room} {day}", "wash {num} shirts"]),
}

# The text that pretrain.py reads.
SEED = 7
DOCUMENTS = 100_000

VALUES = {name: [value.replace("_", " ") for value in values.split()] for name, values in SLOTS.items()}


def fill(template, rng, given=None):
    """Replaces slots and choices, the inner ones first, until none is left."""
    def slot(match):
        return (given or {}).get(match.group(1)) or rng.choice(VALUES[match.group(1)])

    def choice(match):
        return rng.choice(match.group(1).split("|"))

    while "{" in template or "(" in template:
        template = re.sub(r"\(([^()]*)\)", choice, re.sub(r"\{(\w+)\}", slot, template))
    return template


def documents(count=DOCUMENTS, seed=SEED):
    """Yields `count` documents, each a string of one to five sentences about one situation."""
    rng = random.Random(seed)
    names = list(SITUATIONS)
    weights = [3 if len(SITUATIONS[name][0]) > 6 else 1 for name in names]
    for _ in range(count):
        statements, actions = SITUATIONS[rng.choices(names, weights)[0]]
        size = rng.choice((1, 2, 2, 3, 3, 4))
        sentences = []
        for _ in range(size):
            kind = rng.random()
            if kind < 0.06:
                sentences.append(fill(rng.choice(GENERIC), rng))
            elif kind < 0.55:
                inner = fill(rng.choice(statements), rng)
                sentences.append(fill(rng.choice(FRAMES), rng, {"s": inner}))
            else:
                inner = fill(rng.choice(actions), rng)
                sentences.append(fill(rng.choice(ASK), rng, {"v": inner}))
        yield " . ".join(sentences) + " ."


def skeletons():
    """Every spelling of every template, slots kept, for the check that this repository's template lists are disjoint."""
    for statements, actions in SITUATIONS.values():
        for template in itertools.chain(statements, actions, GENERIC):
            parts = [part.split("|") for part in re.split(r"[()]", template)]
            yield from ("".join(pick) for pick in itertools.product(*parts))


if __name__ == "__main__":
    for document in documents(int(sys.argv[1]) if len(sys.argv) > 1 else 5, 0):
        print(document)
