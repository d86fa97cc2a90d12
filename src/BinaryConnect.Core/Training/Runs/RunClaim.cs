using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Models;
using BinaryConnect.Schedules;

namespace BinaryConnect.Training.Runs;

/// <summary>
/// Keeps two runs from using one object with live state at the same time. Options copied by <c>with</c> share such
/// objects, so the objects are claimed, not the options.
/// </summary>
internal sealed class RunClaim : IDisposable
{
    private static readonly HashSet<object> Claimed = new(ReferenceEqualityComparer.Instance);

    private readonly List<object> _own = [];

    /// <summary>Claims the objects that a run changes, until it is disposed of.</summary>
    /// <exception cref="InvalidOperationException">Another run has claimed one of them.</exception>
    public RunClaim(IModel model, BatchSampler sampler, TrainerOptions options)
    {
        lock (Claimed)
        {
            try
            {
                Claim(model, "model");
                Claim(sampler, "sampler");
                Claim(options.Optimizer, nameof(options.Optimizer));
                if (Remembers(options.Schedule)) Claim(options.Schedule, nameof(options.Schedule));
                if (Draws(options.Binarizer)) Claim(options.Binarizer, nameof(options.Binarizer));
            }
            catch
            {
                Release();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (Claimed) Release();
    }

    private static bool Remembers(ILearningRateSchedule schedule) =>
        schedule.ListensToEvaluations || schedule.State is not { Count: 0 };

    private static bool Draws(IBinarizer binarizer) => !ReferenceEquals(binarizer.ForInference, binarizer);

    private void Claim(object shared, string name)
    {
        if (!Claimed.Add(shared))
            throw new InvalidOperationException(
                $"'{name}' is in use by a run that goes on; it serves one run at a time. Give each run its own.");
        _own.Add(shared);
    }

    private void Release()
    {
        foreach (object shared in _own) Claimed.Remove(shared);
        _own.Clear();
    }
}
