using BinaryConnect.Kernels.Elementwise;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Kernels;

internal sealed class TranspositionTests
{
    [Test]
    public void Rows_become_columns_for_every_shape([Range(1, 20)] int rows)
    {
        for (int columns = 1; columns <= 20; columns++)
        {
            float[] source = KernelInputs.Uniform(rows * columns, seed: columns);
            FencedBuffer turned = new(source.Length), turnedScalar = new(source.Length);

            Transposition.Transpose(source, turned, columns);
            Transposition.TransposeScalar(source, turnedScalar, columns, stride: rows);

            for (int i = 0; i < source.Length; i++)
            {
                int at = i % columns * rows + i / columns;
                Assert.That(
                    (turned.Span[at], turnedScalar.Span[at]), Is.EqualTo((source[i], source[i])), $"{rows} by {columns}, at {i}");
            }

            turned.AssertFencesStand($"{rows} by {columns}");
            turnedScalar.AssertFencesStand($"{rows} by {columns}");
        }
    }
}
