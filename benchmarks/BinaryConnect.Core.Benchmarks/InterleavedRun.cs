using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Running;
using static System.FormattableString;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// The benchmarks of a class taking turns in one process, for machines that others use too: each turn is divided by the baseline's of the same round,
/// so that what slows a round down does so for both. BenchmarkDotNet runs one benchmark after the other, minutes apart.
/// </summary>
internal static class InterleavedRun
{
    // Long enough for a class to be compiled with all optimizations, and to be settled.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500), Turn = TimeSpan.FromMilliseconds(5), Duration = TimeSpan.FromSeconds(20);

    /// <summary>Runs the classes whose names are given and prints medians, with the quarters of the ratios on either side. False where there is no such class.</summary>
    public static bool Run(IReadOnlyCollection<string> classNames)
    {
        Dictionary<string, Type> classes = typeof(InterleavedRun).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.GetMethods().Any(method => method.GetCustomAttribute<BenchmarkAttribute>() is { Baseline: true }))
            .ToDictionary(type => type.Name);
        if (classNames.Count == 0 || !classNames.All(classes.ContainsKey))
        {
            Console.Error.WriteLine($"--interleaved is given as '{string.Join(' ', classNames)}'; it must be followed by some of {string.Join(", ", classes.Keys.Order())}.");
            return false;
        }

        foreach (string name in classNames)
        {
            Candidate[] candidates =
                [.. BenchmarkConverter.TypeToBenchmarks(classes[name]).BenchmarksCases.GroupBy(one => one.Parameters.DisplayInfo).SelectMany(Prepare)];
            foreach (Candidate candidate in candidates) candidate.Settle(WarmUp, Turn);
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; Stopwatch.GetElapsedTime(start) < Duration; round++)
            {
                foreach (Candidate candidate in round % 2 == 0 ? candidates : candidates.Reverse()) candidate.TakeTurn();
            }

            Print(name, candidates);
            foreach ((object instance, MethodInfo? cleanup) in candidates.Select(one => (one.Instance, one.Cleanup)).Distinct()) cleanup?.Invoke(instance, null);
        }

        return true;
    }

    // The benchmarks of the same parameters share an object.
    private static IEnumerable<Candidate> Prepare(IGrouping<string, BenchmarkCase> cases)
    {
        Descriptor descriptor = cases.First().Descriptor;
        object instance = Activator.CreateInstance(descriptor.Type)!;
        foreach (var parameter in cases.First().Parameters.Items) descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        foreach (MethodInfo? setup in cases.Select(one => one.Descriptor.GlobalSetupMethod).Distinct()) setup?.Invoke(instance, null);
        return cases.Select(one => new Candidate(one.Descriptor, cases.Key, instance, Caller(one.Descriptor.WorkloadMethod, instance)));
    }

    private static Action Caller(MethodInfo method, object instance)
    {
        if (method.ReturnType == typeof(void)) return method.CreateDelegate<Action>(instance);
        MethodInfo caller = typeof(InterleavedRun).GetMethod(nameof(CallerOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Action)caller.MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;
    }

    private static Action CallerOf<T>(MethodInfo method, object instance)
    {
        Func<T> function = method.CreateDelegate<Func<T>>(instance);
        return () => function();
    }

    private static void Print(string name, Candidate[] candidates)
    {
        Console.WriteLine($"| {name} | parameters | median | ratio: median | quarter below | quarter above |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Candidate candidate in candidates)
        {
            Candidate baseline = candidates.Single(other => other.IsBaseline && other.Parameters == candidate.Parameters);
            Statistics times = new(candidate.Microseconds), ratios = new(candidate.Microseconds.Zip(baseline.Microseconds, (own, bound) => own / bound));
            Console.WriteLine(Invariant($"| {candidate.Name} | {candidate.Parameters} | {times.Median:F1} µs | {ratios.Median:F2} | {ratios.Q1:F2} | {ratios.Q3:F2} |"));
        }
    }

    private sealed class Candidate(Descriptor descriptor, string parameters, object instance, Action call)
    {
        private int _calls;

        public string Name => descriptor.WorkloadMethod.Name;

        public bool IsBaseline => descriptor.Baseline;

        public string Parameters => parameters;

        public object Instance => instance;

        public MethodInfo? Cleanup => descriptor.GlobalCleanupMethod;

        public List<double> Microseconds { get; } = [];

        /// <summary>Calls for a while, with pauses for the compiler, and finds out how many calls a turn takes.</summary>
        public void Settle(TimeSpan duration, TimeSpan turn)
        {
            _calls = 1;
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration; Thread.Sleep(1))
            {
                TakeTurn();
                double took = Microseconds[^1] * descriptor.OperationsPerInvoke;
                _calls = (int)Math.Max(1, turn.TotalMicroseconds / took);
            }

            Microseconds.Clear();
        }

        // What others left in the caches is gone after a first call.
        public void TakeTurn()
        {
            call();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < _calls; i++) call();
            Microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / _calls / descriptor.OperationsPerInvoke);
        }
    }
}
