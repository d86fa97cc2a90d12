"""Writes digits.npz from a model that ModelFile.Save wrote: python3 write_digits.py MODEL

The model has the layers BinaryDense, BatchNorm, SignActivation, BinaryDense and BatchNorm. The arrays have the names and
shapes that Keras and Larq give such layers: a kernel is [inputs, outputs]. It has the signs of the latent weights.
"""
import json, struct, sys
import numpy as np

whole = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", whole[:8])[0]
header, data = json.loads(whole[8 : 8 + length]), whole[8 + length :]


def tensor(name):
    entry = header[name]
    begin, end = entry["data_offsets"]
    return np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])


arrays = {}
for i in (1, 2):
    arrays[f"quant_dense_{i}/kernel"] = np.where(tensor(f"latent.layer{i}.weights").T < 0, -1, 1).astype("i1")
    for name, source in (("gamma", "latent"), ("beta", "latent"), ("moving_mean", "statistic"), ("moving_variance", "statistic")):
        arrays[f"batch_norm_{i}/{name}"] = tensor(f"{source}.layer{i}.{name.removeprefix('moving_')}").ravel()
np.savez_compressed("digits.npz", **arrays)
