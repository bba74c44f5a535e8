"""One file for each outside format. Writers render; they decide nothing."""
