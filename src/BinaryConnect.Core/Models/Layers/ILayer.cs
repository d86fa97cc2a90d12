
namespace BinaryConnect.Models.Layers;

/// <summary>
/// One layer of a <see cref="MultilayerPerceptron"/>. Rows lie one after the other; memory comes from the network, made once for
/// its largest batch. A layer belongs to one caller.
/// </summary>
internal interface ILayer
{
    /// <summary>What summaries call it.</summary>
    string Kind { get; }

    /// <summary>Values of an input row, f.</summary>
    int Inputs { get; }

    /// <summary>Values of an output row, m.</summary>
    int Outputs { get; }

    /// <summary>What the optimizer moves.</summary>
    IReadOnlyList<Parameter> Parameters => [];

    /// <summary>What is not trained, but belongs to the layer and changes as it is trained.</summary>
    IReadOnlyList<Statistic> Statistics => [];

    /// <summary>Products that enter a sum, for one row at test time.</summary>
    long MultiplyAdds => 0;

    /// <summary>
    /// The fewest rows that training needs; a batch of fewer must leave <see cref="Statistics"/> as they are.
    /// </summary>
    int LeastRows => 1;

    /// <summary>Whether outputs may take the place of the inputs, which the gradient does without.</summary>
    bool WorksInPlace => false;

    /// <summary>Whether dL/d(inputs) may take the place of dL/d(outputs).</summary>
    bool BackwardInPlace => WorksInPlace;

    /// <summary>The threads and the memory that a layer may use while it computes.</summary>
    LayerWorkspace Workspace
    {
        set { }
    }

    /// <summary>Computes the outputs [n, m] of inputs [n, f] as in training.</summary>
    void Forward(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows);

    /// <summary>Computes the outputs as at test time.</summary>
    void Infer(ReadOnlyMemory<float> inputs, Memory<float> outputs, int rows) => Forward(inputs, outputs, rows);

    /// <summary>
    /// For the inputs and outputs of the last <see cref="Forward"/>: computes every parameter's gradient and, unless
    /// <paramref name="inputGradient"/> is empty, dL/d(inputs) from dL/d(outputs).
    /// </summary>
    void Backward(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> outputs, Memory<float> outputGradient, Memory<float> inputGradient, int rows);
}
