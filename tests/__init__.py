"""The tests of chatroom: `python -m twisted.trial tests`."""

from hypothesis import HealthCheck, settings

# No test judges a time, least of all on a machine that has others to serve.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
