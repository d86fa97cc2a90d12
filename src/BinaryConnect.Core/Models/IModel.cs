using BinaryConnect.Binarization;
using BinaryConnect.Data;

namespace BinaryConnect.Models;

/// <summary>A classifier that can be trained: it owns its parameters and work space.</summary>
/// <remarks>
/// One caller at a time may train the model or change it otherwise. No other code may use the model meanwhile. While
/// it does not change, any number of threads may read the values of <see cref="Parameters"/> and
/// <see cref="Statistics"/>. The model decides whether several threads may call <see cref="Infer"/>; all models of
/// this library allow it.
/// </remarks>
public interface IModel
{
    /// <summary>The number of features of an input row, f.</summary>
    int FeatureCount { get; }

    /// <summary>The number of classes, c.</summary>
    int ClassCount { get; }

    /// <summary>Everything the optimizer moves, always the same objects in the same order.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// Values that the model computes from its data, and that no optimizer changes: always the same objects in the
    /// same order.
    /// </summary>
    IReadOnlyList<Statistic> Statistics => [];

    /// <summary>
    /// The number of draws of each random part of the model, such as a dropout layer. The length of the list never
    /// changes. A model without random parts gives an empty list. There is no default, so that a model that forgets its
    /// draws does not compile. A run sets the numbers to 0 at its start, and to the saved ones where it is resumed. A
    /// step that diverges restores them.
    /// </summary>
    IReadOnlyList<long> Draws { get; set; }

    /// <summary>
    /// Whether <see cref="Forward"/> and <see cref="Backward"/> take batches of bytes. If not, a trainer converts them
    /// to floats first.
    /// </summary>
    bool AcceptsBytes => false;

    /// <summary>
    /// The fewest rows of a batch that the model can learn from, at least 1; 1 unless it says otherwise. One that
    /// normalizes by the batch needs 2. No trainer takes a smaller batch size, or a smaller training set. The last
    /// batch of an epoch may still be smaller (<see cref="PartialBatch.Keep"/>): <see cref="Forward"/> must
    /// accept it, and must not use it for <see cref="Statistics"/> that need more rows.
    /// </summary>
    int LeastRows => 1;

    /// <summary>
    /// The most threads that <see cref="Forward"/> and <see cref="Backward"/> may use, the caller's included; at
    /// least 1. A model that computes on the caller's thread alone accepts any value and ignores it.
    /// </summary>
    int MaxDegreeOfParallelism
    {
        get => 1;
        set { }
    }

    /// <summary>Computes the logits of a batch with the effective values of the parameters.</summary>
    /// <param name="batch">The inputs, [n, f].</param>
    /// <param name="logits">What would enter the softmax, [n, c].</param>
    /// <exception cref="ArgumentException">A shape does not fit the model.</exception>
    void Forward(Batch batch, Span<float> logits);

    /// <summary>
    /// Computes the logits as at test time; the same as <see cref="Forward"/>, unless the model says otherwise. A model
    /// whose <see cref="Forward"/> has a work space must implement it, with a lock or a work space for each call, to
    /// allow several threads.
    /// </summary>
    /// <param name="batch">The inputs, [n, f].</param>
    /// <param name="logits">What would enter the softmax, [n, c].</param>
    /// <exception cref="ArgumentException">A shape does not fit the model.</exception>
    void Infer(Batch batch, Span<float> logits) => Forward(batch, logits);

    /// <summary>
    /// Sets <see cref="Statistics"/> to those of a whole data set, with the effective values as they are now; a model
    /// that has none does nothing.
    /// </summary>
    /// <param name="data">The training set.</param>
    /// <param name="batchSize">How many rows are taken together, at least <see cref="LeastRows"/>.</param>
    /// <exception cref="ArgumentException">
    /// The data do not fit the model, or <paramref name="batchSize"/> does not fit the data.
    /// </exception>
    void RecomputeStatistics(Dataset data, int batchSize)
    {
    }

    /// <summary>
    /// Computes every parameter's <see cref="Parameter.Gradient"/> for the batch last given to <see cref="Forward"/>.
    /// Between the two calls the model computes nothing else, since it may keep what it computed on the way forward.
    /// </summary>
    /// <param name="batch">The same batch, [n, f].</param>
    /// <param name="logitsGradient">G = dL/d(logits), [n, c].</param>
    /// <exception cref="ArgumentException">A shape does not fit the model.</exception>
    void Backward(Batch batch, ReadOnlySpan<float> logitsGradient);

    /// <summary>Sets the effective values of every parameter that is binarized.</summary>
    /// <param name="binarizer">
    /// What binarizes, unless a parameter has its own (<see cref="Parameter.Binarizer"/>).
    /// </param>
    /// <param name="forInference">Whether it is for test time, where no binarizer of a parameter's own draws.</param>
    /// <exception cref="ArgumentNullException"><paramref name="binarizer"/> is null.</exception>
    void Binarize(IBinarizer binarizer, bool forInference = false)
    {
        IReadOnlyList<Parameter> parameters = Parameters;
        for (int i = 0; i < parameters.Count; i++) parameters[i].Binarize(binarizer, forInference);
    }
}
