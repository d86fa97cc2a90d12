namespace BinaryConnect.Inference.Export;

/// <summary>
/// The C functions that make outputs of sums. An integer sum z is 2 · SUM(s, j) − total: SUM is that of the inputs
/// whose weight is +1.
/// </summary>
internal static class CFinishes
{
    /// <summary>What narrow bytes and scores call.</summary>
    public const string Scaled = """
        /* z * factor / 2^15, by products of 32 bits: sums have at most 16 bits and a sign, factors 30 and a sign. */
        static int32_t scaled(int32_t z, int32_t factor)
        {
            return z * (factor >> 15) + (z * (factor & 32767) >> 15);
        }

        """;

    public const string NarrowBytes = """
        /* y[j] = (z * factor / 2^15 + offset) >> shift, from low to high. */
        static void round_sums(
            const uint32_t *s, uint32_t total, uint_fast16_t units, const int32_t *factor, const int32_t *offset,
            uint_fast8_t shift, uint_fast8_t low, uint_fast8_t high, uint8_t *y)
        {
            uint32_t pair = 0;
            uint_fast16_t j;
            for (j = 0; j < units; j++)
            {
                int32_t z = (int32_t)(2 * NEXT_SUM(s, pair, j) - total);
                z = (scaled(z, (int32_t)READ32(factor + j)) + (int32_t)READ32(offset + j)) >> shift;
                if (z < (int32_t)low) z = low;
                if (z > (int32_t)high) z = high;
                y[j] = (uint8_t)z;
            }
        }

        """;

    public const string WideBytes = """
        /* y[j] = (z * factor + offset) >> shift, from low to high. */
        static void round_wide_sums(
            const uint32_t *s, uint32_t total, uint_fast16_t units, const int32_t *factor, const int64_t *offset,
            uint_fast8_t shift, uint_fast8_t low, uint_fast8_t high, uint8_t *y)
        {
            uint_fast16_t j;
            for (j = 0; j < units; j++)
            {
                int32_t z = (int32_t)(2 * SUM(s, j) - total);
                int64_t value;
                READ64(&value, offset + j);
                value = ((int64_t)z * (int32_t)READ32(factor + j) + value) >> shift;
                y[j] = (uint8_t)(value < (int64_t)low ? low : value > (int64_t)high ? high : value);
            }
        }

        """;

    public const string Bits = """
        /* Bit j of y is 1 where z is at least the threshold of unit j. */
        static void compare_sums(
            const uint32_t *s, uint32_t total, uint_fast16_t units, const int32_t *threshold, uint8_t *y)
        {
            uint_fast16_t j;
            memset(y, 0, (units + 7) / 8);
            for (j = 0; j < units; j++)
            {
                int32_t z = (int32_t)(2 * SUM(s, j) - total);
                if (z >= (int32_t)READ32(threshold + j)) y[j / 8] = (uint8_t)(y[j / 8] | 1 << j % 8);
            }
        }

        """;

    public const string Floats = """
        /* y[j] = z * scale + offset. */
        static void scale_sums(
            const uint32_t *s, uint32_t total, uint_fast16_t units, const float *scale, const float *offset, float *y)
        {
            uint_fast16_t j;
            for (j = 0; j < units; j++)
            {
                int32_t z = (int32_t)(2 * SUM(s, j) - total);
                y[j] = (float)z * READ_FLOAT(scale + j);
                y[j] += READ_FLOAT(offset + j);
            }
        }

        """;

    public const string Best = """
        /* The class with the greatest s[j] * 2^shift + offset, the first of equals. */
        static int best_sum(const uint32_t *s, uint_fast16_t classes, const int32_t *offset, uint_fast8_t shift)
        {
            int32_t best = INT32_MIN;
            uint_fast16_t j, found = 0;
            for (j = 0; j < classes; j++)
            {
                int32_t score = (int32_t)(SUM(s, j) << shift) + (int32_t)READ32(offset + j);
                if (score > best)
                {
                    best = score;
                    found = j;
                }
            }
            return (int)found;
        }

        """;

