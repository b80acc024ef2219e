"""What a text is found by, whatever database holds it: pure functions of texts."""
