using BinaryConnect.Data;
using BinaryConnect.Models.Layers;

namespace BinaryConnect.Tests.Support;

/// <summary>A layer as a user may write one. A test gives its parts; by itself it is y = x, and says nothing.</summary>
internal sealed class OwnLayer : Layer
{
    /// <summary>Computes a pass.</summary>
    public delegate void Pass(in LayerPass pass);

    /// <summary>Makes effective values.</summary>
    public delegate void BinarizeAction(in BinarizePass pass);

    public Func<FeatureShape, LayerBuilder, FeatureShape> OnBuild { get; init; } = (input, _) => input;

    public Pass OnForward { get; init; } = (in LayerPass pass) => pass.Input.CopyTo(pass.Output);

    public Pass OnBackward { get; init; } = (in LayerPass pass) =>
    {
        if (!pass.InputGradient.IsEmpty) pass.OutputGradient.CopyTo(pass.InputGradient);
    };

    public BinarizeAction OnBinarize { get; init; } = (in BinarizePass pass) => pass.All();

    public BackwardReads Reads { get; init; } = BackwardReads.Input | BackwardReads.Output;

    public InPlace Place { get; init; }

    public bool TakesBytes { get; init; }

    public override string Kind => "example.com/own";

    public override BackwardReads BackwardReads => Reads;

    public override InPlace InPlace => Place;

    public override bool AcceptsBytes => TakesBytes;

    public override FeatureShape Build(FeatureShape input, LayerBuilder builder) => OnBuild(input, builder);

    public override void Forward(in LayerPass pass) => OnForward(pass);

    public override void Backward(in LayerPass pass) => OnBackward(pass);

    public override void Binarize(in BinarizePass pass) => OnBinarize(pass);
}
