#!/usr/bin/env python3
"""The tutorial's BinaryConnect step in NumPy float32: the peer of the benchmark class TrainingStep.

usage: OPENBLAS_NUM_THREADS=1 python3 numpy_step.py [REPEATS]
needs: NumPy with an optimized BLAS, on Debian python3-numpy and libopenblas0-pthread

Batch 128, 784 features, 10 classes, deterministic signs, plain SGD, loss included, the batch in hand. Prints the median
and the quartiles over REPEATS groups of 200 steps, in microseconds a step.
"""
import statistics
import sys
import time

import numpy as np

BATCH, FEATURES, CLASSES, RATE, GROUP = 128, 784, 10, np.float32(0.1), 200
repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 50

rng = np.random.default_rng(1)
x = (np.maximum(rng.random((BATCH, FEATURES)) - 0.8, 0) * 5).astype(np.float32)
t = np.eye(CLASSES, dtype=np.float32)[np.arange(BATCH) % CLASSES]
w = rng.random((FEATURES, CLASSES)).astype(np.float32)
b = np.ones(CLASSES, np.float32)


def step(w, b):
    signs = np.where(w < 0, np.float32(-1), np.float32(1))
    z = x @ signs + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = -(t * np.log(p)).sum(axis=1).mean()
    g = (p - t) / np.float32(BATCH)
    w = np.clip(w - RATE * (x.T @ g), -1, 1)
    b = b - RATE * g.sum(axis=0)
    return w, b, loss


for _ in range(GROUP):
    w, b, _ = step(w, b)
assert w.dtype == np.float32 and b.dtype == np.float32

times = []
for _ in range(repeats):
    start = time.perf_counter()
    for _ in range(GROUP):
        w, b, _ = step(w, b)
    times.append((time.perf_counter() - start) / GROUP * 1e6)
low, median, high = statistics.quantiles(times, n=4)
print(f"NumPy {np.__version__}, float32: {median:.1f} us a step (quartiles {low:.1f} to {high:.1f}, {repeats} groups of {GROUP})")
