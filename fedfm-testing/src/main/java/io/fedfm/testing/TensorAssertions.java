package io.fedfm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.fedfm.api.tensor.ParameterVector;

/** Compares tensors as numbers. */
public final class TensorAssertions {
    private TensorAssertions() {}

    /** Fails unless shapes agree and no element differs by more than {@code tolerance}. */
    public static void assertClose(NDArray actual, NDArray expected, double tolerance) {
        assertThat(actual.getShape()).as("shape").isEqualTo(expected.getShape());
        assertClose(actual.toFloatArray(), expected.toFloatArray(), tolerance);
    }

    /** Fails unless the vector holds these values, each within {@code tolerance}. */
    public static void assertClose(ParameterVector actual, float[] expected, double tolerance) {
        assertClose(ParameterVectors.values(actual), expected, tolerance);
    }

    /** Fails unless lengths agree and no element differs by more than {@code tolerance}. */
    public static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as("number of elements").hasSize(expected.length);
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            // Not '<=' alone: a NaN must fail.
            assertThat(difference <= tolerance)
                    .as(
                            "element %d: %s is %s away from the expected %s, allowed are %s",
                            i, actual[i], difference, expected[i], tolerance)
                    .isTrue();
        }
    }

    /** Fails unless the array has a finite number everywhere and is not zero everywhere. */
    public static void assertFiniteAndNotZero(NDArray actual, String description) {
        boolean notZero = false;
        for (float value : actual.toFloatArray()) {
            assertThat(Float.isFinite(value)).as("%s is finite", description).isTrue();
            notZero |= value != 0;
        }
        assertThat(notZero).as("%s is not zero everywhere", description).isTrue();
    }
}
