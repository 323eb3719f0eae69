package io.fedfm.runtime.cli;

import io.fedfm.runtime.plugin.PluginInfo;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fedfm plugins list}: the plugins that were found, and where they came from. */
@Command(name = "list", description = "Shows the plugins there are, and where they came from.")
final class PluginsListCommand implements Callable<Integer> {
    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;

    private final PluginCatalog catalog;
    private final Console console;

    PluginsListCommand(PluginCatalog catalog, Console console) {
        this.catalog = catalog;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<PluginInfo> found = catalog.list(plugins.folders);
        List<Map<String, Object>> objects = found.stream().map(PluginsListCommand::json).toList();
        switch (format.value) {
            case TEXT -> console.out().print(text(found));
            case JSON -> console.out().println(Json.line(Map.of("plugins", objects)));
            case JSONL -> objects.forEach(object -> console.out().println(Json.line(object)));
        }
        console.out().flush();
        return 0;
    }

    private static String text(List<PluginInfo> found) {
        TextTable table = new TextTable("kind", "name", "version", "api", "sha256", "jar");
        for (PluginInfo e : found) {
            table.row(
                    e.kind().section(),
                    e.name(),
                    e.version(),
                    e.apiVersion(),
                    e.sha256().substring(0, Math.min(12, e.sha256().length())),
                    e.jar());
        }
        return table.render();
    }

    private static Map<String, Object> json(PluginInfo plugin) {
        Map<String, Object> object = Json.object();
        object.put("kind", plugin.kind().section());
        object.put("name", plugin.name());
        object.put("version", plugin.version());
        object.put("api_version", plugin.apiVersion());
        object.put("sha256", plugin.sha256());
        object.put("jar", plugin.jar().toString());
        return object;
    }
}
