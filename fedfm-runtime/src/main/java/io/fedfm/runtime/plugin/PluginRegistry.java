package io.fedfm.runtime.plugin;

import ai.djl.engine.Engine;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.runtime.plugin.PluginLoader.Loaded;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The plugins of this run by kind and name; built-in ones are loaded like any other. */
public final class PluginRegistry {
    private final Map<PluginKind, Map<String, Loaded>> plugins;

    private PluginRegistry(Map<PluginKind, Map<String, Loaded>> plugins) {
        this.plugins = plugins;
    }

    /**
     * Loads every plugin in these folders.
     *
     * @throws FedFmException with {@link ErrorCode#PLUGIN_INVALID} and the jar at fault, or {@link
     *     ErrorCode#FILE_UNREADABLE} if a folder is not there
     */
    public static PluginRegistry load(List<Path> folders) {
        findEngines();
        Map<PluginKind, Map<String, Loaded>> plugins = new EnumMap<>(PluginKind.class);
        for (PluginKind kind : PluginKind.values()) {
            plugins.put(kind, new TreeMap<>());
        }
        for (Path folder : folders) {
            for (PluginFolder.Bundle bundle : new PluginFolder(folder).bundles()) {
                PluginLoader.load(bundle, PluginRegistry.class.getClassLoader())
                        .forEach(loaded -> add(plugins, loaded));
            }
        }
        return new PluginRegistry(plugins);
    }

    /** All plugins, by kind and name. */
    public List<PluginInfo> plugins() {
        return plugins.values().stream()
                .flatMap(kind -> kind.values().stream())
                .map(Loaded::info)
                .toList();
    }

    /** What is known of one plugin; refuses a name that does not exist. */
    public PluginInfo info(PluginKind kind, String name) {
        return find(kind, name).info();
    }

    /** Makes a PEFT method, and refuses settings that it did not read. */
    public PeftMethod createMethod(String name, Settings settings) {
        return create(
                PluginKind.PEFT,
                name,
                settings,
                PeftMethodFactory.class,
                PeftMethod.class,
                PeftMethodFactory::create);
    }

    /** Makes an aggregator, and refuses settings that it did not read. */
    public Aggregator createAggregator(String name, Settings settings) {
        return create(
                PluginKind.AGGREGATOR,
                name,
                settings,
                AggregatorFactory.class,
                Aggregator.class,
                AggregatorFactory::create);
    }

    /** Makes a compressor, and refuses settings that it did not read. */
    public Compressor createCompressor(String name, Settings settings) {
        return create(
                PluginKind.COMPRESSOR,
                name,
                settings,
                CompressorFactory.class,
                Compressor.class,
                CompressorFactory::create);
    }

    private <F, T> T create(
            PluginKind kind,
            String name,
            Settings settings,
            Class<F> service,
            Class<T> product,
            BiFunction<F, Settings, T> create) {
        Loaded loaded = find(kind, name);
        // The runtime read it to learn the name.
        settings.has("type");
        T made =
                loaded.boundary()
                        .call(() -> create.apply(service.cast(loaded.factory()), settings));
        settings.check();
        return loaded.boundary().guard(product, made);
    }

    private Loaded find(PluginKind kind, String name) {
        Map<String, Loaded> ofKind = plugins.get(kind);
        Loaded loaded = ofKind.get(name);
        if (loaded != null) {
            return loaded;
        }
        String hint =
                Nearest.to(name, ofKind.keySet())
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse(";");
        throw new FedFmException(
                ErrorCode.SETTINGS_INVALID,
                "there is no "
                        + kind.label()
                        + " '"
                        + name
                        + "'"
                        + hint
                        + " installed are "
                        + (ofKind.isEmpty() ? "none" : String.join(", ", ofKind.keySet())));
    }

    private static void add(Map<PluginKind, Map<String, Loaded>> plugins, Loaded loaded) {
        PluginInfo info = loaded.info();
        Loaded former = plugins.get(info.kind()).putIfAbsent(info.name(), loaded);
        if (former != null) {
            throw new FedFmException(
                    ErrorCode.PLUGIN_INVALID,
                    "the "
                            + info.kind().label()
                            + " '"
                            + info.name()
                            + "' is provided by both '"
                            + former.info().jar()
                            + "' and '"
                            + info.jar()
                            + "'; remove one of them");
        }
    }

    /**
     * DJL looks for its engines once in the life of a JVM, through the context class loader of
     * whoever touches it first; that must not be a plugin's, which cannot see them.
     */
    private static void findEngines() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(PluginRegistry.class.getClassLoader());
        try {
            Engine.getAllEngines();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
