using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Losses;
using BinaryConnect.Models;
using BinaryConnect.Optimizers;
using BinaryConnect.Samples.Mnist;
using BinaryConnect.Samples.Mnist.Multilayer;
using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Samples;

/// <summary>The recipes of the mlp command have the settings of the paper and its authors' code.</summary>
internal sealed class MultilayerRecipeTests
{
    // As many rows as the paper trains on, of one feature.
    private static readonly Dataset Train = Dataset.FromBytes(new byte[50_000], new int[50_000], 1, 10);

    [Test]
    public void The_published_recipe_is_the_papers_experiment()
    {
        MultilayerArguments arguments = Arguments(MultilayerRecipeKind.Published);
        TrainerOptions training = Training(arguments);
        MultilayerPerceptronOptions network = Network(arguments);

        Assert.That(training.Optimizer, Is.InstanceOf<Sgd>().With.Property(nameof(Sgd.Momentum)).Zero);
        Assert.That((training.BatchSize, training.MaxEpochs, training.EvaluateEverySteps), Is.EqualTo((200, 1_000, 250)));
        AssertRates(training, epochs: 1_000, initial: 0.3f, final: 0.01f);
        Assert.That(((SquaredHingeLoss)training.Loss).MeanOverClasses, Is.False);
        Assert.That(training.RateScaling, Is.EqualTo(RateScaling.InverseGlorotSquared));
        Assert.That(training.RecomputeStatistics, Is.True);
        Assert.That((network.NormalizationEpsilon, network.InitialRange), Is.EqualTo((1e-4f, (float?)1)));
    }

    [Test]
    public void The_later_code_recipe_is_the_authors_code()
    {
        MultilayerArguments arguments = Arguments(MultilayerRecipeKind.LaterCode);
        TrainerOptions training = Training(arguments);
        MultilayerPerceptronOptions network = Network(arguments);

        Assert.That(training.Optimizer, Is.InstanceOf<Adam>());
        Assert.That((training.BatchSize, training.MaxEpochs, training.EvaluateEverySteps), Is.EqualTo((100, 250, 500)));
        AssertRates(training, epochs: 250, initial: 1e-3f, final: 3e-6f);
        Assert.That(((SquaredHingeLoss)training.Loss).MeanOverClasses, Is.True);
        Assert.That(training.RateScaling, Is.EqualTo(RateScaling.InverseGlorot));
        Assert.That(training.RecomputeStatistics, Is.False);
        Assert.That((network.NormalizationMomentum, network.InitialRange), Is.EqualTo((0.15f, (float?)1)));
    }

    [TestCase(MultilayerRecipeKind.Fast)]
    [TestCase(MultilayerRecipeKind.Published)]
    [TestCase(MultilayerRecipeKind.LaterCode)]
    public void Other_epochs_scale_the_schedule(MultilayerRecipeKind kind)
    {
        TrainerOptions recipe = Training(Arguments(kind)), training = Training(Arguments(kind) with { Epochs = 7 });
        int recipeSteps = recipe.MaxEpochs!.Value * recipe.EvaluateEverySteps!.Value;

        Assert.That(training.MaxEpochs, Is.EqualTo(7));
        AssertRates(training, epochs: 7, recipe.Schedule.RateAt(0), recipe.Schedule.RateAt(recipeSteps - 1));
    }

    [TestCase(OptimizerKind.Sgd, "Sgd(momentum: 0, nesterov: False)", 0.3f, RateScaling.InverseGlorotSquared)]
    [TestCase(OptimizerKind.Nesterov, "Sgd(momentum: 0.9, nesterov: True)", 0.03f, RateScaling.InverseGlorotSquared)]
    [TestCase(OptimizerKind.Adam, "Adam(beta1: 0.9, beta2: 0.999, epsilon: 1E-08)", 0.001f, RateScaling.InverseGlorot)]
    public void Another_optimizer_comes_with_its_own_rates_and_scaling(
        OptimizerKind kind, string optimizer, float firstRate, RateScaling scaling)
    {
        TrainerOptions training = Training(Arguments(MultilayerRecipeKind.Fast) with { Optimizer = kind });

        Assert.That(training.Optimizer.ToString(), Is.EqualTo(optimizer));
        Assert.That(training.Schedule.RateAt(0), Is.EqualTo(firstRate));
        Assert.That(training.RateScaling, Is.EqualTo(scaling));
    }

    [Test]
    public void Rates_and_scaling_are_those_that_are_asked_for()
    {
        TrainerOptions training = Training(Arguments(MultilayerRecipeKind.Fast) with
        {
            Epochs = 3,
            Rates = new LearningRates(0.5f, 0.25f),
            RateScaling = RateScaling.None,
        });

        AssertRates(training, epochs: 3, initial: 0.5f, final: 0.25f);
        Assert.That(training.RateScaling, Is.EqualTo(RateScaling.None));
    }

