import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.data.TokenRow;
import io.fedfm.runtime.data.TextTokenizer;
import io.fedfm.runtime.graph.CacheFolder;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.plugin.PluginFolders;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.InitialParameters;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.Trainable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;

/** Compares a language model with what its own library gave: golden-logits.sh runs this. */
public final class GoldenLogits {
    private static final double TOLERANCE = 1e-4;

    /** Takes the installed layout and the model's folder. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Map<String, Tensor> golden = npz(folder.resolve("golden_hf.npz"));
        int texts = sameIds(folder, golden);
        Tensor expected = golden.get("logits");
        Tensor actual = logits(home, folder, golden);
        if (!Arrays.equals(actual.shape(), expected.shape())) {
            throw new IllegalStateException(
                    "logits have the shape " + Arrays.toString(actual.shape()));
        }
        double largest = difference(actual, expected, golden.get("attention_mask").toLongs());
        System.out.printf(
                "%d texts encoded alike; largest difference of logits %.3g (limit %.0e)%n",
                texts, largest, TOLERANCE);
        System.exit(largest <= TOLERANCE ? 0 : 1);
    }

    /** Encodes the texts and demands the ids of the library. */
    private static int sameIds(Path folder, Map<String, Tensor> golden) throws IOException {
        JsonNode texts =
                new ObjectMapper().readTree(folder.resolve("golden_texts.json").toFile());
        int length = (int) golden.get("input_ids").shape()[1];
        long[] ids = golden.get("input_ids").toLongs();
        long[] mask = golden.get("attention_mask").toLongs();
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, length)) {
            for (int i = 0; i < texts.get("texts").size(); i++) {
                TokenRow row = tokenizer.row(texts.get("texts").get(i).asText(), 0);
                JsonNode wanted = texts.get("ids").get(i);
                boolean same = row.length() == wanted.size();
                for (int j = 0; same && j < row.length(); j++) {
                    same =
                            row.tokens()[j] == wanted.get(j).asInt()
                                    && row.tokens()[j] == ids[i * length + j]
                                    && mask[i * length + j] == 1;
                }
                if (!same) {
                    System.out.printf(
                            "text %d is encoded as %s%n", i, Arrays.toString(row.tokens()));
                    System.exit(1);
                }
            }
        }
        return texts.get("texts").size();
    }

    /** Logits with LoRA on every linear layer at its start, which changes nothing. */
    private static Tensor logits(Path home, Path folder, Map<String, Tensor> golden) {
        Settings lora =
                Settings.of("peft", Map.of("r", 8, "target_modules", List.of("all-linear")));
        try (RootAllocator allocator = new RootAllocator();
                FrozenBackbone backbone =
                        FrozenBackbone.of(
                                ModelFolder.open(folder).read(), CacheFolder.standard())) {
            PeftPlan plan =
                    PluginRegistry.load(PluginFolders.of(home.toString(), List.of(), null))
                            .createMethod("lora", lora)
                            .plan(backbone.anatomy().backbone());
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone,
                            plan,
                            new CausalLanguageModelling(),
                            ExecutionProviders.cpu(),
                            1,
                            allocator);
            List<Trainable> trainables = compiler.inline().trainables();
            try (Program program = compiler.fused();
                    ParameterVector parameters =
                            ParameterVector.zeros(allocator, compiler.inline().layout())) {
                InitialParameters.fill(trainables, name -> new Random(name.hashCode()), parameters);
                return program.logits(batch(backbone, golden), parameters);
            }
        }
    }

    private static Batch batch(FrozenBackbone backbone, Map<String, Tensor> golden) {
        Tensor ids = golden.get("input_ids");
        int rows = (int) ids.shape()[0];
        int length = (int) ids.shape()[1];
        Map<String, Tensor> feeds = new HashMap<>();
        feeds.put(Batch.LABELS, Tensor.longs(new long[rows * length], rows, length));
        InputRole.of(backbone.graph())
                .forEach(
                        (name, role) -> {
                            switch (role) {
                                case TOKENS -> feeds.put(name, ids);
                                case MASK -> feeds.put(name, golden.get("attention_mask"));
                                case POSITIONS -> feeds.put(name, positions(rows, length));
                                default ->
                                        throw new IllegalStateException(
                                                "no value for the input " + name);
                            }
                        });
        return new Batch(feeds, rows, length);
    }

    private static Tensor positions(int rows, int length) {
        long[] positions = new long[rows * length];
        Arrays.setAll(positions, i -> i % length);
        return Tensor.longs(positions, rows, length);
    }

    private static double difference(Tensor actual, Tensor expected, long[] mask) {
        float[] a = actual.toFloats();
        float[] e = expected.toFloats();
        int vocabulary = a.length / mask.length;
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            if (mask[i / vocabulary] == 1) {
                largest = Math.max(largest, Math.abs((double) a[i] - e[i]));
            }
        }
        return largest;
    }

    private static Map<String, Tensor> npz(Path file) throws IOException {
        Map<String, Tensor> arrays = new HashMap<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                InputStream in = Files.newInputStream(file)) {
            for (NDArray array : NDList.decode(manager, in)) {
                long[] shape = array.getShape().getShape();
                arrays.put(
                        array.getName(),
                        array.getDataType().isInteger()
                                ? Tensor.longs(array.toLongArray(), shape)
                                : Tensor.floats(array.toFloatArray(), shape));
            }
        }
        return arrays;
    }
}
