using System.Globalization;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Import;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>Networks that NumPy writes and computes have the same scores here.</summary>
internal sealed class ImportNumPyTests
{
    // Weights of a network as Larq has them, and of one as PyTorch has them, then the scores of a batch for each.
    private const string Program = """
        import json, struct, sys
        import numpy as np

        g = np.random.default_rng(5)
        sign = lambda w: np.where(w < 0, -1, 1).astype("f4")
        x = g.normal(size=(6, 19)).astype("f4")

        k1, k2 = sign(g.normal(size=(19, 33))), g.normal(size=(33, 5)).astype("f4")
        mean, var, beta = g.normal(size=33).astype("f4"), g.uniform(0.5, 2, 33).astype("f4"), g.normal(size=33).astype("f4")
        arrays = {"quant_dense/kernel:0": np.asfortranarray(k1.astype(sys.argv[1])), "bn/mean": mean, "bn/var": var,
                  "bn/beta": beta, "quant_dense_1/kernel:0": k2, "unused": np.arange(3, dtype="<f8")}
        np.savez("stored.npz", **arrays)
        np.savez_compressed("packed.npz", **arrays)
        hidden = sign((x @ k1 - mean) / np.sqrt(var + 1e-3) + beta)
        larq = hidden @ sign(k2)

        tensors = {"fc1.weight": k1.T.copy(), "fc1.bias": beta, "bn1.weight": mean, "bn1.bias": beta, "bn1.running_mean": beta,
                   "bn1.running_var": var, "bn1.num_batches_tracked": np.array(7, "<i8"), "fc2.weight": sign(k2).T.copy() * 0.5}
        header, data = {}, b""
        for name, value in tensors.items():
            kind = "I64" if value.dtype == np.int64 else "F32"
            header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + value.nbytes]}
            data += value.tobytes()
        text = json.dumps(header).encode()
        open("torch.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
        h = np.maximum(0, mean * (x @ k1 + beta - beta) / np.sqrt(var + 1e-5) + beta)
        torch = h @ sign(k2) * 0.5
        for values in (x, larq, torch):
            print(" ".join(repr(float(v)) for v in values.ravel()))
        """;

    [TestCase("<f4")]
    [TestCase("<f2")]
    [TestCase("|i1")]
    [TestCase("<i8")]
    public void Networks_of_NumPy_have_its_scores(string type)
    {
        string python = Python.With("numpy");
        using var folder = new TemporaryFolder();
        string[] lines = Command.Succeed(folder.Path, python, "-c", Program, type).ReplaceLineEndings("\n").Split('\n');
        float[][] values = [.. lines[..3].Select(line => Array.ConvertAll(line.Split(' '), Number))];
        ImportedLayer[] larq =
        [
            new ImportedLayer("quant_dense/kernel:0")
            {
                InputsFirst = true,
                Normalization = new ImportedNormalization("bn/mean", "bn/var") { Beta = "bn/beta", Epsilon = 1e-3f },
                Activation = Activation.Sign,
            },
            new ImportedLayer("quant_dense_1/kernel:0") { InputsFirst = true, Kind = ImportedWeights.LatentSigns },
        ];
        ImportedLayer[] torch =
        [
            new ImportedLayer("fc1.weight")
            {
                Bias = "fc1.bias",
                Normalization = new ImportedNormalization("bn1.running_mean", "bn1.running_var")
                {
                    Gamma = "bn1.weight",
                    Beta = "bn1.bias",
                },
                Activation = Activation.Relu,
            },
            new ImportedLayer("fc2.weight"),
        ];

        Assert.That(ScoresOf(folder.PathOf("stored.npz"), larq, values[0]), Is.EqualTo(values[1]).Within(1e-5f));
        Assert.That(ScoresOf(folder.PathOf("packed.npz"), larq, values[0]), Is.EqualTo(values[1]).Within(1e-5f));
        Assert.That(ScoresOf(folder.PathOf("torch.safetensors"), torch, values[0]), Is.EqualTo(values[2]).Within(1e-4f));
    }

    private static float[] ScoresOf(string file, ImportedLayer[] layers, float[] x)
    {
        PackedModel model = ModelFile.ImportSigns(file, layers);
        float[] scores = new float[x.Length / model.FeatureCount * model.ClassCount];
        model.Scores(x, scores);
        return scores;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
