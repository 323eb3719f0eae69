package @package@;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** {@code y + strength * shift} with shift [out]: a start, to be replaced by your own formula. */
final class @Name@Module implements PeftModule {
    private final List<ParameterSpec> parameters;
    private final double strength;

    @Name@Module(Site site, double strength) {
        this.parameters =
                List.of(
                        new ParameterSpec(
                                "shift", new long[] {site.outputs()}, Initializer.zeros()));
        this.strength = strength;
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    /** The formula, once: ONNX nodes and DJL arrays, values and gradients all come from it. */
    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return ops.add(site.output(), ops.scale(p.get("shift"), strength));
    }
}
