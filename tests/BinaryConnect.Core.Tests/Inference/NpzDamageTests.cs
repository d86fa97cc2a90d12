using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using BinaryConnect.Inference;
using BinaryConnect.Inference.Import;
using BinaryConnect.Models;
using BinaryConnect.Tests.Support;

namespace BinaryConnect.Tests.Inference;

/// <summary>Files of NumPy that are whole, damaged, or claim what is not there.</summary>
internal sealed class NpzDamageTests
{
    private const int Mutants = 500;

    private static readonly ImportedLayer[] Layers =
    [
        new("d1/kernel")
        {
            InputsFirst = true,
            Normalization = new ImportedNormalization("bn/mean", "bn/variance") { Epsilon = 1e-3f },
            Activation = Activation.Sign,
        },
        new("d2/kernel") { InputsFirst = true },
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("stored.npz")]
    [TestCase("compressed.npz")]
    public void A_file_of_numpy_has_its_scores(string name)
    {
        PackedModel model = ModelFile.ImportSigns(Path.Combine(Folder, name), Layers);
        float[] ones = [.. Enumerable.Repeat(1f, 10)], halves = [.. Enumerable.Range(1, 10).Select(i => i / 2f)];
        float[] scores = new float[6];
        model.Scores([.. ones, .. halves], scores);

        Assert.That(scores, Is.EqualTo(Expected));
    }

    [TestCase("stored.npz")]
    [TestCase("compressed.npz")]
    public void A_damaged_file_is_refused_or_read_as_it_is(string name)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Folder, name));
        byte[] expected = BytesOf(ModelFile.ImportSigns(Path.Combine(Folder, name), Layers));
        string path = _folder.PathOf("mutant.npz");
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = Damage(whole, random);
            File.WriteAllBytes(path, mutant);
            try
            {
                Assert.That(BytesOf(ModelFile.ImportSigns(path, Layers)), Is.EqualTo(expected), $"mutant {i}");
            }
            catch (InvalidDataException fault)
            {
                refused++;
                Assert.That(fault.Message, Does.StartWith($"{path}: ").And.Length.LessThan(1_000), $"mutant {i}");
                Assert.That(fault.Message.Any(char.IsControl), Is.False, $"mutant {i}");
            }
        }

        Assert.That(refused, Is.GreaterThan(Mutants / 2));
    }

    [Test]
    public void A_flipped_bit_of_a_value_is_found_by_the_checksum()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, "stored.npz"));
        int at = file.AsSpan().IndexOf("bn/mean.npy"u8);
        file[at + 200] ^= 1;

        AssertRefused(file, "tensor 'bn/mean' has a checksum of ");
    }

    [TestCase("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }",
        "tensor 'd1/kernel' has values of '>f4'; they must be of one of <f8, <f4, <f2, <i8, <i4, |i1, <u8, <u4, |u1.")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }",
        "tensor 'd1/kernel' has the header '{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }'; "
        + "it must have descr, fortran_order and shape of one plain array.")]
    [TestCase("{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999999999999, 2), }",
        "tensor 'd1/kernel' has a size of '99999999999999999999'; it must be at most 9,223,372,036,854,775,807.")]
    [TestCase("{'descr': '|i1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }",
        "tensor 'd1/kernel' has 9 sizes; it must have at most 8.")]
    [TestCase("{'descr': '|i1', 'fortran_order': False, 'shape': (10, 17), }",
        "tensor 'd1/kernel' has 4 bytes of values; its shape [10, 17] of I8 takes 170.")]
    [TestCase("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "tensor 'd1/kernel' has 4 bytes of values; its shape [4611686018427387904, 4] of F64 takes others.")]
    public void A_header_that_is_not_of_its_array_is_refused(string header, string fault) =>
        AssertRefused(Zip(("d1/kernel.npy", Npy(header, new byte[4]))), fault, isWhole: true);

    [Test]
    public void Entries_that_are_no_arrays_are_refused()
    {
        AssertRefused(Zip(("d1/kernel.npy", "no array"u8.ToArray())), "tensor 'd1/kernel' does not start with the magic of");
        AssertRefused(Zip(("d1/kernel.npy", [0x93])), "tensor 'd1/kernel' ends too early.", isWhole: true);
        AssertRefused(
            Zip(("d1/kernel.npy", [0x93, .. "NUMPY"u8, 9, 0, 0, 0])),
            "tensor 'd1/kernel' has version 9; it must be 1, 2 or 3.", isWhole: true);
        AssertRefused(
            Zip(("d1/kernel.npy", [0x93, .. "NUMPY"u8, 2, 0, 0, 0, 0, 1])),
            "tensor 'd1/kernel' has a header of 16,777,216 bytes; it must have at most 65,536.", isWhole: true);
        AssertRefused(Zip(("readme.txt", [1])), "it has no tensor 'd1/kernel'; its tensors are .", isWhole: true);
        byte[] one = Npy("{'descr': '|i1', 'fortran_order': False, 'shape': (1, 1), }", [1]);
        AssertRefused(
            Zip(("a.npy", one), ("a.npy", one)), "it has tensor 'a' twice; a name must be there once.", isWhole: true);
    }

    [Test]
    public void A_small_file_that_claims_many_weights_takes_no_memory()
    {
        const long Size = 1 << 15;
        string header = $"{{'descr': '|i1', 'fortran_order': False, 'shape': ({Size}, {Size}), }}";
        byte[] file = Zip(("d1/kernel.npy", Npy(header, [1])));
        int at = file.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 24), (uint)(Size * Size + 128));
        string path = _folder.Write("claims.npz", file);

        Refusal.TakesNoMemory(
            () => ModelFile.ImportSigns(path, [new ImportedLayer("d1/kernel")]),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                $"{path}: tensor 'd1/kernel' unpacks to other than its 1,073,741,952 bytes."));
    }

    private static string Folder => Repository.PathOf("tests", "BinaryConnect.Core.Tests", "Inference", "weights");

    private static float[] Expected => [-3.5f, -1.5f, -3.5f, -3.5f, 0.5f, 0.5f];

    private static byte[] Damage(byte[] whole, Random random)
    {
        if (random.Next(10) == 0) return whole[..random.Next(whole.Length)];
        byte[] mutant = [.. whole];
        for (int i = random.Next(3); i >= 0; i--)
        {
            // The list of entries at the end is the smaller part, and claims the most.
            int at = random.Next(2) == 0 ? random.Next(mutant.Length) : mutant.Length - 1 - random.Next(mutant.Length / 4);
            mutant[at] = (byte)(random.Next(2) == 0 ? mutant[at] ^ 1 << random.Next(8) : random.Next(256));
        }

        return mutant;
    }

    private static byte[] Npy(string header, byte[] values)
    {
        // NumPy pads, so that values begin at a multiple of 64.
        string text = header.PadRight((header.Length + 10 + 64) / 64 * 64 - 11) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8)];
        return [.. start, .. Encoding.Latin1.GetBytes(text), .. values];
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] BytesOf(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private void AssertRefused(byte[] file, string fault, bool isWhole = false)
    {
        string path = _folder.Write("weights.npz", file);
        Assert.That(
            () => ModelFile.ImportSigns(path, Layers),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{path}: {fault}")
                .And.Message.Length.AtMost(isWhole ? path.Length + 2 + fault.Length : 1_000));
    }
}
