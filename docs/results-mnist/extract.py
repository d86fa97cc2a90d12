"""Takes the data of the first-layer figures out of a checkpoint's best model: extract.py CHECKPOINT NAME.

Writes NAME-histogram.csv, the shares of the first layer's latent weights in 100 bins, and NAME-features.pgm, the latent weights of
its first 100 units as a picture of 10 by 10 tiles of 28 by 28 pixels: black is the most negative weight, white the most positive.
"""

import json
import struct
import sys

import numpy as np

TILES, SIDE, BINS = 10, 28, 100


def first_layer(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        entry = header["best.latent.layer1.weights"]
        start, end = entry["data_offsets"]
        file.seek(8 + length + start)
        return np.frombuffer(file.read(end - start), "<f4").reshape(entry["shape"])


def write_histogram(path, weights, largest):
    counts, edges = np.histogram(weights, bins=BINS, range=(-largest, largest))
    with open(path, "w") as file:
        file.write("from,to,share\n")
        for low, high, count in zip(edges, edges[1:], counts):
            file.write(f"{low:.6g},{high:.6g},{count / weights.size:.6g}\n")


def write_features(path, weights, largest):
    tiles = weights[: TILES * TILES].reshape(TILES, TILES, SIDE, SIDE)
    picture = tiles.transpose(0, 2, 1, 3).reshape(TILES * SIDE, TILES * SIDE)
    levels = np.clip(np.rint((picture / largest + 1) / 2 * 255), 0, 255).astype(np.uint8)
    with open(path, "wb") as file:
        file.write(f"P5\n# black is {-largest:.6g}, white {largest:.6g}\n{TILES * SIDE} {TILES * SIDE}\n255\n".encode())
        file.write(levels.tobytes())


def main(checkpoint, name):
    weights = first_layer(checkpoint)
    largest = float(np.abs(weights).max())
    write_histogram(f"{name}-histogram.csv", weights, largest)
    write_features(f"{name}-features.pgm", weights, largest)


if __name__ == "__main__":
    main(*sys.argv[1:])
