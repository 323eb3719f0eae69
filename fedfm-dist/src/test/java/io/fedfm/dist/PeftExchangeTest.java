package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of the real PEFT library: taken in, computed with, and written again. */
final class PeftExchangeTest {
    @TempDir Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-lora",
                "bert-rslora",
                "bert-patterns",
                "bert-dora",
                "bert-ia3",
                "bert-vera",
                "bert-prompt",
                "bert-prefix",
                "bert-ln_tuning",
                "gpt2-lora",
                "gpt2-dora",
                "gpt2-ia3",
                "gpt2-prompt",
                "gpt2-prefix",
                "llama-lora",
                "llama-ia3",
                "llama-vera",
                "llama-prompt",
                "llama-prefix",
                "llama-ln_tuning",
            })
    void lossLogitsAndGradientsAreThoseOfPeft(String name) {
        try (BufferAllocator allocator = new RootAllocator();
                PeftFixture fixture = new PeftFixture(name, scratch, allocator);
                ParameterVector parameters = fixture.parameters()) {
            assertWrittenAgain(fixture, parameters, allocator);
            try (Program fused = fixture.planned().compiler().fused()) {
                assertAgrees(fixture, fused, parameters, allocator);
            }
            try (Program split = fixture.planned().compiler().split()) {
                assertAgrees(fixture, split, parameters, allocator);
            }
        }
    }

    private static void assertAgrees(
            PeftFixture fixture,
            Program program,
            ParameterVector parameters,
            BufferAllocator allocator) {
        Npz oracle = fixture.oracle();
        Batch batch = fixture.batch();
        try (ParameterVector gradients = ParameterVector.zeros(allocator, parameters.layout())) {
            Outcome outcome = program.step(batch, parameters, gradients, 0);
            assertThat(outcome.loss()).isCloseTo(oracle.floats("loss")[0], within(1e-5));
            assertThat(counted(fixture, program.logits(batch, parameters).toFloats()))
                    .containsExactly(counted(fixture, oracle.floats("logits")), within(1e-4f));
            try (ParameterVector theirs = fixture.adapter().tensors().write(gradients, allocator)) {
                int compared = 0;
                for (ParameterLayout.Entry entry : theirs.layout().entries()) {
                    if (oracle.has("grad." + entry.name())) {
                        float[] expected = oracle.floats("grad." + entry.name());
                        float[] found = AgreementRun.read(theirs.floats(entry.name()));
                        assertThat(
                                        AgreementRun.difference(found, expected)
                                                / AgreementRun.norm(expected))
                                .as("relative difference of the gradient of " + entry.name())
                                .isLessThan(1e-4);
                        compared++;
                    }
                }
                assertThat(compared)
                        .isEqualTo(
                                oracle.arrays().keySet().stream()
                                        .filter(key -> key.startsWith("grad."))
                                        .count());
            }
        }
    }

    private static void assertWrittenAgain(
            PeftFixture fixture, ParameterVector parameters, BufferAllocator allocator) {
        try (ParameterVector theirs = fixture.directory().tensors(allocator);
                ParameterVector ours = fixture.adapter().tensors().write(parameters, allocator)) {
            for (ParameterLayout.Entry entry : theirs.layout().entries()) {
                assertThat(ours.layout().entry(entry.name()).shape())
                        .as(entry.name())
                        .isEqualTo(entry.shape());
                assertThat(AgreementRun.read(ours.floats(entry.name())))
                        .as(entry.name())
                        .containsExactly(
                                AgreementRun.read(theirs.floats(entry.name())), within(1e-6f));
            }
            assertThat(ours.layout().entries()).hasSameSizeAs(theirs.layout().entries());
        }
        JsonNode theirs = fixture.directory().config();
        JsonNode ours = new ObjectMapper().valueToTree(fixture.adapter().config());
        for (Map.Entry<String, JsonNode> entry : ours.properties()) {
            assertThat(theirs.has(entry.getKey())).as(entry.getKey()).isTrue();
            if (!List.of("target_modules", "modules_to_save", "rank_pattern", "alpha_pattern")
                    .contains(entry.getKey())) {
                assertThat(entry.getValue().asText())
                        .as(entry.getKey())
                        .isEqualTo(theirs.get(entry.getKey()).asText());
            }
        }
        assertThat(texts(ours.path("modules_to_save")))
                .isEqualTo(texts(theirs.path("modules_to_save")));
    }

    private static TreeSet<String> texts(JsonNode list) {
        TreeSet<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Logits of positions that are no padding; those of a row if there is one vector a row. */
    private static float[] counted(PeftFixture fixture, float[] logits) {
        long[] mask = fixture.oracle().get("mask").toLongs();
        long[] shape = fixture.oracle().get("logits").shape();
        if (shape.length == 2) {
            return logits;
        }
        int rows = (int) shape[0];
        int length = (int) shape[1];
        int width = (int) shape[2];
        int real = mask.length / rows;
        assertThat(logits).hasSize(rows * length * width);
        float[] counted = new float[logits.length];
        for (int i = 0; i < counted.length; i++) {
            int position = i / width % length - (length - real);
            boolean counts = position < 0 || mask[i / width / length * real + position] == 1;
            counted[i] = counts ? logits[i] : 0;
        }
        return counted;
    }
}
