using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Models.Layers;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>The layers of a network, built, and what follows from their order.</summary>
internal sealed class NetworkLayers
{
    private static readonly PassMode[] Modes = Enum.GetValues<PassMode>();

    private readonly WorkspaceNeeds _needs = new();

    /// <summary>Builds the layers one after the other.</summary>
    /// <exception cref="ArgumentException">
    /// There is none, one is null or belongs to another network, or one cannot be built.
    /// </exception>
    public NetworkLayers(FeatureShape input, int seed, IEnumerable<Layer> layers, long mostValues)
    {
        if (input.Length < 1) throw new ArgumentException("'input' has no values; it must have at least 1.", nameof(input));
        var builder = new LayerBuilder(seed, _needs, mostValues);
        var slots = new List<LayerSlot>();
        foreach (Layer? layer in layers)
        {
            if (layer is null) throw new ArgumentException(
                $"'layers' has null at {slots.Count}; it must have layers alone.", nameof(layers));
            layer.Claim();
            slots.Add(Build(layer, slots, slots.Count == 0 ? input : slots[^1].Output, builder));
        }

        if (slots.Count == 0) throw new ArgumentException("'layers' is empty; it must have at least 1 layer.", nameof(layers));
        Slots = [.. slots];
        LeastRows = builder.LeastRows;
        FirstTrained = Array.FindIndex(Slots, slot => slot.Parameters.Length > 0);
        InputIsWidened = !Slots[0].Layer.AcceptsBytes;
        Widest = Slots.Max(slot => slot.Output.Length);
        if (InputIsWidened) Widest = Math.Max(Widest, input.Length);
        HasStatelessInference = Slots.All(slot => slot.Layer.HasStatelessInference);
    }

    /// <summary>The layers, from the inputs on.</summary>
    public LayerSlot[] Slots { get; }

    /// <summary>The first layer with parameters, at which the gradient ends; negative where none has any.</summary>
    public int FirstTrained { get; }

    /// <summary>The fewest rows that training needs.</summary>
    public int LeastRows { get; }

    /// <summary>The most values of a row in any buffer.</summary>
    public int Widest { get; }

    /// <summary>The most rows of a batch: their values fit one buffer.</summary>
    public int MostRows => Math.Min(AlignedBuffer.MostLength / Widest, _needs.MostRows);

    /// <summary>Whether batches of bytes are converted before the first layer.</summary>
    public bool InputIsWidened { get; }

    /// <summary>Whether several callers may infer at once.</summary>
    public bool HasStatelessInference { get; }

    /// <summary>Makes the memory of another caller, for these threads.</summary>
    public NetworkWorkspace NewWorkspace(WorkerPool threads) =>
        new(Slots, FirstTrained, Widest, new LayerWorkspace(threads, _needs));

    /// <summary>
    /// Each binarizer of a layer's own, once. They are compared by reference: equal ones, such as records, count their
    /// own draws.
    /// </summary>
    public IBinarizer[] OwnBinarizers()
    {
        IEnumerable<Parameter> parameters = Slots.SelectMany(slot => slot.Parameters);
        IEnumerable<IBinarizer> binarizers = parameters.Select(parameter => parameter.Binarizer).OfType<IBinarizer>();
        return [.. binarizers.Distinct<IBinarizer>(ReferenceEqualityComparer.Instance)];
    }

    private static LayerSlot Build(Layer layer, List<LayerSlot> before, FeatureShape input, LayerBuilder builder)
    {
        bool[] signInputs = [.. Modes.Select(mode => before.Count > 0 && before[^1].HasSignOutputs(mode))];
        builder.Begin(signInputs.Contains(true));
        FeatureShape output = layer.Build(input, builder);
        if (output.Length < 1)
            throw new ArgumentException(
                $"The layer of kind '{layer.Kind}' has no outputs; its 'Build' must return a shape of at least 1 value.");
        string name = builder.End(layer.Name);
        return new LayerSlot(
            layer,
            name,
            input,
            output,
            [.. builder.Parameters],
            [.. builder.Statistics],
            [.. builder.Random],
            input.Length == output.Length && MayOverwrite(layer, before),
            input.Length == output.Length && layer.InPlace.HasFlag(InPlace.Backward),
            signInputs);
    }

    // Allowed only if no layer that wrote to this memory reads its result again. The caller's memory is never written.
    private static bool MayOverwrite(Layer layer, List<LayerSlot> before)
    {
        if (!layer.InPlace.HasFlag(InPlace.Forward) || layer.BackwardReads.HasFlag(BackwardReads.Input)) return false;
        bool keepsSigns = layer.InPlace.HasFlag(InPlace.KeepsSigns);
        for (int i = before.Count - 1; i >= 0; i--)
        {
            BackwardReads reads = before[i].Layer.BackwardReads;
            if (reads.HasFlag(BackwardReads.Output) || (reads.HasFlag(BackwardReads.OutputSigns) && !keepsSigns)) return false;
            if (!before[i].OverwritesInput) return true;
        }

        return false;
    }
}
