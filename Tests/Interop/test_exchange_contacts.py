"""Contacts and the Helsinki Profile tree, read by others' software: vobject, and JSON Schema."""

import json
import unittest
import zipfile

import jsonschema
import support
import vobject

# The schema `Node` of the GDPR API (City of Helsinki, OpenAPI 1.1.0), with what its text says and its schema leaves
# open: there is a key, in capitals, and either a value or children.
NODE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "required": ["key"],
            "additionalProperties": False,
            "properties": {
                "key": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"},
                "value": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "oneOf": [{"required": ["value"]}, {"required": ["children"]}],
        }
    },
}


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.converted = support.folder("exchange") / "converted.zip"
        support.run(
            "convert", support.archive("switching"), "--to", "vcard,helsinki-profile,json", "--output", cls.converted,
            check=support.EXIT_COMPLETE)
        with zipfile.ZipFile(cls.converted) as file:
            cls.files = {name: file.read(name) for name in file.namelist()}
        cls.manifest = json.loads(cls.files["manifest.json"])

    def records(self, entity):
        """The records of an entity, from the JSON files of the same archive."""
        return [
            (dataset["id"], record)
            for dataset in self.manifest["datasets"] if dataset["entity"] == entity
            for file in dataset["files"] if file["format"] == "json"
            for record in json.loads(self.files[file["path"]])
        ]

    def test_every_person_organisation_and_customer_is_a_card(self):
        cards = list(vobject.readComponents(self.files["data/vcard/contacts.vcf"].decode("utf-8")))
        expected = [
            "%s/%s" % (dataset, record["record_id"])
            for entity in ("organisation", "person", "customer") for dataset, record in self.records(entity)
        ]
        self.assertGreater(len(expected), 2)
        self.assertEqual([card.uid.value for card in cards], expected)
        for card in cards:
            self.assertTrue(card.validate())
            self.assertEqual(card.version.value, "4.0")

    def test_names_and_addresses_come_back_as_they_were(self):
        cards = {
            card.uid.value: card
            for card in vobject.readComponents(self.files["data/vcard/contacts.vcf"].decode("utf-8"))
        }
        compared = 0
        for dataset, record in self.records("customer"):
            card = cards["%s/%s" % (dataset, record["record_id"])]
            self.assertEqual(card.fn.value, record.get("name", ""))
            if "street" in record:
                self.assertEqual(card.adr.value.street, record["street"])
                self.assertEqual(card.adr.value.city, record.get("town", ""))
                compared += 1
            if "email" in record:
                self.assertEqual(card.email.value, record["email"])
        for dataset, record in self.records("person"):
            card = cards["%s/%s" % (dataset, record["record_id"])]
            self.assertEqual(card.n.value.family, record.get("family_name", ""))
            self.assertEqual(card.n.value.given, record.get("given_name", ""))
        self.assertGreater(compared, 0)

    def test_lines_are_no_longer_than_the_standard_asks_for(self):
        for line in self.files["data/vcard/contacts.vcf"].split(b"\r\n"):
            self.assertLessEqual(len(line), 75)

    def test_the_tree_follows_the_schema_of_the_api(self):
        tree = json.loads(self.files["data/helsinki-profile/profile.json"])
        jsonschema.Draft202012Validator(NODE).validate(tree)
        datasets = {node["key"]: node["children"] for node in tree["children"]}
        for dataset in self.manifest["datasets"]:
            if not dataset["files"]:
                continue
            nodes = datasets[dataset["id"].upper().replace("-", "_")]
            self.assertEqual(len(nodes), dataset["records"]["exported"], dataset["id"])

    def test_every_scalar_of_the_records_is_in_the_tree(self):
        tree = json.loads(self.files["data/helsinki-profile/profile.json"])
        datasets = {node["key"]: node["children"] for node in tree["children"]}
        for dataset, record in self.records("customer"):
            nodes = datasets[dataset.upper().replace("-", "_")]
            [node] = [
                node for node in nodes
                if {"key": "RECORD_ID", "value": record["record_id"]} in node["children"]
            ]
            found = {child["key"].lower(): child.get("value") for child in node["children"] if child["key"] != "OTHER"}
            scalars = {key: value for key, value in record.items() if not isinstance(value, (dict, list))}
            self.assertEqual(
                found,
                {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in scalars.items()})


if __name__ == "__main__":
    unittest.main()
