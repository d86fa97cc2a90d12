using BinaryConnect.Data;
using BinaryConnect.Models.Operations;
using BinaryConnect.Settings;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// A layer of a <see cref="Sequential"/>. Derive your own: it can do all that the layers of this library can. A layer
/// belongs to one network. The network owns the memory of the layer, and gives it to each pass.
/// </summary>
public abstract class Layer : IDescribable
{
    private bool _isBuilt;
    private string? _name;

    /// <summary>
    /// The prefix of the names of its parameters. Null takes "layer{n}", where n counts the layers with weights up to
    /// and including this one. Before the first layer with weights it takes "input". Empty gives no prefix.
    /// </summary>
    public string? Name
    {
        get => _name;
        init => _name = value;
    }

    /// <summary>
    /// The kind of layer in summaries and files, such as "binary_dense"; the name of the type unless overridden. A kind
    /// of your own should have a text that this library will not use, such as "example.com/hard_tanh".
    /// </summary>
    public virtual string Kind => GetType().FullName ?? GetType().Name;

    /// <summary>
    /// Which values of the forward pass <see cref="Backward"/> reads; input and output unless overridden.
    /// </summary>
    public virtual BackwardReads BackwardReads => BackwardReads.Input | BackwardReads.Output;

    /// <summary>The results that may overwrite the values they are computed from; none unless overridden.</summary>
    public virtual InPlace InPlace => InPlace.None;

    /// <summary>
    /// Whether <see cref="Forward"/> in <see cref="PassMode.Inference"/> writes no field. If this is true of every
    /// layer, several threads can predict at once, else one by one. False unless <see cref="HasIndependentRows"/>.
    /// </summary>
    public virtual bool HasStatelessInference => HasIndependentRows(PassMode.Inference);

    /// <summary>
    /// Whether the first layer of a network takes batches of bytes (<see cref="LayerPass.HasBytes"/>); false unless
    /// overridden, and then the network converts them to floats. Asked after <see cref="Build"/>.
    /// </summary>
    public virtual bool AcceptsBytes => false;

    /// <summary>
    /// Products that enter a sum, for one row at test time; 0 unless overridden. Asked after <see cref="Build"/>.
    /// </summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>
    /// Whether each row of a pass depends on that row alone, forward and backward, and no field is written, so that
    /// the network may share the rows among threads. False unless overridden.
    /// </summary>
    /// <param name="mode">The purpose of the pass.</param>
    /// <returns>False for layers that draw at random, or whose backward pass sums over rows.</returns>
    public virtual bool HasIndependentRows(PassMode mode) => false;

    /// <summary>
    /// Whether every output of a pass is +1 or −1; false unless overridden. The next layer sees it as
    /// <see cref="LayerPass.HasSignInputs"/>, and <see cref="BinaryDense"/> then multiplies bits. Asked after
    /// <see cref="Build"/>.
    /// </summary>
    /// <param name="mode">The purpose of the pass.</param>
    /// <param name="hasSignInputs">Whether every input of the pass is +1 or −1.</param>
    /// <returns>True only if it holds for all inputs, NaN included.</returns>
    public virtual bool HasSignOutputs(PassMode mode, bool hasSignInputs) => false;

    /// <summary>Writes every setting that changes results, for checkpoints; none unless overridden.</summary>
    /// <param name="to">Takes the settings.</param>
    public virtual void Describe(SettingsWriter to)
    {
    }

    /// <summary>Called once, when a network is made: asks for parameters and memory.</summary>
    /// <param name="input">The shape of an input row.</param>
    /// <param name="builder">Gives parameters and memory.</param>
    /// <returns>The shape of an output row.</returns>
    /// <exception cref="ArgumentException">The layer does not take inputs of this shape.</exception>
    public abstract FeatureShape Build(FeatureShape input, LayerBuilder builder);

    /// <summary>
    /// Computes <see cref="LayerPass.Output"/> [n, m] from <see cref="LayerPass.Input"/> [n, f]. Every value must be
    /// written.
    /// </summary>
    /// <param name="pass">The memory of the pass.</param>
    public abstract void Forward(in LayerPass pass);

    /// <summary>
    /// For the last <see cref="Forward"/>: sets every parameter's <see cref="Parameter.Gradient"/>, and computes
    /// <see cref="LayerPass.InputGradient"/> from <see cref="LayerPass.OutputGradient"/>, unless it is empty. It sets
    /// gradients, and never adds to them.
    /// </summary>
    /// <param name="pass">The memory of the pass.</param>
    public abstract void Backward(in LayerPass pass);

    /// <summary>
    /// Makes the effective values of the layer's parameters; <see cref="BinarizePass.All"/> unless overridden.
    /// Override it where the layer keeps them in another form too. Layers are called in order.
    /// </summary>
    /// <param name="pass">What binarizes.</param>
    public virtual void Binarize(in BinarizePass pass) => pass.All();

    /// <summary>
    /// Clears the sums of the layer's statistics. The following passes in <see cref="PassMode.Statistics"/> add to
    /// these sums.
    /// </summary>
    public virtual void BeginStatistics()
    {
    }

    /// <summary>Sets the statistics to those of all rows since <see cref="BeginStatistics"/>.</summary>
    public virtual void EndStatistics()
    {
    }

    /// <summary>Adds what the layer computes at test time; adds nothing and gives false unless overridden.</summary>
    /// <param name="ops">Takes the operations.</param>
    /// <returns>Whether the operations say all that the layer does. A packer refuses a layer that says false.</returns>
    public virtual bool TryExport(InferenceOps ops) => false;

    /// <summary>Gives the layer the name that a file has for it.</summary>
    internal void Rename(string name) => _name = name;

    /// <summary>Marks the layer as one of a network's.</summary>
    /// <exception cref="ArgumentException">It is one already.</exception>
    internal void Claim()
    {
        if (_isBuilt)
            throw new ArgumentException(
                $"A layer of kind '{Kind}' belongs to another network, or stands twice in this one; each layer must be new.");
        _isBuilt = true;
    }
}
