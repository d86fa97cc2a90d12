using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// One job for each width of registers on this machine, down to none. The jobs run the same benchmarks in processes
/// whose runtime does not use the wider ones.
/// </summary>
internal static class RegisterWidths
{
    private const string PromisedBits = "BINARYCONNECT_REGISTER_BITS";
    private const int ScalarBits = 32;

    private static int WidestBits =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : ScalarBits;

    /// <summary>
    /// BenchmarkDotNet's usual config, and the job of the command line in each width. The job's name is removed from
    /// <paramref name="arguments"/>, where it would add another job. An unknown name stays, and BenchmarkDotNet refuses
    /// it.
    /// </summary>
    public static IConfig Config(List<string> arguments)
    {
        Job job = Job.Default;
        int at = arguments.FindIndex(argument => argument is "--job" or "-j");
        string[] named = at < 0 ? [] : [.. arguments.Skip(at).Take(2)];
        (bool known, IConfig parsed, _) = ConfigParser.Parse(named, NullLogger.Instance);
        if (known && named.Length > 0)
        {
            arguments.RemoveRange(at, named.Length);
            job = parsed.GetJobs().SingleOrDefault(job);
        }

        return ManualConfig.Create(DefaultConfig.Instance).AddJob([.. Jobs(job)]).HideColumns("EnvironmentVariables");
    }

    /// <summary>Ends a process whose registers do not have the width of its job, before any benchmark runs.</summary>
    [ModuleInitializer]
    internal static void KeepPromise()
    {
        string? promised = Environment.GetEnvironmentVariable(PromisedBits);
        if (promised is not null && promised != Text(WidestBits))
            throw new InvalidOperationException($"This process has registers of {WidestBits} bits; its job promises {promised}.");
    }

    private static IEnumerable<Job> Jobs(Job job)
    {
        if (WidestBits >= 512) yield return Narrow(job, "512 bit", 512, null);
        if (WidestBits >= 256) yield return Narrow(job, "256 bit", 256, "DOTNET_EnableAVX512");
        if (WidestBits >= 128) yield return Narrow(job, "128 bit", 128, "DOTNET_EnableAVX2");
        yield return Narrow(job, "scalar", ScalarBits, "DOTNET_EnableHWIntrinsic");
    }

    private static Job Narrow(Job job, string name, int bits, string? switchedOff)
    {
        job = job.WithEnvironmentVariable(PromisedBits, Text(bits));
        if (switchedOff is not null) job = job.WithEnvironmentVariable(switchedOff, "0");
        return job.WithId(name);
    }

    private static string Text(int bits) => bits.ToString(CultureInfo.InvariantCulture);
}
