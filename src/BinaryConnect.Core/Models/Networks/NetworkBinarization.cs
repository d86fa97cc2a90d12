using BinaryConnect.Binarization;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Models.Layers;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>
/// Binarizes the weights of all dense layers and packs their signs, on several threads where there are enough weights to be worth
/// it: each takes some outputs of every layer after others.
/// </summary>
internal sealed class NetworkBinarization : IParallelWork
{
    // So few weights are done before another thread is awake.
    private const int MostOnOneThread = 1 << 16;

    private BinaryDense[] _layers = [];
    private LayerWorkspace? _workspace;
    private int _parts;

    // Null where layers have their propagated weights, of which the signs are to be packed.
    private ISignBinarizer? _binarizer;
    private ulong[] _calls = [];

    /// <summary>Lets every layer propagate what the binarizer makes of its latent weights.</summary>
    public void Run(BinaryDense[] layers, IBinarizer binarizer, LayerWorkspace workspace)
    {
        _layers = layers;
        _workspace = workspace;
        _binarizer = binarizer as ISignBinarizer;
        if (_binarizer is null) Binarize(binarizer);
        else BeginBinarizing(_binarizer);
        long weights = 0;
        foreach (BinaryDense layer in layers) weights += layer.Weights.Length;
        _parts = weights > MostOnOneThread ? workspace.Split.MostParts : 1;
        workspace.Split.Run(this, _parts);
    }

    void IParallelWork.Run(int part, int thread)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            BinaryDense layer = _layers[i];
            (int first, int end) = WorkRange.Of(layer.Weights.FanOut, SignLayout.WordInputs, part, _parts);
            if (_binarizer is not null) layer.Binarize(_binarizer, _calls[i], first, end, _workspace!.Scratch(thread));
            else if (layer.IsBinary) layer.Pack(first, end);
        }
    }

    private void BeginBinarizing(ISignBinarizer binarizer)
    {
        if (_calls.Length != _layers.Length) _calls = new ulong[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            _calls[i] = binarizer.BeginCall();
            _layers[i].BeginBinarizing();
        }
    }

    // Until all are done, no layer may take its packed signs for its weights: a user's binarizer may throw.
    private void Binarize(IBinarizer binarizer)
    {
        foreach (BinaryDense layer in _layers) layer.IsBinary = false;
        foreach (BinaryDense layer in _layers) layer.Weights.Binarize(binarizer);
        foreach (BinaryDense layer in _layers) layer.IsBinary = layer.HasSignsOnly();
    }
}
