package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.PlainToken;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weaves the modules of a plan, and an objective, into a copy of a backbone's graph. */
public final class Weaver {
    private final Graph backbone;
    private final Anatomy anatomy;
    private final PeftPlan plan;
    private final Objective objective;
    private final BackboneOutputs outputs;
    private final Map<String, Tensor> starts;

    /** Weaves into {@code backbone}, which stays as it is. */
    public Weaver(
            Graph backbone,
            Anatomy anatomy,
            BackboneOutputs outputs,
            PeftPlan plan,
            Objective objective) {
        this(backbone, anatomy, outputs, plan, objective, Map.of());
    }

    private Weaver(
            Graph backbone,
            Anatomy anatomy,
            BackboneOutputs outputs,
            PeftPlan plan,
            Objective objective,
            Map<String, Tensor> starts) {
        this.backbone = QuantisedBackbone.withFloatHead(backbone, objective.promoted());
        this.anatomy = anatomy;
        this.outputs = outputs;
        this.plan = plan;
        this.objective = objective;
        this.starts = starts;
    }

    /** What must be run to know how parameters start that depend on frozen weights. */
    public StartingValues startingValues() {
        return StartingValues.of(backbone, new Places(anatomy, plan), plan);
    }

    /** The same, with parameters that start from these values. */
    public Weaver startingAt(Map<String, Tensor> values) {
        return new Weaver(backbone, anatomy, outputs, plan, objective, Map.copyOf(values));
    }

    /** With the modules as nodes; {@code training} turns dropout on. */
    public WovenGraph inline(boolean training) {
        return weave(new InlineModules(training));
    }

    /** With the modules left opaque, for another engine. */
    public WovenGraph opaque() {
        return weave(new OpaqueModules());
    }

    private WovenGraph weave(ModuleWriter writer) {
        QuantisedBackbone.requireFloats(backbone, plan.promotions());
        Graph graph = backbone.copy();
        graph.clearOutputs();
        graph.setNodes(List.of());
        Map<String, String> replaced = moveAside(graph);
        List<Trainable> trainables =
                new TrainableInputs(without(replaced.keySet()), objective, starts).declare(graph);
        writer.declare(graph);
        TaskInput.declare(graph, plan.tasks().size());
        splice(graph, writer, replaced);
        BackboneOutputs woven = rename(replaced);
        Terms terms = objective.append(new GraphBuilder(graph, "objective"), woven);
        List<Trainable> used =
                PromotedWeights.used(
                        graph, trainables, Set.copyOf(plan.promotions()), terms.loss());
        return new WovenGraph(graph, used, terms, writer.modules(), writer.shapes());
    }

    /** Frees the names of the head's parameters: a head that is not used may have the same. */
    private Map<String, String> moveAside(Graph graph) {
        Map<String, String> moved = new HashMap<>();
        for (ParameterSpec spec : objective.parameters()) {
            Tensor taken = graph.initializers().get(spec.name());
            if (taken != null) {
                String other = graph.freshName(spec.name());
                graph.addInitializer(other, taken);
                graph.removeInitializer(spec.name());
                moved.put(spec.name(), other);
            }
        }
        return moved;
    }

    /** The plan without promoted weights of a head that is not used. */
    private PeftPlan without(Set<String> weights) {
        List<String> promotions =
                plan.promotions().stream().filter(name -> !weights.contains(name)).toList();
        return new PeftPlan(
                plan.attachments(), promotions, plan.shared(), plan.virtualTokens(), plan.tasks());
    }

