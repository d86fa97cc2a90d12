"""Takes the data of the first-layer figures out of a checkpoint's best model: extract.py CHECKPOINT NAME.

Writes NAME-histogram.csv and NAME-features.png. The histogram has the shares of the first layer's latent weights in 100 bins.
The picture has the latent weights of the first 100 units, as 10 by 10 tiles of 28 by 28 pixels in white frames.
Black is -LARGEST, white is +LARGEST, and LARGEST is the greatest magnitude of all weights of the layer. The picture's text "range"
gives both.
"""

import json
import struct
import sys
import zlib

import numpy as np

TILES, SIDE, FRAME, BINS = 10, 28, 1, 100


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
    levels = np.clip(np.rint((tiles / largest + 1) / 2 * 255), 0, 255).astype(np.uint8)
    framed = np.pad(levels, ((0, 0), (0, 0), (FRAME, FRAME), (FRAME, FRAME)), constant_values=255)
    side = TILES * (SIDE + 2 * FRAME)
    write_png(path, framed.transpose(0, 2, 1, 3).reshape(side, side), f"{-largest:.6g} to {largest:.6g}")


def write_png(path, levels, value_range):
    """Writes grey levels [height, width] with the range of values from black to white."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = levels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in levels)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)))
        file.write(chunk(b"tEXt", b"range\0" + value_range.encode()))
        file.write(chunk(b"IDAT", zlib.compress(rows, 9)))
        file.write(chunk(b"IEND", b""))


def main(checkpoint, name):
    weights = first_layer(checkpoint)
    largest = float(np.abs(weights).max())
    write_histogram(f"{name}-histogram.csv", weights, largest)
    write_features(f"{name}-features.png", weights, largest)


if __name__ == "__main__":
    main(*sys.argv[1:])
