namespace BinaryConnect.Inference.Export;

/// <summary>The most operations of one prediction: zeros among bytes leave some out.</summary>
/// <param name="Additions">Additions, subtractions and comparisons of values; not those of addresses and loops.</param>
/// <param name="Multiplications">Multiplications of values.</param>
internal readonly record struct COperations(long Additions, long Multiplications)
{
    private const int BytesTableAdditions = 12, FloatsTableAdditions = 48;

    /// <summary>Counts the operations of all layers.</summary>
    public static COperations Of(IEnumerable<CLayer> layers, CInnerLoop loop)
    {
        long additions = 0, multiplications = 0;
        foreach (CLayer layer in layers)
        {
            long groups = (layer.Inputs + CLayer.GroupInputs - 1) / CLayer.GroupInputs;
            long weights = (long)layer.Inputs * layer.Units;
            bool hasTables = loop == CInnerLoop.SumTables;
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
            multiplications += FactorsOf(layer) * layer.Units;
        }

        return new COperations(additions, multiplications);
    }

    // The multiplications of a sum; those of two products of 32 bits count twice.
    private static int FactorsOf(CLayer layer)
    {
        if (!layer.HasIntegerSums) return 1;
        if (layer.Gives == CValues.Bits || (layer.HasPlainScores && CScores.Of(layer).Factors.Length == 0)) return 0;
        bool isInteger = layer.Gives == CValues.Bytes || layer.HasPlainScores;
        return isInteger && layer.GreatestSum <= NarrowRounding.MostSum ? 2 : 1;
    }
}
