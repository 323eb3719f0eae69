package io.fedfm.dist;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.objective.TokenClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.record.SafetensorsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompt tuning, and a class for each token, against the PEFT library. */
final class PromptAgreementTest {
    private static final Path FIXTURES = Path.of("src/test/resources/peft");
    private static final Path TOKENS = Path.of("src/test/resources/tokencls");
    private static final int CLASSES = 5;

    @TempDir Path cache;

    /** Of rows and of language models: its saved adapters. */
    @ParameterizedTest
    @CsvSource({
        "bert, 3, true",
        "bert, 3, false",
        "gpt2, 1, true",
        "gpt2, 1, false",
        "llama, 1, true",
        "llama, 1, false"
    })
    void promptsAreThoseOfThePeftLibrary(String family, int tensors, boolean fused) {
        Path folder = FIXTURES.resolve(family + "-prompt");
        Npz expected = Npz.read(folder.resolve("oracle.npz"));
        try (BufferAllocator allocator = new RootAllocator();
                FrozenBackbone backbone = backbone(family);
                ParameterVector saved =
                        SafetensorsReader.read(
                                folder.resolve("adapter_model.safetensors"), allocator)) {
            long tokens = saved.layout().entry("prompt_embeddings").dimensions()[0];
            OracleComparison comparison =
                    new OracleComparison(
                            expected,
                            name -> floats(saved, peftName(name)),
                            name -> expected.floats("grad." + peftName(name)));
            boolean rows = family.equals("bert");
            Objective objective =
                    rows
                            ? new SequenceClassification(
                                    Pooling.POOLER, backbone.outputs().width(), 3)
                            : new CausalLanguageModelling();
            PeftPlan plan = prompt(backbone, tokens);
            Batch batch = batch(expected, family);
            IntPredicate counted = rows ? row -> true : real(expected, tokens);
            comparison.check(backbone, plan, objective, fused, tensors, batch, counted);
        }
    }

    @ParameterizedTest
    @CsvSource({"prompt, 3, true", "prompt, 3, false", "lora, 10, true", "lora, 10, false"})
    void classesOfTokensAreThoseOfThePeftLibrary(String method, int tensors, boolean fused) {
        Npz expected = Npz.read(TOKENS.resolve(method + ".npz"));
        boolean prompt = method.equals("prompt");
        try (FrozenBackbone backbone = backbone("bert")) {
            OracleComparison comparison =
                    new OracleComparison(
                            expected,
                            name -> expected.floats(shortName(name)),
                            name -> expected.floats("grad." + shortName(name)));
            Settings lora =
                    Settings.of(
                            "peft",
                            Map.of(
                                    "r",
                                    4,
                                    "lora_alpha",
                                    8,
                                    "target_modules",
                                    List.of("query", "value")));
            PeftPlan plan =
                    prompt
                            ? prompt(backbone, 3)
                            : InstalledPlugins.load()
                                    .createMethod("lora", lora)
                                    .plan(backbone.anatomy().backbone());
            Objective objective = new TokenClassification(backbone.outputs().width(), CLASSES);
            Batch batch = batch(expected, "bert");
            IntPredicate counted = real(expected, prompt ? 3 : 0);
            comparison.check(backbone, plan, objective, fused, tensors, batch, counted);
        }
    }

    /** Positions of virtual and real tokens, not of padding. */
    private static IntPredicate real(Npz npz, long virtualTokens) {
        long[] mask = npz.get("mask").toLongs();
        int length = (int) npz.get("mask").shape()[1];
        int whole = length + (int) virtualTokens;
        return position -> {
            int token = position % whole - (int) virtualTokens;
            return token < 0 || mask[position / whole * length + token] == 1;
        };
    }

    private FrozenBackbone backbone(String family) {
        Path onnx = FIXTURES.resolve("models").resolve(family).resolve("model.onnx");
        return FrozenBackbone.of(OnnxReader.read(onnx), cache);
    }

    private static PeftPlan prompt(FrozenBackbone backbone, long tokens) {
        return InstalledPlugins.load()
                .createMethod("prompt", Settings.of("peft", Map.of("num_virtual_tokens", tokens)))
                .plan(backbone.anatomy().backbone());
    }

    private static Batch batch(Npz npz, String family) {
        Tensor ids = npz.get("ids");
        Map<String, Tensor> inputs =
                new HashMap<>(Map.of("input_ids", ids, "attention_mask", npz.get("mask")));
        if (family.equals("bert")) {
            long[] types = new long[Math.toIntExact(ids.size())];
            inputs.put("token_type_ids", Tensor.longs(types, ids.shape()));
        }
        return AgreementRun.batch(npz, inputs, "");
    }

    private static String peftName(String name) {
        return name.endsWith(".prompt_embeddings") ? "prompt_embeddings" : "base_model." + name;
    }

    private static String shortName(String name) {
        return name.endsWith(".prompt_embeddings") ? "prompt_embeddings" : name;
    }

    private static float[] floats(ParameterVector vector, String name) {
        float[] values = new float[vector.floats(name).remaining()];
        vector.floats(name).get(values);
        return values;
    }
}
