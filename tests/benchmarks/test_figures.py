"""What is made of the figures, and which of them do not count."""

from twisted.trial.unittest import SynchronousTestCase

from benchmarks import document, resuming, table
from benchmarks.figures import counts, medians, percentile


class PercentileTests(SynchronousTestCase):
    def test_of_a_hundred(self) -> None:
        values = list(range(1, 101))
        found = [percentile(values, part) for part in (0.5, 0.99, 0.999, 1.0)]
        self.assertEqual(found, [50, 99, 100, 100])

    def test_of_few(self) -> None:
        self.assertEqual([percentile([7], part) for part in (0.001, 0.5, 1.0)], [7, 7, 7])
        self.assertEqual(percentile([], 0.5), 0)


class MedianTests(SynchronousTestCase):
    def test_a_single_bad_round_is_seen(self) -> None:
        """The median of what is missing would hide it; and too many do not make up for too few."""
        rounds = [{"s": 1.0, "missing": 0}, {"s": 9.0, "missing": -2}, {"s": 2.0, "missing": 2}]
        self.assertEqual(medians(rounds), {"s": 2.0, "missing": 4})
        self.assertFalse(counts(medians(rounds)))

    def test_what_has_nothing_to_miss_counts(self) -> None:
        self.assertTrue(counts({"start_s": 1.2}))


class ResumeTests(SynchronousTestCase):
    def came(self, *seqs: int) -> bytes:
        return b"".join(b'{"type":"said","room":"lobby","seq":%d,"id":"1"}' % seq for seq in seqs)

    def test_whole_and_in_order(self) -> None:
        self.assertEqual(resuming.lacking(self.came(2, 3, 4), [2, 3, 4]), 0)

    def test_a_hole_a_swap_and_one_too_many(self) -> None:
        for seqs in ((2, 4), (3, 2, 4), (2, 3, 4, 4), ()):
            self.assertGreater(resuming.lacking(self.came(*seqs), [2, 3, 4]), 0, seqs)


class TableTests(SynchronousTestCase):
    def case(self, missing: int = 0, closed: int = 0, whose: int = 0) -> dict[str, object]:
        ours = {"p99_ms": 5.0, "missing": 0, "closed": 0}
        theirs = {"p99_ms": 20.0, "missing": 0, "closed": 0}
        (ours, theirs)[whose].update(missing=missing, closed=closed)
        return {
            "columns": ["p99_ms"],
            "more_is_better": False,
            "rows": [
                {"label": "chatroom", "rounds": [ours]},
                {"label": "Socket.IO", "rounds": [theirs]},
            ],
        }

    def test_less_may_be_better(self) -> None:
        head, ours, theirs = table.table(self.case())
        self.assertEqual(head, ["", "p99, ms", "to Socket.IO", "missing", "closed"])
        self.assertEqual(ours, ["chatroom", "5.0", "4.00", "0", "0"])
        self.assertEqual(theirs, ["Socket.IO", "20.0", "1.00", "0", "0"])

    def test_nothing_is_compared_with_what_does_not_count(self) -> None:
        for whose, ratios in ((0, ["", "1.00"]), (1, ["", ""])):
            head, *rows = table.table(self.case(missing=1, whose=whose))
            place = head.index("to Socket.IO")
            self.assertEqual([row[place] for row in rows], ratios)

    def test_a_row_that_does_not_count_says_so(self) -> None:
        for case in (self.case(missing=1), self.case(closed=1)):
            _, ours, theirs = table.table(case)
            self.assertEqual((ours[-1], theirs[-1]), (table.VOID_MARK, ""))
            self.assertFalse(table.sound(case))
            self.assertIn(table.VOID_MARK, table.plain(table.table(case)))

    def test_markdown(self) -> None:
        self.assertEqual(
            table.markdown([["", "s"], ["a", "1"]]), "|  | s |\n| --- | ---: |\n| a | 1 |"
        )


class DocumentTests(SynchronousTestCase):
    def test_only_what_there_is_is_replaced(self) -> None:
        text = (
            "<!-- table: fanout -->\nold\n<!-- end -->\n<!-- table: idle -->\nold\n<!-- end -->\n"
        )
        once = document.filled(text, {"fanout": "new"})
        self.assertEqual(once, text.replace("old", "\nnew\n", 1))
        self.assertEqual(document.filled(once, {"fanout": "new"}), once)
