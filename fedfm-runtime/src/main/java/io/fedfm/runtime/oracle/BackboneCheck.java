package io.fedfm.runtime.oracle;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.TextTokens;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.ParameterCount;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.program.Sessions;
import io.fedfm.runtime.weave.WovenGraph;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Checks a backbone file with the methods of a registry; the same file gives the same figures. */
public final class BackboneCheck implements ModelCheck {
    private static final long SEED = 20;
    private static final int THREADS = 1;

    /** Errors that say what stands in the way of a method, and not that the check went wrong. */
    private static final Set<ErrorCode> IN_THE_WAY =
            Set.of(
                    ErrorCode.TARGETS_UNMATCHED,
                    ErrorCode.MODEL_UNSUPPORTED,
                    ErrorCode.OPERATOR_UNSUPPORTED);

    private final GeneratedModels generated;
    private final Path cache;
    private final Function<List<Path>, PluginRegistry> plugins;
    private final Function<Path, TextTokens> tokens;

    /**
     * A check.
     *
     * @param generated makes models that can be generated
     * @param cache where files of weights are kept
     * @param plugins loads the plugins, with some folders beside the built-in ones
     * @param tokens gives the tokenizer of a model's folder
     */
    public BackboneCheck(
            GeneratedModels generated,
            Path cache,
            Function<List<Path>, PluginRegistry> plugins,
            Function<Path, TextTokens> tokens) {
        this.generated = generated;
        this.cache = cache;
        this.plugins = plugins;
        this.tokens = tokens;
    }

    @Override
    public CheckReport check(Path model, List<String> methods, List<Path> pluginFolders) {
        PluginRegistry registry = plugins.apply(pluginFolders);
        List<String> names = methods.isEmpty() ? installed(registry) : methods;
        names.forEach(name -> registry.info(PluginKind.PEFT, name));
        ModelFolder folder = ModelFolder.open(generated.prepare(model));
        TextTokens tokenizer = tokens.apply(folder.directory());
        try (FrozenBackbone backbone = FrozenBackbone.of(folder.read(), cache)) {
            Findings findings = new Findings();
            Map<SiteKind, Integer> sites = sites(backbone);
            if (!sites.isEmpty()) {
                names.stream()
                        .flatMap(name -> TrialSettings.of(name).stream())
                        .forEach(trial -> check(trial, registry, backbone, tokenizer, findings));
            }
            return findings.report(sites, ParameterCount.frozen(backbone.graph()));
        }
    }

    /** What the methods that were tried came to. */
    private static final class Findings {
        private final List<MethodCheck> checks = new ArrayList<>();
        private final Set<String> unsupported = new LinkedHashSet<>();
        private final List<String> notApplicable = new ArrayList<>();

        private CheckReport report(Map<SiteKind, Integer> sites, long parameters) {
            return CheckReport.of(
                    sites, parameters, checks, List.copyOf(unsupported), notApplicable);
        }
    }

    private static List<String> installed(PluginRegistry registry) {
        return registry.plugins().stream()
                .filter(plugin -> plugin.kind() == PluginKind.PEFT)
                .map(PluginInfo::name)
                .toList();
    }

    private static Map<SiteKind, Integer> sites(FrozenBackbone backbone) {
        Map<SiteKind, Integer> sites = new EnumMap<>(SiteKind.class);
        for (Site site : backbone.anatomy().backbone().sites()) {
            sites.merge(site.kind(), 1, Integer::sum);
        }
        return sites;
    }

    private static void check(
            TrialSettings trial,
            PluginRegistry registry,
            FrozenBackbone backbone,
            TextTokens tokenizer,
            Findings findings) {
        try (BufferAllocator allocator = new RootAllocator()) {
            Backbone seen = backbone.anatomy().backbone().with(tokenizer);
            PeftPlan plan = trial.plan(registry, seen);
            Objective objective = TrialObjective.of(backbone.outputs());
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone,
                            plan,
                            objective,
                            ExecutionProviders.cpu(),
                            THREADS,
                            allocator);
            List<String> refused = compiler.unsupported();
            WovenGraph woven = compiler.inline();
            findings.unsupported.addAll(refused);
            if (refused.isEmpty()) {
                findings.unsupported.addAll(GradientProof.unknown(woven));
                findings.checks.add(
                        check(trial.label(), compiler, woven, plan, backbone, allocator));
            }
        } catch (FedFmException e) {
            if (!IN_THE_WAY.contains(e.code())) {
                throw e;
            }
            String line = trial.label() + ": " + e.getMessage();
            if (e.code() == ErrorCode.TARGETS_UNMATCHED) {
                findings.notApplicable.add(line);
            } else {
                findings.unsupported.add(line);
            }
        }
    }

    private static MethodCheck check(
            String method,
            ProgramCompiler compiler,
            WovenGraph woven,
            PeftPlan plan,
            FrozenBackbone backbone,
            BufferAllocator allocator) {
        Random random = new Random(SEED);
        List<Batch> batches =
                TrialBatches.of(
                        backbone.graph(),
                        backbone.outputs(),
                        compiler.longest(),
                        plan.tasks().size(),
                        random);
        try (Program fused = compiler.fused();
                Program split = compiler.split()) {
            BiFunction<Batch, Map<String, Tensor>, Map<String, Tensor>> errors =
                    StraightThrough.rounds(woven.graph())
                            ? errors(compiler, backbone)
                            : (batch, point) -> Map.of();
            return new GradientProof(fused, split, woven, errors)
                    .check(method, batches, random, allocator);
        }
    }

    private static BiFunction<Batch, Map<String, Tensor>, Map<String, Tensor>> errors(
            ProgramCompiler compiler, FrozenBackbone backbone) {
        Sessions sessions = new Sessions(backbone.weights(), ExecutionProviders.cpu(), THREADS);
        return new RoundingErrors(compiler.step(), sessions)::at;
    }
}