    /**
     * Copies the nodes one by one, with the modules before their inputs and after their outputs.
     *
     * @param replaced value to what takes its place; completed
     */
    private void splice(Graph graph, ModuleWriter writer, Map<String, String> replaced) {
        Places places = new Places(anatomy, plan);
        replaced.putAll(VirtualInputs.extend(graph, PlainToken.of(backbone), sequence()));
        replaced.putAll(PromotedWeights.tie(graph, backbone));
        Map<String, String> entered = new HashMap<>();
        MovedPositions positions = new MovedPositions(backbone, graph, anatomy.positions(), plan);
        for (Node node : backbone.nodes()) {
            List<String> inputs =
                    new ArrayList<>(
                            node.inputs().stream().map(i -> replaced.getOrDefault(i, i)).toList());
            for (Place place : places.before(node.name())) {
                requireWhole(graph, place);
                int slot = node.inputs().indexOf(place.linear().input());
                SiteNodes site = new SiteNodes(frame(graph, place), place, inputs.get(slot), null);
                inputs.set(slot, writer.write(inside(graph, place), place, true, site));
                entered.put(node.name(), inputs.get(slot));
            }
            graph.addNode(positions.in(node.withInputs(inputs)));
            for (String output : node.outputs()) {
                for (Place place : places.at(output)) {
                    replaced.put(output, onOutput(graph, writer, place, replaced, entered));
                }
            }
        }
    }

    private static void requireWhole(Graph graph, Place place) {
        if (place.isPart(Columns.of(graph, place.linear()))) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "'"
                            + place.site().name()
                            + "' is a part of a packed projection, which has one input for all of its parts; a method that changes inputs takes the whole projection (target qkv)");
        }
    }

    private static String onOutput(
            Graph graph,
            ModuleWriter writer,
            Place place,
            Map<String, String> replaced,
            Map<String, String> entered) {
        GraphBuilder frame = frame(graph, place);
        String current = replaced.getOrDefault(place.value(), place.value());
        if (place.attention() != null) {
            String query = place.attention().query();
            AttentionHeads heads =
                    new AttentionHeads(
                            frame, place.attention(), replaced.getOrDefault(query, query));
            String output = heads.apart(current);
            SiteNodes site = new SiteNodes(frame, place, output, output, heads);
            return heads.together(writer.write(inside(graph, place), place, false, site), current);
        }
        if (place.flat() && graph.inputs().containsKey(TaskInput.NAME)) {
            String rows = TaskInput.apart(frame, current, place.site().outputs());
            SiteNodes site = new SiteNodes(frame, place, rows, rows);
            String result = writer.write(inside(graph, place), place, false, site);
            return frame.op("Reshape", result, frame.op("Shape", current));
        }
        return Columns.replace(
                frame,
                place,
                current,
                output -> {
                    String input =
                            place.linear() == null
                                    ? output
                                    : input(place.linear(), replaced, entered);
                    return writer.write(
                            inside(graph, place),
                            place,
                            false,
                            new SiteNodes(frame, place, input, output));
                });
    }

    /** What enters the frozen product, behind the modules that change it. */
    private static String input(
            Anatomy.Linear linear, Map<String, String> replaced, Map<String, String> entered) {
        String before = replaced.getOrDefault(linear.input(), linear.input());
        return entered.getOrDefault(linear.product(), before);
    }

    /**
     * Writes what surrounds a module; its names are the same whether modules are nodes or opaque.
     */
    private static GraphBuilder frame(Graph graph, Place place) {
        return new GraphBuilder(graph, "site/" + place.site().name());
    }

    private static GraphBuilder inside(Graph graph, Place place) {
        return new GraphBuilder(graph, "peft/" + place.site().name());
    }

    /** Virtual tokens that stand in the sequence. */
    private int sequence() {
        return plan.virtualTokens().embedded() ? plan.virtualTokens().count() : 0;
    }

    private BackboneOutputs rename(Map<String, String> replaced) {
        return new BackboneOutputs(
                replaced.getOrDefault(outputs.hidden(), outputs.hidden()),
                replaced.getOrDefault(outputs.pooled(), outputs.pooled()),
                replaced.getOrDefault(outputs.logits(), outputs.logits()),
                outputs.headWeights(),
                replaced.getOrDefault(outputs.mask(), outputs.mask()),
                outputs.width(),
                outputs.classes(),
                outputs.tokenLogits(),
                sequence());
    }
}
