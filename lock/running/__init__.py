"""What a run needs beside its work: processes, threads, signals, scratch space, progress."""
