"""Times the original, the merged and the woven model in turn; see merged-speed.sh."""

import statistics
import sys
import time

import numpy as np
import onnxruntime as ort

files, (rows, tokens, repetitions) = sys.argv[1:4], map(int, sys.argv[4:])
options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
sessions = [ort.InferenceSession(f, options, providers=["CPUExecutionProvider"]) for f in files]
random = np.random.default_rng(0)
feeds = {}
for i in sessions[0].get_inputs():
    ids = i.name == "input_ids"
    feeds[i.name] = random.integers(5, 100, (rows, tokens)) if ids else np.full((rows, tokens), "mask" in i.name, np.int64)
seconds = [[] for _ in sessions]
for repetition in range(repetitions + 10):
    # In turn, each first as often as last: what else the machine does falls on all alike.
    order = np.roll(np.arange(len(sessions)), repetition)
    for i in order:
        start = time.perf_counter()
        sessions[i].run(None, feeds)
        if repetition >= 10:
            seconds[i].append(time.perf_counter() - start)
medians = [statistics.median(s) for s in seconds]
for name, median in zip(("original", "merged", "woven"), medians):
    print(f"{name:9s} {1e3 * median:8.3f} ms  {median / medians[0]:6.3f}")
sys.exit(medians[1] > 1.03 * medians[0])
