"""The tests of chatroom: `python -m twisted.trial tests`."""
