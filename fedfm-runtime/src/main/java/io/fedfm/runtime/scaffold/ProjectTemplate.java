package io.fedfm.runtime.scaffold;

import io.fedfm.runtime.plugin.PluginKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a project with {@code @key@} in place of what differs; they lie in this jar. */
final class ProjectTemplate {
    private static final Pattern KEY = Pattern.compile("@([A-Za-z.-]+)@");

    private static final List<String> COMMON =
            List.of(
                    "pom.xml",
                    "README.md",
                    "sample/sentences.csv",
                    "sample/model/model.properties",
                    "sample/model/tokenizer.json");

    private ProjectTemplate() {}

    /** What each main class of a kind is for: the end of its name, and a line for the README. */
    static Map<String, String> classes(PluginKind kind) {
        Map<String, String> classes = new LinkedHashMap<>();
        switch (kind) {
            case PEFT -> {
                classes.put("Module", "the formula and its parameters");
                classes.put("Method", "where modules go");
                classes.put("MethodFactory", "the name and the settings");
            }
            case AGGREGATOR -> {
                classes.put("Aggregator", "many parties' parameters to one");
                classes.put("Factory", "the name and the settings");
            }
            case COMPRESSOR -> {
                classes.put("Compressor", "a vector to bytes, and back");
                classes.put("Factory", "the name and the settings");
            }
        }
        return classes;
    }

    /** Paths in the project to contents. */
    static Map<String, String> fill(PluginProject project, Map<String, String> values) {
        String kind = project.kind().name().toLowerCase(Locale.ROOT);
        String own = project.packagePath() + "/" + project.className();
        String factory = "";
        Map<String, String> files = new LinkedHashMap<>();
        COMMON.forEach(path -> files.put(path, filled("project/" + path, values)));
        // A file called .gitignore would be git's own here.
        files.put(".gitignore", filled("project/gitignore", values));
        files.put("sample/run.yaml", filled(kind + "/run.yaml", values));
        for (String end : classes(project.kind()).keySet()) {
            files.put(
                    "src/main/java/" + own + end + ".java",
                    filled(kind + "/" + end + ".java", values));
            factory = project.packageName() + "." + project.className() + end;
        }
        files.put(
                "src/main/resources/META-INF/services/" + project.kind().service().getName(),
                factory + "\n");
        files.put(
                "src/test/java/" + own + "ContractTest.java",
                filled(kind + "/ContractTest.java", values));
        return files;
    }

    private static String filled(String template, Map<String, String> values) {
        return KEY.matcher(read(template))
                .replaceAll(
                        match -> Matcher.quoteReplacement(value(template, match.group(1), values)));
    }

    private static String value(String template, String key, Map<String, String> values) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalStateException(template + " asks for an unknown @" + key + "@");
        }
        return value;
    }

    private static String read(String template) {
        try (InputStream in = ProjectTemplate.class.getResourceAsStream(template)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
