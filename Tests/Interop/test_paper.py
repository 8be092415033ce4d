"""The paper archive of the samples: what is given out of it, who says that it was searched, and what if nobody does."""

import json
import unittest
import zipfile

import support


def told(archive):
    with zipfile.ZipFile(archive) as file:
        manifest = json.loads(file.read("manifest.json"))
        names = file.namelist()
    sources = {source["id"]: source for source in manifest["sources"]}
    datasets = {dataset["id"]: dataset for dataset in manifest["datasets"]}
    return manifest, sources, datasets, names


class Paper(unittest.TestCase):
    def test_access(self):
        archive = support.archive("access")
        manifest, sources, datasets, names = told(archive)
        self.assertEqual(sources["paper-archive"]["attestations"], [{
            "places": ["arkistohuoneen lukittu kaappi", "toimiston kansiot"], "role": "tietosuojavastaava",
            "date": "2026-11-03", "result": "found"}])
        self.assertEqual((datasets["papers"]["records"]["exported"], datasets["papers"]["means"]), (2, "manual"))
        # The letter shows somebody else: it is told of and not given.
        self.assertEqual(datasets["papers"]["documents_withheld"], {"not-redactable": 1})
        given = [name for name in names if name.startswith("data/documents/papers-")]
        with zipfile.ZipFile(archive) as file:
            contract = (support.ROOT / "samples/paper/files/1042/contract.pdf").read_bytes()
            self.assertEqual([file.read(name) for name in given], [contract])
            page = file.read("index.html").decode()
        for text in ("arkistohuoneen lukittu kaappi", "tietosuojavastaava", "3.11.2026", "monitoring"):
            self.assertIn(text, page)
        self.assertTrue(sources["monitoring"]["no_personal_data"])
        self.assertEqual(sources["monitoring"]["status"], "not-read")

    def test_portability_leaves_it_out(self):
        _, sources, datasets, names = told(support.archive("portability"))
        self.assertEqual((datasets["papers"]["status"], datasets["papers"]["ground"]), ("withheld", "not-automated"))
        self.assertNotIn("attestations", sources["paper-archive"])
        self.assertFalse([name for name in names if "papers" in name])

    def test_every_access_request_of_the_samples_has_its_search(self):
        config = support.make_samples() / "portability.yaml"
        text = config.read_text(encoding="utf-8")
        self.assertIn("attestation: optional", text)
        config.write_text(text.replace("attestation: optional", "attestation: required"), encoding="utf-8")
        samples, folder = config.parent, support.folder("paper")
        for name in ("access", "extended", "nothing-but-an-account", "period", "requester", "shared-computer"):
            with self.subTest(request=name):
                support.export(name + ".yaml", folder / (name + ".zip"), samples_at=samples, formats="json")
        # Whoever asks for another gets what there is, and is told what is missing.
        request = samples / "requests" / "other.yaml"
        request.write_text(
            (samples / "requests" / "access.yaml").read_text(encoding="utf-8").replace("1042", "1043"),
            encoding="utf-8")
        archive = folder / "other.zip"
        result = support.export(
            request, archive, samples_at=samples, formats="json", check=support.EXIT_PARTIAL)
        self.assertIn("paper/searches/{user_id}.yaml", result.stderr)
        self.assertNotIn("1043", result.stderr)
        manifest, sources, datasets, _ = told(archive)
        self.assertEqual((manifest["status"], sources["paper-archive"]["status"]), ("partial", "partial"))
        self.assertEqual(datasets["papers"]["status"], "partial")
        support.run("verify", archive, check=support.EXIT_COMPLETE)
        # The file that it asked for makes the next one complete.
        (samples / "paper" / "searches" / "1043.yaml").write_text(
            "about: 1043\nplaces: arkisto\nrole: tietosuojavastaava\ndate: 2026-11-04\nresult: nothing-found\n")
        support.export(request, folder / "again.zip", samples_at=samples, formats="json")

    def test_a_paper_of_somebody_else_ends_the_export(self):
        samples = support.make_samples()
        description = samples / "paper" / "files" / "1042" / "letter.yaml"
        description.write_text(
            description.read_text(encoding="utf-8").replace("about: 1042", "about: 1043"), encoding="utf-8")
        archive = support.folder("paper") / "archive.zip"
        result = support.export(
            "access.yaml", archive, samples_at=samples, formats="json", check=support.EXIT_FAILED)
        self.assertIn("belongs to another", result.stderr)
        self.assertNotIn("1043", result.stderr)
        self.assertFalse(archive.exists())


if __name__ == "__main__":
    unittest.main()
