"""Input and output for every step: files, processes, threads, signals, downloads, progress."""
