#!/usr/bin/env python3
"""Prints how many Swift tests passed and failed.

    count.py REPORT LOG STATUS FAILURES

REPORT is the xUnit file of `swift test`, LOG its output, STATUS its exit status. A run that crashed leaves no report;
then the log is counted, and at least one failure. The names of the failed tests are added to the file FAILURES.
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
        broken = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
        names = ["%s/%s" % (case.get("classname"), case.get("name")) for case in broken]
        skipped = sum(1 for case in cases if case.find("skipped") is not None)
        passed = len(cases) - len(broken) - skipped
    except (OSError, xml.etree.ElementTree.ParseError):
        text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")
        passed = len(set(re.findall(r"Test (?!run with)(.+?) (?:with .*)?passed after", text)))
        names = sorted(set(re.findall(r"Test (?!run with)(.+?) (?:with .*)?failed after", text)))
        summary = SUMMARY.search(text)
        if summary and summary.group(2) == "passed":
            passed, names = int(summary.group(1)), []
    if status and not names:
        names = ["swift test of %s ended with %d" % (pathlib.Path(log).stem, status)]
    return passed, names


if __name__ == "__main__":
    passed, names = counts(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    print(passed, len(names))
    with open(sys.argv[4], "a", encoding="utf-8") as failures:
        failures.writelines("%s\n" % name for name in names)
