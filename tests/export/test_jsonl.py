"""JSON lines, as a program reads them."""

import json

from twisted.trial.unittest import SynchronousTestCase

from tests.export.writing import DAY, MORNING, said, thumbs, written


class JsonLinesTests(SynchronousTestCase):
    def test_a_header_a_message_a_line_and_the_count(self) -> None:
        text = '床前\n明月光\u2028 "x"'
        found = written(
            "jsonl", said(1, text, id="m1", reactions=thumbs("杜甫")), said(4, "", deleted=True)
        )
        self.assertTrue(found.endswith("\n"))
        header, first, second, footer = map(json.loads, found.removesuffix("\n").split("\n"))
        self.assertEqual(
            header,
            {
                "type": "export",
                "format": 1,
                "room": "大厅",
                "exported_at": MORNING + DAY,
                "epoch": "e1",
                "seq": 99,
            },
        )
        self.assertEqual((first["seq"], first["id"], first["text"]), (1, "m1", text))
        self.assertEqual(first["reactions"][0]["nicks"], ["杜甫"])
        self.assertEqual((second["deleted"], second["text"]), (True, ""))
        self.assertEqual(footer, {"type": "end", "messages": 2})

    def test_a_title_and_a_topic_where_there_are_any(self) -> None:
        header = json.loads(written("jsonl", room="@x", title="诗社", topic="诗").split("\n")[0])
        self.assertEqual((header["room"], header["title"], header["topic"]), ("@x", "诗社", "诗"))
