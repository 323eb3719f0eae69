# Licensed under the Apache License, Version 2.0. See http://www.apache.org/licenses/LICENSE-2.0
"""Writes intents/train.csv and intents/test.csv, the quickstart's data: what people say to an assistant, 12 intents.

Train and test share no template, and the test templates prefer other words for the same thing ("package" in train,
"shipment" in test), as do the slots that give an intent away (dishes, languages, music, ...). Who only counts the
words of the train sentences therefore fails on many test sentences; who knows which words go together does not.

    python generate_intents.py            writes both files, the same bytes every time
    python generate_intents.py --check    also checks that train, test and the pretraining text of models/mini-encoder
                                          share neither a template nor a sentence
"""
import csv
import itertools
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20240611
PER_INTENT = {"train": 100, "test": 25}

# Slots of both files: they say nothing about the intent.
SHARED = {
    "p": "anna ben carla david elena frank grace hugo ines jonas karin leo maria nina oscar paula robert sofia tom "
         "vera mom dad my_sister my_brother my_boss my_wife my_husband",
    "city": "paris berlin london rome madrid lisbon vienna oslo dublin prague athens zurich geneva hamburg boston "
            "chicago seattle denver toronto sydney tokyo",
    "day": "today tonight tomorrow on_monday on_tuesday on_wednesday on_thursday on_friday on_saturday on_sunday "
           "this_weekend this_evening",
    "clock": "5 6 7 8 9 5:30 6:15 6:30 6:45 7:15 7:30 7:45 8:15 six seven eight half_past_six quarter_to_eight",
    "num": "two three four five six seven eight",
    "cash": "20 30 40 50 75 80 120 150 200 250 300 fifty sixty a_hundred",
    "said": "i_am_running_late dinner_is_ready i_will_be_home_soon we_are_stuck i_miss_her we_arrived_safely "
            "the_door_is_open i_am_at_work practice_is_cancelled",
}

# Slots that give the intent away: train has some values, test has others.
TRAIN_SLOTS = {
    "ask": "~ ~ ~ please hey_, can_you could_you can_you_please i_want_you_to i_need_you_to",
    "wadj": "rainy sunny cold hot windy warm",
    "dish": "pancakes lasagna soup pizza apple_pie chili brownies fried_rice",
    "food": "milk eggs bread butter apples cheese bananas rice coffee",
    "thing": "soap toothpaste paper_towels batteries",
    "lang": "french german spanish italian",
    "hello": "hello good_morning thank_you goodbye where_is_the_station i_am_hungry see_you_tomorrow",
    "genre": "jazz rock pop classical piano hip_hop",
    "room": "kitchen bedroom living_room hallway bathroom",
    "spot": "airport museum train_station hospital library stadium",
    "cuisine": "italian french indian mexican thai",
    "goods": "shoes headphones book laptop camera jacket",
}
TEST_SLOTS = {
    "ask": "~ ~ ~ kindly would_you go_ahead_and i_would_like_you_to any_chance_you_could",
    "wadj": "chilly humid stormy foggy freezing damp",
    "dish": "risotto goulash omelette dumplings stew banana_bread waffles paella",
    "food": "flour yogurt carrots spinach honey lettuce olives mushrooms",
    "thing": "shampoo napkins detergent tissues",
    "lang": "polish japanese swedish turkish dutch korean",
    "hello": "cheers good_night excuse_me how_much_is_it good_luck my_friend water",
    "genre": "blues reggae techno folk metal swing",
    "room": "attic garage office basement dining_room",
    "spot": "harbour zoo castle cinema university pharmacy",
    "cuisine": "greek turkish korean vietnamese lebanese",
    "goods": "sweater backpack keyboard tent printer",
}

