package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;
import java.util.Map;

/** How a module gets into the graph. */
interface ModuleWriter {
    /** Declares inputs that modules need beside their parameters. */
    void declare(Graph graph);

    /** Writes a module; returns the value it gives. */
    String write(GraphBuilder builder, Place place, boolean onInput, SiteNodes site);

    /** The modules left opaque, by index. */
    List<OpaqueModule> modules();

    /** Values made by opaque modules to the values whose shape they have. */
    Map<String, String> shapes();
}
