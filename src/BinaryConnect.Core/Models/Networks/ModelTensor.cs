namespace BinaryConnect.Models.Networks;

/// <summary>Values of a model that files hold, and that a run may restore.</summary>
/// <param name="Name">Their name in files.</param>
/// <param name="Sizes">Their shape in files.</param>
/// <param name="Values">Returns the current values.</param>
/// <param name="Least">The least possible value.</param>
internal sealed record ModelTensor(string Name, long[] Sizes, Func<Span<float>> Values, float Least = float.MinValue)
{
    /// <summary>The latent values of all parameters.</summary>
    public static IEnumerable<ModelTensor> Latent(IModel model) =>
        model.Parameters.Select(parameter => Of("latent", parameter, () => parameter.Latent));

    /// <summary>The effective values of all binarized parameters; "propagated" in files.</summary>
    public static IEnumerable<ModelTensor> Effective(IModel model) =>
        Binarized(model).Select(parameter => Of("propagated", parameter, () => parameter.Effective));

    /// <summary>All statistics.</summary>
    public static IEnumerable<ModelTensor> Statistics(IModel model) => model.Statistics.Select(
        statistic => new ModelTensor(
            $"statistic.{statistic.Name}", [statistic.Values.Length], () => statistic.Values, statistic.Least));

    /// <summary>All that training changes: latent values and statistics.</summary>
    public static IEnumerable<ModelTensor> Trained(IModel model) => [.. Latent(model), .. Statistics(model)];

    /// <summary>The parameters that have <see cref="Effective"/> values, in the same order.</summary>
    public static IEnumerable<Parameter> Binarized(IModel model) =>
        model.Parameters.Where(parameter => parameter.IsBinarized);

    /// <summary>The shape of a parameter in files.</summary>
    public static long[] ShapeOf(Parameter parameter) => [.. parameter.Shape.Select(size => (long)size)];

    private static ModelTensor Of(string what, Parameter parameter, Func<Span<float>> values) =>
        new($"{what}.{parameter.Name}", ShapeOf(parameter), values);
}