TRAIN = {
    "weather": [
        "what is the weather (like|going to be) in {city} {day}",
        "how is the weather in {city}",
        "will it rain in {city} {day}",
        "do i need an umbrella {day}",
        "is it {wadj} in {city} right now",
        "{ask} give me the weather for {city}",
        "{ask} tell me if it will be {wadj} {day}",
        "what's the weather gonna be {day}",
        "i want to know whether it is {wadj} {day}",
        "is there snow in {city} {day}",
        "weather {city} {day}",
        "how {wadj} is it {day}",
    ],
    "alarm": [
        "{ask} set an alarm for {clock}",
        "{ask} wake me up at {clock} {day}",
        "i have to get up at {clock}",
        "{ask} make the alarm ring at {clock} {day}",
        "alarm at {clock} {day}",
        "i need to wake up before {clock}",
        "{ask} put my alarm on {clock} in the morning",
        "{ask} change my alarm from {clock} to {clock}",
        "wake me {day} at {clock}",
        "is my alarm set for {clock}",
        "{ask} cancel the {clock} alarm",
        "gotta get up at {clock} {day}",
    ],
    "music": [
        "{ask} play some {genre} music",
        "{ask} play a {genre} song",
        "{ask} play the new {genre} album",
        "i want to hear a {genre} song",
        "{ask} start my {genre} playlist",
        "play {genre} songs in the {room}",
        "some {genre} music would be nice",
        "{ask} play my favourite {genre} singer",
        "can i have some {genre} music",
        "next song",
        "{ask} play the song again",
        "what is the name of this {genre} song",
    ],
    "transfer": [
        "{ask} transfer {cash} dollars to {p}",
        "{ask} send {cash} dollars to {p} from my account",
        "{ask} pay {p} {cash} dollars",
        "i want to transfer money to {p}",
        "{ask} move {cash} dollars to my other account",
        "transfer {cash} to {p} {day}",
        "i have to pay {p} {cash} dollars {day}",
        "{ask} make a bank transfer of {cash} dollars to {p}",
        "{ask} send money to {p} , {cash} dollars",
        "how do i transfer {cash} dollars from my bank account",
        "gotta pay {p} {cash} dollars",
    ],
    "restaurant": [
        "{ask} book a table for {num} at {clock}",
        "{ask} book a table at the {cuisine} restaurant {day}",
        "i want a table for {num} {day}",
        "{ask} find a {cuisine} restaurant with a free table",
        "is there a table for {num} at the {cuisine} restaurant",
        "we want to have dinner at a {cuisine} restaurant {day}",
        "{ask} get us a restaurant table for {num}",
        "book {cuisine} restaurant {day}",
        "{ask} book dinner for {num} at {clock}",
        "wanna have dinner at the {cuisine} restaurant with {p}",
        "{ask} book a restaurant in {city} for {num} people",
    ],
    "translate": [
        "{ask} translate {hello} into {lang}",
        "how do you say {hello} in {lang}",
        "what is {hello} in {lang}",
        "what does {hello} mean in {lang}",
        "{ask} translate this sentence to {lang}",
        "i need the {lang} translation of {hello}",
        "{ask} tell me how to say {hello} in {lang}",
        "translate from {lang} to {lang}",
        "how would i say {hello} to {p} in {lang}",
        "{ask} translate the word {hello}",
        "say {hello} in {lang}",
    ],
    "directions": [
        "how do i get to the {spot}",
        "what is the best way to the {spot}",
        "{ask} show me the way to the {spot}",
        "{ask} give me directions to the {spot}",
        "directions to {city} {spot}",
        "i need directions from the {spot} to the {spot}",
        "which way is the {spot}",
        "{ask} take me to the {spot} in {city}",
        "how can i get from here to the {spot}",
        "how long to the {spot} by car",
        "{ask} find the way to {city}",
        "i am lost , which way to the {spot}",
    ],
    "shopping": [
        "{ask} add {food} to my shopping list",
        "{ask} add {food} and {food} to the list",
        "{ask} put {thing} on the shopping list",
        "i need to buy {food} and {thing}",
        "we have to buy {food} {day}",
        "is {food} on my shopping list",
        "{ask} buy {food} and {food}",
        "{ask} remove {food} from my shopping list",
        "shopping list : {food} , {food} and {thing}",
        "what is on the shopping list for {day}",
        "{ask} remember to buy {thing}",
    ],
    "lights": [
        "{ask} turn on the {room} light",
        "{ask} turn off the lights in the {room}",
        "{ask} turn the {room} lamp off",
        "lights off in the {room}",
        "{room} light on",
        "{ask} make the {room} lights bright",
        "did i turn off the {room} light",
        "i want the lights on in the {room}",
        "the light in the {room} is still on",
        "the {room} lamp is too bright",
        "{ask} turn on every light {day}",
    ],
    "message": [
        "{ask} send a message to {p}",
        "{ask} send {p} a text saying {said}",
        "{ask} text {p} that {said}",
        "{ask} tell {p} {said}",
        "{ask} message {p} and say {said}",
        "text {p} : {said}",
        "i want to send a message to {p}",
        "did {p} send me a message",
        "new message to {p} : {said}",
        "{ask} read my last text from {p}",
        "i have to text {p} {day}",
    ],
    "recipe": [
        "how do i make {dish}",
        "{ask} give me a recipe for {dish}",
        "{ask} find a {dish} recipe",
        "i want to cook {dish} {day}",
        "how long do i cook {dish}",
        "recipe for {dish} with {food}",
        "what can i cook with {food} and {food}",
        "{ask} show me how to make {dish}",
        "what is a good recipe for {num} people",
        "can i make {dish} without {food}",
        "wanna make {dish} with {p}",
    ],
    "parcel": [
        "where is my package",
        "when will my package arrive",
        "has my order with the {goods} arrived",
        "{ask} check my order",
        "{ask} find out where my {goods} order is",
        "my package from {city} is not here",
        "will the delivery come {day}",
        "i am waiting for a package with a {goods}",
        "when is the delivery of my {goods}",
        "did a package for {p} arrive",
        "what's up with the delivery of the {goods}",
        "is my order coming {day}",
    ],
}

