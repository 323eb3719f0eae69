package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.setup.PreparedModel;
import java.util.Optional;
import java.util.Set;

/**
 * The paths that modules have in the transformers library's class for a task.
 *
 * <p>The graph tells the paths of the model that was exported, with a head or without; the family
 * of its {@code config.json} tells what a path must look like and what stands before it in a model
 * with a head. Nothing is guessed: what the two do not agree on is refused.
 */
final class ModuleNames {
    private final String modelType;
    private final ModelFamily family;
    private final boolean exportedWithHead;
    private final Naming naming;
    private final boolean withHead;
    private final Set<String> published;

    /**
     * Names for a model.
     *
     * @param naming whose
     * @param withHead whether in the class that has a head
     */
    ModuleNames(PreparedModel model, Naming naming, boolean withHead) {
        this.modelType =
                model.folder().config().map(c -> c.path("model_type").asText("")).orElse("");
        this.family = ModelFamily.of(modelType).orElse(null);
        this.exportedWithHead = !model.backbone().outputs().logits().isEmpty();
        this.naming = naming;
        this.withHead = withHead;
        this.published = PublishedNames.of(model.directory());
    }

    /** The family, if it is known. */
    Optional<ModelFamily> family() {
        return Optional.ofNullable(family);
    }

    /**
     * The path of a linear layer.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if it cannot be told for certain
     */
    String of(Site site) {
        return checked(family == null ? unknown(site.modulePath(), site.name()) : known(site));
    }

    /** The same, or nothing where it cannot be told. */
    Optional<String> find(Site site) {
        try {
            return Optional.of(of(site));
        } catch (FedFmException e) {
            return Optional.empty();
        }
    }

    /** The path of the module that a weight belongs to, by the weight's own path. */
    String ofWeight(String path, String graphName) {
        int dot = path.lastIndexOf('.');
        if (dot < 0) {
            throw untold(graphName);
        }
        String module = path.substring(0, dot);
        if (family == null) {
            return checked(unknown(module, graphName));
        }
        String bare = family.bare(module);
        return checked(withHead ? family.full(bare) : bare);
    }

    /** The PyTorch name of a weight, or "" where it cannot be told. */
    String findWeight(WeightInfo weight) {
        if (weight.path().isEmpty()) {
            return "";
        }
        String last = weight.path().substring(weight.path().lastIndexOf('.'));
        try {
            return ofWeight(weight.path(), weight.name()) + last;
        } catch (FedFmException e) {
            return "";
        }
    }

    private String known(Site site) {
        String bare = family.bare(site.modulePath());
        Optional<String> expected = family.path(naming, site.role(), site.block());
        if (expected.isEmpty()) {
            if (bare.isEmpty()) {
                throw untold(site.name());
            }
            return withHead ? family.full(bare) : bare;
        }
        boolean agrees = bare.isEmpty();
        for (Naming each : Naming.values()) {
            agrees |= family.path(each, site.role(), site.block()).orElse("").equals(bare);
        }
        if (!agrees) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "the graph calls a module '"
                            + site.modulePath()
                            + "' that is '"
                            + expected.get()
                            + "' in a "
                            + modelType
                            + "; is config.json that of another model?");
        }
        return withHead ? family.full(expected.get()) : expected.get();
    }

    private String unknown(String path, String name) {
        if (path.isEmpty()) {
            throw untold(name);
        }
        if (withHead != exportedWithHead) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "the graph was exported "
                            + (exportedWithHead ? "with" : "without")
                            + " a head, and what its class "
                            + (exportedWithHead ? "without" : "with")
                            + " one calls its modules is not known for model_type '"
                            + modelType
                            + "' (known: "
                            + ModelFamily.names()
                            + ")");
        }
        return path;
    }

    private String checked(String module) {
        if (published.isEmpty()
                || published.contains(module + ".weight")
                || published.contains(bare(module) + ".weight")) {
            return module;
        }
        throw new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "'" + module + "' is no module of the model.safetensors beside the ONNX file");
    }

    private String bare(String module) {
        return family == null ? module : family.bare(module);
    }

    private FedFmException untold(String name) {
        return new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "what PyTorch calls '"
                        + name
                        + "' is told neither by the graph nor by a config.json of a known model_type"
                        + " beside it (here '"
                        + modelType
                        + "')");
    }
}
