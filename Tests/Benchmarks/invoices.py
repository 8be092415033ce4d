"""A pile of 100,000 invoices: one party's found in it beside `rg -l`, and all of them read beside `xmllint --stream`."""

import zipfile

import answers
import data
import measure

MB = 1e6
NAME = "data/invoicing/invoices."


def configuration(bench, match, name):
    text = "  invoices:\n    kind: invoices\n    role: controller\n    datasets:\n"
    text += data.DATASET % ("invoices", "invoice", "invoicing")
    text += "        path: pile/*.xml\n        direction: received\n        originals: false\n        attachments: false\n"
    text += "        match: { business_id: %s }\n" % match
    config, request = data.write_configuration(bench.folder, text, name=name)
    config.write_text(config.read_text().replace(
        "  customer_number: { unique: true }\n", "  business_id: { unique: true }\n"))
    request.write_text("".join(
        "identifiers: { business_id: '%s' }\n" % data.PARTY if line.startswith("identifiers:") else line
        for line in request.read_text().splitlines(keepends=True)))
    return config, request


def invoices(bench):
    count = bench.size or (2_000 if bench.small else 100_000)
    bench.note("  writing %d invoices" % count)
    measure.in_own_process(data.pile_of_invoices, bench.folder / "pile", count)
    hits = len(range(501, count, 1000))
    size = sum(path.stat().st_size for path in (bench.folder / "pile").iterdir())
    archive, command = bench.export(configuration(bench, "buyer.legal_id", "one"), ["json"])
    ours, peers = [], []
    for number in range(bench.runs + 1):
        bench.note("  one party, run %d" % number)
        peer = measure.run(["rg", "-l", "-F", "--no-config", data.PARTY, "pile"], folder=bench.folder)
        mine = bench.measure(command)
        if number > 0 or bench.small:
            peers.append(peer)
            ours.append(mine)
    bench.check(expect_invoices, archive, hits)
    rows = [line("one party's, beside `rg -l -F`", ours, peers, size, "wall", 1.5)]
    # Every invoice is in euros: so all of them are somebody's whose identifier is the currency.
    config, request = configuration(bench, "currency", "all")
    request.write_text(request.read_text().replace(data.PARTY, "EUR"))
    archive, command = bench.export((config, request), ["json"])
    script = "find pile -name '*.xml' -print0 | sort -z | xargs -0 xmllint --stream --noout"
    ours, peers = [], []
    for number in range(bench.runs):
        bench.note("  all, run %d" % number)
        peers.append(measure.run(["sh", "-c", script], folder=bench.folder))
        ours.append(bench.measure(command))
    bench.check(answers.expect_records, archive, NAME + "json", count)
    rows.append(line("all, beside `xmllint --stream --noout`: CPU decides", ours, peers, size, "cpu", 1.0))
    bench.table(
        "%s invoices, %.0f MB in one folder (medians of %d)" % (f"{count:,}", size / MB, bench.runs),
        ["", "ours s", "CPU s", "MB/s", "peak MB", "peer s", "CPU s", "ratio", "goal"], rows)  # fmt: skip


def line(what, ours, peers, size, decides, target):
    ratio = measure.median(ours, decides) / measure.median(peers, decides)
    wall = measure.median(ours, "wall")
    return [
        what, "%.2f" % wall, "%.2f" % measure.median(ours, "cpu"), "%.0f" % (size / MB / wall),
        "%.0f" % (max(run.memory for run in ours) / MB), "%.2f" % measure.median(peers, "wall"),
        "%.2f" % measure.median(peers, "cpu"), "%.2f" % ratio,
        "%g: %s" % (target, "met" if ratio <= target else "missed"),
    ]  # fmt: skip


def expect_invoices(archive, hits):
    """The party's invoices, and not those that only name it."""
    answers.expect_records(archive, NAME + "json", hits)
    with zipfile.ZipFile(archive) as zipped:
        text = zipped.read(NAME + "json").decode()
    if text.count(data.PARTY) < hits:
        raise answers.Differs("an invoice of somebody else is in the archive")
