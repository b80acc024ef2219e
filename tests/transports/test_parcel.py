"""What one write may carry: at the limit, and past it."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.parcel import A_WRITE, Measure, Parcel


class ParcelTests(SynchronousTestCase):
    def test_what_fits_exactly(self) -> None:
        parcel = Parcel(Measure())
        self.assertTrue(parcel.add(b"a" * (A_WRITE - 1)))
        self.assertTrue(parcel.add(b"b"))
        self.assertEqual(len(parcel.data), A_WRITE)

    def test_one_byte_more(self) -> None:
        parcel = Parcel(Measure())
        parcel.add(b"a" * A_WRITE)
        self.assertFalse(parcel.add(b"b"))
        self.assertEqual(parcel.data, b"a" * A_WRITE)
        self.assertEqual(parcel.frames, 1)

    def test_the_first_always_fits(self) -> None:
        """A page of history is one frame, and larger."""
        parcel = Parcel(Measure())
        self.assertTrue(parcel.add(b"a" * (A_WRITE + 1)))
        self.assertFalse(parcel.add(b""))

    def test_separators_count(self) -> None:
        parcel = Parcel(Measure(b"\x1e"))
        self.assertTrue(parcel.add(b"a" * (A_WRITE - 2)))
        self.assertTrue(parcel.add(b"b"))
        self.assertEqual(len(parcel.data), A_WRITE)
        self.assertFalse(parcel.add(b""))

    def test_most_frames(self) -> None:
        parcel = Parcel(Measure(b"\x1e", most_frames=4))
        self.assertTrue(parcel.add(b"a\x1eb\x1ec", 3))
        self.assertFalse(parcel.add(b"d\x1ee", 2))
        self.assertTrue(parcel.add(b"d"))
        self.assertFalse(parcel.add(b"e"))
        self.assertEqual(parcel.data, b"a\x1eb\x1ec\x1ed")

    def test_nothing(self) -> None:
        self.assertEqual(Parcel(Measure(b"\x1e")).data, b"")
