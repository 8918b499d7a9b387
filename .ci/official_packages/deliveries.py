"""The official packages for Python read every kind of delivery of the simulators."""

import json
import os
import sys

import dodopayments
from polar.v2026_04 import webhooks as polar_2026_04
from polar.v2026_10 import webhooks as polar_2026_10

POLAR = {"2026-04": polar_2026_04, "2026-10": polar_2026_10}


def dodo(delivery):
    client = dodopayments.DodoPayments(bearer_token="x", webhook_key=delivery["secret"])
    return client.webhooks.unwrap(delivery["body"], headers=delivery["headers"])


def polar(delivery):
    version = json.loads(delivery["body"]).get("api_version", "2026-04")
    return POLAR[version].validate_event(delivery["body"], delivery["headers"], delivery["secret"])


# The releases that a package does not read: since 1.0 Polar's needs `api_version`, which no delivery had before October 2026.
NOT_READ = {("polar", "2026-08")}
READERS = {"dodo": dodo, "polar": polar}
kinds, unread = set(), {}
with open(os.environ["DELIVERIES"]) as lines:
    for delivery in map(json.loads, lines):
        read = READERS.get(delivery["vendor"])
        if read is None or (delivery["vendor"], delivery["release"]) in NOT_READ:
            continue
        kind = (delivery["vendor"], delivery["release"], json.loads(delivery["body"])["type"])
        kinds.add(kind)
        try:
            event = read(delivery)
            assert event.type == kind[2]
        except Exception as error:
            unread.setdefault(kind, f"{error!r}: {error.__cause__!r}")
for kind, error in sorted(unread.items()):
    print("not read:", *kind, error)
print(f"{len(kinds) - len(unread)} of {len(kinds)} kinds of deliveries read")
sys.exit(bool(unread))
