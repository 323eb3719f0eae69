package io.fedfm.runtime.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fedfm.api.FedFmApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.arrow.memory.ArrowBuf;

/** Compiles and packs jars as a stranger would, outside the build of this project. */
final class PluginJars {
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<String> leftOut = new HashSet<>();
    private String version;

    /** A class of the jar; its name is that after {@code class}, its package {@code stranger}. */
    PluginJars source(String name, String body) {
        sources.put(name, "package stranger;\n" + body);
        return this;
    }

    /** A service file that names providers. */
    PluginJars service(Class<?> type, String... providers) {
        return file("META-INF/services/" + type.getName(), String.join("\n", providers));
    }

    PluginJars file(String name, String content) {
        files.put(name, content.getBytes(UTF_8));
        return this;
    }

    /** Leaves a compiled class out. */
    PluginJars without(String classFile) {
        leftOut.add(classFile);
        return this;
    }

    PluginJars version(String version) {
        this.version = version;
        return this;
    }

    /** Writes the jar. */
    Path write(Path jar) throws IOException {
        return write(jar, compile());
    }

    /** Writes the jar with its classes marked as compiled for this Java. */
    Path writeFor(int java, Path jar) throws IOException {
        Map<String, byte[]> classes = compile();
        classes.values().forEach(bytes -> bytes[7] = (byte) (44 + java));
        return write(jar, classes);
    }

    private Path write(Path jar, Map<String, byte[]> classes) throws IOException {
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (version != null) {
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        }
        Map<String, byte[]> entries = new LinkedHashMap<>(files);
        entries.putAll(classes);
        entries.keySet().removeAll(leftOut);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    private Map<String, byte[]> compile() {
        Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();
        if (!sources.isEmpty()) {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringWriter log = new StringWriter();
            List<JavaFileObject> units = new ArrayList<>();
            sources.forEach((name, source) -> units.add(new Source(name, source)));
            List<String> options =
                    List.of("--release", "17", "-proc:none", "-classpath", classPath());
            JavaFileManager manager =
                    new ClassesInMemory(
                            compiler.getStandardFileManager(null, null, UTF_8), classes);
            if (!compiler.getTask(log, manager, null, options, null, units).call()) {
                throw new IllegalStateException("a stranger's plugin does not compile:\n" + log);
            }
        }
        return classes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toByteArray()));
    }

    private static String classPath() {
        return Stream.of(FedFmApi.class, ArrowBuf.class)
                .map(PluginJars::location)
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String name, String content) {
            super(URI.create("string:///stranger/" + name + ".java"), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }

    private static final class ClassesInMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        ClassesInMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            String path = name.replace('.', '/') + ".class";
            return new SimpleJavaFileObject(URI.create("memory:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    classes.put(path, bytes);
                    return bytes;
                }
            };
        }

        @Override
        public void close() {
            try {
                super.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
