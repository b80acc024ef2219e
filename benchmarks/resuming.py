"""All come back at once: what each missed must reach it whole and in order."""

import re

from benchmarks import marks
from benchmarks.client import Plan
from benchmarks.crowd import Crowd, Refused
from benchmarks.figures import Figures

SAID = re.compile(rb'"type":"said","room":"[^"]*","seq":(\d+)')
EPOCH = re.compile(rb'"epoch":"([^"]+)"')
PATIENCE = 120_000_000
"""In µs."""


def measure(plan: Plan, messages: int) -> Figures:
    """Drop everybody, say `messages`, and bring them back behind the first that all have."""
    witness = Crowd(plan._replace(clients=1))
    witness.connect()
    present = Crowd(plan)
    present.connect(keep=True)
    witness.say(witness.clients[0])
    present.expected = witness.expected
    _until_all_is_there(present)
    kept = present.clients[0].kept
    assert kept is not None
    epochs, seqs = EPOCH.findall(kept), SAID.findall(kept)
    if not (epochs and seqs):
        raise Refused("the server tells no position to come back to")
    since = int(seqs[-1])
    present.leave(present.clients)
    # Few at a time, as commands that wait are few.
    for number in range(messages):
        witness.say(witness.clients[0])
        if number % 20 == 19:
            _until_all_is_there(witness)
    _until_all_is_there(witness)
    path = f"{plan.dialect.path('lobby')}&since={since}&epoch={epochs[0].decode()}"
    back = Crowd(plan, path)
    back.expected = {"lobby": messages}
    began = marks.now()
    connected = back.connect(keep=True)
    _until_all_is_there(back)
    took = (marks.now() - began) / 1e6
    wanted = list(range(since + 1, since + messages + 1))
    missing = sum(lacking(bytes(each.kept or b""), wanted) for each in back.clients)
    return {
        "resume_s": took,
        "connect_s": connected,
        "deliveries_per_s": back.heard / took,
        "missing": missing,
        "closed": back.closed + present.closed + witness.closed,
    }


def lacking(came: bytes, wanted: list[int]) -> int:
    """Count the numbers that did not come in their place, and what came beside them."""
    found = [int(seq) for seq in SAID.findall(came)]
    wrong = sum(one != other for one, other in zip(found, wanted, strict=False))
    return wrong + abs(len(wanted) - len(found))


def _until_all_is_there(crowd: Crowd) -> None:
    began = marks.now()
    while crowd.missing and marks.now() - began < PATIENCE:
        crowd.turn(0.01)
