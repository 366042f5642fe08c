package io.scwatcher.cpu.floating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Where there is another way to know the result than a processor: Java's arithmetic, exact decimals, published constants. */
class SoftFloatTest {
    private static final int MXCSR_DEFAULT = 0x1F80;
    private static final int CONTROL_DEFAULT = 0x37F;

    private interface Operation {
        void apply(SoftFloat f, Extended a, Extended b);
    }

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final SoftFloat f = new SoftFloat();

    @Test
    void agreesWithJavaInDoublePrecision() {
        agrees(Arithmetic::add, Double::sum);
        agrees(Arithmetic::subtract, (a, b) -> a - b);
        agrees(Arithmetic::multiply, (a, b) -> a * b);
        agrees(Arithmetic::divide, (a, b) -> a / b);
        agrees((g, a, b) -> Arithmetic.squareRoot(g, a), (a, b) -> Math.sqrt(a));
        agrees((g, a, b) -> Conversion.roundToIntegral(g, a, true), (a, b) -> Math.rint(a));
    }

    private void agrees(Operation operation, DoubleBinaryOperator java) {
        for (int i = 0; i < 20_000; i++) {
            double a = number();
            double b = random.nextInt(4) == 0 ? -Math.nextUp(a) : number();
            operation.apply(f.beginSse(MXCSR_DEFAULT, Format.DOUBLE), extended(a), extended(b));
            double expected = java.applyAsDouble(a, b);
            assertThat(Double.longBitsToDouble(f.doubleBits())).as("%s and %s, seed %d", a, b, seed).isEqualTo(Double.valueOf(expected));
        }
    }

