using BinaryConnect.Binarization;
using BinaryConnect.Guards;
using BinaryConnect.Models.Networks;
using BinaryConnect.Threading;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Makes the effective values of a layer's parameters (<see cref="Layer.Binarize"/>). Valid during the call alone.
/// </summary>
public readonly ref struct BinarizePass
{
    private readonly Call _call;
    private readonly int _thread;
    private readonly bool _isPart;

    internal BinarizePass(Call call) => _call = call;

    private BinarizePass(Call call, int thread)
    {
        _call = call;
        _thread = thread;
        _isPart = true;
    }

    /// <summary>A part of a binarization, so that threads share it.</summary>
    public interface IParts
    {
        /// <summary>
        /// Runs one part. Parts run at the same time, each once, and touch nothing of each other's results.
        /// </summary>
        /// <param name="pass">The pass, with <see cref="Scratch"/> of the thread that runs the part.</param>
        /// <param name="part">Which part, from 0.</param>
        void Run(in BinarizePass pass, int part);
    }

    /// <summary>Memory of this thread (<see cref="LayerBuilder.NeedScratch"/>).</summary>
    public Span<float> Scratch => _call.Workspace.Scratch(_thread);

    /// <summary>The most parts that threads share: several for each thread, one where there is one thread.</summary>
    public int MostParts => _call.Workspace.Split.MostParts;

    /// <summary>The binarizer of a parameter: its own one, or the one given for the whole model.</summary>
    /// <param name="parameter">One of the layer's.</param>
    /// <returns>The binarizer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    public IBinarizer BinarizerOf(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Choose(_call.Binarizer, _call.IsForInference);
    }

    /// <summary>Binarizes every parameter of the layer that is binarized, one after the other.</summary>
    public void All()
    {
        foreach (Parameter parameter in _call.Parameters) parameter.Binarize(_call.Binarizer, _call.IsForInference);
    }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> − 1 on the network's threads; within a part, on that part's thread.
    /// </summary>
    /// <param name="work">The parts.</param>
    /// <param name="parts">How many, at least 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is negative.</exception>
    public void Run(IParts work, int parts)
    {
        ArgumentNullException.ThrowIfNull(work);
        Guard.AtLeast(parts, 0, nameof(parts));
        if (_isPart)
        {
            for (int part = 0; part < parts; part++) work.Run(this, part);
            return;
        }

        _call.Run(work, parts);
    }

    /// <summary>The state behind a pass; a network sets it layer by layer.</summary>
    internal sealed class Call(LayerWorkspace workspace, IBinarizer binarizer) : IParallelWork
    {
        private IParts? _work;

        public LayerWorkspace Workspace { get; } = workspace;

        public IBinarizer Binarizer { get; set; } = binarizer;

        public bool IsForInference { get; set; }

        public Parameter[] Parameters { get; set; } = [];

        public void Run(IParts work, int parts)
        {
            _work = work;
            Workspace.Split.Run(this, parts);
        }

        void IParallelWork.Run(int part, int thread) => _work!.Run(new BinarizePass(this, thread), part);
    }
}
