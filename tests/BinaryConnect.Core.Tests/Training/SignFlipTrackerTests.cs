using BinaryConnect.Tests.Support;
using BinaryConnect.Training;

namespace BinaryConnect.Tests.Training;

internal sealed class SignFlipTrackerTests
{
    [Test]
    public void Flips_and_movement_are_counted_with_zero_as_positive()
    {
        var tracker = new SignFlipTracker(6);
        tracker.Remember([0.5f, -0.5f, 0, -0f, 0.25f, -1]);

        (int flips, double change) = tracker.Compare([-0.5f, 0.5f, -0f, 0, -0.25f, -0.5f]);

        Assert.That(flips, Is.EqualTo(3));
        Assert.That(change, Is.EqualTo(3));
        Assert.That(
            tracker.Remembered.ToArray(), Is.EqualTo(new[] { 0.5f, -0.5f, 0, -0f, 0.25f, -1 }), "comparing remembers nothing");
    }

    [Test]
    public void Weights_start_as_zero()
    {
        var tracker = new SignFlipTracker(3);
        Assert.That(tracker.Remembered.ToArray(), Is.EqualTo(new float[3]));
        Assert.That(tracker.Compare([1, -2, 0]), Is.EqualTo((1, 3.0)));
    }

    [Test]
    public void What_is_remembered_is_a_copy()
    {
        float[] weights = [1, 2];
        var tracker = new SignFlipTracker(2);
        tracker.Remember(weights);
        weights[0] = -3;
        Assert.That(tracker.Compare(weights), Is.EqualTo((1, 4.0)));
    }

    [Test]
    public void More_weights_than_fit_one_buffer_are_refused() => Refusal.TakesNoMemory(
        () => _ = new SignFlipTracker(int.MaxValue),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'length' is 2,147,483,647; it must be at most 2,147,418,112. (Parameter 'length')"));

    [Test]
    public void Faults_are_named()
    {
        const string Message = "'weights' has length 3; it must have the tracker's length, 2. (Parameter 'weights')";
        var tracker = new SignFlipTracker(2);
        Assert.That(() => new SignFlipTracker(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.EqualTo(
            "'length' is 0; it must be at least 1. (Parameter 'length')"));
        Assert.That(() => tracker.Remember(new float[3]), Throws.ArgumentException.With.Message.EqualTo(Message));
        Assert.That(() => tracker.Compare(new float[3]), Throws.ArgumentException.With.Message.EqualTo(Message));
    }
}