    [Test]
    public void A_single_epoch_has_the_first_rate()
    {
        TrainerOptions training = Training(Arguments(MultilayerRecipeKind.Published) with { Epochs = 1 });

        Assert.That((training.Schedule.RateAt(0), training.Schedule.RateAt(249)), Is.EqualTo((0.3f, 0.3f)));
    }

    [TestCase(BinarizerKind.Deterministic, typeof(DeterministicBinarizer), EvaluationWeights.Inference)]
    [TestCase(BinarizerKind.Stochastic, typeof(StochasticBinarizer), EvaluationWeights.Latent)]
    [TestCase(BinarizerKind.None, typeof(IdentityBinarizer), EvaluationWeights.Latent)]
    public void A_binarizer_is_tested_with_the_weights_that_the_paper_tests_it_with(
        BinarizerKind kind, Type binarizer, EvaluationWeights expected)
    {
        TrainerOptions training = Training(Arguments(MultilayerRecipeKind.Fast) with { Binarizer = kind });

        Assert.That(training.Binarizer, Is.InstanceOf(binarizer));
        Assert.That(training.EvaluationWeights, Is.EqualTo(expected));
    }

    [Test]
    public void Evaluation_weights_may_be_others([Values] EvaluationWeights weights)
    {
        MultilayerArguments arguments = Arguments(MultilayerRecipeKind.Fast) with
        {
            Binarizer = BinarizerKind.Stochastic,
            EvaluationWeights = weights,
        };

        Assert.That(Training(arguments).EvaluationWeights, Is.EqualTo(weights));
    }

    [TestCase(MultilayerRecipeKind.Published)]
    [TestCase(MultilayerRecipeKind.LaterCode)]
    public void Real_weights_start_in_Glorots_range_at_unscaled_rates(MultilayerRecipeKind kind)
    {
        MultilayerArguments arguments = Arguments(kind) with { Binarizer = BinarizerKind.None };

        Assert.That(Training(arguments).RateScaling, Is.EqualTo(RateScaling.None));
        Assert.That(Network(arguments).InitialRange, Is.Null);
    }

    [TestCase(FirstWeightsKind.BetweenSigns, BinarizerKind.None, 1f)]
    [TestCase(FirstWeightsKind.Glorot, BinarizerKind.Deterministic, null)]
    public void Weights_may_start_elsewhere(FirstWeightsKind kind, BinarizerKind binarizer, float? range)
    {
        MultilayerArguments arguments = Arguments(MultilayerRecipeKind.Published) with
        {
            Binarizer = binarizer,
            FirstWeights = kind,
        };

        Assert.That(Network(arguments).InitialRange, Is.EqualTo(range));
    }

    [Test]
    public void What_the_command_line_says_reaches_network_and_trainer()
    {
        MultilayerArguments arguments = Arguments(MultilayerRecipeKind.Fast) with
        {
            Seed = 5,
            Dropout = 0.25f,
            InputDropout = 0.125f,
            Activation = Activation.Sign,
            HiddenUnits = [7, 6],
            Threads = 3,
            CheckpointFile = "run.safetensors",
        };
        MultilayerPerceptronOptions network = Network(arguments);
        TrainerOptions training = Training(arguments);

        Assert.That(network.HiddenUnits, Is.EqualTo(new[] { 7, 6 }));
        Assert.That((network.Seed, network.HiddenDropout, network.InputDropout), Is.EqualTo((5, 0.25f, 0.125f)));
        Assert.That(network.Activation, Is.EqualTo(Activation.Sign));
        Assert.That((training.Seed, training.MaxDegreeOfParallelism), Is.EqualTo((5, 3)));
        Assert.That((training.CheckpointPath, training.CheckpointEverySteps), Is.EqualTo(("run.safetensors", 250)));
    }

    private static MultilayerArguments Arguments(MultilayerRecipeKind kind) => new(
        kind, BinarizerKind.Deterministic, 0, 1, null, [4], null, null, null, false, null, null, MnistData.Folder);

    private static TrainerOptions Training(MultilayerArguments arguments)
    {
        TrainerOptions options = MultilayerRecipe.For(arguments.Recipe).Training(arguments, Train);
        options.Validate();
        return options;
    }

    private static MultilayerPerceptronOptions Network(MultilayerArguments arguments) =>
        MultilayerRecipe.Network(arguments, Train).Options;

    // The same within an epoch, the same factor from each epoch to the next.
    private static void AssertRates(TrainerOptions training, int epochs, float initial, float final)
    {
        int steps = training.EvaluateEverySteps!.Value;
        float RateOf(int epoch) => training.Schedule.RateAt(epoch * steps);
        double factor = Math.Pow((double)final / initial, 1 / (epochs - 1.0));
        Assert.That((RateOf(0), RateOf(epochs - 1)), Is.EqualTo((initial, final)));
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            Assert.That(training.Schedule.RateAt((epoch + 1) * steps - 1), Is.EqualTo(RateOf(epoch)));
            if (epoch > 0) Assert.That(RateOf(epoch) / RateOf(epoch - 1), Is.EqualTo(factor).Within(1e-6));
        }
    }
}
