package io.fedfm.runtime.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;

/**
 * Sees the JDK, the jars of one plugin, and the few packages that plugin and runtime must share; of
 * these the host's classes are used, whatever the jars hold.
 */
final class PluginClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    /** With the final dot: {@code io.fedfm.apiary} is nobody's but the plugin's. */
    private static final List<String> SHARED =
            List.of("io.fedfm.api.", "ai.djl.", "org.apache.arrow.", "org.slf4j.");

    private final ClassLoader host;

    PluginClassLoader(String name, List<Path> jars, ClassLoader host) {
        super("plugin " + name, urls(jars), ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return isShared(name) ? host.loadClass(name) : super.loadClass(name, resolve);
    }

    @Override
    public URL getResource(String name) {
        return isShared(name.replace('/', '.')) ? host.getResource(name) : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return isShared(name.replace('/', '.'))
                ? host.getResources(name)
                : super.getResources(name);
    }

    private static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }

    private static URL[] urls(List<Path> jars) {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("no URL for " + jars.get(i), e);
            }
        }
        return urls;
    }
}