TEST = {
    "weather": [
        "any (showers|drizzle|thunderstorm|sleet|hail) expected {day} around {city}",
        "{ask} read out the forecast",
        "should i wear a (raincoat|scarf) {day}",
        "what temperature are we getting {day}",
        "forecast please , {city} , {day}",
        "are the clouds clearing up over {city}",
        "i heard a (storm|blizzard) is near {city} , true ?",
        "how many degrees outside at {clock}",
        "seems (chilly|foggy|humid) outdoors , does it stay that way {day}",
        "will we see some sunshine {day}",
    ],
    "alarm": [
        "{ask} rouse me by {clock}",
        "don't let me oversleep {day} , {clock} is the latest",
        "i must be out of bed by {clock}",
        "the clock should buzz at {clock} {day}",
        "{ask} have the buzzer go off at {clock}",
        "let me snooze until {clock}",
        "i would hate to be asleep after {clock} {day}",
        "{ask} stop the beep , i'm awake",
        "early shift {day} , no sleeping past {clock}",
        "a nap until {clock} , then buzz",
    ],
    "music": [
        "{ask} put on a {genre} tune",
        "i feel like listening to {genre}",
        "{ask} stream that {genre} band",
        "{ask} turn up the volume , great melody",
        "let's hear some {genre} through the speakers",
        "in the mood for a {genre} concert recording",
        "who is the guitarist on this {genre} track",
        "skip this track",
        "got any {genre} records from {p}",
        "{ask} shuffle {genre} hits on the stereo",
    ],
    "transfer": [
        "{ask} wire {p} {cash} euros",
        "i owe {p} {cash} bucks , settle that debt",
        "{ask} put {cash} pounds into my savings",
        "{p} lent me {cash} euros , give it back",
        "{ask} deposit {cash} euros for {p}",
        "rent is due , {cash} euros go to {p}",
        "repay {p} the loan of {cash} francs",
        "{ask} remit {cash} euros abroad",
        "{ask} shift {cash} pounds out of savings",
        "reimburse {p} , it was {cash} bucks",
    ],
    "restaurant": [
        "{ask} reserve seats for a party of {num}",
        "we'd love to dine {cuisine} {day} , {num} of us",
        "any {cuisine} bistro that has a free booth {day}",
        "{ask} make a reservation under the name {p}",
        "i'm eating out with {p} {day} , grab us a spot at a diner",
        "{num} guests , {cuisine} brasserie , {clock}",
        "does that {cuisine} tavern accept bookings",
        "lunch at some {cuisine} eatery for {num} of us",
        "{ask} secure a window seat at the trattoria",
        "supper for {num} at the {cuisine} grill , {clock} sharp",
    ],
    "translate": [
        "{ask} interpret {hello} for a {lang} speaker",
        "which phrase do {lang} locals use for {hello}",
        "{ask} express {hello} the {lang} way",
        "how is {hello} pronounced by {lang} people",
        "my {lang} vocabulary is bad , what's their expression for {hello}",
        "{hello} , but as a {lang} phrase",
        "the {lang} equivalent of {hello} , if you know it",
        "what would a {lang} speaker understand by {hello}",
        "{ask} put this saying into {lang}",
        "i don't understand the {lang} sign , decode it",
    ],
    "directions": [
        "{ask} navigate us to the {spot}",
        "what is the shortest route towards the {spot}",
        "how many miles until we reach the {spot}",
        "where's the nearest {spot} on the map",
        "{ask} guide us along a road without traffic",
        "is there a detour around the highway to {city}",
        "on foot , what path leads to the {spot}",
        "must i turn left at the {spot}",
        "{ask} avoid the motorway when we drive to {city}",
        "how far away is the closest {spot}",
    ],
    "shopping": [
        "we ran out of {food} and {food}",
        "there's no {food} left in the fridge , note it",
        "{ask} write down {thing} for the supermarket",
        "pick up {food} and {thing} at the grocery store",
        "{ask} drop some {food} into the cart",
        "{ask} restock the {food} and the {thing}",
        "we're low on {thing}",
        "groceries for {day} should include {food}",
        "{ask} cross {food} off , the pantry has plenty",
        "one bag of {food} and a pack of {thing} in the basket",
    ],
    "lights": [
        "{ask} dim those bulbs in the {room}",
        "it's too dark in the {room}",
        "{ask} illuminate the {room} {day}",
        "{ask} switch the {room} lantern off",
        "{ask} lower the brightness in the {room}",
        "i can't see a thing in this {room} , so gloomy",
        "{ask} flick the switch for the ceiling bulb",
        "a soft glow for the {room} at night",
        "the spotlights in the {room} are dazzling",
        "why is the chandelier glowing in the {room}",
    ],
    "message": [
        "{ask} drop {p} a line",
        "{ask} let {p} know {said}",
        "{ask} shoot {p} an email : {said}",
        "{ask} inform {p} that {said}",
        "reply to {p} with {said}",
        "{ask} write {p} a note",
        "{p} ought to be notified that {said}",
        "{ask} ping {p} , {said}",
        "any reply in my inbox from {p}",
        "forward that mail to {p}",
    ],
    "recipe": [
        "which ingredients go into {dish}",
        "{ask} explain the steps for homemade {dish}",
        "{ask} teach me to prepare {dish}",
        "at what heat does {dish} go in the oven",
        "should i simmer or roast the {dish}",
        "what's in the dough of {dish}",
        "the cookbook instructions for {dish} , step by step",
        "how does one bake {dish} from scratch",
        "how much {food} goes into the sauce of {dish}",
        "i've got {food} in the pan , what do i stir in next for {dish}",
    ],
    "parcel": [
        "{ask} track the shipment",
        "was the {goods} dispatched yet",
        "has the courier left my {goods} on the doorstep",
        "what does the tracking number say about the {goods}",
        "is the parcel still at the depot",
        "the carrier lost my {goods}",
        "my {goods} should have been shipped {day} , any status",
        "did the postman bring a {goods}",
        "the consignment for {p} is delayed , isn't it",
        "is the {goods} i purchased in transit",
    ],
}


