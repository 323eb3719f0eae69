package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
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

    /** Weaves into {@code backbone}, which stays as it is. */
    public Weaver(
            Graph backbone,
            Anatomy anatomy,
            BackboneOutputs outputs,
            PeftPlan plan,
            Objective objective) {
        this.backbone = backbone;
        this.anatomy = anatomy;
        this.outputs = outputs;
        this.plan = plan;
        this.objective = objective;
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
        Graph graph = backbone.copy();
        graph.clearOutputs();
        graph.setNodes(List.of());
        List<Trainable> trainables = declare(graph);
        writer.declare(graph);
        Map<String, String> replaced = splice(graph, writer);
        BackboneOutputs woven = rename(replaced);
        Terms terms = objective.append(new GraphBuilder(graph, "objective"), woven);
        return new WovenGraph(graph, trainables, terms, writer.modules(), writer.shapes());
    }

    /**
     * Makes inputs of all parameters: those of modules in the order of the plan, promoted weights,
     * the head.
     */
    private List<Trainable> declare(Graph graph) {
        List<Trainable> trainables = new ArrayList<>();
        for (PeftPlan.Attachment attachment : plan.attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                String name = attachment.site().name() + "." + spec.name();
                trainables.add(new Trainable(name, spec.shape(), spec.initializer(), null, false));
            }
        }
        Set<String> head = new LinkedHashSet<>(objective.promoted());
        Set<String> promoted = new LinkedHashSet<>(plan.promotions());
        promoted.addAll(head);
        for (String name : promoted) {
            var value = graph.initializers().get(name);
            if (value == null) {
                throw new FedFmException(
                        ErrorCode.PLUGIN_FAILED,
                        "the PEFT method's plan does not fit: "
                                + "no frozen weight is called '"
                                + name
                                + "'");
            }
            trainables.add(new Trainable(name, value.shape(), null, value, head.contains(name)));
            graph.removeInitializer(name);
        }
        for (ParameterSpec spec : objective.parameters()) {
            trainables.add(
                    new Trainable(spec.name(), spec.shape(), spec.initializer(), null, true));
        }
        Set<String> names = new LinkedHashSet<>(graph.inputs().keySet());
        for (Trainable trainable : trainables) {
            if (!names.add(trainable.name())) {
                throw new FedFmException(
                        ErrorCode.PLUGIN_FAILED,
                        "the PEFT method's plan does not fit: "
                                + "two parameters or inputs are called '"
                                + trainable.name()
                                + "'");
            }
            String[] dimensions =
                    java.util.Arrays.stream(trainable.shape())
                            .mapToObj(Long::toString)
                            .toArray(String[]::new);
            graph.addInput(ValueInfo.of(trainable.name(), ElementType.FLOAT, dimensions));
        }
        graph.addInput(
                new ValueInfo(Objective.LABELS, ElementType.INT64, objective.labelDimensions()));
        return trainables;
    }

    /**
     * Copies the nodes one by one, with the modules before their inputs and after their outputs.
     */
    private Map<String, String> splice(Graph graph, ModuleWriter writer) {
        Places places = new Places(anatomy, plan);
        Map<String, String> replaced = new HashMap<>();
        Map<String, String> entered = new HashMap<>();
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
            graph.addNode(node.withInputs(inputs));
            for (String output : node.outputs()) {
                for (Place place : places.at(output)) {
                    replaced.put(output, onOutput(graph, writer, place, replaced, entered));
                }
            }
        }
        return replaced;
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

    private BackboneOutputs rename(Map<String, String> replaced) {
        return new BackboneOutputs(
                replaced.getOrDefault(outputs.hidden(), outputs.hidden()),
                replaced.getOrDefault(outputs.pooled(), outputs.pooled()),
                replaced.getOrDefault(outputs.logits(), outputs.logits()),
                outputs.headWeights(),
                outputs.mask(),
                outputs.width(),
                outputs.classes(),
                outputs.tokenLogits());
    }
}
