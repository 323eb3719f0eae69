package io.fedfm.runtime.setup;

import ai.djl.engine.Engine;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.OrtRuntime;
import io.fedfm.runtime.plugin.PluginInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run was made with: {@code environment.json}.
 *
 * @param versions of fedfm, Java, the engines and the operating system
 * @param backbone its file and SHA-256
 * @param plugins that the run uses
 * @param workers clients that train at once
 * @param threads of each client's sessions
 * @param providers execution providers
 */
public record RunEnvironment(
        Map<String, String> versions,
        Backbone backbone,
        List<Plugin> plugins,
        int workers,
        int threads,
        List<String> providers) {
    /** The file in a run's folder. */
    public static final String FILE = "environment.json";

    /** The backbone's file. */
    public record Backbone(String file, String sha256) {}

    /** A plugin's jar. */
    public record Plugin(String kind, String name, String version, String jar, String sha256) {
        static Plugin of(PluginInfo info) {
            return new Plugin(
                    info.kind().label(),
                    info.name(),
                    info.version(),
                    info.jar().toString(),
                    info.sha256());
        }

        boolean sameAs(Plugin other) {
            return kind.equals(other.kind)
                    && name.equals(other.name)
                    && sha256.equals(other.sha256);
        }
    }

    /** That of this process. */
    public static RunEnvironment of(
            Backbone backbone,
            List<PluginInfo> plugins,
            int workers,
            int threads,
            List<String> providers) {
        String version = RunEnvironment.class.getPackage().getImplementationVersion();
        return new RunEnvironment(
                Map.of(
                        "fedfm",
                        version == null ? "unpackaged" : version,
                        "java",
                        System.getProperty("java.vm.name")
                                + " "
                                + System.getProperty("java.version"),
                        "os",
                        System.getProperty("os.name")
                                + " "
                                + System.getProperty("os.version")
                                + " "
                                + System.getProperty("os.arch"),
                        "onnxruntime",
                        OrtRuntime.version(),
                        "pytorch",
                        Engine.getInstance().getVersion()),
                backbone,
                plugins.stream().map(Plugin::of).toList(),
                workers,
                threads,
                providers);
    }

    /**
     * Refuses to go on with a run that was made with another backbone or other plugins.
     *
     * @param recorded what the run was started with
     * @param folder of the run
     * @throws FedFmException CHECKPOINT_INVALID if it was
     */
    public void checkResumes(RunEnvironment recorded, Path folder) {
        if (!backbone.sha256().equals(recorded.backbone.sha256())) {
            throw differs(folder, "another backbone than " + backbone.file() + " is now");
        }
        for (Plugin plugin : plugins) {
            if (recorded.plugins.stream().noneMatch(plugin::sameAs)) {
                throw differs(folder, "another " + plugin.jar() + " (" + plugin.name() + ")");
            }
        }
    }

    private static FedFmException differs(Path folder, String what) {
        return new FedFmException(
                ErrorCode.CHECKPOINT_INVALID,
                folder + " was started with " + what + "; bring that back, or start a new run");
    }
}
