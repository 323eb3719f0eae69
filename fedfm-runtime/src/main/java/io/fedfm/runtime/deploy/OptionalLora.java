package io.fedfm.runtime.deploy;

import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.DeployedModel;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.Sessions;
import io.fedfm.runtime.weave.LowRankFactors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code onnx-adapter}: the nodes of the backbone's own file with LoRA inputs that may be left out,
 * and an adapter for them.
 *
 * <p>Each pair of inputs is {@code NAME.lora_A.weight} [in, lora_r] and {@code NAME.lora_B.weight}
 * [lora_r, out], the scaling in B, with a default of rank 0: without an adapter the model is the
 * backbone. All pairs of an adapter have the highest rank, smaller ones are filled up with zeros,
 * because {@code lora_r} is one size. The head is in the adapter too: a new one has a default
 * without classes, the backbone's own its frozen value.
 */
final class OptionalLora {
    /** The name of the adapter's file. */
    static final String FILE = "adapter.onnx_adapter";

    private static final String RANK = "lora_r";
    private static final String CLASSES = "num_labels";

    private final TrainedModel trained;
    private final Map<String, Tensor> adapter = new LinkedHashMap<>();

    private OptionalLora(TrainedModel trained) {
        this.trained = trained;
    }

    /**
     * A model and an adapter.
     *
     * @param model without the adapter, the backbone
     * @param adapter values of the model's optional inputs
     */
    record Result(DeployedModel model, Map<String, Tensor> adapter) {}

    /**
     * Takes a trained model apart.
     *
     * @throws io.fedfm.api.FedFmException EXPORT_UNSUPPORTED if it was not trained with LoRA alone
     */
    static Result of(TrainedModel trained) {
        return new OptionalLora(trained).split();
    }

    private Result split() {
        LowRankFactors factors =
                LowRankFactors.of(
                        trained.backbone().graph(),
                        trained.backbone().anatomy(),
                        trained.plan(),
                        trained.parameters());
        Sessions sessions = new Sessions(trained.backbone().weights(), ExecutionProviders.cpu(), 1);
        Map<String, Tensor> values = sessions.values(factors.graph());
        long rank = factors.pairs().stream().mapToLong(LowRankFactors.Pair::rank).max().orElse(0);
        SourceModel source = SourceModel.read(trained.file());
        Graph graph = source.graph();
        Graph read = trained.backbone().graph();
        SourceEdits edits = new SourceEdits(graph, read);
        Promotions promotions = new Promotions(read, edits, sessions);
        promotions.takeWeights();
        for (LowRankFactors.Pair pair : factors.pairs()) {
            insert(graph, edits, pair, values, rank);
        }
        boolean newHead = !trained.objective().parameters().isEmpty();
        String logits =
                new Head(trained, edits)
                        .append(graph, (name, value) -> newHead(graph, name, value));
        for (String name : trained.promoted()) {
            String own = promotions.separate(name);
            Tensor frozen = graph.initializers().get(own);
            offer(graph, own, frozen, trained.parameter(name), dimensions(frozen.shape()));
        }
        graph.prune();
        Map<String, ValueInfo> outputs = DeclaredOutputs.of(source, trained, logits);
        if (newHead) {
            outputs.computeIfPresent(logits, (name, declared) -> anyClasses(declared));
        }
        return new Result(
                new DeployedModel(
                        graph, outputs, edits.moved(source.metadata()), source.external()),
                adapter);
    }

    private void insert(
            Graph graph,
            SourceEdits edits,
            LowRankFactors.Pair pair,
            Map<String, Tensor> values,
            long rank) {
        Anatomy.Linear linear = pair.linear();
        String site = linear.site().name();
        String a = site + ".lora_A.weight";
        String b = site + ".lora_B.weight";
        Tensor valueA = values.get(pair.a());
        Tensor valueB = values.get(pair.b());
        long in = valueA.shape()[0];
        offer(
                graph,
                a,
                Matrices.zeros(in, 0),
                Matrices.within(valueA, in, rank, 0),
                List.of(Long.toString(in), RANK));
        offer(
                graph,
                b,
                Matrices.zeros(0, pair.columns()),
                Matrices.within(valueB, rank, pair.columns(), linear.from()),
                List.of(RANK, Long.toString(pair.columns())));
        String input = edits.inputOf(linear);
        String low = graph.freshName(site + "/lora_A/MatMul");
        String high = graph.freshName(site + "/lora_B/MatMul");
        edits.insertAfter(
                edits.valueOf(linear.output()),
                output ->
                        List.of(
                                node("MatMul", low, input, a),
                                node("MatMul", high, low, b),
                                node("Add", site + "/lora/Add", output, high)));
    }

    private static Node node(String op, String name, String first, String second) {
        return Node.of(op, name, List.of(first, second), List.of(name), Attributes.none());
    }

    /** A head that the backbone does not have: without an adapter there are no classes. */
    private void newHead(Graph graph, String name, Tensor value) {
        long[] none = value.shape().clone();
        none[0] = 0;
        List<String> dimensions = new ArrayList<>(dimensions(value.shape()));
        dimensions.set(0, CLASSES);
        offer(graph, name, Matrices.zeros(none), value, dimensions);
    }

    private static ValueInfo anyClasses(ValueInfo logits) {
        List<String> dimensions = new ArrayList<>(logits.dimensions());
        dimensions.set(dimensions.size() - 1, CLASSES);
        return new ValueInfo(logits.name(), logits.type(), dimensions);
    }

    /** An input with a default, and its value in the adapter. */
    private void offer(
            Graph graph, String name, Tensor defaults, Tensor value, List<String> dimensions) {
        graph.addInput(new ValueInfo(name, ElementType.FLOAT, dimensions));
        graph.addInitializer(name, defaults);
        adapter.put(name, value);
    }

    private static List<String> dimensions(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).toList();
    }
}
