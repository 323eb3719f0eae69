package io.fedfm.runtime.program;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

/** Modules, each of which needs one thing of the program. */
public final class TestModule {
    private TestModule() {}

    private static ParameterSpec normal(String name, long... shape) {
        return new ParameterSpec(name, shape, Initializer.normal(0.5));
    }

    /** {@code y + dropout(x) A B}. */
    public static PeftModule lowRank(Site site, double dropout) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("A", site.inputs(), 2), normal("B", 2, site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T low = ops.matMul(ops.dropout(site.input(), dropout), p.get("A"));
                return ops.add(site.output(), ops.matMul(low, p.get("B")));
            }
        };
    }

    /** {@code y * scale + shift}. */
    public static PeftModule affine(Site site, String prefix) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(
                        normal(prefix + "scale", site.outputs()),
                        normal(prefix + "shift", site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T scaled = ops.multiply(site.output(), p.get(prefix + "scale"));
                return ops.add(scaled, p.get(prefix + "shift"));
            }
        };
    }

    /** Multiplies what enters the product, and adds what {@code apply} sees of it, times B. */
    public static PeftModule scaledInput(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(
                        normal("scale", site.inputs()), normal("B", site.inputs(), site.outputs()));
            }

            @Override
            public boolean changesInput() {
                return true;
            }

            @Override
            public <T> T applyToInput(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                return ops.multiply(site.input(), p.get("scale"));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                return ops.add(site.output(), ops.matMul(site.input(), p.get("B")));
            }
        };
    }

    /** The same as {@link #scaledInput}, without changing the frozen product. */
    public static PeftModule scaledInputByHand(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return scaledInput(site).parameters();
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T x = ops.multiply(site.input(), p.get("scale"));
                T product = ops.add(ops.matMul(x, site.tensor("weight")), site.tensor("bias"));
                return ops.add(product, ops.matMul(x, p.get("B")));
            }
        };
    }

    /** Like DoRA's norm: {@code m y / |columns of W + d|} without a gradient of the norm. */
    public static PeftModule weightNorm(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("m", site.outputs()), normal("d", site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T sum = ops.add(site.tensor("weight"), p.get("d"));
                T norm = ops.sqrt(ops.sum(ops.multiply(sum, sum), 0, false));
                T gain = ops.divide(p.get("m"), ops.stopGradient(norm));
                T unbiased = ops.subtract(site.output(), site.tensor("bias"));
                T shift = ops.multiply(p.get("d"), site.tensor("bias"));
                return ops.add(ops.multiply(unbiased, gain), shift);
            }
        };
    }

    /** Further keys and values of an attention, merged by log-sum-exp. */
    public static PeftModule prefix(Site site, int tokens) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(
                        normal("key", site.heads(), tokens, site.inputs()),
                        normal("value", site.heads(), tokens, site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T scores = ops.matMul(site.tensor("query"), ops.permute(p.get("key"), 0, 2, 1));
                T prefix = ops.matMul(ops.softmax(scores, -1), p.get("value"));
                T more = ops.logSumExp(scores, -1, true);
                T share = ops.sigmoid(ops.subtract(more, site.tensor("log_sum_exp")));
                T change = ops.subtract(prefix, site.output());
                return ops.add(site.output(), ops.multiply(share, change));
            }
        };
    }

    /** {@code y + permute(...)}: what it gives is not contiguous in memory. */
    public static PeftModule permuting(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("A", site.outputs(), site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T turned = ops.permute(ops.matMul(site.output(), p.get("A")), 2, 0, 1);
                return ops.permute(ops.tanh(turned), 1, 2, 0);
            }
        };
    }

    /** {@code y + shift} without a gradient of y, and a parameter that nothing depends on. */
    public static PeftModule cut(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("shift", site.outputs()), normal("unused", 3));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                return ops.add(ops.stopGradient(site.output()), p.get("shift"));
            }
        };
    }

    /** Rows of its own in the place of the first ones. */
    public static PeftModule prompt(Site site, int rows) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("rows", rows, site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T none = ops.scale(ops.slice(site.output(), 1, 0, rows), 0);
                T rest = ops.slice(site.output(), 1, rows, Integer.MAX_VALUE);
                return ops.concat(1, List.of(ops.add(none, p.get("rows")), rest));
            }
        };
    }

    /** Fails wherever it meets numbers. */
    public static PeftModule failing(String message) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("shift", 1));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T moved = ops.add(site.output(), p.get("shift"));
                if (ops instanceof DjlOps) {
                    throw new IllegalStateException(message);
                }
                return moved;
            }
        };
    }

    /** Gives the site's output itself. */
    public static PeftModule identity() {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of();
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                return site.output();
            }
        };
    }

    /**
     * {@code y + x A_frozen B_trained * gain}; A and B belong to the plan, gain is W's first row.
     */
    public static PeftModule sharing(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(normal("gain", site.outputs()));
            }

            @Override
            public <T> Optional<T> initial(String name, TensorOps<T> ops, SiteTensors<T> site) {
                return Optional.of(ops.sum(ops.slice(site.tensor("weight"), 0, 0, 1), 0, false));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
                T low = ops.matMul(site.input(), p.get("shared_A"));
                T update = ops.multiply(ops.matMul(low, p.get("shared_B")), p.get("gain"));
                return ops.add(site.output(), update);
            }
        };
    }
}
