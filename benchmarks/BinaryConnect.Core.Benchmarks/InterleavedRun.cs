using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Running;
using static System.FormattableString;

namespace BinaryConnect.Benchmarks;

/// <summary>
/// Alternates the benchmarks of a class in one process, for machines that others use too. Each time is divided by that
/// of the baseline in the same round, so that a slow round slows down both. BenchmarkDotNet runs one benchmark after
/// the other, minutes apart.
/// </summary>
internal static class InterleavedRun
{
    // The warm-up is long enough to compile a class with all optimizations.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Runs the named classes, and prints medians with the quartiles of the ratios. False if a class does not exist.
    /// </summary>
    public static bool Run(IReadOnlyCollection<string> classNames)
    {
        Dictionary<string, Type> classes = typeof(InterleavedRun).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.GetMethods().Any(IsBaseline))
            .ToDictionary(type => type.Name);
        if (classNames.Count == 0 || !classNames.All(classes.ContainsKey))
        {
            Console.Error.WriteLine(
                $"--interleaved is given as '{string.Join(' ', classNames)}'; "
                + $"it must be followed by some of {string.Join(", ", classes.Keys.Order())}.");
            return false;
        }

        foreach (string name in classNames)
        {
            BenchmarkCase[] cases = BenchmarkConverter.TypeToBenchmarks(classes[name]).BenchmarksCases;
            Candidate[] candidates = [.. cases.GroupBy(one => one.Parameters.DisplayInfo).SelectMany(Prepare)];
            foreach (Candidate candidate in candidates) candidate.WarmUp(WarmUp, Slice);
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; Stopwatch.GetElapsedTime(start) < Duration; round++)
            {
                foreach (Candidate candidate in round % 2 == 0 ? candidates : candidates.Reverse()) candidate.Measure();
            }

            Print(name, candidates);
            foreach ((object instance, MethodInfo? cleanup) in candidates.Select(one => (one.Instance, one.Cleanup)).Distinct())
                cleanup?.Invoke(instance, null);
        }

        return true;
    }

    private static bool IsBaseline(MethodInfo method) =>
        method.GetCustomAttribute<BenchmarkAttribute>() is { Baseline: true };

    // Benchmarks with the same parameters share an object.
    private static IEnumerable<Candidate> Prepare(IGrouping<string, BenchmarkCase> cases)
    {
        Descriptor descriptor = cases.First().Descriptor;
        object instance = Activator.CreateInstance(descriptor.Type)!;
        foreach (var parameter in cases.First().Parameters.Items)
            descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        foreach (MethodInfo? setup in cases.Select(one => one.Descriptor.GlobalSetupMethod).Distinct())
            setup?.Invoke(instance, null);
        return cases.Select(one => new Candidate(
            one.Descriptor, cases.Key, instance, Caller(one.Descriptor.WorkloadMethod, instance)));
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
            List<double> own = candidate.Microseconds;
            List<double> bound = candidates.Single(one => one.IsBaseline && one.Parameters == candidate.Parameters).Microseconds;
            Statistics times = new(own), ratios = new(own.Zip(bound, (time, least) => time / least));
            Console.WriteLine(
                Invariant($"| {candidate.Name} | {candidate.Parameters} | {times.Median:F1} µs ")
                + Invariant($"| {ratios.Median:F2} | {ratios.Q1:F2} | {ratios.Q3:F2} |"));
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

        /// <summary>
        /// Calls the benchmark for a while, with pauses for the compiler, and finds the number of calls in a time
        /// slice.
        /// </summary>
        public void WarmUp(TimeSpan duration, TimeSpan slice)
        {
            _calls = 1;
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration; Thread.Sleep(1))
            {
                Measure();
                double took = Microseconds[^1] * descriptor.OperationsPerInvoke;
                _calls = (int)Math.Max(1, slice.TotalMicroseconds / took);
            }

            Microseconds.Clear();
        }

        // The first call, which is not timed, replaces the cache content of other benchmarks.
        public void Measure()
        {
            call();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < _calls; i++) call();
            Microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / _calls / descriptor.OperationsPerInvoke);
        }
    }
}
