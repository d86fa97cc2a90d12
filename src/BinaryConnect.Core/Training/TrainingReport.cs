using System.Globalization;
using BinaryConnect.Training.Metrics;
using BinaryConnect.Training.Reports;

namespace BinaryConnect.Training;

/// <summary>The report of a run: each step, each evaluation, and the reason why it ended.</summary>
public sealed class TrainingReport
{
    // Allocated at the start, so that steps allocate nothing; longer runs grow it by doubling.
    private const int FirstCapacity = 1 << 16;

    private readonly ReportRows<StepResult> _steps;
    private readonly ReportRows<EvaluationResult> _evaluations = new();
    private readonly ReportRows<RateChange> _rateChanges = new();

    private readonly IMetric _metric;
    private readonly double _leastGain;
    private double _best;

    internal TrainingReport(
        int seed, EvaluationWeights weights, int totalSteps, IMetric? metric = null, double leastGain = 0)
    {
        _metric = metric ?? Metric.Accuracy;
        _leastGain = leastGain;
        Seed = seed;
        EvaluationWeights = weights;
        _steps = new ReportRows<StepResult>(Math.Min(totalSteps, FirstCapacity));
    }

    /// <summary>The seed of the order of the examples.</summary>
    public int Seed { get; }

    /// <summary>The weights of the evaluations.</summary>
    public EvaluationWeights EvaluationWeights { get; }

    /// <summary>Each step, in order.</summary>
    public IReadOnlyList<StepResult> Steps => _steps;

    /// <summary>Each evaluation, in order.</summary>
    public IReadOnlyList<EvaluationResult> Evaluations => _evaluations;

    /// <summary>Each change of the learning rate by an evaluation, in order.</summary>
    public IReadOnlyList<RateChange> RateChanges => _rateChanges;

    /// <summary>The last evaluation; null if there was none.</summary>
    public EvaluationResult? FinalEvaluation => _evaluations.Count == 0 ? null : _evaluations[^1];

    /// <summary>
    /// The best evaluation by <see cref="TrainerOptions.Metric"/>, the first of equals; null if there was none. Another
    /// takes its place only if it is better by more than <see cref="TrainerOptions.LeastGain"/>.
    /// </summary>
    public EvaluationResult? BestEvaluation { get; private set; }

    /// <summary>The reason why the run ended; <see cref="StopReason.Running"/> before.</summary>
    public StopReason StopReason { get; internal set; } = StopReason.Running;

    /// <summary>
    /// The time from the first step to the end, including evaluations. For a resumed run it leaves out the time of
    /// steps after the checkpoint that were lost.
    /// </summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>
    /// The facts of the run as texts by name, to keep with a model: "training.seed", "training.steps",
    /// "training.stop_reason", "training.seconds", and for the last and the best evaluation "training.final" and
    /// "training.best". Numbers do not depend on the culture.
    /// </summary>
    /// <returns>The texts.</returns>
    public IReadOnlyDictionary<string, string> ToNotes()
    {
        var notes = new Dictionary<string, string>
        {
            ["training.seed"] = Seed.ToString(CultureInfo.InvariantCulture),
            ["training.steps"] = Steps.Count.ToString(CultureInfo.InvariantCulture),
            ["training.stop_reason"] = StopReason.ToString(),
            ["training.seconds"] = Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture),
        };
        Add("training.final", FinalEvaluation);
        Add("training.best", BestEvaluation);
        return notes;

        void Add(string name, EvaluationResult? evaluation)
        {
            if (evaluation is not null)
                notes[name] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"step {evaluation.Step}: loss {evaluation.Loss}, accuracy {evaluation.Accuracy}, {evaluation.Count} rows");
        }
    }

    /// <summary>The number of evaluations since the best one.</summary>
    internal int EvaluationsSinceBest { get; private set; }

    /// <summary>
    /// The report so far, which other threads may read too; it does not change later. Nothing is allocated.
    /// </summary>
    internal TrainingReportView View => new()
    {
        Seed = Seed,
        EvaluationWeights = EvaluationWeights,
        Steps = _steps.View,
        Evaluations = _evaluations.View,
        RateChanges = _rateChanges.View,
        BestEvaluation = BestEvaluation,
        StopReason = StopReason,
    };

    internal void Add(StepResult step) => _steps.Add(step);

    internal void Add(RateChange change) => _rateChanges.Add(change);

    /// <summary>Adds an evaluation; true if it is the best so far.</summary>
    /// <exception cref="InvalidOperationException">The metric gives NaN; nothing was added.</exception>
    internal bool Add(EvaluationResult evaluation)
    {
        double value = _metric.Compute(evaluation);
        if (double.IsNaN(value))
            throw new InvalidOperationException(
                $"'Metric' ({_metric.Name}) gives NaN for the evaluation after step {evaluation.Step:N0}; "
                + "it must give a number.");
        _evaluations.Add(evaluation);
        EvaluationsSinceBest++;
        double gain = _metric.GreaterIsBetter ? value - _best : _best - value;
        if (BestEvaluation is not null && !(gain > _leastGain)) return false;
        EvaluationsSinceBest = 0;
        BestEvaluation = evaluation;
        _best = value;
        return true;
    }
}
