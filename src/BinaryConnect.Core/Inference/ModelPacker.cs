using BinaryConnect.Binarization;
using BinaryConnect.Data;
using BinaryConnect.Guards;
using BinaryConnect.Models;
using BinaryConnect.Models.Networks;
using BinaryConnect.Models.Operations;

namespace BinaryConnect.Inference;

/// <summary>Makes a trained network into a <see cref="PackedModel"/>: one bit for each binarized weight.</summary>
public static class ModelPacker
{
    /// <summary>
    /// Packs a network as it is at test time. Batch normalization, output scales and biases become one factor and one
    /// offset for each unit, computed in double precision (paper, section 2.6, the first way). The network stays as it
    /// is.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="inputScale">
    /// What a byte of an input is multiplied by, where the model predicts from bytes; not 0.
    /// </param>
    /// <param name="inputShift">What is added to it.</param>
    /// <param name="binarizer">
    /// What binarizes weights whose layer has no binarizer of its own; null takes their signs. Weights that are not ±H
    /// then are packed as real numbers.
    /// </param>
    /// <returns>The packed model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Scale or shift is not finite, or the scale is 0.</exception>
    /// <exception cref="ArgumentException">
    /// A layer does not say what it computes at test time, or says what does not fit its outputs; the message names it.
    /// A value is NaN or infinite.
    /// </exception>
    public static PackedModel Pack(
        Sequential network, float inputScale = 1f / 255, float inputShift = 0, IBinarizer? binarizer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Guard.Scaling(inputScale, inputShift);
        return Pack(network, new ModelFacts { InputScale = inputScale, InputShift = inputShift }, binarizer);
    }

    /// <summary>
    /// Packs a network as it is at test time, with its standardization and class names. The packed model takes raw
    /// features: its first layer computes x · Scale + Shift for each of them.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="facts">The scaling of bytes, the standardization and the class names; notes are left out.</param>
    /// <param name="binarizer">
    /// What binarizes weights whose layer has no binarizer of its own; null takes their signs. Weights that are not ±H
    /// then are packed as real numbers.
    /// </param>
    /// <returns>The packed model.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="network"/>, <paramref name="facts"/> or its notes are null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input's scale or shift is not finite, or the scale is 0.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A layer does not say what it computes at test time, or says what does not fit its outputs; the message names it.
    /// A value is NaN or infinite. Standardization or class names have not one value for each feature or class.
    /// </exception>
    public static PackedModel Pack(Sequential network, ModelFacts facts, IBinarizer? binarizer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(facts);
        ModelFactsFile.Check(facts, network.FeatureCount, network.ClassCount);
        binarizer ??= new DeterministicBinarizer();
        var folder = new LayerFolder(network.FeatureCount);
        folder.Add(facts.Standardization);
        for (int i = 0; i < network.Slots.Count; i++)
        {
            LayerSlot slot = network.Slots[i];
            string name = $"Layer {i} ({slot.Name}, {slot.Layer.Kind})";
            var ops = new InferenceOps(binarizer);
            if (!slot.Layer.TryExport(ops))
                throw new ArgumentException(
                    $"{name} does not say what it computes at test time; to be packed it must override 'TryExport'.", nameof(
                        network));
            foreach (InferenceOp op in ops.Ops) folder.Add(op, name);
            if (folder.Width != slot.Output.Length)
                throw new ArgumentException(
                    $"{name} exports {folder.Width:N0} outputs; it must export as many as it has, "
                    + $"{slot.Output.Length:N0}.", nameof(network));
        }

        return new PackedModel(
            network.InputShape, facts.InputScale, facts.InputShift, folder.Finish(), facts.ClassNames);
    }

    /// <summary>
    /// Makes a model whose hidden layers take activations of 8 bits, so that their products are exact integers, and
    /// faster. Scale and shift of each layer have the least squared error on rows of a calibration set.
    /// </summary>
    /// <param name="model">A packed model; it stays as it is.</param>
    /// <param name="calibration">Labelled rows as the model will meet them, such as a part of the training set.</param>
    /// <returns>The model, and the accuracy of both on the calibration set.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The feature counts differ, or an activation is too great for bytes to stand for it.
    /// </exception>
    public static ActivationPacking PackActivations(PackedModel model, Dataset calibration)
    {
        PackedPrediction.Check(model, calibration, nameof(calibration));
        return ActivationPacker.Pack(model, calibration);
    }
}
