#!/usr/bin/env python3
"""Runs the interop tests against a built program.

    run.py [--program FILE] [--counts FILE] [--failures FILE] [NAME...]

NAME is a part of a test's name. A skipped test counts as failed: what was not judged is not known to be right.
"""

import argparse
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))


class Result(unittest.TextTestResult):
    """Counts test methods; what fails inside one, however often, is one failure."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.broken = set()
        self.started = 0.0

    def startTest(self, test):
        self.started = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self.started
        if seconds > 10:
            self.stream.writeln("    %.0f s" % seconds)

    def addError(self, test, error):
        self.broken.add(test.id())
        super().addError(test, error)

    def addFailure(self, test, error):
        self.broken.add(test.id())
        super().addFailure(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.broken.add(test.id())
        super().addSubTest(test, subtest, error)

    def addSkip(self, test, reason):
        self.broken.add(test.id())
        super().addSkip(test, reason)

    def addUnexpectedSuccess(self, test):
        self.broken.add(test.id())
        super().addUnexpectedSuccess(test)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--counts", type=pathlib.Path, help="a file to write 'passed failed' to")
    parser.add_argument("--failures", type=pathlib.Path, help="a file to add the failed tests' names to")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.program:
        os.environ["PORTABILITY_PROGRAM"] = str(arguments.program.resolve())
    loader = unittest.TestLoader()
    loader.testNamePatterns = ["*%s*" % name for name in arguments.names] or None
    suite = loader.discover(str(HERE), pattern="test_*.py", top_level_dir=str(HERE))
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
    result = runner.run(suite)
    failed = len(result.broken)
    passed = max(result.testsRun - failed, 0)
    print("interop: %d passed, %d failed" % (passed, failed))
    if arguments.counts:
        arguments.counts.write_text("%d %d\n" % (passed, failed))
    if arguments.failures:
        with arguments.failures.open("a", encoding="utf-8") as names:
            names.writelines("%s\n" % name for name in sorted(result.broken))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
