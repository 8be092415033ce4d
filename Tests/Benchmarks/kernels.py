"""Counts instructions with callgrind and attributes them to the hottest kernels by the names of their functions."""

import re
import subprocess

import measure

READER = "usage log reader"
TOKENIZER = "  of it: JSON tokenizer"
LINES = "JSON record encoder"
JOINER = "JSON file joiner"
CSV = "CSV encoder"
XML = "XML encoder"
DEFLATE = "deflate"
SHA = "SHA-256"

# The outermost function of each kernel; counts include what it calls.
FUNCTIONS = {
    READER: re.compile(r"17UsageLogExtractor10LineReaderV4read"),
    TOKENIZER: re.compile(r"15PortabilityText13JSONTokenizerV8tokenizeyAA9JSONFaultVSgSWF"),
    LINES: re.compile(r"18PortabilityFormats17RecordJSONEncoderV6append_2to"),
    JOINER: re.compile(r"18PortabilityFormats14JSONFileJoinerV6append"),
    CSV: re.compile(r"18PortabilityFormats10CSVEncoderV6encode"),
    XML: re.compile(r"18PortabilityFormats10XMLEncoderV6encode"),
    DEFLATE: re.compile(r"18PortabilityArchive12TextDeflaterC7deflate"),
    SHA: re.compile(r"^CCryptoBoringSSL_sha256_block_data_order"),
}

# What is counted in an export of a format, and whose bytes it is counted against.
OF_FORMAT = {
    "json": [(READER, "input"), (TOKENIZER, "input"), (LINES, "output"), (JOINER, "output"), (DEFLATE, "output")],
    "csv": [(CSV, "output")],
    "xml": [(XML, "output")],
}


def count(command, folder, run):
    """Instructions of one run: "total", and of each kernel that was found."""
    profile = folder / "callgrind.out"
    run(["valgrind", "--tool=callgrind", "--callgrind-out-file=%s" % profile, *command])
    result = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--show-percs=no", profile],
        capture_output=True,
        text=True,
    )
    profile.unlink()
    if result.returncode != 0:
        raise measure.Failed(result.stderr[-2000:])
    counts = {}
    for line in result.stdout.splitlines():
        match = re.match(r"\s*([\d,]+)\s+(\S.*)$", line)
        if not match:
            continue
        instructions = int(match.group(1).replace(",", ""))
        if "PROGRAM TOTALS" in match.group(2):
            counts["total"] = instructions
            continue
        name = re.sub(r"^[^:]*:|'\d+$| \[.*$", "", match.group(2))
        for kernel, function in FUNCTIONS.items():
            # A function and its thunks count each other's work: the largest has it all.
            if function.search(name):
                counts[kernel] = max(counts.get(kernel, 0), instructions)
    if "total" not in counts:
        raise measure.Failed("callgrind_annotate told no total")
    return counts
