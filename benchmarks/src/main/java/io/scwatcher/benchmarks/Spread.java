package io.scwatcher.benchmarks;

import java.util.Arrays;
import java.util.List;

/** Minimum, median and maximum of repeated measurements, in their own unit. */
public record Spread(double min, double median, double max) {
    /** @param values at least one */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** @param values at least one */
    static Spread of(List<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public String toString() {
        return "%.2f (%.2f to %.2f)".formatted(median, min, max);
    }
}