    public const string ScaledBest = """
        /* The class with the greatest z * factor / 2^15 + offset, the first of equals. */
        static int best_scaled_sum(
            const uint32_t *s, uint32_t total, uint_fast16_t classes, const int32_t *factor, const int32_t *offset)
        {
            int32_t best = INT32_MIN;
            uint_fast16_t j, found = 0;
            for (j = 0; j < classes; j++)
            {
                int32_t z = (int32_t)(2 * SUM(s, j) - total);
                int32_t score = scaled(z, (int32_t)READ32(factor + j)) + (int32_t)READ32(offset + j);
                if (score > best)
                {
                    best = score;
                    found = j;
                }
            }
            return (int)found;
        }

        """;

    public const string WideBest = """
        /* The class with the greatest z * factor + offset, the first of equals. */
        static int best_wide_sum(
            const uint32_t *s, uint32_t total, uint_fast16_t classes, const int32_t *factor, const int64_t *offset)
        {
            int64_t best = INT64_MIN;
            uint_fast16_t j, found = 0;
            for (j = 0; j < classes; j++)
            {
                int32_t z = (int32_t)(2 * SUM(s, j) - total);
                int64_t score;
                READ64(&score, offset + j);
                score += (int64_t)z * (int32_t)READ32(factor + j);
                if (score > best)
                {
                    best = score;
                    found = j;
                }
            }
            return (int)found;
        }

        """;

    public const string Widen = """
        /* y[i] = x[i]. */
        static void widen(const uint8_t *x, uint_fast16_t inputs, float *y)
        {
            for (; inputs != 0; inputs--) *y++ = *x++;
        }

        """;

    public const string Affine = """
        /* y[j] = y[j] * scale + offset. */
        static void scale_floats(float *y, uint_fast16_t units, const float *scale, const float *offset)
        {
            uint_fast16_t j;
            for (j = 0; j < units; j++)
            {
                y[j] *= READ_FLOAT(scale + j);
                y[j] += READ_FLOAT(offset + j);
            }
        }

        """;

    public const string AtLeast = """
        /* y[j] is at least low. */
        static void raise(float *y, uint_fast16_t units, float low)
        {
            for (; units != 0; units--, y++) if (*y < low) *y = low;
        }

        """;

    public const string AtMost = """
        /* y[j] is at most high. */
        static void lower(float *y, uint_fast16_t units, float high)
        {
            for (; units != 0; units--, y++) if (*y > high) *y = high;
        }

        """;

    public const string Signs = """
        /* y[j] becomes its sign, +1 for 0. */
        static void take_signs(float *y, uint_fast16_t units)
        {
            for (; units != 0; units--, y++) *y = *y >= 0 ? 1.0f : -1.0f;
        }

        """;

    public const string BitsOfFloats = """
        /* Bit j of bits is 1 where y[j] is not negative. */
        static void compare_floats(const float *y, uint_fast16_t units, uint8_t *bits)
        {
            uint_fast16_t j;
            memset(bits, 0, (units + 7) / 8);
            for (j = 0; j < units; j++) if (y[j] >= 0) bits[j / 8] = (uint8_t)(bits[j / 8] | 1 << j % 8);
        }

        """;

    public const string BytesOfFloats = """
        /* bytes[j] = (y[j] - shift) * factor, rounded, from 0 to 255. */
        static void round_floats(const float *y, uint_fast16_t units, float factor, float shift, uint8_t *bytes)
        {
            for (; units != 0; units--, y++)
            {
                float value = (*y - shift) * factor + 0.5f;
                *bytes++ = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
        }

        """;

    public const string BestFloat = """
        /* The class with the greatest y[j], the first of equals. */
        static int best_float(const float *y, uint_fast16_t classes)
        {
            uint_fast16_t j, found = 0;
            for (j = 1; j < classes; j++) if (y[j] > y[found]) found = j;
            return (int)found;
        }

        """;
}
