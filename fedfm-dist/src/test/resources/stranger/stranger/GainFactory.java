package stranger;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** Trains a gain for each feature of the hidden states: y * (1 + strength * tanh(g)). */
public final class GainFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "gain";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        double strength = settings.number("strength", 1, 0, 10);
        return backbone -> plan(backbone, strength);
    }

    private static PeftPlan plan(Backbone backbone, double strength) {
        return PeftPlan.of(
                backbone.sites(SiteKind.HIDDEN).stream()
                        .filter(site -> site.role().equals("ffn_norm"))
                        .map(site -> new PeftPlan.Attachment(site, new Gain(site, strength)))
                        .toList());
    }

    private record Gain(Site site, double strength) implements PeftModule {
        @Override
        public List<ParameterSpec> parameters() {
            return List.of(
                    new ParameterSpec("gain", new long[] {site.outputs()}, Initializer.zeros()));
        }

        @Override
        public <T> T apply(TensorOps<T> ops, SiteTensors<T> at, Parameters<T> p) {
            T change = ops.scale(ops.tanh(p.get("gain")), strength);
            return ops.multiply(at.output(), ops.add(ops.constant(1), change));
        }
    }
}