    /** Near 1, near the limits of the exponent, denormal. */
    private double number() {
        int scale = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-1074, 1024);
            case 1 -> random.nextInt(-1074, -1000);
            default -> random.nextInt(-30, 30);
        };
        return Math.scalb(random.nextDouble(-2, 2), scale);
    }

    private static Extended extended(double value) {
        return new Extended().setDouble(Double.doubleToRawLongBits(value));
    }

    @Test
    void roundsExactSumsAndProductsInEveryDirection() {
        int[] rounding = {SoftFloat.DOWN, SoftFloat.UP, SoftFloat.TRUNCATE};
        for (int i = 0; i < 400; i++) {
            double a = Math.scalb(random.nextDouble(-2, 2), random.nextInt(-40, 40));
            double b = Math.scalb(random.nextDouble(-2, 2), random.nextInt(-40, 40));
            BigDecimal sum = new BigDecimal(a).add(new BigDecimal(b));
            BigDecimal product = new BigDecimal(a).multiply(new BigDecimal(b));
            for (int mode : rounding) {
                Arithmetic.add(f.beginX87(0x37F | mode << 10, Format.EXTENDED_24), extended(a), extended(b));
                isNeighbour(sum, mode, 24);
                Arithmetic.multiply(f.beginX87(0x37F | mode << 10, Format.EXTENDED), extended(a), extended(b));
                isNeighbour(product, mode, 64);
            }
        }
    }

    /** The result lies on the side that the mode says, and less than a unit of the last place away; precision is raised if it isn't the exact one. */
    private void isNeighbour(BigDecimal exact, int mode, int precision) {
        BigDecimal found = value(f.result);
        int side = found.compareTo(exact);
        boolean inexact = (f.flags() & SoftFloat.PRECISION) != 0;
        assertThat(inexact).as("seed %d", seed).isEqualTo(side != 0);
        assertThat(f.roundedUp()).as("seed %d", seed).isEqualTo(found.abs().compareTo(exact.abs()) > 0);
        int allowed = switch (mode) {
            case SoftFloat.DOWN -> -1;
            case SoftFloat.UP -> 1;
            default -> -exact.signum();
        };
        assertThat(side).as("seed %d", seed).isIn(0, allowed);
        if (exact.signum() != 0) {
            BigDecimal unit = exact.abs().multiply(new BigDecimal(2).pow(1 - precision, MathContext.DECIMAL128));
            assertThat(found.subtract(exact).abs()).as("seed %d", seed).isLessThan(unit);
        }
    }

    private static BigDecimal value(Extended a) {
        if (a.isZero()) {
            return BigDecimal.ZERO;
        }
        BigDecimal significand = new BigDecimal(new BigInteger(Long.toUnsignedString(a.significand)));
        int scale = (a.signExponent & 0x7FFF) - Extended.BIAS - 63;
        BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(scale)));
        BigDecimal magnitude = scale < 0 ? significand.divide(power) : significand.multiply(power);
        return a.isNegative() ? magnitude.negate() : magnitude;
    }

    @Test
    void agreesWithJavaInTranscendentalFunctions() {
        for (int i = 0; i < 300; i++) {
            double x = random.nextDouble(-10, 10);
            double y = random.nextDouble(-10, 10);
            double fraction = random.nextDouble(-1, 1);
            close(Math.sin(x), Transcendental::sine, x);
            close(Math.cos(x), Transcendental::cosine, x);
            close(Math.tan(x), Transcendental::tangent, x);
            close(Math.expm1(fraction * Math.log(2)), Transcendental::exponential, fraction);
            close(Math.atan2(y, x), (g, a) -> Transcendental.arctangent(g, extended(y), a), x);
            close(y * Math.log(Math.abs(x)) / Math.log(2), (g, a) -> Transcendental.logarithm(g, extended(y), a), Math.abs(x));
            close(y * Math.log1p(fraction / 4) / Math.log(2), (g, a) -> Transcendental.logarithmPlusOne(g, extended(y), a), fraction / 4);
        }
    }

    private interface Function {
        void apply(SoftFloat f, Extended a);
    }

    private void close(double expected, Function function, double argument) {
        function.apply(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), extended(argument));
        double found = value(f.result).doubleValue();
        assertThat(Math.abs(found - expected)).as("%s for %s, seed %d", found, argument, seed).isLessThanOrEqualTo(Math.abs(expected) * 1e-13 + 1e-15);
    }

    /** The last places of pi, log2(e) and ln(2), as the processor's constants have them. */
    @Test
    void knowsConstantsToTheLastPlace() {
        Extended one = new Extended().setLong(1);
        Transcendental.arctangent(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), new Extended().setZero(false), new Extended().setLong(-1));
        assertThat(f.result).hasToString("4000:c90fdaa22168c235");
        Transcendental.logarithm(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), one, new Extended().setLong(10));
        assertThat(f.result).hasToString("4000:d49a784bcd1b8afe");
        Arithmetic.divide(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), one, new Extended().setLong(3));
        assertThat(f.result).hasToString("3ffd:aaaaaaaaaaaaaaab");
    }

    @Test
    void convertsPackedDecimalsBothWays() {
        byte[] ten = HexFormat.of().parseHex("21436587092143658780");
        Extended number = new Extended();
        Conversion.fromDecimal(ten, number);
        assertThat(value(number)).isEqualByComparingTo("-876543210987654321");
        byte[] back = new byte[10];
        Conversion.toDecimal(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), number, back);
        assertThat(back).isEqualTo(ten);
        Conversion.toDecimal(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), new Extended().setLong(1_000_000_000_000_000_000L), back);
        assertThat(HexFormat.of().formatHex(back)).isEqualTo("00000000000000c0ffff");
        assertThat(f.flags()).isEqualTo(SoftFloat.INVALID);
    }

    /** Arguments far outside of what the manual defines end too, and quickly. */
    @Test
    void answersEveryArgument() {
        for (int exponent = 0; exponent < 0x8000; exponent += 331) {
            for (int sign : new int[] {0, 0x8000}) {
                Extended a = new Extended().set(sign | exponent, random.nextLong());
                Extended b = new Extended().set(random.nextInt(), random.nextLong());
                Transcendental.exponential(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), a);
                Transcendental.logarithm(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), b, a);
                Transcendental.logarithmPlusOne(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), b, a);
                Transcendental.arctangent(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), b, a);
                Scaling.scale(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), a, b);
                Scaling.remainder(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), a, b, true);
                if (!Transcendental.isOutOfRange(a)) {
                    Transcendental.tangent(f.beginX87(CONTROL_DEFAULT, Format.EXTENDED), a);
                }
            }
        }
    }
}
