using System.Text;

namespace BinaryConnect.Fuzz;

/// <summary>Feeds mutants to a target, one after the other, and counts.</summary>
internal static class FuzzRun
{
    /// <summary>The memory that a mutant may cost, in addition to twice its unpacked size.</summary>
    public const long FreeMemory = 2 << 20;

    // Processor time to read a mutant; a busy machine makes it longer.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    private const int BytesShown = 1 << 16;

    /// <summary>Runs mutants <paramref name="first"/>, <paramref name="first"/> + 1, … of a seed.</summary>
    public static FuzzReport Of<TMutant, TResult>(IFuzzTarget<TMutant, TResult> target, int seed, long first, long mutants)
        where TMutant : Mutant
    {
        var report = new FuzzReport();
        for (long number = first; number < first + mutants; number++)
        {
            TMutant mutant = target.Make(new Random(SeedOf(seed, number)));
            if (Judge(target, mutant, report) is not { } fault) continue;
            report.Failures++;
            string arguments = $"--seed {seed} --first {number} --mutants 1";
            report.FirstFailure ??= $"{arguments}: {fault}\n{mutant.Change}\n{Dump(mutant.Content)}";
        }

        return report;
    }

    private static string? Judge<TMutant, TResult>(IFuzzTarget<TMutant, TResult> target, TMutant mutant, FuzzReport report)
        where TMutant : Mutant
    {
        TResult? result = default;
        Exception? refusal = null;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            result = target.Read(mutant);
        }
        catch (Exception exception)
        {
            refusal = exception;
        }

        long memory = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan time = Environment.CpuUsage.TotalTime - start;
        report.MostMemory = Math.Max(report.MostMemory, memory);
        if (refusal is null) report.Accepted++;
        else report.Refused++;

        if ((refusal is null ? target.FaultOf(mutant, result!) : target.FaultOf(mutant, refusal)) is { } fault) return fault;
        if (time > MostTime) return $"it took {time.TotalSeconds:N1} seconds; the limit is {MostTime.TotalSeconds:N0}.";
        if (memory <= FreeMemory) return null;
        long limit = FreeMemory + 2 * target.UnpackedLength(mutant);
        return memory <= limit ? null : $"it took {memory:N0} bytes of memory; the limit is {limit:N0}.";
    }

    // The same in every process, which HashCode.Combine is not.
    private static int SeedOf(int seed, long number)
    {
        ulong mixed = ((ulong)(uint)seed << 32) + (ulong)number;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed ^ (mixed >> 31)) & int.MaxValue;
    }

    private static string Dump(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder($"{content.Length} bytes");
        for (int i = 0; i < Math.Min(content.Length, BytesShown); i++)
        {
            if (i % 32 == 0) text.Append($"\n{i:X6} ");
            text.Append($" {content[i]:X2}");
        }

        return text.Append(content.Length > BytesShown ? "\n…" : "").ToString();
    }
}
