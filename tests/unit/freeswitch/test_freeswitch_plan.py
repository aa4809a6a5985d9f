"""The lab's number plan is the one the README prints."""

import re

import pytest
from audio import SPEECH
from freeswitch_conf import LAB, ROOT, load

ENDINGS = [f"{number:02d}" for number in range(100)]
WITHOUT_OUTCOME = {"00", *(str(number) for number in range(14, 20))}


def readme_plan():
    """Digits -> (rings, plays, then)."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| Digits | Rings s |")[2].partition("\n\n")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]
    return {row[0]: tuple(row[1:4]) for row in rows}


NAMED = {"agent": "agentNNNN", "corpus": "33810NNNN"}


def dialplan_plan():
    return {NAMED.get(one.get("name"), one.get("name")): summary(one) for one in extensions()}


def extensions():
    return load(LAB, {"RELANCE_LAB_AUDIO": "/audio"}).findall(".//context[@name='lab']/extension")


def summary(extension):
    """What the actions amount to, in the words of the README."""
    steps = [(one.get("application"), one.get("data", "")) for one in extension.iter("action")]
    names = [name for name, _ in steps]
    answer = names.index("answer") if "answer" in names else len(steps)
    rings = sum(int(data) for name, data in steps[:answer] if name == "sleep") / 1000
    before, after = plays(steps[:answer]), plays(steps[answer:])
    sounds = [", ".join(before) + " before answer"] if before else []
    return f"{rings:g}", ", ".join(sounds + after), ending(steps, answer)


def plays(steps):
    sounds = []
    for name, data in steps:
        if name in {"playback", "endless_playback"}:
            sounds.append(sound(data))
        elif name == "send_dtmf":
            sounds.append("DTMF " + data.partition("@")[0])
    return sounds


def sound(data):
    tones = {"440,480": "ringback", "913.8": "SIT", "500,0,1000": "beep"}
    if data.startswith("tone_stream"):
        return next(name for part, name in tones.items() if part in data)
    return data.rpartition("/")[2].removesuffix(".wav")


def ending(steps, answer):
    name, data = steps[-1]
    if name == "respond":
        return data.split()[0]
    if name == "endless_playback":
        return "stays"
    stays = [int(data) for name, data in steps[answer:] if name == "sleep"]
    return f"hangs up after {(stays[-1] if stays else 0) / 1000:g} s"


def matching(number):
    for extension in extensions():
        condition = extension.find("condition")
        if re.search(condition.attrib["expression"], number):
            return extension.get("name")
    return None


def test_readme_table_equals_the_dialplan():
    assert readme_plan() == dialplan_plan()


@pytest.mark.parametrize("prefix", ["336123400", "+336123400", ""])
def test_each_ending_meets_the_extension_that_names_it(prefix):
    plan = {ending: matching(prefix + ending) for ending in ENDINGS}
    assert {ending for ending, name in plan.items() if name is None} == WITHOUT_OUTCOME
    for digits, name in plan.items():
        if name is not None:
            first, _, last = name.partition("-")
            assert first <= digits <= (last or first)


def test_agents_phones_are_told_from_numbers():
    assert matching("agent1001") == "agent"
    assert matching("1001") == "01"


def test_people_answer_after_2_to_12_seconds():
    rings = [
        float(dialplan_plan()[name][0]) for name in ("20-24", "25-29", "30-34", "35-39", "40-44")
    ]
    assert (min(rings), max(rings)) == (2, 12)


def test_every_sound_is_made_by_the_script():
    text = (LAB / "dialplan" / "plan.xml").read_text(encoding="utf-8")
    assert set(re.findall(r"\}/(\w+)\.wav", text)) == set(SPEECH)
