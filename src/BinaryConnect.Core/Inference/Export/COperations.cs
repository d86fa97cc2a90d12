namespace BinaryConnect.Inference.Export;

/// <summary>The most operations of one prediction: zeros among bytes leave some out.</summary>
/// <param name="Additions">Additions, subtractions and comparisons of values; not those of addresses and loops.</param>
/// <param name="Multiplications">Multiplications of values.</param>
internal readonly record struct COperations(long Additions, long Multiplications)
{
    private const int GroupInputs = 4, BytesTableAdditions = 12, FloatsTableAdditions = 48;

    /// <summary>Counts the operations of all layers.</summary>
    public static COperations Of(IEnumerable<CLayer> layers, CInnerLoop loop)
    {
        long additions = 0, multiplications = 0;
        foreach (CLayer layer in layers)
        {
            long groups = (layer.Inputs + GroupInputs - 1) / GroupInputs, weights = (long)layer.Inputs * layer.Units;
            bool hasTables = loop == CInnerLoop.SumTables, hasEqualScores = HasEqualScores(layer);
            if (!layer.Packed.Weights.IsEmpty) multiplications += weights;
            additions += layer switch
            {
                { Packed: { SignBits.IsEmpty: true, Weights.IsEmpty: true } } => 0,
                { Takes: CValues.Bits } => 2L * layer.Units * layer.Packed.BytesPerRow,
                { HasPairs: true } when hasTables =>
                    groups * ((layer.HasIntegerSums ? BytesTableAdditions : FloatsTableAdditions) + 2 * layer.Pairs),
                _ => weights,
            };
            additions += 2 * layer.Units;
            multiplications += layer.Gives == CValues.Bits && layer.HasIntegerSums || hasEqualScores ? 0 : layer.Units;
        }

        return new COperations(additions, multiplications);
    }

    private static bool HasEqualScores(CLayer layer) => layer.HasPlainScores && CScores.Of(layer).Factors.Length == 0;
}
