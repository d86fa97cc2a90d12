using BinaryConnect.Binarization;
using BinaryConnect.Kernels;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Models;

/// <summary>
/// Binarizes the weights of all dense layers and packs their signs: first stretches of weights, then one packing of one layer at
/// a time, on several threads where there are enough weights to be worth it.
/// </summary>
internal sealed class NetworkPropagation : ISplitWork
{
    // A multiple of what the stochastic binarizer draws together.
    private const int Stretch = 256 * StochasticSigns.GroupLength;

    private BinaryDense[] _layers = [];

    // The binarizer while stretches run; null while layers are packed.
    private ISignBinarizer? _binarizer;
    private ulong[] _calls = [];
    private int[] _firstStretch = [];

    /// <summary>Lets every layer propagate what the binarizer makes of its latent weights.</summary>
    public void Run(BinaryDense[] layers, IBinarizer binarizer, WorkSplit split)
    {
        _layers = layers;
        if (_calls.Length != layers.Length) (_calls, _firstStretch) = (new ulong[layers.Length], new int[layers.Length]);
        if (binarizer is ISignBinarizer signs) Binarize(signs, split);
        else Binarize(binarizer);
        if (AnyIsBinary()) RunParts(2 * layers.Length, split);
    }

    void ISplitWork.Run(int part)
    {
        if (_binarizer is not null) BinarizeStretch(_binarizer, part);
        else Pack(_layers[part / 2], int.IsEvenInteger(part));
    }

    // Weights of one stretch are done before another thread is awake.
    private void RunParts(int parts, WorkSplit split)
    {
        long weights = 0;
        foreach (BinaryDense layer in _layers) weights += layer.Weights.Length;
        if (weights > Stretch) split.Run(this, parts);
        else for (int part = 0; part < parts; part++) ((ISplitWork)this).Run(part);
    }

    private bool AnyIsBinary()
    {
        foreach (BinaryDense layer in _layers)
        {
            if (layer.IsBinary) return true;
        }

        return false;
    }

    private void Binarize(ISignBinarizer binarizer, WorkSplit split)
    {
        int stretches = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            _firstStretch[i] = stretches;
            _calls[i] = binarizer.BeginCall();
            _layers[i].IsBinary = true;
            stretches += (_layers[i].Weights.Length + Stretch - 1) / Stretch;
        }

        _binarizer = binarizer;
        RunParts(stretches, split);
        _binarizer = null;
    }

    // Until all are done, no layer may take its packed signs for its weights: a user's binarizer may throw.
    private void Binarize(IBinarizer binarizer)
    {
        foreach (BinaryDense layer in _layers) layer.IsBinary = false;
        foreach (BinaryDense layer in _layers) layer.Weights.Propagate(binarizer);
        foreach (BinaryDense layer in _layers) layer.IsBinary = layer.HasSignsOnly();
    }

    private void BinarizeStretch(ISignBinarizer binarizer, int stretch)
    {
        int i = _layers.Length - 1;
        while (_firstStretch[i] > stretch) i--;
        Parameter weights = _layers[i].Weights;
        int start = (stretch - _firstStretch[i]) * Stretch, length = Math.Min(Stretch, weights.Length - start);
        binarizer.BinarizePart(
            weights.Latent.Slice(start, length), weights.Propagated.Slice(start, length), weights.Bound, start, _calls[i]);
    }

    private static void Pack(BinaryDense layer, bool forward)
    {
        if (!layer.IsBinary) return;
        if (forward) layer.Pack();
        else layer.PackTransposed();
    }
}
