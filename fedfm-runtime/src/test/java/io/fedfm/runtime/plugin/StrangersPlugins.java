package io.fedfm.runtime.plugin;

import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.peft.PeftMethodFactory;

/** Sources of plugins that somebody else might write. */
final class StrangersPlugins {
    private StrangersPlugins() {}

    /** An aggregator that takes the last client's parameters, times the setting {@code factor}. */
    static PluginJars aggregator(String name) {
        return aggregator(
                name, "io.fedfm.api.FedFmApi.VERSION", "", "return new LastWins(settings);");
    }

    /** An aggregator whose factory says and does this. */
    static PluginJars aggregator(
            String name, String apiVersion, String constructor, String create) {
        return new PluginJars()
                .source(
                        "LastWinsFactory",
                        """
                        import io.fedfm.api.Settings;
                        import io.fedfm.api.aggregate.*;
                        public final class LastWinsFactory implements AggregatorFactory {
                            public LastWinsFactory() { %s }
                            public String name() { return "%s"; }
                            public int apiVersion() { return %s; }
                            public Aggregator create(Settings settings) { %s }
                        }
                        """
                                .formatted(constructor, name, apiVersion, create))
                .source(
                        "LastWins",
                        """
                        import io.fedfm.api.Settings;
                        import io.fedfm.api.aggregate.*;
                        import io.fedfm.api.tensor.ParameterVector;
                        import java.util.List;
                        final class LastWins implements Aggregator {
                            private final double factor;
                            LastWins(Settings settings) {
                                factor = settings.number("factor", 1, 0, 10);
                            }
                            public void aggregate(
                                    ParameterVector global,
                                    List<ClientUpdate> updates,
                                    ParameterVector result) {
                                if (factor == 7) {
                                    throw new IllegalStateException("seven is too much");
                                }
                                var last = updates.get(updates.size() - 1).parameters();
                                for (int i = 0; i < result.size(); i++) {
                                    result.floats(i, 1)
                                            .put(0, (float) (factor * last.floats(i, 1).get(0)));
                                }
                            }
                        }
                        """)
                .service(AggregatorFactory.class, "stranger.LastWinsFactory");
    }

    /** A method whose one module fails when it is applied. */
    static PluginJars brokenMethod() {
        return new PluginJars()
                .source(
                        "BrokenFactory",
                        """
                        import io.fedfm.api.*;
                        import io.fedfm.api.peft.*;
                        import io.fedfm.api.tensor.TensorOps;
                        import java.util.List;
                        public final class BrokenFactory implements PeftMethodFactory {
                            public String name() { return "broken"; }
                            public int apiVersion() { return FedFmApi.VERSION; }
                            public PeftMethod create(Settings settings) {
                                return backbone -> PeftPlan.of(List.of(new PeftPlan.Attachment(
                                        backbone.sites().get(0), new Module())));
                            }
                            static final class Module implements PeftModule {
                                public List<ParameterSpec> parameters() { return List.of(); }
                                public <T> T apply(
                                        TensorOps<T> ops, SiteTensors<T> s, Parameters<T> p) {
                                    throw new UnsupportedOperationException("not today");
                                }
                            }
                        }
                        """)
                .service(PeftMethodFactory.class, "stranger.BrokenFactory");
    }
}
