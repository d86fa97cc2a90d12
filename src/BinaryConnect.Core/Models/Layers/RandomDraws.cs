using BinaryConnect.Guards;
using BinaryConnect.Kernels.Random;

namespace BinaryConnect.Models.Layers;

/// <summary>
/// Random numbers of a layer, from Philox 4x32-7, counted call by call (<see cref="LayerBuilder.AddRandom"/>). The
/// count is in the network's <see cref="IModel.Draws"/>: a run resets it, a checkpoint saves it, and a step that
/// diverges restores it. Not safe from several threads at once.
/// </summary>
public sealed class RandomDraws
{
    private readonly ulong _seed;
    private long _count;

    internal RandomDraws(ulong seed) => _seed = seed;

    /// <summary>The number of calls that have drawn; set it to continue an earlier run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above 2⁵³.</exception>
    public long Count
    {
        get => _count;
        set
        {
            Guard.Count(value, nameof(Count));
            _count = value;
        }
    }

    /// <summary>
    /// Fills values with numbers uniform in [0, 1), and counts one more call. The numbers depend on the network's seed,
    /// the layer's place, the count, and the place in <paramref name="destination"/> alone.
    /// </summary>
    /// <param name="destination">The values to fill.</param>
    public void Uniform(Span<float> destination) =>
        Philox4x32.Uniform(0, RandomStream.Dropout | (ulong)_count++, _seed, destination);
}
