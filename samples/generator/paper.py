"""The paper archive: scans of one user's papers with their descriptions, and attestations of searches by hand.

Every request for access in samples/requests is answered after such a search, so that each of its users has one.
"""

from . import world
from .attachments import pdf, png
from .numbers import Chance

PLACES = ("arkistohuoneen lukittu kaappi", "toimiston kansiot")

# User, day of the search: not before the request was received.
NOTHING_FOUND = (
    (world.SHARED_COMPUTER[0], "2026-11-06"),
    (world.CHANGED_NAME, "2026-09-07"),
    (world.NOTHING, "2026-11-09"),
    (world.USER_AND_BUYER, "2026-11-11"),
    (world.PRIVATE_PERSONS[0], "2026-11-10"),
)


def _yaml(**values):
    return "".join(f"{key}: {value}\n" for key, value in values.items()).encode()


def _attestation(user, day, result):
    return _yaml(about=user, places=f"[{', '.join(PLACES)}]", role="tietosuojavastaava", date=day, result=result)


def build():
    """Path inside samples/ → bytes."""
    own = f"paper/files/{world.MAIN}"
    files = {
        f"{own}/contract.pdf": pdf("Sopimus palvelun kaytosta. Allekirjoitettu 2019-02-25."),
        f"{own}/contract.yaml": _yaml(
            about=world.MAIN, kind="contract", title="Sopimus palvelun käytöstä", date="2019-02-25", place=PLACES[0],
            provided_by="subject", language="fi", pages=1, others="none"),
        # Not for the person as it is: it shows somebody else.
        f"{own}/letter.png": png(Chance("paper")),
        f"{own}/letter.yaml": _yaml(
            about=world.MAIN, kind="letter", title="Kirje laskun viivästymisestä", date="2021-02-03", place=PLACES[1],
            provided_by="third-party", language="fi", pages=1, others="present"),
        f"{own}/attestation.yaml": _attestation(world.MAIN, "2026-11-03", "found"),
    }
    for user, day in NOTHING_FOUND:
        files[f"paper/searches/{user}.yaml"] = _attestation(user, day, "nothing-found")
    return files
