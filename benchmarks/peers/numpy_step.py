#!/usr/bin/env python3
"""The tutorial's BinaryConnect step in NumPy float32: the peer of the benchmark class TrainingStep.

usage: OPENBLAS_NUM_THREADS=1 python3 numpy_step.py [REPEATS]
       OPENBLAS_NUM_THREADS=1 python3 numpy_step.py --serve    (for the benchmark class Peers)
needs: NumPy with an optimized BLAS, on Debian python3-numpy and libopenblas0-pthread

Batch 128, 784 features, 10 classes, deterministic signs, plain SGD, loss included, the batch in hand. Prints the median
and the quartiles over REPEATS groups of 200 steps, in microseconds a step.

With --serve it reads the batch [128, 784] and the latent weights [10, 784] from standard input, as raw float32, and says what
it runs on. Then it answers each line, a number of steps, with the loss of the last of them, until the input ends.

An OpenBLAS older than the processor multiplies by kernels for any processor; it is then given those for AVX2 or AVX-512.
"""
import ctypes
import os
import re
import statistics
import sys
import time

import numpy as np

BATCH, FEATURES, CLASSES, RATE, GROUP = 128, 784, 10, np.float32(0.1), 200
GENERIC = ("Prescott", "Core2", "Generic")


def step(x, t, w, b):
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


def targets():
    return np.eye(CLASSES, dtype=np.float32)[np.arange(BATCH) % CLASSES]


def measure(repeats):
    by = kernels(blas())
    rng = np.random.default_rng(1)
    x = (np.maximum(rng.random((BATCH, FEATURES)) - 0.8, 0) * 5).astype(np.float32)
    t = targets()
    w, b = rng.random((FEATURES, CLASSES)).astype(np.float32), np.ones(CLASSES, np.float32)
    for _ in range(GROUP):
        w, b, _ = step(x, t, w, b)
    assert w.dtype == np.float32 and b.dtype == np.float32

    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(GROUP):
            w, b, _ = step(x, t, w, b)
        times.append((time.perf_counter() - start) / GROUP * 1e6)
    low, median, high = statistics.quantiles(times, n=4)
    print(f"NumPy {np.__version__}, {by}, float32: {median:.1f} us a step (quartiles {low:.1f} to {high:.1f}, {repeats} groups of {GROUP})")


def blas():
    """The library NumPy multiplies by, or None where the system does not tell."""
    try:
        with open("/proc/self/maps") as maps:
            return next(iter(re.findall(r"/\S*/[^\s/]*(?:blas|blis|mkl)[^\s/]*$", maps.read(), re.MULTILINE)), None)
    except OSError:
        return None


def core(library):
    """The processor OpenBLAS takes this one for, or None where the library is another."""
    try:
        name = ctypes.CDLL(library).openblas_get_corename
    except (AttributeError, OSError, TypeError):
        return None
    name.restype = ctypes.c_char_p
    return name().decode()


def kernels(library):
    """Whose kernels multiply. Where OpenBLAS knows no better than any processor's, all starts anew with those for its vectors."""
    known = core(library) if library else None
    if known in GENERIC and "OPENBLAS_CORETYPE" not in os.environ and os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as info:
            flags = set(next((line for line in info if line.startswith("flags")), "").split())
        if "avx2" in flags:
            os.environ["OPENBLAS_CORETYPE"] = "SkylakeX" if "avx512bw" in flags else "Haswell"
            os.execv(sys.executable, [sys.executable, *sys.argv])
    return f"kernels for {known}" if known else "kernels unknown"


def read(rows, columns):
    return np.frombuffer(sys.stdin.buffer.read(4 * rows * columns), np.float32).reshape(rows, columns)


def serve():
    library = blas()
    if library and not re.search("openblas|blis|mkl|atlas", library):
        sys.exit(f"NumPy multiplies by the reference BLAS, {library}, many times slower than an optimized one")

    by = kernels(library)
    x, t, w, b = read(BATCH, FEATURES), targets(), np.ascontiguousarray(read(CLASSES, FEATURES).T), np.ones(CLASSES, np.float32)
    print(f"NumPy {np.__version__}, {library or 'BLAS unknown'}, {by}", flush=True)
    for line in sys.stdin.buffer:
        for _ in range(int(line)):
            w, b, loss = step(x, t, w, b)
        print(float(loss), flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
