namespace BinaryConnect.Inference.Execution;

/// <summary>The memory that a layer needs for each row of a block, and for a block.</summary>
/// <param name="Widest">The values of an input or output row, whichever has more.</param>
/// <param name="Bytes">The same for activations that are bytes; 0 for none.</param>
/// <param name="Sums">The integers of a row of sums.</param>
/// <param name="Work">The floats of work space of a block.</param>
/// <param name="Tables">The 16-bit values of sum tables of a block.</param>
/// <param name="Groups">The bytes of a row of groups of bits.</param>
internal readonly record struct LayerNeeds(int Widest, int Bytes, int Sums, int Work, int Tables, int Groups)
{
    /// <summary>The needs of layers that use the same memory.</summary>
    public static LayerNeeds Of(IEnumerable<LayerNeeds> layers) => layers.Aggregate((a, b) => new(
        Math.Max(a.Widest, b.Widest),
        Math.Max(a.Bytes, b.Bytes),
        Math.Max(a.Sums, b.Sums),
        Math.Max(a.Work, b.Work),
        Math.Max(a.Tables, b.Tables),
        Math.Max(a.Groups, b.Groups)));
}