def variants(template):
    """The template's spellings: every choice made, slots kept."""
    parts = [part.split("|") for part in re.split(r"[()]", template)]
    return ["".join(pick) for pick in itertools.product(*parts)]


def fill(template, slots, rng):
    def value(match):
        return rng.choice(slots[match.group(1)]).replace("_", " ").replace("~", "")
    return " ".join(re.sub(r"\{(\w+)\}", value, template).split())


def sentences(templates, own, count, rng, taken):
    """`count` sentences an intent, spread over its templates as evenly as their slots allow."""
    slots = {name: values.split() for name, values in {**SHARED, **own}.items()}
    rows = []
    for label, forms in templates.items():
        made, turn = 0, 0
        while made < count:
            if turn > 100 * count:
                raise SystemExit("too few templates for " + label)
            text = fill(rng.choice(variants(forms[turn % len(forms)])), slots, rng)
            turn += 1
            if text not in taken:
                taken.add(text)
                rows.append((text, label))
                made += 1
    rng.shuffle(rows)
    return rows


def check(files):
    """Fails when train, test and the pretraining text share a template or a sentence."""
    sys.path.insert(0, str(HERE.parent.parent / "models" / "mini-encoder"))
    import corpus

    def bare(text):
        return re.sub(r"\{\w+\}", "{}", " ".join(text.replace("{ask}", "").split()))

    def skeletons(templates):
        return {bare(variant) for template in templates for variant in variants(template)}

    train = skeletons(itertools.chain(*TRAIN.values()))
    test = skeletons(itertools.chain(*TEST.values()))
    other = {bare(template) for template in corpus.skeletons()}
    for name, shared in (("train and test", train & test), ("train and pretraining", train & other),
                         ("test and pretraining", test & other)):
        if shared:
            raise SystemExit("shared templates of %s: %s" % (name, sorted(shared)))
    spoken = {text for rows in files.values() for text, _ in rows}
    lengths = sorted({len(text.split()) for text in spoken if len(text.split()) > 3})
    found = set()
    for document in corpus.documents():
        words = document.split()
        for length in lengths:
            for start in range(len(words) - length + 1):
                found.update({" ".join(words[start:start + length])} & spoken)
    if found:
        raise SystemExit("inside the pretraining text: %s" % sorted(found))
    print("disjoint: %d train, %d test, %d pretraining templates" % (len(train), len(test), len(other)))


def main():
    rng, taken = random.Random(SEED), set()
    files = {"train": sentences(TRAIN, TRAIN_SLOTS, PER_INTENT["train"], rng, taken),
             "test": sentences(TEST, TEST_SLOTS, PER_INTENT["test"], rng, taken)}
    folder = HERE / "intents"
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        with open(folder / (name + ".csv"), "w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows([("text", "label"), *rows])
    print(", ".join("%s %d" % (name, len(rows)) for name, rows in files.items()))
    if "--check" in sys.argv[1:]:
        check(files)


if __name__ == "__main__":
    main()
