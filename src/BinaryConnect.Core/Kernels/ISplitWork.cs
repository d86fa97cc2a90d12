namespace BinaryConnect.Kernels;

/// <summary>Work in parts that touch nothing of each other's results, for a <see cref="WorkSplit"/>.</summary>
internal interface ISplitWork
{
    /// <summary>Does one part; parts run at the same time, each once.</summary>
    void Run(int part);
}
