"""Every file of an archive is valid by the schema in the archive, for validators that know nothing of the program."""

import functools
import json
import subprocess
import unittest

import jsonschema
import xmlschema
import yaml

import support

PROFILE = support.DATA / "frictionless" / "datapackage-2.0.json"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def xsd(path):
    return xmlschema.XMLSchema10(str(path), allow="local", defuse="always")


def xmllint(path, schema):
    return subprocess.run(
        [support.tool("xmllint"), "--noout", "--nonet", "--huge", "--schema", str(schema), str(path)],
        capture_output=True, text=True)


def json_errors(schema, value):
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return list(validator.iter_errors(value))


@support.for_every_case
class Schemas:
    def setUp(self):
        self.path = support.unzipped(self.case)

    def test_json_files(self):
        checked = 0
        for dataset, file in support.manifest_files(self.case, "json"):
            schema = load(self.path / "schemas" / "json" / (dataset["entity"] + ".schema.json"))
            data = load(self.path / file["path"])
            self.assertEqual(len(data), file["rows"])
            errors = json_errors(schema, data)
            self.assertEqual([e.message[:200] for e in errors[:3]], [], file["path"])
            checked += 1
        self.assertGreater(checked, 0)

    def test_json_lines_files(self):
        files = support.manifest_files(self.case, "jsonl")
        self.assertEqual(bool(files), "jsonl" in support.CASES[self.case][1])
        for dataset, file in files:
            schema = load(self.path / "schemas" / "json" / (dataset["entity"] + ".schema.json"))
            record = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": schema["items"]["$ref"]}
            with open(self.path / file["path"], encoding="utf-8", newline="\n") as lines:
                records = [json.loads(line) for line in lines]
            self.assertEqual(len(records), file["rows"])
            jsonschema.Draft202012Validator.check_schema(record)
            validator = jsonschema.Draft202012Validator(record)
            for value in records:
                errors = [error.message[:200] for error in validator.iter_errors(value)]
                self.assertEqual(errors, [], file["path"])

    def test_xml_files_by_xmllint(self):
        checked = 0
        for dataset, file in support.manifest_files(self.case, "xml"):
            result = xmllint(self.path / file["path"], self.path / "schemas" / "xml" / (dataset["entity"] + ".xsd"))
            self.assertEqual(result.returncode, 0, result.stderr[:2000])
            self.assertIn("validates", result.stderr)
            checked += 1
        self.assertEqual(checked > 0, "xml" in support.CASES[self.case][1])

    def test_xml_files_by_a_second_validator(self):
        checked = 0
        for dataset, file in support.manifest_files(self.case, "xml"):
            schema = xsd(self.path / "schemas" / "xml" / (dataset["entity"] + ".xsd"))
            errors = [str(error)[:500] for error in schema.iter_errors(str(self.path / file["path"]))]
            self.assertEqual(errors[:3], [], file["path"])
            checked += 1
        self.assertEqual(checked > 0, "xml" in support.CASES[self.case][1])

    def test_the_manifest(self):
        schema = load(self.path / "schemas" / "manifest.schema.json")
        errors = json_errors(schema, support.manifest(self.case))
        self.assertEqual(["%s: %s" % (e.json_path, e.message[:200]) for e in errors[:5]], [])

    def test_the_data_package_by_the_profile_of_its_makers(self):
        profile = load(PROFILE)
        package = load(self.path / "datapackage.json")
        self.assertEqual(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json")
        validator = jsonschema.Draft7Validator(profile)
        errors = ["%s: %s" % (e.json_path, e.message[:200]) for e in validator.iter_errors(package)]
        self.assertEqual(errors[:5], [])

    def test_the_dictionary_knows_every_field_of_the_data(self):
        known = {(row["entity"], row["field"]) for row in support.dictionary(self.path)}
        checked = 0
        for dataset, file in support.manifest_files(self.case, "json"):
            for record in load(self.path / file["path"]):
                for name in set(record) - {"record_id", "other"}:
                    self.assertIn((dataset["entity"], name), known)
                    checked += 1
        self.assertGreater(checked, 0)


class BrokenFiles(unittest.TestCase):
    """Shows that the validators above would have noticed."""

    def setUp(self):
        self.path = support.copy("access")

    def test_a_wrong_type_in_json(self):
        dataset, name = support.largest_file("access", "json")
        schema = load(self.path / "schemas" / "json" / (dataset["entity"] + ".schema.json"))
        data = load(self.path / name)
        self.assertEqual(json_errors(schema, data[:1]), [])
        self.assertTrue(json_errors(schema, [{**data[0], "record_id": 7}]))
        self.assertTrue(json_errors(schema, [{**data[0], "no_such_field": "x"}]))

    def test_an_unknown_element_in_xml(self):
        dataset, name = support.largest_file("access", "xml")
        schema = self.path / "schemas" / "xml" / (dataset["entity"] + ".xsd")
        text = (self.path / name).read_text(encoding="utf-8")
        (self.path / name).write_text(
            text.replace("<record_id>", "<no_such_field/><record_id>", 1), encoding="utf-8")
        self.assertNotEqual(xmllint(self.path / name, schema).returncode, 0)
        self.assertFalse(xsd(schema).is_valid(str(self.path / name)))

    def test_a_wrong_count_in_the_manifest(self):
        schema = load(self.path / "schemas" / "manifest.schema.json")
        manifest = load(self.path / "manifest.json")
        manifest["datasets"][0]["records"]["exported"] = "many"
        self.assertTrue(json_errors(schema, manifest))


class Request(unittest.TestCase):
    """The published schema of a request file takes the requests that the program takes."""

    SCHEMA = load(support.ROOT / "schemas" / "request.schema.json")

    class Reader(yaml.SafeLoader):
        """YAML 1.2's JSON schema knows no dates: what looks like one is text."""

    Reader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def requests(self):
        for path in sorted((support.ROOT / "samples" / "requests").glob("*.yaml")):
            yield path.name, yaml.load(path.read_text(encoding="utf-8"), self.Reader)

    def test_the_sample_requests(self):
        checked = 0
        for name, request in self.requests():
            with self.subTest(name):
                errors = [error.message[:200] for error in json_errors(self.SCHEMA, request)]
                if name == "no-identity-check.yaml":
                    self.assertEqual(errors, ["'identity_check' is a required property"])
                else:
                    self.assertEqual(errors, [])
                checked += 1
        self.assertGreater(checked, 10)

    def test_what_no_request_may_hold(self):
        requests = dict(self.requests())
        for key, value in (
            ("identity_check", {"method": "passport"}),
            ("identity_check", {"method": "in-person", "by": "Maija Meikäläinen"}),
            ("requester", {"relation": "friend"}),
            ("signature", {"form": "signed", "evidence": {"document": "letter", "sha256": "abc"}}),
            ("delivery", {"to": "subject"}),
            ("period", {}), ("period", {"from": "2026"}),
            ("events", [{"kind": "extended", "at": "2026-11-20"}]),
            ("residence", "Finland"), ("supplements", "R-2026-0001"), ("missing_by", "soon"), ("note", "x"),
        ):
            with self.subTest("%s: %s" % (key, value)):
                self.assertTrue(json_errors(self.SCHEMA, {**requests["access.yaml"], key: value}))
