#!/usr/bin/env python3
"""Makes entities/train.conll and entities/test.conll: sentences whose words are tagged with the scheme IOB2.

    python generate_entities.py

Needs Python's standard library only, and gives the same bytes every time. Templates and names are hand-written;
those of the test sentences are in no training sentence.
"""
import pathlib
import random
import re

HERE = pathlib.Path(__file__).resolve().parent / "entities"
SIZES = {"train": 400, "test": 100}
TEMPLATES = {
    "train": [
        "remind {PER} to call {PER} {TIME}", "book a table in {LOC} for {PER} {TIME}", "how far is it from {LOC} to {LOC}",
        "send a message to {PER} that i am in {LOC}", "what is the weather like in {LOC} {TIME}", "play some music for {PER}",
        "wake me up {TIME}", "{PER} will drive to {LOC} {TIME}", "show me the way to {LOC}",
        "did {PER} order the parcel {TIME}", "turn on the lights when {PER} comes home", "tell {PER} about the train to {LOC}",
    ],
    "test": [
        "text {PER} the address in {LOC}", "will it rain in {LOC} {TIME}", "{PER} and {PER} meet in {LOC} {TIME}",
        "set an alarm {TIME}", "ask {PER} when the bus leaves for {LOC}", "give {PER} the recipe {TIME}",
    ],
}
VALUES = {
    "PER": (["anna", "tom", "maria", "paul", "mrs baker", "uncle joe", "doctor hill", "lucy", "my brother sam", "peter"],
            ["emma", "john", "mr carter", "aunt rose", "doctor wood", "ben"]),
    "LOC": (["london", "paris", "the old town", "new york", "green street", "berlin", "the north station", "rome"],
            ["madrid", "the south station", "river street", "boston", "the new town"]),
    "TIME": (["tomorrow", "on monday", "at seven", "next week", "on friday morning", "tonight", "at half past six"],
             ["on tuesday", "at nine", "next month", "on sunday morning", "at half past two"]),
}


def sentence(template, column, rng):
    """The words of a template and their tags; a value begins with B- and goes on with I-."""
    words = []
    for part in re.findall(r"\{\w+\}|\S+", template):
        if part.startswith("{"):
            kind = part[1:-1]
            value = rng.choice(VALUES[kind][column]).split()
            words += [(word, ("B-" if i == 0 else "I-") + kind) for i, word in enumerate(value)]
        else:
            words.append((part, "O"))
    return words


def main():
    HERE.mkdir(exist_ok=True)
    for column, (name, size) in enumerate(SIZES.items()):
        rng = random.Random(f"entities {name}")
        seen, sentences = set(), []
        while len(sentences) < size:
            words = sentence(rng.choice(TEMPLATES[name]), column, rng)
            key = tuple(words)
            if key not in seen or len(seen) > 10 * size:
                seen.add(key)
                sentences.append("".join(f"{word} {tag}\n" for word, tag in words))
        (HERE / f"{name}.conll").write_text("\n".join(sentences), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
