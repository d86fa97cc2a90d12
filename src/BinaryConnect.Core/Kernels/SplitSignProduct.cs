namespace BinaryConnect.Kernels;

/// <summary>A <see cref="SignProduct"/> on several threads, each of which takes some rows after others. It belongs to one caller.</summary>
internal sealed class SplitSignProduct(LayerWorkspace workspace) : ISplitWork
{
    // Tables serve four rows at a time.
    private const int RowStep = RowBlocks.Step;

    private ReadOnlyMemory<float> _x;
    private ReadOnlyMemory<uint> _signs;
    private Memory<float> _z;
    private SignLayout _layout;
    private float _bound;
    private int _rows, _parts;

    /// <inheritdoc cref="SignProduct.Multiply(ReadOnlySpan{float}, ReadOnlySpan{uint}, SignLayout, float, Span{float}, Span{float})"/>
    public void Multiply(ReadOnlyMemory<float> x, ReadOnlyMemory<uint> signs, SignLayout layout, float bound, Memory<float> z, int rows)
    {
        (_x, _signs, _layout, _bound, _z, _rows) = (x, signs, layout, bound, z, rows);
        _parts = workspace.Split.Parts(rows, RowStep, (long)rows * layout.Inputs * layout.Tiles * SignLayout.TileOutputs);
        workspace.Split.Run(this, _parts);
        (_x, _signs, _z) = (default, default, default);
    }

    void ISplitWork.Run(int part, int thread)
    {
        (int start, int end) = WorkSplit.Range(_rows, RowStep, part, _parts);
        ReadOnlySpan<float> x = _x.Span[(start * _layout.Inputs)..(end * _layout.Inputs)];
        Span<float> z = _z.Span[(start * _layout.Outputs)..(end * _layout.Outputs)];
        SignProduct.Multiply(x, _signs.Span, _layout, _bound, z, workspace.Scratch(thread));
    }
}
