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

    internal TrainingReport(int seed, EvaluationWeights weights, int totalSteps)
    {
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

    /// <summary>The evaluation with the highest accuracy, the first of equals; null if there was none.</summary>
    public EvaluationResult? BestEvaluation { get; private set; }

    /// <summary>The reason why the run ended; <see cref="StopReason.Running"/> before.</summary>
    public StopReason StopReason { get; internal set; } = StopReason.Running;

    /// <summary>
    /// The time from the first step to the end, including evaluations. For a resumed run it leaves out the time of
    /// steps after the checkpoint that were lost.
    /// </summary>
    public TimeSpan Elapsed { get; internal set; }

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
    internal bool Add(EvaluationResult evaluation)
    {
        _evaluations.Add(evaluation);
        EvaluationsSinceBest++;
        if (BestEvaluation is not null && evaluation.Accuracy <= BestEvaluation.Accuracy) return false;
        EvaluationsSinceBest = 0;
        BestEvaluation = evaluation;
        return true;
    }
}
