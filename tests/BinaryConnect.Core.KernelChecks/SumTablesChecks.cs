using BinaryConnect.Kernels.SignGemm;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.KernelChecks;

internal static class SumTablesChecks
{
    private const int MostInputs = 130, FourRows = 4 * SumTables.Entries;
    private static readonly GuardedMemory<float> Inputs = new(MostInputs), Tables = new(Groups(MostInputs) * FourRows);

    public static void Run(Report report) => report.Kernel("SumTables.Build", SumTablesForms.All, Build);

    // NaN between the tables stays. A sum of absent inputs may be 0 or −0.
    private static string? Build(Form form, Side side)
    {
        string? fault = null;
        for (int inputs = 0; inputs <= MostInputs; inputs++)
        {
            foreach (int stride in (ReadOnlySpan<int>)[SumTables.Entries, FourRows])
            {
                int groups = Groups(inputs), length = groups == 0 ? 0 : (groups - 1) * stride + SumTables.Entries;
                float[] x = KernelInputs.Uniform(inputs, seed: inputs), expected = new float[length];
                Array.Fill(expected, float.NaN);
                Span<float> tables = Tables.Take(expected, side);
                SumTablesForms.Build(form, Inputs.Take(x, side), groups, tables, stride);
                SumTables.BuildScalar(x, groups, expected, stride);
                fault ??= Compare.Equal(tables, expected, $"{inputs} inputs, {stride} apart");
            }
        }

        return fault;
    }

    private static int Groups(int inputs) => new SignLayout(1, inputs).Words * (SignLayout.WordInputs / SumTables.GroupInputs);
}
