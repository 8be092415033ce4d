#!/usr/bin/env python3
"""Prints how many Swift tests passed and failed.

    count.py REPORT LOG STATUS

REPORT is the xUnit file of `swift test`, LOG its output, STATUS its exit status. A run that crashed leaves no report;
then the log is counted, and at least one failure.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

SUMMARY = re.compile(r"Test run with (\d+) tests? .*(passed|failed) after")


def counts(report, log, status):
    try:
        root = xml.etree.ElementTree.parse(report).getroot()
        cases = list(root.iter("testcase"))
        failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
        skipped = sum(1 for case in cases if case.find("skipped") is not None)
        passed = len(cases) - failed - skipped
    except (OSError, xml.etree.ElementTree.ParseError):
        text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")
        passed = len(set(re.findall(r"Test (?!run with)(.+?) (?:with .*)?passed after", text)))
        failed = len(set(re.findall(r"Test (?!run with)(.+?) (?:with .*)?failed after", text)))
        summary = SUMMARY.search(text)
        if summary and summary.group(2) == "passed":
            passed, failed = int(summary.group(1)), 0
    return passed, max(failed, 1) if status else failed


if __name__ == "__main__":
    print(*counts(sys.argv[1], sys.argv[2], int(sys.argv[3])))
