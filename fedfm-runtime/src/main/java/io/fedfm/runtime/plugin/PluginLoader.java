package io.fedfm.runtime.plugin;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.api.peft.PeftMethodFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Loads the factories of one bundle of jars in a class loader of their own and checks them. */
final class PluginLoader {
    /**
     * A factory that was loaded.
     *
     * @param info what it is
     * @param factory of the type {@link PluginKind#service()} says
     * @param boundary guards calls to it
     */
    record Loaded(PluginInfo info, Object factory, PluginBoundary boundary) {}

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

    private final PluginFolder.Bundle bundle;
    private final Map<Path, PluginJar> jars;
    private final PluginClassLoader loader;

    private PluginLoader(
            PluginFolder.Bundle bundle, Map<Path, PluginJar> jars, PluginClassLoader loader) {
        this.bundle = bundle;
        this.jars = jars;
        this.loader = loader;
    }

    /**
     * Loads a bundle.
     *
     * @throws FedFmException with {@link io.fedfm.api.ErrorCode#PLUGIN_INVALID} and one line that
     *     names the jar
     */
    static List<Loaded> load(PluginFolder.Bundle bundle, ClassLoader host) {
        Map<Path, PluginJar> jars =
                bundle.jars().stream()
                        .map(PluginJar::read)
                        .collect(Collectors.toMap(PluginJar::path, Function.identity()));
        PluginClassLoader loader = new PluginClassLoader(bundle.name(), bundle.jars(), host);
        return new PluginLoader(bundle, jars, loader).loadAll();
    }

    private List<Loaded> loadAll() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        List<Loaded> loaded = new ArrayList<>();
        try {
            loadKind(
                    PluginKind.PEFT,
                    PeftMethodFactory.class,
                    PeftMethodFactory::name,
                    PeftMethodFactory::apiVersion,
                    loaded);
            loadKind(
                    PluginKind.AGGREGATOR,
                    AggregatorFactory.class,
                    AggregatorFactory::name,
                    AggregatorFactory::apiVersion,
                    loaded);
            loadKind(
                    PluginKind.COMPRESSOR,
                    CompressorFactory.class,
                    CompressorFactory::name,
                    CompressorFactory::apiVersion,
                    loaded);
        } finally {
            thread.setContextClassLoader(before);
        }
        if (loaded.isEmpty()) {
            throw PluginJar.invalid(
                    firstJar(),
                    "holds no plugin; a service file META-INF/services/<type> must name a factory,"
                            + " where <type> is one of "
                            + Arrays.stream(PluginKind.values())
                                    .map(kind -> kind.service().getName())
                                    .collect(Collectors.joining(", ")),
                    null);
        }
        return loaded;
    }

    private <F> void loadKind(
            PluginKind kind,
            Class<F> service,
            Function<F, String> name,
            ToIntFunction<F> apiVersion,
            List<Loaded> loaded) {
        Path jar = firstJar();
        try {
            for (Provider<F> provider : ServiceLoader.load(service, loader).stream().toList()) {
                jar = jarOf(provider.type());
                F factory = provider.get();
                int version = apiVersion.applyAsInt(factory);
                checkApiVersion(jar, version);
                PluginJar read = jars.get(jar);
                PluginInfo info =
                        new PluginInfo(
                                kind,
                                checkedName(jar, name.apply(factory)),
                                jar,
                                version,
                                read.version(),
                                read.sha256());
                loaded.add(new Loaded(info, factory, new PluginBoundary(info, loader)));
            }
        } catch (ServiceConfigurationError e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw PluginJar.invalid(jar, "cannot be loaded: " + firstLine(reason), e);
        } catch (LinkageError e) {
            throw PluginJar.invalid(
                    jar, "does not fit this fedfm or lacks a jar it needs: " + firstLine(e), e);
        } catch (FedFmException e) {
            throw e;
        } catch (RuntimeException e) {
            throw PluginJar.invalid(jar, "fails while it is loaded: " + firstLine(e), e);
        }
    }

    private static void checkApiVersion(Path jar, int version) {
        if (version != FedFmApi.VERSION) {
            throw PluginJar.invalid(
                    jar,
                    "is made for version "
                            + version
                            + " of the plugin API, this fedfm has version "
                            + FedFmApi.VERSION
                            + "; get a build of the plugin for it",
                    null);
        }
    }

    private static String checkedName(Path jar, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw PluginJar.invalid(
                    jar,
                    "names its plugin '"
                            + name
                            + "'; a name starts with a lower-case letter and goes on with"
                            + " lower-case letters, digits, '-' and '_'",
                    null);
        }
        return name;
    }

    private Path jarOf(Class<?> type) {
        try {
            Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jars.containsKey(jar) ? jar : firstJar();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a jar's location is a URI", e);
        }
    }

    private Path firstJar() {
        return bundle.jars().get(0);
    }

    private static String firstLine(Throwable error) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        return error.getClass().getSimpleName() + ": " + message;
    }
}
