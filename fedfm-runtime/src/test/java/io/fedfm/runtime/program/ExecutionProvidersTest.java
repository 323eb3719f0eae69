package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExecutionProvidersTest {
    @Test
    void theCpuIsAlwaysThere() {
        assertThat(new ExecutionProviders(List.of("cpu"))).isEqualTo(ExecutionProviders.cpu());
    }

    @Test
    void aProviderThatIsNotThereIsRefusedWithWhatToInstall() {
        assertRefused(
                ErrorCode.PROVIDER_UNAVAILABLE, List.of("cuda", "cpu"), "'cuda'", "CUDA", "cuDNN");
        assertRefused(
                ErrorCode.PROVIDER_UNAVAILABLE, List.of("tensorrt"), "'tensorrt'", "TensorRT");
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertRefused(
                ErrorCode.SETTINGS_INVALID, List.of("gpu"), "'gpu'", "cpu", "cuda", "tensorrt");
    }

    private static void assertRefused(ErrorCode code, List<String> names, String... words) {
        assertThatThrownBy(() -> new ExecutionProviders(names))
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll((CharSequence[]) words)
                .hasMessageStartingWith("model.providers")
                .hasMessageNotContaining("\n");
    }
}
