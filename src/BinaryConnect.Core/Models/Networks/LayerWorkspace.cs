using BinaryConnect.Guards;
using BinaryConnect.Kernels.Gemm;
using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Kernels.Simd;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Networks;

/// <summary>The threads, and their memory, that the layers of a network share while one caller computes.</summary>
internal sealed class LayerWorkspace
{
    private readonly WorkspaceNeeds _needs;
    private readonly Memory<float>[] _scratch, _rowMemories;
    private readonly object[] _objects;

    /// <summary>Makes the memory that does not depend on the number of rows.</summary>
    public LayerWorkspace(WorkerPool split, WorkspaceNeeds needs)
    {
        Split = split;
        _needs = needs;
        _scratch = new Memory<float>[split.Degree];
        for (int i = 0; i < _scratch.Length; i++) _scratch[i] = AlignedBuffer.Allocate(needs.Scratch);
        _rowMemories = new Memory<float>[needs.RowValues.Count];
        _objects = [.. needs.Objects.Select(make => make(split))];
        Floats = new ParallelGemm(split);
        Signs = new ParallelSignGemm(split, _scratch);
    }

    /// <summary>The threads.</summary>
    public WorkerPool Split { get; }

    /// <summary>Float products of any shape.</summary>
    public ParallelGemm Floats { get; }

    /// <summary>Products with packed signs.</summary>
    public ParallelSignGemm Signs { get; }

    /// <summary>Memory of one thread, overwritten by whatever runs next.</summary>
    public Span<float> Scratch(int thread) => _scratch[thread].Span;

    /// <summary>A row memory, with all the rows that it has room for.</summary>
    public Span<float> RowMemory(int index) => _rowMemories[index].Span;

    /// <summary>An object that keeps state from the forward to the backward pass.</summary>
    public object Object(int index) => _objects[index];

    /// <summary>Makes room in the row memories; their content is lost.</summary>
    public void EnsureRows(int rows)
    {
        for (int i = 0; i < _rowMemories.Length; i++)
        {
            int length = Guard.Product(rows, _needs.RowValues[i], AlignedBuffer.MostLength, nameof(rows), "values of a row");
            if (_rowMemories[i].Length < length) _rowMemories[i] = AlignedBuffer.Allocate(length);
        }
    }
}
