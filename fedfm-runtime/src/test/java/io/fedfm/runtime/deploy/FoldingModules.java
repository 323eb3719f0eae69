package io.fedfm.runtime.deploy;

import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

/** Modules that fold, one for each way in which a layer changes. */
final class FoldingModules {
    private static final double SCALING = 1.7;

    private FoldingModules() {}

    /** {@code y + s (x A^T) B^T}. */
    static PeftModule lora(Site site, int rank) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(
                        spec("lora_A", rank, site.inputs()), spec("lora_B", site.outputs(), rank));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                T low = ops.matMul(tensors.input(), ops.transpose(p.get("lora_A")));
                T high = ops.matMul(low, ops.transpose(p.get("lora_B")));
                return ops.add(tensors.output(), ops.scale(high, SCALING));
            }

            @Override
            public <T> Optional<Folded<T>> fold(
                    TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                T product =
                        ops.matMul(ops.transpose(p.get("lora_A")), ops.transpose(p.get("lora_B")));
                return Optional.of(
                        new Folded<>(
                                ops.add(tensors.tensor("weight"), ops.scale(product, SCALING)),
                                bias(tensors)));
            }
        };
    }

    /** {@code (l x) W + b}. */
    static PeftModule inputScale(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(spec("l", site.inputs()));
            }

            @Override
            public boolean changesInput() {
                return true;
            }

            @Override
            public <T> T applyToInput(TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                return ops.multiply(tensors.input(), p.get("l"));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                return tensors.output();
            }

            @Override
            public <T> Optional<Folded<T>> fold(
                    TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                T rows = ops.reshape(p.get("l"), -1, 1);
                return Optional.of(
                        new Folded<>(ops.multiply(tensors.tensor("weight"), rows), bias(tensors)));
            }
        };
    }

    /** {@code (y + shift) scale}: a layer without a bias gets one. */
    static PeftModule affine(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(spec("scale", site.outputs()), spec("shift", site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                return ops.multiply(ops.add(tensors.output(), p.get("shift")), p.get("scale"));
            }

            @Override
            public <T> Optional<Folded<T>> fold(
                    TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                T bias = bias(tensors);
                T shift = bias == null ? p.get("shift") : ops.add(bias, p.get("shift"));
                return Optional.of(
                        new Folded<>(
                                ops.multiply(tensors.tensor("weight"), p.get("scale")),
                                ops.multiply(shift, p.get("scale"))));
            }
        };
    }

    /** {@code y + tanh(y) d}, which no linear layer is. */
    static PeftModule curved(Site site) {
        return new PeftModule() {
            @Override
            public List<ParameterSpec> parameters() {
                return List.of(spec("d", site.outputs()));
            }

            @Override
            public <T> T apply(TensorOps<T> ops, SiteTensors<T> tensors, Parameters<T> p) {
                T y = tensors.output();
                return ops.add(y, ops.multiply(ops.tanh(ops.stopGradient(y)), p.get("d")));
            }
        };
    }

    private static <T> T bias(SiteTensors<T> tensors) {
        return tensors.has("bias") ? tensors.tensor("bias") : null;
    }

    private static ParameterSpec spec(String name, long... shape) {
        return new ParameterSpec(name, shape, Initializer.normal(0.3));
    }
}
