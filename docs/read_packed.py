"""Reads a packed model of BinaryConnect.Core, and prints the class of each row of bytes: read_packed.py MODEL BYTES"""
import hashlib
import json
import struct
import sys

import numpy as np

TYPES = {"U8": "u1", "F32": "<f4"}


def load(path):
    whole = open(path, "rb").read()
    (length,) = struct.unpack("<Q", whole[:8])
    header, data = json.loads(whole[8 : 8 + length]), whole[8 + length :]
    metadata = header.pop("__metadata__")
    digits = metadata["checksum"].removeprefix("sha256:")
    assert hashlib.sha256(whole.replace(digits.encode(), b"0" * 64)).hexdigest() == digits, "the file is damaged"
    assert metadata["format"] == "BinaryConnect packed model" and metadata["version"] == "1"
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


def scores(metadata, tensors, x):
    for layer in range(int(metadata["layers"])):
        name = f"layer{layer}."
        if name + "input_scale" in metadata:
            scale, shift = float(metadata[name + "input_scale"]), float(metadata[name + "input_shift"])
            x = np.clip(np.floor((x - shift) / scale + 0.5), 0, 255) * scale + shift
        if name + "signs" in tensors:
            bits = np.unpackbits(tensors[name + "signs"], axis=1, bitorder="little", count=x.shape[1])
            x = x @ (2.0 * bits - 1).T
        elif name + "weights" in tensors:
            x = x @ tensors[name + "weights"].astype(float).T
        x = x * tensors[name + "scale"] + tensors[name + "offset"]
        x = np.clip(x, float(metadata.get(name + "low", "-inf")), float(metadata.get(name + "high", "inf")))
        x = np.where(x >= 0, 1.0, -1.0) if metadata.get(name + "sign_output") == "true" else x
    return x


if __name__ == "__main__":
    model, values = load(sys.argv[1])
    features = int(np.prod([int(size) for size in model["input"].split("x")]))
    rows = np.fromfile(sys.argv[2], "u1").reshape(-1, features)
    inputs = rows * float(model["input_scale"]) + float(model["input_shift"])
    print(*scores(model, values, inputs).argmax(axis=1))
