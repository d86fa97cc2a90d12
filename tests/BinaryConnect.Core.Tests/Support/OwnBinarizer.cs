using BinaryConnect.Binarization;

namespace BinaryConnect.Tests.Support;

/// <summary>A binarizer as a user may write one: a function of a weight and the bound.</summary>
internal sealed class OwnBinarizer(Func<float, float, float> choose) : IBinarizer
{
    /// <summary>−H, 0 or +H.</summary>
    public static OwnBinarizer Ternary =>
        new((weight, bound) => MathF.Abs(weight) < bound / 3 ? 0 : MathF.CopySign(bound, weight));

    /// <summary>The same signs as the library's binarizer, from a type that the library does not know.</summary>
    public static OwnBinarizer Signs => new((weight, bound) => weight < 0 ? -bound : bound);

    public void Binarize(ReadOnlySpan<float> weights, Span<float> destination, float bound = 1)
    {
        for (int i = 0; i < weights.Length; i++) destination[i] = choose(weights[i], bound);
    }
}
